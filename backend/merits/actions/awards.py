"""What verifiers and moderators do: awards, one or many, epochs, and their undoing."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.contract import Call, Reverted
from backend.cities.actions import MOST, CityForm, desk
from backend.content import queries as contents
from backend.content import service as content
from backend.content.documents import EvidenceDocument, ReasonDocument, TextIn, encode
from backend.errors import bad_field, not_found
from backend.kit.forms import Form
from backend.kit.hashing import keccak
from backend.kit.moment import Moment
from backend.kit.texts import N_
from backend.kit.types import AddressIn, EpochId, HashIn
from backend.merits import epochs, queries
from backend.merits.actions.rules import KindId
from backend.merits.awarding import BATCH, MOST_TIMES
from backend.relay.action import Ask, SentAction

# -------------------------------------------------------------------- direct


class Act(CityForm):
    """`evidence`: what the verifier saw."""

    kind_id: KindId
    evidence: TextIn

    @property
    def document(self) -> tuple[bytes, bytes]:
        """Hash and bytes of the evidence."""
        return encode(EvidenceDocument(description=self.evidence))


class AwardForm(Act):
    citizen: AddressIn


class AwardManyForm(Act):
    citizens: Annotated[list[AddressIn], Field(min_length=1, max_length=MOST)]


async def _award(ask: Ask, form: AwardForm) -> Sequence[Call]:
    hash, _ = form.document
    return [ask.chain["MeritLedger"].call("award", form.city_id, form.kind_id, form.citizen, hash)]


async def _awards(ask: Ask, form: AwardManyForm) -> Sequence[Call]:
    (hash, _), ledger = form.document, ask.chain["MeritLedger"]
    return [
        ledger.call("awardBatch", form.city_id, form.kind_id, hash, form.citizens[start : start + BATCH])
        for start in range(0, len(form.citizens), BATCH)
    ]


async def _keep_evidence(conn: AsyncConnection, moment: Moment, form: Act) -> None:
    await content.keep(conn, [form.document[1]], moment.number)


# --------------------------------------------------------------------- epoch


def _day(value: Any) -> Any:
    """A day as a date field sends it, or counted since 1970."""
    if not isinstance(value, str) or value.isdigit():
        return value
    try:
        return (date.fromisoformat(value) - date(1970, 1, 1)).days
    except ValueError:
        raise ValueError("a day is a date like 2026-01-31, or a number of days since 1970") from None


Day = Annotated[int, BeforeValidator(_day), Field(ge=0, le=2**16 - 1)]


class Acts(Form):
    """What a citizen did, and how often."""

    citizen: AddressIn
    times: Annotated[int, Field(ge=1, le=MOST_TIMES)] = 1


class EpochForm(Act):
    """Days are UTC days; all awards rest on the one evidence."""

    first_day: Day
    last_day: Day
    awards: Annotated[list[Acts], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _once_each(self) -> "EpochForm":
        if len({act.citizen for act in self.awards}) < len(self.awards):
            raise ValueError("a citizen has one award in an epoch; use `times` for several acts")
        return self

    @property
    def tree(self) -> epochs.Tree:
        hash, _ = self.document
        return epochs.tree([epochs.Award(act.citizen, act.times, hash) for act in self.awards])


async def _epoch(ask: Ask, form: EpochForm) -> Sequence[Call]:
    tree = form.tree
    return [
        ask.chain["MeritLedger"].call(
            "openEpoch", form.city_id, form.kind_id, tree.acts, form.first_day, form.last_day, tree.root,
            keccak(tree.content),
        )
    ]  # fmt: skip


async def _keep_epoch(conn: AsyncConnection, moment: Moment, form: EpochForm) -> None:
    """A fact names the list, and the list names the evidence."""
    tree = form.tree
    if await contents.named(conn, [keccak(tree.content)], moment.number):
        await epochs.store_epoch(conn, tree)
        await content.store(conn, form.document[1])


# ------------------------------------------------------------------- undoing


class UndoingForm(CityForm):
    """`reason`: why, for everybody to read."""

    reason: TextIn

    @property
    def document(self) -> tuple[bytes, bytes]:
        """Hash and bytes of the reason."""
        return encode(ReasonDocument(text=self.reason))


class ReversalForm(UndoingForm):
    batch_id: HashIn
    citizen: AddressIn


async def _reversal(ask: Ask, form: ReversalForm) -> Sequence[Call]:
    """The first of the citizen's awards in the batch that stands: a batch may name them several times."""
    batch = await queries.batch(ask.conn, ask.moment, form.batch_id)
    if batch is None or batch[0] != form.city_id:
        raise not_found("batch", "batch_id")
    places = [place for place, citizen in enumerate(batch[-1]) if citizen == form.citizen]
    if not places:
        raise bad_field("citizen", "has no award in this batch")
    ledger, (hash, _) = ask.chain["MeritLedger"], form.document
    calls = [ledger.call("reverseAward", batch, place, hash) for place in places]
    for call in calls[:-1]:
        try:
            await ask.chain.read(call, ask.address)
        except Reverted as refused:
            if refused.name == "MeritLedger_AlreadyReversed":
                continue
        return [call]
    return calls[-1:]


async def _keep_reason(conn: AsyncConnection, moment: Moment, form: UndoingForm) -> None:
    await content.keep(conn, [form.document[1]], moment.number)


class CancelForm(UndoingForm):
    epoch_id: EpochId


async def _cancellation(ask: Ask, form: CancelForm) -> Sequence[Call]:
    hash, _ = form.document
    return [ask.chain["MeritLedger"].call("cancelEpoch", form.city_id, form.epoch_id, hash)]


ACTIONS = (
    SentAction("award", N_("Award an act"), AwardForm, _award, desk, _keep_evidence),
    SentAction("award_batch", N_("Award an act to many"), AwardManyForm, _awards, desk, _keep_evidence),
    SentAction("open_epoch", N_("Open an epoch"), EpochForm, _epoch, desk, _keep_epoch),
    SentAction("reverse_award", N_("Reverse an award"), ReversalForm, _reversal, desk, _keep_reason),
    SentAction("cancel_epoch", N_("Stop an epoch"), CancelForm, _cancellation, desk, _keep_reason),
)
