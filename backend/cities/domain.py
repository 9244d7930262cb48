"""The domain as the rest of the backend knows it."""

from backend.cities import actions, api, audit, derived, facts, pages, reasons, sending
from backend.cities.drafts import MOST_BYTES
from backend.domains import Domain

DOMAIN = Domain(
    "cities",
    contracts=facts.CONTRACTS,
    derived=derived.DERIVED,
    indexes=facts.INDEXES,
    api=api.router,
    pages=pages.router,
    bodies={r"/(ru|en)/cities/\d+/desk/(register|award)/(list|epoch)": MOST_BYTES},
    actions=(*actions.ACTIONS, *sending.ACTIONS),
    reasons=reasons.REASONS,
    audit=audit.AUDIT,
)
