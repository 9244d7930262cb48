"""What funds are answered with. Amounts are base units of the fund's token."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from backend.content.documents import Text
from backend.funds.mandate import Mandate, Terms
from backend.funds.names import MATTERS, Matter, Phase
from backend.kit.types import Address, Amount, Hash, Integer
from backend.projects.money_schemas import Form
from backend.projects.money_schemas import Phase as CampaignPhase
from backend.projects.schemas import Kind, Stage

Seconds = Field(description="Seconds since 1970.", examples=[1767225600])

DIGITS = 4
Multiple = Annotated[
    int,
    PlainSerializer(lambda value: f"{value // 10**DIGITS}.{value % 10**DIGITS:0{DIGITS}}", when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+\.[0-9]{4}$", "examples": ["1.2500"]}),
]
"""A multiple of what was paid in, in 10,000ths, rounded down; in JSON a decimal string."""

NoRate = Literal["nothing_paid", "nothing_back", "one_day", "several", "none"]


def _matter(value: Any) -> Any:
    return MATTERS[value] if isinstance(value, int) else value


class Rate(BaseModel):
    """An internal rate of return, by days (a year 365). What is still in the fund counts at its marks."""

    rate: float | None = Field(description="0.12 is 12 %; null where there is none.", examples=[0.1184])
    annual: bool = Field(description="A year; else of the whole time, which is shorter than a year.")
    reason: NoRate | None = Field(
        description="Why there is none: `nothing_paid` yet; `nothing_back`, all is lost; `one_day`, all on"
        " the same; `several` rates fit; `none` does."
    )


class Multiples(BaseModel):
    """How often partners have what they paid in; null before anything was."""

    dpi: Multiple | None = Field(description="Distributed.")
    rvpi: Multiple | None = Field(description="Their part of the net asset value.")
    tvpi: Multiple | None = Field(description="Both together.")


class Performance(Multiples):
    """What became of the money. Gross: between the fund and its holdings. Net: between partners and the fund,
    late fees included; premiums go from partner to partner and are in neither.
    """

    gross: Rate
    net: Rate


class FundSummary(BaseModel):
    """A fund as lists show it."""

    contract: Address
    name: str
    symbol: str
    title: Text | None = None
    summary: Text | None = None
    organisation: Address = Field(description="Whose the carry is.")
    manager: Address
    token: Address = Field(description="In which all its money is; units have its decimals.")
    phase: Phase
    launched_at: int = Seconds
    closed_at: int | None = Field(description="The first closing; null before.")
    vintage: int | None = Field(description="Year (UTC) of the first closing.", examples=[2027])
    ends_at: int | None = Field(description="End of its life, extensions included.")
    mandate: Mandate
    committed: Amount = Field(description="Of partners who are not in default.")
    called: Amount = Field(description="Of it, called so far.")
    paid: Amount = Field(description="Capital paid in.")
    invested: Amount = Field(description="Put in holdings and not withdrawn.")
    nav: Amount = Field(description="Cash and holdings, at their marks, less the fee due.")
    nav_of_partners: Amount = Field(description="What partners would get of it.")
    distributed: Amount = Field(description="To partners.")
    multiples: Multiples


class Books(BaseModel):
    """A fund's books: cash + cost + fees + distributed = contributed + gains − losses."""

    cash: Amount
    cost: Amount = Field(description="Of all holdings.")
    value: Amount = Field(description="Of all holdings, at their marks.")
    contributed: Amount
    gains: Amount
    losses: Amount
    fees: Amount = Field(description="Management fees taken.")
    fee_due: Amount = Field(description="Management fee accrued and not taken.")
    to_partners: Amount
    to_organisation: Amount = Field(description="Carry, escrow included, less what was returned.")
    escrow: Amount = Field(description="Carry that is kept until the fund ends.")
    clawback: Amount = Field(description="Carry to be returned, found at the end.")
    unreturned: Amount = Field(description="Contributed capital not returned.")
    preferred: Amount = Field(description="Hurdle of past years not paid.")
    accruing: Amount = Field(description="Hurdle of this year not paid.")
    units: Amount
    per_unit: Amount = Field(description="Partners' net asset value of a unit, in 10^18ths.")
    premiums: Amount = Field(description="Of later partners, paid through to those who were there.")
    claimed: Amount = Field(description="By partners, of what was credited to them.")


class Call(BaseModel):
    """A call of capital. `text`: its notice, where it is kept."""

    number: int
    amount: Amount = Field(description="Of all partners together.")
    called: Integer = Field(description="Share of every commitment called by then, in 10^18ths.")
    due_at: int = Seconds
    running: bool
    purpose: Hash
    text: Text | None = None
    time: int = Seconds
    tx_hash: Hash


