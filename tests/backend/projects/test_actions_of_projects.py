"""What authors, teams, moderators and experts do with a project: each act over HTTP and on a real chain,
found in the ledger; refusals with their reason.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.network import DAY
from tests.backend.projects.office import Office
from tests.backend.projects.venture import ROUBLE
from tests.backend.projects_world import (
    ASSESSMENT,
    EXPERTISE,
    FINANCING,
    IDEA,
    PREMODERATION,
    REQUEST,
    TEAM,
)

AUTHOR, MODERATOR, EXPERT, STEWARD = "author 1", "moderator 1", "expert 1", "steward 1"


@pytest.fixture(scope="module")
def office(anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office.of(anvil, database, Path(tmp_path_factory.mktemp("office"))) as office:
        yield office


@pytest.fixture(scope="module")
def standing(office: Office) -> dict[int, int]:
    """A project at each of some stages, for what is refused."""
    return {stage: office.venture.project(stage) for stage in (REQUEST, PREMODERATION, EXPERTISE, FINANCING)}


# ------------------------------------------------------------------- author


def test_an_author_opens_describes_and_moves_on_what_answers_a_request(office: Office) -> None:
    token, closes = office.network.token(), office.network.time + DAY
    asked = office.act(
        STEWARD, "publish_request", city_id=1, kind="social", token=token, budget=str(5 * ROUBLE),
        closes=closes, title="Нужен мост", summary={"ru": "Через реку", "en": "Across the river"},
    )  # fmt: skip
    request = office.fact("request_published", asked)
    assert (request["kind"], request["budget"], request["closes"]) == (6, 5 * ROUBLE, closes)

    made = office.act(
        AUTHOR, "open_project", city_id=1, kind="urbanist", request_id=request["request_id"], title="Мост"
    )
    project = office.fact("project_opened", made)
    number = project["project_id"]
    assert (project["kind"], project["request_id"]) == (8, request["request_id"])

    described = office.act(AUTHOR, "describe_project", project_id=number, title="Мост", summary="Пешеходный")
    assert office.fact("project_described", described)["project_id"] == number
    for stage in (IDEA, PREMODERATION):
        moved = office.act(AUTHOR, "advance_project", project_id=number, documents=f"Бумаги к шагу {stage}")
        assert office.fact("stage_reached", moved)["stage"] == stage

    closed = office.act(STEWARD, "close_request", request_id=request["request_id"])
    assert office.fact("request_closed", closed)["request_id"] == request["request_id"]


def test_an_author_turns_a_project(office: Office) -> None:
    number = office.venture.project(PREMODERATION)
    turned = office.act(
        AUTHOR, "pivot_project", project_id=number, kind="startup", title="Паром", reason="Мост дорог"
    )
    fact = office.fact("pivoted", turned)
    assert (fact["project_id"], fact["kind"], fact["version"], fact["panel"]) == (number, 1, 2, 2)


def test_a_pause_is_ended_by_whoever_may(office: Office) -> None:
    number = office.venture.project(IDEA)
    for who, action, paused in (
        (AUTHOR, "pause_project", 1), (AUTHOR, "resume_project", 0),
        (MODERATOR, "pause_project", 2), (MODERATOR, "resume_project", 0),
    ):  # fmt: skip
        done = office.act(who, action, project_id=number, reason=f"Причина: {who}, {paused}")
        fact = office.fact("pause_changed", done)
        assert (fact["project_id"], fact["paused"], fact["by"]) == (number, paused, office.address(who))
        if paused == 2:
            assert office.refused(AUTHOR, "resume_project", project_id=number, reason="x") == (
                "ProjectRegistry_MayNotResume"
            )


# --------------------------------------------------------------------- team


def test_a_member_joins_by_signature_and_leaves(office: Office) -> None:
    number, member = office.venture.project(REQUEST), "member"
    invited = office.act(
        AUTHOR, "invite_member", project_id=number, member=office.network.wallet(member), role="Инженер"
    )
    assert office.fact("membership_changed", invited)["membership"] == 1
    assert office.refused("stranger", "accept_invitation", project_id=number) == (
        "ProjectRegistry_WrongMembership"
    )
    for action, fields, membership in (
        ("accept_invitation", {}, 2),
        ("leave_team", {"member": office.network.wallet(member)}, 0),
    ):
        done = office.act(member, action, project_id=number, **fields)
        fact = office.fact("membership_changed", done)
        assert (fact["member"], fact["membership"]) == (office.address(member), membership)


def test_another_city_takes_part(office: Office) -> None:
    number, city = office.venture.project(REQUEST), office.network.open_city("geonames:9002")
    office.network.settle(city, citizens=1)
    for who, action, participation in (
        (AUTHOR, "invite_city", 1),
        (f"moderator {city}", "join_project", 2),
    ):
        fact = office.fact("participation_changed", office.act(who, action, project_id=number, city_id=city))
        assert (fact["city_id"], fact["participation"]) == (city, participation)
    assert office.refused(AUTHOR, "invite_city", project_id=number, city_id=city) == (
        "ProjectRegistry_WrongParticipation"
    )


def test_a_project_changes_hands(office: Office) -> None:
    number, heir, citizen = office.venture.project(REQUEST), "heir", office.venture.citizens[0]
    offered = office.act(AUTHOR, "offer_authorship", project_id=number, to=office.network.wallet(citizen))
    assert office.fact("author_offered", offered)["to"] == office.address(citizen)
    taken = office.act(citizen, "take_over", project_id=number)
    assert office.fact("author_changed", taken)["to"] == office.address(citizen)
    withdrawn = office.act(citizen, "offer_authorship", project_id=number)
    assert office.fact("author_offered", withdrawn)["to"] == bytes(20)
    assert office.refused("stranger", "follow_author", project_id=number) == "ProjectRegistry_NotRecovered"
    office.network.recover(1, citizen, heir)
    followed = office.act("stranger", "follow_author", project_id=number)
    assert office.fact("author_changed", followed)["to"] == office.address(heir)


# --------------------------------------------------------------- moderation


def test_moderators_and_experts_bring_a_project_to_its_team_and_back(office: Office) -> None:
    number, supporter = office.venture.project(PREMODERATION), office.venture.citizens[-1]
    set_anew = office.act(
        STEWARD, "set_thresholds", city_id=1, support=1, experts=1, score=50, team=0, courses=0
    )
    assert office.fact("thresholds_set", set_anew)["score"] == 50

    passed = office.act(MODERATOR, "pass_project", project_id=number, reason="Годится")
    assert office.fact("stage_reached", passed)["stage"] == ASSESSMENT
    assert office.refused("stranger", "advance_project", project_id=number) == (
        "ProjectRegistry_TooFewSupporters"
    )
    office.act(supporter, "support", project_id=number, city_id=1)
    moved = office.act("stranger", "advance_project", project_id=number)
    assert office.fact("stage_reached", moved)["stage"] == EXPERTISE

    judged = office.act(EXPERT, "score_project", project_id=number, city_id=1, points=70, opinion="Толково")
    fact = office.fact("scored", judged)
    assert (fact["score"], fact["panel"], fact["expert"]) == (70, 1, office.address(EXPERT))
    moved = office.act("stranger", "advance_project", project_id=number)
    assert office.fact("stage_reached", moved)["stage"] == TEAM

    counted = office.act(
        "partner 1", "record_course", project_id=number, course="Основы дела", evidence="Свидетельство 7"
    )
    assert office.fact("course_completed", counted)["by"] == office.address("partner 1")
    again = {"project_id": number, "course": "Основы дела", "evidence": "Другое"}
    assert office.refused(MODERATOR, "record_course", **again) == "ProjectRegistry_CourseCounted"

    back = office.act(MODERATOR, "send_back", project_id=number, to="idea", reason="Доработать")
    fact = office.fact("sent_back", back)
    assert (fact["from"], fact["to"], fact["panel"]) == (TEAM, IDEA, 2)


# ----------------------------------------------------------------- refusals

WORDS, REASON = {"title": "x"}, {"reason": "x"}
OPINION = {"city_id": 1, "points": 100, "opinion": "x"}
NOBODY, SOMEBODY = "0x" + "00" * 20, "0x" + "11" * 20


@pytest.mark.parametrize(
    ("who", "action", "stage", "fields", "why"),
    [
        (AUTHOR, "describe_project", PREMODERATION, WORDS, "ProjectRegistry_WrongStage"),
        (AUTHOR, "advance_project", REQUEST, {}, "ProjectRegistry_BadField"),
        ("stranger", "advance_project", REQUEST, {"documents": "x"}, "ProjectRegistry_NotAuthor"),
        ("stranger", "begin_implementation", FINANCING, {"campaign": SOMEBODY},
         "ProjectRegistry_NotItsCampaign"),
        ("stranger", "pause_project", REQUEST, REASON, "CityRegistry_MissingRole"),
        (AUTHOR, "resume_project", REQUEST, REASON, "ProjectRegistry_MayNotResume"),
        (AUTHOR, "pivot_project", FINANCING, WORDS | REASON | {"kind": "social"},
         "ProjectRegistry_WrongStage"),
        (AUTHOR, "invite_member", EXPERTISE, {"member": NOBODY, "role": "x"}, "ProjectRegistry_ZeroAddress"),
        (AUTHOR, "leave_team", REQUEST, {"member": SOMEBODY}, "ProjectRegistry_WrongMembership"),
        ("stranger", "offer_authorship", REQUEST, {"to": SOMEBODY}, "ProjectRegistry_NotAuthor"),
        ("stranger", "take_over", REQUEST, {}, "ProjectRegistry_NotOffered"),
        (MODERATOR, "join_project", REQUEST, {"city_id": 1}, "ProjectRegistry_WrongParticipation"),
        (AUTHOR, "pass_project", PREMODERATION, REASON, "CityRegistry_MissingRole"),
        (MODERATOR, "send_back", PREMODERATION, REASON | {"to": "premoderation"}, "ProjectRegistry_NotBack"),
        (AUTHOR, "score_project", EXPERTISE, OPINION, "CityRegistry_MissingRole"),
    ],
)  # fmt: skip
def test_a_refusal_comes_with_its_reason(
    office: Office, standing: dict[int, int], who: str, action: str, stage: int, fields: dict, why: str
) -> None:
    assert office.refused(who, action, project_id=standing[stage], **fields) == why


@pytest.mark.parametrize(
    ("who", "action", "fields", "why"),
    [
        (AUTHOR, "open_project", WORDS | {"city_id": 99, "kind": "social"}, "ProjectRegistry_UnknownCity"),
        (
            "stranger", "publish_request", WORDS | {"city_id": 1, "kind": "social", "closes": 2**40 - 1},
            "ProjectRegistry_NotCitizen",
        ),
        ("stranger", "close_request", {"request_id": 99}, "ProjectRegistry_UnknownRequest"),
        (
            "stranger", "set_thresholds",
            {"city_id": 1, "support": 1, "experts": 1, "score": 0, "team": 0, "courses": 0},
            "CityRegistry_NotSteward",
        ),
    ],
)  # fmt: skip
def test_a_city_refuses_with_its_reason(
    office: Office, who: str, action: str, fields: dict, why: str
) -> None:
    assert office.refused(who, action, **fields) == why
