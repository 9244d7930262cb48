"""Reading what a fund holds, looked through to where its projects stand."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.content.documents import Text
from backend.funds import funds
from backend.funds.fund_derived import FUND, HOLDING
from backend.funds.performance import multiple
from backend.funds.schemas import FundHolding, Mark
from backend.kit.moment import Moment
from backend.kit.rows import rows, values
from backend.projects import campaigns, projects
from backend.projects.money_schemas import CampaignSummary
from backend.projects.schemas import ProjectSummary

Conn = AsyncConnection

MARKS = 100
"""Marks that a fund's answer has."""


async def of_fund(conn: Conn, moment: Moment, contract: bytes) -> list[FundHolding]:
    """What a fund holds or held, most valuable first."""
    found = await rows(
        conn,
        dict,
        f"""
        SELECT h.*, f.mark_term FROM {moment.of(HOLDING)} h JOIN {moment.of(FUND)} f USING (contract)
        WHERE contract = %s ORDER BY h.value DESC, h.invested DESC, h.holding
        """,
        (contract,),
    )
    addresses = [bytes(row["holding"]) for row in found if not row["is_fund"]]
    raising = {_raw(made.contract): made for made in await campaigns.summaries(conn, moment, addresses)}
    numbers = sorted({row["project_id"] for row in found if row["project_id"]})
    behind = await projects.summaries(conn, moment, numbers)
    others = await _funds(conn, moment, [bytes(row["holding"]) for row in found if row["is_fund"]])
    return [
        FundHolding(
            **{name: row[name] for name in FundHolding.model_fields if name in row},
            **_place(raising.get(bytes(row["holding"])), behind.get(row["project_id"])),
            **others.get(bytes(row["holding"]), {"name": None, "fund_phase": None}),
            **_marked(row, moment),
            multiple=multiple(int(row["collected"] + row["value"]), int(row["invested"])),
        )
        for row in found
    ]


def _place(campaign: CampaignSummary | None, project: ProjectSummary | None) -> dict[str, Any]:
    """Where a campaign and its project stand."""
    return {
        "city_id": project and project.city_id,
        "kind": project and project.kind,
        "stage": project and project.stage,
        "form": campaign and campaign.form,
        "campaign_phase": campaign and campaign.phase,
        "milestone": campaign and campaign.milestone,
        "milestones": campaign and len(campaign.milestones),
    } | ({"title": project.title} if project else {})


async def _funds(conn: Conn, moment: Moment, contracts: list[bytes]) -> dict[bytes, dict[str, Any]]:
    """How other funds are called, and their phase."""
    if not contracts:
        return {}
    found = await values(
        conn,
        f"""SELECT f.contract, f.name, f.phase, t.document->'title' FROM {funds.funds(moment)} f
        LEFT JOIN content t ON t.hash = f.content WHERE f.contract = ANY(%s)""",
        (contracts,),
    )
    return {
        bytes(contract): {"name": name, "fund_phase": phase, "title": Text(**title) if title else None}
        for contract, name, phase, title in found
    }


def _marked(row: dict[str, Any], moment: Moment) -> dict[str, Any]:
    as_of = row["marked_as_of"]
    age = None if as_of is None else moment.time - as_of
    alive = row["value"] > 0 or row["cost"] > 0
    return {"mark_age": age, "stale": age is not None and age > row["mark_term"] and alive}


async def marks(conn: Conn, moment: Moment, contract: bytes, limit: int = MARKS) -> list[Mark]:
    """What the appraiser said, the latest first."""
    return await rows(
        conn,
        Mark,
        f"""
        SELECT m.holding, m.value, nullif(m.company, 0) AS company, m.as_of, m.evidence,
            t.document->'description' AS text, m.block_time AS time, m.tx_hash
        FROM {moment.of("holding_marked")} m LEFT JOIN content t ON t.hash = m.evidence
        WHERE m.contract = %s ORDER BY m.block_number DESC, m.log_index DESC LIMIT %s
        """,
        (contract, limit),
    )


def _raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])
