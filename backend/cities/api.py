"""Cities over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.cities import queries, service
from backend.cities.schemas import CityOverview, CitySummary
from backend.errors import not_found
from backend.kit.answers import Answer, Listing, Paging, Reading, problems
from backend.kit.types import CityId, Text
from backend.merits import queries as merits

router = APIRouter(prefix="/v1", tags=["cities"])


@router.get("/cities", responses=problems(422, 503))
async def list_cities(
    view: Reading,
    page: Paging,
    q: Annotated[Text, Query(description="Beginning of a word of the name, Russian or English.")] = "",
    order: Annotated[queries.Order, Query(description="Largest first; `id`: oldest first.")] = "population",
) -> Listing[CitySummary]:
    """Cities of the network."""
    tag = f"cities:{order}:{q}"
    after = page.after(tag, int, int)
    rows = await queries.listed(
        view.conn, view.moment, merits.issued(view.moment), q, order, after, page.limit + 1
    )
    shown, following = page.next(tag, rows, lambda row: (row[0], row[1].city_id))
    return Listing(at_block=view.at_block, data=[city for _, city in shown], next=following)


@router.get("/cities/{city_id}", responses=problems(404, 422, 503))
async def read_city(view: Reading, city_id: CityId) -> Answer[CityOverview]:
    """A city: its description, citizens, merits, rules, act kinds, offers, epochs, and its clearing with
    other cities.
    """
    found = await service.overview(view.conn, view.moment, city_id)
    if found is None:
        raise not_found("city", "city_id")
    return Answer(at_block=view.at_block, data=found)
