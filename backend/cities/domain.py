"""The domain as the rest of the backend knows it."""

from backend.cities import actions, api, audit, derived, facts, pages, reasons
from backend.domains import Domain

DOMAIN = Domain(
    "cities",
    contracts=facts.CONTRACTS,
    derived=derived.DERIVED,
    indexes=facts.INDEXES,
    api=api.router,
    pages=pages.router,
    actions=actions.ACTIONS,
    reasons=reasons.REASONS,
    audit=audit.AUDIT,
)
