"""`citynet demo`: a whole network on this machine."""

from typing import Annotated

import typer

from backend.settings import settings


def demo(
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew; the demo's chain and database are removed.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port of pages and API; CITYNET_PORT by default."),
    ] = None,
    rpc_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the chain; 8545 or a free one by default.")
    ] = None,
    small: Annotated[bool, typer.Option("--small", hidden=True, help="Two cities and few people.")] = False,
) -> None:
    """Start chain, database, indexer and pages, filled with a lived-in network of made-up people.

    The first start deploys the contracts, opens the cities and plays 200 days; the next ones go on where the
    last stopped. Everything is kept in the folder .citynet (CITYNET_DATA_DIR). Ctrl-C stops it all.

    Examples:

      citynet demo

      citynet demo --fresh --port 8080
    """
    from backend.demo.folder import Folder
    from backend.demo.supervisor import Demo

    Demo(Folder(settings().data_dir), port or settings().port, rpc_port, small).run(fresh)
