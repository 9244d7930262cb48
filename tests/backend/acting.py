"""Acting on a network as the relay and wallets do: prepare an action, sign or send it, index what came of it.

Neither the relay's queue nor its API is used here: what is tried are the actions themselves.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from sqlalchemy.ext.asyncio import AsyncConnection

from backend import db
from backend.chain.send import Receipt
from backend.domains import actions
from backend.kit.moment import Moment, head
from backend.kit.rows import rows, values
from backend.relay.action import Ask, Message, SentAction, SignedAction
from backend.relay.chain import Chain
from tests.backend.network import Network

T = TypeVar("T")


class Acting:
    """Somebody acts on `network`, whose ledger is in `database`."""

    def __init__(self, network: Network, database: str):
        self.network, self.database = network, database
        self.chain = Chain(network.chain.rpc, network.deployment)

    def ledger(self, work: Callable[[AsyncConnection, Moment], Awaitable[T]]) -> T:
        """Brings the ledger to the chain's head and reads (or writes) it."""
        self.network.index(self.database)

        async def run() -> T:
            async with db.engine(self.database, size=1) as engine, engine.begin() as conn:
                return await work(conn, await head(conn))

        return asyncio.run(run())

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        return self.ledger(lambda conn, _: rows(conn, dict, sql, parameters))

    def ask(self, who: str, work: Callable[[Ask], Awaitable[T]]) -> T:
        account = bytes.fromhex(self.network.wallet(who)[2:])
        now = self.network.time
        return self.ledger(lambda conn, moment: work(Ask(account, conn, moment, self.chain, now)))

    def send(self, who: str, name: str, **fields: Any) -> list[Receipt]:
        """A sent action: its transactions from the wallet of `who`, and what it keeps afterwards."""
        action = actions()[name]
        assert isinstance(action, SentAction)
        form = action.form.model_validate(fields)
        calls = self.ask(who, lambda ask: action.calls(ask, form))
        receipts = [self.network.sender.send(call, self.network.wallet(who)) for call in calls]
        if keep := action.keep:
            self.ledger(lambda conn, moment: keep(conn, moment, form))
        return receipts

    def message(self, who: str, name: str, **fields: Any) -> dict[str, Any]:
        """The message of a signed action, tried as the account's own call."""
        action = actions()[name]
        assert isinstance(action, SignedAction)
        form = action.form.model_validate(fields)

        async def prepare(ask: Ask) -> dict[str, Any]:
            message = await action.message(ask, form)
            if not action.consent:
                return message
            await ask.chain.read(await action.own(ask, message), ask.address)
            return message | {"deadline": ask.now + 600}

        return self.ask(who, prepare)

    def sign(self, who: str, name: str, message: Message) -> bytes:
        """The signature of a plain wallet, by eth_account."""
        signable = encode_typed_data(*typed_data(self, actions()[name], message))
        return bytes(Account.sign_message(signable, keccak(text=who)).signature)

    def relay(self, who: str, name: str, message: Message, signature: bytes = b"") -> Receipt:
        """The call that the relay makes of a message, sent by another account."""
        call = self.ask(who, lambda ask: actions()[name].call(ask, message, signature))
        return self.network.sender.send(call, self.network.wallet("relayer"))

    def trace(self, name: str, message: Message, since: int = 0) -> list[tuple[Any, ...]]:
        """What the ledger has of a signed action: block, transaction, page."""
        parameters = {
            key: bytes.fromhex(value[2:]) if isinstance(value, str) and value.startswith("0x") else value
            for key, value in message.items()
        }
        trace = actions()[name].trace
        return self.ledger(lambda conn, _: values(conn, trace, parameters | {"since": since}))


def typed_data(acting: Acting, action: SignedAction, message: Message) -> tuple[dict[str, Any], ...]:
    """Domain, types and message as eth_account takes them."""
    name, _, fields = action.struct.rstrip(")").partition("(")
    verifier = message.get("contract") or acting.network.deployment.place(action.contract).address
    domain = {
        "name": action.contract,
        "version": "1",
        "chainId": acting.network.deployment.chain_id,
        "verifyingContract": verifier,
    }
    types = [dict(zip(("type", "name"), field.split(" "), strict=True)) for field in fields.split(",")]
    return domain, {name: types}, {field["name"]: message[field["name"]] for field in types}
