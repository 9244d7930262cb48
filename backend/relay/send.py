"""Sends what is queued, from one account.

A transaction's nonce and its signed bytes are committed before the node sees them: whatever is killed then,
the same bytes are sent again, and a nonce is never used for two actions. Workers of one account may run at
once: nonces are given under a lock of the account, and sending the same bytes twice does nothing.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend import db
from backend.chain.contract import Call, Reverted
from backend.chain.rpc import Request
from backend.chain.send import message
from backend.kit.rows import rows, values
from backend.relay.chain import Chain
from backend.relay.fees import Fee, offer, raised
from backend.relay.purse import Purse, Signed
from backend.relay.queue import change, reason
from backend.settings import Settings

log = logging.getLogger(__name__)

TAKEN = ("already known", "already imported", "known transaction", "already in mempool")
TOO_LITTLE = ("underpriced", "base fee", "fee too low", "gas price too low")
"""Words by which nodes say that they have a transaction already, and that its fee is too small."""

REMEMBERED = 64
"""Blocks on which an action was refused that are remembered until the ledger has one of them."""

WANTED = ("sent", "included", "confirmed", "final")
"""States in which an action's transaction is still to reach the chain, or to reach it again."""


@dataclass(frozen=True)
class Live:
    """The newest transaction of a nonce that is not used up."""

    nonce: int
    tx_hash: bytes
    raw: bytes
    gas: int
    fee: Fee
    waits: float
    action: UUID | None
    state: str | None

    @property
    def wanted(self) -> bool:
        return self.state in WANTED


@dataclass(frozen=True)
class Waiting:
    """An action that has no transaction yet."""

    id: UUID
    contract: bytes
    data: bytes


@dataclass(frozen=True)
class Standing:
    """How the account stands: nonces used up on chain and with the pool's, wei, and what to offer now (None:
    too dear). `time` of the next block.
    """

    used: int
    pending: int
    balance: int
    base: int
    fee: Fee | None
    time: int


@dataclass(frozen=True)
class Refusal:
    """Why the node refuses an action, and hashes of blocks on which it did, the newest last."""

    reason: dict[str, Any]
    blocks: tuple[bytes, ...]


