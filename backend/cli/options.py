"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Keystore = Annotated[
    Path | None,
    typer.Option(help="Encrypted key (JSON, version 3) to sign with; the key in CITYNET_KEY unless given."),
]
Rpc = Annotated[
    str | None, typer.Option(help="JSON-RPC of the node; CITYNET_RPC_URL, or port 8545 here, unless given.")
]
