"""What a city's people do with projects: thresholds, moderation, courses, expertise."""

from typing import Annotated

from pydantic import Field

from backend.cities.actions import CityForm, desk
from backend.content.documents import (
    CourseDocument,
    DossierDocument,
    EvidenceDocument,
    OpinionDocument,
    ReasonDocument,
    TextIn,
    encode,
)
from backend.kit.texts import N_
from backend.kit.types import CityId
from backend.projects.actions.forms import Document, ProjectForm, StageIn, on_registry

Few = Annotated[int, Field(ge=0, le=255)]
Score = Annotated[int, Field(ge=0, le=100)]


class ThresholdsForm(CityForm):
    """`support`: supporters; `experts`: scores; `score`: least mean score; `team`: members; `courses`:
    completed.
    """

    support: Annotated[int, Field(ge=1, le=2**32 - 1)]
    experts: Annotated[int, Field(ge=1, le=255)]
    score: Score
    team: Few
    courses: Few


class PassForm(ProjectForm):
    """`reason`: why it passes, for everybody to read."""

    reason: TextIn


def _passed(form: PassForm) -> Document:
    return encode(DossierDocument(description=form.reason))


class SendBackForm(ProjectForm):
    """`to`: the stage; `reason`: why, for everybody to read."""

    to: StageIn
    reason: TextIn


def _reason(form: SendBackForm) -> Document:
    return encode(ReasonDocument(text=form.reason))


class JoinForm(ProjectForm):
    city_id: CityId


class CourseForm(ProjectForm):
    """`evidence`: what shows that the team completed it."""

    course: TextIn
    evidence: TextIn


def _course(form: CourseForm) -> Document:
    return encode(CourseDocument(title=form.course))


def _evidence(form: CourseForm) -> Document:
    return encode(EvidenceDocument(description=form.evidence))


class ScoreForm(ProjectForm):
    """`city_id`: as whose expert; `points`: 0 to 100."""

    city_id: CityId
    points: Score
    opinion: TextIn


def _opinion(form: ScoreForm) -> Document:
    return encode(OpinionDocument(text=form.opinion))


ACTIONS = (
    on_registry(
        "set_thresholds", N_("Set what projects need"), ThresholdsForm,
        lambda form: (
            "setThresholds", form.city_id,
            (form.support, form.experts, form.score, form.team, form.courses),
        ),
        where=desk,
    ),
    on_registry(
        "pass_project", N_("Pass a project on"), PassForm,
        lambda form: ("pass", form.project_id, _passed(form)[0]), _passed,
    ),
    on_registry(
        "send_back", N_("Send a project back"), SendBackForm,
        lambda form: ("sendBack", form.project_id, form.to, _reason(form)[0]), _reason,
    ),
    on_registry(
        "join_project", N_("Join a project as a city"), JoinForm,
        lambda form: ("joinProject", form.project_id, form.city_id),
    ),
    on_registry(
        "record_course", N_("Record a completed course"), CourseForm,
        lambda form: ("recordCourse", form.project_id, _course(form)[0], _evidence(form)[0]),
        _course, _evidence,
    ),
    on_registry(
        "score_project", N_("Judge a project"), ScoreForm,
        lambda form: ("score", form.project_id, form.city_id, form.points, _opinion(form)[0]), _opinion,
    ),
)  # fmt: skip
