"""The automatic answer: computed whenever it is asked for, so it is never older than the ledger."""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds import fits
from backend.kit.moment import Moment
from backend.projects import campaigns, likeness, projects, requests
from backend.projects.answer_schemas import Figure, Money, Mover, NextStep, ProjectAnswer, What
from backend.projects.money_schemas import CampaignSummary
from backend.projects.names import KINDS, STAGES, Stage
from backend.projects.schemas import Project

Conn = AsyncConnection

BY_AUTHOR: tuple[Stage, ...] = ("request", "idea", "team", "design", "acceleration")
"""Stages that the author ends, each with documents."""
USABLE = ("funded", "completed")
"""Phases of a campaign that a project can be implemented with."""
UNDER_WAY = (*USABLE, "cooling", "open", "upcoming")
"""Phases of a campaign that money can still come from, the furthest on first."""


async def answer(conn: Conn, moment: Moment, project_id: int) -> ProjectAnswer | None:
    """What a project is told, None where there is none with this number."""
    project = await projects.project(conn, moment, project_id)
    if project is None:
        return None
    project.campaigns = await campaigns.of_projects(conn, moment, [project_id])
    if project.request_id:
        project.request = await requests.request(conn, moment, project.request_id)
    return await answer_to(conn, moment, project)


async def answer_to(conn: Conn, moment: Moment, project: Project) -> ProjectAnswer:
    """What a project is told whose campaigns and request were read with it."""
    project_id, request = project.project_id, project.request
    money = _leading(project.campaigns, project)
    return ProjectAnswer(
        project_id=project_id,
        stage=project.stage,
        paused=project.paused,
        next=next_step(project, money, request is None or request.open),
        resources=resources(project),
        money=Money.model_validate(money, from_attributes=True) if money else None,
        rounds=await likeness.rounds(conn, moment, project_id),
        cities=await likeness.cities(conn, moment, project_id),
        campaigns=await likeness.campaigns(conn, moment, project_id),
        funds=await fits.of_project(conn, moment, project_id, KINDS.index(project.kind), project.city_id),
        experience=await likeness.experience(conn, moment, project_id),
    )


def _leading(found: list[CampaignSummary], project: Project) -> CampaignSummary | None:
    """The campaign that the project is implemented with, unless it was stopped; else the one furthest on."""
    live = [campaign for campaign in found if campaign.phase in UNDER_WAY]
    return min(
        live,
        key=lambda one: (one.contract != project.campaign, UNDER_WAY.index(one.phase)),
        default=None,
    )


def next_step(project: Project, money: CampaignSummary | None, answerable: bool) -> NextStep | None:
    """What the present stage's guard in `ProjectRegistry` asks for. `answerable`: the request that the
    project answers is open, or it answers none.
    """
    if project.stage == "completed":
        return None
    asked = {figure.what: figure for figure in resources(project)}
    needs = {
        "request": [_whether("open_request", answerable)] if project.request_id else [],
        "premoderation": [_whether("thresholds", project.thresholds is not None)],
        "assessment": [asked["support"]],
        "expertise": [asked["experts"], asked["score"]],
        "team": [asked["team"]],
        "acceleration": [asked["courses"]],
        "financing": [_whether("campaign", bool(money and money.phase in USABLE))],
        "implementation": _implemented(project, money),
    }.get(project.stage, [])
    mover: Mover = "anybody"
    if project.stage in BY_AUTHOR:
        mover = "author"
    elif project.stage == "premoderation":
        mover = "moderator"
    return NextStep(
        to=STAGES[STAGES.index(project.stage) + 1],
        by=mover,
        gives={"author": "documents", "moderator": "reason"}.get(mover),
        needs=needs,
        ready=project.paused is None and not any(need.missing for need in needs),
    )


def _implemented(project: Project, money: CampaignSummary | None) -> list[Figure]:
    """The milestones of its campaign; another funded one where that was stopped."""
    if money is None or money.contract != project.campaign:
        return [_whether("campaign", False)]
    return [Figure(what="milestones", given=money.milestone, needed=len(money.milestones))]


def resources(project: Project) -> list[Figure]:
    """What the way through all stages takes, beside money, and what of it is there."""
    asked = project.thresholds
    behind = STAGES[: STAGES.index(project.stage)]
    figures: dict[What, tuple[int, int | None]] = {
        "description": (int(bool(project.title and project.description)), 1),
        "documents": (sum(stage in BY_AUTHOR for stage in behind), len(BY_AUTHOR)),
        "support": (project.support, asked and asked.support),
        "experts": (project.scores, asked and asked.experts),
        "score": (project.mean or 0, asked and asked.score),
        "team": (project.members, asked and asked.team),
        "courses": (project.courses, asked and asked.courses),
    }
    return [Figure(what=what, given=given, needed=needed) for what, (given, needed) in figures.items()]


def _whether(what: What, given: bool) -> Figure:
    return Figure(what=what, given=int(given), needed=1)
