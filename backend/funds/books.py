"""Reading how funds' money stands. Every function takes a connection and the moment at which to look."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds.fund_derived import FUND
from backend.funds.waterfall import Rates, Standing, standing
from backend.kit.moment import Moment
from backend.kit.rows import values

Conn = AsyncConnection

RATES = "investment_period, management_fee, hurdle, catch_up, carry, escrow"
"""The columns of `fund` that `Rates` is made of."""

_CHANGES = {
    "fund_closed": ("closed", "life"),
    "capital_committed": ("committed", "amount, capital"),
    "commitment_withdrawn": ("withdrawn", "amount"),
    "call_paid": ("contributed", "amount, late_fee"),
    "partner_defaulted": ("defaulted", "commitment, units"),
    "invested": ("invested", "amount, 0"),
    "fund_paid": ("invested", "amount, expense"),
    "investment_withdrawn": ("collected", "amount, cost, 0"),
    "proceeds_collected": ("collected", "amount, cost, loss"),
    "holding_written_off": ("collected", "0, 0, cost"),
    "fee_taken": ("took_fee", "amount"),
    "proceeds_distributed": ("distributed", "amount, capital, hurdle, carry, escrowed"),
    "life_set": ("lives", "ends_at"),
    "fund_concluded": ("concluded", "clawback, from_escrow"),
    "carry_returned": ("returned", "amount"),
}
"""By fact: the change of `waterfall.CHANGES`, and its figures."""


def changes(moment: Moment, of: str = "true") -> str:
    """Relation `(contract, changes)`: what changed the books of funds, in the chain's order, as `Change`.

    `of` is a condition on `contract`.
    """
    each = []
    for fact, (what, figures) in _CHANGES.items():
        made = f"jsonb_build_array('{what}', block_time, {figures})"
        rows = moment.of(fact)
        if what == "closed":
            rows = f"(SELECT f.*, life FROM {rows} f JOIN {moment.of(FUND)} t USING (contract))"
        each.append(f"SELECT contract, block_number, log_index, {made} AS change FROM {rows} f WHERE {of}")
    return f"""(
        SELECT contract, jsonb_agg(change ORDER BY block_number, log_index) AS changes
        FROM ({" UNION ALL ".join(each)}) c GROUP BY contract
    )"""


def standing_of(row: Sequence[Any], now: int) -> Standing:
    """A fund's books for the columns `RATES` and `changes` of it."""
    *rates, happened = row
    return standing(Rates(*rates), happened or [], now)


async def of_funds(conn: Conn, moment: Moment, contracts: Sequence[bytes]) -> dict[bytes, Standing]:
    """The books of these funds by address."""
    found = await values(
        conn,
        f"""
        SELECT contract, {RATES}, changes
        FROM {moment.of(FUND)} f LEFT JOIN {changes(moment, "contract = ANY(%(funds)s)")} c USING (contract)
        WHERE contract = ANY(%(funds)s)
        """,
        {"funds": list(contracts)},
    )
    return {bytes(contract): standing_of(row, moment.time) for contract, *row in found}
