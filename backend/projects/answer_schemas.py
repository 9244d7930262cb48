"""What a project is told at once. Queries make these, the endpoint and the page show them."""

from typing import Literal

from pydantic import BaseModel, Field, computed_field

from backend.cities.schemas import CityName
from backend.content.documents import Text
from backend.kit.types import Address, Amount
from backend.projects.money_schemas import Form, Phase
from backend.projects.schemas import Pause, Seconds, Stage

What = Literal[
    "description", "open_request", "thresholds", "support", "experts", "score", "team", "documents",
    "courses", "campaign", "milestones",
]  # fmt: skip
Mover = Literal["author", "moderator", "anybody"]
Outcome = Literal["completed", "stopped", "failed", "paused", "under_way"]


class Figure(BaseModel):
    """What a project has of something, and how much is needed; null where the city has not said yet.

    `description`, `open_request`, `thresholds` and `campaign` are there (1) or not (0); `score` is the mean
    of the present panel, rounded down as the contract does.
    """

    what: What
    given: int = Field(examples=[12])
    needed: int | None = Field(examples=[30])

    @computed_field(examples=[18])  # type: ignore[prop-decorator]
    @property
    def missing(self) -> int:
        """How much is still to come."""
        return max((self.needed or 0) - self.given, 0)


class Money(BaseModel):
    """What a campaign has against its goal."""

    contract: Address
    token: Address
    form: Form
    phase: Phase
    raised: Amount
    goal: Amount
    closes: int = Seconds
    cooling_ends: int = Seconds

    @computed_field  # type: ignore[prop-decorator]
    @property
    def missing(self) -> Amount:
        """What the goal still lacks."""
        return max(self.goal - self.raised, 0)


class NextStep(BaseModel):
    """What leads to the next stage: who takes the step, what they give with it, and what must be there
    before.
    """

    to: Stage
    by: Mover
    gives: Literal["documents", "reason"] | None
    needs: list[Figure]
    ready: bool = Field(description="Nothing is missing but the step itself.")


class Fit(BaseModel):
    """Something that fits the project by its city, which is `km` away from home (0: the home city)."""

    city: CityName
    km: int | None = Field(
        description="Great circle, kilometres; null where it is not known where the cities are."
    )


class RoundFit(Fit):
    """A matching round that a donation or reward of the project can be in, of a city that takes part in it.

    The campaign must be in this token and over, its cooling-off time included, when the round closes.
    """

    round_id: int
    title: Text | None = None
    token: Address
    budget: Amount
    closes: int = Seconds
    campaigns: int = Field(description="In the round so far.")
    entered: bool = Field(description="A campaign of this project is in it.")


class CityFit(Fit):
    """A neighbouring city that the project could invite, and why."""

    invited: bool
    projects: int = Field(description="Of the same kind there.")
    completed: int = Field(description="Of these, completed.")
    requests: int = Field(description="Open requests there for this kind.")
    rounds: int = Field(description="Matching rounds that run there.")


class CampaignFit(Fit):
    """An open campaign of another project of the same kind, here or in a neighbouring city."""

    contract: Address
    project_id: int
    title: Text | None = None
    form: Form
    phase: Phase
    token: Address
    raised: Amount
    goal: Amount
    closes: int = Seconds


class FundFit(BaseModel):
    """A fund whose mandate has projects of this kind and home city. In what is its manager's to say."""

    contract: Address
    name: str
    title: Text | None = None
    organisation: Address
    phase: Literal["forming", "investing"]
    token: Address
    forms: list[Form] = Field(description="Of campaigns, that its mandate has.")
    room: Amount = Field(description="Most that its mandate still lets it put in this project.")


class Similar(Fit):
    """A project of the same kind, here or in a neighbouring city, and how it went."""

    project_id: int
    title: Text | None = None
    stage: Stage
    outcome: Outcome
    token: Address | None = Field(description="Of its largest campaign; null: it had none.")
    raised: Amount | None
    goal: Amount | None


class Experience(BaseModel):
    """How projects of the same kind went, here and in neighbouring cities."""

    projects: int = 0
    completed: int = 0
    stopped: int = Field(default=0, description="Stopped, or missed their goal.")
    examples: list[Similar] = Field(default=[], description="The nearest first, the furthest on before.")


class ProjectAnswer(BaseModel):
    """The automatic answer to a project: where it stands, what it lacks, what fits, who went before."""

    project_id: int = Field(examples=[7])
    stage: Stage
    paused: Pause
    next: NextStep | None = Field(description="Null: it is completed.")
    resources: list[Figure] = Field(description="All that the whole way takes, money aside.")
    money: Money | None = Field(description="Null: no campaign is under way.")
    rounds: list[RoundFit] = Field(description="That close soonest first.")
    cities: list[CityFit] = Field(description="Nearest first.")
    campaigns: list[CampaignFit] = Field(description="Nearest first.")
    funds: list[FundFit] = Field(description="Whose mandate it meets; that invest by now, most room first.")
    experience: Experience
