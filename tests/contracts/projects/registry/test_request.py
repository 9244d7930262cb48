"""publishRequest, closeRequest: what a city, business or citizen asks for."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h
from tests.contracts.projects.registry.desk import SOCIAL, Stage

TOKEN = "0x" + "70" * 20


def field(name):
    return name.encode().ljust(32, b"\0")


def test_publish_request_keeps_it_and_writes_all_of_it(w, d):
    closes = w.now + 100
    tx = w.projects.publishRequest(w.city, SOCIAL, TOKEN, 5_000, closes, h("wanted"), by=w.partner)
    kept = {"author": w.partner, "cityId": w.city, "closes": closes, "token": TOKEN, "budget": 5_000}
    assert tx.events == [
        ("RequestPublished", {"requestId": 1, "kind": SOCIAL, "content": h("wanted")} | kept)
    ]
    assert w.projects.requestOf(1) == kept
    assert w.projects.requestCount() == 1


def test_publish_request_numbers_from_one_on(w, d):
    assert [d.request(), d.request()] == [1, 2]
    assert w.projects.publishRequest.call(w.city, SOCIAL, ZERO, 0, w.now + 1, h("third"), by=w.citizen) == 3


@pytest.mark.parametrize("who", ["citizen", "steward", "verifier", "moderator", "partner", "treasurer"])
def test_publish_request_by_whoever_belongs_to_the_city(w, d, who):
    tx = w.projects.publishRequest(w.city, SOCIAL, ZERO, 0, w.now + 1, h("wanted"), by=getattr(w, who))
    assert tx.one("RequestPublished").author == getattr(w, who)


@pytest.mark.parametrize("who", ["guest", "other_steward", "other_partner", "operator", "stranger"])
def test_publish_request_reverts_when_the_author_is_not_of_the_city(w, d, who):
    with reverts("ProjectRegistry_NotCitizen", w.city, getattr(w, who)):
        w.projects.publishRequest(w.city, SOCIAL, ZERO, 0, w.now + 1, h("wanted"), by=getattr(w, who))


def test_publish_request_reverts_when_city_unknown(w, d):
    with reverts("ProjectRegistry_UnknownCity", w.nowhere):
        w.projects.publishRequest(w.nowhere, SOCIAL, ZERO, 0, w.now + 1, h("wanted"), by=w.citizen)


NONSENSE = {"token": {"budget": 1}, "budget": {"token": TOKEN}, "content": {"content": bytes(32)}}


@pytest.mark.parametrize("name", NONSENSE)
def test_publish_request_reverts_when_it_makes_no_sense(w, d, name):
    with reverts("ProjectRegistry_BadField", field(name)):
        d.request(**NONSENSE[name])


def test_publish_request_reverts_when_it_closes_at_once(w, d):
    with reverts("ProjectRegistry_BadField", field("closes")):
        d.request(closes=w.now)
    d.request(closes=w.now + 1)


def test_publish_request_reverts_when_there_is_no_such_kind(w, d):
    with reverts(None):
        d.request(kind=11)
    d.request(kind=10)


def test_close_request_closes_it_at_once(w, d):
    request = d.request()
    tx = w.projects.closeRequest(request, by=w.citizen)
    assert tx.events == [("RequestClosed", {"requestId": request})]
    assert w.projects.requestOf(request).closes == w.now
    with reverts("ProjectRegistry_RequestClosed", request, w.now, w.now):
        d.open(request)


def test_close_request_reverts_when_closed(w, d):
    request = d.request(closes=w.now + 10)
    w.node.travel(10)
    with reverts("ProjectRegistry_RequestClosed", request, w.now, w.now):
        w.projects.closeRequest(request, by=w.citizen)


@pytest.mark.parametrize("who", ["steward", "moderator", "neighbour"])
def test_close_request_reverts_when_not_its_author(w, d, who):
    request = d.request()
    with reverts("ProjectRegistry_NotRequester", request, getattr(w, who)):
        w.projects.closeRequest(request, by=getattr(w, who))


def test_close_request_reverts_when_unknown(w, d):
    with reverts("ProjectRegistry_UnknownRequest", 9):
        w.projects.closeRequest(9, by=w.citizen)


def test_open_project_answers_a_request_of_its_city_until_it_closes(w, d):
    request = d.request(closes=w.now + 10)
    w.node.travel(9)
    project = d.open(request)
    assert w.projects.projectOf(project).requestId == request
    w.node.travel(1)
    with reverts("ProjectRegistry_RequestClosed", request, w.now, w.now):
        d.open(request)


def test_open_project_reverts_when_the_request_is_unknown_or_elsewhere(w, d):
    with reverts("ProjectRegistry_UnknownRequest", 9):
        d.open(9)
    request = d.request()
    with reverts("ProjectRegistry_RequestElsewhere", request, w.city):
        w.projects.openProject(w.other_city, SOCIAL, request, h("a project"), by=w.author)


def test_advance_to_idea_needs_the_request_to_be_open_still(w, d):
    request = d.request(closes=w.now + 10)
    early, late = d.open(request), d.open(request)
    w.node.travel(9)
    d.advance(early)
    w.node.travel(1)
    with reverts("ProjectRegistry_RequestClosed", request, w.now, w.now):
        d.advance(late)
    d.advance(early)
    assert d.stage(early) == Stage.PREMODERATION
