"""What anybody may do for anybody: what is due is paid to whom it is due."""

from collections.abc import Callable
from typing import Any

from backend.chain.contract import Call
from backend.kit.texts import N_
from backend.kit.types import AddressIn, checksum
from backend.projects.actions.forms import CampaignForm, campaign_of
from backend.relay.action import Ask, Message, SignedAction


class BackerForm(CampaignForm):
    """`backer`: the account unless given."""

    backer: AddressIn | None = None


def _plain(
    name: str,
    title: str,
    function: str,
    facts: str,
    *,
    backer: str = "",
    form: type[CampaignForm] = CampaignForm,
) -> SignedAction:
    """A function of a campaign, for a backer where `backer` names the facts' column. `after`, the ledger's
    block when it was asked for, tells one from the next of its kind.
    """

    async def message(ask: Ask, filled: Any) -> dict[str, Any]:
        campaign = await campaign_of(ask, filled)
        found = {"contract": campaign.address, "after": ask.moment.number}
        return found | ({"backer": checksum(filled.backer or ask.account)} if backer else {})

    async def call(ask: Ask, told: Message, signature: bytes = b"") -> Call:
        campaign = await ask.made("Campaign", told["contract"])
        return campaign.call(function, *((told["backer"],) if backer else ()))

    whose = f" AND f.{backer} = %(backer)s" if backer else ""
    each = " UNION ALL ".join(
        "SELECT f.block_number, f.tx_hash, f.log_index, 'projects/' || c.project_id AS path"
        f" FROM {fact} f JOIN campaign_created c ON c.campaign = f.contract"
        f" WHERE f.contract = %(contract)s AND f.block_number > %(since)s{whose}"
        for fact in facts.split()
    )
    slot: Callable[[Message], str] = lambda told: f"{told['contract']}/{told.get('backer', '')}"  # noqa: E731
    return SignedAction(
        name=name,
        title=title,
        contract="Campaign",
        struct=f"{name}(address contract,uint56 after{',address backer' if backer else ''})",
        signer="",
        form=form,
        message=message,
        own=call,
        call=call,
        city=lambda told: None,
        slot=slot,
        trace=f"SELECT block_number, tx_hash, path FROM ({each}) f ORDER BY block_number, log_index LIMIT 1",
        where=lambda told: f"campaigns/{told['contract']}",
        consent=False,
    )


ACTIONS = (
    _plain(
        "refund_pledge", N_("Have a pledge back"), "refund", "pledge_refunded proceeds_claimed",
        backer="backer", form=BackerForm,
    ),
    _plain(
        "claim_proceeds", N_("Collect what a campaign earned"), "claim", "proceeds_claimed",
        backer="backer", form=BackerForm,
    ),
    _plain(
        "follow_pledge", N_("Move a pledge to the new wallet"), "followRecovery", "pledge_moved",
        backer="old_wallet", form=BackerForm,
    ),
    _plain("release_tranche", N_("Release a milestone"), "release", "tranche_released"),
    _plain("collect_fees", N_("Pay the network's fees"), "collectFees", "fee_collected"),
    _plain("return_match", N_("Give the match back"), "returnMatch", "match_returned"),
    _plain("declare_default", N_("Declare a default"), "declareDefault", "loan_defaulted"),
)  # fmt: skip
