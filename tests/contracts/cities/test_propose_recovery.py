"""proposeRecovery: a verifier says which wallet is to take over; a delay begins."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import VERIFIER

NOBODY = {"newWallet": ZERO, "executableAt": 0}


def test_propose_recovery_begins_the_delay(w):
    at = w.now + w.recovery_delay
    tx = w.registry.proposeRecovery(w.city, w.citizen, w.new_wallet, h("seen"), by=w.verifier)
    assert tx.events == [
        (
            "RecoveryProposed",
            {
                "cityId": w.city,
                "oldWallet": w.citizen,
                "newWallet": w.new_wallet,
                "verifier": w.verifier,
                "executableAt": at,
                "evidence": h("seen"),
            },
        )
    ]
    assert w.registry.recoveryOf(w.city, w.citizen) == {"newWallet": w.new_wallet, "executableAt": at}


def test_propose_recovery_changes_nobodys_wallet_yet(w):
    person = w.registry.nullifierOf(w.city, w.citizen)
    w.registry.proposeRecovery(w.city, w.citizen, w.new_wallet, h("seen"), by=w.verifier)
    assert w.registry.walletOf(w.city, person) == w.citizen
    assert w.registry.currentWallet(w.city, w.citizen) == w.citizen
    assert w.registry.nullifierOf(w.city, w.new_wallet) == bytes(32)


def test_propose_recovery_reverts_when_one_is_under_way(w):
    w.registry.proposeRecovery(w.city, w.citizen, w.new_wallet, h("seen"), by=w.verifier)
    with reverts("CityRegistry_RecoveryPending", w.city, w.citizen, w.new_wallet):
        w.registry.proposeRecovery(w.city, w.citizen, w.spare_wallet, h("seen"), by=w.verifier)


def test_propose_recovery_reverts_when_old_wallet_no_citizens(w):
    with reverts("CityRegistry_NotCitizen", w.city, w.stranger):
        w.registry.proposeRecovery(w.city, w.stranger, w.new_wallet, h("seen"), by=w.verifier)


def test_propose_recovery_reverts_when_old_wallet_was_recovered_before(w):
    w.recover(w.citizen, w.new_wallet)
    with reverts("CityRegistry_NotCitizen", w.city, w.citizen):
        w.registry.proposeRecovery(w.city, w.citizen, w.spare_wallet, h("seen"), by=w.verifier)


def test_propose_recovery_reverts_when_new_wallet_is_a_persons(w):
    with reverts("CityRegistry_WalletTaken", w.city, w.neighbour):
        w.registry.proposeRecovery(w.city, w.citizen, w.neighbour, h("seen"), by=w.verifier)


def test_propose_recovery_reverts_when_new_wallet_is_the_old_one(w):
    with reverts("CityRegistry_WalletTaken", w.city, w.citizen):
        w.registry.proposeRecovery(w.city, w.citizen, w.citizen, h("seen"), by=w.verifier)


def test_propose_recovery_reverts_when_new_wallet_was_given_up(w):
    w.recover(w.neighbour, w.new_wallet)
    with reverts("CityRegistry_WalletTaken", w.city, w.neighbour):
        w.registry.proposeRecovery(w.city, w.citizen, w.neighbour, h("seen"), by=w.verifier)


def test_propose_recovery_reverts_when_new_wallet_zero(w):
    with reverts("CityRegistry_ZeroAddress"):
        w.registry.proposeRecovery(w.city, w.citizen, ZERO, h("seen"), by=w.verifier)


@pytest.mark.parametrize("who", ["operator", "steward", "moderator", "other_verifier", "citizen"])
def test_propose_recovery_reverts_when_not_verifier(w, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, VERIFIER):
        w.registry.proposeRecovery(w.city, w.citizen, w.new_wallet, h("seen"), by=caller)


@pytest.fixture
def proposed(w):
    w.registry.proposeRecovery(w.city, w.citizen, w.new_wallet, h("seen"), by=w.verifier)


@pytest.mark.parametrize("who", ["citizen", "verifier"])
def test_cancel_recovery_by_the_old_wallet_or_a_verifier_ends_it(w, proposed, who):
    by = getattr(w, who)
    tx = w.registry.cancelRecovery(w.city, w.citizen, by=by)
    assert tx.events == [("RecoveryCancelled", {"cityId": w.city, "oldWallet": w.citizen, "by": by})]
    assert w.registry.recoveryOf(w.city, w.citizen) == NOBODY
    w.node.travel(w.recovery_delay)
    with reverts("CityRegistry_NoRecovery", w.city, w.citizen):
        w.registry.executeRecovery(w.city, w.citizen, by=w.stranger)


def test_cancel_recovery_works_after_the_delay_too(w, proposed):
    w.node.travel(w.recovery_delay + 1)
    w.registry.cancelRecovery(w.city, w.citizen, by=w.citizen)
    assert w.registry.recoveryOf(w.city, w.citizen) == NOBODY


def test_cancel_recovery_lets_another_be_proposed(w, proposed):
    w.registry.cancelRecovery(w.city, w.citizen, by=w.citizen)
    w.registry.proposeRecovery(w.city, w.citizen, w.spare_wallet, h("seen"), by=w.verifier)
    assert w.registry.recoveryOf(w.city, w.citizen).newWallet == w.spare_wallet


@pytest.mark.parametrize("who", ["new_wallet", "steward", "moderator", "other_verifier", "stranger"])
def test_cancel_recovery_reverts_when_neither_old_wallet_nor_verifier(w, proposed, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_MayNotCancel", w.city, caller):
        w.registry.cancelRecovery(w.city, w.citizen, by=caller)


def test_cancel_recovery_reverts_when_none_under_way(w):
    with reverts("CityRegistry_NoRecovery", w.city, w.citizen):
        w.registry.cancelRecovery(w.city, w.citizen, by=w.citizen)
