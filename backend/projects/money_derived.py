"""Derived tables of campaigns, positions and rounds."""

from backend.chain.derived import Derived

DERIVED: tuple[Derived, ...] = ()
