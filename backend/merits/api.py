"""Citizens, offers and vouchers over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.cities import queries as cities
from backend.errors import not_found
from backend.kit.answers import Answer, Listing, Paging, Reading, problems
from backend.kit.types import AddressIn, CityId, OfferId, VoucherId
from backend.merits import accounts, rewards, service
from backend.merits.schemas import Citizen, Entry, Offer, Voucher

router = APIRouter(prefix="/v1", tags=["merits"])


@router.get("/citizens/{address}", responses=problems(422, 503))
async def read_citizen(view: Reading, address: AddressIn) -> Answer[Citizen]:
    """A wallet: balance per city, what expires when, standing, awards to claim with their proofs, vouchers,
    history.
    """
    return Answer(at_block=view.at_block, data=await service.citizen(view.conn, view.moment, address))


@router.get("/citizens/{address}/history", responses=problems(422, 503))
async def list_entries(view: Reading, page: Paging, address: AddressIn) -> Listing[Entry]:
    """All that changed a wallet's merits, newest first."""
    after = page.after("history", int, int)
    rows = await accounts.entries(view.conn, view.moment, address, after, page.limit + 1)
    shown, following = page.next("history", rows, lambda row: (row.block_number, row.log_index))
    return Listing(at_block=view.at_block, data=shown, next=following)


@router.get("/citizens/{address}/vouchers", responses=problems(422, 503))
async def list_vouchers(view: Reading, page: Paging, address: AddressIn) -> Listing[Voucher]:
    """A citizen's vouchers, newest first, those of the wallets before a recovery included."""
    after = page.after("vouchers", int, int)
    former = await cities.former_wallets(view.conn, view.moment, address)
    rows = await rewards.vouchers_of(view.conn, view.moment, address, former, after, page.limit + 1)
    shown, following = page.next("vouchers", rows, lambda row: row[0])
    return Listing(at_block=view.at_block, data=[voucher for _, voucher in shown], next=following)


@router.get("/offers", responses=problems(422, 503))
async def list_offers(
    view: Reading,
    page: Paging,
    city: Annotated[CityId | None, Query(description="Offers that accept this city's merits.")] = None,
    partner: Annotated[AddressIn | None, Query(description="Offers of this business.")] = None,
    open: Annotated[bool, Query(description="Only those that can be redeemed at this block.")] = False,
) -> Listing[Offer]:
    """Offers, newest first."""
    after = page.after("offers", int)
    rows = await rewards.offers(
        view.conn, view.moment, city, partner, open, after=after[0] if after else None, limit=page.limit + 1
    )
    shown, following = page.next("offers", rows, lambda row: (row.offer_id,))
    return Listing(at_block=view.at_block, data=shown, next=following)


@router.get("/offers/{offer_id}", responses=problems(404, 422, 503))
async def read_offer(view: Reading, offer_id: OfferId) -> Answer[Offer]:
    """An offer: price, stock, times, whose merits it accepts, its sponsor's pool."""
    found = await rewards.offer(view.conn, view.moment, offer_id)
    if found is None:
        raise not_found("offer", "offer_id")
    return Answer(at_block=view.at_block, data=found)


@router.get("/offers/{offer_id}/vouchers", responses=problems(404, 422, 503))
async def list_offer_vouchers(view: Reading, page: Paging, offer_id: OfferId) -> Listing[Voucher]:
    """Vouchers of an offer, newest first."""
    if await rewards.offer(view.conn, view.moment, offer_id) is None:
        raise not_found("offer", "offer_id")
    after = page.after("offer vouchers", int, int)
    rows = await rewards.vouchers_at(view.conn, view.moment, offer_id, after, page.limit + 1)
    shown, following = page.next("offer vouchers", rows, lambda row: row[0])
    return Listing(at_block=view.at_block, data=[voucher for _, voucher in shown], next=following)


@router.get("/vouchers/{voucher_id}", responses=problems(404, 422, 503))
async def read_voucher(view: Reading, voucher_id: VoucherId) -> Answer[Voucher]:
    """A voucher: its content as `fulfil` and `refund` take it, its status, and when it expires."""
    found = await rewards.voucher(view.conn, view.moment, voucher_id)
    if found is None:
        raise not_found("voucher", "voucher_id")
    return Answer(at_block=view.at_block, data=found)
