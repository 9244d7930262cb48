"""Pages of the domain: what a citizen has, offers, vouchers."""

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from backend.cities import queries as cities
from backend.content import queries as content
from backend.errors import not_found
from backend.kit.answers import Paging, Reading
from backend.kit.moment import View
from backend.kit.types import AddressIn, CityId, OfferId, VoucherId, checksum
from backend.merits import accounts, business, desk, epochs, queries, reach, rewards, wallet
from backend.merits.schemas import Voucher
from backend.merits.tokens import tokens
from backend.relay import queries as relay
from backend.web.render import language_of, render

router = APIRouter()
router.include_router(business.router)
router.include_router(desk.router)
router.include_router(wallet.router)


@router.get("/citizens/{address}")
async def citizen(request: Request, view: Reading, paging: Paging, address: AddressIn) -> Response:
    spelt = request.url.replace(
        scheme="", netloc="", path=f"/{language_of(request)}/citizens/{checksum(address)}"
    )
    if request.url.path != spelt.path:
        return RedirectResponse(str(spelt), 301)
    conn, moment = view.conn, view.moment
    citizenships = await cities.citizenships(conn, moment, address)
    recoveries = await cities.recoveries(conn, moment, address)
    balances = await accounts.balances(conn, moment, address)
    leaves = await epochs.claimable(conn, moment, address)
    payable = {balance.city_id: balance.held for balance in balances}
    for leaf in leaves:
        payable[leaf.city_id] = payable.get(leaf.city_id, 0) + leaf.points
    offers = await rewards.offers(conn, moment, payable=payable, open_only=True, limit=6) if payable else []
    former = await cities.former_wallets(conn, moment, address)
    vouchers = await rewards.vouchers_of(conn, moment, address, former, limit=20)
    after = paging.after("history", int, int)
    rows = await accounts.entries(conn, moment, address, after, paging.limit + 1)
    history, following = paging.next("history", rows, lambda entry: (entry.block_number, entry.log_index))
    mentioned = [*citizenships, *recoveries, *balances, *leaves, *offers, *history]
    context = {
        "at": view.at_block,
        "address": checksum(address),
        "citizenships": citizenships,
        "recoveries": recoveries,
        "balances": balances,
        "leaves": leaves,
        "offers": offers,
        "vouchers": [voucher for _, voucher in vouchers],
        "history": history,
        "next": following,
        "period": await queries.period(conn, moment),
        "names": await cities.names(conn, moment, sorted({item.city_id for item in mentioned})),
    }
    return render(request, "merits/citizen.html", context)


@router.get("/offers")
async def offers(request: Request, view: Reading, paging: Paging, city: CityId | None = None) -> Response:
    after = paging.after("offers", int)
    rows = await rewards.offers(
        view.conn,
        view.moment,
        city_id=city,
        open_only=True,
        after=after[0] if after else None,
        limit=paging.limit + 1,
    )
    shown, following = paging.next("offers", rows, lambda offer: (offer.offer_id,))
    mentioned = [offer.city_id for offer in shown] + ([city] if city else [])
    names = await cities.names(view.conn, view.moment, mentioned)
    context = {
        "at": view.at_block,
        "offers": shown,
        "next": following,
        "names": names,
        "city_id": city,
        "city_name": names.get(city) if city else None,
    }
    return render(request, "merits/offers.html", context)


@router.get("/offers/{offer_id}")
async def offer(request: Request, view: Reading, offer_id: OfferId) -> Response:
    found = await rewards.offer(view.conn, view.moment, offer_id)
    if found is None:
        raise not_found("offer", "offer_id")
    hash = bytes.fromhex(found.terms[2:])
    context = {
        "at": view.at_block,
        "offer": found,
        "tokens": await tokens(request.app.state.chain, [found.token]),
        "terms": (await content.texts(view.conn, [hash], "terms")).get(hash),
        "names": await cities.names(view.conn, view.moment, found.accepts),
        "ways": [],
        "had": 0,
        "seals": {},
    }
    if session := request.state.session:
        purses = await reach.purses(view.conn, view.moment, session.account)
        context["ways"] = reach.payments(found, purses)
        context["had"] = await reach.had(view.conn, view.moment, session.account, offer_id)
        asked = {"offerId": str(offer_id)}
        opening = await relay.of_account(view.conn, session.account, True, name="redeem", fields=asked)
        context["seals"] = wallet.seals([action for _, action in opening])
    return render(request, "merits/offer.html", context)


@router.get("/vouchers/{voucher_id}")
async def voucher(request: Request, view: Reading, voucher_id: VoucherId) -> Response:
    found = await rewards.voucher(view.conn, view.moment, voucher_id)
    if found is None:
        raise not_found("voucher", "voucher_id")
    context = {
        "at": view.at_block,
        "voucher": found,
        "mine": await _is_mine(request, view, found),
        "counter": await business.counter(view, request.state.session, found),
        "code": qr(f"{request.base_url}vouchers/{voucher_id}"),
        "names": await cities.names(view.conn, view.moment, [found.city_id]),
    }
    return render(request, "merits/voucher.html", context)


async def _is_mine(request: Request, view: View, voucher: Voucher) -> bool:
    """Whether a voucher is the signed-in account's: its own, or of a wallet before it."""
    if request.state.session is None:
        return False
    account = request.state.session.account
    if voucher.citizen == checksum(account):
        return True
    former = await cities.former_wallets(view.conn, view.moment, account)
    return (voucher.city_id, bytes.fromhex(voucher.citizen[2:])) in former


def qr(address: str) -> Markup:
    """QR code of an address as SVG without styles; a quarter of it may be unreadable."""
    code = segno.make(address, error="q", micro=False)
    return Markup(code.svg_inline(border=2, omitsize=True, dark="#000", svgclass=None, lineclass=None))
