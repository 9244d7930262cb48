"""The documents that content consists of: JSON with every text in Russian and English.

A document is known by the Keccak-256 of its exact bytes, which stands on chain.
"""

from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, ValidationError

from backend.errors import Problem
from backend.kit.hashing import keccak
from backend.kit.json import dumps

MOST_BYTES = 64 * 1024
MOST_TEXT = 20_000


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("the text is empty")
    if "\x00" in text:
        raise ValueError("the text holds a NUL character")
    return text


Said = Annotated[str, Field(max_length=MOST_TEXT), AfterValidator(_said)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Strict):
    """One text in both languages."""

    ru: Said = Field(examples=["Казань"])
    en: Said = Field(examples=["Kazan"])


def _in_both(value: Any) -> Any:
    if isinstance(value, str):
        return {"ru": value, "en": value}
    if not isinstance(value, dict):
        return value
    said = {name: text for name, text in value.items() if not isinstance(text, str) or text.strip()}
    return {name: text for text in list(said.values())[:1] for name in ("ru", "en")} | said


TextIn = Annotated[Text, BeforeValidator(_in_both)]
"""What people write: in both languages, or in one that then stands for both."""


class CityDocument(_Strict):
    """Description of a city. Degrees are WGS 84, `population` counts people, `time_zone` is an IANA name."""

    type: Literal["city"] = "city"
    name: Text
    region: Text | None = None
    description: Text | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    population: int | None = Field(default=None, ge=0, le=10**10)
    time_zone: Annotated[str, Field(max_length=64), AfterValidator(_said)] | None = None
    source: Said | None = None


class ActDocument(_Strict):
    """Description of an act kind."""

    type: Literal["act"] = "act"
    title: Text
    description: Text | None = None


class OfferDocument(_Strict):
    """Description and terms of an offer."""

    type: Literal["offer"] = "offer"
    title: Text
    description: Text | None = None
    terms: Text | None = None


class EvidenceDocument(_Strict):
    """What a verifier saw. May hold personal data, and can be erased."""

    type: Literal["evidence"] = "evidence"
    description: Text


class ReasonDocument(_Strict):
    """Why a moderator reversed an award or stopped an epoch."""

    type: Literal["reason"] = "reason"
    text: Text


class ProjectDocument(_Strict):
    """Description of a project. `summary` is the one sentence that stands in lists."""

    type: Literal["project"] = "project"
    title: Text
    summary: Text | None = None
    description: Text | None = None


class RequestDocument(_Strict):
    """What somebody asks for, that ideas are to answer."""

    type: Literal["request"] = "request"
    title: Text
    summary: Text | None = None
    description: Text | None = None


class DossierDocument(_Strict):
    """What an author hands in, or a moderator writes, when a project moves on to its next stage."""

    type: Literal["dossier"] = "dossier"
    description: Text


class RoleDocument(_Strict):
    """What somebody is invited into a team for."""

    type: Literal["role"] = "role"
    title: Text


class OpinionDocument(_Strict):
    """An expert's opinion of a project."""

    type: Literal["opinion"] = "opinion"
    text: Text


class CourseDocument(_Strict):
    """A course that teams complete."""

    type: Literal["course"] = "course"
    title: Text
    description: Text | None = None


class CampaignDocument(_Strict):
    """The terms of a campaign in words; `milestones` says what each of them is, in their order."""

    type: Literal["campaign"] = "campaign"
    title: Text
    description: Text | None = None
    terms: Text | None = None
    milestones: list[Text] = Field(default_factory=list, max_length=10)


class TierDocument(_Strict):
    """What a tier of a reward campaign gives."""

    type: Literal["tier"] = "tier"
    title: Text
    description: Text | None = None


class RoundDocument(_Strict):
    """What a matching round is for."""

    type: Literal["round"] = "round"
    title: Text
    description: Text | None = None


class FundDocument(_Strict):
    """What an organisation says of its fund. `summary` is the one sentence that stands in lists."""

    type: Literal["fund"] = "fund"
    title: Text
    summary: Text | None = None
    description: Text | None = None


class NoticeDocument(_Strict):
    """What a fund calls capital for."""

    type: Literal["notice"] = "notice"
    text: Text


class AppraisalDocument(_Strict):
    """What an appraiser bases a mark on."""

    type: Literal["appraisal"] = "appraisal"
    description: Text


Document = (
    CityDocument
    | ActDocument
    | OfferDocument
    | EvidenceDocument
    | ReasonDocument
    | ProjectDocument
    | RequestDocument
    | DossierDocument
    | RoleDocument
    | OpinionDocument
    | CourseDocument
    | CampaignDocument
    | TierDocument
    | RoundDocument
    | FundDocument
    | NoticeDocument
    | AppraisalDocument
)


class AnyDocument(RootModel[Annotated[Document, Field(discriminator="type")]]):
    """A document of any type."""


def encode(document: Document) -> tuple[bytes, bytes]:
    """Hash (32 bytes) and bytes of a document, the same for the same document."""
    body = dumps(document.model_dump(exclude_none=True))
    return keccak(body), body


def read(body: bytes) -> Document:
    """The document in these bytes. Raises a Problem that names the fields at fault."""
    if len(body) > MOST_BYTES:
        raise Problem(413, f"A document has at most {MOST_BYTES} bytes.")
    try:
        return AnyDocument.model_validate(orjson.loads(body)).root
    except orjson.JSONDecodeError as error:
        raise Problem(422, "The body is not JSON.", [("body", str(error))]) from None
    except ValidationError as error:
        raise Problem(
            422,
            "The body is not a document that the ledger knows.",
            [
                (".".join(map(str, e["loc"])) or "body", e["msg"].removeprefix("Value error, "))
                for e in error.errors()
            ],
        ) from None
