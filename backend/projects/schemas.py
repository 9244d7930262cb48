"""What projects and requests are answered with. Queries make these, endpoints and pages show them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from backend.content.documents import Text
from backend.kit.types import Address, Amount, Hash, Integer
from backend.projects import names
from backend.projects.money_schemas import Backer, CampaignSummary, Milestone, SourceSum

Seconds = Field(description="Seconds since 1970.", examples=[1767225600])


def _named(known: tuple[str, ...], first: int = 0) -> BeforeValidator:
    """A number of the contract by its name; one below `first` is none."""

    def name(value: Any) -> Any:
        return (known[value - first] if value >= first else None) if isinstance(value, int) else value

    return BeforeValidator(name)


Kind = Annotated[names.Kind, _named(names.KINDS)]
Stage = Annotated[names.Stage, _named(names.STAGES, 1)]
Pause = Annotated[names.Pause | None, _named(names.PAUSES, 1)]


class ProjectSummary(BaseModel):
    """A project in a list."""

    project_id: int = Field(examples=[7])
    city_id: int = Field(description="The home city.")
    kind: Kind
    stage: Stage
    paused: Pause = Field(description="By whom; null: it is not.")
    author: Address
    title: Text | None = None
    summary: Text | None = None
    version: int = Field(description="From 1 on, one more with each pivot.")
    request_id: int | None = Field(description="The request that it answers.")
    support: int = Field(description="Citizens who support this version.")
    support_needed: int | None = Field(description="How many the home city asks for.")
    raised: Amount = Field(
        description="By all its campaigns, kopecks by the operator's rates; nothing for tokens without."
    )
    closes: int | None = Field(description="When the next of its open campaigns closes.")
    opened_at: int = Seconds
    staged_at: int = Field(description="Since when it is at its stage.", examples=[1767225600])
    campaigns: list[CampaignSummary] = Field(default=[], description="Newest first.")


class Thresholds(BaseModel):
    """What the home city asks of its projects."""

    support: int
    experts: int
    score: int = Field(description="Least mean score, 0 to 100.")
    team: int
    courses: int


class Visit(BaseModel):
    """A project came to a stage: `opened` there, `reached` it, `sent_back` by a moderator, `pivoted` by its
    author.

    `by` is who did it, `text` what they handed in or why; `documents` is its hash.
    """

    how: Literal["opened", "reached", "sent_back", "pivoted"]
    stage: Stage
    by: Address | None
    documents: Hash | None
    text: Text | None = None
    time: int = Seconds
    block_number: int
    tx_hash: Hash


class StagePlace(BaseModel):
    """A stage on a project's track, with the last visit to it."""

    stage: Stage
    state: Literal["done", "present", "ahead"]
    visit: Visit | None = None
    visits: int = 0


class Member(BaseModel):
    """Somebody of a team. `title`: what for."""

    member: Address
    membership: Annotated[Literal["invited", "member"], _named(("invited", "member"), 1)]
    role: Hash | None
    title: Text | None = None
    since: int = Seconds


class Opinion(BaseModel):
    """An expert's judgement. `counts`: it is of the present panel."""

    expert: Address
    city_id: int = Field(description="The city whose expert judged.")
    score: int
    panel: int
    counts: bool
    opinion: Hash
    text: Text | None = None
    time: int = Seconds


class CityPart(BaseModel):
    """A city in a project: its home, or one that was invited. `supporters`: of the present version."""

    city_id: int
    part: Literal["home", "invited", "joined"]
    since: int = Seconds
    supporters: int


class Course(BaseModel):
    """A course that the team completed."""

    course: Hash
    title: Text | None = None
    by: Address
    evidence: Hash
    time: int = Seconds


class ProjectEntry(BaseModel):
    """Something that happened to a project. `account`, `city_id`: whom it concerns; `text`: what was said."""

    type: Literal[
        "opened", "described", "reached", "funded", "sent_back", "paused", "resumed", "pivoted", "new_author",
        "offered", "city_invited", "city_joined", "invited", "joined_team", "left_team", "scored", "course",
    ]  # fmt: skip
    by: Address | None
    account: Address | None
    city_id: int | None
    stage: Annotated[names.Stage | None, _named(names.STAGES, 1)]
    score: int | None
    text: Text | None = None
    time: int = Seconds
    block_number: int
    tx_hash: Hash
    log_index: int


class CampaignMoney(BaseModel):
    """Where a campaign's money comes from and goes to: sources, and milestones with their reports."""

    contract: Address
    token: Address
    sources: list[SourceSum] = Field(description="Most first.")
    milestones: list[Milestone]


class RequestSummary(BaseModel):
    """What a city, a business or a citizen asks for."""

    request_id: int = Field(examples=[3])
    city_id: int
    author: Address
    kind: Kind
    title: Text | None = None
    summary: Text | None = None
    token: Address | None = Field(description="Of the budget; null: none is set aside.")
    budget: Amount
    closes: int = Field(description="First second at which no idea can answer it.", examples=[1769817600])
    closed: bool = Field(description="By its author, before its time.")
    open: bool
    answers: int = Field(description="Projects that answer it.")
    published_at: int = Seconds


class Request(RequestSummary):
    """A request whole."""

    description: Text | None = None
    content: Hash


class Project(ProjectSummary):
    """A project whole."""

    description: Text | None = None
    content: Hash
    offered_to: Address | None = Field(description="Who may become its author.")
    panel: int = Field(description="From 1 on, one more whenever judging begins anew.")
    scores: int = Field(description="Experts who judged it in this panel.")
    score_sum: Integer
    members: int = Field(description="Who accepted an invitation; the author is none of them.")
    courses: int
    campaign: Address | None = Field(description="The campaign that funded it, from implementation on.")
    thresholds: Thresholds | None = Field(description="What the home city asks; null: it has not said yet.")
    track: list[StagePlace] = []
    team: list[Member] = []
    opinions: list[Opinion] = []
    cities: list[CityPart] = []
    completed_courses: list[Course] = []
    request: RequestSummary | None = None
    money: list[CampaignMoney] = Field(default=[], description="Of the newest campaigns.")
    backers: list[Backer] = Field(default=[], description="The largest: wallets and sums alone.")
    history: list[ProjectEntry] = Field(default=[], description="The newest entries.")

    @property
    def mean(self) -> int | None:
        """The mean score of the present panel, rounded down as the contract does."""
        return self.score_sum // self.scores if self.scores else None
