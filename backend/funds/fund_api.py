"""Funds over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.errors import not_found
from backend.funds import funds, service
from backend.funds.names import Phase
from backend.funds.schemas import Fund, FundSummary
from backend.kit.answers import Answer, Listing, Paging, Reading, problems
from backend.kit.types import AddressIn, CityId, Text
from backend.projects.names import Form, Kind

router = APIRouter()

Vintage = Annotated[int, Query(ge=1970, le=9999, description="Year (UTC) of the first closing.")]


@router.get("/funds", responses=problems(422, 503))
async def list_funds(
    view: Reading,
    page: Paging,
    q: Annotated[Text, Query(description="Words, or their beginnings, of its name and texts.")] = "",
    organisation: Annotated[AddressIn | None, Query(description="Launched by this account.")] = None,
    kind: Annotated[Kind | None, Query(description="Its mandate has projects of this kind.")] = None,
    form: Annotated[Form | None, Query(description="Its mandate has campaigns of this form.")] = None,
    city: Annotated[
        CityId | None, Query(description="Its mandate has projects of this city, or any.")
    ] = None,
    vintage: Vintage | None = None,
    phase: Annotated[Phase | None, Query(description="In this phase.")] = None,
) -> Listing[FundSummary]:
    """Funds, the last one launched first."""
    asked = (q, organisation, kind, form, city, vintage, phase)
    tag = "funds:" + ":".join(map(str, asked))
    after = page.after(tag, int, str)
    rows = await funds.listed(view.conn, view.moment, *asked, after=after, limit=page.limit + 1)
    shown, following = page.next(tag, rows, lambda row: (row.launched_at, row.contract[2:].lower()))
    return Listing(at_block=view.at_block, data=shown, next=following)


@router.get("/funds/{address}", responses=problems(404, 422, 503))
async def read_fund(view: Reading, address: AddressIn) -> Answer[Fund]:
    """A fund: phase, mandate, terms, books, performance, holdings with the age of their marks and the stage
    of their projects, calls, distributions, motions, cash flows by day.
    """
    found = await service.fund(view.conn, view.moment, address)
    if found is None:
        raise not_found("fund", "address")
    return Answer(at_block=view.at_block, data=found)
