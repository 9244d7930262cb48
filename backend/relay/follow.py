"""Follows what was sent: into a block, into the ledger, beyond finality; back again where the chain turns.

An action counts when its fact is in the ledger, whoever sent it. It failed when the ledger has come as far as
the refusal and the fact is not there.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend import db
from backend.chain.contract import Reverted
from backend.chain.send import SendError
from backend.domains import actions
from backend.errors import Problem
from backend.kit.json import dumps
from backend.kit.moment import head
from backend.kit.rows import row, rows, values
from backend.kit.types import checksum
from backend.relay import typed
from backend.relay.action import SentAction, SignedAction
from backend.relay.chain import Chain
from backend.relay.queue import change, reason
from backend.relay.reasons import NO_EFFECT, NOT_YOURS, REPLACED
from backend.relay.send import Refusal
from backend.relay.tables import UNFINISHED

log = logging.getLogger(__name__)

_IN_LEDGER = (
    "(a.block_number <= (SELECT finalized_number FROM cursor)"
    " OR EXISTS (SELECT FROM block b WHERE b.number = a.block_number AND b.hash = a.block_hash))"
)

Refusals = Mapping[UUID, Refusal]
Receipt = dict[str, Any]


@dataclass(frozen=True)
class Ledger:
    """How far the ledger is."""

    number: int
    time: int
    finalized: int


@dataclass(frozen=True)
class Sent:
    """An action that has a transaction. `hashes`: of all its attempts; `part`: None where the relay sends."""

    id: UUID
    account: bytes
    part: int | None
    nonce: int | None
    state: str
    contract: bytes | None
    data: bytes | None
    block_number: int | None
    block_hash: bytes | None
    hashes: list[bytes]


class Following:
    """Everybody's part of the queue. Several may follow at once: each change is guarded by what it found."""

    def __init__(self, engine: AsyncEngine, chain: Chain):
        self.engine, self.chain, self._rpc = engine, chain, chain.sender.rpc

    async def turn(self, refused: Refusals, time: int) -> None:
        """Looks at everything once. `time` of the chain's next block. Raises RpcError."""
        async with db.brief(self.engine) as conn:
            ledger = await row(conn, Ledger, "SELECT number, time, finalized_number AS finalized FROM cursor")
            if ledger is None:
                return
            await _take_back(conn, ledger)
            sent = await _sent(conn)
        receipts = await self._receipts(sent)
        await self._place(sent, receipts)
        async with db.brief(self.engine) as conn:
            # First how far the ledger is, then the facts: it may only be further by then.
            reached, known = await _reached(conn), await _known(conn, refused)
            await _confirm_by_fact(conn)
        await self._confirm_sent(sent, receipts)
        await self._fail(sent, receipts, reached, {id: refused[id].reason for id in known})
        head_number = int(await asyncio.to_thread(self._rpc.call, "eth_blockNumber"), 16)
        now = time if ledger.number >= head_number else ledger.time
        async with db.brief(self.engine) as conn:
            await _expire(conn, [entry.id for entry in sent if entry.id not in receipts], ledger.time, now)
            await change(  # from here on the texts of a form are content alone, where they can be erased
                conn,
                "state = 'final', fields = CASE WHEN a.part IS NULL THEN a.fields ELSE '{}' END",
                "WHERE a.state = 'confirmed' AND a.block_number <= %(final)s",
                final=ledger.finalized,
            )

    async def _receipts(self, sent: Sequence[Sent]) -> dict[UUID, Receipt]:
        """The receipt of each action that has one: of the transaction that worked, if any did."""
        asked = [(entry, hash) for entry in sent for hash in entry.hashes]
        answers = await self._batch([("eth_getTransactionReceipt", ["0x" + h.hex()]) for _, h in asked])
        found: dict[UUID, Receipt] = {}
        for (entry, _), receipt in zip(asked, answers, strict=True):
            if receipt and (entry.id not in found or _worked(receipt)):
                found[entry.id] = receipt
        return found

    async def _place(self, sent: Sequence[Sent], receipts: Mapping[UUID, Receipt]) -> None:
        """Notes in which block transactions are, and those that are in none any more."""
        placed = [
            (entry.id, int(r["blockNumber"], 16), _bytes(r["blockHash"]), _bytes(r["transactionHash"]))
            for entry in sent
            if (r := receipts.get(entry.id)) and _bytes(r["blockHash"]) != entry.block_hash
        ]
        gone = [entry for entry in sent if entry.block_number is not None and entry.id not in receipts]
        blocks = await self._batch([("eth_getBlockByNumber", [hex(e.block_number), False]) for e in gone])
        # A block that the node has not (yet, or any more) is no difference: only another one in its place is.
        turned = [
            entry.id
            for entry, block in zip(gone, blocks, strict=True)
            if block and _bytes(block["hash"]) != entry.block_hash
        ]
        if not placed and not turned:
            return
        async with db.brief(self.engine) as conn:
            await change(
                conn,
                "state = 'included', held = NULL,"
                " block_number = p.number, block_hash = p.hash, tx_hash = p.tx,"
                " undone = a.undone + CASE WHEN a.state = 'included' THEN 1 ELSE 0 END",
                "FROM unnest(%(ids)s::uuid[], %(numbers)s::bigint[], %(blocks)s::bytea[], %(txs)s::bytea[])"
                " AS p (id, number, hash, tx)"
                " WHERE a.id = p.id AND a.state IN ('sent', 'included')"
                " AND a.block_hash IS DISTINCT FROM p.hash",
                **dict(zip(("ids", "numbers", "blocks", "txs"), _columns(placed, 4), strict=True)),
            )
            await change(
                conn,
                "state = 'sent', undone = a.undone + 1, block_number = NULL, block_hash = NULL",
                "WHERE a.id = ANY(%(ids)s) AND a.state = 'included'",
                ids=turned,
            )

    async def _confirm_sent(self, sent: Sequence[Sent], receipts: Mapping[UUID, Receipt]) -> None:
        """A wallet's own transaction counts when it worked and the ledger has its block."""
        worked = [
            (entry.id, _bytes(r["blockHash"]))
            for entry in sent
            if entry.part is not None
            and (r := receipts.get(entry.id))
            and _worked(r)
            and r["from"].lower() == checksum(entry.account).lower()
        ]
        for id, block_hash in worked:  # each keeps its documents with it: a fault of one is not the others'
            async with db.brief(self.engine) as conn:
                confirmed = await change(
                    conn,
                    "state = 'confirmed', held = NULL",
                    "WHERE a.id = %(id)s AND a.state = 'included' AND a.block_hash = %(hash)s"
                    f" AND {_IN_LEDGER}",
                    id=id,
                    hash=block_hash,
                )
                for entry in confirmed:
                    await _keep(conn, entry["name"], entry["fields"])

    async def _fail(
        self,
        sent: Sequence[Sent],
        receipts: Mapping[UUID, Receipt],
        reached: set[UUID],
        failed: dict[UUID, dict[str, Any]],
    ) -> None:
        """Ends what was refused: by the node before it was sent, or in a block that the ledger has."""
        replaced = await self._replaced([e for e in sent if e.part is not None and e.id not in receipts])
        failed |= {entry.id: _said(REPLACED) for entry in replaced}
        for entry in sent:
            receipt = receipts.get(entry.id)
            if receipt is None or entry.id not in reached:
                continue
            if entry.part is not None and receipt["from"].lower() != checksum(entry.account).lower():
                failed[entry.id] = _said(NOT_YOURS)
            elif not _worked(receipt):
                failed[entry.id] = await self._why(entry, receipt)
            elif entry.part is None:
                failed[entry.id] = _said(NO_EFFECT)
        if failed:
            async with db.brief(self.engine) as conn:
                await change(
                    conn,
                    "state = 'failed', held = NULL, reason = f.reason",
                    "FROM unnest(%(ids)s::uuid[], %(reasons)s::jsonb[]) AS f (id, reason)"
                    f" WHERE a.id = f.id AND {UNFINISHED}",
                    ids=list(failed),
                    reasons=[dumps(why).decode() for why in failed.values()],
                )

    async def _replaced(self, missing: Sequence[Sent]) -> list[Sent]:
        """Those whose nonce the wallet used for another transaction."""
        known = [entry for entry in missing if entry.nonce is not None]
        counts = await self._batch(
            [("eth_getTransactionCount", [checksum(entry.account), "latest"]) for entry in known]
        )
        passed = [e for e, count in zip(known, counts, strict=True) if int(count, 16) > (e.nonce or 0)]
        again = await self._receipts(passed)  # it may have been included since
        return [entry for entry in passed if entry.id not in again]

    async def _why(self, entry: Sent, receipt: Receipt) -> dict[str, Any]:
        call = self.chain.call(_bytes(receipt["to"] or "0x" + "00" * 20), entry.data or b"")
        error = await asyncio.to_thread(self.chain.sender.why, receipt, call)
        if isinstance(error, Reverted):
            return reason(error)
        return _said("", message=str(error)) if isinstance(error, SendError) else _said("")

    async def _batch(self, requests: Sequence[Any]) -> list[Any]:
        found: list[Any] = []
        for start in range(0, len(requests), 100):
            found += await asyncio.to_thread(self._rpc.batch, requests[start : start + 100])
        return found


