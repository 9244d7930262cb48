"""`citynet projects import`: a city's own record of projects, opened on chain, handed to its moderators."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli import remarks
from backend.cli.console import out, say, track
from backend.cli.options import Keystore, Rpc

if TYPE_CHECKING:
    from backend.cli.network import Network
    from backend.projects.paris import Found

app = typer.Typer(no_args_is_help=True, help="Projects of cities.")


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="The CSV bp_projets_gagnants of opendata.paris.fr.", show_default=False)
    ],
    city: Annotated[str, typer.Option(help="Number or code of the projects' home city.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the file's first so many projects.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write all remarks to this CSV.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only read and report; send nothing.")] = False,
    keystore: Keystore = None,
    rpc: Rpc = None,
) -> None:
    """Open the projects of a file on chain, and hand them to the city's moderators.

    The key is their author; whoever is to lead one takes it over. Projects that it has opened in the city
    already (by the hash of their description) are passed over, so a second run does nothing and an
    interrupted one goes on. What the file says of stages and money is in the descriptions: no guard is passed
    by an import.

    Examples:

      citynet projects import bp_projets_gagnants.csv --city geonames:2988507 --dry-run

      citynet projects import bp_projets_gagnants.csv --city geonames:2988507 --report remarks.csv
    """
    from backend.projects import paris

    found = paris.read(file)
    remarks.show(found.remarks, found.rows, f"{len(found.projects)} projects", "project")
    if report:
        remarks.write(report, found.remarks)
    if dry_run:
        say("nothing sent (--dry-run)")
        return

    from backend.cli import keys
    from backend.cli.network import open_network

    network = open_network(keys.account(keystore), rpc)
    projects = found.projects[:limit]
    opened, handed = hand_in(network, network.city(city), projects)
    out.print(f"{opened} projects opened, {len(projects) - opened} were there already; {handed} handed in")


def hand_in(network: "Network", city: int, projects: Sequence["Found"]) -> tuple[int, int]:
    """Opens those of the projects that the sender's first account has not opened in the city, and moves its
    own on to the premoderation; how many it opened and moved.
    """
    from backend.cli.storing import store_documents
    from backend.content.documents import DossierDocument, encode
    from backend.projects.names import KINDS, STAGES
    from backend.projects.paris import ORIGIN

    encoded = [encode(project.document) for project in projects]
    papers, body = encode(DossierDocument(description=ORIGIN))
    store_documents([*(body for _, body in encoded), body])
    registry, sender = network.projects, network.sender
    there = _opened(network, city)
    calls = [
        registry.call("openProject", city, KINDS.index(project.kind), 0, content)
        for project, (content, _) in zip(projects, encoded, strict=True)
        if content not in there
    ]
    with track("Opening projects", len(calls)) as advance:
        advance(len(sender.send_all(calls)))
    there = _opened(network, city)
    numbers = [there[content] for content, _ in encoded]
    standing = sender.read_all([registry.call("standingOf", number) for number in numbers])
    behind = {number: stage for number, (_, _, stage, _) in zip(numbers, standing, strict=True)}
    last, moved = STAGES.index("premoderation") + 1, 0
    for stage in range(1, last):
        due = [number for number, reached in behind.items() if reached <= stage]
        moved = max(moved, len(due))
        with track(f"Moving on from {STAGES[stage - 1]}", len(due)) as advance:
            advance(len(sender.send_all([registry.call("advance", number, papers) for number in due])))
    return len(calls), moved


def _opened(network: "Network", city: int) -> dict[bytes, int]:
    """Numbers of the projects that the account has opened in the city, by the hash of their description."""
    from eth_abi import decode

    from backend.chain.contract import signature
    from backend.chain.deployment import events
    from backend.kit.hashing import keccak

    place = network.deployment.place("ProjectRegistry")
    event = next(entry for entry in events("ProjectRegistry") if entry["name"] == "ProjectOpened")
    author = network.sender.addresses[0]
    topics = [
        "0x" + keccak(signature(event).encode()).hex(),
        None,
        f"0x{city:064x}",
        f"0x{int(author, 16):064x}",
    ]
    asked = {"address": place.address, "fromBlock": hex(place.block), "toBlock": "latest", "topics": topics}
    found = {}
    for log in network.sender.rpc.call("eth_getLogs", asked):
        _, _, content = decode(["uint8", "uint32", "bytes32"], bytes.fromhex(log["data"][2:]))
        found[content] = int(log["topics"][1], 16)
    return found
