"""Putting together what a fund's page and answer have."""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds import books, flows, funds, holdings
from backend.funds.mandate import Terms
from backend.funds.partner_derived import PARTNER
from backend.funds.performance import performance
from backend.funds.schemas import Books, Call, Distribution, Fund, Motion
from backend.kit.moment import Moment
from backend.kit.rows import row, rows, values

Conn = AsyncConnection

_NOBODY = "'\\x" + "00" * 20 + "'::bytea"


async def fund(conn: Conn, moment: Moment, contract: bytes) -> Fund | None:
    """All that a fund's page shows, None where there is no fund at this address."""
    found = await row(
        conn,
        dict,
        f"""
        SELECT f.*, t.document->'title' AS title, t.document->'summary' AS summary,
            t.document->'description' AS description,
            {funds.FINALLY_CLOSED.format(now=moment.time)} AS finally_closed
        FROM {funds.funds(moment)} f LEFT JOIN content t ON t.hash = f.content WHERE f.contract = %s
        """,
        (contract,),
    )
    if found is None:
        return None
    stands = (await books.of_funds(conn, moment, [contract]))[contract]
    value = int(found["value"])
    _, left, per_unit = stands.nav(value)
    held = await holdings.of_fund(conn, moment, contract)
    moved = await flows.of_fund(conn, moment, contract)
    return Fund(
        **dict(funds.summary(found, stands)),
        **{name: found[name] for name in ("appraiser", "content", "description", "finally_closed")},
        terms=Terms(**{name: found[name] for name in Terms.model_fields}),
        partners=await _partners(conn, moment, contract),
        books=Books(
            **{name: getattr(stands, name) for name in Books.model_fields if hasattr(stands, name)},
            value=value,
            per_unit=per_unit,
            premiums=found["premiums"],
            claimed=found["claimed"],
        ),
        performance=performance(
            stands.contributed,
            stands.to_partners,
            left,
            flows.series(moved, flows.GROSS, value, moment.time),
            flows.series(moved, flows.NET, left, moment.time),
        ),
        stale_marks=sum(holding.stale for holding in held),
        holdings=held,
        marks=await holdings.marks(conn, moment, contract),
        calls=await _calls(conn, moment, contract),
        distributions=await _distributions(conn, moment, contract),
        motions=await motions(conn, moment, contract),
        flows=moved,
    )


async def _partners(conn: Conn, moment: Moment, contract: bytes) -> int:
    found = await values(
        conn,
        f"SELECT count(*) FROM {moment.of(PARTNER)} p WHERE contract = %s AND commitment > 0",
        (contract,),
    )
    return found[0][0]


async def _calls(conn: Conn, moment: Moment, contract: bytes) -> list[Call]:
    return await rows(
        conn,
        Call,
        f"""
        SELECT c.number, c.amount, c.called, c.due_at, c.due_at > {moment.time} AS running, c.purpose,
            t.document->'text' AS text, c.block_time AS time, c.tx_hash
        FROM {moment.of("capital_called")} c LEFT JOIN content t ON t.hash = c.purpose
        WHERE c.contract = %s ORDER BY c.number DESC
        """,
        (contract,),
    )


async def _distributions(conn: Conn, moment: Moment, contract: bytes) -> list[Distribution]:
    return await rows(
        conn,
        Distribution,
        f"""
        SELECT amount, capital, hurdle, catch_up, rest, carry, escrowed, amount - carry AS to_partners,
            block_time AS time, tx_hash
        FROM {moment.of("proceeds_distributed")} d WHERE contract = %s
        ORDER BY block_number DESC, log_index DESC
        """,
        (contract,),
    )


async def motions(conn: Conn, moment: Moment, contract: bytes) -> list[Motion]:
    """Motions of a fund's partners, the last one put first."""
    return await rows(
        conn,
        Motion,
        f"""
        SELECT m.number, m.matter, nullif(m.subject, {_NOBODY}) AS subject, m.by, m.until,
            coalesce(s.consents, 0) AS consents, c.number IS NOT NULL AS carried, m.reason,
            t.document->'text' AS text, m.block_time AS time
        FROM {moment.of("motion_proposed")} m
        LEFT JOIN (
            SELECT number, max(consents) AS consents FROM {moment.of("motion_supported")} s
            WHERE contract = %(fund)s GROUP BY number
        ) s ON s.number = m.number
        LEFT JOIN {moment.of("motion_carried")} c ON c.contract = m.contract AND c.number = m.number
        LEFT JOIN content t ON t.hash = m.reason
        WHERE m.contract = %(fund)s ORDER BY m.number DESC
        """,
        {"fund": contract},
    )
