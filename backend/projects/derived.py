"""The derived tables of the domain: those of projects and those of their money."""

from backend.projects import money_derived, registry_derived

DERIVED = (*registry_derived.DERIVED, *money_derived.DERIVED)