async def _take_back(conn: AsyncConnection, ledger: Ledger) -> None:
    """Takes back what counted, or had failed, in a block that the ledger has another one in place of."""
    undone = await change(
        conn,
        "state = 'sent', held = NULL, reason = NULL, undone = a.undone + 1, block_number = NULL,"
        " block_hash = NULL, since = least(a.since, %(final)s)",
        "WHERE a.state IN ('confirmed', 'failed')"
        f" AND a.block_number > %(final)s AND a.block_number <= %(head)s AND NOT {_IN_LEDGER}",
        final=ledger.finalized,
        head=ledger.number,
    )
    if undone:
        log.warning("a reorganisation took %d actions back", len(undone))
        await values(
            conn,
            "UPDATE action a SET path = p.path FROM unnest(%s::uuid[], %s::text[]) AS p (id, path)"
            " WHERE a.id = p.id RETURNING 1",
            ([u["id"] for u in undone], [_where(u["name"], u["fields"]) for u in undone]),
        )


async def _sent(conn: AsyncConnection) -> list[Sent]:
    return await rows(
        conn,
        Sent,
        "SELECT a.id, a.account, a.part, a.nonce, a.state, a.contract, a.data, a.block_number, a.block_hash,"
        " CASE WHEN a.part IS NULL THEN array(SELECT t.tx_hash FROM attempt t WHERE t.action = a.id)"
        " ELSE ARRAY[a.tx_hash] END AS hashes FROM action a WHERE a.state IN ('sent', 'included')",
    )


