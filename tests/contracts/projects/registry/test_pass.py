"""pass, sendBack: a moderator's reasoned word. Nothing is rejected for good."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import MODERATOR
from tests.contracts.projects.registry.desk import BEFORE_MONEY, SOCIAL, Stage

REASON = b"reason".ljust(32, b"\0")
BACK = [stage for stage in BEFORE_MONEY if Stage.PREMODERATION <= stage <= Stage.ACCELERATION]


def passing(w):
    return getattr(w.projects, "pass")


def test_pass_lets_the_citizens_judge(w, d):
    project = d.at(Stage.PREMODERATION)
    tx = passing(w)(project, h("fits"), by=w.moderator)
    assert tx.events == [
        (
            "StageReached",
            {
                "projectId": project,
                "stage": Stage.ASSESSMENT,
                "by": w.moderator,
                "documents": h("fits"),
            },
        )
    ]
    assert d.stage(project) == Stage.ASSESSMENT


def test_pass_reverts_without_a_reason(w, d):
    project = d.at(Stage.PREMODERATION)
    with reverts("ProjectRegistry_BadField", REASON):
        passing(w)(project, bytes(32), by=w.moderator)


def test_pass_reverts_at_another_stage(w, d):
    project = d.open()
    for stage in BEFORE_MONEY:
        d.bring(project, stage)
        if stage != Stage.PREMODERATION:
            with reverts("ProjectRegistry_WrongStage", project, stage):
                passing(w)(project, h("fits"), by=w.moderator)


def test_pass_reverts_when_paused(w, d):
    project = d.at(Stage.PREMODERATION)
    w.projects.pause(project, h("wait"), by=w.moderator)
    with reverts("ProjectRegistry_Paused", project, 2):
        passing(w)(project, h("fits"), by=w.moderator)


def test_pass_reverts_when_the_city_has_not_said_what_it_asks(w, d):
    tx = w.projects.openProject(w.other_city, SOCIAL, 0, h("new"), by=w.author)
    project = tx.one("ProjectOpened").projectId
    d.advance(project)
    d.advance(project)
    with reverts("ProjectRegistry_NoThresholds", w.other_city):
        passing(w)(project, h("fits"), by=w.other_moderator)


def test_pass_reverts_when_not_a_moderator_of_the_home_city(w, d):
    project = d.at(Stage.PREMODERATION)
    d.joined_city(project)
    for who in (w.steward, w.expert, w.author, w.other_moderator, w.operator):
        with reverts("CityRegistry_MissingRole", w.city, who, MODERATOR):
            passing(w)(project, h("fits"), by=who)


# ---------------------------------------------------------------- sent back


@pytest.mark.parametrize("stage", BACK)
def test_send_back_to_any_stage_behind_from_the_idea_on(w, d, stage):
    project = d.at(stage)
    for to in range(Stage.IDEA, stage):
        snapshot = w.node.snapshot()
        panel = 2 if to <= Stage.EXPERTISE else 1
        tx = w.projects.sendBack(project, to, h("not yet"), by=w.moderator)
        assert tx.events == [
            (
                "SentBack",
                {
                    "projectId": project,
                    "from": stage,
                    "to": to,
                    "by": w.moderator,
                    "panel": panel,
                    "reason": h("not yet"),
                },
            )
        ]
        kept = w.projects.projectOf(project)
        assert (kept.stage, kept.panel) == (to, panel)
        w.node.restore(snapshot)


def test_send_back_reverts_when_not_back(w, d):
    project = d.at(Stage.EXPERTISE)
    for to in (Stage.NONE, Stage.REQUEST, Stage.EXPERTISE, Stage.TEAM, Stage.COMPLETED):
        with reverts("ProjectRegistry_NotBack", project, Stage.EXPERTISE, to):
            w.projects.sendBack(project, to, h("not yet"), by=w.moderator)


@pytest.mark.parametrize("stage", [Stage.REQUEST, Stage.IDEA, Stage.FINANCING])
def test_send_back_reverts_before_premoderation_and_from_financing_on(w, d, stage):
    project = d.at(stage)
    with reverts("ProjectRegistry_WrongStage", project, stage):
        d.send_back(project, Stage.IDEA)


def test_send_back_reverts_without_a_reason(w, d):
    project = d.at(Stage.TEAM)
    with reverts("ProjectRegistry_BadField", REASON):
        w.projects.sendBack(project, Stage.IDEA, bytes(32), by=w.moderator)


def test_send_back_reverts_when_not_a_moderator_of_the_home_city(w, d):
    project = d.at(Stage.TEAM)
    d.joined_city(project)
    for who in (w.steward, w.author, w.other_moderator, w.operator):
        with reverts("CityRegistry_MissingRole", w.city, who, MODERATOR):
            w.projects.sendBack(project, Stage.IDEA, h("not yet"), by=who)


def test_send_back_to_the_experts_begins_their_judging_anew(w, d):
    project = d.at(Stage.TEAM)
    d.send_back(project, Stage.EXPERTISE)
    kept = w.projects.projectOf(project)
    assert (kept.scores, kept.scoreSum, kept.panel) == (0, 0, 2)
    assert w.projects.scoreOf(project, 1, w.expert) == 71
    assert w.projects.scoreOf(project, 2, w.expert) == 0
    with reverts("ProjectRegistry_TooFewScores", project, 0, 2):
        d.advance(project)
    for expert in d.experts:
        d.score(project, expert, 80)
    d.advance(project)
    assert w.projects.projectOf(project).scoreSum == 160


def test_send_back_behind_the_experts_keeps_their_scores(w, d):
    project = d.at(Stage.ACCELERATION)
    d.send_back(project, Stage.TEAM)
    kept = w.projects.projectOf(project)
    assert (kept.scores, kept.scoreSum, kept.panel) == (2, 140, 1)


def test_send_back_keeps_support_team_and_courses(w, d):
    project = d.at(Stage.ACCELERATION)
    d.course(project)
    d.send_back(project, Stage.IDEA)
    kept = w.projects.projectOf(project)
    assert (kept.support, kept.members, kept.courses, kept.version) == (2, 1, 1, 1)
    d.advance(project)
    d.pass_(project)
    d.advance(project, by=w.stranger)
    assert d.stage(project) == Stage.EXPERTISE


def test_send_back_while_paused_leaves_the_pause(w, d):
    project = d.at(Stage.TEAM)
    w.projects.pause(project, h("holidays"), by=w.author)
    d.send_back(project, Stage.IDEA)
    assert w.projects.projectOf(project).paused == 1
