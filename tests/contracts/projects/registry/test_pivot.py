"""pivot: the author turns the project and begins anew."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.projects.registry.desk import BEFORE_MONEY, SOCIAL, STARTUP, Stage

TURNING = [stage for stage in BEFORE_MONEY if Stage.PREMODERATION <= stage <= Stage.ACCELERATION]


@pytest.mark.parametrize("stage", TURNING)
def test_pivot_begins_a_new_version_at_the_idea(w, d, stage):
    project = d.at(stage)
    tx = w.projects.pivot(project, STARTUP, h("another"), h("learned"), by=w.author)
    assert tx.events == [
        (
            "Pivoted",
            {
                "projectId": project,
                "kind": STARTUP,
                "version": 2,
                "panel": 2,
                "content": h("another"),
                "reason": h("learned"),
            },
        )
    ]
    kept = w.projects.projectOf(project)
    assert (kept.stage, kept.kind, kept.version, kept.panel) == (Stage.IDEA, STARTUP, 2, 2)
    assert (kept.support, kept.scores, kept.scoreSum) == (0, 0, 0)


def test_pivot_keeps_team_courses_request_and_pause(w, d):
    project = d.open(d.request())
    d.bring(project, Stage.ACCELERATION)
    d.course(project)
    w.projects.pause(project, h("wait"), by=w.moderator)
    d.pivot(project)
    kept = w.projects.projectOf(project)
    assert (kept.members, kept.courses, kept.requestId, kept.paused) == (1, 1, 1, 2)


def test_pivot_lets_citizens_support_the_new_version_and_remembers_the_old(w, d):
    project = d.at(Stage.EXPERTISE)
    d.pivot(project)
    d.bring(project, Stage.ASSESSMENT)
    d.support(project, w.citizen)
    person = w.nullifier(w.city, w.citizen)
    assert w.projects.isSupportedBy(project, 1, w.city, person)
    assert w.projects.isSupportedBy(project, 2, w.city, person)
    assert not w.projects.isSupportedBy(project, 2, w.city, w.nullifier(w.city, w.neighbour))
    assert w.projects.projectOf(project).support == 1


def test_pivot_leads_through_all_stages_again(w, d):
    project = d.at(Stage.ACCELERATION)
    d.pivot(project)
    d.bring(project, Stage.FINANCING)


@pytest.mark.parametrize("stage", [Stage.REQUEST, Stage.IDEA, Stage.FINANCING])
def test_pivot_reverts_before_premoderation_and_from_financing_on(w, d, stage):
    project = d.at(stage)
    with reverts("ProjectRegistry_WrongStage", project, stage):
        d.pivot(project)


def test_pivot_reverts_when_not_author(w, d):
    project = d.at(Stage.DESIGN)
    for who in (w.moderator, w.member, w.operator):
        with reverts("ProjectRegistry_NotAuthor", project, who):
            w.projects.pivot(project, SOCIAL, h("another"), h("learned"), by=who)


@pytest.mark.parametrize("field", ["content", "reason"])
def test_pivot_reverts_when_nothing_is_said(w, d, field):
    project = d.at(Stage.DESIGN)
    said = [bytes(32) if field == name else h(name) for name in ("content", "reason")]
    with reverts("ProjectRegistry_BadField", field.encode().ljust(32, b"\0")):
        w.projects.pivot(project, SOCIAL, *said, by=w.author)
