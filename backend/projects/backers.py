"""Reading backers: what a wallet has in campaigns, and what it can take of it now."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import Moment
from backend.kit.rows import row, rows, values
from backend.projects import campaigns, milestones, positions
from backend.projects.money_derived import POSITION
from backend.projects.money_schemas import Holding, Portfolio, TokenSum, YearLimit

Conn = AsyncConnection


async def portfolio(conn: Conn, moment: Moment, wallet: bytes) -> Portfolio:
    """A backer: holdings, their sums by token, the year's limit."""
    held = await holdings(conn, moment, wallet)
    return Portfolio(
        address=wallet,
        sums=_sums(held),
        holdings=held,
        limit=await year_limit(conn, moment, wallet),
    )


async def holdings(conn: Conn, moment: Moment, wallet: bytes, contract: bytes | None = None) -> list[Holding]:
    """What a wallet has, had or was refunded, newest pledge first; in one campaign unless in all."""
    return await rows(
        conn,
        Holding,
        f"""
        SELECT c.contract, c.project_id, c.city_id, c.form, c.phase, c.token, c.closes, c.cooling_ends,
            c.raised,
            c.goal, p.amount, p.drawn, p.refunded, nullif(s.tier, 0) AS tier,
            CASE WHEN {_WITHDRAWABLE % moment.time} THEN s.cooling ELSE 0 END AS withdrawable,
            CASE WHEN {_WITHDRAWABLE % moment.time} THEN least(s.cooling_until, c.cooling_ends) END
                AS withdrawable_until,
            {campaigns.REFUNDABLE} AS refundable, {campaigns.CLAIMABLE} AS claimable,
            c.phase = 'funded' AND p.amount > 0 AND r.veto_until > {moment.time} AND NOT EXISTS (
                SELECT FROM {moment.of("objected")} o
                WHERE o.contract = c.contract AND o.milestone = r.milestone AND o.attempt = r.attempt
                    AND (o.backer = p.backer OR o.backer IN (
                        SELECT m.old_wallet FROM {moment.of("pledge_moved")} m
                        WHERE m.contract = c.contract AND m.new_wallet = p.backer
                    ))
            ) IS TRUE AS objectable
        FROM {moment.of(POSITION)} p
        JOIN {campaigns.campaigns(moment)} c ON c.contract = p.contract
        LEFT JOIN {positions.standing(moment, "backer = %(wallet)s")} s
            ON s.contract = p.contract AND s.backer = p.backer
        LEFT JOIN {milestones.under_way(moment)} r ON r.contract = p.contract
        LEFT JOIN LATERAL (
            SELECT max(block_number) AS block FROM {moment.of("pledged")} f
            WHERE f.contract = p.contract AND f.backer = p.backer
        ) last ON true
        WHERE p.backer = %(wallet)s AND (%(contract)s::bytea IS NULL OR p.contract = %(contract)s)
        ORDER BY last.block DESC NULLS LAST, c.contract
        """,
        {"wallet": wallet, "contract": contract},
    )


_WITHDRAWABLE = "c.phase IN ('open', 'cooling') AND s.cooling > 0 AND s.cooling_until > %d"


def _sums(held: list[Holding]) -> list[TokenSum]:
    sums: dict[str, TokenSum] = {}
    for holding in held:
        total = sums.setdefault(
            holding.token,
            TokenSum(
                token=holding.token,
                pledged=0,
                withdrawable=0,
                refundable=0,
                claimable=0,
                repaid=0,
                refunded=0,
            ),
        )
        total.pledged += holding.amount
        total.withdrawable += holding.withdrawable
        total.refundable += holding.refundable
        total.claimable += holding.claimable
        total.repaid += holding.drawn
        total.refunded += holding.refunded
    return list(sums.values())


async def year_limit(conn: Conn, moment: Moment, wallet: bytes) -> YearLimit:
    """What loans and shares took of the limit of the person behind a wallet, in the year of the moment."""
    year = datetime.fromtimestamp(moment.time, UTC).year
    limits = await values(
        conn,
        f"SELECT kopecks FROM {moment.of('year_limit_set')} y"
        " ORDER BY block_number DESC, log_index DESC LIMIT 1",
    )
    investor = await row(
        conn,
        dict,
        f"SELECT person, qualified FROM {moment.of('investor_set')} i WHERE wallet = %s"
        " ORDER BY block_number DESC, log_index DESC LIMIT 1",
        (wallet,),
    )
    known = investor is not None and any(investor["person"])
    used = await values(
        conn,
        f"SELECT used FROM {moment.of('limit_used')} u WHERE person = %s AND year = %s"
        " ORDER BY block_number DESC, log_index DESC LIMIT 1",
        (investor["person"] if investor else None, year),
    )
    return YearLimit(
        year=year,
        identified=known,
        qualified=bool(known and investor and investor["qualified"]),
        used=int(used[0][0]) if known and used else 0,
        limit=int(limits[0][0]) if limits else 0,
    )
