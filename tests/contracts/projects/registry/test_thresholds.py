"""setThresholds: what a city asks of its projects."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.projects.registry.desk import THRESHOLDS, Stage


def test_set_thresholds_replaces_all_of_them(w, d):
    asked = {"support": 2**32 - 1, "experts": 255, "score": 100, "team": 255, "courses": 255}
    tx = w.projects.setThresholds(w.city, asked, by=w.steward)
    assert tx.events == [("ThresholdsSet", {"cityId": w.city} | asked)]
    assert w.projects.thresholdsOf(w.city) == asked
    assert w.projects.thresholdsOf(w.other_city) == dict.fromkeys(asked, 0)


def test_set_thresholds_may_ask_for_neither_score_nor_team_nor_courses(w, d):
    asked = {"support": 1, "experts": 1, "score": 0, "team": 0, "courses": 0}
    w.projects.setThresholds(w.city, asked, by=w.steward)
    assert w.projects.thresholdsOf(w.city) == asked


def test_set_thresholds_hold_for_projects_under_way(w, d):
    project = d.at(Stage.ASSESSMENT)
    d.support(project, w.citizen)
    w.projects.setThresholds(w.city, THRESHOLDS | {"support": 1}, by=w.steward)
    d.advance(project)
    assert d.stage(project) == Stage.EXPERTISE


@pytest.mark.parametrize(("field", "value"), [("support", 0), ("experts", 0), ("score", 101)])
def test_set_thresholds_reverts_when_they_make_no_sense(w, d, field, value):
    with reverts("ProjectRegistry_BadField", field.encode().ljust(32, b"\0")):
        w.projects.setThresholds(w.city, THRESHOLDS | {field: value}, by=w.steward)


@pytest.mark.parametrize("who", ["operator", "other_steward", "moderator", "stranger"])
def test_set_thresholds_reverts_when_not_steward(w, d, who):
    with reverts("CityRegistry_NotSteward", w.city, getattr(w, who)):
        w.projects.setThresholds(w.city, THRESHOLDS, by=getattr(w, who))


def test_set_thresholds_reverts_when_city_unknown(w, d):
    with reverts("CityRegistry_UnknownCity", w.nowhere):
        w.projects.setThresholds(w.nowhere, THRESHOLDS, by=w.steward)
