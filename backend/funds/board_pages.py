"""Pages of the network's board."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.cities import queries as cities
from backend.errors import bad_field
from backend.funds import board, board_facts
from backend.funds.board_schemas import FIGURES
from backend.kit.answers import Paging, Reading
from backend.kit.moment import View
from backend.kit.types import Text as Words
from backend.merits.tokens import tokens
from backend.projects import projects
from backend.projects.names import KINDS
from backend.web.render import language_of, render

router = APIRouter()


@router.get("/board")
async def board_page(
    request: Request, view: Reading, year: Words = "", city: Words = "", kind: Words = ""
) -> Response:
    """The figures by which the network is measured."""
    asked = _asked(year, city, kind)
    found = await board.board(view.conn, view.moment, **asked)
    context = await _places(request, view) | {
        "at": view.at_block,
        "board": found,
        "asked": asked | {"year": found.year},
        "begun": board.year_at(view.moment) == found.year,
    }
    return render(request, "funds/board.html", context)


@router.get("/board/facts")
async def board_facts_page(
    request: Request,
    view: Reading,
    paging: Paging,
    figure: Words = "",
    year: Words = "",
    city: Words = "",
    kind: Words = "",
) -> Response:
    """The facts that a figure is made of."""
    if figure not in FIGURES:
        raise bad_field("figure", f"is none of {', '.join(FIGURES)}")
    asked = _asked(year, city, kind)
    asked["year"] = asked["year"] or board.year_at(view.moment)
    order = f"board:{figure}:" + ":".join(map(str, asked.values()))
    rows = await board_facts.facts(
        view.conn, view.moment, figure, **asked, after=paging.after(order, int, int), limit=paging.limit + 1
    )  # type: ignore[arg-type]
    shown, following = paging.next(order, rows, lambda row: (row.block_number, row.log_index))
    context = await _places(request, view) | {
        "at": view.at_block,
        "figure": figure,
        "asked": asked,
        "facts": shown,
        "further": request.url.include_query_params(cursor=following).query if following else "",
        "tokens": await tokens(request.app.state.chain, {one.token for one in shown}),
    }
    return render(request, "funds/board_facts.html", context)


async def _places(request: Request, view: View) -> dict[str, Any]:
    """The cities that have projects, by name."""
    numbers = await projects.cities(view.conn, view.moment)
    names = await cities.names(view.conn, view.moment, numbers)
    language = language_of(request)
    called = {number: getattr(names[number], language) for number in numbers if number in names}
    return {"names": names, "places": dict(sorted(called.items(), key=lambda place: place[1]))}


def _asked(year: str, city: str, kind: str) -> dict[str, Any]:
    """What was chosen. A form sends what was left open as empty, so all comes as text."""
    if kind and kind not in KINDS:
        raise bad_field("kind", f"is none of {', '.join(KINDS)}")
    return {"year": _number("year", year, 4), "city": _number("city", city, 10), "kind": kind or None}


def _number(field: str, chosen: str, digits: int) -> int | None:
    if not chosen:
        return None
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) <= digits) or not 0 < int(chosen) < 2**32:
        raise bad_field(field, "is not a number that this can be")
    return int(chosen)
