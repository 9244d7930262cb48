"""What stateful tests stand on: contracts and a model of their rules, taken forward by the same steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import pytest

from tests.contracts.kit.contract import Receipt, Reverted
from tests.contracts.kit.world import World
from tests.contracts.model.rules import Reason, Refused

T = TypeVar("T")


@dataclass(frozen=True)
class Several:
    """A list of up to `most` of these, each any number of times."""

    among: Sequence[Any]
    most: int


class Game:
    """Contracts beside their model."""

    draws: ClassVar[dict[str, Sequence[Any] | Several]] = {}  # what a rule's parameter is drawn from
    often: ClassVar[dict[str, int]] = {}  # how often a rule is taken against others; 1 unless told
    w: World
    happened: Counter[str]  # over all games: events, and errors of refused steps
    last: Receipt | None = None  # of the step just done, None where it failed or sent nothing
    stale = True  # a step was taken since the last look

    @classmethod
    def prepare(cls, w: World) -> None:
        """Once, before the first game."""
        cls.w = w
        cls.happened = Counter()

    def begin(self) -> None:
        """Before each game, on a chain as `prepare` left it."""

    def took(self, receipt: Receipt) -> None:
        """A step that the contracts took."""

    def teardown(self) -> None:
        """After each game."""

    def attempt(self, by_rules: Callable[[], T], by_contract: Callable[[], Receipt]) -> T | None:
        """The model and the contracts do the same or refuse for the same reason. None where they refuse."""
        self.last, self.stale = None, True
        try:
            expected = by_rules()
        except Refused as refused:
            reasons = refused.reasons
        else:
            reasons = []
        if reasons:
            self.refuse(reasons, by_contract)
            return None
        self.last = by_contract()
        self.took(self.last)
        self.happened.update(name for name, _ in self.last.events)
        return expected

    def refuse(self, reasons: list[Reason], by_contract: Callable[[], Receipt]) -> None:
        try:
            by_contract()
        except Reverted as revert:
            said = (revert.error, *revert.values)
        else:
            said = "nothing, it happened"
        if said not in reasons:
            pytest.fail(f"the contract said {said}, the rules {reasons}")
        self.happened[said[0]] += 1

    @staticmethod
    def pick(among: Sequence[T], number: int) -> T | None:
        """One of those that there are; later ones are found by small numbers."""
        return among[-1 - number % len(among)] if among else None
