"""What a fund's manager does with its partners and its money."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from backend.chain.contract import Contract
from backend.content.documents import NoticeDocument, TextIn, encode
from backend.funds.actions.forms import FundForm, on_fund, taking
from backend.kit.texts import N_
from backend.kit.types import AddressIn
from backend.projects.actions.forms import Document, Sum, Time
from backend.relay.action import Ask


def _each(value: Any) -> Any:
    return value.replace(",", " ").split() if isinstance(value, str) else value


class AdmitForm(FundForm):
    """`partners`: whom, a list, or addresses with gaps between. `admitted`: whether they may commit and
    receive units.
    """

    partners: Annotated[list[AddressIn], BeforeValidator(_each), Field(min_length=1, max_length=200)]
    admitted: bool = True


class CallForm(FundForm):
    """`amount`: base units, of all partners together. `due_at`: seconds since 1970. `purpose`: what for."""

    amount: Sum
    due_at: Time
    purpose: TextIn


def _notice(form: CallForm) -> Document:
    return encode(NoticeDocument(text=form.purpose))


class PartnerForm(FundForm):
    partner: AddressIn


class SumForm(FundForm):
    """`amount`: base units of the fund's token."""

    amount: Sum


class CreditForm(FundForm):
    """`to`: who gets it, the account unless given."""

    to: AddressIn | None = None


async def _given(ask: Ask, fund: Contract, form: SumForm) -> tuple[SumForm, int]:
    return form, form.amount


ACTIONS = (
    on_fund(
        "admit_partners", N_("Admit partners"), AdmitForm,
        lambda form, ask: ("admit", form.partners, form.admitted),
    ),
    on_fund("close_fund", N_("Close a fund to commitments"), FundForm, lambda form, ask: ("close",)),
    on_fund(
        "call_capital", N_("Call capital"), CallForm,
        lambda form, ask: ("callCapital", form.amount, form.due_at, _notice(form)[0]), _notice,
    ),
    on_fund(
        "declare_partner_default", N_("Declare a partner’s default"), PartnerForm,
        lambda form, ask: ("declareDefault", form.partner),
    ),
    on_fund(
        "distribute_proceeds", N_("Distribute a fund’s cash"), SumForm,
        lambda form, ask: ("distribute", form.amount),
    ),
    on_fund(
        "take_credit", N_("Draw fees or carry"), CreditForm,
        lambda form, ask: ("takeCredit", form.to or ask.account),
    ),
    taking(
        "return_carry", N_("Return carry"), SumForm, _given,
        lambda ask, fund, form: fund.call("returnCarry", form.amount),
    ),
)  # fmt: skip
