"""The derived tables of the domain: those of funds and those of their partners."""

from backend.funds import board_derived, fund_derived, partner_derived

DERIVED = (*fund_derived.DERIVED, *partner_derived.DERIVED, *board_derived.DERIVED)
