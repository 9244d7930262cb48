"""Reading matching rounds. Every function takes a connection and the moment at which to look.

Until a campaign's match is assigned there is an estimate, from then on the final figure; never both.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import Moment
from backend.kit.rows import row, rows
from backend.projects import campaigns
from backend.projects.money_derived import ROUND_SUM, TALLY
from backend.projects.money_schemas import (
    Estimate,
    FinalMatch,
    Matching,
    Round,
    RoundCampaign,
    RoundEstimate,
    RoundFinal,
    RoundFunding,
    RoundSummary,
)

Conn = AsyncConnection


def _tallies(moment: Moment, only: str) -> str:
    """Relation of the campaigns of the rounds that `only` (a condition on `o`) chooses, with their estimates.

    The rule is the contract's (`IMatchingPool`): `weight` is `(roots² ÷ 2^64) − counted`; where all weights
    exceed the budget, each gets its share. A campaign that is still raising counts as if it met its goal.
    """
    return f"""(
        SELECT e.*, CASE
            WHEN NOT takes THEN 0 WHEN total > budget THEN div(sharing * budget, total) ELSE sharing
        END AS estimate
        FROM (
            SELECT w.*, sum(sharing) OVER (PARTITION BY round_id) AS total FROM (
                SELECT t.*, o.budget, c.project_id, c.form, c.phase, c.raised, c.goal, weighs.weighs,
                    takes.takes,
                    CASE WHEN takes.takes OR NOT o.redistribute THEN weighs.weighs ELSE 0 END AS sharing
                FROM (
                    SELECT o.round_id, o.redistribute, coalesce(s.budget, 0) AS budget
                    FROM {moment.of("round_opened")} o LEFT JOIN {moment.of(ROUND_SUM)} s USING (round_id)
                    WHERE {only}
                ) o
                JOIN {moment.of(TALLY)} t USING (round_id)
                JOIN {campaigns.campaigns(moment)} c ON c.contract = t.contract
                CROSS JOIN LATERAL (
                    SELECT greatest(div(t.roots * t.roots, 18446744073709551616) - t.counted, 0) AS weighs
                ) weighs
                CROSS JOIN LATERAL (
                    SELECT coalesce(t.funded, c.phase NOT IN ('failed', 'stopped')) AS takes
                ) takes
            ) w
        ) e
    )"""


async def matching(conn: Conn, moment: Moment, contract: bytes) -> Matching | None:
    """What counts of a campaign, None where it is in no round."""
    found = await row(
        conn,
        dict,
        f"SELECT * FROM {_tallies(moment, _ROUND_OF % {'tally': moment.of(TALLY)})} t"
        " WHERE contract = %(contract)s",
        {"contract": contract},
    )
    return Matching(**_matching(found)) if found else None


_ROUND_OF = "o.round_id = (SELECT round_id FROM %(tally)s x WHERE contract = %%(contract)s)"


def _matching(found: dict[str, Any]) -> dict[str, Any]:
    final = found["assigned"] is not None
    return found | {
        "weight": found["weighs"],
        "estimate": None if final else Estimate(amount=found["estimate"]),
        "final": FinalMatch(
            amount=found["assigned"], paid=found["paid"] or 0, forfeited=found["forfeited"] or 0
        )
        if final
        else None,
    }


def _summaries(moment: Moment) -> str:
    return f"""
        SELECT o.round_id, o.city_id, o.token, o.block_time AS opened_at, o.closes, o.content,
            o.min_merits, o.person_limit, o.redistribute,
            coalesce(s.budget, 0) AS budget, coalesce(s.campaigns, 0) AS campaigns,
            coalesce(s.weighed, 0) AS weighed, coalesce(s.given, 0) AS given,
            coalesce(p.people, 0)::bigint AS people, coalesce(p.counted, 0) AS counted,
            d.document->'title' AS title, d.document->'description' AS description,
            CASE WHEN f.round_id IS NOT NULL THEN 'settled'
                WHEN s.given > 0 OR s.campaigns > 0 AND s.weighed = s.campaigns THEN 'assigning'
                WHEN s.weighed > 0 THEN 'weighing'
                WHEN o.closes <= {moment.time} THEN 'to_settle'
                ELSE 'running' END AS step,
            f.block_time AS settled_at, f.weight AS final_weight, f.assigned AS final_amount,
            coalesce(s.paid, 0) AS paid, coalesce(s.forfeited, 0) AS forfeited,
            coalesce(s.reclaimed, 0) AS reclaimed, coalesce(s.rest, 0) AS rest
        FROM {moment.of("round_opened")} o
        LEFT JOIN {moment.of(ROUND_SUM)} s USING (round_id)
        LEFT JOIN {moment.of("round_settled")} f USING (round_id)
        LEFT JOIN (
            SELECT round_id, sum(people) AS people, sum(counted) AS counted FROM {moment.of(TALLY)} t
            GROUP BY round_id
        ) p USING (round_id)
        LEFT JOIN content d ON d.hash = o.content
    """


async def listed(
    conn: Conn, moment: Moment, city_id: int | None = None, after: int | None = None, limit: int = 50
) -> list[RoundSummary]:
    """Rounds, newest first, of one city unless all are wanted. `after` is the number of the last one seen."""
    return await rows(
        conn,
        RoundSummary,
        f"{_summaries(moment)} WHERE (%(city)s::bigint IS NULL OR o.city_id = %(city)s)"
        " AND (%(after)s::bigint IS NULL OR o.round_id < %(after)s) ORDER BY o.round_id DESC LIMIT %(limit)s",
        {"city": city_id, "after": after, "limit": limit},
    )


async def round_(conn: Conn, moment: Moment, round_id: int) -> Round | None:
    """One round with its campaigns, None where there is none with this number."""
    parameters = {"round": round_id}
    found = await row(conn, dict, f"{_summaries(moment)} WHERE o.round_id = %(round)s", parameters)
    if found is None:
        return None
    tallies = await rows(
        conn,
        dict,
        f"SELECT * FROM {_tallies(moment, 'o.round_id = %(round)s')} t"
        " ORDER BY coalesce(assigned, estimate) DESC, contract",
        parameters,
    )
    given = sum(int(tally["estimate"]) for tally in tallies)
    settled = found["settled_at"] is not None
    return Round(
        **found,
        assigned=found["given"],
        estimate=None
        if settled
        else RoundEstimate(
            weight=tallies[0]["total"] if tallies else 0, amount=given, left=int(found["budget"]) - given
        ),
        final=RoundFinal(
            settled_at=found["settled_at"],
            weight=found["final_weight"],
            amount=found["final_amount"],
            **{name: found[name] for name in ("paid", "forfeited", "reclaimed", "rest")},
        )
        if settled
        else None,
        funding=await rows(
            conn,
            RoundFunding,
            f'SELECT f."from" AS sender, f.amount, f.block_time AS time, f.tx_hash'
            f" FROM {moment.of('round_funded')} f WHERE f.round_id = %(round)s"
            " ORDER BY f.block_number, f.log_index",
            parameters,
        ),
        entries=[RoundCampaign(**_matching(tally)) for tally in tallies],
    )
