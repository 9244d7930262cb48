"""What the API takes and answers about actions."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from backend.auth.api import Signature
from backend.errors import Reason
from backend.kit.texts import Texts
from backend.kit.types import EXAMPLE_HASH, Address, AddressIn, Hash, HashIn

State = Literal["queued", "sent", "included", "confirmed", "final", "failed", "expired"]
Held = Literal["funds", "price", "node"]

_MESSAGE = {
    "citizen": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "offerId": "1",
    "cityId": "1",
    "price": "30",
    "seal": EXAMPLE_HASH,
    "nonce": "0",
    "deadline": "1767229200",
}
_FIELDS = {"offer_id": 1, "city_id": 1, "seal": EXAMPLE_HASH}

Fields = Annotated[dict[str, Any], Field(description="As the action's form has them.", examples=[_FIELDS])]


class Preparation(BaseModel):
    """Somebody wants to act."""

    account: AddressIn
    fields: Fields


class Submission(BaseModel):
    """What was signed; without `signature` where the action needs nobody's consent (then sign in)."""

    message: dict[str, Any] = Field(examples=[_MESSAGE])
    signature: Signature | None = None


class Report(BaseModel):
    """The account's own wallet sent a transaction: the `part`th (from 0) of the action's calls."""

    fields: Fields
    part: int = Field(default=0, ge=0, le=9999)
    tx_hash: HashIn


class WalletCall(BaseModel):
    """A transaction for the account's wallet to send."""

    to: Address
    data: str = Field(examples=["0x4cca3cfb"])
    label: str = Field(examples=["RewardMarket.fulfil"])


class Prepared(BaseModel):
    """What the wallet is to do: sign `typed_data` and submit `message` with the signature (`signed`), send
    `calls` (`sent`), or nothing (`plain`: submit `message` as it is). `permit`: sign `typed_data`, then
    prepare `fields` with the signature as their `permit`, or with `0x` where the wallet does not sign it.
    """

    kind: Literal["signed", "sent", "plain", "permit"]
    typed_data: dict[str, Any] | None = Field(
        default=None,
        description="As `eth_signTypedData_v4` takes it; integers are decimal strings.",
        examples=[{"domain": {"name": "RewardMarket"}, "primaryType": "Redeem", "message": _MESSAGE}],
    )
    message: dict[str, Any] | None = Field(default=None, examples=[_MESSAGE])
    fields: dict[str, Any] | None = Field(default=None, examples=[_FIELDS])
    calls: list[WalletCall] | None = None


class ActionState(BaseModel):
    """An action and how far it is. Times are seconds since 1970.

    `fields`, what was signed or filled in, is for pages of its account alone: a code may stand in it.
    """

    id: UUID
    name: str = Field(examples=["redeem"])
    title: Texts
    account: Address
    state: State
    held: Held | None = Field(description="Why it waits though nothing is wrong with it.")
    tx_hash: Hash | None
    block_number: int | None = Field(examples=[48])
    undone: int = Field(description="How often a reorganisation took it back.", examples=[0])
    path: str = Field(description="Its page, without the language.", examples=["vouchers/16777217"])
    reason: Reason | None
    created_at: int = Field(examples=[1767225600])
    updated_at: int = Field(examples=[1767225604])
    fields: dict[str, Any] = Field(exclude=True)

    @property
    def unfinished(self) -> bool:
        return self.state in ("queued", "sent", "included")
