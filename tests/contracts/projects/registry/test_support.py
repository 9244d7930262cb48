"""support: one person, one vote in each city that registered them."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.projects.registry.desk import BEFORE_MONEY, Stage


@pytest.fixture
def project(d):
    return d.at(Stage.ASSESSMENT)


def supported(w, project, citizen, city, version=1):
    return (
        "Supported",
        {
            "projectId": project,
            "citizen": citizen,
            "cityId": city,
            "version": version,
            "person": w.nullifier(city, citizen),
        },
    )


def test_support_counts_once(w, d, project):
    tx = w.projects.support(project, w.city, by=w.citizen)
    assert tx.events == [supported(w, project, w.citizen, w.city)]
    assert w.projects.projectOf(project).support == 1
    assert w.projects.isSupportedBy(project, 1, w.city, w.nullifier(w.city, w.citizen))
    with reverts("ProjectRegistry_SupportedAlready", project, w.citizen):
        w.projects.support(project, w.city, by=w.citizen)


def test_support_from_assessment_on(w, d):
    project = d.open()
    for stage in BEFORE_MONEY:
        d.bring(project, stage)
        if stage < Stage.ASSESSMENT:
            with reverts("ProjectRegistry_WrongStage", project, stage):
                w.projects.support(project, w.city, by=w.third)
        else:
            snapshot = w.node.snapshot()
            tx = w.projects.support(project, w.city, by=w.third)
            assert tx.events == [supported(w, project, w.third, w.city)]
            w.node.restore(snapshot)


def test_support_reverts_when_no_citizen(w, d, project):
    for who in (w.guest, w.author, w.steward, w.moderator, w.stranger):
        with reverts("ProjectRegistry_NotCitizen", w.city, who):
            w.projects.support(project, w.city, by=who)


@pytest.mark.parametrize("city", ["other_city", "nowhere"])
def test_support_reverts_when_the_city_takes_no_part(w, d, project, city):
    with reverts("ProjectRegistry_CityTakesNoPart", project, getattr(w, city)):
        w.projects.support(project, getattr(w, city), by=w.citizen)


def test_support_reverts_while_the_city_is_only_invited(w, d, project):
    w.projects.inviteCity(project, w.other_city, by=w.author)
    with reverts("ProjectRegistry_CityTakesNoPart", project, w.other_city):
        w.projects.support(project, w.other_city, by=w.guest)
    w.projects.joinProject(project, w.other_city, by=w.other_moderator)
    w.projects.support(project, w.other_city, by=w.guest)


def test_support_in_each_city_that_registered_the_person(w, d, project):
    d.joined_city(project)
    w.projects.support(project, w.city, by=w.citizen)
    w.projects.support(project, w.other_city, by=w.citizen)
    assert w.projects.projectOf(project).support == 2


def test_support_is_not_blocked_by_the_same_nullifier_in_another_city(w, d, project):
    """A verifier of another city who copies a citizen's nullifier takes away no vote."""
    d.joined_city(project)
    person = w.nullifier(w.city, w.third)
    w.registry.registerCitizen(w.other_city, w.stranger, person, by=w.other_verifier)
    w.projects.support(project, w.other_city, by=w.stranger)
    assert not w.projects.isSupportedBy(project, 1, w.city, person)
    w.projects.support(project, w.city, by=w.third)
    assert w.projects.projectOf(project).support == 2


def test_support_counts_once_across_a_recovery(w, d, project):
    w.projects.support(project, w.city, by=w.citizen)
    w.recover(w.citizen, w.new_wallet)
    with reverts("ProjectRegistry_SupportedAlready", project, w.new_wallet):
        w.projects.support(project, w.city, by=w.new_wallet)
    with reverts("ProjectRegistry_NotCitizen", w.city, w.citizen):
        w.projects.support(project, w.city, by=w.citizen)
    assert w.projects.projectOf(project).support == 1


def test_support_of_one_project_is_none_of_another(w, d, project):
    other = d.at(Stage.ASSESSMENT)
    w.projects.support(project, w.city, by=w.citizen)
    assert w.projects.projectOf(other).support == 0
    w.projects.support(other, w.city, by=w.citizen)


def test_support_of_the_authors_own_project(w, d):
    """An author who is a citizen is one person with one vote, as any."""
    project = d.open(by=w.citizen)
    for _ in range(2):
        d.advance(project, by=w.citizen)
    d.pass_(project)
    w.projects.support(project, w.city, by=w.citizen)
    assert w.projects.projectOf(project).support == 1
