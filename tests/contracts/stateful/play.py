"""Plays random games of a class of rules, by Brownie's convention: `rule_*`, `initialize_*`, `invariant_*`.

A rule's parameter draws from `draws` by its name. Two ways to play: `play` by a seed, evenly, and `search` by
Hypothesis, which shrinks a game that fails. (Brownie 1.22.2's own `state_machine` fails with a TypeError: see
docs/decisions/0060.)
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import getmembers, isfunction, signature
from random import Random
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.contracts.stateful.game import Game, Several

PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)  # Phase.target has nothing to aim at


def methods(rules: type[Game], word: str) -> dict[str, Callable[..., None]]:
    return {name: function for name, function in getmembers(rules, isfunction) if name.startswith(f"{word}_")}


def parameters(function: Callable[..., None]) -> list[str]:
    return list(signature(function).parameters)[1:]


class Table:
    """Where games begin: the chain as it stands when the table is laid."""

    def __init__(self, rules: type[Game]):
        self.node = rules.w.node
        self.snapshot = self.node.snapshot()

    def lay(self, game: Any) -> Any:
        self.node.restore(self.snapshot)
        self.snapshot = self.node.snapshot()
        game.begin()
        return game


def play(rules: type[Game], games: int, steps: int, seed: str) -> None:
    """Play games whose steps follow from the seed. One that fails tells its steps."""
    table = Table(rules)
    first, moves = methods(rules, "initialize"), list(methods(rules, "rule").items())
    weights = [rules.often.get(name, 1) for name, _ in moves]
    invariants = methods(rules, "invariant")
    for number in range(games):
        chance = Random(f"{seed} {number}")
        game, told = table.lay(rules()), []
        try:
            for name, move in [*first.items(), *chance.choices(moves, weights, k=steps)]:
                drawn = {one: pick(rules.draws[one], chance) for one in parameters(move)}
                told.append(f"{name}({', '.join(f'{one}={value!r}' for one, value in drawn.items())})")
                move(game, **drawn)
                for check in invariants.values():
                    check(game)
            game.teardown()
        except BaseException as failure:
            failure.add_note("\n".join([f"seed {seed!r}, game {number}, the steps:", *told]))
            raise


def pick(among: Any, chance: Random) -> Any:
    if isinstance(among, Several):
        return [chance.choice(among.among) for _ in range(chance.randint(0, among.most))]
    return chance.choice(among)


def search(rules: type[Game], examples: int, steps: int) -> None:
    """Let Hypothesis look for a game that fails, and shrink it."""
    table = Table(rules)
    made = machine_of(rules)
    run_state_machine_as_test(
        lambda: table.lay(made()),
        settings=settings(max_examples=examples, stateful_step_count=steps, phases=PHASES),
    )


def machine_of(rules: type[Game]) -> type[RuleBasedStateMachine]:
    members: dict[str, Any] = {}
    for word, maker in (("rule", rule), ("initialize", initialize)):
        for name, function in methods(rules, word).items():
            drawn = {one: strategy(rules.draws[one]) for one in parameters(function)}
            for again in range(rules.often.get(name, 1)):
                members[f"{name}_{again}"] = maker(**drawn)(function)
    for name, function in methods(rules, "invariant").items():
        members[name] = invariant()(function)
    return type(rules.__name__, (rules, RuleBasedStateMachine), members)


def strategy(among: Any) -> st.SearchStrategy[Any]:
    if isinstance(among, Several):
        return st.lists(st.sampled_from(among.among), max_size=among.most)
    return st.sampled_from(among)
