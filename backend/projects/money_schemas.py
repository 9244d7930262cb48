"""What campaigns, backers and rounds are answered with. Amounts are base units of the token beside them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from backend.content.documents import Text
from backend.kit.types import Address, Amount, Hash
from backend.projects import names

Phase = Literal["upcoming", "open", "cooling", "funded", "failed", "stopped", "completed"]


def _named(known: tuple[str, ...]) -> BeforeValidator:
    def name(value: Any) -> Any:
        return known[value] if isinstance(value, int) else value

    return BeforeValidator(name)


Form = Annotated[names.Form, _named(names.FORMS)]
Source = Annotated[names.Source, _named(names.SOURCES)]
Seconds = Field(description="Seconds since 1970.", examples=[1767225600])


class CampaignSummary(BaseModel):
    """A campaign as lists show it."""

    contract: Address
    project_id: int = Field(examples=[7])
    city_id: int
    round_id: int | None = Field(description="The matching round that it is in.")
    form: Form
    phase: Phase
    token: Address
    opens: int = Seconds
    closes: int = Field(description="First second without pledges.", examples=[1769817600])
    cooling_ends: int = Field(description="First second without withdrawals; then it is funded or failed.")
    goal: Amount
    cap: Amount
    raised: Amount = Field(description="Pledged and not withdrawn; a refund does not change it.")
    matched: Amount = Field(description="Paid by the matching pool, less what went back.")
    released: Amount = Field(description="Released for milestones, fees included.")
    pledges: int = Field(description="Ever made.")
    backers: int = Field(description="Who have, or were refunded, a pledge.")
    milestone: int = Field(description="Milestones released.")
    milestones: list[int] = Field(description="Share of each, basis points.", examples=[[3000, 7000]])
    created_at: int = Seconds


class Opening(BaseModel):
    """A campaign that takes pledges: what one has to know who looks where to invest."""

    contract: Address
    project_id: int
    city_id: int
    form: Form
    closes: int
    goal: Amount
    cap: Amount
    raised: Amount
    edition: int
    unit_price: Amount | None


class Tier(BaseModel):
    """A tier of a reward campaign."""

    tier: int = Field(description="From 1 on.")
    price: Amount
    stock: int
    held: int
    left: int
    content: Hash
    title: Text | None = None
    description: Text | None = None


class Instalment(BaseModel):
    """A part of a loan's principal."""

    number: int
    due: int = Seconds
    principal: Amount = Field(description="To be repaid by then, of this instalment alone.")
    state: Literal["paid", "due", "grace", "late"]


class Loan(BaseModel):
    """The terms of a loan and how it stands."""

    rate: int = Field(description="Basis points a year, simple, on the principal outstanding.")
    instalments: int
    interval: int = Field(description="Seconds between instalments.")
    grace: int = Field(description="Seconds after its day for which an instalment is not late.")
    default_after: int = Field(description="Seconds of lateness after which the default may be declared.")
    principal: Amount = Field(description="Released and not repaid.")
    interest: Amount = Field(description="Due now.")
    repaid: Amount = Field(description="Interest included.")
    interest_paid: Amount
    late_since: int | None = Field(description="Since when an instalment is late, grace included.")
    defaulted_at: int | None
    schedule: list[Instalment] = Field(description="Empty before the first release.")


class Report(BaseModel):
    """A report on a milestone."""

    attempt: int
    by: Address
    reported_at: int = Seconds
    veto_until: int = Field(description="First second at which the milestone can be released.")
    objections: Amount = Field(description="Amounts of those who object.")
    voided_at: int | None = Field(description="When the objections voided it.")
    evidence: Hash
    text: Text | None = None


MilestoneState = Literal[
    "released", "releasable", "reported", "awaits_report", "overdue", "waiting", "dropped"
]


class Milestone(BaseModel):
    """A milestone. `amount` is what its release paid, or would pay of what is raised and matched by now."""

    number: int
    share: int = Field(description="Basis points.")
    state: MilestoneState
    amount: Amount
    fee: Amount
    released_at: int | None
    report_due: int | None = Field(description="Until when the next report must come, else anybody may stop.")
    reports: list[Report]


class SourceSum(BaseModel):
    """What came from one source and was not withdrawn."""

    source: Source
    raised: Amount
    pledges: int


class Estimate(BaseModel):
    """What the match would be if the round ended now and all its campaigns still raising met their goals. It
    changes with every pledge.
    """

    amount: Amount


class FinalMatch(BaseModel):
    """What the settlement assigned. It changes no more."""

    amount: Amount
    paid: Amount
    forfeited: Amount = Field(description="Not paid, or given back, since the campaign was stopped.")


class Matching(BaseModel):
    """What counts of a campaign in its round. There is an estimate until the settlement assigned the final
    match, then that alone.
    """

    contract: Address
    round_id: int
    people: int = Field(description="Citizens whose pledges count.")
    counted: Amount = Field(description="What counts of their pledges.")
    roots: Amount = Field(description="Sum of floor(√(c × 2^64)).")
    weight: Amount = Field(description="(roots² ÷ 2^64) − counted, in base units.")
    estimate: Estimate | None
    final: FinalMatch | None


class Stop(BaseModel):
    """How a stopped campaign shared what was not released."""

    at: int = Seconds
    by: Address
    to_backers: Amount
    to_pool: Amount
    reason: Hash
    text: Text | None = None


