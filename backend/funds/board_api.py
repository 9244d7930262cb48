"""The network's board over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.cities import queries as cities
from backend.funds import board, board_facts
from backend.funds.board_schemas import Board, Figure, Trace
from backend.kit.answers import Answer, Listing, Paging, Reading, problems
from backend.kit.types import CityId
from backend.projects.names import Kind

router = APIRouter()

Year = Annotated[
    int | None, Query(ge=1970, le=9998, description="Calendar year, UTC; unless told, that of the block.")
]
City = Annotated[CityId | None, Query(description="Projects of this home city; unless told, of all.")]
OfKind = Annotated[Kind | None, Query(description="Projects of this kind; unless told, of all.")]


@router.get("/board", responses=problems(422, 503))
async def read_board(
    view: Reading, year: Year = None, city: City = None, kind: OfKind = None
) -> Answer[Board]:
    """The figures by which the network is measured: value of its companies, venture money of a year,
    intellectual property; by year, home city and kind of project. And the sums of all funds, each counted
    once.
    """
    found = await board.board(view.conn, view.moment, year, city, kind)
    names = await cities.names(view.conn, view.moment, [one.city_id for one in found.cities])
    for one in found.cities:
        one.name = names.get(one.city_id)
    return Answer(at_block=view.at_block, data=found)


@router.get("/board/facts", responses=problems(422, 503))
async def list_board_facts(
    view: Reading,
    page: Paging,
    figure: Annotated[Figure, Query(description="The figure; those of all funds begin with `funds_`.")],
    year: Year = None,
    city: City = None,
    kind: OfKind = None,
) -> Listing[Trace]:
    """The facts that a figure of the board is the sum of, newest first."""
    order = f"board:{figure}:{year}:{city}:{kind}"
    found = await board_facts.facts(
        view.conn, view.moment, figure, year or board.year_at(view.moment), city, kind,
        page.after(order, int, int), page.limit + 1,
    )  # fmt: skip
    shown, following = page.next(order, found, lambda row: (row.block_number, row.log_index))
    return Listing(at_block=view.at_block, data=shown, next=following)