class Distribution(BaseModel):
    """A distribution, split by the waterfall."""

    amount: Amount
    capital: Amount = Field(description="Contributed capital returned.")
    hurdle: Amount
    catch_up: Amount
    rest: Amount
    carry: Amount = Field(description="Of the two before, the organisation's.")
    escrowed: Amount
    to_partners: Amount
    time: int = Seconds
    tx_hash: Hash


class FundHolding(BaseModel):
    """What a fund holds of a campaign, or of another fund, and where its project stands."""

    holding: Address
    is_fund: bool
    name: str | None = Field(description="Of the fund, where it is one.")
    project_id: int | None
    title: Text | None = Field(default=None, description="Of the project, or of the fund.")
    city_id: int | None = Field(description="Home of the project.")
    kind: Kind | None
    stage: Stage | None
    form: Form | None = Field(description="Of the campaign.")
    campaign_phase: CampaignPhase | None
    milestone: int | None = Field(description="Milestones released.")
    milestones: int | None = Field(description="Milestones that there are.")
    fund_phase: Phase | None = Field(description="Of the fund, where it is one.")
    commitment: Amount = Field(description="To a fund.")
    invested: Amount = Field(description="Put in and not withdrawn.")
    collected: Amount = Field(description="Came back.")
    principal: Amount = Field(description="Put in and neither withdrawn nor refunded.")
    cost: Amount
    value: Amount = Field(description="The mark, with what went in and out since; cost where never marked.")
    gains: Amount
    losses: Amount
    multiple: Multiple | None = Field(description="What came back and what it is worth, of what was put in.")
    company: Amount | None = Field(description="What the whole company was last said to be worth.")
    marked_as_of: int | None = Field(description="Day of the last mark; null: never marked, stands at cost.")
    mark_age: int | None = Field(description="Seconds since then.")
    stale: bool = Field(description="The mark is older than the terms allow.")
    since: int = Field(description="When money first went in, or was committed.", examples=[1767225600])

    @property
    def withdrawn(self) -> bool:
        """All of it was withdrawn in its cooling-off time."""
        return not (self.invested or self.commitment or self.collected)


class Mark(BaseModel):
    """What an appraiser said that a holding was worth."""

    holding: Address
    value: Amount
    company: Amount | None
    as_of: int = Seconds
    evidence: Hash
    text: Text | None = None
    time: int = Seconds
    tx_hash: Hash


FlowKind = Literal[
    "paid_in", "late_fee", "invested", "withdrawn", "expense", "collected", "fee", "to_partners",
    "to_organisation",
]  # fmt: skip


class Flow(BaseModel):
    """Money of one kind on one day (UTC). Partners pay `paid_in` and `late_fee`, the fund `invested`,
    `expense` and `fee`; `to_organisation` is negative where carry was returned.
    """

    day: int = Field(description="Its first second, since 1970.", examples=[1767225600])
    what: FlowKind
    amount: Annotated[
        int,
        BeforeValidator(int),
        PlainSerializer(str, return_type=str, when_used="json"),
        WithJsonSchema({"type": "string", "pattern": "^-?[0-9]+$", "examples": ["1500000"]}),
    ]


class Motion(BaseModel):
    """A motion of partners. `text`: the reason, where it is kept."""

    number: int
    matter: Annotated[Matter, BeforeValidator(_matter)]
    subject: Address | None = Field(description="The new manager or appraiser.")
    by: Address
    until: int = Field(description="First second at which nobody can consent any more.")
    consents: Amount = Field(description="Units.")
    carried: bool
    reason: Hash
    text: Text | None = None
    time: int = Seconds


class Fund(FundSummary):
    """A fund: terms, books, performance, holdings, cash flows."""

    appraiser: Address
    content: Hash
    description: Text | None = None
    terms: Terms
    finally_closed: bool = Field(description="Nobody can commit any more.")
    partners: int = Field(description="Who committed and are not in default.")
    books: Books
    performance: Performance
    stale_marks: int = Field(description="Holdings with cost or value whose mark is stale.")
    holdings: list[FundHolding] = Field(description="Most valuable first.")
    marks: list[Mark] = Field(description="The latest hundred, newest first.")
    calls: list[Call] = Field(description="Newest first.")
    distributions: list[Distribution] = Field(description="Newest first.")
    motions: list[Motion] = Field(description="Newest first.")
    flows: list[Flow] = Field(description="Oldest first.")
