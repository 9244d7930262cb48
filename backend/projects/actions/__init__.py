"""What accounts do with projects, campaigns and rounds."""

from backend.projects.actions import authors, campaigns, citizens, moderation, payouts, pledges, rounds
from backend.relay.action import Action

ACTIONS: tuple[Action, ...] = (
    *citizens.ACTIONS,
    *pledges.ACTIONS,
    *payouts.ACTIONS,
    *authors.ACTIONS,
    *moderation.ACTIONS,
    *campaigns.ACTIONS,
    *rounds.ACTIONS,
)
