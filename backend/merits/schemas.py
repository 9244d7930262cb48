"""What the domain answers with. Queries make these, endpoints and pages show them. Figures are merits unless
said otherwise.
"""

from typing import Literal

from pydantic import BaseModel, Field

from backend.content.documents import Text
from backend.kit.types import Address, Amount, Hash, Integer

Seconds = Field(description="Seconds since 1970.", examples=[1767225600])


class Period(BaseModel):
    """A period of the ledger: `[begins, ends)`, seconds since 1970."""

    number: int = Field(examples=[3])
    begins: int = Seconds
    ends: int = Seconds


class CityMerits(BaseModel):
    """A city's merits. `issued = held + spent + expired + reversed`."""

    city_id: int
    issued: Integer = Field(description="Awarded and claimed.", examples=[4800])
    held: Integer = Field(description="What citizens can spend.", examples=[3100])
    expiring: Integer = Field(description="Held, and lost at the end of this period.", examples=[600])
    spent: Integer = Field(description="Taken by redemptions, less what refunds gave back.", examples=[1500])
    expired: Integer = Field(examples=[150])
    reversed: Integer = Field(description="Taken by reversals.", examples=[50])
    shortfall: Integer = Field(description="Reversed, but spent or expired before.", examples=[10])


class Kind(BaseModel):
    """An act kind. Zero points: withdrawn."""

    city_id: int
    kind_id: int = Field(examples=[1])
    points: int = Field(description="Merits for one act.", examples=[40])
    content: Hash
    title: Text | None = None


class Rules(BaseModel):
    """A city's rules. `paused`: awards and redemptions stand still, by the city or by the operator (of this
    city or of all).
    """

    daily_cap: int = Field(examples=[200])
    paused_by_city: bool
    paused_by_operator: bool
    network_paused: bool

    @property
    def paused(self) -> bool:
        return self.paused_by_city or self.paused_by_operator or self.network_paused


class Budget(BaseModel):
    """What a verifier may award in this period and has awarded."""

    city_id: int
    verifier: Address
    per_period: int
    used: int


class Epoch(BaseModel):
    """An epoch of awards."""

    city_id: int
    epoch_id: int
    kind_id: int
    verifier: Address
    period: int
    first_day: int = Field(description="Days since 1970.")
    last_day: int = Field(description="Days since 1970.")
    acts: int
    points: int = Field(description="Merits for one act.")
    claims: int = Field(description="Citizens who have claimed.")
    claimed: int
    reversed: int = Field(description="Reversed before they were claimed.")
    claimable_until: int = Seconds
    cancelled: bool
    root: Hash
    content: Hash
    opened_at: int = Seconds
    kind_title: Text | None = None


class Clearing(BaseModel):
    """How much of the merits of city `city_id` the offers of city `home_id` honoured."""

    home_id: int
    city_id: int
    opened: int
    fulfilled: int
    refunded: int


class Offer(BaseModel):
    """An offer as it stands. `accepts`: the cities whose merits it takes, its own first."""

    offer_id: int = Field(examples=[1])
    partner: Address
    city_id: int
    price: int = Field(description="Merits for one voucher.", examples=[120])
    stock: int = Field(description="Vouchers left.")
    limit: int = Field(description="Vouchers per citizen; 0: no limit.")
    opens: int = Seconds
    closes: int = Seconds
    term: int = Field(description="Seconds that a voucher waits for its fulfilment.")
    closed: bool = Field(description="Closed by the business before its time.")
    open: bool = Field(description="Can be redeemed at this block, pauses aside.")
    terms: Hash
    title: Text | None = None
    description: Text | None = None
    accepts: list[int]
    opened: int = Field(description="Vouchers ever opened.")
    fulfilled: int
    refunded: int
    token: Address | None = Field(default=None, description="Token of the sponsor's pool.")
    per_voucher: Amount = Field(
        description="Paid to the business for a fulfilled voucher, base units of `token`."
    )
    pool: Amount = Field(description="Left in the pool, base units of `token`.")
    sponsor: Address | None = None


