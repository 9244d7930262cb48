"""Pages about campaigns, backers and rounds."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from backend.cities import queries as cities
from backend.errors import not_found
from backend.kit.answers import Paging, Reading
from backend.kit.moment import View
from backend.kit.types import AddressIn, CityId, checksum
from backend.merits.tokens import tokens
from backend.projects import backers, projects, rounds, statements
from backend.projects.campaign_view import campaign_views
from backend.projects.statements import Statement
from backend.relay import queries as relay
from backend.web.render import language_of, render

router = APIRouter()

ACTIONS = 10
"""What is under way or was done lately, on the portfolio."""

RoundId = Annotated[int, Path(ge=1, le=2**32 - 1)]
Year = Annotated[int | None, Query(ge=1970, le=9999)]


@router.get("/campaigns/{address}")
async def campaign(request: Request, view: Reading, address: AddressIn) -> Response:
    session = request.state.session
    shown = await campaign_views(view, [address], session.account if session else None)
    if not shown:
        raise not_found("campaign", "address")
    found = shown[0].campaign
    context = {
        "at": view.at_block,
        "shown": shown[0],
        "titles": await projects.titles(view.conn, view.moment, [found.project_id]),
        "names": await cities.names(view.conn, view.moment, [found.city_id]),
        "tokens": await tokens(request.app.state.chain, [found.token]),
    }
    return render(request, "projects/campaign_page.html", context)


@router.get("/portfolio")
async def portfolio(request: Request, view: Reading) -> Response:
    """What who is signed in has in campaigns."""
    session = request.state.session
    if session is None:
        return render(request, "projects/portfolio.html", {"at": view.at_block})
    actions = [action for _, action in await relay.of_account(view.conn, session.account, limit=ACTIONS)]
    context = await _portfolio(request, view, session.account)
    return render(request, "projects/portfolio.html", context | {"actions": actions})


@router.get("/backers/{address}")
async def backer(request: Request, view: Reading, address: AddressIn) -> Response:
    """What everybody sees of a wallet's part in campaigns."""
    spelt = request.url.replace(
        scheme="", netloc="", path=f"/{language_of(request)}/backers/{checksum(address)}"
    )
    if request.url.path != spelt.path:
        return RedirectResponse(str(spelt), 301)
    return render(request, "projects/backer.html", await _portfolio(request, view, address))


async def _portfolio(request: Request, view: View, account: bytes) -> dict[str, Any]:
    found = await backers.portfolio(view.conn, view.moment, account)
    held = found.holdings
    return {
        "at": view.at_block,
        "portfolio": found,
        "titles": await projects.titles(view.conn, view.moment, [h.project_id for h in held]),
        "names": await cities.names(view.conn, view.moment, [h.city_id for h in held]),
        "tokens": await tokens(request.app.state.chain, [total.token for total in found.sums]),
    }


@router.get("/backers/{address}/statement")
async def statement(request: Request, view: Reading, address: AddressIn, year: Year = None) -> Response:
    """An investor's statement of a year, to be printed or kept as a PDF."""
    year = year or _year(view)
    made = await statements.of_backer(view.conn, view.moment, address, year)
    context = await _statement(request, view, made) | {"address": checksum(address), "city_id": None}
    return render(request, "projects/statement.html", context)


@router.get("/cities/{city_id}/spending")
async def spending(request: Request, view: Reading, city_id: CityId, year: Year = None) -> Response:
    """A city's spending report of a year, to be printed or kept as a PDF."""
    year = year or _year(view)
    made = await statements.of_city(view.conn, view.moment, city_id, year)
    names = await cities.names(view.conn, view.moment, [city_id])
    context = await _statement(request, view, made)
    return render(
        request, "projects/statement.html", context | {"address": None, "city_id": city_id, "names": names}
    )


async def _statement(request: Request, view: View, made: Statement) -> dict[str, Any]:
    numbers = sorted({line.project_id for line in made.lines if line.project_id})
    return {
        "at": view.at_block,
        "statement": made,
        "last_year": _year(view),
        "titles": await projects.titles(view.conn, view.moment, numbers),
        "tokens": await tokens(request.app.state.chain, made.tokens),
    }


def _year(view: View) -> int:
    return datetime.fromtimestamp(view.moment.time, UTC).year


@router.get("/rounds")
async def list_rounds(
    request: Request, view: Reading, paging: Paging, city: CityId | None = None
) -> Response:
    after = paging.after("rounds", int)
    rows = await rounds.listed(view.conn, view.moment, city, after[0] if after else None, paging.limit + 1)
    shown, following = paging.next("rounds", rows, lambda row: (row.round_id,))
    numbers = {found.city_id for found in shown} | ({city} if city else set())
    context = {
        "at": view.at_block,
        "rounds": shown,
        "next": following,
        "city_id": city,
        "names": await cities.names(view.conn, view.moment, sorted(numbers)),
        "tokens": await tokens(request.app.state.chain, [found.token for found in shown]),
    }
    return render(request, "projects/rounds.html", context)


@router.get("/rounds/{round_id}")
async def read_round(request: Request, view: Reading, round_id: RoundId) -> Response:
    found = await rounds.round_(view.conn, view.moment, round_id)
    if found is None:
        raise not_found("round", "round_id")
    context = {
        "at": view.at_block,
        "round": found,
        "titles": await projects.titles(view.conn, view.moment, [e.project_id for e in found.entries]),
        "names": await cities.names(view.conn, view.moment, [found.city_id]),
        "tokens": await tokens(request.app.state.chain, [found.token]),
    }
    return render(request, "projects/round.html", context)
