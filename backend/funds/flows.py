"""Reading a fund's cash flows: by day and kind, and as the series that its rates of return are of."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds.performance import DAY
from backend.funds.schemas import Flow, FlowKind
from backend.kit.moment import Moment
from backend.kit.rows import rows

Conn = AsyncConnection

_FLOWS: tuple[tuple[FlowKind, str, str], ...] = (
    ("paid_in", "capital_committed", "capital"),
    ("paid_in", "call_paid", "amount"),
    ("late_fee", "call_paid", "late_fee"),
    ("invested", "invested", "amount"),
    ("invested", "fund_paid", "amount"),
    ("expense", "fund_paid", "expense"),
    ("withdrawn", "investment_withdrawn", "amount"),
    ("collected", "proceeds_collected", "amount"),
    ("fee", "fee_taken", "amount"),
    ("to_partners", "proceeds_distributed", "amount - carry"),
    ("to_partners", "fund_concluded", "from_escrow"),
    ("to_partners", "carry_returned", "amount"),
    ("to_organisation", "proceeds_distributed", "carry"),
    ("to_organisation", "fund_concluded", "-from_escrow"),
    ("to_organisation", "carry_returned", "-amount"),
)

GROSS: dict[FlowKind, int] = {"invested": -1, "expense": -1, "withdrawn": 1, "collected": 1}
"""Between the fund and its holdings, with the sign that a fund sees."""
NET: dict[FlowKind, int] = {"paid_in": -1, "late_fee": -1, "to_partners": 1}
"""Between partners and the fund, with the sign that partners see."""


def flows(moment: Moment, of: str = "true") -> str:
    """Relation `(contract, day, what, amount)`: money by fund, day (its number since 1970, UTC) and kind.

    `of` is a condition on `contract`. What is distributed counts when it is credited, whoever claims it when.
    """
    each = " UNION ALL ".join(
        f"SELECT contract, block_time / {DAY} AS day, '{what}' AS what, {amount} AS amount"
        f" FROM {moment.of(fact)} f WHERE {of}"
        for what, fact, amount in _FLOWS
    )
    return f"""(
        SELECT contract, day, what, sum(amount) AS amount FROM ({each}) e
        GROUP BY contract, day, what HAVING sum(amount) <> 0
    )"""


async def of_fund(conn: Conn, moment: Moment, contract: bytes) -> list[Flow]:
    """A fund's cash flows, oldest first."""
    return await rows(
        conn,
        Flow,
        f"""SELECT day * {DAY} AS day, what, amount FROM {flows(moment, "contract = %(fund)s")} w
        ORDER BY day, what""",
        {"fund": contract},
    )


def series(found: Sequence[Flow], signs: dict[FlowKind, int], left: int, now: int) -> list[tuple[int, int]]:
    """Times and sums of the kinds that have a sign, and at last what is left now."""
    sums = [(flow.day, signs[flow.what] * flow.amount) for flow in found if flow.what in signs]
    return [*sums, (now, left)]
