"""recordCourse: what the team completed."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import MODERATOR, PARTNER
from tests.contracts.projects.registry.desk import BEFORE_MONEY, Stage


@pytest.mark.parametrize("who", ["moderator", "partner"])
def test_record_course_by_a_moderator_or_a_partner(w, d, who):
    project = d.open()
    tx = w.projects.recordCourse(project, h("business plan"), h("paper"), by=getattr(w, who))
    assert tx.events == [
        (
            "CourseCompleted",
            {
                "projectId": project,
                "course": h("business plan"),
                "by": getattr(w, who),
                "evidence": h("paper"),
            },
        )
    ]
    assert w.projects.projectOf(project).courses == 1


def test_record_course_up_to_acceleration(w, d):
    project = d.open()
    for count, stage in enumerate(BEFORE_MONEY[:-1], 1):
        d.bring(project, stage)
        d.course(project, stage.name)
        assert w.projects.projectOf(project).courses == count
    d.bring(project, Stage.FINANCING)
    with reverts("ProjectRegistry_WrongStage", project, Stage.FINANCING):
        d.course(project, "late")


def test_record_course_reverts_when_it_counts_already_or_is_none(w, d):
    project = d.open()
    d.course(project)
    with reverts("ProjectRegistry_CourseCounted", project, h("course")):
        d.course(project)
    with reverts("ProjectRegistry_BadField", b"content".ljust(32, b"\0")):
        w.projects.recordCourse(project, bytes(32), h("paper"), by=w.partner)


@pytest.mark.parametrize("who", ["author", "steward", "expert", "other_moderator", "other_partner"])
def test_record_course_reverts_when_neither_moderator_nor_partner_of_the_home_city(w, d, who):
    project = d.open()
    d.joined_city(project)
    with reverts("CityRegistry_MissingRole", w.city, getattr(w, who), MODERATOR | PARTNER):
        w.projects.recordCourse(project, h("course"), h("paper"), by=getattr(w, who))


def test_a_project_counts_at_most_255_courses(w, d):
    project = d.open()
    for number in range(255):
        d.course(project, f"course {number}")
    with reverts("ProjectRegistry_Full", project):
        d.course(project, "one too many")
    assert w.projects.projectOf(project).courses == 255
