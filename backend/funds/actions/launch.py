"""An organisation launches its fund."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from backend.chain.contract import Call
from backend.content.documents import FundDocument, Text, TextIn, encode
from backend.funds.mandate import Mandate, Terms
from backend.kit.forms import Form
from backend.kit.texts import N_
from backend.kit.types import AddressIn, CityId
from backend.projects import names
from backend.projects.actions.forms import Document, Seconds, Sum, Time, keeping
from backend.relay.action import Ask, SentAction

Share = Annotated[int, Field(ge=0, le=10_000)]
Times = Annotated[int, Field(ge=0, le=255)]


def listed(value: Any) -> Any:
    return [value] if isinstance(value, int | str) else value


Listed = BeforeValidator(listed)


class LaunchForm(Form):
    """`name`, `symbol`: of the fund and its units as a token; `title` (the name unless given), `summary`,
    `description`: what the organisation says of it. Sums are base units of `token`, shares basis points,
    spans seconds, `final_closing` seconds since 1970. `cities`: any unless given.
    """

    name: Annotated[str, Field(min_length=1, max_length=64)]
    symbol: Annotated[str, Field(min_length=1, max_length=12)]
    title: TextIn | None = None
    summary: TextIn | None = None
    description: TextIn | None = None
    token: AddressIn
    manager: AddressIn | None = None
    appraiser: AddressIn
    kinds: Annotated[list[names.Kind], Listed, Field(default_factory=list)]
    forms: Annotated[list[names.Form], Listed, Field(default_factory=list)]
    largest_share: Share
    may_commit: bool = False
    cities: Annotated[list[CityId], Listed, Field(default_factory=list, max_length=256)]
    minimum: Sum
    cap: Sum
    final_closing: Time
    investment_period: Seconds
    life: Seconds
    extension: Seconds = 0
    extensions: Times = 0
    management_fee: Share = 0
    hurdle: Share = 0
    catch_up: Share = 0
    carry: Share = 0
    escrow: Share = 0
    equalisation: Share = 0
    call_notice: Seconds
    grace: Seconds = 0
    late_fee: Share = 0
    forfeit: Share = 0
    mark_term: Seconds

    @field_validator("cities")
    @classmethod
    def _in_order(cls, cities: list[int]) -> list[int]:
        """The contract takes them ascending."""
        return sorted(set(cities))

    @property
    def mandate(self) -> Mandate:
        return Mandate(**{name: getattr(self, name) for name in Mandate.model_fields})

    @property
    def terms(self) -> Terms:
        return Terms(**{name: getattr(self, name) for name in Terms.model_fields})

    @property
    def document(self) -> Document:
        title = self.title or Text(ru=self.name, en=self.name)
        return encode(FundDocument(title=title, summary=self.summary, description=self.description))


async def _launch(ask: Ask, form: LaunchForm) -> Sequence[Call]:
    return [
        ask.chain["FundFactory"].call(
            "launch", form.name, form.symbol, form.token, form.manager or ask.account, form.appraiser,
            form.mandate.struct, form.terms.struct, form.document[0],
        )
    ]  # fmt: skip


ACTIONS = (
    SentAction(
        "launch_fund", N_("Launch a fund"), LaunchForm, _launch, lambda form: "funds",
        keeping(lambda form: form.document),
    ),
)  # fmt: skip
