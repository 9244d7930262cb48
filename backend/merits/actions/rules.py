"""What a city's steward does: act kinds, the daily cap, budgets, pauses."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.contract import Call
from backend.cities.actions import CityForm, desk, sent
from backend.content import service as content
from backend.content.documents import ActDocument, TextIn, encode
from backend.errors import bad_field
from backend.kit.moment import Moment
from backend.kit.texts import N_
from backend.kit.types import AddressIn
from backend.merits import queries
from backend.relay.action import Ask, SentAction

KindId = Annotated[int, Field(ge=0, le=2**32 - 1)]
Points = Annotated[int, Field(ge=0, le=2**24 - 1)]


class KindForm(CityForm):
    """An act kind. Zero points withdraw it. Without `title` its description stays."""

    kind_id: KindId
    points: Points
    title: TextIn | None = None
    description: TextIn | None = None


def _document(form: KindForm) -> tuple[bytes, bytes] | None:
    if form.title is None:
        return None
    return encode(ActDocument(title=form.title, description=form.description))


async def _kind(ask: Ask, form: KindForm) -> Sequence[Call]:
    if made := _document(form):
        hash = made[0]
    else:
        kinds = await queries.kinds(ask.conn, ask.moment, form.city_id)
        before = next((kind for kind in kinds if kind.kind_id == form.kind_id), None)
        if before is None or form.description:
            raise bad_field("title", "is needed to describe an act kind")
        hash = bytes.fromhex(before.content[2:])
    ledger = ask.chain["MeritLedger"]
    return [ledger.call("publishKind", form.city_id, form.kind_id, form.points, hash)]


async def _keep_kind(conn: AsyncConnection, moment: Moment, form: KindForm) -> None:
    if made := _document(form):
        await content.keep(conn, [made[1]], moment.number)


class CapForm(CityForm):
    """`daily_cap`: merits per citizen and day."""

    daily_cap: Annotated[int, Field(ge=0, le=2**24 - 1)]


class BudgetForm(CityForm):
    """`per_period`: merits that the verifier may award in a period."""

    verifier: AddressIn
    per_period: Annotated[int, Field(ge=0, le=2**40 - 1)]


class PauseForm(CityForm):
    """`paused`: whether awards and redemptions of the city stand still."""

    paused: bool


ACTIONS = (
    SentAction("publish_kind", N_("Publish an act kind"), KindForm, _kind, desk, _keep_kind),
    sent(
        "set_cap", N_("Set the daily cap"), CapForm,
        lambda ask, form: ask.chain["MeritLedger"].call("setCap", form.city_id, form.daily_cap),
    ),
    sent(
        "set_budget", N_("Set a verifier's budget"), BudgetForm,
        lambda ask, form: ask.chain["MeritLedger"].call(
            "setBudget", form.city_id, form.verifier, form.per_period
        ),
    ),
    sent(
        "set_paused", N_("Pause or go on"), PauseForm,
        lambda ask, form: ask.chain["MeritLedger"].call("setPaused", form.city_id, form.paused),
    ),
)  # fmt: skip
