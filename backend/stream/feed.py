"""What happened since a position, read once for all who ask."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend.kit.moment import Moment, at, head
from backend.kit.rows import values
from backend.stream.facts import FactEvent, facts_after

CHANNEL, ACTIONS = "ledger", "relay"
"""Where new blocks are told, and each step of an action, with its account."""
MOST_ACCOUNTS = 100_000
"""Accounts whose steps are counted; after that they are counted anew."""
CHUNK = 500
WHOLE = 2**31 - 1
TRAIL = 64


@dataclass(frozen=True)
class Position:
    """How far a reader is: fact `log` of a block, or the whole of it."""

    number: int
    hash: bytes
    log: int = WHOLE


@dataclass(frozen=True)
class News:
    """What came after a position.

    `facts` are the next ones, `position` is where the reader is then. `head`: the block that the ledger is
    at, None where there is more to read first. `unfinished`: the block in whose midst the reader was.
    `ancestor`: the chain was reorganised, all above this block is void, and `facts` begin after it.
    """

    facts: Sequence[FactEvent]
    position: Position
    head: Moment | None = None
    unfinished: Moment | None = None
    ancestor: int | None = None


class Feed:
    """Listens for new blocks and reads them for any number of readers.

    Readers at the same position share one read, so a thousand of them cost the database as much as one.
    """

    def __init__(self, database: str, engine: AsyncEngine):
        self._database, self._engine = database, engine
        self._woken = asyncio.Event()
        self._reads: OrderedDict[tuple[Position, int], asyncio.Task[News]] = OrderedDict()
        self.turn = 0  # grows with every block told
        self._steps: dict[str, int] = {}
        self._unheard = 0  # grows when steps may have gone unheard

    async def __aenter__(self) -> "Feed":
        self._listener = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.cancel()
        for read in self._reads.values():
            read.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listener

    async def start(self) -> Position:
        """The position of somebody who begins now."""
        async with self._engine.begin() as conn:
            now = await head(conn)
        return Position(now.number, now.hash)

    def steps(self, account: str | None) -> tuple[int, int]:
        """Differs when something may have become of the actions of an account (checksummed)."""
        return (self._steps.get(account, 0), self._unheard) if account else (0, 0)

    async def wait(self, turn: int, account: str | None, steps: tuple[int, int], seconds: float) -> None:
        """Returns when there may be something new since `turn` or, for the account, since `steps`; after so
        many seconds at the latest.
        """
        if turn == self.turn and steps == self.steps(account):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), seconds)

    async def after(self, position: Position, trail: Sequence[Position]) -> News:
        """What came after a position. `trail`: earlier positions of the same reader, to find where a
        reorganisation began.
        """
        key = (position, self.turn)
        read = self._reads.get(key)
        if read is None:
            read = self._reads[key] = asyncio.create_task(self._read(position, trail))
            while len(self._reads) > TRAIL:
                self._reads.popitem(last=False)
        return await asyncio.shield(read)

    async def _read(self, position: Position, trail: Sequence[Position]) -> News:
        async with self._engine.begin() as conn:
            now = await head(conn)
            ancestor, unfinished = None, None
            if not await _stands(conn, position, now):
                ancestor, hash = await _ancestor(conn, trail)
                position = Position(ancestor, hash)
            elif position.log != WHOLE:
                unfinished = await at(conn, position.number)
            facts = await facts_after(conn, position.number, position.log, now.number, CHUNK)
            reached = Position(now.number, now.hash)
            if len(facts) == CHUNK:
                reached = Position(facts[-1].block_number, facts[-1].block_hash, facts[-1].log_index)
            return News(facts, reached, None if len(facts) == CHUNK else now, unfinished, ancestor)

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._database, autocommit=True) as conn:
                    await conn.execute(f"LISTEN {CHANNEL}")
                    await conn.execute(f"LISTEN {ACTIONS}")
                    self._hear_all()
                    self._wake()
                    async for told in conn.notifies():
                        if told.channel == ACTIONS:
                            self._hear(told.payload)
                        else:
                            self.turn += 1
                        self._wake()
            except psycopg.Error:
                await asyncio.sleep(1)

    def _hear(self, account: str) -> None:
        if len(self._steps) >= MOST_ACCOUNTS:
            self._hear_all()
        self._steps[account] = self._steps.get(account, 0) + 1

    def _hear_all(self) -> None:
        """Of everybody: what happened while nobody listened is not known."""
        self._steps.clear()
        self._unheard += 1
        self.turn += 1

    def _wake(self) -> None:
        self._woken.set()
        self._woken = asyncio.Event()


async def _stands(conn: AsyncConnection, position: Position, now: Moment) -> bool:
    """Whether a position is still on the chain."""
    found = await values(
        conn,
        "SELECT (SELECT hash FROM block WHERE number = %(number)s), finalized_number FROM cursor",
        {"number": position.number},
    )
    ((hash, finalized),) = found
    if hash is not None:
        return hash == position.hash
    return position.number <= min(finalized, now.number)


async def _ancestor(conn: AsyncConnection, trail: Sequence[Position]) -> tuple[int, bytes]:
    """The last block of a trail that still is on the chain; the last final one known where there is none."""
    found = await values(
        conn,
        """
        SELECT number, hash FROM (
            SELECT number, hash, 0 AS rank FROM block
            WHERE (number, hash) IN (SELECT * FROM unnest(%s::bigint[], %s::bytea[]))
            UNION ALL SELECT number, hash, 1 FROM block WHERE number <= (SELECT finalized_number FROM cursor)
            UNION ALL SELECT min(number), NULL, 2 FROM block
        ) known ORDER BY rank, number DESC LIMIT 1
        """,
        ([p.number for p in trail], [p.hash for p in trail]),
    )
    ((number, hash),) = found
    return number, hash or b""
