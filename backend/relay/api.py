"""Acting over HTTP."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from backend import db
from backend.auth.guard import MaybeSigned, Signed, with_token
from backend.errors import bad_field, not_found
from backend.kit.answers import Answer, Listing, Paging, problems
from backend.kit.moment import View, head
from backend.kit.paging import Page
from backend.kit.quota import origin_of
from backend.kit.types import AddressIn
from backend.relay import queries
from backend.relay.schemas import ActionState, Preparation, Prepared, Report, Submission
from backend.relay.service import Desk

router = APIRouter(prefix="/v1/actions", tags=["acting"])


async def reading(request: Request) -> AsyncIterator[View]:
    """Actions have no past to look at: the queue as it is now."""
    async with db.brief(request.app.state.engine) as conn:
        yield View(conn, await head(conn))


def desk(request: Request) -> Desk:
    state = request.app.state
    return Desk(state.engine, state.chain, state.settings, origin_of(request))


Now = Annotated[View, Depends(reading, scope="function")]
AtDesk = Annotated[Desk, Depends(desk)]


@router.post("/{name}/prepare", responses=problems(403, 404, 409, 422, 429, 503))
async def prepare(name: str, body: Preparation, at: AtDesk, response: Response) -> Answer[Prepared]:
    """What the account's wallet is to sign or send for an action. Tried on the node first."""
    response.headers["Cache-Control"] = "no-store"
    return await _answer(at, await at.prepare(name, body.account, body.fields))


@router.post("/{name}", status_code=202, responses=problems(401, 403, 404, 409, 422, 429, 503))
async def submit(
    name: str, body: Submission, at: AtDesk, session: MaybeSigned, request: Request
) -> Answer[ActionState]:
    """Takes a signed message, to be sent by the relay. The same again is the same action."""
    if body.signature is None and session:
        with_token(request, session)
    account = session.account if session else None
    return await _answer(at, await at.submit(name, body.message, body.signature, account))


@router.post("/{name}/sent", status_code=202, responses=problems(401, 403, 404, 409, 422, 429, 503))
async def report(name: str, body: Report, at: AtDesk, session: Signed) -> Answer[ActionState]:
    """Follows a transaction that the wallet of who is signed in has sent."""
    return await _answer(at, await at.report(name, session.account, body.fields, body.part, body.tx_hash))


@router.get("/{id}", responses=problems(404, 422, 503))
async def read_action(view: Now, id: UUID) -> Answer[ActionState]:
    """One action."""
    found = await queries.action(view.conn, id)
    if found is None:
        raise not_found("action", "id")
    return Answer(at_block=view.at_block, data=found)


@router.get("", responses=problems(422, 503))
async def list_actions(
    view: Now,
    paging: Paging,
    account: AddressIn,
    unfinished: Annotated[
        bool | None, Query(description="Only those that are not, or are, confirmed, failed or expired.")
    ] = None,
) -> Listing[ActionState]:
    """An account's actions, newest first."""
    found = await queries.of_account(
        view.conn, account, unfinished, after=_after(paging), limit=paging.limit + 1
    )
    shown, following = paging.next("actions", found, lambda row: (row[0], str(row[1].id)))
    return Listing(at_block=view.at_block, data=[state for _, state in shown], next=following)


def _after(paging: Page) -> tuple[int, UUID] | None:
    after = paging.after("actions", int, str)
    try:
        return (after[0], UUID(after[1])) if after else None
    except ValueError:
        raise bad_field("cursor", "is not a cursor of this list: take `next` of a former page") from None


async def _answer(at: Desk, data: Any) -> Answer[Any]:
    async with db.brief(at.engine) as conn:
        moment = await head(conn)
    return Answer(at_block=View(conn, moment).at_block, data=data)
