"""What partners decide among themselves."""

from typing import Annotated

from pydantic import Field

from backend.content.documents import ReasonDocument, TextIn, encode
from backend.funds.actions.forms import FundForm, on_fund
from backend.funds.names import MATTERS
from backend.kit.texts import N_
from backend.kit.types import AddressIn
from backend.projects.actions.forms import Document, named

NOBODY = "0x" + "0" * 40


class ProposeForm(FundForm):
    """`subject`: the new manager or appraiser, else none. `reason`: why, for everybody to read."""

    matter: Annotated[int, named(MATTERS)]
    subject: AddressIn | None = None
    reason: TextIn


def _reason(form: ProposeForm) -> Document:
    return encode(ReasonDocument(text=form.reason))


class ConsentForm(FundForm):
    """`number`: of the motion."""

    number: Annotated[int, Field(ge=0, le=2**32 - 1)]


ACTIONS = (
    on_fund(
        "propose_motion", N_("Put a motion to partners"), ProposeForm,
        lambda form, ask: ("propose", form.matter, form.subject or NOBODY, _reason(form)[0]), _reason,
    ),
    on_fund(
        "consent_motion", N_("Consent to a motion"), ConsentForm,
        lambda form, ask: ("consent", form.number),
    ),
)  # fmt: skip
