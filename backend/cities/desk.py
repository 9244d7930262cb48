"""A city's desk: for its steward and its verifiers. Awards have their own page (backend/merits/desk.py)."""

import asyncio
import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from backend import db
from backend.auth.guard import Signed
from backend.cities import drafts, queries, registering
from backend.cities.drafts import Checked, Draft, Landed
from backend.cities.schemas import Duties
from backend.content.documents import Text
from backend.errors import Problem, bad_field
from backend.kit import quota
from backend.kit.answers import Reading
from backend.kit.moment import View, head
from backend.kit.table import BadFile, BadList, Fault, decoded
from backend.kit.texts import N_
from backend.kit.types import CityId, checksum
from backend.merits import lists
from backend.merits import queries as merits
from backend.relay import queries as relay
from backend.web.i18n import catalogue
from backend.web.render import language_of, render

router = APIRouter()

SHOWN = 8
"""How many of the latest things each list names."""
SHOWN_FAULTS = 50
SHOWN_ROWS = 200
CHECKED_AT_ONCE = asyncio.Semaphore(2)
UPLOADS = 60
"""Lists that an account may check in an hour."""
DraftId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@dataclass(frozen=True)
class Desk:
    """Somebody at a city's desk, with what the ledger says they may do there."""

    city_id: int
    name: Text | None
    account: bytes
    duties: Duties

    @property
    def context(self) -> dict[str, Any]:
        return {"city_id": self.city_id, "name": self.name, "duties": self.duties}


async def enter(request: Request, view: View, city_id: int) -> Desk | Response:
    """Whoever is signed in and has a duty here; else the page that says why there is nothing to see."""
    names = await queries.names(view.conn, view.moment, [city_id])
    if not await queries.exists(view.conn, view.moment, city_id):
        raise Problem(404, "There is no such city.", [("city_id", "names no city known at this block")])
    session = request.state.session
    duties = await queries.roles_of(view.conn, view.moment, session.account) if session else []
    here = next((duty for duty in duties if duty.city_id == city_id), None)
    if session and here and (here.steward or here.verifier):
        return Desk(city_id, names.get(city_id), session.account, here)
    context = {
        "at": view.at_block,
        "city_id": city_id,
        "name": names.get(city_id),
        "here": here,
        "elsewhere": [duty for duty in duties if duty.city_id != city_id],
    }
    return render(request, "cities/desk_closed.html", context)


# --------------------------------------------------------------------- pages


@router.get("/cities/{city_id}/desk")
async def desk(request: Request, view: Reading, city_id: CityId) -> Response:
    at = await enter(request, view, city_id)
    if isinstance(at, Response):
        return at
    conn, moment = view.conn, view.moment
    budgets = {budget.verifier: budget for budget in await merits.budgets(conn, moment, city_id)}
    moving = await relay.of_account(conn, at.account, limit=50)
    context = at.context | {
        "at": view.at_block,
        "budget": budgets.get(checksum(at.account)),
        "period": await merits.period(conn, moment),
        "rules": await merits.rules(conn, moment, city_id),
        "kinds": [kind for kind in await merits.kinds(conn, moment, city_id) if kind.points],
        "batches": await lists.batches(conn, moment, city_id, SHOWN),
        "epochs": await merits.epochs(conn, moment, city_id, SHOWN),
        "newcomers": await queries.newcomers(conn, moment, city_id, SHOWN),
        "actions": [action for _, action in moving if at_desk(action.path, city_id)][:SHOWN],
        "drafts": await drafts.listed(conn, at.account, city_id),
    }
    return render(request, "cities/desk.html", context)


@router.get("/cities/{city_id}/desk/register")
async def register(request: Request, view: Reading, city_id: CityId) -> Response:
    at = await enter(request, view, city_id)
    if isinstance(at, Response):
        return at
    context = at.context | {
        "at": view.at_block,
        "recoveries": await queries.recoveries_in(view.conn, view.moment, city_id),
        "newcomers": await queries.newcomers(view.conn, view.moment, city_id, SHOWN),
    }
    return render(request, "cities/desk_register.html", context)


