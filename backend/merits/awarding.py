"""A list of acts (CSV) → batches of awards, or one epoch. Everything is checked before anything is sent.

Columns: `citizen` (address), `kind` (number of the act kind), `evidence` (0x hash, or a text: the city's desk
takes it as it stands, the command takes it for the name of a text file beside the list), `times` (how many
acts; 1 unless given).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from eth_abi import encode

from backend.chain.contract import Contract
from backend.chain.send import Sender
from backend.content.documents import MOST_BYTES, MOST_TEXT, EvidenceDocument, Text
from backend.content.documents import encode as encode_document
from backend.kit.hashing import keccak
from backend.kit.table import BadFile, Fault, parsed, read_text
from backend.kit.texts import N_, Told
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
    """The acts of a list whose evidence lies beside it. Raises `BadFile`, `BadList`."""

    def beside(name: str) -> str:
        try:
            return read_text(path.parent / name)
        except BadFile as error:
            raise ValueError(str(error)) from None

    return parse(read_text(path), path, beside)


def parse(text: str, path: Path | str, evidence: Callable[[str], str]) -> list[Act]:
    """The acts of a list. `evidence` gives the text that an entry which is no hash stands for.

    Raises `BadFile`, or `BadList` with every field that is not understood.
    """

    @lru_cache(maxsize=1024)
    def kept(entry: str) -> tuple[bytes, bytes | None]:
        if not entry:
            raise Told(N_("is empty: the evidence is needed, as a hash or as text"))
        if entry.lower().startswith("0x"):
            return parse_hash(entry), None
        return document(evidence(entry))

    parsers = {
        "citizen": parse_address,
        "kind": lambda entry: _number(entry, 0, 2**32 - 1),
        "times": lambda entry: _number(entry, 1, MOST_TIMES, default=1),
        "evidence": kept,
    }
    found = parsed(text, path, parsers, ("citizen", "kind", "evidence"))
    return [Act(line, row["citizen"], row["kind"], row["times"], *row["evidence"]) for line, row in found]


def document(said: str, english: str = "") -> tuple[bytes, bytes]:
    """Hash and bytes of the evidence that is said so, in both languages unless the English is given."""
    longest = max(said, english, key=len)
    if not said.strip() or "\x00" in said + english:
        raise Told(N_("holds no text"))
    if len(longest) > MOST_TEXT:
        raise Told(N_("is longer than %(most)s characters"), most=MOST_TEXT)
    made = encode_document(EvidenceDocument(description=Text(ru=said, en=english.strip() or said)))
    if len(made[1]) > MOST_BYTES:
        raise Told(N_("is longer than %(most)s bytes"), most=MOST_BYTES)
    return made


def _number(text: str, least: int, most: int, default: int | None = None) -> int:
    if not text and default is not None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 20 or not least <= int(text) <= most:
        told = N_("`%(entry)s` is not a whole number from %(least)s to %(most)s")
        raise Told(told, entry=text[:40], least=least, most=most)
    return int(text)


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

    def fault(line: int, column: str, text: str, /, **values: Any) -> None:
        faults.append(Fault(line, column, text, values))

    for act in acts:
        points = now.points.get(act.kind, 0)
        if points == 0:
            fault(act.line, "kind", N_("the city awards no act kind %(kind)s"), kind=act.kind)
        elif days and days[0] < now.epochs_until[act.kind]:
            fault(act.line, "kind", N_("an epoch of kind %(kind)s already covers these days"), kind=act.kind)
        if act.citizen not in now.registered:
            who = checksum(act.citizen)
            fault(act.line, "citizen", N_("%(citizen)s is no citizen of this city"), citizen=who)
        same = (act.citizen,) if days else (act.citizen, act.kind, act.evidence)
        if same in seen:
            once = N_("already in line %(line)s: one row for each citizen in an epoch")
            several = N_("already in line %(line)s: use `times` for several acts")
            fault(act.line, "citizen", once if days else several, line=seen[same])
            continue
        seen[same] = act.line
        total += points * act.times
        before = earned[act.citizen]
        earned[act.citizen] += points * act.times
        lines.setdefault(act.citizen, []).append(act.line)
        if before <= cap < earned[act.citizen]:
            over = N_("over the cap: %(merits)s merits, %(cap)s are allowed (lines %(lines)s)")
            rows = ", ".join(map(str, lines[act.citizen]))
            fault(act.line, "times", over, merits=earned[act.citizen], cap=cap, lines=rows)
    if days and len({act.kind for act in acts}) > 1:
        other = next(act for act in acts if act.kind != acts[0].kind)
        text = N_("an epoch is of one kind, line %(line)s has another")
        fault(other.line, "kind", text, line=acts[0].line)
    if total > now.left:
        text = N_("over the verifier's budget: %(merits)s merits, %(left)s are left")
        fault(0, "", text, merits=total, left=max(now.left, 0))
    return faults


def _city_faults(now: Ground, days: tuple[int, int] | None) -> Iterator[Fault]:
    if not now.is_verifier:
        yield Fault(0, "", N_("the key is no verifier's of this city"))
    if now.paused:
        yield Fault(0, "", N_("awards are paused"))
    if days is None:
        return
    if days[0] > days[1]:
        yield Fault(0, "", N_("the epoch's first day is after its last"))
    if days[1] >= now.today:
        yield Fault(0, "", N_("the epoch's last day is not over yet (days are UTC)"))
    if now.epochs_left <= 0:
        yield Fault(0, "", N_("the city has opened all the epochs that a period has room for"))


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
