"""Taking actions: prepared, verified, tried on the node, queued. What is refused leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import ValidationError
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend import db
from backend.chain.contract import Reverted
from backend.chain.send import SendError
from backend.domains import actions
from backend.errors import Problem, bad_field
from backend.kit.hashing import keccak
from backend.kit.json import dumps
from backend.kit.moment import head
from backend.kit.quota import take
from backend.kit.types import checksum
from backend.relay import made, queries, typed, verify
from backend.relay.action import Action, Ask, Message, SentAction, SignedAction
from backend.relay.chain import Chain
from backend.relay.queue import tell
from backend.relay.schemas import ActionState, Prepared, WalletCall
from backend.relay.tables import action as table
from backend.settings import Settings

TERM = 3600
"""Seconds that a prepared message may be signed and sent."""

WATCHED = 86_400
"""Seconds after which a wallet's transaction that nobody has seen in a block is no longer waited for."""

HOUR = 3600

APPROVE = keccak(b"approve(address,uint256)")[:4]
"""By which a holder lets a contract take tokens (ERC-20)."""

ASKING = 4
"""Requests that ask the node at once while they hold a connection: a slow node must not take them all."""

_asking = asyncio.BoundedSemaphore(ASKING)


@dataclass(frozen=True)
class Desk:
    """Where actions are taken. `origin` tells from where a request comes, see `kit/quota.py`."""

    engine: AsyncEngine
    chain: Chain
    settings: Settings
    origin: bytes

    async def prepare(self, name: str, account: bytes, fields: dict[str, Any]) -> Prepared:
        """What the account's wallet is to sign or send.

        Raises Reverted where the contract would refuse it, and Problem: 404, 422 naming the field, 409 where
        the like is under way, 429.
        """
        action, form = known(name), validated(known(name), fields)
        await self._count("prepare", self.origin, self.settings.relay_origin_limit)
        async with self._asking(account) as ask:
            try:
                if action.permit and (permission := await action.permit(ask, form)):
                    completed = fields | permission.fields | {"permit_deadline": permission.deadline}
                    return Prepared(kind="permit", typed_data=permission.typed_data, fields=completed)
                if isinstance(action, SentAction):
                    calls = await action.calls(ask, form)
                    await ask.chain.read(calls[0], ask.address)  # the others may need what this one does
                    return _to_send(calls)
                return await self._to_sign(action, ask, form)
            except SendError as error:
                _refuse(error)

    async def submit(
        self, name: str, body: dict[str, Any], signature: bytes | None, signed_in: bytes | None
    ) -> ActionState:
        """Takes a signed message, or one that needs no signature from an account that has signed in.

        The same again is the same action. Raises Problem: 401, 404, 409, 422, 429, 503.
        """
        action = known(name)
        if not isinstance(action, SignedAction):
            raise Problem(404, f"`{name}` is sent by the account's own wallet.", [("name", "is not signed")])
        message = typed.read(action.shape, body)
        await self._count("submit", self.origin, self.settings.relay_origin_limit)
        if action.consent:
            taken = await self._signed(action, message, signature)
        else:
            taken = await self._plain(action, message, signed_in)
        return taken

    async def report(
        self, name: str, account: bytes, fields: dict[str, Any], part: int, tx_hash: bytes
    ) -> ActionState:
        """Follows a transaction that the account's wallet sent. The same again is the same action.

        Raises Problem: 404, 422 where the transaction is another's or of something else, 429, 503.
        """
        action = known(name)
        if not isinstance(action, SentAction):
            raise Problem(404, f"`{name}` is signed and sent by the relay.", [("name", "is not sent")])
        form = validated(action, fields)
        await self._count("report", self.origin, self.settings.relay_origin_limit)
        rpc = self.chain.sender.rpc
        sent = await self.chain.ask(rpc.call, "eth_getTransactionByHash", "0x" + tx_hash.hex())
        async with self._asking(account) as ask:
            if sent:  # a node that has not seen it yet may see it later; the worker looks at its sender
                await _check_sent(action, ask, form, sent)
            row = {
                "name": name,
                "account": account,
                "slot": tx_hash.hex(),
                "digest": tx_hash,
                "fields": fields,
                "part": part,
                "deadline": ask.now + WATCHED,
                "state": "sent",
                "nonce": int(sent["nonce"], 16) if sent else None,
                "tx_hash": tx_hash,
                "path": action.where(form),
                "since": ask.moment.number,
            }
        async with db.brief(self.engine) as conn:
            return await _take(conn, row)

    async def _to_sign(self, action: SignedAction, ask: Ask, form: Any) -> Prepared:
        message = await action.message(ask, form)
        if not action.consent:
            await ask.chain.read(await action.call(ask, message, b""))
            return Prepared(kind="plain", message=typed.shown(message))
        message["deadline"] = ask.now + TERM
        await _free(ask.conn, action.name, ask.account, action.slot(message))
        await ask.chain.read(await action.own(ask, message), ask.address)
        data = typed.typed_data(action, ask.chain, message)
        return Prepared(kind="signed", typed_data=data, message=typed.shown(message))

    async def _signed(self, action: SignedAction, message: Message, signature: bytes | None) -> ActionState:
        if signature is None:
            raise bad_field("signature", "is missing")
        digest = typed.digest(action, self.chain, message)
        account = bytes.fromhex(message[action.signer][2:])
        if before := await self._before(digest):
            await verify.signed(self.chain, account, digest, signature)
            return before
        verify.in_time(message, await self.chain.now())
        await verify.signed(self.chain, account, digest, signature)
        return await self._queue(action, account, message, signature, digest)

    async def _plain(self, action: SignedAction, message: Message, signed_in: bytes | None) -> ActionState:
        if signed_in is None:
            raise Problem(401, "Sign in first.")
        return await self._queue(action, signed_in, message, None, None)

    async def _queue(
        self,
        action: SignedAction,
        account: bytes,
        message: Message,
        signature: bytes | None,
        digest: bytes | None,
    ) -> ActionState:
        city, again = action.city(message), () if signature else ("failed", "expired")
        await self._count("account", account, self.settings.relay_account_limit)
        if city is not None:
            await self._count("city", str(city).encode(), self.settings.relay_city_limit)
        try:
            async with self._asking(account) as ask:
                call = await action.call(ask, message, signature or b"")
            to = bytes.fromhex((call.to or "")[2:])
            digest = digest or keccak(to + call.data + dumps(typed.shown(message)))
            if before := await self._before(digest, again):
                return before
            async with db.brief(self.engine) as conn:  # the node would refuse the second with a lesser reason
                await _free(conn, action.name, account, action.slot(message))
            await self.chain.read(call)
        except (Reverted, SendError, Problem) as error:
            if digest and (before := await self._before(digest, again)):  # the same came at the same time
                return before
            if isinstance(error, SendError):
                _refuse(error)
            raise
        row = {
            "name": action.name,
            "account": account,
            "city_id": city,
            "slot": action.slot(message),
            "digest": digest,
            "fields": typed.shown(message),
            "signature": signature,
            "deadline": message["deadline"] if signature else None,
            "contract": to,
            "data": call.data,
            "state": "queued",
            "path": action.where(message),
            "since": ask.moment.number,
        }
        async with db.brief(self.engine) as conn:
            return await _take(conn, row)

    async def _before(self, digest: bytes, but: tuple[str, ...] = ()) -> ActionState | None:
        async with db.brief(self.engine) as conn:
            found = await queries.by_digest(conn, digest)
        return found if found and found.state not in but else None

    async def _count(self, kind: str, subject: bytes, most: int) -> None:
        async with db.brief(self.engine) as conn:
            await take(conn, f"relay {kind}", subject, most, HOUR)

    @asynccontextmanager
    async def _asking(self, account: bytes) -> AsyncIterator[Ask]:
        now = await self.chain.now()
        async with _asking, self.engine.begin() as conn:
            yield Ask(account, conn, await head(conn), self.chain, now)


