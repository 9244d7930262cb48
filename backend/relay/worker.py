"""The relay: sends what is queued and follows it, woken by the queue, the ledger and the clock."""

import asyncio
import contextlib
import logging

import psycopg
from eth_account.signers.local import LocalAccount
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from backend import db
from backend.chain.deployment import Deployment
from backend.chain.rpc import Rpc, RpcError
from backend.kit.rows import values
from backend.relay.chain import Chain
from backend.relay.follow import Following
from backend.relay.purse import Purse
from backend.relay.queue import CHANNEL, change
from backend.relay.send import Sending
from backend.relay.tables import UNFINISHED
from backend.settings import Settings

log = logging.getLogger(__name__)

IDLE = 15.0
"""Seconds between two looks at the account where nothing is under way."""

LONGEST_PAUSE = 15.0
"""Seconds between attempts where node or database do not answer."""

TOGETHER = 0.02
"""Seconds in which what wakes the worker is taken together."""


class Worker:
    """One account's worker. Several may share the queue, of one account or of several.

    Args:
        engine: Of the database.
        database: Its libpq URL, to listen at.
        key: Of the account.
    """

    def __init__(self, engine: AsyncEngine, database: str, key: LocalAccount, settings: Settings):
        self.engine, self.database, self.settings = engine, database, settings
        deployment = Deployment.read(settings.deployment_file)
        self._chain = chain = Chain(Rpc(settings.rpc_url, timeout=10, attempts=2), deployment)
        self.sending = Sending(engine, chain, Purse(key, deployment.chain_id), settings)
        self.following = Following(engine, chain)
        self._woken = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set. Node or database may come and go meanwhile."""
        listener = asyncio.create_task(self._listen())
        stopped = asyncio.create_task(stop.wait())
        pause = self.settings.poll_seconds
        try:
            while not stop.is_set():
                self._woken.clear()
                try:
                    busy, pause = await self.turn(), self.settings.poll_seconds
                    wait = pause if busy else IDLE
                except Exception as error:
                    # Of whatever kind: what is under way must not wait for somebody to start it again.
                    known = isinstance(error, RpcError | DBAPIError | psycopg.Error)
                    text = " ".join(str(error).split())[:300]
                    log.warning("waiting: %s", text or type(error).__name__, exc_info=not known)
                    wait = pause = min(pause * 2, LONGEST_PAUSE)
                    await self._lost(error)
                await _first(stopped, self._woken, wait)
                await _first(stopped, None, TOGETHER)
        finally:
            for task in (listener, stopped):
                task.cancel()
            await asyncio.gather(listener, stopped, return_exceptions=True)

    async def meet(self) -> tuple[int, int, int]:
        """Ids of the node's chain and of the deployment's, and the balance in wei. Raises RpcError."""
        asked = [("eth_chainId", []), ("eth_getBalance", [self.sending.purse.address, "latest"])]
        found, balance = await asyncio.to_thread(self._chain.sender.rpc.batch, asked)
        return int(found, 16), self._chain.chain_id, int(balance, 16)

    async def turn(self) -> bool:
        """Looks at everything once; whether anything is unfinished. Raises RpcError."""
        now = await self.sending.turn()
        await self.following.turn(self.sending.refused, now.time)
        async with db.brief(self.engine) as conn:
            await change(conn, "held = NULL", f"WHERE a.held = 'node' AND {UNFINISHED}")
            ((busy,),) = await values(conn, f"SELECT EXISTS (SELECT FROM action WHERE {UNFINISHED})")
        return busy

    async def _lost(self, error: Exception) -> None:
        """What waits, waits for the node."""
        if isinstance(error, RpcError):
            with contextlib.suppress(DBAPIError, psycopg.Error):
                async with db.brief(self.engine) as conn:
                    await change(
                        conn,
                        "held = 'node'",
                        "WHERE a.state IN ('queued', 'sent') AND a.held IS DISTINCT FROM 'node'",
                    )

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.database, autocommit=True) as conn:
                    await conn.execute(f"LISTEN {CHANNEL}")
                    await conn.execute("LISTEN ledger")
                    self._woken.set()
                    async for _ in conn.notifies():
                        self._woken.set()
            except psycopg.Error:
                await asyncio.sleep(1)


async def _first(stopped: asyncio.Task[bool], woken: asyncio.Event | None, seconds: float) -> None:
    """Waits until one of both, so many seconds at most."""
    waits = {stopped} | ({asyncio.create_task(woken.wait())} if woken else set())
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits - {stopped}:
        wait.cancel()
