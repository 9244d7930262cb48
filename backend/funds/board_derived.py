"""Derived tables of the network's board. Amounts are base units of the campaign's token."""

from backend.chain.derived import Total
from backend.projects.money_derived import WITHDRAWN_BY_SOURCE
from backend.projects.names import SOURCES

_RANGE = "block_number BETWEEN %(lo)s AND %(hi)s"
_FUND = SOURCES.index("fund")


def year_of(seconds: str) -> str:
    """SQL: the calendar year (UTC) of seconds since 1970."""
    return f"extract(year FROM to_timestamp({seconds}) AT TIME ZONE 'UTC')::integer"


VENTURE = Total(
    name="venture",
    key={"contract": "bytea", "year": "integer"},
    sums={"pledges": "bigint", "invested": "numeric(78,0)"},  # by funds, and not withdrawn
    delta=f"""
        SELECT contract, {year_of("block_time")} AS year, 1 AS pledges, amount AS invested FROM pledged
        WHERE source = {_FUND} AND {_RANGE}
        UNION ALL SELECT contract, {year_of("block_time")} AS year, 0, raised FROM ({WITHDRAWN_BY_SOURCE}) w
        WHERE source = {_FUND}
    """,
)

DERIVED = (VENTURE,)
