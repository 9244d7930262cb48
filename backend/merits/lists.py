"""Lists of awards at a city's desk: what the ledger says of them, the transactions that they take, and which
of these are in the ledger. Reading and checking are `awarding`'s.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities import drafts
from backend.cities import queries as cities
from backend.cities.drafts import Body, Checked, Draft, Landed
from backend.content.documents import Text
from backend.kit.moment import Moment
from backend.kit.rows import rows, values
from backend.kit.table import Fault
from backend.kit.texts import N_
from backend.kit.types import Address, Hash, checksum
from backend.merits import awarding, epochs, queries
from backend.merits.awarding import EPOCHS_PER_PERIOD, SECONDS_PER_DAY, Act, Ground
from backend.merits.derived import KIND

Conn = AsyncConnection

AWARDS, EPOCH = "awards", "epoch"


async def ground(
    conn: Conn, moment: Moment, city_id: int, verifier: bytes, acts: Sequence[Act], is_verifier: bool
) -> Ground:
    """What the ledger says of the city, the verifier, and the kinds and citizens of the list."""
    today = moment.time // SECONDS_PER_DAY
    rules = await queries.rules(conn, moment, city_id)
    period = await queries.period(conn, moment)
    budgets = {budget.verifier: budget for budget in await queries.budgets(conn, moment, city_id)}
    budget = budgets.get(checksum(verifier))
    wallets = list({act.citizen for act in acts})
    kinds = sorted({act.kind for act in acts})
    published = {kind.kind_id: kind.points for kind in await queries.kinds(conn, moment, city_id)}
    covered = await values(
        conn,
        f"SELECT kind_id, max(last_day) + 1 FROM {moment.of('epoch_opened')} e"
        " WHERE city_id = %s AND kind_id = ANY(%s) GROUP BY kind_id",
        (city_id, kinds),
    )
    ((opened,),) = await values(
        conn,
        f"SELECT count(*) FROM {moment.of('epoch_opened')} e WHERE city_id = %s AND period = %s",
        (city_id, period.number),
    )
    earned = await values(
        conn,
        f"SELECT citizen, sum(points)::bigint FROM {moment.of('awarded')} a"
        " WHERE city_id = %s AND citizen = ANY(%s) AND block_time >= %s GROUP BY citizen",
        (city_id, wallets, today * SECONDS_PER_DAY),
    )
    return Ground(
        is_verifier=is_verifier,
        paused=rules.paused,
        today=today,
        daily_cap=rules.daily_cap,
        left=budget.per_period - budget.used if budget else 0,
        epochs_left=EPOCHS_PER_PERIOD - opened,
        points={kind: published.get(kind, 0) for kind in kinds},
        epochs_until=dict.fromkeys(kinds, 0) | dict(covered),
        registered=await cities.citizens_among(conn, moment, city_id, wallets),
        earned=dict(earned),
    )


def plan(
    acts: Sequence[Act], now: Ground, faults: Sequence[Fault], days: tuple[int, int] | None = None
) -> Checked:
    """The list as a draft: batches, or one epoch of the days given (from 1970)."""
    merits = sum(now.points[act.kind] * act.times for act in acts)
    parts = [] if faults else [_epoch(acts, now, days)] if days else _batches(acts, now)
    if len(parts) > drafts.MOST_PARTS:
        text = N_(
            "takes %(count)s transactions, %(most)s at most are sent: one evidence for many, or an epoch"
        )
        faults = [Fault(0, "", text, {"count": len(parts), "most": drafts.MOST_PARTS})]
    about = {
        "citizens": len({act.citizen for act in acts}),
        "merits": merits,
        "acts": sum(act.times for act in acts),
        "transactions": len(parts),
        "left": now.left,
        "days": list(days) if days else None,
    }
    return Checked(EPOCH if days else AWARDS, len(acts), about, parts, faults)


def _batches(acts: Sequence[Act], now: Ground) -> list[Body]:
    documents = {act.evidence: act.document.decode() for act in acts if act.document is not None}
    return [
        {
            "kind": batch.kind,
            "evidence": "0x" + batch.evidence.hex(),
            "document": documents.get(batch.evidence),
            "points": now.points[batch.kind],
            "rows": [[checksum(citizen), line] for citizen, line in batch.rows],
        }
        for batch in awarding.batches(acts)
    ]


def _epoch(acts: Sequence[Act], now: Ground, days: tuple[int, int]) -> Body:
    leaves = [[checksum(act.citizen), act.times, "0x" + act.evidence.hex(), act.line] for act in acts]
    return {
        "kind": acts[0].kind,
        "points": now.points[acts[0].kind],
        "days": list(days),
        "root": "0x" + tree_of(leaves).root.hex(),
        "rows": leaves,
        "documents": sorted({act.document.decode() for act in acts if act.document is not None}),
    }


def tree_of(leaves: Sequence[Sequence[Any]]) -> epochs.Tree:
    """The tree of an epoch's rows as a draft holds them."""
    return epochs.tree(
        [
            epochs.Award(bytes.fromhex(citizen[2:]), times, bytes.fromhex(evidence[2:]))
            for citizen, times, evidence, _ in leaves
        ]
    )


