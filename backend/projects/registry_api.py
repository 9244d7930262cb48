"""Projects and requests over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.errors import not_found
from backend.kit.answers import Answer, Listing, Paging, Reading, problems
from backend.kit.types import AddressIn, CityId, ProjectId, RequestId, Text
from backend.projects import answer, dossier, projects, requests, service
from backend.projects.answer_schemas import ProjectAnswer
from backend.projects.names import Form, Kind, Stage
from backend.projects.schemas import Project, ProjectEntry, ProjectSummary, Request, RequestSummary

router = APIRouter()

Words = Annotated[Text, Query(description="Beginnings of words of its texts, Russian or English.")]


@router.get("/projects", responses=problems(422, 503))
async def list_projects(
    view: Reading,
    page: Paging,
    q: Words = "",
    order: Annotated[
        projects.Order,
        Query(
            description="Largest first; `closing`: whose campaign closes soonest; `newest`: latest opened."
        ),
    ] = "newest",
    city: Annotated[CityId | None, Query(description="In which this city takes part.")] = None,
    kind: Annotated[Kind | None, Query(description="Of this kind.")] = None,
    stage: Annotated[Stage | None, Query(description="At this stage.")] = None,
    form: Annotated[Form | None, Query(description="With a campaign of this form.")] = None,
    author: Annotated[AddressIn | None, Query(description="Of this author.")] = None,
    request: Annotated[RequestId | None, Query(description="That answer this request.")] = None,
) -> Listing[ProjectSummary]:
    """Projects with their campaigns."""
    tag = f"projects:{order}:{q}:{city}:{kind}:{stage}:{form}:{author}:{request}"
    after = page.after(tag, int, int)
    rows = await projects.listed(
        view.conn, view.moment, q, order, city, kind, stage, form, author, request, after, page.limit + 1
    )
    shown, following = page.next(tag, rows, lambda row: (row[0], row[1].project_id))
    found = await service.with_campaigns(view.conn, view.moment, [project for _, project in shown])
    return Listing(at_block=view.at_block, data=list(found), next=following)


@router.get("/projects/{project_id}", responses=problems(404, 422, 503))
async def read_project(view: Reading, project_id: ProjectId) -> Answer[Project]:
    """A project: its way through the stages with who, when and why; team; experts' scores; support by city;
    campaigns, their milestones, sources and backers; history.
    """
    found = await service.overview(view.conn, view.moment, project_id)
    if found is None:
        raise not_found("project", "project_id")
    return Answer(at_block=view.at_block, data=found)


@router.get("/projects/{project_id}/answer", responses=problems(404, 422, 503))
async def answer_project(view: Reading, project_id: ProjectId) -> Answer[ProjectAnswer]:
    """What a project is told at once: its next step and what that lacks, missing resources, rounds, cities
    and campaigns that fit, and how similar projects went.
    """
    found = await answer.answer(view.conn, view.moment, project_id)
    if found is None:
        raise not_found("project", "project_id")
    return Answer(at_block=view.at_block, data=found)


@router.get("/projects/{project_id}/history", responses=problems(404, 422, 503))
async def list_project_entries(view: Reading, page: Paging, project_id: ProjectId) -> Listing[ProjectEntry]:
    """All that happened to a project, newest first; support is counted and not listed."""
    if not await projects.exists(view.conn, view.moment, project_id):
        raise not_found("project", "project_id")
    after = page.after("project history", int, int)
    rows = await dossier.history(view.conn, view.moment, project_id, after, page.limit + 1)
    shown, following = page.next("project history", rows, lambda row: (row.block_number, row.log_index))
    return Listing(at_block=view.at_block, data=shown, next=following)


@router.get("/requests", responses=problems(422, 503))
async def list_requests(
    view: Reading,
    page: Paging,
    q: Words = "",
    city: Annotated[CityId | None, Query(description="Of this city.")] = None,
    kind: Annotated[Kind | None, Query(description="Of this kind.")] = None,
    open: Annotated[bool, Query(description="Only those that ideas can answer at this block.")] = False,
) -> Listing[RequestSummary]:
    """Requests, newest first."""
    after = page.after("requests", int)
    last = after[0] if after else None
    rows = await requests.listed(view.conn, view.moment, q, city, kind, open, last, page.limit + 1)
    shown, following = page.next("requests", rows, lambda row: (row.request_id,))
    return Listing(at_block=view.at_block, data=shown, next=following)


@router.get("/requests/{request_id}", responses=problems(404, 422, 503))
async def read_request(view: Reading, request_id: RequestId) -> Answer[Request]:
    """A request: what is asked for, its budget, until when ideas can answer it."""
    found = await requests.request(view.conn, view.moment, request_id)
    if found is None:
        raise not_found("request", "request_id")
    return Answer(at_block=view.at_block, data=found)