class Sending:
    """One account's part of the queue.

    `refused`: actions that the node refuses. Whether they failed is for `follow.py` to say, once the ledger
    has come so far: somebody else may have done them.
    """

    def __init__(self, engine: AsyncEngine, chain: Chain, purse: Purse, settings: Settings):
        self.engine, self.chain, self.purse, self.settings = engine, chain, purse, settings
        self._rpc = chain.sender.rpc
        self.refused: dict[UUID, Refusal] = {}

    async def turn(self) -> Standing:
        """Looks at everything of this account once. Raises RpcError where the node is lost."""
        now = await self._look()
        await self._note(now)
        await self._free_overtaken(now.used)
        live = await self._live(now.used)
        await self._restore(live, now)
        await self._begin(live, now)
        return now

    # ------------------------------------------------------------------ the account

    async def _look(self) -> Standing:
        address = self.purse.address
        block, used, pending, balance = await self._node(
            [
                ("eth_getBlockByNumber", ["pending", False]),
                ("eth_getTransactionCount", [address, "latest"]),
                ("eth_getTransactionCount", [address, "pending"]),
                ("eth_getBalance", [address, "latest"]),
            ]
        )
        base = int(block.get("baseFeePerGas") or "0x0", 16)
        fee = offer(base, self.settings.relay_tip, self.settings.relay_most_fee)
        return Standing(
            int(used, 16), int(pending, 16), int(balance, 16), base, fee, int(block["timestamp"], 16)
        )

    async def _note(self, now: Standing) -> None:
        async with db.brief(self.engine) as conn:
            await values(
                conn,
                "INSERT INTO relayer (address, balance, fee, checked_at) VALUES (%s, %s, %s, now())"
                " ON CONFLICT (address) DO UPDATE"
                " SET balance = excluded.balance, fee = excluded.fee, checked_at = now() RETURNING 1",
                (self.purse.bytes, now.balance, now.base + self.settings.relay_tip),
            )

    # --------------------------------------------------------- what was sent before

    async def _free_overtaken(self, used: int) -> None:
        """Queues actions again whose nonce was used up by a transaction that is not theirs."""
        async with db.brief(self.engine) as conn:
            passed = await values(
                conn,
                "SELECT a.id, t.tx_hash FROM action a JOIN attempt t ON t.action = a.id"
                " WHERE a.relayer = %s AND a.state = 'sent' AND a.nonce < %s",
                (self.purse.bytes, used),
            )
        if not passed:
            return
        receipts = await self._node([("eth_getTransactionReceipt", ["0x" + h.hex()]) for _, h in passed])
        included = {id for (id, _), receipt in zip(passed, receipts, strict=True) if receipt}
        overtaken = list({id for id, _ in passed} - included)
        if overtaken:
            log.warning("%d nonces of %s were used by others", len(overtaken), self.purse.address)
            async with db.brief(self.engine) as conn:
                await change(
                    conn,
                    "state = 'queued', held = NULL, relayer = NULL, nonce = NULL, tx_hash = NULL",
                    "WHERE a.id = ANY(%(ids)s) AND a.state = 'sent' AND a.nonce < %(used)s",
                    ids=overtaken,
                    used=used,
                )

    async def _live(self, used: int) -> list[Live]:
        async with db.brief(self.engine) as conn:
            return await _live(conn, self.purse.bytes, used)

    async def _restore(self, live: list[Live], now: Standing) -> None:
        """Brings what the node has lost back to it, fills gaps, and raises the fee of what is stuck."""
        lost = [entry for entry in live if entry.nonce >= now.pending and (entry.wanted or not entry.action)]
        dear = await self._broadcast(lost)
        waited = self.settings.relay_patience
        stuck = {e.nonce for e in live if e.waits >= waited or e.nonce in dear}
        given_up = {e.nonce for e in live if e.nonce >= now.pending and e.action and not e.wanted}
        known = {entry.nonce for entry in live}
        gaps = set(range(now.pending, max(known, default=0))) - known
        seen = {entry.nonce: entry.tx_hash for entry in live}
        if again := {nonce: seen.get(nonce) for nonce in sorted(stuck | given_up | gaps)}:
            await self._renew(again, now)

    async def _renew(self, nonces: Mapping[int, bytes | None], now: Standing) -> None:
        """Replaces the transactions of nonces by dearer ones. What is no longer wanted becomes a filler.

        `nonces`: with the transactions as they were found; what another worker replaced meanwhile is left.
        """
        if now.fee is None:
            await self._hold("price", list(nonces))
            return
        made: list[tuple[Signed, UUID | None]] = []
        too_dear: list[int] = []
        async with db.brief(self.engine) as conn:
            await self._lock(conn)
            live = {entry.nonce: entry for entry in await _live(conn, self.purse.bytes, min(nonces))}
            calls = await _calls(conn, [e.action for e in live.values() if e.action and e.wanted])
            for nonce, seen in nonces.items():
                entry = live.get(nonce)
                if (entry.tx_hash if entry else None) != seen:
                    continue
                fee = raised(entry.fee, now.fee, self.settings.relay_most_fee) if entry else now.fee
                if fee is None:
                    too_dear.append(nonce)
                elif entry and entry.action in calls:
                    contract, data = calls[entry.action]
                    made.append((self.purse.call(contract, data, entry.gas, nonce, fee), entry.action))
                else:
                    made.append((self.purse.filler(nonce, fee), None))
            await self._keep(conn, made)
        await self._hold("price", too_dear)
        for signed, _ in made:
            log.info("nonce %d is sent again at %d wei per gas", signed.nonce, signed.fee.most)
        await self._send([signed for signed, _ in made])

    # ----------------------------------------------------------------- what is new

    async def _begin(self, live: Sequence[Live], now: Standing) -> None:
        """Gives queued actions a nonce and sends them."""
        room = self.settings.relay_in_flight - len(live)
        if room <= 0:
            return
        if now.fee is None:
            await self._hold_queued("price")
            return
        async with db.brief(self.engine) as conn:
            waiting = await rows(
                conn,
                Waiting,
                "SELECT id, contract, data FROM action WHERE state = 'queued'"
                " AND (deadline IS NULL OR deadline >= %s) ORDER BY created_at LIMIT %s",
                (now.time, room),
            )
        gas = await self._tried(waiting)
        left = now.balance - sum(entry.gas * entry.fee.most for entry in live)
        payable: dict[UUID, int] = {}
        for entry in waiting:
            if entry.id in gas:
                left -= gas[entry.id] * now.fee.most
                if left < 0:
                    await self._hold_queued("funds")
                    break
                payable[entry.id] = gas[entry.id]
        if payable:
            await self._send(await self._commit(payable, now))

    async def _tried(self, waiting: Sequence[Waiting]) -> dict[UUID, int]:
        """Gas limits of the actions that the node would not refuse.

        Tried on the pending block, and what is refused there on the newest too: only what both refuse is
        noted as refused. The rest waits, for something that is under way stands against it.
        """
        calls = {entry.id: self.chain.call(entry.contract, entry.data) for entry in waiting}
        answers = await self._ask(calls.values(), "eth_estimateGas", "pending")
        gas = {
            id: int(answer["result"], 16) * 6 // 5
            for id, answer in zip(calls, answers, strict=True)
            if "result" in answer
        }
        doubtful = {id: call for id, call in calls.items() if id not in gas}
        answers = await self._ask(doubtful.values(), "eth_call", "latest")
        refused = {}
        if doubtful:
            (block,) = await self._node([("eth_getBlockByNumber", ["latest", False])])
            on = bytes.fromhex(block["hash"][2:])
        for (id, call), answer in zip(doubtful.items(), answers, strict=True):
            error = self.chain.sender.refusal(call, answer["error"]) if "error" in answer else None
            if isinstance(error, Reverted):
                before = self.refused[id].blocks if id in self.refused else ()
                refused[id] = Refusal(reason(error), (*before, on)[-REMEMBERED:])
            elif error:
                log.warning("the node does not try action %s: %s", id, error)
        self.refused = refused
        return gas

    async def _commit(self, gas: dict[UUID, int], now: Standing) -> list[Signed]:
        """Gives actions their nonces and keeps the signed transactions, but for those that another took."""
        assert now.fee
        async with db.brief(self.engine) as conn:
            await self._lock(conn)
            taken = await rows(
                conn,
                Waiting,
                "SELECT id, contract, data FROM action WHERE id = ANY(%s) AND state = 'queued'"
                " ORDER BY created_at FOR UPDATE SKIP LOCKED",
                (list(gas),),
            )
            ((last,),) = await values(
                conn, "SELECT max(nonce) FROM attempt WHERE relayer = %s", (self.purse.bytes,)
            )
            first = max(now.used, now.pending, -1 if last is None else last + 1)
            made = [
                (self.purse.call(entry.contract, entry.data, gas[entry.id], nonce, now.fee), entry.id)
                for nonce, entry in enumerate(taken, start=first)
            ]
            await self._keep(conn, made)
        return [signed for signed, _ in made]

    # --------------------------------------------------------------------- together

    async def _keep(self, conn: AsyncConnection, made: Sequence[tuple[Signed, UUID | None]]) -> None:
        """Keeps signed transactions, in the caller's transaction; their actions are `sent` from then on."""
        await values(
            conn,
            "INSERT INTO attempt (tx_hash, action, relayer, nonce, raw, gas, max_fee, tip)"
            " SELECT h, a, %s, n, r, g, f, t FROM unnest(%s::bytea[], %s::uuid[], %s::bigint[], %s::bytea[],"
            " %s::bigint[], %s::numeric[], %s::numeric[]) AS x (h, a, n, r, g, f, t) RETURNING 1",
            (
                self.purse.bytes,
                [signed.tx_hash for signed, _ in made],
                [action for _, action in made],
                [signed.nonce for signed, _ in made],
                [signed.raw for signed, _ in made],
                [signed.gas for signed, _ in made],
                [signed.fee.most for signed, _ in made],
                [signed.fee.tip for signed, _ in made],
            ),
        )
        await change(
            conn,
            "state = CASE a.state WHEN 'queued' THEN 'sent' ELSE a.state END, held = NULL, reason = NULL,"
            " relayer = t.relayer, nonce = t.nonce, gas = t.gas,"
            " tx_hash = CASE WHEN a.state IN ('queued', 'sent') THEN t.tx_hash ELSE a.tx_hash END",
            "FROM attempt t WHERE t.action = a.id AND t.tx_hash = ANY(%(hashes)s)",
            hashes=[signed.tx_hash for signed, action in made if action],
        )

    async def _send(self, signed: Sequence[Signed]) -> None:
        """Gives new transactions to the node. What it does not take now is given again at the next turn."""
        requests = [("eth_sendRawTransaction", ["0x" + one.raw.hex()]) for one in signed]
        answers = await asyncio.to_thread(self._rpc.ask, requests, 1) if requests else []
        for one, answer in zip(signed, answers, strict=True):
            if "error" in answer:
                log.warning("nonce %d is not taken: %s", one.nonce, answer["error"].get("message"))

    async def _broadcast(self, live: Sequence[Live]) -> set[int]:
        """Gives transactions to the node again; the nonces of those whose fee it finds too small."""
        requests = [("eth_sendRawTransaction", ["0x" + entry.raw.hex()]) for entry in live]
        answers = await asyncio.to_thread(self._rpc.ask, requests, 1) if requests else []
        said = {
            entry.nonce: str(answer["error"].get("message")).lower()
            for entry, answer in zip(live, answers, strict=True)
            if "error" in answer
        }
        poor = [nonce for nonce, text in said.items() if "insufficient funds" in text]
        await self._hold("funds", poor)
        await self._hold(None, [entry.nonce for entry in live if entry.nonce not in said])
        for nonce, text in said.items():
            if not any(word in text for word in TAKEN):
                log.warning("nonce %d is not taken: %s", nonce, text)
        return {nonce for nonce, text in said.items() if any(word in text for word in TOO_LITTLE)}

    async def _hold(self, why: str | None, nonces: Sequence[int]) -> None:
        if nonces:
            async with db.brief(self.engine) as conn:
                await change(
                    conn,
                    "held = %(why)s::text",
                    "WHERE a.relayer = %(me)s AND a.nonce = ANY(%(nonces)s) AND a.state = 'sent'"
                    " AND a.held IS DISTINCT FROM %(why)s::text",
                    why=why,
                    me=self.purse.bytes,
                    nonces=list(nonces),
                )

    async def _hold_queued(self, why: str) -> None:
        async with db.brief(self.engine) as conn:
            await change(
                conn,
                "held = %(why)s",
                "WHERE a.state = 'queued' AND a.held IS DISTINCT FROM %(why)s",
                why=why,
            )

    async def _lock(self, conn: AsyncConnection) -> None:
        """Until the transaction ends, no other worker gives nonces of this account."""
        key = f"relayer {self.purse.address}"
        await values(conn, "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))

    async def _node(self, requests: Sequence[Request]) -> list[Any]:
        return await asyncio.to_thread(self._rpc.batch, requests)

    async def _ask(self, calls: Iterable[Call], method: str, block: str) -> list[dict[str, Any]]:
        requests = [(method, [message(call, self.purse.address), block]) for call in calls]
        return await asyncio.to_thread(self._rpc.ask, requests) if requests else []


async def _live(conn: AsyncConnection, relayer: bytes, used: int) -> list[Live]:
    return await rows(
        conn,
        lambda max_fee, tip, **columns: Live(fee=Fee(int(max_fee), int(tip)), **columns),
        "SELECT DISTINCT ON (t.nonce) t.nonce, t.tx_hash, t.raw, t.gas, t.max_fee, t.tip, t.action, a.state,"
        " extract(epoch FROM now() - t.sent_at)::float AS waits"
        " FROM attempt t LEFT JOIN action a ON a.id = t.action WHERE t.relayer = %s AND t.nonce >= %s"
        " ORDER BY t.nonce, t.max_fee DESC",
        (relayer, used),
    )


async def _calls(conn: AsyncConnection, ids: Sequence[UUID | None]) -> dict[UUID | None, tuple[bytes, bytes]]:
    found = await values(conn, "SELECT id, contract, data FROM action WHERE id = ANY(%s)", (list(ids),))
    return {id: (contract, data) for id, contract, data in found}
