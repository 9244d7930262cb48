"""Reading campaigns. Every function takes a connection and the moment at which to look."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import Moment
from backend.kit.rows import row, rows, values
from backend.kit.types import checksum
from backend.projects import loans, milestones, positions, rounds
from backend.projects.money_derived import CAMPAIGN, CAMPAIGN_SOURCE, CAMPAIGN_SUM, POSITION
from backend.projects.money_schemas import (
    Backer,
    Campaign,
    CampaignSummary,
    Opening,
    SourceSum,
    Stop,
    Tier,
)
from backend.projects.registry_derived import PROJECT

Conn = AsyncConnection

LOAN, SHARE = 2, 3

_SUMS = (
    "pledges", "raised", "withdrawn", "settled", "refunded", "matched", "returned", "released", "fees",
    "collected", "fees_collected", "repaid", "interest", "distributed", "claimed",
)  # fmt: skip


def campaigns(moment: Moment) -> str:
    """Relation of all campaigns: the columns of `campaign` and `campaign_sum` with `cooling_ends`, `phase`
    (as in
    `CampaignSummary`) and `proceeds`, what came in for the backers.
    """
    sums = ", ".join(f"coalesce(s.{name}, 0) AS {name}" for name in _SUMS)
    return f"""(
        SELECT c.*, c.closes + c.cooling_off AS cooling_ends, {sums}, {_phase(moment)} AS phase,
            coalesce(s.repaid + s.distributed, 0) + CASE
                WHEN c.form IN ({LOAN}, {SHARE}) AND c.stopped_at IS NOT NULL AND s.released > 0
                THEN c.to_backers ELSE 0 END AS proceeds
        FROM {moment.of(CAMPAIGN)} c LEFT JOIN {moment.of(CAMPAIGN_SUM)} s USING (contract)
    )"""


def _phase(moment: Moment) -> str:
    """The rule of `ICampaign`: time and what was done name exactly one."""
    return f"""CASE
        WHEN c.stopped_at IS NOT NULL THEN 'stopped'
        WHEN {moment.time} < c.opens THEN 'upcoming'
        WHEN {moment.time} < c.closes THEN 'open'
        WHEN {moment.time} < c.closes + c.cooling_off THEN 'cooling'
        WHEN coalesce(s.raised, 0) < c.goal THEN 'failed'
        WHEN c.milestone < jsonb_array_length(c.milestones) THEN 'funded'
        ELSE 'completed'
    END"""


def entitled(whole: str) -> str:
    """What of a sum for the backers a position `p` in campaign `c` has: its share, rounded down."""
    return f"coalesce(div({whole} * p.amount, nullif(c.raised, 0)), 0)"


REFUNDABLE = f"""CASE
    WHEN c.phase = 'failed' THEN p.amount
    WHEN c.phase = 'stopped' AND (c.form NOT IN ({LOAN}, {SHARE}) OR c.released = 0)
        THEN {entitled("c.to_backers")}
    ELSE 0 END"""
"""What a refund pays for position `p` in campaign `c`."""

CLAIMABLE = (
    f"CASE WHEN c.form IN ({LOAN}, {SHARE}) THEN greatest({entitled('c.proceeds')} - p.drawn, 0) ELSE 0 END"
)
"""What a claim pays."""

_SUMMARY = """
    c.contract, c.project_id, c.city_id, nullif(c.round_id, 0) AS round_id, c.form, c.phase, c.token, c.opens,
    c.closes, c.cooling_ends, c.goal, c.cap, c.raised, c.matched, c.released, c.pledges, c.milestone,
    c.milestones, c.created_at
