"""The derived tables of the domain: those of funds and those of their partners."""

from backend.funds import fund_derived

DERIVED = (*fund_derived.DERIVED,)
