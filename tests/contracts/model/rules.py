"""What the models share: an action either happens or is refused for the reasons that hold, all of them."""

from __future__ import annotations

from typing import Any

Reason = tuple[Any, ...]  # name of the custom error, then its values


class Refused(Exception):
    """The action must fail. The contract may name any one of the reasons: their order is nobody's promise."""

    def __init__(self, reasons: list[Reason]):
        super().__init__(reasons)
        self.reasons = reasons


class Reasons:
    """Collects why an action is refused: `why(condition, error, values…)`, then `why.settle()`."""

    def __init__(self) -> None:
        self.found: list[Reason] = []

    def __call__(self, refused: bool, error: str, *values: Any) -> bool:
        if refused:
            self.found.append((error, *values))
        return refused

    def settle(self) -> None:
        if self.found:
            raise Refused(self.found)
