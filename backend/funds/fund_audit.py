"""What an audit asks about funds and their holdings. The rules stand in words in `docs/invariants.md`."""

from backend.kit.checks import Confirm, Rule

CONFIRMS: tuple[Confirm, ...] = ()

RULES: tuple[Rule, ...] = ()