def known(name: str) -> Action:
    """The action of this name. Raises Problem (404)."""
    found = actions().get(name)
    if found is None:
        raise Problem(404, "There is no such action.", [("name", "names no action")])
    return found


def validated(action: Action, fields: dict[str, Any]) -> Any:
    """What a client gave, as the action's form. Raises Problem (422) that names the fields."""
    try:
        text = text_in(fields)
    except RecursionError:
        raise bad_field("fields", "are nested too deeply") from None
    if not typed.storable(text):
        raise bad_field("fields", "hold a character that is none")
    try:
        return action.form.model_validate(fields)
    except ValidationError as error:
        faults = [
            (".".join(map(str, e["loc"])) or "fields", e["msg"].removeprefix("Value error, "))
            for e in error.errors()
        ]
        raise Problem(422, "The request is not understood.", faults) from None


def text_in(fields: Any) -> str:
    """All the text in a value of JSON."""
    if isinstance(fields, dict):
        return "".join(str(name) + text_in(value) for name, value in fields.items())
    if isinstance(fields, list):
        return "".join(map(text_in, fields))
    return fields if isinstance(fields, str) else ""


async def _take(conn: AsyncConnection, row: dict[str, Any]) -> ActionState:
    """Keeps an action, unless it is kept already. Actions of one account are taken one after the other.

    What needs no consent and failed before is queued again.
    """
    account = row["account"]
    await conn.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"action {account.hex()}", 0)))
    )
    before = await queries.by_digest(conn, row["digest"])
    again = before and before.state in ("failed", "expired") and row["state"] == "queued"
    if before and not (again and row["signature"] is None):
        return before
    if row["state"] == "queued":
        await _free(conn, row["name"], account, row["slot"])
    if before:
        anew = dict.fromkeys(("held", "relayer", "nonce", "tx_hash", "block_number", "block_hash", "reason"))
        kept = update(table).where(table.c.id == before.id).values(**row, **anew, updated_at=func.now())
    else:
        kept = insert(table).values(row)
    id = (await conn.execute(kept.returning(table.c.id))).scalar_one()
    await tell(conn, {account})
    taken = await queries.action(conn, id)
    assert taken
    return taken


