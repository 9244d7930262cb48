"""What partners do: commit, pay calls, take what was distributed, hand units on."""

from backend.chain.contract import Call, Contract, Reverted
from backend.funds.actions.forms import FundForm, PermitForm, by_permit, on_fund, taking
from backend.funds.mandate import WHOLE, Terms
from backend.kit.texts import N_
from backend.kit.types import AddressIn, checksum
from backend.projects.actions.forms import Sum
from backend.relay.action import Ask
from backend.relay.permit import Parts

DAY, YEAR = 86_400, 31_536_000


async def _terms(ask: Ask, fund: Contract) -> Terms:
    return Terms.of(await ask.chain.read(fund.call("terms")))


# ------------------------------------------------------------------- commit


class CommitForm(PermitForm):
    """`amount`: base units of the fund's token, on top of what is committed already. What others were called
    before is paid at once, `most` at most.
    """

    amount: Sum


async def _entry(ask: Ask, fund: Contract, form: CommitForm) -> tuple[CommitForm, int]:
    """Unless said: what it costs now, and what the premium grows by in a day."""
    if form.most is not None:
        return form, form.most
    capital, premium = await ask.chain.read(fund.call("costOfEntry", form.amount), ask.address)
    grows = -(-capital * (await _terms(ask, fund)).equalisation * DAY // (WHOLE * YEAR))
    most = capital + premium + grows
    return form.model_copy(update={"most": most}), most


def _commit(ask: Ask, fund: Contract, form: CommitForm, permit: Parts | None) -> Call:
    if permit:
        return fund.call("commitWithPermit", form.amount, form.most, permit)
    return fund.call("commit", form.amount, form.most)


# ---------------------------------------------------------------------- pay


class PayForm(PermitForm):
    """`amount`: base units of the fund's token; all that is due unless given."""

    amount: Sum | None = None


class PayForForm(FundForm):
    """`partner`: whose calls are paid. `amount`: base units; all that is due unless given."""

    partner: AddressIn
    amount: Sum | None = None


async def _due(ask: Ask, fund: Contract, partner: str, amount: int | None) -> tuple[int, int]:
    """What is paid, and what it costs: on what is past its due date comes the late fee, rounded up."""
    due, late = await ask.chain.read(fund.call("dueOf", partner))
    paid = amount or due
    if not paid:
        raise Reverted("FundAvatar_OverDue", {"due": 0, "given": 0})
    fee = -(-min(paid, late) * (await _terms(ask, fund)).late_fee // WHOLE) if late else 0
    return paid, paid + fee


async def _own_calls(ask: Ask, fund: Contract, form: PayForm) -> tuple[PayForm, int]:
    if form.amount is not None and form.most is not None:
        return form, form.most
    amount, cost = await _due(ask, fund, ask.address, form.amount)
    most = cost if form.most is None else form.most
    return form.model_copy(update={"amount": amount, "most": most}), most


def _pay(ask: Ask, fund: Contract, form: PayForm, permit: Parts | None) -> Call:
    if permit:
        return fund.call("payWithPermit", form.amount, permit)
    return fund.call("pay", ask.address, form.amount)


async def _their_calls(ask: Ask, fund: Contract, form: PayForForm) -> tuple[PayForForm, int]:
    amount, cost = await _due(ask, fund, checksum(form.partner), form.amount)
    return form.model_copy(update={"amount": amount}), cost


# ----------------------------------------------------------- take and hand on


class ToForm(FundForm):
    """`to`: who gets it."""

    to: AddressIn


class UnitsForm(ToForm):
    """`units`: as many, one for each base unit of capital paid."""

    units: Sum


ACTIONS = (
    by_permit("commit_capital", N_("Commit capital"), CommitForm, _entry, _commit),
    on_fund(
        "withdraw_commitment", N_("Take a commitment back"), FundForm,
        lambda form, ask: ("withdrawCommitment",),
    ),
    by_permit("pay_call", N_("Pay a capital call"), PayForm, _own_calls, _pay),
    taking(
        "pay_call_for", N_("Pay another partner’s capital call"), PayForForm, _their_calls,
        lambda ask, fund, form: fund.call("pay", form.partner, form.amount),
    ),
    on_fund(
        "claim_distribution_to", N_("Collect distributions at another address"), ToForm,
        lambda form, ask: ("claimTo", form.to),
    ),
    on_fund(
        "transfer_units", N_("Hand units on"), UnitsForm,
        lambda form, ask: ("transfer", form.to, form.units),
    ),
)  # fmt: skip
