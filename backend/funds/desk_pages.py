"""The desk of a fund: what its manager, its appraiser and its organisation do."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.cities import queries as cities
from backend.errors import not_found
from backend.funds import acting, partners, service
from backend.kit.answers import Reading
from backend.kit.moment import View
from backend.kit.rows import rows
from backend.kit.types import AddressIn, checksum
from backend.merits.tokens import tokens
from backend.web.render import render

router = APIRouter()

MEMBERS = 200
"""Partners that a desk shows, those who owe most first."""


@dataclass(frozen=True)
class Member:
    """A partner as the manager sees them; base units of the fund's token."""

    partner: str
    admitted: bool
    defaulted_at: int | None
    commitment: int
    paid: int
    due: int
    late: int
    units: int


@router.get("/funds/{address}/desk")
async def desk(request: Request, view: Reading, address: AddressIn) -> Response:
    fund = await service.fund(view.conn, view.moment, address)
    if fund is None:
        raise not_found("fund", "address")
    who = acting.session_address(request)
    roles = {name: who == getattr(fund, name) for name in ("manager", "appraiser", "organisation")}
    context: dict[str, Any] = {
        "at": view.at_block,
        "fund": fund,
        "roles": roles,
        "works": any(roles.values()),
    }
    if context["works"]:
        found = await acting.targets(view.conn, view.moment, fund) if fund.phase == "investing" else []
        context |= {
            "members": await _members(view, address),
            "targets": found,
            "others": await acting.others(view.conn, view.moment, fund) if fund.mandate.may_commit else [],
            "doings": await acting.doings(view.conn, request.state.session.account, fund.contract),
            "names": await cities.names(view.conn, view.moment, [t.campaign.city_id for t in found]),
            "default_from": fund.calls[0].due_at + fund.terms.grace if fund.calls else None,
        }
    context["tokens"] = await tokens(request.app.state.chain, [fund.token])
    return render(request, "funds/desk.html", context)


async def _members(view: View, fund: bytes) -> list[Member]:
    return await rows(
        view.conn,
        lambda partner, **found: Member(checksum(bytes(partner)), **found),
        f"""
        SELECT partner, admitted, defaulted_at, commitment, paid, due, late, units
        FROM {partners.standing(view.moment)} p WHERE contract = %s
        ORDER BY late DESC, due DESC, commitment DESC, partner LIMIT %s
        """,
        (fund, MEMBERS),
    )
