"""`citynet award`: a list of acts, awarded in batches or as one epoch."""

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from backend.cli.console import REFUSED, UNREACHABLE, USAGE, Failure, err, out, say, track
from backend.cli.options import Keystore, Rpc

if TYPE_CHECKING:
    from backend.cli.network import Network
    from backend.cli.receipt import Receipt
    from backend.kit.table import Fault
    from backend.merits.awarding import Act, Batch

IN_FLIGHT = 16
"""Batches sent before their receipts are waited for."""
SHOWN = 50


def award(
    list_: Annotated[Path, typer.Option("--csv", help="The list of acts.", show_default=False)],
    city: Annotated[str, typer.Option(help="Number or code of the city.", show_default=False)],
    epoch: Annotated[bool, typer.Option("--epoch", help="One epoch instead of batches.")] = False,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First day of the epoch, YYYY-MM-DD (UTC).")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="DAY", help="Last day of the epoch, YYYY-MM-DD (UTC).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check; send nothing.")] = False,
    receipt: Annotated[
        Path | None, typer.Option(help="Where the receipt is kept; LIST.receipt.jsonl by default.")
    ] = None,
    keystore: Keystore = None,
    rpc: Rpc = None,
) -> None:
    """Award the acts of a list. The key must be a verifier's of the city.

    Columns (comma, semicolon or tab; UTF-8): citizen, an address; kind, the number of the act kind; evidence,
    a 0x hash or the name of a text file beside the list; times, how many acts (optional, 1).

    The whole list is checked against the ledger first: one bad row, and nothing is sent. The receipt makes a
    second run of the same list refuse, or go on where the first was broken off.

    Examples:

      citynet award --csv cleanup.csv --city geonames:551487 --dry-run

      citynet award --csv october.csv --city 1 --epoch --from 2026-10-01 --to 2026-10-31
    """
    from backend.cli import keys
    from backend.cli.network import open_network
    from backend.cli.receipt import Receipt, fingerprint
    from backend.merits import awarding

    days = _days(epoch, from_, to)
    acts = _checked(awarding.read, list_)
    key = keys.account(keystore)
    network = open_network(key, rpc)
    number = network.city(city)
    about = {
        "list": fingerprint(list_),
        "chain": network.sender.chain_id,
        "ledger": network.ledger.address,
        "city": number,
        "verifier": key.address,
        "days": list(days) if days else None,
    }
    with Receipt(receipt or list_.with_name(list_.name + ".receipt.jsonl"), about) as journal:
        if days:
            _epoch(network, number, key.address, acts, days, journal, dry_run)
        else:
            _batches(network, number, key.address, acts, journal, dry_run)


# ------------------------------------------------------------------- batches


def _batches(
    network: "Network", city: int, verifier: str, acts: "list[Act]", journal: "Receipt", dry_run: bool
) -> None:
    from backend.merits import awarding

    planned = awarding.batches(acts)
    if journal.steps:
        _settle(network, verifier, planned, journal)
    left = [i for i in range(len(planned)) if "tx" not in journal.of(i)]
    if not left:
        raise Failure(f"this list is awarded already: see {journal.path}", REFUSED)
    if len(left) < len(planned):
        say(f"going on: {len(planned) - len(left)} of {len(planned)} batches are awarded")
    remaining = [act for i in left for act in planned[i].acts()] if len(left) < len(planned) else acts
    now = awarding.ground(remaining, network.sender, network.registry, network.ledger, city, verifier)
    _refuse(awarding.check(remaining, now))
    merits = sum(now.points[act.kind] * act.times for act in remaining)
    citizens = len({act.citizen for act in remaining})
    summary = f"{merits} merits to {citizens} citizens in {len(left)} transactions"
    if dry_run:
        out.print(f"{summary}: all rows are in order, nothing sent (--dry-run)")
        return
    _store(acts)
    with track("Awarding", len(left)) as advance:
        for start in range(0, len(left), IN_FLIGHT):
            part = left[start : start + IN_FLIGHT]
            _send(network, city, verifier, [(i, planned[i]) for i in part], now.points, journal)
            advance(len(part))
    out.print(f"awarded {summary}; receipt: {journal.path}")


