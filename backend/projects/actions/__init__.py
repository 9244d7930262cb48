"""What accounts do with projects, campaigns and rounds."""

from backend.relay.action import Action

ACTIONS: tuple[Action, ...] = ()
