"""Reading partners: what a wallet has in funds, what it owes them and what it can take of them. Every
function takes a connection and the moment at which to look.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds import books, look_through
from backend.funds.credits import PER_UNIT, per_unit
from backend.funds.fund_derived import FUND
from backend.funds.funds import funds
from backend.funds.partner_derived import PARTNER
from backend.funds.partner_schemas import Outcome, Partner, PartnerSum, Position
from backend.funds.performance import multiples, rate
from backend.funds.waterfall import ONE
from backend.kit.moment import Moment
from backend.kit.rows import rows, values

Conn = AsyncConnection
Flows = dict[bytes, list[tuple[int, int]]]
"""Of each fund, times and sums: negative what the partner paid, positive what they took."""


async def partner(conn: Conn, moment: Moment, wallet: bytes) -> Partner:
    """A partner: positions in funds, their sums by token, and the projects beneath."""
    held = await positions(conn, moment, wallet)
    return Partner(
        address=wallet,
        sums=_sums(held, await flows(conn, moment, wallet), moment.time),
        positions=held,
        beneath=await look_through.of_partner(conn, moment, wallet),
    )


def standing(moment: Moment) -> str:
    """Relation of all partners of all funds: the columns of `partner` with what is `due` and `late`,
    `credited` and `claimable` by now.
    """
    late = "CASE WHEN f.due_at <= {time} THEN f.called ELSE f.called_before END"
    unpaid = f"greatest(div(p.commitment * %s, {ONE}) - p.paid, 0)"
    credited = f"p.settled + div(p.units * (coalesce(x.per_unit, 0) - p.per_unit), {PER_UNIT})"
    return f"""(
        SELECT p.*, {unpaid % "f.called"} AS due, {unpaid % late.format(time=moment.time)} AS late,
            {credited} AS credited, {credited} - p.claimed AS claimable
        FROM {moment.of(PARTNER)} p JOIN {moment.of(FUND)} f USING (contract)
        LEFT JOIN {per_unit(moment.of)} x USING (contract)
    )"""


async def positions(conn: Conn, moment: Moment, wallet: bytes, fund: bytes | None = None) -> list[Position]:
    """What a wallet has or had in funds, the fund launched last first; in one fund unless in all."""
    found = await rows(
        conn,
        dict,
        f"""
        SELECT p.contract, f.name, f.symbol, f.token, f.organisation, f.phase, p.admitted, p.defaulted_at,
            p.commitment, p.paid, greatest(p.commitment - p.paid, 0) AS unfunded, p.premium, p.late_fee,
            p.due, p.late, f.due_at, p.units, f.units AS all_units, p.got, p.gave, p.lost, p.credited,
            p.claimed, p.claimable, p.locked_until, f.value
        FROM {standing(moment)} p JOIN {funds(moment)} f USING (contract)
        WHERE p.partner = %(wallet)s AND (%(fund)s::bytea IS NULL OR p.contract = %(fund)s)
        ORDER BY f.launched_at DESC, p.contract
        """,
        {"wallet": wallet, "fund": fund},
    )
    stand = await books.of_funds(conn, moment, [position["contract"] for position in found])
    flowed = await flows(conn, moment, wallet)
    made = []
    for position in found:
        contract, value = bytes(position["contract"]), int(position.pop("value"))
        _, partners, _ = stand[contract].nav(value)
        everybody = int(position["all_units"])
        nav = partners * int(position["units"]) // everybody if everybody else 0
        made.append(Position(**position, nav=nav, **_outcome([position | {"nav": nav}], flowed, moment.time)))
    return made


async def flows(conn: Conn, moment: Moment, wallet: bytes) -> Flows:
    """What a wallet paid to each fund, premiums and late fees included, and claimed from it."""
    found: Flows = {}
    for contract, time, amount in await values(
        conn,
        f"""
        SELECT contract, block_time, -capital - premium FROM {moment.of("capital_committed")} f
        WHERE partner = %(wallet)s
        UNION ALL SELECT contract, block_time, -amount - late_fee FROM {moment.of("call_paid")} f
        WHERE partner = %(wallet)s
        UNION ALL SELECT contract, block_time, amount FROM {moment.of("distribution_claimed")} f
        WHERE partner = %(wallet)s
        """,
        {"wallet": wallet},
    ):
        found.setdefault(bytes(contract), []).append((time, int(amount)))
    return found


def _outcome(held: Sequence[dict[str, Any]], flowed: Flows, now: int) -> dict[str, Any]:
    """The members of `Outcome` for positions together."""
    paid = sum(int(p["paid"] + p["premium"] + p["late_fee"]) for p in held)
    nav, credited = (sum(int(p[name]) for p in held) for name in ("nav", "credited"))
    all_flows = [flow for p in held for flow in flowed.get(bytes(p["contract"]), [])]
    left = nav + sum(int(p["claimable"]) for p in held)
    transferred = any(p["got"] or p["gave"] for p in held)
    net = None if transferred else rate([*all_flows, (now, left)] if left else all_flows)
    return dict(multiples(paid, credited, nav)) | {"net": net}


def _sums(held: list[Position], flowed: Flows, now: int) -> list[PartnerSum]:
    by_token: dict[str, list[Position]] = {}
    for position in held:
        by_token.setdefault(position.token, []).append(position)
    summed = set(PartnerSum.model_fields) - set(Outcome.model_fields) - {"token"}
    return [
        PartnerSum(
            token=token,
            **{name: sum(getattr(position, name) for position in those) for name in summed},
            **_outcome([dict(p) | {"contract": bytes.fromhex(p.contract[2:])} for p in those], flowed, now),
        )
        for token, those in by_token.items()
    ]
