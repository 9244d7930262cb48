"""What anybody may do for anybody: what is due is paid to whom it is due."""

from backend.kit.texts import N_
from backend.kit.types import AddressIn
from backend.projects.actions.forms import CampaignForm
from backend.relay.action import SignedAction
from backend.relay.plain import plain

_PAGE = "(SELECT 'projects/' || c.project_id FROM campaign_created c WHERE c.campaign = f.contract)"


class BackerForm(CampaignForm):
    """`backer`: the account unless given."""

    backer: AddressIn | None = None


def _plain(name: str, title: str, function: str, facts: str, backer: str = "") -> SignedAction:
    """A function of a campaign, for a backer where `backer` names the facts' column."""
    return plain(
        name, title, BackerForm if backer else CampaignForm, lambda form: form.campaign, "Campaign", function,
        facts, "campaigns", _PAGE, whom=(lambda form: form.backer) if backer else None, column=backer,
    )  # fmt: skip


ACTIONS = (
    _plain("refund_pledge", N_("Have a pledge back"), "refund", "pledge_refunded proceeds_claimed", "backer"),
    _plain("claim_proceeds", N_("Collect what a campaign earned"), "claim", "proceeds_claimed", "backer"),
    _plain(
        "follow_pledge", N_("Move a pledge to the new wallet"), "followRecovery", "pledge_moved", "old_wallet"
    ),
    _plain("release_tranche", N_("Release a milestone"), "release", "tranche_released"),
    _plain("collect_fees", N_("Pay the network's fees"), "collectFees", "fee_collected"),
    _plain("return_match", N_("Give the match back"), "returnMatch", "match_returned"),
    _plain("declare_default", N_("Declare a default"), "declareDefault", "loan_defaulted"),
)
