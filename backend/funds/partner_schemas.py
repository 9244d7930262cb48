"""What partners, their notices and their look-through are answered with. Amounts are base units of the token
beside them.
"""

from typing import Literal

from pydantic import BaseModel, Field

from backend.content.documents import Text
from backend.funds.schemas import Multiples, Phase, Rate
from backend.kit.types import Address, Amount, Hash
from backend.projects.money_schemas import Form
from backend.projects.schemas import Kind, Stage

Seconds = Field(description="Seconds since 1970.", examples=[1767225600])


class Outcome(Multiples):
    """What became of a partner's money: premiums and late fees count as paid in, what is credited as
    distributed.
    """

    net: Rate | None = Field(
        description="Null where units came or went by transfer: the ledger does not know at what price."
    )


class Position(Outcome):
    """What a wallet has in a fund, what it owes it and what it can take of it."""

    contract: Address = Field(description="The fund.")
    name: str
    symbol: str = Field(description="Of its units.")
    token: Address
    organisation: Address
    phase: Phase
    admitted: bool = Field(description="May commit and receive units.")
    defaulted_at: int | None = Field(description="When a default was declared.")
    commitment: Amount = Field(description="After a default nothing.")
    paid: Amount = Field(description="Capital paid on it.")
    unfunded: Amount = Field(description="Of the commitment, not paid.")
    premium: Amount = Field(description="Paid on top, to the units there were, for having come later.")
    late_fee: Amount = Field(description="Paid on top, for having paid late.")
    due: Amount = Field(description="What is called and not paid.")
    late: Amount = Field(description="The part of it that is past its due date.")
    due_at: int | None = Field(description="Due date of the last call; null before the first.")
    units: Amount
    all_units: Amount = Field(description="Of all holders.")
    got: Amount = Field(description="Units that came by transfer.")
    gave: Amount = Field(description="Units that went by transfer.")
    lost: Amount = Field(description="Units lost by a default.")
    nav: Amount = Field(description="What these units are worth at the fund's marks, rounded down.")
    credited: Amount = Field(description="Ever, premiums of later partners included.")
    claimed: Amount
    claimable: Amount
    locked_until: int = Field(description="First second at which units can leave; 0: they can.")


class PartnerSum(Outcome):
    """A partner's sums in one token, over all funds."""

    token: Address
    commitment: Amount
    paid: Amount
    unfunded: Amount
    due: Amount
    late: Amount
    nav: Amount
    credited: Amount
    claimed: Amount
    claimable: Amount


class Beneath(BaseModel):
    """A part in a project, through the funds in `path`, rounded down in each."""

    path: list[Address] = Field(
        description="The fund whose units are held, then the one whose units that holds."
    )
    names: list[str] = Field(description="Of these funds.")
    campaign: Address
    form: Form
    project_id: int
    city_id: int
    kind: Kind
    stage: Stage
    title: Text | None = None
    milestone: int = Field(description="Milestones of the campaign that are released.")
    milestones: int
    token: Address
    cost: Amount
    value: Amount = Field(description="At the fund's mark; at cost where there is none.")
    marked_as_of: int | None = Field(description="Day of the mark.")
    stale: bool = Field(description="The mark is older than the fund's terms say, or there is none.")


class CallNotice(BaseModel):
    """Capital is called."""

    notice: Literal["call"] = "call"
    contract: Address
    name: str
    token: Address
    number: int
    time: int = Seconds
    due_at: int = Seconds
    amount: Amount = Field(description="This call's part of the commitment.")
    whole: Amount = Field(description="What the call asks of all.")
    commitment: Amount = Field(description="At that time.")
    called: Amount = Field(description="Of it, this call included.")
    unfunded: Amount = Field(description="Of it, not called after this call.")
    purpose: Hash
    text: Text | None = None
    block_number: int
    log_index: int
    tx_hash: Hash


class CreditNotice(BaseModel):
    """Something was credited to the units: a distribution, the premium of a later partner, or carry that was
    too much, from the escrow or returned.
    """

    notice: Literal["distribution", "premium", "escrow", "carry_returned"]
    contract: Address
    name: str
    token: Address
    time: int = Seconds
    amount: Amount = Field(description="Credited to the units held.")
    units: Amount
    credited: Amount = Field(description="Ever, this included.")
    whole: Amount | None = Field(
        description="Of a distribution: all of it, the organisation's part included."
    )
    capital: Amount | None = Field(description="Of the whole: contributed capital returned.")
    hurdle: Amount | None = Field(description="Of the whole.")
    catch_up: Amount | None = Field(description="Of the whole: both sides'.")
    rest: Amount | None = Field(description="Of the whole: what was split by the carry.")
    carry: Amount | None = Field(description="Of the two before, the organisation's.")
    block_number: int
    log_index: int
    tx_hash: Hash


class Notices(BaseModel):
    """A partner's notices, newest first."""

    calls: list[CallNotice]
    credits: list[CreditNotice]


class Partner(BaseModel):
    """A partner of funds."""

    address: Address
    sums: list[PartnerSum]
    positions: list[Position] = Field(description="The fund launched last first.")
    beneath: list[Beneath] = Field(
        description="The projects, looked through funds of funds; most value first."
    )