async def _reached(conn: AsyncConnection) -> set[UUID]:
    """The actions in whose blocks the ledger is or was."""
    found = await values(conn, f"SELECT a.id FROM action a WHERE a.state = 'included' AND {_IN_LEDGER}")
    return {id for (id,) in found}


async def _known(conn: AsyncConnection, refused: Refusals) -> set[UUID]:
    """The refused actions for which the ledger has a block on which they were."""
    blocks = [(id, block) for id, refusal in refused.items() for block in refusal.blocks]
    found = await values(
        conn,
        "SELECT DISTINCT r.id FROM unnest(%s::uuid[], %s::bytea[]) AS r (id, hash) JOIN block b USING (hash)",
        tuple(_columns(blocks, 2)),
    )
    return {id for (id,) in found}


async def _confirm_by_fact(conn: AsyncConnection) -> None:
    """Finds the facts of actions, whoever sent them."""
    names = await values(conn, f"SELECT DISTINCT name FROM action WHERE {UNFINISHED} AND part IS NULL")
    for (name,) in names:
        if isinstance(actions().get(name), SignedAction):
            await change(
                conn,
                "state = 'confirmed', held = NULL, reason = NULL, tx_hash = f.tx_hash, path = f.path,"
                " block_number = f.block_number, block_hash = f.block_hash",
                f"FROM ({_facts(name)}) f WHERE a.id = f.id",
                name=name,
            )


@cache
def _facts(name: str) -> str:
    """SQL for the facts of the unfinished actions of a name."""
    action = actions()[name]
    assert isinstance(action, SignedAction)
    trace = action.trace % (typed.columns(action.shape) | {"since": "a.since"})
    return (
        "SELECT DISTINCT ON (a.id) a.id, f.block_number, f.tx_hash, f.path, b.hash AS block_hash"
        f" FROM action a CROSS JOIN LATERAL ({trace.replace('%', '%%')}) f (block_number, tx_hash, path)"
        " LEFT JOIN block b ON b.number = f.block_number"
        f" WHERE a.name = %(name)s AND a.part IS NULL AND a.{UNFINISHED} ORDER BY a.id, f.block_number"
    )


async def _expire(conn: AsyncConnection, missing: Sequence[UUID], past: int, now: int) -> None:
    """Ends what can no longer be done: not sent at `now`, or sent and in no block up to `past`."""
    await change(
        conn,
        "state = 'expired', held = NULL",
        "WHERE (a.state = 'queued' AND a.deadline < %(now)s)"
        " OR (a.state = 'sent' AND a.deadline < %(past)s AND a.id = ANY(%(missing)s))",
        past=past,
        now=now,
        missing=list(missing),
    )


async def _keep(conn: AsyncConnection, name: str, fields: dict[str, Any]) -> None:
    """Keeps the documents that a wallet's transaction named."""
    action = actions().get(name)
    if not isinstance(action, SentAction) or action.keep is None:
        return
    try:
        async with conn.begin_nested():
            await action.keep(conn, await head(conn), action.form.model_validate(fields))
    except (Problem, ValueError, SQLAlchemyError, psycopg.Error) as error:
        log.warning("the documents of an action `%s` are not kept: %s", name, error)


def _where(name: str, fields: dict[str, Any]) -> str:
    """The page of an action under way."""
    action = actions().get(name)
    if isinstance(action, SignedAction):
        return action.where(typed.read(action.shape, fields))
    return action.where(action.form.model_validate(fields)) if action else ""


def _said(name: str, **found: Any) -> dict[str, Any]:
    return {"name": name, "values": found}


def _worked(receipt: Receipt) -> bool:
    return int(receipt["status"], 16) == 1


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _columns(table: Sequence[Sequence[Any]], count: int) -> list[list[Any]]:
    return [[line[i] for line in table] for i in range(count)]