def _send(
    network: "Network",
    city: int,
    verifier: str,
    part: "list[tuple[int, Batch]]",
    points: dict[int, int],
    journal: "Receipt",
) -> None:
    """Sends batches and waits for them. Their ids are noted before: they follow from serial and period."""
    from backend.merits import awarding

    ledger, sender = network.ledger, network.sender
    budget, period = sender.read_all(
        [ledger.call("budgetOf", city, verifier), ledger.call("period")], "pending"
    )
    for serial, (i, batch) in enumerate(part, start=budget[3] + 1):
        ids = [
            awarding.batch_id(batch, city, verifier, serial, points[batch.kind], period + later).hex()
            for later in (0, 1)  # a period may end before the transaction is included
        ]
        journal.write(batch=i, lines=batch.lines, ids=ids)
    calls = [ledger.call("awardBatch", city, b.kind, b.evidence, b.citizens) for _, b in part]
    for (i, _), receipt in zip(part, sender.send_all(calls), strict=True):
        journal.write(batch=i, tx=receipt.tx_hash, block=receipt.block)


def _settle(network: "Network", verifier: str, planned: "list[Batch]", journal: "Receipt") -> None:
    """Finds out what became of batches that an earlier run had sent when it was broken off."""
    open_ = [i for i in range(len(planned)) if journal.of(i) and "tx" not in journal.of(i)]
    if not open_:
        return
    _await_pending(network, verifier)
    for i in open_:
        calls = [network.ledger.call("isBatch", bytes.fromhex(id_)) for id_ in journal.of(i)["ids"]]
        if any(network.sender.read_all(calls)):
            journal.write(batch=i, tx="", block=0, note="found on chain by a later run")


def _await_pending(network: "Network", verifier: str) -> None:
    """Waits until the node has no transaction of the verifier in waiting."""
    until = time.monotonic() + network.sender.patience
    while True:
        pending, included = network.sender.rpc.batch(
            [("eth_getTransactionCount", [verifier, tag]) for tag in ("pending", "latest")]
        )
        if pending == included:
            return
        if time.monotonic() > until:
            raise Failure("the node still has this key's transactions in waiting: try later", UNREACHABLE)
        time.sleep(0.5)


# --------------------------------------------------------------------- epoch


def _epoch(
    network: "Network",
    city: int,
    verifier: str,
    acts: "list[Act]",
    days: tuple[int, int],
    journal: "Receipt",
    dry_run: bool,
) -> None:
    from backend.cli.storing import store_trees
    from backend.merits import awarding, epochs

    if any("tx" in step for step in journal.steps):
        raise Failure(f"this list is awarded already: see {journal.path}", REFUSED)
    now = awarding.ground(acts, network.sender, network.registry, network.ledger, city, verifier)
    _refuse(awarding.check(acts, now, days))
    times = sum(act.times for act in acts)
    kind = acts[0].kind
    summary = f"{times * now.points[kind]} merits to {len(acts)} citizens as one epoch"
    if dry_run:
        out.print(f"{summary}: all rows are in order, nothing sent (--dry-run)")
        return
    _store(acts)
    tree = epochs.tree([epochs.Award(act.citizen, act.times, act.evidence) for act in acts])
    [content] = store_trees([tree])
    receipt = network.sender.send(
        network.ledger.call("openEpoch", city, kind, times, *days, tree.root, content)
    )
    journal.write(tx=receipt.tx_hash, block=receipt.block, root="0x" + tree.root.hex())
    out.print(f"awarded {summary}; receipt: {journal.path}")


def _days(epoch: bool, first: str | None, last: str | None) -> tuple[int, int] | None:
    """First and last day as the ledger counts them, from 1970."""
    if not epoch:
        if first or last:
            raise Failure("--from and --to belong to --epoch", USAGE)
        return None
    if not first or not last:
        raise Failure("--epoch needs --from and --to: the days that it covers", USAGE)
    return _day("--from", first), _day("--to", last)


def _day(option: str, text: str) -> int:
    try:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days
    except ValueError:
        raise Failure(f"{option}: `{text}` is no day (YYYY-MM-DD)", USAGE) from None


# ------------------------------------------------------------------- together


def _checked(read: Any, path: Path) -> "list[Act]":
    from backend.kit.table import BadList

    try:
        return read(path)
    except BadList as bad:
        _refuse(bad.faults)
        raise


def _refuse(faults: "list[Fault]") -> None:
    if not faults:
        return
    table = Table("line", "column", "reason", box=None, pad_edge=False)
    for fault in faults[:SHOWN]:
        table.add_row(str(fault.line or "all"), fault.column, fault.reason)
    err.print(table)
    if len(faults) > SHOWN:
        say(f"… and {len(faults) - SHOWN} more")
    raise Failure(f"nothing awarded: {len(faults)} faults in the list", REFUSED)


def _store(acts: "list[Act]") -> None:
    """Keeps the evidence that the list brings along."""
    from backend.cli.storing import store_documents

    documents = list({act.document for act in acts if act.document is not None})
    if documents:
        store_documents(documents)
