"""What anybody may do for anybody at a fund: what is due is paid or booked. The relay sends it."""

from backend.funds.actions.forms import FundForm
from backend.kit.texts import N_
from backend.kit.types import AddressIn
from backend.relay.action import SignedAction
from backend.relay.plain import plain

_PAGE = "'funds/0x' || encode(f.contract, 'hex')"


class ClaimForm(FundForm):
    """`partner`: whose distributions; the account's unless given."""

    partner: AddressIn | None = None


class HoldingForm(FundForm):
    """`holding`: a campaign, or another fund."""

    holding: AddressIn


def _plain(name: str, title: str, function: str, fact: str, form: type[FundForm] = FundForm) -> SignedAction:
    """A function of a fund, for the address in the form's further field, which the fact has too."""
    column = next((field for field in form.model_fields if field != "fund"), "")
    return plain(
        name, title, form, lambda filled: filled.fund, "FundAvatar", function, fact, "funds", _PAGE,
        whom=(lambda filled: getattr(filled, column)) if column else None, column=column,
    )  # fmt: skip


ACTIONS = (
    _plain("claim_distribution", N_("Collect distributions"), "claim", "distribution_claimed", ClaimForm),
    _plain("collect_holding", N_("Collect from a holding"), "collect", "proceeds_collected", HoldingForm),
    _plain("take_fee", N_("Set the management fee aside"), "takeFee", "fee_taken"),
    _plain("conclude_fund", N_("End a fund"), "conclude", "fund_concluded"),
)
