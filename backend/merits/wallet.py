"""A citizen's own pages: the wallet, and a voucher from the moment of its redemption."""

import time
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.cities import queries as cities
from backend.errors import not_found
from backend.kit.answers import Reading
from backend.kit.moment import View
from backend.kit.types import HashIn, checksum
from backend.merits import accounts, queries, reach, rewards
from backend.merits.schemas import NearOffer, Voucher
from backend.relay import queries as relay
from backend.relay.schemas import ActionState
from backend.web.render import render

router = APIRouter()

AFFORDABLE, NEAR, VOUCHERS, HISTORY, ACTIONS = 12, 6, 100, 10, 20
"""How many offers, vouchers, lines and actions the wallet shows; the rest is on pages of their own."""

TOLD = 3 * 86_400
"""Seconds for which the wallet tells of an action that failed."""


@router.get("/wallet")
async def wallet(request: Request, view: Reading) -> Response:
    session = request.state.session
    if session is None:
        return render(request, "merits/wallet.html", {"at": view.at_block, "purses": []})
    return render(request, "merits/wallet.html", await _wallet(view, session.account))


async def _wallet(view: View, account: bytes) -> dict[str, Any]:
    conn, moment = view.conn, view.moment
    former = await cities.former_wallets(conn, moment, account)
    citizenships = await cities.citizenships(conn, moment, account)
    recoveries = await cities.recoveries(conn, moment, account)
    purses = await reach.purses(conn, moment, account)
    offers = await reach.within_reach(conn, moment, account, purses, AFFORDABLE, NEAR)
    settled = await rewards.vouchers_of(conn, moment, account, former, limit=HISTORY, settled=True)
    waiting = await rewards.vouchers_of(conn, moment, account, former, limit=VOUCHERS, settled=False)
    history = await accounts.entries(conn, moment, account, limit=HISTORY)
    actions = [action for _, action in await relay.of_account(conn, account, limit=ACTIONS)]
    opening = [action for action in actions if action.name == "redeem" and action.unfinished]
    mentioned: list[Any] = [*citizenships, *recoveries, *purses, *history, *(v for _, v in waiting)]
    numbers = {item.city_id for item in mentioned} | {c for offer in offers for c in offer.accepts}
    return {
        "at": view.at_block,
        "duties": await cities.roles_of(conn, moment, account),
        "former": [c for c in citizenships if c.successor],
        "losing": [r for r in recoveries if r.old_wallet == checksum(account)],
        "gaining": [r for r in recoveries if r.new_wallet == checksum(account)],
        "purses": purses,
        "period": await queries.period(conn, moment),
        "affordable": [(o, _ways(o, purses)) for o in offers if not o.lacks],
        "near": [offer for offer in offers if offer.lacks],
        "waiting": sorted((v for _, v in waiting), key=lambda v: v.expires),
        "settled": [voucher for _, voucher in settled],
        "opening": opening,
        "seals": seals(opening),
        "titles": await rewards.titles(conn, moment, [int(a.fields["offerId"]) for a in opening]),
        "actions": [a for a in actions if a not in opening and worth_telling(a)],
        "history": history,
        "names": await cities.names(conn, moment, sorted(numbers)),
    }


def worth_telling(action: ActionState) -> bool:
    """What is under way, and for some days what failed or was undone; what was done shows itself."""
    if action.unfinished:
        return True
    troubled = action.state in ("failed", "expired") or action.undone > 0
    return troubled and time.time() - action.updated_at < TOLD


def seals(opening: Sequence[ActionState]) -> dict[int, str]:
    """Seals of the vouchers that are being opened, by offer."""
    return {int(action.fields["offerId"]): action.fields["seal"] for action in opening}


def _ways(offer: NearOffer, purses: list[reach.Purse]) -> list[reach.Payment]:
    return [way for way in reach.payments(offer, purses) if way.left >= 0 and not way.purse.paused]


@router.get("/wallet/vouchers/{seal}")
async def sealed_voucher(request: Request, view: Reading, seal: HashIn) -> Response:
    """The voucher of a seal, before and after it is on chain. It is the signed-in account's."""
    session = request.state.session
    context: dict[str, Any] = {"at": view.at_block, "seal": "0x" + seal.hex()}
    if session is None:
        return render(request, "merits/sealed.html", context)
    conn, moment = view.conn, view.moment
    voucher = await rewards.sealed(conn, moment, session.account, seal)
    fields = {"seal": "0x" + seal.hex()}
    asked = await relay.of_account(conn, session.account, name="redeem", fields=fields, limit=1)
    action = asked[0][1] if asked else None
    if voucher is None and action is None:
        raise not_found("voucher", "voucher_id")
    offer_id, city_id = _of(voucher, action)
    context |= {
        "voucher": voucher,
        "action": action,
        "offer": await rewards.offer(conn, moment, offer_id),
        "names": await cities.names(conn, moment, [city_id]),
    }
    return render(request, "merits/sealed.html", context)


def _of(voucher: Voucher | None, action: ActionState | None) -> tuple[int, int]:
    """Numbers of the offer and of the city whose merits pay."""
    if voucher:
        return voucher.offer_id, voucher.city_id
    assert action
    return int(action.fields["offerId"]), int(action.fields["cityId"])
