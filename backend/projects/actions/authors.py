"""What the author of a project does with it."""

from typing import Annotated, Any

from pydantic import Field

from backend.content.documents import (
    DossierDocument,
    ProjectDocument,
    ReasonDocument,
    RequestDocument,
    RoleDocument,
    TextIn,
    encode,
)
from backend.kit.forms import Form
from backend.kit.texts import N_
from backend.kit.types import AddressIn, CityId
from backend.projects.actions.forms import (
    Document,
    KindIn,
    ProjectForm,
    RequestId,
    Time,
    on_registry,
)

NOBODY = "0x" + "0" * 40


class Description(Form):
    """`summary`: the one sentence that stands in lists."""

    title: TextIn
    summary: TextIn | None = None
    description: TextIn | None = None

    @property
    def texts(self) -> dict[str, Any]:
        return {"title": self.title, "summary": self.summary, "description": self.description}


class OpenForm(Description):
    """`request_id`: of the request that the project answers; 0: none."""

    city_id: CityId
    kind: KindIn
    request_id: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0


class DescribeForm(ProjectForm, Description):
    pass


class PivotForm(DescribeForm):
    """`reason`: why, for everybody to read."""

    kind: KindIn
    reason: TextIn


def _project(form: Description) -> Document:
    return encode(ProjectDocument(**form.texts))


class ReasonForm(ProjectForm):
    """`reason`: why, for everybody to read."""

    reason: TextIn


def _reason(form: ReasonForm | PivotForm) -> Document:
    return encode(ReasonDocument(text=form.reason))


class AdvanceForm(ProjectForm):
    """`documents`: what the author hands in for the step; from `assessment`, `expertise` and `implementation`
    none.
    """

    documents: TextIn | None = None


def _dossier(form: AdvanceForm) -> Document:
    return encode(DossierDocument(description=form.documents)) if form.documents else (bytes(32), b"")


class BeginForm(ProjectForm):
    campaign: AddressIn


class InviteForm(ProjectForm):
    """`role`: what for."""

    member: AddressIn
    role: TextIn


def _role(form: InviteForm) -> Document:
    return encode(RoleDocument(title=form.role))


class MemberForm(ProjectForm):
    member: AddressIn


class OfferForm(ProjectForm):
    """`to`: who may take it over; nobody unless given."""

    to: AddressIn | None = None


class CityForm(ProjectForm):
    city_id: CityId


class RequestForm(Description):
    """`budget`: base units of `token` that are set aside; both or neither. `closes`: seconds since 1970."""

    city_id: CityId
    kind: KindIn
    token: AddressIn | None = None
    budget: Annotated[int, Field(ge=0, le=2**96 - 1)] = 0
    closes: Time


def _request(form: RequestForm) -> Document:
    return encode(RequestDocument(**form.texts))


class CloseForm(Form):
    request_id: RequestId


ACTIONS = (
    on_registry(
        "open_project", N_("Open a project"), OpenForm,
        lambda form: ("openProject", form.city_id, form.kind, form.request_id, _project(form)[0]),
        _project, where=lambda form: "projects",
    ),
    on_registry(
        "describe_project", N_("Describe a project anew"), DescribeForm,
        lambda form: ("describe", form.project_id, _project(form)[0]), _project,
    ),
    on_registry(
        "advance_project", N_("Move a project on"), AdvanceForm,
        lambda form: ("advance", form.project_id, _dossier(form)[0]),
        lambda form: _dossier(form) if form.documents else None,
    ),
    on_registry(
        "begin_implementation", N_("Begin the implementation"), BeginForm,
        lambda form: ("beginImplementation", form.project_id, form.campaign),
    ),
    on_registry(
        "pause_project", N_("Pause a project"), ReasonForm,
        lambda form: ("pause", form.project_id, _reason(form)[0]), _reason,
    ),
    on_registry(
        "resume_project", N_("Resume a project"), ReasonForm,
        lambda form: ("resume", form.project_id, _reason(form)[0]), _reason,
    ),
    on_registry(
        "pivot_project", N_("Turn a project"), PivotForm,
        lambda form: ("pivot", form.project_id, form.kind, _project(form)[0], _reason(form)[0]),
        _project, _reason,
    ),
    on_registry(
        "invite_member", N_("Invite into a team"), InviteForm,
        lambda form: ("invite", form.project_id, form.member, _role(form)[0]), _role,
    ),
    on_registry(
        "leave_team", N_("End a membership"), MemberForm,
        lambda form: ("leaveTeam", form.project_id, form.member),
    ),
    on_registry(
        "invite_city", N_("Invite a city"), CityForm,
        lambda form: ("inviteCity", form.project_id, form.city_id),
    ),
    on_registry(
        "offer_authorship", N_("Offer a project to somebody"), OfferForm,
        lambda form: ("offerAuthorship", form.project_id, form.to or NOBODY),
    ),
    on_registry(
        "take_over", N_("Take a project over"), ProjectForm, lambda form: ("takeOver", form.project_id)
    ),
    on_registry(
        "follow_author", N_("Give a project to its author's new wallet"), ProjectForm,
        lambda form: ("followAuthor", form.project_id),
    ),
    on_registry(
        "publish_request", N_("Publish a request"), RequestForm,
        lambda form: (
            "publishRequest", form.city_id, form.kind, form.token or NOBODY, form.budget, form.closes,
            _request(form)[0],
        ),
        _request, where=lambda form: "requests",
    ),
    on_registry(
        "close_request", N_("Close a request"), CloseForm,
        lambda form: ("closeRequest", form.request_id), where=lambda form: "requests",
    ),
)  # fmt: skip
