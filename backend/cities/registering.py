"""A list of new citizens (CSV) → registrations in batches. Everything is checked before anything is sent.

Columns: `wallet` (address) and `nullifier` (0x hash). A list of documents never comes here: the browser has
put nullifiers in their place (scripts/nullifiers.js, docs/decisions/0077-documents-stay-in-the-browser.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities import drafts
from backend.cities.drafts import Body, Checked, Draft, Landed
from backend.cities.queries import registered
from backend.kit.moment import Moment
from backend.kit.rows import rows, values
from backend.kit.table import Fault, parsed
from backend.kit.texts import N_, Told
from backend.kit.types import checksum, parse_address, parse_hash

Conn = AsyncConnection

KIND = "registrations"
BATCH = 200
"""Citizens in one transaction."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A row of the list."""

    line: int
    wallet: bytes
    nullifier: bytes


@dataclass(slots=True)
class Known:
    """What the ledger says of the wallets and nullifiers of a list: who they belong to, or did."""

    is_verifier: bool
    wallets: dict[bytes, bytes] = field(default_factory=dict)
    nullifiers: dict[bytes, bytes] = field(default_factory=dict)


def parse(text: str, path: Path | str) -> list[Newcomer]:
    """The rows of a list. Raises `BadFile`, or `BadList` with every field that is not understood."""
    parsers = {"wallet": _wallet, "nullifier": _nullifier}
    found = parsed(text, path, parsers, ("wallet", "nullifier"))
    return [Newcomer(line, row["wallet"], row["nullifier"]) for line, row in found]


def _wallet(text: str) -> bytes:
    wallet = parse_address(text)
    if not any(wallet):
        raise Told(N_("is the address zero, which is nobody's"))
    return wallet


def _nullifier(text: str) -> bytes:
    if text == "?":  # of the browser, for what is no document and no hash
        raise Told(N_("there is no document here, and no nullifier"))
    nullifier = parse_hash(text)
    if not any(nullifier):
        raise Told(N_("is zero, which stands for nobody"))
    return nullifier


async def known(
    conn: Conn, moment: Moment, city_id: int, newcomers: Sequence[Newcomer], is_verifier: bool
) -> Known:
    """What the ledger knows of the list's wallets and nullifiers in the city."""
    found = await values(
        conn,
        f"SELECT wallet, nullifier FROM {registered(moment)} c"
        " WHERE city_id = %s AND (wallet = ANY(%s) OR nullifier = ANY(%s)) ORDER BY since",
        (city_id, [n.wallet for n in newcomers], [n.nullifier for n in newcomers]),
    )
    return Known(is_verifier, dict(found), {nullifier: wallet for wallet, nullifier in found})


def check(newcomers: Sequence[Newcomer], now: Known) -> list[Fault]:
    """Every reason why the list cannot be registered as a whole."""
    faults: list[Fault] = []
    if not now.is_verifier:
        faults.append(Fault(0, "", N_("this wallet is no verifier's of this city")))
    wallets: dict[bytes, int] = {}
    nullifiers: dict[bytes, int] = {}
    for who in newcomers:
        same = wallets.setdefault(who.wallet, who.line)
        if same != who.line:
            faults.append(Fault(who.line, "wallet", N_("already in line %(line)s"), {"line": same}))
        same = nullifiers.setdefault(who.nullifier, who.line)
        if same != who.line:
            text = N_("the same person is in line %(line)s")
            faults.append(Fault(who.line, "nullifier", text, {"line": same}))
        if who.wallet in now.wallets:
            faults.append(Fault(who.line, "wallet", N_("is or was a citizen's of this city")))
        elif who.nullifier in now.nullifiers:
            text = N_("this person is registered already, with the wallet %(wallet)s")
            wallet = checksum(now.nullifiers[who.nullifier])
            faults.append(Fault(who.line, "nullifier", text, {"wallet": wallet}))
    return faults


def plan(newcomers: Sequence[Newcomer], faults: Sequence[Fault]) -> Checked:
    """The list as a draft, in batches of at most `BATCH`."""
    parts: list[Body] = [
        {"rows": [[checksum(who.wallet), "0x" + who.nullifier.hex(), who.line] for who in batch]}
        for start in range(0, len(newcomers), BATCH)
        if (batch := newcomers[start : start + BATCH])
    ]
    about = {"citizens": len({who.wallet for who in newcomers}), "transactions": len(parts)}
    return Checked(KIND, len(newcomers), about, [] if faults else parts, faults)


async def landed(conn: Conn, moment: Moment, draft: Draft) -> list[Landed]:
    """Which parts of a draft are in the ledger: a batch is registered whole or not at all, so its first row
    tells.
    """
    first: list[Any] = [body["rows"][0] for body in await drafts.parts(conn, draft.draft_id)]
    return await rows(
        conn,
        Landed,
        f"""
        SELECT p.part - 1 AS part, f.tx_hash, f.block_number, f.block_time AS time
        FROM unnest(%(wallets)s::bytea[], %(nullifiers)s::bytea[]) WITH ORDINALITY p (wallet, nullifier, part)
        JOIN {moment.of("citizen_registered")} f
            ON f.city_id = %(city)s AND f.wallet = p.wallet AND f.nullifier = p.nullifier
        WHERE f.verifier = %(verifier)s AND f.block_number > %(since)s ORDER BY p.part
        """,
        {
            "wallets": [bytes.fromhex(wallet[2:]) for wallet, _, _ in first],
            "nullifiers": [bytes.fromhex(nullifier[2:]) for _, nullifier, _ in first],
            "city": draft.city_id,
            "verifier": draft.account,
            "since": draft.since,
        },
    )


def written(body: Body) -> Iterator[tuple[int, str, int | None]]:
    """What a part writes: line, wallet, no merits."""
    for wallet, _, line in body["rows"]:
        yield line, wallet, None
