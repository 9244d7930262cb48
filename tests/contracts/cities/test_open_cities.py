"""openCities: the operator opens cities, numbered one after the other."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h


def opening(code, steward, content=b"\1" * 32):
    return {"code": code, "steward": steward, "content": content}


def test_open_cities_numbers_them_from_one_on(w):
    before = w.registry.cityCount()
    tx = w.registry.openCities(
        [opening(h("omsk"), w.steward), opening(h("tomsk"), w.other_steward)], by=w.operator
    )
    assert w.registry.cityCount() == before + 2
    assert tx.events == [
        (
            "CityOpened",
            {"cityId": before + 1, "code": h("omsk"), "steward": w.steward, "content": b"\1" * 32},
        ),
        (
            "CityOpened",
            {"cityId": before + 2, "code": h("tomsk"), "steward": w.other_steward, "content": b"\1" * 32},
        ),
    ]


def test_open_cities_answers_the_first_number(w):
    first = w.registry.openCities.call([opening(h("omsk"), w.steward)], by=w.operator)
    assert first == w.registry.cityCount() + 1


def test_open_cities_can_be_found_by_code_and_has_its_steward(w):
    w.registry.openCities([opening(h("omsk"), w.stranger)], by=w.operator)
    city = w.registry.cityOf(h("omsk"))
    assert city == w.registry.cityCount()
    assert w.registry.stewardOf(city) == w.stranger


def test_open_cities_of_nothing_opens_nothing(w):
    before = w.registry.cityCount()
    assert w.registry.openCities([], by=w.operator).events == []
    assert w.registry.cityCount() == before


def test_open_cities_reverts_when_code_zero(w):
    with reverts("CityRegistry_NoCode"):
        w.registry.openCities([opening(bytes(32), w.steward)], by=w.operator)


def test_open_cities_reverts_when_steward_zero(w):
    with reverts("CityRegistry_ZeroAddress"):
        w.registry.openCities([opening(h("omsk"), ZERO)], by=w.operator)


def test_open_cities_reverts_when_code_taken(w):
    taken = w.codes[w.city]
    with reverts("CityRegistry_CodeTaken", taken, w.city):
        w.registry.openCities([opening(taken, w.steward)], by=w.operator)


def test_open_cities_reverts_when_code_twice_in_one_call_and_opens_none(w):
    before = w.registry.cityCount()
    with reverts("CityRegistry_CodeTaken", h("omsk"), before + 1):
        w.registry.openCities([opening(h("omsk"), w.steward)] * 2, by=w.operator)
    assert w.registry.cityCount() == before
    assert w.registry.cityOf(h("omsk")) == 0


@pytest.mark.parametrize("who", ["steward", "verifier", "stranger", "deployer"])
def test_open_cities_reverts_when_not_operator(w, who):
    caller = getattr(w, who)
    with reverts("AccessManagedUnauthorized", caller):
        w.registry.openCities([opening(h("omsk"), w.steward)], by=caller)
