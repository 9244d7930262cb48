"""Notices to partners: of each call, and of each credit to their units. A notice is made of its fact and of
how the partner stood then, so it reads the same for ever.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds.credits import credits
from backend.funds.fund_derived import FUND
from backend.funds.partner_derived import PARTNER
from backend.funds.partner_schemas import CallNotice, CreditNotice, Notices
from backend.funds.waterfall import ONE
from backend.kit.moment import Moment
from backend.kit.rows import rows

Conn = AsyncConnection


async def notices(conn: Conn, moment: Moment, partner: bytes, fund: bytes | None = None) -> Notices:
    """All notices to a partner; of one fund, or of all."""
    return Notices(
        calls=await calls(conn, moment, partner, fund), credits=await credited(conn, moment, partner, fund)
    )


async def calls(conn: Conn, moment: Moment, partner: bytes, fund: bytes | None = None) -> list[CallNotice]:
    """Calls of funds to which a partner had committed when they were made, newest first; of one fund, or of
    all.
    """
    return await rows(
        conn,
        CallNotice,
        f"""
        SELECT k.contract, f.name, f.token, k.number, k.block_time AS time, k.due_at,
            div(c.commitment * k.called, {ONE}) - div(c.commitment * k.before, {ONE}) AS amount,
            k.amount AS whole, c.commitment, div(c.commitment * k.called, {ONE}) AS called,
            c.commitment - div(c.commitment * k.called, {ONE}) AS unfunded, k.purpose,
            t.document->'text' AS text, k.block_number, k.log_index, k.tx_hash
        FROM {moment.of(PARTNER)} p JOIN {moment.of(FUND)} f USING (contract)
        JOIN (
            SELECT *, coalesce(lag(called) OVER (PARTITION BY contract ORDER BY number), 0) AS before
            FROM {moment.of("capital_called")} k
        ) k USING (contract)
        JOIN LATERAL (
            SELECT coalesce(sum(amount), 0) AS commitment FROM (
                SELECT amount, block_number, log_index FROM {moment.of("capital_committed")} m
                WHERE m.contract = p.contract AND m.partner = p.partner
                UNION ALL SELECT -amount, block_number, log_index FROM {moment.of("commitment_withdrawn")} w
                WHERE w.contract = p.contract AND w.partner = p.partner
                UNION ALL SELECT -commitment, block_number, log_index FROM {moment.of("partner_defaulted")} d
                WHERE d.contract = p.contract AND d.partner = p.partner
            ) s WHERE (s.block_number, s.log_index) < (k.block_number, k.log_index)
        ) c ON c.commitment > 0
        LEFT JOIN content t ON t.hash = k.purpose
        WHERE p.partner = %(partner)s AND (%(fund)s::bytea IS NULL OR p.contract = %(fund)s)
        ORDER BY k.block_number DESC, k.log_index DESC
        """,
        {"partner": partner, "fund": fund},
    )


async def credited(
    conn: Conn, moment: Moment, partner: bytes, fund: bytes | None = None
) -> list[CreditNotice]:
    """All that was credited to a partner's units, newest first; by one fund, or by all."""
    keys = f"""(
        SELECT contract, partner FROM {moment.of(PARTNER)} p
        WHERE partner = %(partner)s AND (%(fund)s::bytea IS NULL OR contract = %(fund)s)
    )"""
    return await rows(
        conn,
        CreditNotice,
        f"""
        SELECT c.credit AS notice, c.contract, f.name, f.token, c.block_time AS time, c.amount, c.units,
            c.credited, d.amount AS whole, d.capital, d.hurdle, d.catch_up, d.rest, d.carry, c.block_number,
            c.log_index, c.tx_hash
        FROM (
            SELECT *, credited - coalesce(lag(credited) OVER (
                PARTITION BY contract ORDER BY block_number, log_index, settles
            ), 0) AS amount
            FROM {credits(keys, moment.of)} c
        ) c JOIN {moment.of(FUND)} f USING (contract)
        LEFT JOIN {moment.of("proceeds_distributed")} d ON d.contract = c.contract
            AND d.block_number = c.block_number AND d.log_index = c.log_index
        WHERE c.amount > 0 ORDER BY c.block_number DESC, c.log_index DESC
        """,
        {"partner": partner, "fund": fund},
    )
