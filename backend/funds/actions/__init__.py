"""What accounts do with funds."""

from backend.funds.actions import holdings, launch, manager, motions, partners, plain
from backend.relay.action import Action

ACTIONS: tuple[Action, ...] = (
    *launch.ACTIONS,
    *partners.ACTIONS,
    *manager.ACTIONS,
    *holdings.ACTIONS,
    *motions.ACTIONS,
    *plain.ACTIONS,
)