"""


def _backers(moment: Moment) -> str:
    return (
        f"(SELECT count(*) FROM {moment.of(POSITION)} p"
        " WHERE p.contract = c.contract AND p.amount + p.settled > 0) AS backers"
    )


async def of_projects(conn: Conn, moment: Moment, project_ids: Sequence[int]) -> list[CampaignSummary]:
    """All campaigns of projects, newest first."""
    return await _listed(conn, moment, "c.project_id", project_ids)


async def summaries(conn: Conn, moment: Moment, contracts: Sequence[bytes]) -> list[CampaignSummary]:
    """These campaigns, newest first."""
    return await _listed(conn, moment, "c.contract", contracts)


async def _listed(conn: Conn, moment: Moment, column: str, wanted: Sequence[Any]) -> list[CampaignSummary]:
    return await rows(
        conn,
        CampaignSummary,
        f"SELECT {_SUMMARY}, {_backers(moment)} FROM {campaigns(moment)} c"
        f" WHERE {column} = ANY(%s) ORDER BY c.created_at DESC, c.contract",
        (list(wanted),),
    )


async def campaign(conn: Conn, moment: Moment, contract: bytes) -> Campaign | None:
    """One campaign, None where there is none at this address."""
    found = await row(
        conn,
        dict,
        f"""
        SELECT {_SUMMARY}, {_backers(moment)}, c.edition, c.pledges > 0 AS frozen, c.payee, c.fee_share,
            c.cooling_off, c.veto_share, c.veto_window, c.milestone_term, c.content,
            t.document->'terms' AS terms, c.unit_price, c.withdrawn, c.refunded, c.fees, c.collected,
            c.proceeds, c.claimed
        FROM {campaigns(moment)} c LEFT JOIN content t ON t.hash = c.content WHERE c.contract = %s
        """,
        (contract,),
    )
    if found is None:
        return None
    return Campaign(
        **found,
        tiers=await tiers(conn, moment, contract),
        loan=await loans.loan(conn, moment, contract),
        milestone_list=await milestones.of_campaign(conn, moment, contract),
        sources=(await sources(conn, moment, [contract])).get(found["contract"], []),
        matching=await rounds.matching(conn, moment, contract),
        stop=await row(
            conn,
            Stop,
            f"""SELECT s.block_time AS at, s.by, s.to_backers, s.to_pool, s.reason, t.document->'text' AS text
            FROM {moment.of("campaign_stopped")} s LEFT JOIN content t ON t.hash = s.reason
            WHERE s.contract = %s""",
            (contract,),
        ),
    )


async def tiers(conn: Conn, moment: Moment, contract: bytes) -> list[Tier]:
    """The tiers of the terms that stand, and how many of each are held."""
    return await rows(
        conn,
        Tier,
        f"""
        SELECT t.tier, t.price, t.stock, coalesce(h.held, 0) AS held, t.stock - coalesce(h.held, 0) AS left,
            t.content, d.document->'title' AS title, d.document->'description' AS description
        FROM {moment.of(CAMPAIGN)} c
        JOIN {moment.of("tier_set")} t ON t.contract = c.contract AND t.edition = c.edition
        LEFT JOIN {tiers_held(moment)} h ON h.contract = t.contract AND h.tier = t.tier
        LEFT JOIN content d ON d.hash = t.content
        WHERE c.contract = %s ORDER BY t.tier
        """,
        (contract,),
    )


def tiers_held(moment: Moment) -> str:
    """Relation `(contract, tier, held)`: how many of each tier were taken and not given back: by a
    withdrawal, or by a
    recovery to a wallet with a tier of its own.
    """
    return f"""(
        SELECT contract, tier, sum(held)::bigint AS held FROM (
            SELECT contract, tier, 1 AS held FROM {moment.of("pledged")} p WHERE tier > 0
            UNION ALL SELECT contract, tier, -1 FROM {moment.of("pledge_withdrawn")} w WHERE tier > 0
            UNION ALL SELECT m.contract, before.tier, -1 FROM {moment.of("pledge_moved")} m
                CROSS JOIN LATERAL (
                    SELECT tier FROM {positions.tier_steps(moment)} s
                    WHERE s.contract = m.contract AND s.backer = m.old_wallet
                        AND (s.block_number, s.log_index) < (m.block_number, m.log_index)
                    ORDER BY s.block_number DESC, s.log_index DESC LIMIT 1
                ) before
                WHERE m.tier = 0 AND before.tier > 0
        ) t GROUP BY contract, tier
    )"""


async def sources(conn: Conn, moment: Moment, contracts: Sequence[bytes]) -> dict[bytes, list[SourceSum]]:
    """What came from where, by campaign, most first."""
    found = await values(
        conn,
        f"SELECT contract, source, raised, pledges FROM {moment.of(CAMPAIGN_SOURCE)} s"
        " WHERE contract = ANY(%s) AND raised > 0 ORDER BY raised DESC, source",
        (list(contracts),),
    )
    by_campaign: dict[bytes, list[SourceSum]] = {}
    for contract, source, raised, pledges in found:
        made = SourceSum(source=source, raised=raised, pledges=pledges)
        by_campaign.setdefault(bytes(contract), []).append(made)
    return by_campaign


async def backers(
    conn: Conn,
    moment: Moment,
    contracts: Sequence[bytes],
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> list[Backer]:
    """Who has, or was refunded, something in these campaigns, most first: wallets and sums alone.

    `after` is what the last one seen has pledged, in decimal, and their wallet, in hex.
    """
    where = "(-pledged, backer) > (-%(pledged)s::numeric, decode(%(backer)s, 'hex'))" if after else "true"
    pledged, backer = after or (None, None)
    return await rows(
        conn,
        Backer,
        f"""
        SELECT * FROM (
            SELECT backer, sum(amount + settled) AS pledged, sum(amount) AS amount,
                sum(refunded) AS refunded, sum(drawn) AS drawn
            FROM {moment.of(POSITION)} p WHERE contract = ANY(%(contracts)s) GROUP BY backer
        ) b WHERE pledged > 0 AND {where} ORDER BY -pledged, backer LIMIT %(limit)s
        """,
        {"contracts": list(contracts), "pledged": pledged, "backer": backer, "limit": limit},
    )


async def course(conn: Conn, moment: Moment, contract: bytes) -> list[tuple[int, int]]:
    """What was raised after each day with a pledge or a withdrawal: (last second of it that counts, sum)."""
    return [
        (time, int(raised))
        for time, raised in await values(
            conn,
            f"""
            SELECT max(block_time), sum(sum(amount)) OVER (ORDER BY block_time / 86400) FROM (
                SELECT block_time, amount FROM {moment.of("pledged")} p WHERE contract = %(contract)s
                UNION ALL SELECT block_time, -amount FROM {moment.of("pledge_withdrawn")} w
                WHERE contract = %(contract)s
            ) change GROUP BY block_time / 86400 ORDER BY 1
            """,
            {"contract": contract},
        )
    ]


async def recent(conn: Conn, moment: Moment, contract: bytes, limit: int = 10) -> list[dict[str, Any]]:
    """The last pledges: wallet, amount, source, time, transaction."""
    return await rows(
        conn,
        dict,
        f"SELECT backer, amount, source, block_time AS time, tx_hash FROM {moment.of('pledged')} p"
        " WHERE contract = %s ORDER BY block_number DESC, log_index DESC LIMIT %s",
        (contract, limit),
    )


async def allowed_tokens(conn: Conn, moment: Moment) -> list[str]:
    """The tokens that campaigns and funds may use, the one named first first."""
    found = await values(
        conn,
        f"""
        SELECT token FROM {moment.of("token_set")} t GROUP BY token
        HAVING (array_agg(per_rouble ORDER BY block_number DESC, log_index DESC))[1] > 0
        ORDER BY min(block_number), token
        """,
    )
    return [checksum(bytes(token)) for (token,) in found]


async def openings(
    conn: Conn,
    moment: Moment,
    token: bytes,
    kinds: Sequence[int],
    forms: Sequence[int],
    cities: Sequence[int],
    limit: int = 20,
) -> list[Opening]:
    """Campaigns in a token that take pledges, of these kinds of projects, forms and home cities (none: any);
    the first to close first.
    """
    return await rows(
        conn,
        Opening,
        f"""
        SELECT c.contract, c.project_id, c.city_id, c.form, c.closes, c.goal, c.cap, c.raised, c.edition,
            c.unit_price
        FROM {campaigns(moment)} c JOIN {moment.of(PROJECT)} p USING (project_id)
        WHERE c.phase = 'open' AND c.token = %s AND p.kind = ANY(%s) AND c.form = ANY(%s)
            AND (%s OR c.city_id = ANY(%s)) AND c.raised < c.cap
        ORDER BY c.closes, c.contract LIMIT %s
        """,
        (token, list(kinds), list(forms), not cities, list(cities), limit),
    )
