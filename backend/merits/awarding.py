"""A list of acts (CSV) → batches of awards, or one epoch. Everything is checked before anything is sent.

Columns: `citizen` (address), `kind` (number of the act kind), `evidence` (0x hash, or name of a text file
beside the list), `times` (how many acts; 1 unless given).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_abi import encode

from backend.chain.contract import Contract
from backend.chain.send import Sender
from backend.content.documents import EvidenceDocument, Text
from backend.content.documents import encode as encode_document
from backend.errors import Problem
from backend.kit.hashing import keccak
from backend.kit.table import BadFile, read_text
from backend.kit.table import rows as table
from backend.kit.types import checksum, parse_address, parse_hash

BATCH = 200
"""Citizens in one transaction."""
MOST_TIMES = 2**16 - 1
EPOCHS_PER_PERIOD = 48
VERIFIER = 1
"""`CityRoles.VERIFIER`."""
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the list. `evidence`: 32 bytes; `document`: what this is the hash of, where it is given."""

    line: int
    citizen: bytes
    kind: int
    times: int
    evidence: bytes
    document: bytes | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be awarded. `column` is empty where it is about the list as a whole (`line` 0)."""

    line: int
    column: str
    reason: str


class BadList(Exception):
    """Rows that cannot be awarded; nothing was sent."""

    def __init__(self, faults: list[Fault]):
        super().__init__(f"{len(faults)} faults")
        self.faults = sorted(faults, key=lambda fault: fault.line)


@dataclass(frozen=True, slots=True)
class Batch:
    """Citizens awarded in one transaction for the same act on one evidence; each with the row's line."""

    kind: int
    evidence: bytes
    rows: tuple[tuple[bytes, int], ...]

    @property
    def citizens(self) -> list[bytes]:
        return [citizen for citizen, _ in self.rows]

    @property
    def lines(self) -> list[int]:
        return list(dict.fromkeys(line for _, line in self.rows))

    def acts(self) -> list[Act]:
        """The acts that it awards."""
        return [Act(line, c, self.kind, n, self.evidence) for (c, line), n in Counter(self.rows).items()]


@dataclass(slots=True)
class Ground:
    """What the ledger says at the moment of the check; merits, days since 1970.

    `points` and `epochs_until` by kind (points 0: not published), `registered` citizens, `earned`: merits of
    direct awards today by citizen, `left`: what the verifier may still award in this period.
    """

    is_verifier: bool
    paused: bool
    today: int
    daily_cap: int
    left: int
    epochs_left: int
    points: dict[int, int] = field(default_factory=dict)
    epochs_until: dict[int, int] = field(default_factory=dict)
    registered: set[bytes] = field(default_factory=set)
    earned: dict[bytes, int] = field(default_factory=dict)


# ---------------------------------------------------------------------- list


def read(path: Path) -> list[Act]:
    """The acts of a list. Raises `BadFile`, or `BadList` with every row that is not understood."""
    acts: list[Act] = []
    faults: list[Fault] = []
    for line, row in table(read_text(path), path, ("citizen", "kind", "evidence"), ("times",)):
        values: dict[str, Any] = {}
        for column, parse in PARSERS.items():
            try:
                values[column] = parse(row.get(column, ""), path)
            except (ValueError, BadFile, Problem) as error:
                faults.append(Fault(line, column, _said(error)))
        if len(values) == len(PARSERS):
            acts.append(Act(line, values["citizen"], values["kind"], values["times"], *values["evidence"]))
    if faults:
        raise BadList(faults)
    if not acts:
        raise BadFile(f"{path}: the list has no rows")
    return acts


def _number(text: str, least: int, most: int, default: int | None = None) -> int:
    if not text and default is not None:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"`{text}` is not a whole number from {least} to {most}")
    return int(text)


def _evidence(text: str, path: Path) -> tuple[bytes, bytes | None]:
    if not text:
        raise ValueError("is empty: a hash or the name of a text file is needed")
    if text.lower().startswith("0x"):
        return parse_hash(text), None
    said = read_text(path.parent / text)
    return encode_document(EvidenceDocument(description=Text(ru=said, en=said)))


PARSERS = {
    "citizen": lambda text, path: parse_address(text),
    "kind": lambda text, path: _number(text, 0, 2**32 - 1),
    "times": lambda text, path: _number(text, 1, MOST_TIMES, default=1),
    "evidence": _evidence,
}


def _said(error: Exception) -> str:
    errors = getattr(error, "errors", None)
    if callable(errors):  # pydantic's
        return errors()[0]["msg"].removeprefix("Value error, ")
    return str(error)


# --------------------------------------------------------------------- check


