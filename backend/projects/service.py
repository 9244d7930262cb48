"""Putting together what a project has and what its campaigns raised."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import Moment
from backend.projects import campaigns, dossier, milestones, projects, requests
from backend.projects.schemas import CampaignMoney, CampaignSummary, Project, ProjectSummary

Conn = AsyncConnection
Some = TypeVar("Some", bound=ProjectSummary)

SHOWN = 50
"""How many backers and entries of its history an overview names."""
MOST_CAMPAIGNS = 5
"""Campaigns of which an overview says the milestones."""


async def overview(conn: Conn, moment: Moment, project_id: int) -> Project | None:
    """All that a project's page shows, None where there is no project with this number."""
    found = await projects.project(conn, moment, project_id)
    if found is None:
        return None
    await with_campaigns(conn, moment, [found])
    contracts = [_raw(campaign) for campaign in found.campaigns]
    sources = await campaigns.sources(conn, moment, contracts)
    found.track = dossier.track(found, await dossier.visits(conn, moment, project_id))
    found.team = await dossier.team(conn, moment, project_id)
    found.opinions = await dossier.opinions(conn, moment, project_id)
    found.cities = await dossier.cities(conn, moment, project_id)
    found.completed_courses = await dossier.courses(conn, moment, project_id)
    found.history = await dossier.history(conn, moment, project_id, limit=SHOWN)
    found.backers = await campaigns.backers(conn, moment, contracts, limit=SHOWN) if contracts else []
    found.money = [
        CampaignMoney(
            contract=campaign.contract,
            token=campaign.token,
            sources=sources.get(_raw(campaign), []),
            milestones=await milestones.of_campaign(conn, moment, _raw(campaign)),
        )
        for campaign in found.campaigns[:MOST_CAMPAIGNS]
    ]
    if found.request_id:
        found.request = await requests.request(conn, moment, found.request_id)
    return found


async def with_campaigns(conn: Conn, moment: Moment, listed: Sequence[Some]) -> Sequence[Some]:
    """Gives each project its campaigns."""
    if with_some := [project.project_id for project in listed]:
        by_project: dict[int, list[CampaignSummary]] = {}
        for campaign in await campaigns.of_projects(conn, moment, with_some):
            by_project.setdefault(campaign.project_id, []).append(campaign)
        for project in listed:
            project.campaigns = by_project.get(project.project_id, [])
    return listed


def _raw(campaign: CampaignSummary) -> bytes:
    return bytes.fromhex(campaign.contract[2:])
