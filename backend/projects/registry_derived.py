"""Derived tables of what `ProjectRegistry` wrote."""

from backend.chain.derived import Derived

DERIVED: tuple[Derived, ...] = ()
