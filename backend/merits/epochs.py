"""The leaves of epochs: kept with their tree, so that a proof is a few reads by index and no rebuild."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from backend import db
from backend.cities import queries as cities
from backend.content import service as content
from backend.kit import merkle
from backend.kit.json import dumps
from backend.kit.moment import Moment
from backend.kit.rows import rows, values
from backend.merits.queries import clock
from backend.merits.schemas import Leaf
from backend.merits.tables import epoch_tree

Conn = AsyncConnection


class EpochError(ValueError):
    """The leaves make no epoch; the message says which and why."""


@dataclass(frozen=True)
class Award:
    """A leaf: `times` acts (1 to 65535) of a citizen (20 bytes) on an evidence (hash of 32 bytes)."""

    citizen: bytes
    times: int
    evidence: bytes

    @property
    def encoded(self) -> bytes:
        """`abi.encode(citizen, times, evidence)`."""
        return bytes(12) + self.citizen + self.times.to_bytes(32, "big") + self.evidence


@dataclass(frozen=True)
class Tree:
    """An epoch's tree: root and nodes, where each award stands in it, and the list that is published."""

    root: bytes
    nodes: bytes
    indexes: list[int]
    awards: Sequence[Award]
    content: bytes

    @property
    def acts(self) -> int:
        """All acts together, as `openEpoch` takes them."""
        return sum(award.times for award in self.awards)

    def proof(self, place: int) -> list[bytes]:
        """The proof of award number `place`."""
        at = (i * merkle.NODE for i in merkle.proof_indexes(self.indexes[place]))
        return [self.nodes[i : i + merkle.NODE] for i in at]


def tree(awards: Sequence[Award]) -> Tree:
    """The tree of these awards, and the bytes of its list (`EpochOpened.content` is their Keccak-256).

    Raises EpochError where there are none, a number or hash does not fit, or a citizen stands there twice:
    only one leaf per citizen can ever be claimed.
    """
    if not awards:
        raise EpochError("an epoch has at least one award")
    seen: set[bytes] = set()
    for place, award in enumerate(awards, 1):
        if len(award.citizen) != 20 or len(award.evidence) != 32:
            raise EpochError(f"award {place}: citizen or evidence has the wrong length")
        if not 1 <= award.times <= 65535:
            raise EpochError(f"award {place}: {award.times} acts are not between 1 and 65535")
        if award.citizen in seen:
            raise EpochError(f"award {place}: the citizen 0x{award.citizen.hex()} has one already")
        seen.add(award.citizen)
    nodes, indexes = merkle.build([merkle.leaf_hash(award.encoded) for award in awards])
    listed = [[a.citizen, a.times, a.evidence] for a in awards]
    body = dumps({"type": "epoch", "leaves": listed})
    return Tree(nodes[: merkle.NODE], nodes, indexes, awards, body)


async def store_epoch(conn: Conn, made: Tree) -> bytes:
    """Keeps a tree and its list; returns the list's hash. A tree that is kept already stays."""
    hash = await content.store_list(conn, made.content)
    tree_id = await conn.scalar(
        insert(epoch_tree)
        .values(root=made.root, leaves=len(made.awards), content=hash, nodes=made.nodes)
        .on_conflict_do_nothing(index_elements=[epoch_tree.c.root])
        .returning(epoch_tree.c.tree_id)
    )
    if tree_id is not None:
        await _copy_leaves(conn, tree_id, made)
    return hash


async def _copy_leaves(conn: Conn, tree_id: int, made: Tree) -> None:
    async with (
        db.driver(conn).cursor() as cur,
        cur.copy("COPY epoch_leaf (citizen, tree_id, node, times, evidence) FROM STDIN") as copy,
    ):
        for award, node in zip(made.awards, made.indexes, strict=True):
            await copy.write_row((award.citizen, tree_id, node, award.times, award.evidence))


async def claimable(conn: Conn, moment: Moment, wallet: bytes) -> list[Leaf]:
    """What a citizen can claim at the moment, soonest lost first: leaves of their wallet and of the wallets
    before it.

    Only leaves whose list is kept here are known. Left out are those claimed or reversed, of epochs cancelled
    or over.
    """
    former = await cities.former_wallets(conn, moment, wallet)
    here = [c.city_id for c in await cities.citizenships(conn, moment, wallet) if c.successor is None]
    found: list[dict[str, Any]] = await rows(
        conn,
        dict,
        f"""
        WITH mine AS (
            SELECT NULL::bigint AS city_id, %(wallet)s::bytea AS wallet
            UNION ALL SELECT * FROM unnest(%(cities)s::bigint[], %(former)s::bytea[])
        )
        SELECT e.city_id, e.epoch_id, l.citizen, e.kind_id, l.times, l.times * e.points AS points, l.evidence,
            p.origin + (e.period + 2) * p.period_length AS claimable_until, l.tree_id, l.node
        FROM mine m
        JOIN epoch_leaf l ON l.citizen = m.wallet
        JOIN epoch_tree t ON t.tree_id = l.tree_id
        JOIN {moment.of("epoch_opened")} e ON e.root = t.root AND e.city_id = coalesce(m.city_id, e.city_id)
        CROSS JOIN {clock(moment)} p
        WHERE e.city_id = ANY(%(here)s) AND e.period >= p.now - 1
          AND NOT EXISTS (
            SELECT FROM {moment.of("epoch_cancelled")} x WHERE x.city_id = e.city_id AND x.epoch_id =
                e.epoch_id
          )
          AND NOT EXISTS (
            SELECT FROM {moment.of("epoch_claimed")} x JOIN mine ON mine.wallet = x.citizen
            WHERE x.city_id = e.city_id AND x.epoch_id = e.epoch_id
          )
          AND NOT EXISTS (
            SELECT FROM {moment.of("award_reversed")} x JOIN mine ON mine.wallet = x.citizen
            WHERE x.unclaimed AND x.city_id = e.city_id AND x.source = decode(lpad(to_hex(e.epoch_id), 64,
                '0'), 'hex')
          )
        ORDER BY claimable_until, e.city_id, e.epoch_id
        """,
        {"wallet": wallet, "here": here, "cities": [c for c, _ in former], "former": [w for _, w in former]},
    )
    if not found:
        return []
    proofs = await _proofs(conn, [(leaf.pop("tree_id"), leaf.pop("node")) for leaf in found])
    return [Leaf.model_validate({**leaf, "proof": proof}) for leaf, proof in zip(found, proofs, strict=True)]


async def _proofs(conn: Conn, leaves: Sequence[tuple[int, int]]) -> list[list[bytes]]:
    """Proofs of leaves given as tree and node, in one query."""
    steps = [
        (place, tree_id, index * merkle.NODE + 1)
        for place, (tree_id, leaf) in enumerate(leaves)
        for index in merkle.proof_indexes(leaf)
    ]
    columns = ((Integer, "place"), (BigInteger, "tree_id"), (Integer, "start"))
    step = (
        func.unnest(*(literal([s[n] for s in steps], ARRAY(kind)) for n, (kind, _) in enumerate(columns)))
        .table_valued(*(name for _, name in columns), with_ordinality="nth")
        .render_derived(name="step")
    )
    node = func.substring(epoch_tree.c.nodes, step.c.start, merkle.NODE)
    statement = (
        select(step.c.place, node)
        .join_from(step, epoch_tree, epoch_tree.c.tree_id == step.c.tree_id)
        .order_by(step.c.nth)
    )
    proofs: list[list[bytes]] = [[] for _ in leaves]
    for place, read in await values(conn, statement):
        proofs[place].append(read)
    return proofs
