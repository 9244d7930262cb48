"""openProject, describe, and what is known of a project."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h
from tests.contracts.projects.registry.desk import SOCIAL, STARTUP, Pause, Stage

CONTENT = b"content".ljust(32, b"\0")


def test_open_project_keeps_it_and_writes_all_of_it(w, d):
    tx = w.projects.openProject(w.city, STARTUP, 0, h("new"), by=w.author)
    assert tx.events == [
        (
            "ProjectOpened",
            {
                "projectId": 1,
                "cityId": w.city,
                "author": w.author,
                "kind": STARTUP,
                "requestId": 0,
                "content": h("new"),
            },
        )
    ]
    assert w.projects.projectOf(1) == {
        "author": w.author,
        "cityId": w.city,
        "kind": STARTUP,
        "stage": Stage.REQUEST,
        "paused": Pause.NONE,
        "version": 1,
        "panel": 1,
        "requestId": 0,
        "support": 0,
        "scores": 0,
        "scoreSum": 0,
        "members": 0,
        "courses": 0,
        "campaign": ZERO,
    }
    assert tuple(w.projects.standingOf(1).values()) == (w.city, w.author, Stage.REQUEST, Pause.NONE)
    assert w.projects.projectCount() == 1


def test_open_project_numbers_from_one_on(w, d):
    assert [d.open(), d.open(by=w.stranger)] == [1, 2]
    assert w.projects.openProject.call(w.city, SOCIAL, 0, h("third"), by=w.author) == 3


def test_open_project_of_every_kind(w, d):
    for kind in range(11):
        tx = w.projects.openProject(w.city, kind, 0, h("new"), by=w.author)
        number = tx.one("ProjectOpened").projectId
        assert w.projects.projectOf(number).kind == w.projects.kindOf(number) == kind
    with reverts(None):
        w.projects.openProject(w.city, 11, 0, h("new"), by=w.author)


def test_open_project_reverts_when_city_unknown(w, d):
    with reverts("ProjectRegistry_UnknownCity", w.nowhere):
        w.projects.openProject(w.nowhere, SOCIAL, 0, h("new"), by=w.author)


def test_open_project_reverts_when_nothing_is_said_of_it(w, d):
    with reverts("ProjectRegistry_BadField", CONTENT):
        w.projects.openProject(w.city, SOCIAL, 0, bytes(32), by=w.author)


def test_describe_writes_the_new_hash_up_to_the_idea(w, d):
    project = d.open()
    tx = w.projects.describe(project, h("better"), by=w.author)
    assert tx.events == [("ProjectDescribed", {"projectId": project, "content": h("better")})]
    d.advance(project)
    w.projects.describe(project, h("best"), by=w.author)
    d.advance(project)
    with reverts("ProjectRegistry_WrongStage", project, Stage.PREMODERATION):
        w.projects.describe(project, h("too late"), by=w.author)


def test_describe_reverts_when_not_author_or_nothing_given(w, d):
    project = d.open()
    with reverts("ProjectRegistry_NotAuthor", project, w.moderator):
        w.projects.describe(project, h("better"), by=w.moderator)
    with reverts("ProjectRegistry_BadField", CONTENT):
        w.projects.describe(project, bytes(32), by=w.author)


NOBODYS = {
    "describe": lambda w: (h("x"),),
    "advance": lambda w: (h("x"),),
    "pass": lambda w: (h("x"),),
    "sendBack": lambda w: (Stage.IDEA, h("x")),
    "beginImplementation": lambda w: (w.ledger.address,),
    "pause": lambda w: (h("x"),),
    "resume": lambda w: (h("x"),),
    "pivot": lambda w: (SOCIAL, h("x"), h("y")),
    "offerAuthorship": lambda w: (w.member,),
    "takeOver": lambda w: (),
    "followAuthor": lambda w: (),
    "inviteCity": lambda w: (w.other_city,),
    "joinProject": lambda w: (w.city,),
    "invite": lambda w: (w.member, h("x")),
    "acceptInvitation": lambda w: (),
    "leaveTeam": lambda w: (w.member,),
    "score": lambda w: (w.city, 50, h("x")),
    "recordCourse": lambda w: (h("x"), h("y")),
    "support": lambda w: (w.city,),
    "supportBySig": lambda w: (w.citizen, w.city, w.now + 1, bytes(65)),
    "supportBySigs": lambda w: ([],),
}


@pytest.mark.parametrize("action", NOBODYS)
def test_every_action_reverts_when_the_project_is_unknown(w, d, action):
    for project in (0, 1):
        with reverts("ProjectRegistry_UnknownProject", project):
            getattr(w.projects, action)(project, *NOBODYS[action](w), by=w.author)


def test_views_know_nothing_of_an_unknown_project(w, d):
    assert w.projects.projectOf(1).stage == Stage.NONE
    assert tuple(w.projects.standingOf(1).values()) == (0, ZERO, Stage.NONE, Pause.NONE)
    assert not w.projects.takesPart(1, 0)
    assert not w.projects.takesPart(1, w.city)


def test_projects_know_their_cities_and_factory(w, d):
    assert w.projects.cities() == w.registry.address
    assert w.projects.factory() != ZERO


@pytest.mark.parametrize("arguments", [(ZERO, "0x" + "11" * 20), ("0x" + "11" * 20, ZERO)])
def test_constructor_reverts_when_a_contract_is_missing(w, arguments):
    with reverts("ProjectRegistry_ZeroAddress"):
        w.mock("ProjectRegistry", *arguments)


def test_projects_say_what_binds_their_signatures(w, d):
    said = w.projects.eip712Domain()
    assert (said.name, said.version, said.chainId, said.verifyingContract) == tuple(
        d.domain.__dict__.values()
    )
