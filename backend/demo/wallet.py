"""The demo wallet: signs as the people of the demo, whose keys anybody can make. Any other chain it refuses.

It answers as a provider of EIP-1193 does; `web/scripts/demo.js` is the browser's end of it.
"""

import asyncio
import inspect
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from eth_keys.datatypes import PrivateKey
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from backend.chain.contract import Call, Reverted
from backend.chain.deployment import DEVELOPMENT_CHAIN, Deployment
from backend.chain.rpc import Refused, Rpc, RpcError
from backend.chain.send import Sender, SendError
from backend.chain.signatures import personal_digest
from backend.demo import people
from backend.demo.signing import key_of
from backend.demo.stage import GRANT
from backend.errors import Problem
from backend.kit.answers import Answer, Reading, problems
from backend.kit.hashing import keccak
from backend.kit.types import AddressIn, checksum, parse_address

LEAST = 10**18
"""Wei below which somebody who sends a transaction is granted more."""
READS = (
    "eth_blockNumber",
    "eth_call",
    "eth_estimateGas",
    "eth_gasPrice",
    "eth_getBalance",
    "eth_getBlockByNumber",
    "eth_getCode",
    "eth_getTransactionByHash",
    "eth_getTransactionCount",
    "eth_getTransactionReceipt",
)
"""What the node is asked as it stands."""
REFUSAL = "The demo wallet is for demonstrations alone: anybody can make its keys. Here it signs nothing."


async def only_demo(request: Request) -> None:
    """Raises Problem (403) on any chain but the demo's."""
    if not request.app.state.deployment.is_demo:
        raise Problem(403, REFUSAL)


router = APIRouter(prefix="/v1/demo", tags=["demo"], dependencies=[Depends(only_demo)])


class Asked(BaseModel):
    """A request of EIP-1193, and as whom it is made."""

    account: AddressIn | None = None
    method: str = Field(max_length=60, examples=["eth_requestAccounts"])
    params: list[Any] = Field(default=[], max_length=10)


class Fault(BaseModel):
    """An error of EIP-1193 or EIP-1474."""

    code: int = Field(examples=[4100])
    message: str = Field(examples=["This account is nobody's of the demo."])


class Said(BaseModel):
    """What a wallet answers: one of both."""

    result: Any = Field(default=None, examples=[["0x70997970C51812dc3A010C7d01b50e0d17dc79C8"]])
    error: Fault | None = None


class WalletError(Exception):
    """What the wallet does not do, as EIP-1193 and EIP-1474 number it."""

    def __init__(self, code: int, message: str):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Wallet:
    """The wallet for one request: the node, and who asks, None for nobody."""

    rpc: Rpc
    chain_id: int
    account: bytes | None

    def holder(self, named: Any) -> PrivateKey:
        """The key of the account that a request names, which must be the one that asks."""
        persona = people.cast().get(self.account or b"")
        if persona is None or _address(named) != self.account:
            raise WalletError(4100, "This account is nobody's of the demo, or another's than is asked for.")
        # A deployment's file may be wrong; what the node says counts.
        if int(self.rpc.call("eth_chainId"), 16) != DEVELOPMENT_CHAIN:
            raise Problem(403, REFUSAL)
        return key_of(persona.name)


@router.get("/people", responses=problems(403, 422, 503))
async def read_people(view: Reading) -> Answer[list[people.Person]]:
    """The people whom the demo wallet can be."""
    await asyncio.to_thread(people.cast)
    return Answer(at_block=view.at_block, data=await people.people(view.conn, view.moment))


@router.post("/wallet", responses=problems(403, 422))
async def ask_wallet(asked: Asked, request: Request) -> Said:
    """What a wallet does that holds the demo's keys."""
    deployment: Deployment = request.app.state.deployment
    wallet = Wallet(request.app.state.chain.sender.rpc, deployment.chain_id, asked.account)
    try:
        result = await _answer(wallet, asked.method, asked.params)
    except WalletError as error:
        return Said(error=Fault(code=error.code, message=str(error)))
    except Refused as error:
        return Said(error=Fault(code=error.code or -32603, message=str(error)))
    except (Reverted, SendError) as error:
        return Said(error=Fault(code=3, message=str(error)))
    except RpcError:
        return Said(error=Fault(code=4900, message="The demo's chain does not answer."))
    return Said(result=result)


