"""What the domain answers with. Queries make these, endpoints and pages show them."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from backend.content.documents import Text
from backend.kit.types import Address, Hash
from backend.merits.schemas import Budget, CityMerits, Clearing, Epoch, Kind, Offer, Period, Rules

VERIFIER, MODERATOR, EXPERT, PARTNER, TREASURER = 1, 2, 4, 8, 16
"""The bits of `CityRoles`."""


def _code(value: Any) -> Any:
    return (
        bytes(value).rstrip(b"\x00").decode("ascii", "replace")
        if isinstance(value, bytes | memoryview)
        else value
    )


Code = Annotated[str, BeforeValidator(_code)]


class CityName(BaseModel):
    """A city as other things refer to it. `name` is missing where its description is not kept."""

    city_id: int = Field(examples=[1])
    name: Text | None = None


class CityPoint(CityName):
    """A city on the map. Degrees are WGS 84."""

    latitude: float = Field(examples=[55.78874])
    longitude: float = Field(examples=[49.12214])
    population: int | None = Field(default=None, examples=[1243500])
    citizens: int = Field(description="Citizens registered.", examples=[120])


class CitySummary(CityName):
    """A city in a list."""

    code: Code = Field(examples=["geonames:551487"])
    region: Text | None = None
    latitude: float | None = Field(default=None, examples=[55.78874])
    longitude: float | None = Field(default=None, examples=[49.12214])
    population: int | None = Field(default=None, examples=[1243500])
    citizens: int = Field(description="Citizens registered.", examples=[120])
    issued: int = Field(description="Merits ever issued.", examples=[4800])


class City(CitySummary):
    """A city whole."""

    steward: Address
    content: Hash = Field(description="Hash of the description.")
    description: Text | None = None
    time_zone: str | None = Field(default=None, examples=["Europe/Moscow"])
    opened_at: int = Field(description="Seconds since 1970.", examples=[1767225600])


class Role(BaseModel):
    """What an account may do in a city. `roles` is the bit mask of `CityRoles`."""

    city_id: int
    account: Address
    roles: int


class Duties(CityName):
    """What an account may do in a city: `steward` runs it, `roles` is the bit mask of `CityRoles`."""

    steward: bool
    roles: int

    @property
    def verifier(self) -> bool:
        return bool(self.roles & VERIFIER)

    @property
    def moderator(self) -> bool:
        return bool(self.roles & MODERATOR)

    @property
    def partner(self) -> bool:
        return bool(self.roles & PARTNER)


class Citizenship(BaseModel):
    """A wallet's registration in a city.

    `successor` is the wallet that took over in a recovery; without one, the wallet is the citizen's of today.
    """

    city_id: int
    wallet: Address
    nullifier: Hash
    since: int = Field(description="Seconds since 1970.")
    successor: Address | None = None


class Newcomer(BaseModel):
    """A registration."""

    wallet: Address
    verifier: Address
    time: int = Field(description="Seconds since 1970.")
    block_number: int
    tx_hash: Hash


class Recovery(BaseModel):
    """A recovery under way: `new_wallet` may take over from `old_wallet` from `executable_at` (seconds since
    1970) on.
    """

    city_id: int
    old_wallet: Address
    new_wallet: Address
    executable_at: int
    evidence: Hash


class CityOverview(City):
    """A city with its merits, rules, act kinds, offers, epochs and clearing with other cities."""

    period: Period
    merits: CityMerits
    rules: Rules
    kinds: list[Kind]
    budgets: list[Budget]
    offers: list[Offer] = Field(description="The newest offers that accept the city's merits.")
    epochs: list[Epoch] = Field(description="The newest epochs.")
    clearing: list[Clearing] = Field(description="With other cities, either way.")
    roles: list[Role]
