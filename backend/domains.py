"""The domains: what each brings to the chain engine, the API, the pages and the audit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from backend.chain.derived import Derived
from backend.chain.facts import Fact, Factory, Index, facts_of

if TYPE_CHECKING:
    from fastapi import APIRouter

    from backend.kit.checks import Audit
    from backend.relay.action import Action


@dataclass(frozen=True)
class Domain:
    """A vertical part of the ledger.

    Args:
        name: Its folder under `backend/`.
        contracts: Names of the contracts whose events are its facts, as in `deployment.json`.
        derived: Its totals and states.
        factories: How contracts that are not in `deployment.json` are found.
        indexes: Further indexes on facts and derived tables, for its queries.
        api: Routes under `/v1`.
        pages: Routes of its pages.
        related: What a fact concerns besides its own columns: SQL that gives `city_id`, `home_id` or
        addresses for the
            fact `f`, by the fact's table. The stream filters by them.
        bodies: How many bytes a request's body may have where it is more than elsewhere, by a pattern of the
            path.
        actions: What accounts do, by signature through the relay or from their own wallet.
        reasons: For every custom error of its contracts, why it refuses: an English text marked with `N_`
            that may name the error's values, `%(opens)s` (backend/reasons.py says how they are written).
        audit: What its tables must agree on with the contracts, and among themselves.
    """

    name: str
    contracts: tuple[str, ...] = ()
    derived: tuple[Derived, ...] = ()
    factories: tuple[Factory, ...] = ()
    indexes: tuple[Index, ...] = ()
    api: "APIRouter | None" = None
    pages: "APIRouter | None" = None
    related: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, int] = field(default_factory=dict)
    actions: "tuple[Action, ...]" = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    audit: "Audit | None" = None


DOMAINS: tuple[str, ...] = (
    # One line per domain: where its Domain is.
    "backend.cities.domain:DOMAIN",
    "backend.merits.domain:DOMAIN",
    "backend.projects.domain:DOMAIN",
    "backend.funds.domain:DOMAIN",
)


@cache
def domains() -> tuple[Domain, ...]:
    """Return the domains in the order of `DOMAINS`. Imported when first asked for, so that they may import
    this.
    """
    return tuple(resolve_name(place) for place in DOMAINS)


@cache
def facts() -> dict[str, Fact]:
    """Return the facts of all domains by the name of their table."""
    contracts = [contract for domain in domains() for contract in domain.contracts]
    factories = [factory for domain in domains() for factory in domain.factories]
    return {fact.table: fact for fact in facts_of(contracts, factories)}


@cache
def actions() -> "dict[str, Action]":
    """Return the actions of all domains by name."""
    return {action.name: action for domain in domains() for action in domain.actions}
