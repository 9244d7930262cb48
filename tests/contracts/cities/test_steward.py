"""setSteward, describe, requireSteward: who runs a city."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h


def test_set_steward_gives_the_city_another_steward(w):
    tx = w.registry.setSteward(w.city, w.stranger, by=w.operator)
    tx.shows("StewardSet", cityId=w.city, steward=w.stranger)
    assert w.registry.stewardOf(w.city) == w.stranger
    with reverts("CityRegistry_NotSteward", w.city, w.steward):
        w.registry.describe(w.city, h("about"), by=w.steward)
    w.registry.describe(w.city, h("about"), by=w.stranger)


def test_set_steward_leaves_the_roles_that_the_old_one_gave(w):
    roles = w.registry.rolesOf(w.city, w.verifier)
    w.registry.setSteward(w.city, w.stranger, by=w.operator)
    assert w.registry.rolesOf(w.city, w.verifier) == roles != 0


def test_set_steward_reverts_when_city_unknown(w):
    with reverts("CityRegistry_UnknownCity", w.nowhere):
        w.registry.setSteward(w.nowhere, w.steward, by=w.operator)


def test_set_steward_reverts_when_steward_zero(w):
    with reverts("CityRegistry_ZeroAddress"):
        w.registry.setSteward(w.city, ZERO, by=w.operator)


@pytest.mark.parametrize("who", ["steward", "other_steward", "stranger"])
def test_set_steward_reverts_when_not_operator(w, who):
    caller = getattr(w, who)
    with reverts("AccessManagedUnauthorized", caller):
        w.registry.setSteward(w.city, caller, by=caller)


def test_describe_writes_the_hash_of_the_description(w):
    tx = w.registry.describe(w.city, h("about"), by=w.steward)
    assert tx.events == [("CityDescribed", {"cityId": w.city, "content": h("about")})]


def test_require_steward_passes_the_steward_and_nobody_else(w):
    w.registry.requireSteward(w.city, w.steward)
    with reverts("CityRegistry_NotSteward", w.city, w.verifier):
        w.registry.requireSteward(w.city, w.verifier)
    with reverts("CityRegistry_UnknownCity", 0):
        w.registry.requireSteward(0, ZERO)


def test_unknown_city_has_no_steward_and_no_code(w):
    assert w.registry.stewardOf(w.nowhere) == ZERO
    assert w.registry.cityOf(h("nowhere")) == 0
