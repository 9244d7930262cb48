"""inviteCity, joinProject: several cities in one project."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import EXPERT, MODERATOR
from tests.contracts.projects.registry.desk import Place, Stage


def part(project, city, participation, by):
    fields = {"projectId": project, "cityId": city, "participation": participation, "by": by}
    return ("ParticipationChanged", fields)


def test_invite_city_and_join(w, d):
    project = d.open()
    tx = w.projects.inviteCity(project, w.other_city, by=w.author)
    assert tx.events == [part(project, w.other_city, Place.INVITED, w.author)]
    assert not w.projects.takesPart(project, w.other_city)
    tx = w.projects.joinProject(project, w.other_city, by=w.other_moderator)
    assert tx.events == [part(project, w.other_city, Place.IN, w.other_moderator)]
    assert w.projects.participationOf(project, w.other_city) == Place.IN
    assert w.projects.takesPart(project, w.other_city)
    assert w.projects.takesPart(project, w.city)
    assert not w.projects.takesPart(project, w.quiet_city)


def test_invite_city_reverts_when_not_author(w, d):
    project = d.at(Stage.DESIGN)
    for who in (w.moderator, w.member, w.other_moderator, w.steward):
        with reverts("ProjectRegistry_NotAuthor", project, who):
            w.projects.inviteCity(project, w.other_city, by=who)


def test_invite_city_reverts_when_it_is_home_or_has_a_part(w, d):
    project = d.open()
    with reverts("ProjectRegistry_WrongParticipation", project, w.city, Place.NONE):
        w.projects.inviteCity(project, w.city, by=w.author)
    w.projects.inviteCity(project, w.other_city, by=w.author)
    with reverts("ProjectRegistry_WrongParticipation", project, w.other_city, Place.INVITED):
        w.projects.inviteCity(project, w.other_city, by=w.author)
    w.projects.joinProject(project, w.other_city, by=w.other_moderator)
    with reverts("ProjectRegistry_WrongParticipation", project, w.other_city, Place.IN):
        w.projects.inviteCity(project, w.other_city, by=w.author)


def test_invite_city_reverts_when_unknown(w, d):
    project = d.open()
    with reverts("ProjectRegistry_UnknownCity", w.nowhere):
        w.projects.inviteCity(project, w.nowhere, by=w.author)


def test_join_project_reverts_when_not_invited_or_joined(w, d):
    project = d.open()
    with reverts("ProjectRegistry_WrongParticipation", project, w.other_city, Place.NONE):
        w.projects.joinProject(project, w.other_city, by=w.other_moderator)
    d.joined_city(project)
    with reverts("ProjectRegistry_WrongParticipation", project, w.other_city, Place.IN):
        w.projects.joinProject(project, w.other_city, by=w.other_moderator)


@pytest.mark.parametrize("who", ["moderator", "author", "other_verifier", "other_steward", "operator"])
def test_join_project_reverts_when_not_a_moderator_of_that_city(w, d, who):
    project = d.open()
    w.projects.inviteCity(project, w.other_city, by=w.author)
    with reverts("CityRegistry_MissingRole", w.other_city, getattr(w, who), MODERATOR):
        w.projects.joinProject(project, w.other_city, by=getattr(w, who))


def test_a_city_that_joined_supports_and_judges_and_nothing_more(w, d):
    project = d.at(Stage.ASSESSMENT)
    d.joined_city(project)
    w.projects.support(project, w.other_city, by=w.guest)
    d.support(project, w.citizen)
    d.advance(project)
    w.registry.setRoles(w.other_city, w.third, EXPERT, by=w.other_steward)
    tx = w.projects.score(project, w.other_city, 90, h("opinion"), by=w.third)
    assert tx.one("Scored").cityId == w.other_city
    for action in ("sendBack", "pause"):
        arguments = (Stage.IDEA, h("x")) if action == "sendBack" else (h("x"),)
        with reverts("CityRegistry_MissingRole", w.city, w.other_moderator, MODERATOR):
            getattr(w.projects, action)(project, *arguments, by=w.other_moderator)
    with reverts("CityRegistry_MissingRole", w.city, w.other_moderator, MODERATOR | 8):
        w.projects.recordCourse(project, h("course"), h("paper"), by=w.other_moderator)
