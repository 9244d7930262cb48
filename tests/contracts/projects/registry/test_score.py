"""score: experts judge, and never their own project."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import EXPERT
from tests.contracts.projects.registry.desk import BEFORE_MONEY, Stage


@pytest.fixture
def project(d):
    return d.at(Stage.EXPERTISE)


def test_score_counts_and_is_remembered(w, d, project):
    tx = w.projects.score(project, w.city, 73, h("good"), by=w.expert)
    assert tx.events == [
        (
            "Scored",
            {
                "projectId": project,
                "expert": w.expert,
                "cityId": w.city,
                "panel": 1,
                "score": 73,
                "opinion": h("good"),
            },
        )
    ]
    d.score(project, w.spare_wallet, 0)
    kept = w.projects.projectOf(project)
    assert (kept.scores, kept.scoreSum) == (2, 73)
    assert w.projects.scoreOf(project, 1, w.expert) == 74
    assert w.projects.scoreOf(project, 1, w.spare_wallet) == 1
    assert w.projects.scoreOf(project, 1, w.stranger) == 0


def test_score_up_to_100(w, d, project):
    with reverts("ProjectRegistry_BadField", b"score".ljust(32, b"\0")):
        d.score(project, w.expert, 101)
    d.score(project, w.expert, 100)


def test_score_reverts_at_another_stage(w, d):
    project = d.open()
    for stage in BEFORE_MONEY:
        d.bring(project, stage)
        if stage != Stage.EXPERTISE:
            with reverts("ProjectRegistry_WrongStage", project, stage):
                d.score(project, w.stranger)


def test_score_reverts_when_given_already(w, d, project):
    d.score(project, w.expert)
    with reverts("ProjectRegistry_ScoredAlready", project, w.expert):
        d.score(project, w.expert)


def test_score_again_in_another_panel(w, d, project):
    d.score(project, w.expert)
    d.send_back(project, Stage.ASSESSMENT)
    d.advance(project)
    assert d.score(project, w.expert).one("Scored").panel == 2


def test_score_reverts_when_no_expert(w, d, project):
    for who in (w.moderator, w.citizen, w.steward, w.operator):
        with reverts("CityRegistry_MissingRole", w.city, who, EXPERT):
            d.score(project, who)


def test_score_reverts_when_the_expert_is_of_a_city_that_takes_no_part(w, d, project):
    w.registry.setRoles(w.other_city, w.guest, EXPERT, by=w.other_steward)
    with reverts("ProjectRegistry_CityTakesNoPart", project, w.other_city):
        w.projects.score(project, w.other_city, 50, h("x"), by=w.guest)
    with reverts("CityRegistry_MissingRole", w.city, w.guest, EXPERT):
        w.projects.score(project, w.city, 50, h("x"), by=w.guest)
    w.projects.inviteCity(project, w.other_city, by=w.author)
    with reverts("ProjectRegistry_CityTakesNoPart", project, w.other_city):
        w.projects.score(project, w.other_city, 50, h("x"), by=w.guest)
    w.projects.joinProject(project, w.other_city, by=w.other_moderator)
    w.projects.score(project, w.other_city, 50, h("x"), by=w.guest)


def test_score_reverts_when_an_expert_of_two_cities_judges_for_each(w, d, project):
    d.joined_city(project)
    w.registry.setRoles(w.other_city, w.expert, EXPERT, by=w.other_steward)
    d.score(project, w.expert)
    with reverts("ProjectRegistry_ScoredAlready", project, w.expert):
        w.projects.score(project, w.other_city, 50, h("x"), by=w.expert)


def test_score_reverts_when_author_member_or_invited(w, d, project):
    d.join(project, w.member)
    w.projects.invite(project, w.third, h("role"), by=w.author)
    for who in (w.author, w.member, w.third):
        w.registry.setRoles(w.city, who, EXPERT, by=w.steward)
        with reverts("ProjectRegistry_OwnProject", project, who):
            d.score(project, who)


def test_a_panel_has_at_most_255_scores(w, d, project):
    experts = [f"0x{i:040x}" for i in range(1, 256)]
    w.node.request("anvil_autoImpersonateAccount", True)
    for expert in experts:
        w.registry.setRoles(w.city, expert, EXPERT, by=w.steward)
        d.score(project, expert, 100)
    w.node.request("anvil_autoImpersonateAccount", False)
    kept = w.projects.projectOf(project)
    assert (kept.scores, kept.scoreSum) == (255, 25_500)
    with reverts("ProjectRegistry_Full", project):
        d.score(project, w.expert)
    d.advance(project)