_turns: defaultdict[bytes, asyncio.Lock] = defaultdict(asyncio.Lock)


async def _answer(wallet: Wallet, name: str, params: list[Any]) -> Any:
    if name in READS:
        return await asyncio.to_thread(wallet.rpc.call, name, *params)
    method = METHODS.get(name)
    if method is None:
        raise WalletError(4200, f"The demo wallet has no method {name}.")
    try:
        inspect.signature(method).bind(wallet, *params)
    except TypeError:
        raise WalletError(-32602, f"These are not the parameters of {name}.") from None
    everybody = await asyncio.to_thread(people.cast)
    if wallet.account not in everybody:
        return await asyncio.to_thread(method, wallet, *params)
    async with _turns[wallet.account]:  # two transactions at once would take one nonce
        return await asyncio.to_thread(method, wallet, *params)


def _accounts(wallet: Wallet) -> list[str]:
    return [checksum(wallet.account)] if wallet.account and wallet.account in people.cast() else []


def _chain(wallet: Wallet) -> str:
    return hex(wallet.chain_id)


def _switch(wallet: Wallet, chain: Any) -> None:
    if _object(chain).get("chainId") != hex(wallet.chain_id):
        raise WalletError(4902, "The demo wallet knows the demo's chain only.")


def _sign_text(wallet: Wallet, text: str, account: str) -> str:
    return _signed(wallet.holder(account), personal_digest(_bytes(text)))


def _sign_typed(wallet: Wallet, account: str, data: str | dict[str, Any]) -> str:
    from eth_account.messages import encode_typed_data

    key = wallet.holder(account)
    try:
        read = json.loads(data) if isinstance(data, str) else data
        whole = encode_typed_data(full_message=read)
        chain = int(str(read["domain"]["chainId"]), 0)
    except Exception as error:  # whatever the library makes of it
        raise WalletError(-32602, f"This is no typed data that can be signed: {error}"[:300]) from None
    if chain != wallet.chain_id:
        raise WalletError(4901, f"The data are for chain {chain}, the demo is on chain {wallet.chain_id}.")
    return _signed(key, keccak(b"\x19" + whole.version + whole.header + whole.body))


def _send(wallet: Wallet, asked: Any) -> str:
    transaction = _object(asked)
    account = transaction.get("from")
    key = wallet.holder(account)
    if "chainId" in transaction and _number(transaction["chainId"]) != wallet.chain_id:
        raise WalletError(4901, "The transaction is for another chain.")
    data = transaction.get("data") or transaction.get("input") or "0x"
    call = Call(
        checksum(_address(transaction.get("to"))),
        _bytes(data),
        "transaction",
        value=_number(transaction.get("value", "0x0")),
    )
    if _number(wallet.rpc.call("eth_getBalance", account, "latest")) < LEAST:
        wallet.rpc.call("anvil_setBalance", account, hex(GRANT))
    gas = transaction.get("gas")
    return Sender(wallet.rpc, [key.to_bytes()]).submit([call], gas=_number(gas) if gas else None)[0]


METHODS: dict[str, Callable[..., Any]] = {
    "eth_accounts": _accounts,
    "eth_requestAccounts": _accounts,
    "eth_chainId": _chain,
    "wallet_switchEthereumChain": _switch,
    "personal_sign": _sign_text,
    "eth_signTypedData_v4": _sign_typed,
    "eth_sendTransaction": _send,
}


def _signed(key: PrivateKey, digest: bytes) -> str:
    made = key.sign_msg_hash(digest)
    return f"0x{made.r:064x}{made.s:064x}{27 + made.v:02x}"


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise WalletError(-32602, "The parameter is an object.")
    return value


def _address(text: Any) -> bytes:
    try:
        return parse_address(text)
    except ValueError as error:
        raise WalletError(-32602, str(error)) from None


def _bytes(text: Any) -> bytes:
    try:
        if isinstance(text, str) and text[:2] == "0x":
            return bytes.fromhex(text[2:])
    except ValueError:
        pass
    raise WalletError(-32602, "Data are 0x and hexadecimal digits.")


def _number(text: Any) -> int:
    try:
        return text if isinstance(text, int) else int(text, 16)
    except (TypeError, ValueError):
        raise WalletError(-32602, "Quantities are 0x and hexadecimal digits.") from None