@router.get("/cities/{city_id}/desk/rules")
async def rules(request: Request, view: Reading, city_id: CityId) -> Response:
    at = await enter(request, view, city_id)
    if isinstance(at, Response):
        return at
    conn, moment = view.conn, view.moment
    context = at.context | {
        "at": view.at_block,
        "roles": await queries.roles_in(conn, moment, city_id),
        "budgets": await merits.budgets(conn, moment, city_id),
        "rules": await merits.rules(conn, moment, city_id),
        "kinds": await merits.kinds(conn, moment, city_id),
    }
    return render(request, "cities/desk_rules.html", context)


# --------------------------------------------------------------------- lists


@router.post("/cities/{city_id}/desk/register/list")
async def check_newcomers(request: Request, signed: Signed, city_id: CityId) -> Response:
    """Checks a list of citizens and answers with its preview."""

    async def checked(view: View, is_verifier: bool, text: str, form: Any) -> Checked:
        found = await asyncio.to_thread(registering.parse, text, "")
        now = await registering.known(view.conn, view.moment, city_id, found, is_verifier)
        return registering.plan(found, registering.check(found, now))

    return await preview(request, signed.account, city_id, registering.KIND, checked)


async def preview(
    request: Request, account: bytes, city_id: int, kind: str, checked: Callable[..., Any]
) -> Response:
    """Reads the list of a form (`list`), has it checked, keeps it as a draft and shows what it is.

    `checked(view, is_verifier, text, form)` gives a `Checked`, or raises BadFile or BadList.
    """
    engine = request.app.state.engine
    async with engine.begin() as conn:
        duties = await queries.roles_of(conn, await head(conn), account)
    here = next((duty for duty in duties if duty.city_id == city_id), None)
    if here is None or not (here.steward or here.verifier):
        raise Problem(403, "This account has no role at the desk of this city.")
    async with db.brief(engine) as conn:
        await quota.take(conn, "list", account, UPLOADS, 3600)
    async with CHECKED_AT_ONCE, request.form(max_files=1, max_fields=8) as form:
        file = form.get("list")
        if not isinstance(file, UploadFile):
            raise bad_field("list", "is no file")
        body = await file.read()
        async with engine.begin() as conn:
            view = View(conn, await head(conn))
            found = await _checked(view, here.verifier, kind, body, form, checked)
    async with db.brief(engine) as conn:
        number = await drafts.keep(conn, account, city_id, view.moment.number, found)
        draft = await drafts.mine(conn, account, city_id, number)
    context = {"at": view.at_block, "city_id": city_id, "draft": draft, **_faults(draft)}
    return render(request, "cities/desk_preview.html", context)


async def _checked(
    view: View, is_verifier: bool, kind: str, body: bytes, form: Any, checked: Callable[..., Any]
) -> Checked:
    try:
        text = decoded(body, "")
        if (lines := text.count("\n")) > drafts.MOST_LINES:
            text_ = N_("%(count)s lines; a list has at most %(most)s")
            return _bad(kind, [Fault(0, "", text_, {"count": lines, "most": drafts.MOST_LINES})], lines)
        made: Checked = await checked(view, is_verifier, text, form)
        return made
    except BadFile as bad:
        return _bad(kind, [Fault(bad.line, "", bad.reason.text, bad.reason.values)])
    except BadList as bad:
        return _bad(kind, bad.faults, body.count(b"\n"))


def _bad(kind: str, faults: list[Fault], lines: int = 0) -> Checked:
    return Checked(kind, lines, {}, faults=faults)


