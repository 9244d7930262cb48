"""Campaigns, backers and rounds over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from backend.errors import not_found
from backend.kit.answers import Answer, Listing, Paging, Reading, problems
from backend.kit.types import AddressIn, CityId
from backend.merits.tokens import tokens
from backend.projects import backers, campaigns, rounds, statements
from backend.projects.money_schemas import Backer, Campaign, Portfolio, Round, RoundSummary

router = APIRouter()

Year = Annotated[int, Query(ge=1970, le=9999, description="Calendar year, UTC.")]

CSV = {
    200: {
        "description": "CSV with a header; amounts in base units and, where the token says how, in whole"
        " ones. `At-Block` names the block.",
        "content": {"text/csv": {"example": "time,entry,project_id,campaign,…\n"}},
    }
}


@router.get("/campaigns/{address}", responses=problems(404, 422, 503))
async def read_campaign(view: Reading, address: AddressIn) -> Answer[Campaign]:
    """A campaign: phase, terms, money and where it came from, milestones with their reports, what counts in
    its
    matching round.
    """
    found = await campaigns.campaign(view.conn, view.moment, address)
    if found is None:
        raise not_found("campaign", "address")
    return Answer(at_block=view.at_block, data=found)


@router.get("/campaigns/{address}/backers", responses=problems(404, 422, 503))
async def list_backers(view: Reading, page: Paging, address: AddressIn) -> Listing[Backer]:
    """Who backs a campaign, most first: wallets and sums, nothing of the persons."""
    if not await campaigns.summaries(view.conn, view.moment, [address]):
        raise not_found("campaign", "address")
    after = page.after("backers", str, str)
    rows = await campaigns.backers(view.conn, view.moment, [address], after, page.limit + 1)
    shown, following = page.next("backers", rows, lambda row: (str(row.pledged), row.backer[2:].lower()))
    return Listing(at_block=view.at_block, data=shown, next=following)


@router.get("/backers/{address}", responses=problems(422, 503))
async def read_backer(view: Reading, address: AddressIn) -> Answer[Portfolio]:
    """A backer's portfolio: pledged, withdrawable, refundable, claimable, repaid, and the year's limit."""
    return Answer(at_block=view.at_block, data=await backers.portfolio(view.conn, view.moment, address))


@router.get("/backers/{address}/statement.csv", response_class=Response, responses=CSV | problems(422, 503))
async def export_statement(request: Request, view: Reading, address: AddressIn, year: Year) -> Response:
    """An investor's statement of a year: all that was paid and received."""
    made = await statements.of_backer(view.conn, view.moment, address, year)
    known = await tokens(request.app.state.chain, made.tokens)
    return statements.csv(made, known, f"statement-{year}", view.at_block)


@router.get("/cities/{city_id}/spending.csv", response_class=Response, responses=CSV | problems(422, 503))
async def export_spending(request: Request, view: Reading, city_id: CityId, year: Year) -> Response:
    """A city's spending report of a year: matching rounds, and money of the state in its projects."""
    made = await statements.of_city(view.conn, view.moment, city_id, year)
    known = await tokens(request.app.state.chain, made.tokens)
    return statements.csv(made, known, f"spending-{city_id}-{year}", view.at_block)


@router.get("/rounds", responses=problems(422, 503))
async def list_rounds(
    view: Reading,
    page: Paging,
    city: Annotated[CityId | None, Query(description="Rounds of this city.")] = None,
) -> Listing[RoundSummary]:
    """Matching rounds, newest first."""
    after = page.after("rounds", int)
    rows = await rounds.listed(view.conn, view.moment, city, after[0] if after else None, page.limit + 1)
    shown, following = page.next("rounds", rows, lambda row: (row.round_id,))
    return Listing(at_block=view.at_block, data=shown, next=following)


@router.get("/rounds/{round_id}", responses=problems(404, 422, 503))
async def read_round(view: Reading, round_id: Annotated[int, Path(ge=1, le=2**32 - 1)]) -> Answer[Round]:
    """A matching round: `estimate` until it is settled, `final` from then on; never both."""
    found = await rounds.round_(view.conn, view.moment, round_id)
    if found is None:
        raise not_found("round", "round_id")
    return Answer(at_block=view.at_block, data=found)
