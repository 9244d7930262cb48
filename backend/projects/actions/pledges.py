"""What backers do: pledge, by transaction or signature; withdraw; object to a report."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from backend.chain.contract import Call, Contract
from backend.errors import bad_field
from backend.kit.texts import N_
from backend.projects.actions.allowance import Paying, allowed, approved, permission, tried
from backend.projects.actions.forms import CampaignForm, SourceIn, campaign_of, page_of_campaign
from backend.relay import permit
from backend.relay.action import Ask, Message, SentAction, SignedAction
from backend.relay.permit import Permission

Given = tuple[int, int, int, int, int]
"""`ICampaign.Pledge`."""


class PledgeForm(CampaignForm, Paying):
    """`amount`: base units of the campaign's token. `city_id`: as whose citizen, so that it counts for
    matching; 0: as nobody's. `tier`: of a reward campaign, from 1 on; 0: none. `edition`: of the terms that
    the backer read.
    """

    city_id: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    tier: Annotated[int, Field(ge=0, le=2**8 - 1)] = 0
    source: SourceIn = 0
    edition: Annotated[int, Field(ge=1, le=2**16 - 1)]

    @property
    def given(self) -> Given:
        return (self.amount, self.city_id, self.tier, self.source, self.edition)


async def _permission(ask: Ask, form: PledgeForm) -> Permission | None:
    """Asked for once it is sure that nothing else stands against the pledge."""
    if form.permit is not None:
        return None
    campaign, token = await _campaign(ask, form)
    spender = campaign.address or ""
    if await allowed(ask, token, spender, form.amount):
        return None
    await tried(ask, campaign.call("pledge", form.given))
    return await permission(ask, token, spender, form.amount)


async def _campaign(ask: Ask, form: CampaignForm) -> tuple[Contract, str]:
    """A campaign and its token."""
    campaign = await campaign_of(ask, form)
    return campaign, await ask.chain.read(campaign.call("token"))


async def _pledge(ask: Ask, form: PledgeForm) -> Sequence[Call]:
    campaign, token = await _campaign(ask, form)
    if form.permit:
        return [campaign.call("pledgeWithPermit", form.given, form.parts)]
    return await approved(ask, token, campaign.call("pledge", form.given), form.amount)


PLEDGE = SentAction(
    name="pledge",
    title=N_("Pledge"),
    form=PledgeForm,
    calls=_pledge,
    where=page_of_campaign,
    permit=_permission,
)

# ------------------------------------------------------------- by signature


async def _promise(ask: Ask, form: PledgeForm) -> dict[str, Any]:
    campaign = await campaign_of(ask, form)
    nonce = await ask.chain.read(campaign.call("nonces", ask.address))
    amount, city_id, tier, source, edition = form.given
    return {
        "backer": ask.address,
        "amount": amount,
        "cityId": city_id,
        "tier": tier,
        "source": source,
        "edition": edition,
        "nonce": nonce,
        "contract": campaign.address,
        "permitDeadline": form.permit_deadline,
        "permit": form.permit or b"",
    }


def _given(message: Message) -> Given:
    amount, city_id = message["amount"], message["cityId"]
    return (amount, city_id, message["tier"], message["source"], message["edition"])


def _parts(message: Message) -> permit.Parts:
    if len(message["permit"]) not in (0, 65):
        raise bad_field("message.permit", f"has {len(message['permit'])} bytes, not 65")
    return permit.parts(message["permit"], message["amount"], message["permitDeadline"])


async def _own_pledge(ask: Ask, message: Message) -> Call:
    campaign = await ask.made("Campaign", message["contract"])
    return campaign.call("pledgeWithPermit", _given(message), _parts(message))


async def _relayed_pledge(ask: Ask, message: Message, signature: bytes) -> Call:
    campaign = await ask.made("Campaign", message["contract"])
    signed = (message["backer"], _given(message), message["deadline"], signature, _parts(message))
    return campaign.call("pledgeBySig", *signed)


_PAGE = "(SELECT 'projects/' || c.project_id FROM campaign_created c WHERE c.campaign = f.contract)"

SIGNED_PLEDGE = SignedAction(
    name="pledge_signed",
    title=N_("Pledge"),
    contract="Campaign",
    struct="Pledge(address backer,uint96 amount,uint32 cityId,uint8 tier,uint8 source,uint16 edition,"
    "uint256 nonce,uint256 deadline)",
    unsigned="address contract,uint40 permitDeadline,bytes permit",
    signer="backer",
    form=PledgeForm,
    permit=_permission,
    message=_promise,
    own=_own_pledge,
    call=_relayed_pledge,
    city=lambda message: message["cityId"] or None,
    slot=lambda message: message["contract"],
    # No fact has the nonce: a like pledge that the wallet sends itself meanwhile is taken for this one.
    trace=f"""
        SELECT f.block_number, f.tx_hash, {_PAGE} AS path FROM pledged f
        WHERE f.contract = %(contract)s AND f.backer = %(backer)s AND f.amount = %(amount)s
          AND f.city_id = %(cityId)s AND f.tier = %(tier)s AND f.source = %(source)s
          AND f.block_number > %(since)s
        ORDER BY f.block_number, f.log_index LIMIT 1
    """,
    where=lambda message: f"campaigns/{message['contract']}",
)

# ----------------------------------------------------------------- withdraw


async def _withdrawal(ask: Ask, form: CampaignForm) -> dict[str, Any]:
    campaign = await campaign_of(ask, form)
    position, nonce = await ask.chain.read_all(
        [campaign.call("positionOf", ask.address), campaign.call("nonces", ask.address)]
    )
    return {"backer": ask.address, "amount": position[1], "nonce": nonce, "contract": campaign.address}


async def _own_withdrawal(ask: Ask, message: Message) -> Call:
    return (await ask.made("Campaign", message["contract"])).call("withdraw", message["backer"])


async def _relayed_withdrawal(ask: Ask, message: Message, signature: bytes) -> Call:
    campaign = await ask.made("Campaign", message["contract"])
    return campaign.call("withdrawBySig", message["backer"], message["deadline"], signature)


WITHDRAW = SignedAction(
    name="withdraw_pledge",
    title=N_("Withdraw a pledge"),
    contract="Campaign",
    struct="Withdraw(address backer,uint96 amount,uint256 nonce,uint256 deadline)",
    unsigned="address contract",
    signer="backer",
    form=CampaignForm,
    message=_withdrawal,
    own=_own_withdrawal,
    call=_relayed_withdrawal,
    city=lambda message: None,
    slot=lambda message: message["contract"],
    trace=f"""
        SELECT f.block_number, f.tx_hash, {_PAGE} AS path FROM pledge_withdrawn f
        WHERE f.contract = %(contract)s AND f.backer = %(backer)s AND f.amount = %(amount)s
          AND f.block_number > %(since)s
        ORDER BY f.block_number, f.log_index LIMIT 1
    """,
    where=lambda message: f"campaigns/{message['contract']}",
)

# ------------------------------------------------------------------- object


async def _objection(ask: Ask, form: CampaignForm) -> dict[str, Any]:
    campaign = await campaign_of(ask, form)
    milestone, attempt, _, _ = await ask.chain.read(campaign.call("reportOf"))
    return {
        "backer": ask.address,
        "milestone": milestone,
        "attempt": attempt,
        "contract": campaign.address,
    }


async def _own_objection(ask: Ask, message: Message) -> Call:
    return (await ask.made("Campaign", message["contract"])).call("object")


async def _relayed_objection(ask: Ask, message: Message, signature: bytes) -> Call:
    campaign = await ask.made("Campaign", message["contract"])
    return campaign.call("objectBySig", message["backer"], message["deadline"], signature)


OBJECT = SignedAction(
    name="object_report",
    title=N_("Object to a report"),
    contract="Campaign",
    struct="Object(address backer,uint8 milestone,uint16 attempt,uint256 deadline)",
    unsigned="address contract",
    signer="backer",
    form=CampaignForm,
    message=_objection,
    own=_own_objection,
    call=_relayed_objection,
    city=lambda message: None,
    slot=lambda message: message["contract"],
    trace=f"""
        SELECT f.block_number, f.tx_hash, {_PAGE} AS path FROM objected f
        WHERE f.contract = %(contract)s AND f.backer = %(backer)s AND f.milestone = %(milestone)s
          AND f.attempt = %(attempt)s
    """,
    where=lambda message: f"campaigns/{message['contract']}",
)

ACTIONS = (PLEDGE, SIGNED_PLEDGE, WITHDRAW, OBJECT)
