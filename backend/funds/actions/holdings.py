"""What becomes of a fund's cash: campaigns and other funds, what is given up, and what it is worth."""

from typing import Annotated

from pydantic import Field

from backend.content.documents import AppraisalDocument, ReasonDocument, TextIn, encode
from backend.funds.actions.forms import FundForm, Most, on_fund
from backend.funds.actions.plain import HoldingForm
from backend.kit.texts import N_
from backend.kit.types import AddressIn
from backend.projects.actions.forms import Document, Sum, Time


class InvestForm(FundForm):
    """`amount`: base units. `tier`: of a campaign with rewards, from 1 on; 0: none. `edition`: of the
    campaign's terms that the manager read.
    """

    campaign: AddressIn
    amount: Sum
    tier: Annotated[int, Field(ge=0, le=2**8 - 1)] = 0
    edition: Annotated[int, Field(ge=1, le=2**16 - 1)]


class InvestedForm(FundForm):
    campaign: AddressIn


class TargetForm(FundForm):
    """`target`: another fund. `amount`: base units."""

    target: AddressIn
    amount: Sum


class CommitToForm(TargetForm):
    """`most`: base units that this fund pays at once at most, where the other has called capital before."""

    most: Most = 0


class WriteOffForm(HoldingForm):
    """`reason`: why, for everybody to read."""

    reason: TextIn


def _reason(form: WriteOffForm) -> Document:
    return encode(ReasonDocument(text=form.reason))


class MarkForm(HoldingForm):
    """`value`: of what the fund holds, base units. `company`: of the whole company or intellectual property;
    not said unless given. `as_of`: seconds since 1970. `evidence`: what it is based on.
    """

    value: Most
    company: Annotated[int, Field(ge=0, le=2**128 - 1)] = 0
    as_of: Time
    evidence: TextIn


def _appraisal(form: MarkForm) -> Document:
    return encode(AppraisalDocument(description=form.evidence))


ACTIONS = (
    on_fund(
        "invest", N_("Invest in a campaign"), InvestForm,
        lambda form, ask: ("invest", form.campaign, form.amount, form.tier, form.edition),
    ),
    on_fund(
        "withdraw_investment", N_("Withdraw an investment"), InvestedForm,
        lambda form, ask: ("withdrawInvestment", form.campaign),
    ),
    on_fund(
        "commit_to_fund", N_("Commit to another fund"), CommitToForm,
        lambda form, ask: ("commitTo", form.target, form.amount, form.most),
    ),
    on_fund(
        "pay_to_fund", N_("Pay another fund’s call"), TargetForm,
        lambda form, ask: ("payTo", form.target, form.amount),
    ),
    on_fund(
        "write_off", N_("Write a holding off"), WriteOffForm,
        lambda form, ask: ("writeOff", form.holding, _reason(form)[0]), _reason,
    ),
    on_fund(
        "mark_holding", N_("Mark a holding"), MarkForm,
        lambda form, ask: (
            "mark", form.holding, form.value, form.company, form.as_of, _appraisal(form)[0],
        ),
        _appraisal,
    ),
)  # fmt: skip
