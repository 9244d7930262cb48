"""The domain as the rest of the backend knows it."""

from backend.domains import Domain
from backend.funds import actions, api, audit, derived, facts, pages, reasons

DOMAIN = Domain(
    "funds",
    contracts=facts.CONTRACTS,
    factories=facts.FACTORIES,
    derived=derived.DERIVED,
    indexes=facts.INDEXES,
    api=api.router,
    pages=pages.router,
    related=facts.RELATED,
    actions=actions.ACTIONS,
    reasons=reasons.REASONS,
    audit=audit.AUDIT,
)
