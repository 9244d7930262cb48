"""registerCitizen, registerCitizens: one person, one wallet per city."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import VERIFIER


def test_register_citizen_knows_each_by_the_other(w):
    tx = w.registry.registerCitizen(w.city, w.stranger, h("Alex"), by=w.verifier)
    assert tx.events == [
        (
            "CitizenRegistered",
            {"cityId": w.city, "wallet": w.stranger, "nullifier": h("Alex"), "verifier": w.verifier},
        )
    ]
    assert w.registry.nullifierOf(w.city, w.stranger) == h("Alex")
    assert w.registry.walletOf(w.city, h("Alex")) == w.stranger
    assert w.registry.currentWallet(w.city, w.stranger) == w.stranger
    w.registry.requireCitizens(w.city, [w.citizen, w.stranger])


def test_register_citizen_of_one_city_says_nothing_in_another(w):
    w.registry.registerCitizen(w.city, w.stranger, h("Alex"), by=w.verifier)
    assert w.registry.nullifierOf(w.other_city, w.stranger) == bytes(32)
    assert w.registry.walletOf(w.other_city, h("Alex")) == ZERO
    w.registry.registerCitizen(w.other_city, w.spare_wallet, h("Alex"), by=w.other_verifier)


def test_register_citizen_reverts_when_nullifier_zero(w):
    with reverts("CityRegistry_NoNullifier", w.stranger):
        w.registry.registerCitizen(w.city, w.stranger, bytes(32), by=w.verifier)


def test_register_citizen_reverts_when_wallet_zero(w):
    with reverts("CityRegistry_ZeroAddress"):
        w.registry.registerCitizen(w.city, ZERO, h("Alex"), by=w.verifier)


def test_register_citizen_reverts_when_person_has_a_wallet(w):
    person = w.registry.nullifierOf(w.city, w.citizen)
    with reverts("CityRegistry_NullifierTaken", w.city, person, w.citizen):
        w.registry.registerCitizen(w.city, w.stranger, person, by=w.verifier)


def test_register_citizen_reverts_when_wallet_is_a_persons(w):
    with reverts("CityRegistry_WalletTaken", w.city, w.citizen):
        w.registry.registerCitizen(w.city, w.citizen, h("Alex"), by=w.verifier)


def test_register_citizen_reverts_when_wallet_was_a_persons_before_recovery(w):
    w.recover(w.citizen, w.new_wallet)
    with reverts("CityRegistry_WalletTaken", w.city, w.citizen):
        w.registry.registerCitizen(w.city, w.citizen, h("Alex"), by=w.verifier)


@pytest.mark.parametrize("who", ["operator", "steward", "moderator", "partner", "other_verifier", "stranger"])
def test_register_citizen_reverts_when_not_verifier(w, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, VERIFIER):
        w.registry.registerCitizen(w.city, w.stranger, h("Alex"), by=caller)


def test_register_citizens_registers_all_in_order(w):
    people = [
        {"wallet": w.stranger, "nullifier": h("Alex")},
        {"wallet": w.spare_wallet, "nullifier": h("Kim")},
    ]
    tx = w.registry.registerCitizens(w.city, people, by=w.verifier)
    assert [(e.wallet, e.nullifier) for e in tx.all("CitizenRegistered")] == [
        (w.stranger, h("Alex")),
        (w.spare_wallet, h("Kim")),
    ]
    w.registry.requireCitizens(w.city, [w.stranger, w.spare_wallet])


def test_register_citizens_registers_none_when_one_is_refused(w):
    people = [
        {"wallet": w.stranger, "nullifier": h("Alex")},
        {"wallet": w.spare_wallet, "nullifier": h("Alex")},
    ]
    with reverts("CityRegistry_NullifierTaken", w.city, h("Alex"), w.stranger):
        w.registry.registerCitizens(w.city, people, by=w.verifier)
    assert w.registry.walletOf(w.city, h("Alex")) == ZERO


def test_register_citizens_reverts_when_not_verifier(w):
    with reverts("CityRegistry_MissingRole", w.city, w.other_verifier, VERIFIER):
        w.registry.registerCitizens(w.city, [], by=w.other_verifier)


def test_require_citizens_names_the_first_who_is_not(w):
    with reverts("CityRegistry_NotCitizen", w.city, w.stranger):
        w.registry.requireCitizens(w.city, [w.citizen, w.stranger, w.spare_wallet])
    w.registry.requireCitizens(w.city, [])


def test_current_wallet_reverts_when_never_a_citizens(w):
    with reverts("CityRegistry_NotCitizen", w.city, w.stranger):
        w.registry.currentWallet(w.city, w.stranger)
