"""The domains: what each brings to the chain engine, the API, the pages and the audit."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from backend.chain.derived import Derived
from backend.chain.facts import Factory, Index

if TYPE_CHECKING:
    from fastapi import APIRouter


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
        audit: Compares its tables with the contracts.
    """

    name: str
    contracts: tuple[str, ...] = ()
    derived: tuple[Derived, ...] = ()
    factories: tuple[Factory, ...] = ()
    indexes: tuple[Index, ...] = ()
    api: "APIRouter | None" = None
    pages: "APIRouter | None" = None
    audit: Callable[..., Any] | None = None


DOMAINS: tuple[str, ...] = (
    # One line per domain: where its Domain is.
)


@cache
def domains() -> tuple[Domain, ...]:
    """Return the domains in the order of `DOMAINS`. Imported when first asked for, so that they may import
    this.
    """
    return tuple(resolve_name(place) for place in DOMAINS)
