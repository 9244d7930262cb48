"""`citynet index` and `serve`."""

import logging
import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import UNREACHABLE, Failure, say, track
from backend.cli.options import Rpc
from backend.settings import settings

if TYPE_CHECKING:
    from backend.chain.sync import Indexer, Progress


def index(
    until: Annotated[int | None, typer.Option(min=0, help="Stop at this block.")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Read the whole chain anew.")] = False,
    rpc: Rpc = None,
) -> None:
    """Follow the chain and keep the ledger's tables. Ctrl-C ends it; it goes on where it stopped.

    Several may run: one leads, the others wait to take over.

    Examples:

      citynet index

      citynet index --until 120000 --rebuild
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    last = follow(indexer(rpc, rebuild), until, stop)
    say(f"indexed to block {last}")


def indexer(rpc: str | None = None, rebuild: bool = False) -> "Indexer":
    """The indexer of the configured network."""
    from backend.chain.definition import Definition
    from backend.chain.deployment import Deployment
    from backend.chain.sync import Indexer
    from backend.cli.storing import ready
    from backend.domains import domains

    definition = Definition.of(Deployment.read(settings().deployment_file), domains())
    url = ready()
    return Indexer(
        rpc or settings().rpc_url,
        definition,
        url,
        depth=settings().finality_depth,
        poll_seconds=settings().poll_seconds,
        rebuild=rebuild,
    )


def follow(engine: "Indexer", until: int | None, stop: threading.Event) -> int:
    """Runs the indexer with its progress shown; the block it came to. Raises `Failure`."""
    from backend.chain.reorg import BelowFinality
    from backend.chain.sync import WrongChain

    shown = 0
    waiting = ""

    with track("Indexing", 0) as show:

        def progress(now: "Progress") -> None:
            nonlocal shown, waiting
            show(max(now.number - shown, 0), now.target)
            shown = now.number
            if now.waiting != waiting and now.waiting:
                say(f"waiting: {now.waiting}")
            waiting = now.waiting

        try:
            return engine.run(until, stop, progress).number
        except (BelowFinality, WrongChain) as error:
            raise Failure(str(error), UNREACHABLE) from error


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at; CITYNET_HOST by default.")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to listen at; CITYNET_PORT by default.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Serve the API and the pages. They read the database only; the chain may be away.

    Example:

      citynet serve --port 8080 --workers 4
    """
    import uvicorn

    from backend.cli.storing import ready
    from backend.demo.node import is_free

    at, number = host or settings().host, port or settings().port
    if not is_free(number, at):
        raise Failure(
            f"port {number} is taken: end the other program, or choose another with --port", UNREACHABLE
        )
    ready()
    uvicorn.run(
        "backend.app:create_app",
        factory=True,
        host=at,
        port=number,
        workers=workers,
        log_level="info",
        timeout_graceful_shutdown=3,  # streams never end by themselves
    )
