"""The domain as the rest of the backend knows it."""

from backend.domains import Domain
from backend.merits import actions, api, audit, derived, facts, pages, reasons, sending

DOMAIN = Domain(
    "merits",
    contracts=facts.CONTRACTS,
    derived=derived.DERIVED,
    indexes=facts.INDEXES,
    api=api.router,
    pages=pages.router,
    related=facts.RELATED,
    actions=(*actions.ACTIONS, *sending.ACTIONS),
    reasons=reasons.REASONS,
    audit=audit.AUDIT,
)