class Campaign(CampaignSummary):
    """A campaign: terms, money, milestones."""

    edition: int = Field(description="Edition of the terms, from 1 on.")
    frozen: bool = Field(description="A pledge was made: the terms stand for good.")
    payee: Address
    fee_share: int = Field(description="Basis points.")
    cooling_off: int = Field(description="Seconds for which a pledge can be withdrawn.")
    veto_share: int = Field(description="Backers with more than this share void a report, basis points.")
    veto_window: int = Field(description="Seconds for which a report can be objected to.")
    milestone_term: int = Field(description="Seconds from one release to the next report.")
    content: Hash = Field(description="Of the terms in words.")
    terms: Text | None = None
    unit_price: Amount | None = Field(description="Share: price of a unit.")
    withdrawn: Amount
    refunded: Amount
    fees: Amount = Field(description="Of what was released, the network's.")
    collected: Amount = Field(description="By the payee.")
    proceeds: Amount = Field(
        description="Loan and share: paid in for the backers, and left to them by a stop."
    )
    claimed: Amount = Field(description="Drawn by backers of the proceeds.")
    tiers: list[Tier]
    loan: Loan | None
    milestone_list: list[Milestone]
    sources: list[SourceSum]
    matching: Matching | None
    stop: Stop | None


class Backer(BaseModel):
    """Somebody's part in a campaign: a wallet and its sums, nothing of the person."""

    backer: Address
    pledged: Amount = Field(description="Not withdrawn; a refund does not change it.")
    amount: Amount = Field(description="Pledged and neither withdrawn nor refunded.")
    refunded: Amount
    drawn: Amount


class Holding(BaseModel):
    """What a wallet has in a campaign, and what it can take of it now."""

    contract: Address
    project_id: int
    city_id: int
    form: Form
    phase: Phase
    token: Address
    closes: int = Seconds
    cooling_ends: int = Seconds
    raised: Amount
    goal: Amount
    amount: Amount = Field(description="Pledged and neither withdrawn nor refunded.")
    withdrawable: Amount = Field(description="In its cooling-off time.")
    withdrawable_until: int | None
    refundable: Amount = Field(description="What a refund pays now.")
    claimable: Amount = Field(description="What a claim pays now.")
    drawn: Amount = Field(description="Drawn of repayments, distributions, and what a stop left.")
    refunded: Amount = Field(description="Paid back by refunds.")
    tier: int | None = Field(description="The reward's tier.")
    objectable: bool = Field(description="A report is under way that the wallet can object to.")
    title: Text | None = Field(default=None, description="Of the project.")


class TokenSum(BaseModel):
    """A portfolio's sums in one token."""

    token: Address
    pledged: Amount = Field(description="Pledged and neither withdrawn nor refunded.")
    withdrawable: Amount
    refundable: Amount
    claimable: Amount
    repaid: Amount = Field(description="Drawn of repayments, distributions, and what stops left.")
    refunded: Amount


class YearLimit(BaseModel):
    """What loans and shares took of a person's limit in a calendar year (UTC), kopecks. Of a qualified
    investor
    nothing is counted.
    """

    year: int
    identified: bool = Field(description="Loans and shares take pledges of identified investors only.")
    qualified: bool
    used: int
    limit: int


class Portfolio(BaseModel):
    """A backer."""

    address: Address
    sums: list[TokenSum]
    holdings: list[Holding] = Field(description="Newest pledge first.")
    limit: YearLimit


Step = Literal["running", "to_settle", "weighing", "assigning", "settled"]


class RoundSummary(BaseModel):
    """A matching round as lists show it."""

    round_id: int
    city_id: int
    token: Address
    step: Step = Field(description="`to_settle`: it is over, and nobody has begun the settlement.")
    opened_at: int = Seconds
    closes: int = Seconds
    budget: Amount = Field(description="All that was paid in.")
    campaigns: int
    people: int = Field(description="Citizens whose pledges count, by campaign.")
    counted: Amount
    title: Text | None = None
    description: Text | None = None


class RoundEstimate(BaseModel):
    """All estimates together; of a round that is not settled."""

    weight: Amount = Field(description="Sum of the weights that the budget is shared by.")
    amount: Amount
    left: Amount = Field(description="Of the budget.")


class RoundFinal(BaseModel):
    """What the settlement came to. It changes no more."""

    settled_at: int = Seconds
    weight: Amount
    amount: Amount = Field(description="Assigned.")
    paid: Amount
    forfeited: Amount = Field(description="Back from stopped campaigns.")
    reclaimed: Amount = Field(description="Drawn by the city.")
    rest: Amount = Field(description="What the city can draw now.")


class RoundCampaign(Matching):
    """A campaign in a round."""

    project_id: int
    form: Form
    phase: Phase
    raised: Amount
    goal: Amount
    title: Text | None = None


class RoundFunding(BaseModel):
    """Money paid into a round."""

    sender: Address
    amount: Amount
    time: int = Seconds
    tx_hash: Hash


class Round(RoundSummary):
    """A matching round. It has an estimate until it is settled, then the final figures alone."""

    min_merits: int = Field(description="Lifetime merits in the city from which a citizen counts.")
    person_limit: Amount = Field(description="The most that counts of a person for a campaign.")
    redistribute: bool = Field(
        description="The part of failed campaigns goes to the others, not to the city."
    )
    content: Hash
    weighed: int = Field(description="Campaigns that the settlement has weighed.")
    assigned: int = Field(description="Campaigns that the settlement has assigned their match.")
    estimate: RoundEstimate | None
    final: RoundFinal | None
    funding: list[RoundFunding]
    entries: list[RoundCampaign] = Field(description="Most match first.")
