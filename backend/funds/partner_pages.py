"""Pages about partners of funds: positions, notices, statements."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from backend.cities import queries as cities
from backend.errors import not_found
from backend.funds import notices, partners, statements
from backend.funds.partner_api import period_of
from backend.funds.partner_schemas import Notices
from backend.funds.periods import Period
from backend.kit.answers import Reading
from backend.kit.moment import View
from backend.kit.types import AddressIn, checksum
from backend.merits.tokens import tokens
from backend.web.render import language_of, render

router = APIRouter()

LATEST = 6
"""Notices on the partner's own page."""

Year = Annotated[int | None, Query(ge=1971, le=9998)]
Quarter = Annotated[int | None, Query(ge=1, le=4)]
Number = Annotated[int, Path(ge=1, le=2**16 - 1)]
Block = Annotated[int, Path(ge=0, le=2**63 - 1)]
Place = Annotated[int, Path(ge=0, le=2**31 - 1)]


@router.get("/partners")
async def own(request: Request, view: Reading) -> Response:
    """What who is signed in has in funds."""
    session = request.state.session
    if session is None:
        return render(request, "funds/partner.html", {"at": view.at_block, "partner": None, "own": True})
    return await _partner(request, view, session.account)


@router.get("/partners/{address}")
async def partner(request: Request, view: Reading, address: AddressIn) -> Response:
    """What a wallet has in funds, owes them and can take of them."""
    spelt = request.url.replace(
        scheme="", netloc="", path=f"/{language_of(request)}/partners/{checksum(address)}"
    )
    if request.url.path != spelt.path:
        return RedirectResponse(str(spelt), 301)
    return await _partner(request, view, address)


async def _partner(request: Request, view: View, address: bytes) -> Response:
    found = await partners.partner(view.conn, view.moment, address)
    told = await notices.notices(view.conn, view.moment, address)
    session = request.state.session
    context = await _context(request, view, [position.token for position in found.positions]) | {
        "partner": found,
        "own": bool(session and session.account == address),
        "notices": _listed(told)[:LATEST],
        "more_notices": len(_listed(told)) > LATEST,
        "names": await cities.names(view.conn, view.moment, sorted({one.city_id for one in found.beneath})),
    }
    return render(request, "funds/partner.html", context)


@router.get("/partners/{address}/notices")
async def list_notices(request: Request, view: Reading, address: AddressIn) -> Response:
    """All notices to a partner, newest first."""
    told = await notices.notices(view.conn, view.moment, address)
    context = await _context(request, view, [one.token for one in _listed(told)])
    return render(
        request, "funds/notices.html", context | {"address": checksum(address), "notices": _listed(told)}
    )


@router.get("/partners/{address}/funds/{fund}/calls/{number}")
async def call_notice(
    request: Request, view: Reading, address: AddressIn, fund: AddressIn, number: Number
) -> Response:
    """The notice of a call, to be printed or kept as a PDF."""
    called = await notices.calls(view.conn, view.moment, address, fund)
    found = next((one for one in called if one.number == number), None)
    return await _notice(request, view, address, fund, found)


@router.get("/partners/{address}/funds/{fund}/credits/{block}/{place}")
async def credit_notice(
    request: Request, view: Reading, address: AddressIn, fund: AddressIn, block: Block, place: Place
) -> Response:
    """The notice of a distribution, or of what else was credited, to be printed or kept as a PDF."""
    credited = await notices.credited(view.conn, view.moment, address, fund)
    found = next((one for one in credited if (one.block_number, one.log_index) == (block, place)), None)
    return await _notice(request, view, address, fund, found)


async def _notice(request: Request, view: View, address: bytes, fund: bytes, found: Any) -> Response:
    if found is None:
        raise not_found("notice", "fund")
    (position,) = await partners.positions(view.conn, view.moment, address, fund)
    context = await _context(request, view, [found.token])
    context |= {"address": checksum(address), "notice": found, "position": position}
    return render(request, "funds/notice.html", context)


@router.get("/partners/{address}/funds/{fund}/statement")
async def statement(
    request: Request,
    view: Reading,
    address: AddressIn,
    fund: AddressIn,
    year: Year = None,
    quarter: Quarter = None,
) -> Response:
    """A partner's statement of a fund for a quarter, to be printed or kept as a PDF."""
    period = period_of(view.moment.time, year, quarter)
    made = await statements.statement(view.conn, view.moment, address, fund, period)
    if made is None:
        raise not_found("position", "fund")
    earlier = await statements.statement(view.conn, view.moment, address, fund, period.last)
    context = await _context(request, view, [made.position.token]) | {
        "address": checksum(address),
        "statement": made,
        "earlier": period.last if earlier else None,
        "later": period.next if period != Period.of(view.moment.time) else None,
    }
    return render(request, "funds/partner_statement.html", context)


async def _context(request: Request, view: View, addresses: Iterable[str]) -> dict[str, Any]:
    return {"at": view.at_block, "tokens": await tokens(request.app.state.chain, set(addresses))}


def _listed(told: Notices) -> list[Any]:
    return sorted(
        (*told.calls, *told.credits), key=lambda one: (one.block_number, one.log_index), reverse=True
    )
