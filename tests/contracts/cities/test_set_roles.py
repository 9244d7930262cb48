"""setRoles, requireRole: the steward grants all of an account's roles at once."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.model.cities import EXPERT, MODERATOR, PARTNER, TREASURER, VERIFIER


def test_set_roles_replaces_all_roles(w):
    tx = w.registry.setRoles(w.city, w.stranger, VERIFIER | EXPERT, by=w.steward)
    assert tx.events == [("RolesSet", {"cityId": w.city, "account": w.stranger, "roles": VERIFIER | EXPERT})]
    w.registry.setRoles(w.city, w.stranger, TREASURER, by=w.steward)
    assert w.registry.rolesOf(w.city, w.stranger) == TREASURER


def test_set_roles_to_zero_takes_them_away(w):
    w.registry.setRoles(w.city, w.verifier, 0, by=w.steward)
    assert w.registry.rolesOf(w.city, w.verifier) == 0
    with reverts("CityRegistry_MissingRole", w.city, w.verifier, VERIFIER):
        w.registry.registerCitizen(w.city, w.stranger, b"\7" * 32, by=w.verifier)


@pytest.mark.parametrize("roles", [0, VERIFIER, MODERATOR, EXPERT, PARTNER, TREASURER, 31])
def test_set_roles_accepts_every_known_role(w, roles):
    w.registry.setRoles(w.city, w.stranger, roles, by=w.steward)
    assert w.registry.rolesOf(w.city, w.stranger) == roles


@pytest.mark.parametrize("roles", [32, 64, 128, 255, 32 | VERIFIER])
def test_set_roles_reverts_when_a_bit_is_no_role(w, roles):
    with reverts("CityRegistry_UnknownRoles", roles):
        w.registry.setRoles(w.city, w.stranger, roles, by=w.steward)


def test_set_roles_reverts_when_account_zero(w):
    with reverts("CityRegistry_ZeroAddress"):
        w.registry.setRoles(w.city, ZERO, VERIFIER, by=w.steward)


def test_set_roles_reverts_when_city_unknown(w):
    with reverts("CityRegistry_UnknownCity", w.nowhere):
        w.registry.setRoles(w.nowhere, w.stranger, VERIFIER, by=w.steward)


@pytest.mark.parametrize("who", ["operator", "other_steward", "verifier", "stranger"])
def test_set_roles_reverts_when_not_steward(w, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_NotSteward", w.city, caller):
        w.registry.setRoles(w.city, caller, VERIFIER, by=caller)


def test_require_role_wants_one_of_the_roles_of_the_mask(w):
    w.registry.requireRole(w.city, w.verifier, VERIFIER)
    w.registry.requireRole(w.city, w.verifier, VERIFIER | MODERATOR)
    with reverts("CityRegistry_MissingRole", w.city, w.verifier, MODERATOR):
        w.registry.requireRole(w.city, w.verifier, MODERATOR)
    with reverts("CityRegistry_MissingRole", w.other_city, w.verifier, VERIFIER):
        w.registry.requireRole(w.other_city, w.verifier, VERIFIER)
