"""Awards at a city's desk: one act, a list of them, an epoch."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.auth.guard import Signed
from backend.cities.desk import enter, preview
from backend.cities.drafts import Checked
from backend.errors import bad_field
from backend.kit.answers import Reading
from backend.kit.moment import View
from backend.kit.types import CityId, checksum
from backend.merits import awarding, lists, queries
from backend.web.render import render

router = APIRouter()


@router.get("/cities/{city_id}/desk/award")
async def award(request: Request, view: Reading, city_id: CityId) -> Response:
    at = await enter(request, view, city_id)
    if isinstance(at, Response):
        return at
    conn, moment = view.conn, view.moment
    budgets = {budget.verifier: budget for budget in await queries.budgets(conn, moment, city_id)}
    context = at.context | {
        "at": view.at_block,
        "budget": budgets.get(checksum(at.account)),
        "period": await queries.period(conn, moment),
        "rules": await queries.rules(conn, moment, city_id),
        "kinds": [kind for kind in await queries.kinds(conn, moment, city_id) if kind.points],
    }
    return render(request, "merits/desk_award.html", context)


@router.post("/cities/{city_id}/desk/award/list")
async def check_awards(request: Request, signed: Signed, city_id: CityId) -> Response:
    """Checks a list of acts and answers with its preview."""
    return await preview(request, signed.account, city_id, lists.AWARDS, _checking(city_id, signed.account))


@router.post("/cities/{city_id}/desk/award/epoch")
async def check_epoch(request: Request, signed: Signed, city_id: CityId) -> Response:
    """Checks a list of acts that is to be an epoch and answers with its preview."""
    checking = _checking(city_id, signed.account, epoch=True)
    return await preview(request, signed.account, city_id, lists.EPOCH, checking)


def _checking(city_id: int, account: bytes, epoch: bool = False) -> Callable[..., Any]:
    async def checked(view: View, is_verifier: bool, text: str, form: Any) -> Checked:
        days = (_day(form, "first_day"), _day(form, "last_day")) if epoch else None
        acts = await asyncio.to_thread(awarding.parse, text, "", lambda said: said)
        now = await lists.ground(view.conn, view.moment, city_id, account, acts, is_verifier)

        def planned() -> Checked:
            return lists.plan(acts, now, awarding.check(acts, now, days), days)

        return await asyncio.to_thread(planned)

    return checked


def _day(form: Any, name: str) -> int:
    """A day as the ledger counts them, from 1970. Raises Problem."""
    try:
        day = (date.fromisoformat(str(form.get(name, ""))) - date(1970, 1, 1)).days
    except ValueError:
        raise bad_field(name, "is no day (YYYY-MM-DD)") from None
    if not 0 <= day < 2**16:
        raise bad_field(name, "is no day that the ledger counts")
    return day
