"""The shape in which a domain registers what an account does. The relay, its API and the pages know no action
by name.

There are two kinds. A `SignedAction` needs no gas: the account signs typed data (EIP-712), and the relay
sends a contract's `…BySig` function. A `SentAction` is one or several transactions that the account's own
wallet sends; the relay only follows them. Both become rows of the table `action`, with the same states.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.contract import Call, Contract
from backend.errors import bad_field
from backend.kit.moment import Moment
from backend.kit.types import checksum
from backend.relay import made
from backend.relay.chain import Chain
from backend.relay.permit import Permission

Message = Mapping[str, Any]
"""The fields of a typed message by their Solidity names: int, checksummed address, bytes, bool or str."""


@dataclass(frozen=True)
class Ask:
    """Somebody wants to act.

    `account`: 20 bytes; `conn` and `moment` read the ledger, `chain` the contracts as they are now; `now` is
    the time of the chain's next block in seconds since 1970, at least.
    """

    account: bytes
    conn: AsyncConnection
    moment: Moment
    chain: Chain
    now: int

    @property
    def address(self) -> str:
        return checksum(self.account)

    async def made(self, name: str, address: str | bytes, field: str = "contract") -> Contract:
        """A contract that a factory of the ledger made. Raises Problem (422) that names `field` where none
        did.
        """
        where = bytes.fromhex(address[2:]) if isinstance(address, str) else address
        if not await made.by_factory(self.conn, where, name):
            raise bad_field(field, f"is no {name} of this ledger")
        return self.chain.at(name, where)


@dataclass(frozen=True)
class SignedAction:
    """By signature, through the relay.

    Args:
        name: Names it in addresses and tables: `redeem`.
        title: English text for lists, marked with `N_` and translated like those of the templates.
        contract: In `deployment.json`, or one that a factory makes; its name is the EIP-712 domain's, version
            `1`. Of those that a factory makes the message says which: `contract`, a field of `unsigned`.
        struct: As EIP-712 encodes the type: `Redeem(address citizen,uint32 offerId,…)`. Where consent is
            needed its last field is `deadline`, seconds since 1970.
        signer: The field that names the account; empty where no consent is needed.
        form: What a client gives to prepare it.
        message: The message to sign, without `deadline`, which the relay adds. Reads nonces and prices from
            the chain. Raises Problem or Reverted where it cannot be.
        own: The call that the account would send itself to the same effect: tried from the account before it
            is asked to sign, so that a refusal comes with its reason.
        call: The call that the relay sends.
        city: The city whose limit counts it, None for none.
        slot: Actions of one account with the same name and slot exclude each other until they are finished.
        trace: SQL with the message's fields as parameters (`%(seal)s`; addresses and hashes as bytea), and
            `%(since)s`, the block at which it was taken: `SELECT block_number, tx_hash, path`, the fact that
            shows that it happened, and the page of what came of it (`vouchers/7`). It finds the fact whoever
            sent the transaction. Parameters have the types of `struct`: integers of up to 56 bits are
            `bigint`, larger ones `numeric`. A literal % is written twice.
        where: Page on which the action belongs while it is under way, without the language.
        consent: False for what anybody may do for anybody (the refund of a voucher that is over): nothing is
            signed, whoever is signed in may ask for it, and `struct` only types the message. `call` gets an
            empty signature, and `own` is not called.
        unsigned: Further fields of the message, as in a struct, that are not signed with it: `address
            contract` (the signature's domain names it), a permit.
        permit: As of `SentAction`.
    """

    name: str
    title: str
    contract: str
    struct: str
    signer: str
    form: type[BaseModel]
    message: Callable[[Ask, Any], Awaitable[dict[str, Any]]]
    own: Callable[[Ask, Message], Awaitable[Call]]
    call: Callable[[Ask, Message, bytes], Awaitable[Call]]
    city: Callable[[Message], int | None]
    slot: Callable[[Message], str]
    trace: str
    where: Callable[[Message], str]
    consent: bool = True
    unsigned: str = ""
    permit: Callable[[Ask, Any], Awaitable[Permission | None]] | None = None

    @property
    def shape(self) -> str:
        """The struct with all fields of the message."""
        return f"{self.struct[:-1]},{self.unsigned})" if self.unsigned else self.struct


@dataclass(frozen=True)
class SentAction:
    """By transactions of the account's own wallet.

    Args:
        name: Names it in addresses and tables: `fulfil`.
        title: English text for lists, marked with `N_`.
        form: What a client gives to prepare it.
        calls: The transactions, in order. Raises Problem, or Reverted, where it cannot be.
        where: Page on which the action belongs, without the language.
        keep: Keeps the documents whose hashes its transactions name, from the form. Called when it becomes
            `confirmed`, in the same transaction: from then on a fact names them. Calling it again changes
            nothing.
        permit: The permission (ERC-2612) that the account's wallet is to sign before, None where none is
            needed or the form has it. It comes back in the form's fields `permit` and `permit_deadline`.
    """

    name: str
    title: str
    form: type[BaseModel]
    calls: Callable[[Ask, Any], Awaitable[Sequence[Call]]]
    where: Callable[[Any], str]
    keep: Callable[[AsyncConnection, Moment, Any], Awaitable[None]] | None = None
    permit: Callable[[Ask, Any], Awaitable[Permission | None]] | None = None


Action = SignedAction | SentAction