class Earning(BaseModel):
    """What a business can draw of a token."""

    token: Address
    amount: Amount = Field(description="Base units of `token`.")


class NearOffer(Offer):
    """An offer as a citizen sees it: `lacks` merits to have it, 0 where theirs suffice."""

    lacks: int


Status = Literal["open", "fulfilled", "refunded"]


class Voucher(BaseModel):
    """A voucher with its content, as `fulfil` and `refund` take it, and what became of it."""

    voucher_id: int = Field(examples=[16777217])
    offer_id: int
    citizen: Address = Field(description="The wallet that redeemed.")
    city_id: int = Field(description="Whose merits were taken.")
    from_previous: int
    from_current: int
    period: int
    expires: int = Seconds
    seal: Hash
    status: Status
    refundable: bool = Field(description="Still open, and its term is over.")
    redeemed_at: int = Seconds
    settled_at: int | None = None
    reimbursed: Amount = Field(description="Paid to the business, base units of the offer's token.")
    content_hash: Hash | None = Field(
        default=None, description="What the contract keeps while the voucher is open."
    )
    tx_hash: Hash
    offer_title: Text | None = None


class Expiry(BaseModel):
    """Merits that are lost at `at`."""

    merits: int
    at: int = Seconds


class Balance(BaseModel):
    """A citizen's merits in a city."""

    city_id: int
    held: int = Field(examples=[120])
    standing: int = Field(description="All merits ever earned less those reversed.", examples=[400])
    expires: list[Expiry] = Field(description="When what is held is lost, soonest first.")


class Leaf(BaseModel):
    """An award of an epoch that can be claimed: `IMeritLedger.Claim` with what it is worth."""

    city_id: int
    epoch_id: int
    citizen: Address = Field(description="The wallet in the leaf.")
    kind_id: int
    times: int
    points: int
    evidence: Hash
    proof: list[Hash]
    claimable_until: int = Seconds


EntryType = Literal["award", "claim", "reversal", "redemption", "refund", "recovery"]


class Entry(BaseModel):
    """One line of a citizen's history. `merits` is what it changed the held merits by."""

    type: EntryType
    city_id: int
    merits: int
    time: int = Seconds
    block_number: int
    tx_hash: Hash
    log_index: int
    kind_id: int | None = None
    epoch_id: int | None = None
    batch_id: Hash | None = None
    offer_id: int | None = None
    voucher_id: int | None = None
    wallet: Address | None = Field(default=None, description="The other wallet of a recovery.")
    evidence: Hash | None = None
    reason: Hash | None = None
    title: Text | None = Field(default=None, description="Of the act kind or the offer.")


class Citizen(BaseModel):
    """A wallet: where it is a citizen's, and what it holds, can claim and has done."""

    address: Address
    cities: list["CitizenCity"]
    claimable: list[Leaf] = Field(description="Awards of epochs that can be claimed, with their proofs.")
    vouchers: list[Voucher] = Field(description="The newest; all of them under `/vouchers`.")
    history: list[Entry] = Field(description="The newest; all of it under `/history`.")
    recoveries: list["PendingRecovery"]


class PendingRecovery(BaseModel):
    """A recovery under way: `new_wallet` may take over from `old_wallet` from `executable_at` on."""

    city_id: int
    old_wallet: Address
    new_wallet: Address
    executable_at: int = Seconds


class CitizenCity(BaseModel):
    """A wallet's standing in one city. Without `nullifier` it is no citizen's there."""

    city_id: int
    name: Text | None = None
    nullifier: Hash | None = None
    since: int | None = Field(default=None, description="Registered at, seconds since 1970.")
    successor: Address | None = Field(default=None, description="The wallet that took over in a recovery.")
    held: int = 0
    standing: int = 0
    expires: list[Expiry] = []
