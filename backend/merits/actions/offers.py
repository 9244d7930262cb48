"""What a business does with its offers and earnings."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.contract import Call
from backend.cities.actions import CityForm
from backend.content import service as content
from backend.content.documents import OfferDocument, TextIn, encode
from backend.kit.forms import Form
from backend.kit.moment import Moment
from backend.kit.texts import N_
from backend.kit.types import AddressIn, CityId, OfferId
from backend.merits.rewards import NO_TOKEN
from backend.relay.action import Ask, SentAction

Seconds = Annotated[int, Field(ge=0, le=2**40 - 1)]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, int | str) else value


class OfferForm(CityForm):
    """`price` in merits; `limit` per citizen, 0 for none; `opens` (now unless given) and `closes` in seconds
    since 1970; `term`: seconds a voucher waits for its fulfilment; `per_voucher`: base units of `token` from
    a sponsor's pool; `accepts`: further cities.
    """

    price: Annotated[int, Field(ge=1, le=2**32 - 1)]
    stock: Annotated[int, Field(ge=1, le=2**24 - 1)]
    limit: Annotated[int, Field(ge=0, le=2**16 - 1)] = 0
    opens: Seconds | None = None
    closes: Seconds
    term: Annotated[int, Field(ge=1, le=2**32 - 1)]
    title: TextIn
    description: TextIn | None = None
    terms: TextIn | None = None
    token: AddressIn = NO_TOKEN
    per_voucher: Annotated[int, Field(ge=0, le=2**128 - 1)] = 0
    accepts: Annotated[tuple[CityId, ...], BeforeValidator(_listed), Field(max_length=200)] = ()

    @property
    def document(self) -> tuple[bytes, bytes]:
        """Hash and bytes of the terms."""
        return encode(OfferDocument(title=self.title, description=self.description, terms=self.terms))


async def _publication(ask: Ask, form: OfferForm) -> Sequence[Call]:
    opens = ask.now if form.opens is None else form.opens
    hash, _ = form.document
    terms = (
        form.city_id, form.price, form.stock, form.limit, opens, form.closes, form.term, hash, form.token,
        form.per_voucher, form.accepts,
    )  # fmt: skip
    return [ask.chain["RewardMarket"].call("publish", terms)]


async def _keep_terms(conn: AsyncConnection, moment: Moment, form: OfferForm) -> None:
    await content.keep(conn, [form.document[1]], moment.number)


class CloseForm(Form):
    offer_id: OfferId


async def _closing(ask: Ask, form: CloseForm) -> Sequence[Call]:
    return [ask.chain["RewardMarket"].call("close", form.offer_id)]


class WithdrawForm(Form):
    """`to`: who gets it, the account unless given."""

    token: AddressIn
    to: AddressIn | None = None


async def _withdrawal(ask: Ask, form: WithdrawForm) -> Sequence[Call]:
    return [ask.chain["RewardMarket"].call("withdraw", form.token, form.to or ask.account)]


ACTIONS = (
    SentAction(
        "publish_offer", N_("Publish an offer"), OfferForm, _publication, lambda form: "business", _keep_terms
    ),
    SentAction(
        "close_offer", N_("Close an offer"), CloseForm, _closing, lambda form: f"offers/{form.offer_id}"
    ),
    SentAction("withdraw", N_("Draw what was earned"), WithdrawForm, _withdrawal, lambda form: "business"),
)