@router.get("/cities/{city_id}/desk/lists/{draft_id}")
async def list_page(request: Request, view: Reading, city_id: CityId, draft_id: DraftId) -> Response:
    """A draft: what it is, and how far it has been sent."""
    at = await enter(request, view, city_id)
    if isinstance(at, Response):
        return at
    draft = await drafts.mine(view.conn, at.account, city_id, draft_id)
    moving = await relay.of_account(view.conn, at.account, limit=50)
    page = f"cities/{city_id}/desk/lists/{draft_id}"
    context = at.context | {
        "at": view.at_block,
        "draft": draft,
        "landed": await landed(view, draft),
        "actions": [a for _, a in moving if a.path == page and a.state not in ("confirmed", "final")],
        **_faults(draft),
    }
    return render(request, "cities/desk_list.html", context)


@router.get("/cities/{city_id}/desk/lists/{draft_id}/faults.csv")
async def faults_csv(
    request: Request, view: Reading, signed: Signed, city_id: CityId, draft_id: DraftId
) -> Response:
    draft = await drafts.mine(view.conn, signed.account, city_id, draft_id)
    say = catalogue(language_of(request)).gettext
    rows = (
        (f.line or "", f.column, say(f.text) % f.values if f.values else say(f.text)) for f in draft.faults
    )
    return table(("line", "column", "reason"), rows, f"faults-{draft_id}.csv")


@router.get("/cities/{city_id}/desk/receipts/{draft_id}.csv")
async def receipt_csv(view: Reading, signed: Signed, city_id: CityId, draft_id: DraftId) -> Response:
    draft = await drafts.mine(view.conn, signed.account, city_id, draft_id)
    rows = [
        (line, who, "" if merits is None else merits, done.tx_hash, done.block_number)
        for done, line, who, merits in await sent(view, draft)
    ]
    return table(("line", "citizen", "merits", "tx_hash", "block_number"), rows, f"receipt-{draft_id}.csv")


@router.get("/cities/{city_id}/desk/receipts/{draft_id}")
async def receipt(request: Request, view: Reading, city_id: CityId, draft_id: DraftId) -> Response:
    """What a draft has written to the ledger."""
    at = await enter(request, view, city_id)
    if isinstance(at, Response):
        return at
    draft = await drafts.mine(view.conn, at.account, city_id, draft_id)
    rows = await sent(view, draft)
    context = at.context | {
        "at": view.at_block,
        "account": checksum(at.account),
        "draft": draft,
        "landed": list({done.part: done for done, *_ in rows}.values()),
        "rows": rows[:SHOWN_ROWS],
        "count": len(rows),
        "merits": sum(merits or 0 for *_, merits in rows),
    }
    return render(request, "cities/desk_receipt.html", context)


# ----------------------------------------------------------------- by kind


async def landed(view: View, draft: Draft) -> list[Landed]:
    """Which parts of a draft are in the ledger."""
    if not draft.parts:
        return []
    of = registering.landed if draft.kind == registering.KIND else lists.landed
    return await of(view.conn, view.moment, draft)


async def sent(view: View, draft: Draft) -> list[tuple[Landed, int, str, int | None]]:
    """What a draft has written: transaction, the list's line, the citizen's wallet, merits."""
    of = registering.written if draft.kind == registering.KIND else lists.written
    bodies = await drafts.parts(view.conn, draft.draft_id)
    return [(done, *row) for done in await landed(view, draft) for row in of(bodies[done.part])]


# ------------------------------------------------------------------- together


def at_desk(path: str, city_id: int) -> bool:
    desk = f"cities/{city_id}/desk"
    return path == desk or path.startswith(desk + "/")


def table(names: Sequence[str], rows: Iterable[Sequence[Any]], file: str) -> Response:
    """A CSV file to be kept."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows(rows)
    # The mark by which spreadsheets know UTF-8.
    body = "\ufeff" + text.getvalue()
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "private, no-store"}
    return Response(body, media_type="text/csv", headers=headers)


def _faults(draft: Draft) -> dict[str, Any]:
    return {"faults": draft.faults[:SHOWN_FAULTS]}
