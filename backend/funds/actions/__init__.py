"""What accounts do with funds."""

from backend.relay.action import Action

ACTIONS: tuple[Action, ...] = ()