def written(body: Body) -> Iterator[tuple[int, str, int | None]]:
    """What a part writes: line, citizen, merits."""
    for citizen, *rest in body["rows"]:
        yield rest[-1], citizen, body["points"] * (rest[0] if len(rest) > 1 else 1)


# ------------------------------------------------------------- in the ledger


async def landed(conn: Conn, moment: Moment, draft: Draft) -> list[Landed]:
    """Which parts of a draft are in the ledger, whoever reported them."""
    bodies = await drafts.parts(conn, draft.draft_id)
    return await (_opened if draft.kind == EPOCH else _awarded)(conn, moment, draft, bodies)


async def _opened(conn: Conn, moment: Moment, draft: Draft, bodies: list[Body]) -> list[Landed]:
    return await rows(
        conn,
        Landed,
        f"SELECT 0 AS part, tx_hash, block_number, block_time AS time FROM {moment.of('epoch_opened')} e"
        " WHERE root = %s AND city_id = %s AND verifier = %s",
        (bytes.fromhex(bodies[0]["root"][2:]), draft.city_id, draft.account),
    )


async def _awarded(conn: Conn, moment: Moment, draft: Draft, bodies: list[Body]) -> list[Landed]:
    """Batches since the draft with a part's kind, evidence and citizens in their order; of equal ones each
    stands for one part.
    """
    found = await values(
        conn,
        f"""
        SELECT b.kind_id, b.evidence, b.tx_hash, b.block_number, b.block_time,
            (SELECT array_agg(a.citizen ORDER BY a.log_index) FROM {moment.of("awarded")} a
             WHERE a.block_number = b.block_number AND a.batch_id = b.batch_id) AS citizens
        FROM {moment.of("batch_awarded")} b
        WHERE b.city_id = %s AND b.verifier = %s AND b.block_number > %s AND b.evidence = ANY(%s)
        ORDER BY b.block_number, b.log_index
        """,
        (
            draft.city_id,
            draft.account,
            draft.since,
            list({bytes.fromhex(body["evidence"][2:]) for body in bodies}),
        ),
    )
    batches: dict[Any, list[tuple[bytes, int, int]]] = defaultdict(list)
    for kind, evidence, tx_hash, block, time, citizens in found:
        batches[kind, bytes(evidence), tuple(map(bytes, citizens))].append((tx_hash, block, time))
    result = []
    for number, body in enumerate(bodies):
        citizens = tuple(bytes.fromhex(citizen[2:]) for citizen, _ in body["rows"])
        same = batches.get((body["kind"], bytes.fromhex(body["evidence"][2:]), citizens))
        if same:
            tx_hash, block, time = same.pop(0)
            result.append(Landed(part=number, tx_hash=tx_hash, block_number=block, time=time))
    return result


async def batches_known(conn: Conn, moment: Moment, city_id: int, verifier: bytes) -> int:
    """How many batches the ledger knows that a verifier awarded in a city: the contract's `serial`."""
    ((count,),) = await values(
        conn,
        f"SELECT coalesce(max(serial), 0)::bigint FROM {moment.of('batch_awarded')} b"
        " WHERE city_id = %s AND verifier = %s",
        (city_id, verifier),
    )
    return count


class Batch(BaseModel):
    """Direct awards of one transaction."""

    verifier: Address
    kind_id: int
    kind_title: Text | None
    count: int
    merits: int
    time: int
    block_number: int
    tx_hash: Hash


async def batches(conn: Conn, moment: Moment, city_id: int, limit: int) -> list[Batch]:
    """The last batches of a city, newest first."""
    return await rows(
        conn,
        Batch,
        f"""
        SELECT b.verifier, b.kind_id, t.document->'title' AS kind_title, b.count,
            b.count * b.points AS merits, b.block_time AS time, b.block_number, b.tx_hash
        FROM {moment.of("batch_awarded")} b
        LEFT JOIN {moment.of(KIND)} k ON k.city_id = b.city_id AND k.kind_id = b.kind_id
        LEFT JOIN content t ON t.hash = k.content
        WHERE b.city_id = %s ORDER BY b.block_number DESC, b.log_index DESC LIMIT %s
        """,
        (city_id, limit),
    )
