"""Reading a campaign's milestones: what each releases, its reports, and what it waits for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import Moment
from backend.kit.rows import row, rows, values
from backend.projects import campaigns
from backend.projects.money_schemas import Milestone, MilestoneState, Report

Conn = AsyncConnection

WHOLE = 10_000
"""Basis points."""


async def of_campaign(conn: Conn, moment: Moment, contract: bytes) -> list[Milestone]:
    """All milestones of the terms that stand, in their order; none where there is no such campaign."""
    found = await row(
        conn,
        dict,
        f"""SELECT milestones, milestone, raised + matched AS whole, released, phase, last_release,
            milestone_term FROM {campaigns.campaigns(moment)} c WHERE contract = %s""",
        (contract,),
    )
    if found is None:
        return []
    paid = {
        number: (int(amount), int(fee), time)
        for number, amount, fee, time in await values(
            conn,
            f"SELECT milestone, sum(amount), sum(fee), min(block_time) FROM {moment.of('tranche_released')} t"
            " WHERE contract = %s GROUP BY milestone",
            (contract,),
        )
    }
    reports = await _reports(conn, moment, contract)
    made, before = [], int(found["released"])
    for number, upto in enumerate(_cumulative(found["milestones"], int(found["whole"])), 1):
        amount, fee, released_at = paid.get(number, (max(upto - before, 0), 0, None))
        before = max(upto, before) if released_at is None else before
        next_one = number == found["milestone"] + 1
        made.append(
            Milestone(
                number=number,
                share=found["milestones"][number - 1],
                state=_state(moment, found, number, reports.get(number, [])),
                amount=amount,
                fee=fee,
                released_at=released_at,
                report_due=found["last_release"] + found["milestone_term"]
                if next_one and found["last_release"] is not None and found["phase"] == "funded"
                else None,
                reports=reports.get(number, []),
            )
        )
    return made


def _cumulative(shares: list[int], whole: int) -> list[int]:
    """What is released after each milestone: `floor(whole × cumulative share)`, all of it after the last."""
    upto, sums = 0, []
    for share in shares:
        upto += share
        sums.append(whole * upto // WHOLE)
    return [*sums[:-1], whole]


def _state(moment: Moment, campaign: Mapping[str, Any], number: int, reports: list[Report]) -> MilestoneState:
    if number <= campaign["milestone"]:
        return "released"
    if campaign["phase"] in ("failed", "stopped"):
        return "dropped"
    if campaign["phase"] != "funded" or number > campaign["milestone"] + 1:
        return "waiting"
    if number == 1:
        return "releasable"
    if reports and reports[-1].voided_at is None:
        return "reported" if moment.time < reports[-1].veto_until else "releasable"
    due = campaign["last_release"] + campaign["milestone_term"]
    return "awaits_report" if moment.time < due else "overdue"


async def _reports(conn: Conn, moment: Moment, contract: bytes) -> dict[int, list[Report]]:
    """Reports by milestone, oldest first."""
    found = await rows(
        conn,
        dict,
        f"""
        SELECT r.milestone, r.attempt, r.by, r.block_time AS reported_at, r.veto_until, r.evidence,
            coalesce(o.objections, 0) AS objections, v.block_time AS voided_at,
            t.document->'description' AS text
        FROM {moment.of("milestone_reported")} r
        LEFT JOIN {moment.of("report_voided")} v
            ON v.contract = r.contract AND v.milestone = r.milestone AND v.attempt = r.attempt
        LEFT JOIN (
            SELECT milestone, attempt, max(objections) AS objections FROM {moment.of("objected")} o
            WHERE contract = %(contract)s GROUP BY milestone, attempt
        ) o ON o.milestone = r.milestone AND o.attempt = r.attempt
        LEFT JOIN content t ON t.hash = r.evidence
        WHERE r.contract = %(contract)s ORDER BY r.milestone, r.attempt
        """,
        {"contract": contract},
    )
    by_milestone: dict[int, list[Report]] = {}
    for report in found:
        by_milestone.setdefault(report["milestone"], []).append(Report(**report))
    return by_milestone


def under_way(moment: Moment) -> str:
    """Relation `(contract, milestone, attempt, veto_until, objections)`: reports that were neither voided nor
    followed by their release.
    """
    return f"""(
        SELECT DISTINCT ON (r.contract) r.contract, r.milestone, r.attempt, r.veto_until,
            coalesce(o.objections, 0) AS objections
        FROM {moment.of("milestone_reported")} r
        LEFT JOIN (
            SELECT contract, milestone, attempt, max(objections) AS objections
            FROM {moment.of("objected")} o GROUP BY contract, milestone, attempt
        ) o USING (contract, milestone, attempt)
        WHERE NOT EXISTS (
            SELECT FROM {moment.of("report_voided")} v
            WHERE v.contract = r.contract AND v.milestone = r.milestone AND v.attempt = r.attempt
        ) AND NOT EXISTS (
            SELECT FROM {moment.of("tranche_released")} t
            WHERE t.contract = r.contract AND t.milestone >= r.milestone
        )
        ORDER BY r.contract, r.milestone DESC, r.attempt DESC
    )"""
