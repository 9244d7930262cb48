"""Pages about projects and requests."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.cities import queries as cities
from backend.errors import bad_field, not_found
from backend.kit.answers import Paging, Reading
from backend.kit.moment import View
from backend.kit.types import CityId, ProjectId, RequestId
from backend.kit.types import Text as Words
from backend.merits.tokens import tokens
from backend.projects import projects, requests, service
from backend.projects.acting import votes_of
from backend.projects.answer_view import answer_of
from backend.projects.campaign_view import campaigns_of
from backend.projects.names import FORMS, KINDS, STAGES
from backend.projects.schemas import Project, ProjectSummary
from backend.web.render import language_of, render

router = APIRouter()

Part = Callable[[Request, View, Project], Awaitable[dict[str, Any]]]

PARTS: tuple[Part, ...] = (campaigns_of, votes_of, answer_of)
"""What templates that the project page includes need besides the project."""


@router.get("/projects")
async def catalogue(
    request: Request,
    view: Reading,
    paging: Paging,
    search: Words = "",
    city: Words = "",
    kind: Words = "",
    stage: Words = "",
    form: Words = "",
    order: Words = "newest",
) -> Response:
    # A form sends what was left open as empty, so all that is chosen comes as text.
    asked = {
        "search": search.strip(),
        "city": _number("city", city),
        "kind": _one("kind", kind, KINDS),
        "stage": _one("stage", stage, STAGES),
        "form": _one("form", form, FORMS),
        "order": _one("order", order, projects.ORDERS) or "newest",
    }
    tag = "projects:" + ":".join(map(str, asked.values()))
    after = paging.after(tag, int, int)
    rows = await projects.listed(view.conn, view.moment, **asked, after=after, limit=paging.limit + 1)
    shown, following = paging.next(tag, rows, lambda row: (row[0], row[1].project_id))
    found = await service.with_campaigns(view.conn, view.moment, [project for _, project in shown])
    places = await projects.cities(view.conn, view.moment)
    names = await cities.names(view.conn, view.moment, places)
    language = language_of(request)
    called = {number: getattr(names[number], language) for number in places if number in names}
    context = {
        "at": view.at_block,
        "asked": asked,
        "filtered": any(value for name, value in asked.items() if name != "order"),
        "projects": found,
        "names": names,
        "places": dict(sorted(called.items(), key=lambda place: place[1])),
        "tokens": await _tokens(request, found),
        "further": _further(request, following),
    }
    return render(request, "projects/projects.html", context)


@router.get("/projects/{project_id}")
async def project(request: Request, view: Reading, project_id: ProjectId) -> Response:
    found = await service.overview(view.conn, view.moment, project_id)
    if found is None:
        raise not_found("project", "project_id")
    mentioned = [part.city_id for part in found.cities] + [opinion.city_id for opinion in found.opinions]
    mentioned += [entry.city_id for entry in found.history if entry.city_id]
    budget = [found.request.token] if found.request else []
    context: dict[str, Any] = {
        "at": view.at_block,
        "project": found,
        "names": await cities.names(view.conn, view.moment, mentioned),
        "tokens": await _tokens(request, [found], budget),
    }
    for part in PARTS:
        context |= await part(request, view, found)
    return render(request, "projects/project.html", context)


@router.get("/requests")
async def request_list(
    request: Request, view: Reading, paging: Paging, city: CityId | None = None
) -> Response:
    after = paging.after("requests", int)
    rows = await requests.listed(
        view.conn, view.moment, city=city, after=after[0] if after else None, limit=paging.limit + 1
    )
    shown, following = paging.next("requests", rows, lambda row: (row.request_id,))
    mentioned = [found.city_id for found in shown] + ([city] if city else [])
    names = await cities.names(view.conn, view.moment, mentioned)
    context = {
        "at": view.at_block,
        "requests": shown,
        "names": names,
        "city_id": city,
        "city_name": names.get(city) if city else None,
        "tokens": await tokens(request.app.state.chain, [found.token for found in shown]),
        "further": _further(request, following),
    }
    return render(request, "projects/requests.html", context)


@router.get("/requests/{request_id}")
async def request_page(request: Request, view: Reading, request_id: RequestId) -> Response:
    found = await requests.request(view.conn, view.moment, request_id)
    if found is None:
        raise not_found("request", "request_id")
    rows = await projects.listed(view.conn, view.moment, order="support", request=request_id)
    answers = await service.with_campaigns(view.conn, view.moment, [answer for _, answer in rows])
    mentioned = [found.city_id, *(answer.city_id for answer in answers)]
    context = {
        "at": view.at_block,
        "request": found,
        "projects": answers,
        "names": await cities.names(view.conn, view.moment, mentioned),
        "tokens": await _tokens(request, answers, [found.token]),
    }
    return render(request, "projects/request.html", context)


async def _tokens(
    request: Request, found: Iterable[ProjectSummary], further: Iterable[str | None] = ()
) -> Any:
    """What the tokens of the projects' campaigns, and further ones, call themselves."""
    used = [campaign.token for project in found for campaign in project.campaigns]
    return await tokens(request.app.state.chain, [*used, *further])


def _one(field: str, chosen: str, known: tuple[str, ...]) -> Any:
    """What was chosen, None for nothing. Raises Problem."""
    if chosen and chosen not in known:
        raise bad_field(field, f"is none of {', '.join(known)}")
    return chosen or None


def _number(field: str, chosen: str) -> int | None:
    if not chosen:
        return None
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) <= 10):
        raise bad_field(field, "is not the number of a city")
    return int(chosen)


def _further(request: Request, following: str | None) -> str:
    """The query of the list's next page, empty on the last one."""
    return request.url.include_query_params(cursor=following).query if following else ""
