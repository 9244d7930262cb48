"""What an audit asks about campaigns, positions and rounds."""

from backend.kit.checks import Confirm, Rule

CONFIRMS: tuple[Confirm, ...] = ()

RULES: tuple[Rule, ...] = ()
