"""Partners of funds over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from backend.errors import not_found
from backend.funds import funds, look_through, notices, partner_csv, partners, statements
from backend.funds.partner_schemas import Beneath, Notices, Partner
from backend.funds.periods import Period
from backend.kit.answers import Answer, Listing, Reading, problems
from backend.kit.types import AddressIn
from backend.merits.tokens import tokens

router = APIRouter()

Year = Annotated[int | None, Query(ge=1971, le=9998, description="Calendar year, UTC; with `quarter`.")]
Quarter = Annotated[int | None, Query(ge=1, le=4, description="Unless told with `year`, that of the block.")]

CSV = {
    200: {
        "description": "CSV with a header; amounts in base units and, where the token says how, in whole"
        " ones. `At-Block` names the block.",
        "content": {"text/csv": {"example": "section,heading,total,…\n"}},
    }
}


@router.get("/partners/{address}", responses=problems(422, 503))
async def read_partner(view: Reading, address: AddressIn) -> Answer[Partner]:
    """A partner of funds: commitments, calls due, units and what they are worth, credited, claimable, net
    rate of return, and the projects beneath, looked through funds of funds.
    """
    return Answer(at_block=view.at_block, data=await partners.partner(view.conn, view.moment, address))


@router.get("/partners/{address}/notices", responses=problems(422, 503))
async def read_notices(view: Reading, address: AddressIn) -> Answer[Notices]:
    """Notices to a partner: capital calls, and what was credited to the units, with the split of its
    distribution.
    """
    return Answer(at_block=view.at_block, data=await notices.notices(view.conn, view.moment, address))


@router.get("/partners/{address}/notices.csv", response_class=Response, responses=CSV | problems(422, 503))
async def export_notices(request: Request, view: Reading, address: AddressIn) -> Response:
    """Notices to a partner as a table."""
    found = await notices.notices(view.conn, view.moment, address)
    known = await tokens(request.app.state.chain, {one.token for one in (*found.calls, *found.credits)})
    return partner_csv.of_notices(found, known, view.at_block)


@router.get(
    "/partners/{address}/funds/{fund}/statement.csv",
    response_class=Response,
    responses=CSV | problems(404, 422, 503),
)
async def export_statement(
    request: Request,
    view: Reading,
    address: AddressIn,
    fund: AddressIn,
    year: Year = None,
    quarter: Quarter = None,
) -> Response:
    """A partner's statement of a fund for a quarter, under the headings of the ILPA reporting template."""
    period = period_of(view.moment.time, year, quarter)
    made = await statements.statement(view.conn, view.moment, address, fund, period)
    if made is None:
        raise not_found("position", "fund")
    known = await tokens(request.app.state.chain, [made.position.token])
    return partner_csv.of_statement(made, known, view.at_block)


@router.get("/funds/{address}/beneath", responses=problems(404, 422, 503))
async def read_beneath(view: Reading, address: AddressIn) -> Listing[Beneath]:
    """The projects beneath a fund, looked through the funds that it holds units of; most value first, all at
    once.
    """
    if not await funds.exists(view.conn, view.moment, address):
        raise not_found("fund", "address")
    return Listing(at_block=view.at_block, data=await look_through.of_fund(view.conn, view.moment, address))


def period_of(now: int, year: int | None, quarter: int | None) -> Period:
    """The period asked for: unless told, that of the block; of a year alone, its last quarter, or the
    present one.
    """
    present = Period.of(now)
    if year is None:
        return present
    return Period(year, quarter or (present.quarter if year == present.year else 4))
