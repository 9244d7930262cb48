"""Matching rounds: what a city's treasurer does, and what anybody may push on."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from backend.chain.contract import Call
from backend.content.documents import RoundDocument, TextIn, encode
from backend.errors import not_found
from backend.kit.forms import Form
from backend.kit.texts import N_
from backend.kit.types import AddressIn, CityId, checksum
from backend.projects.actions.allowance import approved
from backend.projects.actions.forms import CampaignForm, Document, RoundId, Sum, Time, campaign_of, keeping
from backend.relay.action import Ask, Message, SentAction, SignedAction

AT_ONCE = 50
"""Campaigns that one transaction of the settlement comes to."""
TOKEN, STEP, NEXT = 1, 6, 9
"""Places in `IMatchingPool.Round`."""


class RoundForm(Form):
    round_id: RoundId


def page_of_round(form: RoundForm) -> str:
    return f"rounds/{form.round_id}"


class OpenRoundForm(Form):
    """`amount`, `person_limit`: base units of `token`; `min_merits`: lifetime merits from which a citizen
    counts; `closes`: seconds since 1970; `redistribute`: whether the part of failed campaigns goes to the
    others.
    """

    city_id: CityId
    token: AddressIn
    amount: Sum
    min_merits: Annotated[int, Field(ge=0, le=2**40 - 1)] = 0
    person_limit: Sum
    closes: Time
    redistribute: bool = True
    title: TextIn
    description: TextIn | None = None


def _round(form: OpenRoundForm) -> Document:
    return encode(RoundDocument(title=form.title, description=form.description))


async def _opening(ask: Ask, form: OpenRoundForm) -> Sequence[Call]:
    terms = (
        form.city_id, form.token, form.min_merits, form.person_limit, form.closes, form.redistribute,
        _round(form)[0],
    )  # fmt: skip
    call = ask.chain["MatchingPool"].call("openRound", terms, form.amount)
    return await approved(ask, checksum(form.token), call, form.amount)


class FundForm(RoundForm):
    """`amount`: base units of the round's token."""

    amount: Sum


async def _funding(ask: Ask, form: FundForm) -> Sequence[Call]:
    pool = ask.chain["MatchingPool"]
    found = await ask.chain.read(pool.call("roundOf", form.round_id))
    return await approved(ask, found[TOKEN], pool.call("fundRound", form.round_id, form.amount), form.amount)


class ReclaimForm(RoundForm):
    """`to`: who gets it, the account unless given."""

    to: AddressIn | None = None


async def _reclaiming(ask: Ask, form: ReclaimForm) -> Sequence[Call]:
    return [ask.chain["MatchingPool"].call("reclaimRest", form.round_id, form.to or ask.account)]


# ------------------------------------------------------- what anybody may do


async def _standing(ask: Ask, form: RoundForm) -> dict[str, Any]:
    found = await ask.chain.read(ask.chain["MatchingPool"].call("roundOf", form.round_id))
    return {"roundId": form.round_id, "step": found[STEP], "next": found[NEXT]}


async def _settlement(ask: Ask, message: Message, signature: bytes = b"") -> Call:
    return ask.chain["MatchingPool"].call("settle", message["roundId"], AT_ONCE)


SETTLE = SignedAction(
    name="settle_round",
    title=N_("Push a round's settlement on"),
    contract="MatchingPool",
    struct="Settle(uint32 roundId,uint8 step,uint32 next)",
    signer="",
    form=RoundForm,
    message=_standing,
    own=_settlement,
    call=_settlement,
    city=lambda message: None,
    slot=lambda message: str(message["roundId"]),
    trace="""
        SELECT block_number, tx_hash, 'rounds/' || round_id AS path FROM (
            SELECT block_number, log_index, tx_hash, round_id FROM campaign_weighed
            UNION ALL SELECT block_number, log_index, tx_hash, round_id FROM match_assigned
            UNION ALL SELECT block_number, log_index, tx_hash, round_id FROM round_settled
        ) f WHERE round_id = %(roundId)s AND block_number > %(since)s
        ORDER BY block_number, log_index LIMIT 1
    """,
    where=lambda message: f"rounds/{message['roundId']}",
    consent=False,
)


async def _match(ask: Ask, form: CampaignForm) -> dict[str, Any]:
    campaign = await campaign_of(ask, form)
    round_id = await ask.chain.read(campaign.call("roundId"))
    if not round_id:
        raise not_found("round", "campaign")
    return {"roundId": round_id, "contract": campaign.address}


async def _payment(ask: Ask, message: Message, signature: bytes = b"") -> Call:
    return ask.chain["MatchingPool"].call("payMatch", message["roundId"], message["contract"])


PAY = SignedAction(
    name="pay_match",
    title=N_("Pay a campaign its match"),
    contract="MatchingPool",
    struct="PayMatch(uint32 roundId,address contract)",
    signer="",
    form=CampaignForm,
    message=_match,
    own=_payment,
    call=_payment,
    city=lambda message: None,
    slot=lambda message: message["contract"],
    trace="""
        SELECT block_number, tx_hash, 'rounds/' || round_id AS path FROM (
            SELECT block_number, tx_hash, round_id, campaign FROM match_paid
            UNION ALL SELECT block_number, tx_hash, round_id, campaign FROM match_forfeited
        ) f WHERE round_id = %(roundId)s AND campaign = %(contract)s AND block_number > %(since)s LIMIT 1
    """,
    where=lambda message: f"rounds/{message['roundId']}",
    consent=False,
)

ACTIONS = (
    SentAction(
        "open_round", N_("Open a matching round"), OpenRoundForm, _opening, lambda form: "rounds",
        keeping(_round),
    ),
    SentAction("fund_round", N_("Add to a round"), FundForm, _funding, page_of_round),
    SentAction("reclaim_rest", N_("Draw what a round left"), ReclaimForm, _reclaiming, page_of_round),
    SETTLE,
    PAY,
)  # fmt: skip
