"""advance: each stage's guard, and who may move the project on. The last ones: test_implementation."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.projects.registry.desk import BEFORE_MONEY, THRESHOLDS, Stage

BY_AUTHOR = [Stage.REQUEST, Stage.IDEA, Stage.TEAM, Stage.DESIGN, Stage.ACCELERATION]
NOT_BY_ADVANCE = [Stage.PREMODERATION, Stage.FINANCING]


def reached(project, stage, by, documents):
    return ("StageReached", {"projectId": project, "stage": stage, "by": by, "documents": documents})


def ready(d, stage):
    """A project whose present stage's guard is met."""
    project = d.at(stage)
    if stage == Stage.ASSESSMENT:
        d.support(project, d.w.citizen, d.w.neighbour)
    if stage == Stage.EXPERTISE:
        for expert in d.experts:
            d.score(project, expert)
    if stage == Stage.TEAM:
        d.join(project, d.w.member)
    if stage == Stage.ACCELERATION:
        d.course(project)
    return project


def test_advance_leads_through_all_stages_up_to_financing(w, d):
    project, way = d.open(), []
    for stage in BEFORE_MONEY:
        d.bring(project, stage)
        way.append(d.stage(project))
    assert way == BEFORE_MONEY


@pytest.mark.parametrize("stage", BY_AUTHOR)
def test_advance_by_the_author_with_documents(w, d, stage):
    project = ready(d, stage)
    tx = w.projects.advance(project, h("papers"), by=w.author)
    assert tx.events == [reached(project, stage + 1, w.author, h("papers"))]
    assert d.stage(project) == stage + 1


@pytest.mark.parametrize("stage", BY_AUTHOR)
def test_advance_reverts_when_documents_are_missing(w, d, stage):
    project = ready(d, stage)
    with reverts("ProjectRegistry_BadField", b"documents".ljust(32, b"\0")):
        w.projects.advance(project, bytes(32), by=w.author)


@pytest.mark.parametrize("stage", BY_AUTHOR)
def test_advance_reverts_when_not_author(w, d, stage):
    project = ready(d, stage)
    for who in (w.moderator, w.member, w.steward, w.operator):
        with reverts("ProjectRegistry_NotAuthor", project, who):
            d.advance(project, by=who)


@pytest.mark.parametrize("stage", [Stage.ASSESSMENT, Stage.EXPERTISE])
def test_advance_by_anybody_where_a_count_decides(w, d, stage):
    project = ready(d, stage)
    tx = w.projects.advance(project, bytes(32), by=w.stranger)
    assert tx.events == [reached(project, stage + 1, w.stranger, bytes(32))]


def test_advance_takes_no_documents_where_a_count_decides(w, d):
    project = ready(d, Stage.EXPERTISE)
    tx = w.projects.advance(project, h("smuggled in"), by=w.stranger)
    assert tx.one("StageReached").documents == bytes(32)


@pytest.mark.parametrize("stage", NOT_BY_ADVANCE)
def test_advance_reverts_where_another_step_leads_on(w, d, stage):
    project = d.at(stage)
    with reverts("ProjectRegistry_WrongStage", project, stage):
        d.advance(project)


def test_advance_reverts_when_paused(w, d):
    project = d.open()
    for stage in BEFORE_MONEY:
        d.bring(project, stage)
        w.projects.pause(project, h("holidays"), by=w.author)
        with reverts("ProjectRegistry_Paused", project, 1):
            d.advance(project)
        w.projects.resume(project, h("on"), by=w.author)


def test_advance_reverts_one_supporter_short(w, d):
    project = d.at(Stage.ASSESSMENT)
    with reverts("ProjectRegistry_TooFewSupporters", project, 0, 2):
        d.advance(project)
    d.support(project, w.citizen)
    with reverts("ProjectRegistry_TooFewSupporters", project, 1, 2):
        d.advance(project)
    d.support(project, w.neighbour)
    d.advance(project)


def test_advance_reverts_one_score_short(w, d):
    project = d.at(Stage.EXPERTISE)
    d.score(project, w.expert, 100)
    with reverts("ProjectRegistry_TooFewScores", project, 1, 2):
        d.advance(project)


@pytest.mark.parametrize(("scores", "mean"), [((60, 59), 59), ((0, 100), 50), ((0, 0), 0)])
def test_advance_reverts_when_the_mean_is_below_what_is_asked(w, d, scores, mean):
    """The mean is compared as it is, and shown rounded down."""
    project = d.at(Stage.EXPERTISE)
    for expert, points in zip(d.experts, scores, strict=True):
        d.score(project, expert, points)
    with reverts("ProjectRegistry_ScoreTooLow", project, mean, 60):
        d.advance(project)


@pytest.mark.parametrize("scores", [(60, 60), (20, 100), (100, 100)])
def test_advance_where_the_mean_is_just_what_is_asked_or_more(w, d, scores):
    project = d.at(Stage.EXPERTISE)
    for expert, points in zip(d.experts, scores, strict=True):
        d.score(project, expert, points)
    d.advance(project)
    assert d.stage(project) == Stage.TEAM


def test_advance_counts_more_scores_than_are_asked_for(w, d):
    """Where the mean is too low, further experts may lift it."""
    project = d.at(Stage.EXPERTISE)
    for expert, points in zip(d.experts, (50, 60), strict=True):
        d.score(project, expert, points)
    with reverts("ProjectRegistry_ScoreTooLow", project, 55, 60):
        d.advance(project)
    w.registry.setRoles(w.city, w.treasurer, 4, by=w.steward)
    d.score(project, w.treasurer, 70)
    d.advance(project)


def test_advance_reverts_while_nobody_accepted(w, d):
    project = d.at(Stage.TEAM)
    with reverts("ProjectRegistry_TeamTooSmall", project, 0, 1):
        d.advance(project)
    w.projects.invite(project, w.member, h("role"), by=w.author)
    with reverts("ProjectRegistry_TeamTooSmall", project, 0, 1):
        d.advance(project)
    w.projects.acceptInvitation(project, by=w.member)
    d.advance(project)


def test_advance_reverts_one_course_short(w, d):
    w.projects.setThresholds(w.city, THRESHOLDS | {"courses": 2}, by=w.steward)
    project = d.at(Stage.DESIGN)
    d.course(project, "one")
    d.advance(project)
    with reverts("ProjectRegistry_TooFewCourses", project, 1, 2):
        d.advance(project)
    d.course(project, "two")
    d.advance(project)
    assert d.stage(project) == Stage.FINANCING


def test_advance_asks_for_what_the_home_city_asks_not_another(w, d):
    w.projects.setThresholds(w.other_city, THRESHOLDS | {"support": 1}, by=w.other_steward)
    project = d.at(Stage.ASSESSMENT)
    d.joined_city(project)
    w.projects.support(project, w.other_city, by=w.guest)
    with reverts("ProjectRegistry_TooFewSupporters", project, 1, 2):
        d.advance(project)
