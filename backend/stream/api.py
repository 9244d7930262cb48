"""The stream over HTTP."""

import re
from collections import deque
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from backend.errors import bad_field
from backend.kit.answers import problems
from backend.kit.json import dumps
from backend.kit.moment import Moment
from backend.kit.types import AddressIn, CityId, checksum
from backend.stream.facts import FactEvent
from backend.stream.feed import TRAIL, WHOLE, Feed, News, Position

router = APIRouter(prefix="/v1", tags=["ledger"])

HEARTBEAT = 15
"""Seconds between two comments that keep an idle connection open."""

_ID = re.compile(r"(\d{1,18}):0x([0-9a-f]{64})(?::(\d{1,9}))?")
_EXAMPLE = """id: 48:0x9c22…:3
event: awarded
data: {"block_number":48,"log_index":3,"time":1767225600,"city_id":1,"citizen":"0x…","points":40}

id: 48:0x9c22…
event: block
data: {"number":48,"hash":"0x9c22…","time":1767225600}

"""


@router.get(
    "/stream",
    response_class=EventSourceResponse,
    responses={
        200: {"description": "Server-sent events.", "content": {"text/event-stream": {"example": _EXAMPLE}}},
        **problems(422, 503),
    },
)
async def stream(
    request: Request,
    city: Annotated[CityId | None, Query(description="Only facts that concern this city.")] = None,
    address: Annotated[AddressIn | None, Query(description="Only facts that concern this address.")] = None,
    account: Annotated[
        AddressIn | None, Query(description="Also tell when something became of this account's actions.")
    ] = None,
    facts: Annotated[bool, Query(description="`false`: blocks and reorganisations alone.")] = True,
    last_event_id: Annotated[
        str | None, Header(description="`id` of the last event received: the stream goes on after it.")
    ] = None,
) -> EventSourceResponse:
    """Each new fact as an event named after its table, then an event `block` for its block.

    After a reorganisation an event `reorganisation` says `{"ancestor": number}`: all that was told of blocks
    above it is void. For `account` an event `action` says that one of its actions took a step.
    """
    feed: Feed = request.app.state.feed
    position = await feed.start() if last_event_id is None else _position(last_event_id)
    wanted = checksum(address) if address else None

    def concerns(fact: FactEvent) -> bool:
        # What is set for city 0 concerns all cities.
        return (
            facts
            and (city is None or bool(fact.cities & {0, city}))
            and (wanted is None or wanted in fact.addresses)
        )

    return EventSourceResponse(
        _events(feed, position, concerns, checksum(account) if account else None),
        ping=HEARTBEAT,
        headers={"X-Accel-Buffering": "no"},
    )


async def _events(
    feed: Feed, position: Position, concerns: Any, account: str | None
) -> AsyncIterator[ServerSentEvent]:
    trail: deque[Position] = deque([position], maxlen=TRAIL)
    told = feed.steps(account)
    while True:
        # Before reading, so that a block told meanwhile is not waited for.
        turn, steps = feed.turn, feed.steps(account)
        news = await feed.after(position, tuple(trail))
        if news.ancestor is not None:
            yield ServerSentEvent(event="reorganisation", data=dumps({"ancestor": news.ancestor}).decode())
        for event in _told(news, position, concerns):
            yield event
        if steps != told:
            told = steps
            yield ServerSentEvent(event="action", data=dumps({"account": account}).decode())
        if news.position == position:
            await feed.wait(turn, account, steps, HEARTBEAT)
        position = news.position
        trail.append(position)


def _told(news: News, before: Position, concerns: Any) -> list[ServerSentEvent]:
    events: list[ServerSentEvent] = []
    # The block whose facts are being told; its own event comes when they all are.
    current = _header(news.unfinished) if news.unfinished else None
    for fact in news.facts:
        if current and current[0] != fact.block_number:
            events.append(_block(*current))
        current = (fact.block_number, fact.block_hash, fact.block_time)
        if concerns(fact):
            events.append(_fact(fact))
    if news.head is None:
        return events
    if current:
        events.append(_block(*current))
    told = current[0] if current else before.number if news.ancestor is None else -1
    if news.head.number > told:
        events.append(_block(*_header(news.head)))
    return events


def _header(moment: Moment) -> tuple[int, bytes, int]:
    return (moment.number, moment.hash, moment.time)


def _fact(fact: FactEvent) -> ServerSentEvent:
    data = {
        "block_number": fact.block_number,
        "log_index": fact.log_index,
        "tx_hash": fact.tx_hash,
        "time": fact.block_time,
        **fact.data,
    }
    return ServerSentEvent(
        event=fact.fact,
        data=dumps(data).decode(),
        id=f"{fact.block_number}:0x{fact.block_hash.hex()}:{fact.log_index}",
    )


def _block(number: int, hash: bytes, time: int) -> ServerSentEvent:
    return ServerSentEvent(
        event="block",
        data=dumps({"number": number, "hash": hash, "time": time}).decode(),
        id=f"{number}:0x{hash.hex()}",
    )


def _position(event_id: str) -> Position:
    found = _ID.fullmatch(event_id.strip())
    if not found:
        raise bad_field("Last-Event-ID", "is not the id of an event of this stream")
    number, hash, log = found.groups()
    return Position(int(number), bytes.fromhex(hash), WHOLE if log is None else int(log))
