"""What authors, payees and borrowers do with campaigns."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from backend.chain.contract import Call
from backend.content.documents import (
    CampaignDocument,
    DossierDocument,
    ReasonDocument,
    Text,
    TextIn,
    TierDocument,
    encode,
)
from backend.kit.forms import Form
from backend.kit.texts import N_
from backend.kit.types import AddressIn
from backend.projects.actions.allowance import approved
from backend.projects.actions.forms import (
    CampaignForm,
    Document,
    FormIn,
    ProjectForm,
    Seconds,
    Sum,
    Time,
    campaign_of,
    keeping,
    on_campaign,
    page_of_campaign,
    page_of_project,
)
from backend.relay.action import Ask, SentAction

DAY = 86_400
Share = Annotated[int, Field(ge=0, le=10_000)]
Small = Annotated[int, Field(ge=0, le=2**16 - 1)]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, int | str) else value


class TierIn(Form):
    """`price`: base units; `stock`: how many."""

    price: Sum
    stock: Annotated[int, Field(ge=1, le=2**32 - 1)]
    title: TextIn
    description: TextIn | None = None

    @property
    def document(self) -> Document:
        return encode(TierDocument(title=self.title, description=self.description))


class LoanIn(Form):
    """`rate`: basis points a year; `interval`, `grace`, `default_after`: seconds."""

    rate: Small
    instalments: Annotated[int, Field(ge=1, le=2**16 - 1)]
    interval: Seconds
    grace: Seconds = 0
    default_after: Seconds = 0


class TermsForm(Form):
    """Sums are base units of the token, shares basis points, times seconds since 1970, the rest seconds.
    `opens`: now unless given; `milestones`: the share of each, and in `milestone_titles` what they are.
    """

    payee: AddressIn | None = None
    opens: Time | None = None
    closes: Time
    cooling_off: Seconds = 7 * DAY
    goal: Sum
    cap: Sum
    veto_share: Share = 3333
    veto_window: Seconds = 7 * DAY
    milestone_term: Seconds = 365 * DAY
    milestones: Annotated[list[Share], BeforeValidator(_listed), Field(min_length=1, max_length=10)]
    milestone_titles: Annotated[tuple[TextIn, ...], BeforeValidator(_listed), Field(max_length=10)] = ()
    title: TextIn
    description: TextIn | None = None
    terms: TextIn | None = None
    tiers: Annotated[tuple[TierIn, ...], Field(max_length=16)] = ()
    loan: LoanIn | None = None
    unit_price: Annotated[int, Field(ge=0, le=2**96 - 1)] = 0

    def struct(self, ask: Ask) -> tuple[Any, ...]:
        """`ICampaign.Terms`."""
        loan = self.loan
        return (
            self.payee or ask.account, ask.now if self.opens is None else self.opens, self.closes,
            self.cooling_off, self.goal, self.cap, self.veto_share, self.veto_window, self.milestone_term,
            self.milestones, _terms(self)[0],
            [(tier.price, tier.stock, tier.document[0]) for tier in self.tiers],
            (loan.rate, loan.instalments, loan.interval, loan.grace, loan.default_after) if loan
            else (0, 0, 0, 0, 0),
            self.unit_price,
        )  # fmt: skip


def _terms(form: TermsForm) -> Document:
    milestones: list[Text] = list(form.milestone_titles)
    return encode(
        CampaignDocument(
            title=form.title, description=form.description, terms=form.terms, milestones=milestones
        )
    )


class CreateForm(ProjectForm, TermsForm):
    """`round_id`: of the matching round that it enters; 0: none."""

    form: FormIn
    token: AddressIn
    round_id: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0


class ChangeForm(CampaignForm, TermsForm):
    pass


async def _creation(ask: Ask, form: CreateForm) -> Sequence[Call]:
    wanted = (form.project_id, form.form, form.round_id, form.token, form.struct(ask))
    return [ask.chain["CampaignFactory"].call("create", *wanted)]


async def _change(ask: Ask, form: ChangeForm) -> Sequence[Call]:
    return [(await campaign_of(ask, form)).call("setTerms", form.struct(ask))]


async def _keep_terms(conn: Any, moment: Any, form: TermsForm) -> None:
    await keeping(_terms, *(lambda _, tier=tier: tier.document for tier in form.tiers))(conn, moment, form)


class ReportForm(CampaignForm):
    """`evidence`: the report on the milestone."""

    evidence: TextIn


def _report(form: ReportForm) -> Document:
    return encode(DossierDocument(description=form.evidence))


class StopForm(CampaignForm):
    """`reason`: why, for everybody to read."""

    reason: TextIn


def _reason(form: StopForm) -> Document:
    return encode(ReasonDocument(text=form.reason))


class CollectForm(CampaignForm):
    """`to`: who gets it, the account unless given."""

    to: AddressIn | None = None


class PayForm(CampaignForm):
    """`amount`: base units of the campaign's token."""

    amount: Sum


def _paying(name: str, title: str, function: str) -> SentAction:
    """Something that takes the campaign's token from the account, by allowance."""

    async def calls(ask: Ask, form: PayForm) -> Sequence[Call]:
        campaign = await campaign_of(ask, form)
        token = await ask.chain.read(campaign.call("token"))
        return await approved(ask, token, campaign.call(function, form.amount), form.amount)

    return SentAction(name, title, PayForm, calls, page_of_campaign)


ACTIONS = (
    SentAction(
        "create_campaign", N_("Open a campaign"), CreateForm, _creation, page_of_project, _keep_terms
    ),
    SentAction(
        "set_terms", N_("Change a campaign's terms"), ChangeForm, _change, page_of_campaign, _keep_terms
    ),
    on_campaign(
        "report_milestone", N_("Report a milestone"), ReportForm,
        lambda form, ask: ("report", _report(form)[0]), _report,
    ),
    on_campaign(
        "stop_campaign", N_("Stop a campaign"), StopForm,
        lambda form, ask: ("stop", _reason(form)[0]), _reason,
    ),
    on_campaign(
        "collect_tranche", N_("Collect what was released"), CollectForm,
        lambda form, ask: ("collect", form.to or ask.account),
    ),
    _paying("repay_loan", N_("Repay a loan"), "repay"),
    _paying("distribute_income", N_("Distribute income"), "distribute"),
)  # fmt: skip