async def _free(conn: AsyncConnection, name: str, account: bytes, slot: str) -> None:
    """Raises Problem (409) where the like is under way."""
    first = await queries.unfinished_in_slot(conn, name, account, slot)
    if first:
        raise Problem(
            409,
            f"The same is under way already: action {first}. Wait until it is finished.",
            [("message", f"action {first} is unfinished")],
            {"Location": f"/v1/actions/{first}"},
        )


async def _check_sent(action: SentAction, ask: Ask, form: Any, sent: dict[str, Any]) -> None:
    """Raises Problem (422) where a transaction is another account's, or not one of the action's.

    Once it is in a block, its calls may not be what they were, or no longer be possible: then it must at
    least go to a contract of the ledger, or to a token to let one of them take from it.
    """
    if sent["from"].lower() != ask.address.lower():
        raise bad_field("tx_hash", f"was sent by {checksum(bytes.fromhex(sent['from'][2:]))}")
    to, data = (sent.get("to") or "").lower(), bytes.fromhex(sent["input"][2:])
    try:
        calls = await action.calls(ask, form)
    except (Reverted, Problem) as error:
        if isinstance(error, Problem) and error.status >= 500:
            raise
        calls = []
    told = 36 if data[:4] == APPROVE else 4  # the function, and of an approval for whom
    if any((call.to or "").lower() == to and call.data[:told] == data[:told] for call in calls):
        return
    concerned = "0x" + data[16:36].hex() if data[:4] == APPROVE and len(data) == 68 else to
    if (calls and sent.get("blockNumber") is None) or not await _ours(ask, concerned):
        raise bad_field("tx_hash", f"is no transaction of `{action.name}`")


async def _ours(ask: Ask, address: str) -> bool:
    """Whether a contract of the ledger is there: of the deployment, or made by a factory."""
    if address in ask.chain.addresses:
        return True
    return len(address) == 42 and await made.by_factory(ask.conn, bytes.fromhex(address[2:]))


def _to_send(calls: Any) -> Prepared:
    return Prepared(
        kind="sent", calls=[WalletCall(to=c.to, data="0x" + c.data.hex(), label=c.label) for c in calls]
    )


def _refuse(error: SendError) -> NoReturn:
    raise Problem(409, f"The node does not try it: {error}.") from error
