"""`citynet cities import`: the cities of a file, opened on chain and described in the database."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli import remarks
from backend.cli.console import USAGE, Failure, out, say, track
from backend.cli.options import Keystore, Rpc

if TYPE_CHECKING:
    from backend.cities.importer import Found
    from backend.cli.network import Network

app = typer.Typer(no_args_is_help=True, help="Cities of the network.")

BATCH = 100
"""Cities opened in one transaction: about 8 million gas."""


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="The directory's JSON, or city.csv of hflabs.", show_default=False)
    ],
    match: Annotated[
        Path | None, typer.Option(help="Its rows matched to GeoNames; geonames_match.csv beside it, if any.")
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option(help="CSV of figures looked up: id, field, value, source.")
    ] = None,
    accept_doubtful: Annotated[
        bool, typer.Option("--accept-doubtful", help="Take doubtful figures too.")
    ] = False,
    steward: Annotated[
        str | None, typer.Option(help="Address that is to run the cities; the key's own by default.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the file's first so many cities.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write all remarks to this CSV.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only read and report; send nothing.")] = False,
    keystore: Keystore = None,
    rpc: Rpc = None,
) -> None:
    """Open the cities of a file on chain, in batches.

    Cities that are on chain already (by their code) are passed over, so a second run does nothing and an
    interrupted one goes on. Doubtful figures are reported with their line and left out; the city is opened
    all the same. The key must be the operator's.

    Examples:

      citynet cities import backend/directory/cities.json

      citynet cities import city.csv --match geonames_match.csv --report doubts.csv --dry-run

      citynet cities import city.csv --corrections looked-up.csv
    """
    from backend.cities import importer

    found = importer.read(file, match, corrections, accept_doubtful)
    remarks.show(found.remarks, found.rows, f"{len(found.cities)} cities", "city")
    if report:
        remarks.write(report, found.remarks)
    cities = found.cities[:limit]
    if dry_run:
        say("nothing sent (--dry-run)")
        return

    from backend.cli import keys
    from backend.cli.network import open_network

    key = keys.account(keystore)
    network = open_network(key, rpc)
    opened = open_cities(network, cities, _steward(steward) or key.address)
    out.print(f"{opened} cities opened, {len(cities) - opened} were there already")


def open_cities(network: "Network", cities: Sequence["Found"], steward: str) -> int:
    """Opens those of the cities that are not on chain, and keeps their descriptions; how many it opened."""
    from backend.cities import importer
    from backend.cli.network import code
    from backend.cli.storing import store_documents
    from backend.content.documents import encode

    codes = [code(city.code) for city in cities]
    numbers = network.sender.read_all([network.registry.call("cityOf", c) for c in codes])
    described = [encode(importer.document(city)) for city in cities]
    store_documents([body for _, body in described])
    missing = [
        (c, steward, digest)
        for c, (digest, _), number in zip(codes, described, numbers, strict=True)
        if number == 0
    ]
    with track("Opening cities", len(missing)) as advance:
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            network.sender.send(network.registry.call("openCities", batch))
            advance(len(batch))
    return len(missing)


def _steward(text: str | None) -> str | None:
    from backend.kit.types import checksum, parse_address

    try:
        return checksum(parse_address(text)) if text else None
    except ValueError as error:
        raise Failure(f"--steward: {error}", USAGE) from None
