"""The desk of a business: vouchers to fulfil, its offers, what it earned, and how it publishes an offer."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BeforeValidator

from backend.auth.service import Session
from backend.cities import queries as cities
from backend.cities.schemas import Duties
from backend.kit.answers import Paging, Reading
from backend.kit.moment import View
from backend.kit.types import OfferId, VoucherId, checksum
from backend.merits import publishing, rewards
from backend.merits.schemas import Voucher
from backend.merits.tokens import tokens
from backend.merits.wallet import worth_telling
from backend.relay import queries as relay
from backend.relay.schemas import ActionState
from backend.web.render import render

router = APIRouter()

# A form sends a field that is left empty as an empty text.
ChosenOffer = Annotated[OfferId | None, BeforeValidator(lambda chosen: chosen or None)]
CURRENT, ENDED, ACTIONS = 100, 20, 20
"""Offers that the desk shows, those not over and the last that are, and actions that it looks through."""
FRESH = 600
"""Seconds for which a fulfilled voucher tells to hand over."""


@router.get("/business")
async def business(
    request: Request,
    view: Reading,
    paging: Paging,
    offer: ChosenOffer = None,
    voucher: VoucherId | None = None,
) -> Response:
    """`offer` filters the vouchers that wait, `voucher` is the one at the counter."""
    session = request.state.session
    context: dict[str, Any] = {"at": view.at_block, "account": None, "works": False}
    if session is None:
        return render(request, "merits/business.html", context)
    conn, moment, account = view.conn, view.moment, session.account
    after = paging.after("waiting", int, int)
    waiting = await rewards.waiting(conn, moment, account, offer, after, paging.limit + 1)
    shown, following = paging.next("waiting", waiting, lambda voucher: (voucher.expires, voucher.voucher_id))
    current = await rewards.offers(conn, moment, partner=account, over=False, limit=CURRENT)
    ended = await rewards.offers(conn, moment, partner=account, over=True, limit=ENDED)
    earnings = await rewards.earnings(conn, moment, account)
    duties = await _duties(view, account)
    context |= {
        "account": checksum(account),
        "works": bool(duties or current or ended),
        "duties": duties,
        "names": {duty.city_id: duty.name for duty in duties if duty.name},
        "waiting": shown,
        "next": following,
        "filter": offer,
        "current": current,
        "ended": ended,
        "earnings": earnings,
        "tokens": await tokens(request.app.state.chain, [earning.token for earning in earnings]),
        "actions": [a for _, a in await relay.of_account(conn, account, limit=ACTIONS) if worth_telling(a)],
        "asked": voucher,
        "counter": await _at_counter(view, session, voucher) if voucher else None,
    }
    return render(request, "merits/business.html", context)


@router.get("/business/publish")
async def blank(request: Request, view: Reading) -> Response:
    return await _publishing(request, view, None)


@router.post("/business/publish")
async def written(request: Request, view: Reading) -> Response:
    """What was filled in: with its faults, or in words and ready to be published. Keeps nothing."""
    return await _publishing(request, view, await request.form())


async def _publishing(request: Request, view: View, form: Mapping[str, Any] | None) -> Response:
    session = request.state.session
    duties = await _duties(view, session.account) if session else []
    context: dict[str, Any] = {"at": view.at_block, "duties": duties, "preview": False, "names": {}}
    if not duties:
        return render(request, "merits/publish.html", context)
    if form is None:
        draft = publishing.blank(duties)
    else:
        now = max(view.moment.time, int(time.time()))
        draft = await publishing.read(view.conn, view.moment, form, duties, now)
        context["preview"] = not draft.faults and "change" not in form
    context |= {
        "draft": draft,
        "texts": publishing.TEXTS,
        "names": await cities.names(view.conn, view.moment, draft.cities),
    }
    return render(request, "merits/publish.html", context)


async def _duties(view: View, account: bytes) -> list[Duties]:
    """The cities whose partner an account is."""
    return [duty for duty in await cities.roles_of(view.conn, view.moment, account) if duty.partner]


@dataclass(frozen=True)
class Counter:
    """A voucher of the signed-in business, and its newest try to fulfil it."""

    voucher: Voucher
    action: ActionState | None

    @property
    def fresh(self) -> bool:
        """Whether it was fulfilled just now: nobody is to be served twice for one voucher."""
        settled = self.voucher.settled_at
        return settled is not None and time.time() - settled < FRESH


async def counter(view: View, session: Session | None, voucher: Voucher) -> Counter | None:
    """A voucher as the business that owes it sees it, None for everybody else."""
    offer = await rewards.offer(view.conn, view.moment, voucher.offer_id) if session else None
    if session is None or offer is None or offer.partner != checksum(session.account):
        return None
    tries = await relay.of_account(view.conn, session.account, name="fulfil", limit=ACTIONS)
    path = f"vouchers/{voucher.voucher_id}"
    return Counter(voucher, next((action for _, action in tries if action.path == path), None))


async def _at_counter(view: View, session: Session, voucher_id: int) -> Counter | None:
    """None where this business owes no voucher of this number."""
    found = await rewards.voucher(view.conn, view.moment, voucher_id)
    return await counter(view, session, found) if found else None
