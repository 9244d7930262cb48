"""`citynet relay`: sends what people signed."""

import asyncio
import logging
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import UNREACHABLE, Failure, say
from backend.cli.options import Rpc
from backend.settings import settings

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

    from backend.relay.worker import Worker
    from backend.settings import Settings

PATIENCE = 2.0
"""Seconds between two looks for the node at the start."""


def relay(
    keystore: Annotated[
        Path | None,
        typer.Option(
            help="Encrypted key (JSON, version 3); CITYNET_RELAY_KEYSTORE or CITYNET_RELAY_KEY unless given."
        ),
    ] = None,
    rpc: Rpc = None,
) -> None:
    """Send the actions that people signed, and follow them into the ledger. Ctrl-C ends it; nothing is lost.

    Several may run, with one key or with several: they share the queue.

    Examples:

      CITYNET_RELAY_KEY=0x… citynet relay

      citynet relay --keystore relay.json --rpc https://node.example
    """
    from backend.cli import keys
    from backend.cli.storing import ready

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    configured = settings().model_copy(update={"rpc_url": rpc} if rpc else {})
    key = keys.relay(configured, keystore)
    asyncio.run(work(configured, key, ready()))
    say("stopped; what is under way goes on from here")


async def work(configured: "Settings", key: "LocalAccount", database: str) -> None:
    """Works until the process is asked to end. Raises `Failure` where the node is of another chain."""
    from backend import db
    from backend.relay.worker import Worker

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with db.engine(database, size=2) as engine:
        worker = Worker(engine, database, key, configured)
        say(f"relay {key.address} on {configured.rpc_url}")
        await _meet(worker, stop)
        if not stop.is_set():
            await worker.run(stop)


async def _meet(worker: "Worker", stop: asyncio.Event) -> None:
    """Waits for the node, and sees that it is of the deployment's chain."""
    from backend.chain.rpc import RpcError

    waiting = False
    while not stop.is_set():
        try:
            found, wanted, balance = await worker.meet()
        except RpcError as error:
            if not waiting:
                say(f"waiting for the node: {error}")
            waiting = True
            await asyncio.wait({asyncio.create_task(stop.wait())}, timeout=PATIENCE)
            continue
        if found != wanted:
            raise Failure(f"the node is of chain {found}, the deployment of chain {wanted}", UNREACHABLE)
        if balance == 0:
            say(f"{worker.sending.purse.address} is empty: actions wait until it has money for gas")
        return