def ground(
    acts: Sequence[Act], sender: Sender, registry: Contract, ledger: Contract, city: int, verifier: str
) -> Ground:
    """What the ledger says of the city, the verifier, and the kinds and citizens of the list."""
    at = "pending"
    block = sender.rpc.call("eth_getBlockByNumber", at, False)
    today = int(block["timestamp"], 16) // SECONDS_PER_DAY
    roles, rules, network, budget, period = sender.read_all(
        [
            registry.call("rolesOf", city, verifier),
            ledger.call("cityOf", city),
            ledger.call("cityOf", 0),
            ledger.call("budgetOf", city, verifier),
            ledger.call("period"),
        ],
        at,
    )
    cap, pauses, epoch_period, epochs = rules
    per_period, used, budget_period, _ = budget
    kinds = sorted({act.kind for act in acts})
    published = sender.read_all([ledger.call("kindOf", city, kind) for kind in kinds], at)
    wallets = sorted({act.citizen for act in acts})
    nullifiers = sender.read_all([registry.call("nullifierOf", city, wallet) for wallet in wallets], at)
    accounts = sender.read_all([ledger.call("accountOf", city, wallet) for wallet in wallets], at)
    return Ground(
        is_verifier=bool(roles & VERIFIER),
        paused=bool(pauses or network[1]),
        today=today,
        daily_cap=cap,
        left=per_period - (used if budget_period == period else 0),
        epochs_left=EPOCHS_PER_PERIOD - (epochs if epoch_period == period else 0),
        points={kind: points for kind, (points, _) in zip(kinds, published, strict=True)},
        epochs_until={kind: until for kind, (_, until) in zip(kinds, published, strict=True)},
        registered={wallet for wallet, known in zip(wallets, nullifiers, strict=True) if any(known)},
        # Account: current, previous, lifetime, period, day, today, …
        earned={wallet: a[5] for wallet, a in zip(wallets, accounts, strict=True) if a[4] == today},
    )


def check(acts: Sequence[Act], now: Ground, days: tuple[int, int] | None = None) -> list[Fault]:
    """Every reason why the list cannot be awarded as a whole.

    `days`: first and last day of the epoch that it is to be; direct awards of today, unless given.
    """
    faults = list(_city_faults(now, days))
    seen: dict[tuple[object, ...], int] = {}
    earned = Counter(now.earned) if days is None else Counter()
    lines: dict[bytes, list[int]] = {}
    cap = now.daily_cap * (days[1] - days[0] + 1 if days else 1)
    total = 0
    for act in acts:
        points = now.points.get(act.kind, 0)
        if points == 0:
            faults.append(Fault(act.line, "kind", f"the city awards no act kind {act.kind}"))
        elif days and days[0] < now.epochs_until[act.kind]:
            faults.append(Fault(act.line, "kind", f"an epoch of kind {act.kind} already covers these days"))
        if act.citizen not in now.registered:
            faults.append(Fault(act.line, "citizen", f"{checksum(act.citizen)} is no citizen of this city"))
        same = (act.citizen,) if days else (act.citizen, act.kind, act.evidence)
        if same in seen:
            what = "one row for each citizen in an epoch" if days else "use `times` for several acts"
            faults.append(Fault(act.line, "citizen", f"already in line {seen[same]}: {what}"))
            continue
        seen[same] = act.line
        total += points * act.times
        before = earned[act.citizen]
        earned[act.citizen] += points * act.times
        lines.setdefault(act.citizen, []).append(act.line)
        if before <= cap < earned[act.citizen]:
            rows = ", ".join(map(str, lines[act.citizen]))
            reason = f"over the cap: {earned[act.citizen]} merits, {cap} are allowed (lines {rows})"
            faults.append(Fault(act.line, "times", reason))
    if days and len({act.kind for act in acts}) > 1:
        other = next(act for act in acts if act.kind != acts[0].kind)
        faults.append(Fault(other.line, "kind", f"an epoch is of one kind, line {acts[0].line} has another"))
    if total > now.left:
        left = max(now.left, 0)
        faults.append(Fault(0, "", f"over the verifier's budget: {total} merits, {left} are left"))
    return faults


def _city_faults(now: Ground, days: tuple[int, int] | None) -> Iterator[Fault]:
    if not now.is_verifier:
        yield Fault(0, "", "the key is no verifier's of this city")
    if now.paused:
        yield Fault(0, "", "awards are paused")
    if days is None:
        return
    if days[0] > days[1]:
        yield Fault(0, "", "the epoch's first day is after its last")
    if days[1] >= now.today:
        yield Fault(0, "", "the epoch's last day is not over yet (days are UTC)")
    if now.epochs_left <= 0:
        yield Fault(0, "", "the city has opened all the epochs that a period has room for")


# ---------------------------------------------------------------------- plan


def batches(acts: Sequence[Act], size: int = BATCH) -> list[Batch]:
    """The acts in batches of at most `size`, one kind and evidence each, in the list's order."""
    groups: dict[tuple[int, bytes], list[tuple[bytes, int]]] = {}
    for act in acts:
        groups.setdefault((act.kind, act.evidence), []).extend([(act.citizen, act.line)] * act.times)
    return [
        Batch(kind, evidence, tuple(rows[start : start + size]))
        for (kind, evidence), rows in groups.items()
        for start in range(0, len(rows), size)
    ]


def batch_id(batch: Batch, city: int, verifier: str, serial: int, points: int, period: int) -> bytes:
    """The id under which the ledger marks the batch: `keccak256(abi.encode(IMeritLedger.Batch))`."""
    return keccak(
        encode(
            ["(uint32,address,uint48,uint32,uint24,uint16,bytes32,address[])"],
            [(city, verifier, serial, batch.kind, points, period, batch.evidence, batch.citizens)],
        )
    )
