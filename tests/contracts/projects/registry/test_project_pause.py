"""pause, resume: the author's own, or a moderator's."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import MODERATOR
from tests.contracts.projects.registry.desk import BEFORE_MONEY, Pause, Stage

REASON = b"reason".ljust(32, b"\0")


def changed(project, paused, by, reason):
    return ("PauseChanged", {"projectId": project, "paused": paused, "by": by, "reason": h(reason)})


@pytest.mark.parametrize(("who", "kind"), [("author", Pause.AUTHOR), ("moderator", Pause.MODERATOR)])
def test_pause_and_resume_at_every_stage(w, d, who, kind):
    project, by = d.open(), getattr(w, who)
    for stage in BEFORE_MONEY:
        d.bring(project, stage)
        assert w.projects.pause(project, h("wait"), by=by).events == [changed(project, kind, by, "wait")]
        assert w.projects.standingOf(project).paused == kind
        assert w.projects.resume(project, h("on"), by=by).events == [changed(project, 0, by, "on")]
        assert w.projects.projectOf(project).paused == Pause.NONE
        assert d.stage(project) == stage


def test_pause_of_an_author_who_is_a_moderator_is_the_authors(w, d):
    project = d.open(by=w.moderator)
    w.projects.pause(project, h("wait"), by=w.moderator)
    assert w.projects.projectOf(project).paused == Pause.AUTHOR


def test_pause_leaves_support_scores_courses_and_team_going_on(w, d):
    project = d.at(Stage.EXPERTISE)
    w.projects.pause(project, h("wait"), by=w.author)
    w.projects.support(project, w.city, by=w.third)
    d.score(project, w.expert)
    d.course(project)
    d.join(project, w.member)
    kept = w.projects.projectOf(project)
    assert (kept.support, kept.scores, kept.courses, kept.members) == (3, 1, 1, 1)


@pytest.mark.parametrize("first", ["author", "moderator"])
@pytest.mark.parametrize("second", ["author", "moderator"])
def test_pause_reverts_when_paused(w, d, first, second):
    project = d.open()
    w.projects.pause(project, h("wait"), by=getattr(w, first))
    with reverts("ProjectRegistry_Paused", project, 1 if first == "author" else 2):
        w.projects.pause(project, h("wait"), by=getattr(w, second))


@pytest.mark.parametrize("who", ["steward", "member", "other_moderator", "operator"])
def test_pause_reverts_when_neither_author_nor_moderator(w, d, who):
    project = d.at(Stage.DESIGN)
    d.joined_city(project)
    with reverts("CityRegistry_MissingRole", w.city, getattr(w, who), MODERATOR):
        w.projects.pause(project, h("wait"), by=getattr(w, who))


def test_pause_and_resume_revert_without_a_reason(w, d):
    project = d.open()
    with reverts("ProjectRegistry_BadField", REASON):
        w.projects.pause(project, bytes(32), by=w.author)
    w.projects.pause(project, h("wait"), by=w.author)
    with reverts("ProjectRegistry_BadField", REASON):
        w.projects.resume(project, bytes(32), by=w.author)


def test_resume_of_the_authors_pause_by_a_moderator(w, d):
    project = d.open()
    w.projects.pause(project, h("wait"), by=w.author)
    w.projects.resume(project, h("on"), by=w.moderator)
    d.advance(project)


def test_resume_reverts_when_a_moderator_paused_and_the_author_resumes(w, d):
    project = d.open()
    w.projects.pause(project, h("wait"), by=w.moderator)
    with reverts("ProjectRegistry_MayNotResume", project, Pause.MODERATOR, w.author):
        w.projects.resume(project, h("on"), by=w.author)


@pytest.mark.parametrize("who", ["steward", "member", "other_moderator", "stranger"])
@pytest.mark.parametrize("first", ["author", "moderator"])
def test_resume_reverts_when_not_by_this_right(w, d, first, who):
    project = d.open()
    w.projects.pause(project, h("wait"), by=getattr(w, first))
    with reverts("ProjectRegistry_MayNotResume", project, 1 if first == "author" else 2, getattr(w, who)):
        w.projects.resume(project, h("on"), by=getattr(w, who))


@pytest.mark.parametrize("who", ["author", "moderator"])
def test_resume_reverts_when_not_paused(w, d, who):
    project = d.open()
    with reverts("ProjectRegistry_MayNotResume", project, Pause.NONE, getattr(w, who)):
        w.projects.resume(project, h("on"), by=getattr(w, who))
