"""What an audit asks about projects and requests."""

from backend.kit.checks import Confirm, Rule

CONFIRMS: tuple[Confirm, ...] = ()

RULES: tuple[Rule, ...] = ()
