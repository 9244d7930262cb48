"""Pages about funds."""

from collections.abc import Awaitable, Callable
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from backend.cities import queries as cities
from backend.errors import bad_field, not_found
from backend.funds import funds, service
from backend.funds.acting import acting_of
from backend.funds.beneath_view import beneath_of
from backend.funds.fund_view import steps
from backend.funds.mandate import mandate_in_words, terms_in_words
from backend.funds.names import Phase
from backend.funds.schemas import Fund
from backend.kit.answers import Paging, Reading
from backend.kit.moment import View
from backend.kit.types import AddressIn, checksum, parse_address
from backend.kit.types import Text as Words
from backend.merits.tokens import tokens
from backend.projects.names import FORMS, KINDS
from backend.web.render import language_of, render

router = APIRouter()

PHASES: tuple[Phase, ...] = get_args(Phase)

Part = Callable[[Request, View, Fund], Awaitable[dict[str, Any]]]

PARTS: tuple[Part, ...] = (acting_of, beneath_of)
"""What templates that the fund page includes need besides the fund."""


@router.get("/funds")
async def catalogue(
    request: Request,
    view: Reading,
    paging: Paging,
    search: Words = "",
    organisation: Words = "",
    kind: Words = "",
    form: Words = "",
    city: Words = "",
    vintage: Words = "",
    phase: Words = "",
) -> Response:
    # A form sends what was left open as empty, so all that is chosen comes as text.
    asked = {
        "search": search.strip(),
        "organisation": _address("organisation", organisation.strip()),
        "kind": _one("kind", kind, KINDS),
        "form": _one("form", form, FORMS),
        "city": _number("city", city),
        "vintage": _number("vintage", vintage),
        "phase": _one("phase", phase, PHASES),
    }
    tag = "funds:" + ":".join(map(str, asked.values()))
    after = paging.after(tag, int, str)
    rows = await funds.listed(view.conn, view.moment, **asked, after=after, limit=paging.limit + 1)
    shown, following = paging.next(tag, rows, lambda row: (row.launched_at, row.contract[2:].lower()))
    places = await funds.cities(view.conn, view.moment)
    names = await cities.names(view.conn, view.moment, places)
    language = language_of(request)
    called = {number: getattr(names[number], language) for number in places if number in names}
    context = {
        "at": view.at_block,
        "asked": asked | {"organisation": organisation.strip()},
        "filtered": any(asked.values()),
        "funds": shown,
        "places": dict(sorted(called.items(), key=lambda place: place[1])),
        "vintages": await funds.vintages(view.conn, view.moment),
        "tokens": await tokens(request.app.state.chain, [fund.token for fund in shown]),
        "further": request.url.include_query_params(cursor=following).query if following else "",
    }
    return render(request, "funds/funds.html", context)


@router.get("/funds/{address}")
async def fund(request: Request, view: Reading, address: AddressIn) -> Response:
    spelt = f"/{language_of(request)}/funds/{checksum(address)}"
    if request.url.path != spelt:
        return RedirectResponse(str(request.url.replace(scheme="", netloc="", path=spelt)), 301)
    found = await service.fund(view.conn, view.moment, address)
    if found is None:
        raise not_found("fund", "address")
    mentioned = [*found.mandate.cities, *(held.city_id for held in found.holdings if held.city_id)]
    names = await cities.names(view.conn, view.moment, mentioned)
    known = await tokens(request.app.state.chain, [found.token])
    context: dict[str, Any] = {
        "at": view.at_block,
        "fund": found,
        "names": names,
        "tokens": known,
        "steps": steps(found.flows, view.moment.time),
        "mandate": mandate_in_words(found.mandate, names),
        "terms": terms_in_words(found.terms, known.get(found.token)),
    }
    for part in PARTS:
        context |= await part(request, view, found)
    return render(request, "funds/fund.html", context)


def _one(field: str, chosen: str, known: tuple[str, ...]) -> Any:
    """What was chosen, None for nothing. Raises Problem."""
    if chosen and chosen not in known:
        raise bad_field(field, f"is none of {', '.join(known)}")
    return chosen or None


def _number(field: str, chosen: str) -> int | None:
    if chosen and not (chosen.isascii() and chosen.isdigit() and len(chosen) <= 9):
        raise bad_field(field, "is not a number")
    return int(chosen) if chosen else None


def _address(field: str, chosen: str) -> bytes | None:
    try:
        return parse_address(chosen) if chosen else None
    except ValueError as wrong:
        raise bad_field(field, str(wrong)) from None
