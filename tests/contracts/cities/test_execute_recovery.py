"""executeRecovery: the new wallet stands for the person, and the old one never again for anybody."""

from itertools import pairwise

from tests.contracts.kit.contract import ZERO, deploy, reverts
from tests.contracts.kit.world import h


def propose(w, old, new):
    w.registry.proposeRecovery(w.city, old, new, h("seen"), by=w.verifier)


def test_execute_recovery_reverts_one_second_before_its_time_and_not_at_it(w):
    propose(w, w.citizen, w.new_wallet)
    at = w.now + w.recovery_delay
    w.node.travel_to(at - 1)
    with reverts("CityRegistry_RecoveryTooEarly", at, at - 1):
        w.registry.executeRecovery(w.city, w.citizen, by=w.stranger)
    w.node.travel_to(at)
    w.registry.executeRecovery(w.city, w.citizen, by=w.stranger)


def test_execute_recovery_puts_the_new_wallet_in_the_persons_place(w):
    person = w.registry.nullifierOf(w.city, w.citizen)
    tx = w.recover(w.citizen, w.new_wallet)
    tx.shows("Recovered", cityId=w.city, oldWallet=w.citizen, newWallet=w.new_wallet, nullifier=person)
    assert w.registry.walletOf(w.city, person) == w.new_wallet
    assert w.registry.nullifierOf(w.city, w.new_wallet) == person
    assert w.registry.nullifierOf(w.city, w.citizen) == bytes(32)
    assert w.registry.recoveryOf(w.city, w.citizen) == {"newWallet": ZERO, "executableAt": 0}
    with reverts("CityRegistry_NotCitizen", w.city, w.citizen):
        w.registry.requireCitizens(w.city, [w.citizen])


def test_execute_recovery_happens_once(w):
    w.recover(w.citizen, w.new_wallet)
    with reverts("CityRegistry_NoRecovery", w.city, w.citizen):
        w.registry.executeRecovery(w.city, w.citizen, by=w.stranger)


def test_execute_recovery_leaves_the_persons_wallet_in_another_city(w):
    elsewhere = w.registry.nullifierOf(w.other_city, w.citizen)
    w.recover(w.citizen, w.new_wallet)
    assert w.registry.walletOf(w.other_city, elsewhere) == w.citizen


def test_execute_recovery_reverts_when_nothing_was_proposed(w):
    with reverts("CityRegistry_NoRecovery", w.city, w.citizen):
        w.registry.executeRecovery(w.city, w.citizen, by=w.verifier)


def test_execute_recovery_reverts_when_new_wallet_was_registered_meanwhile(w):
    propose(w, w.citizen, w.new_wallet)
    w.registry.registerCitizen(w.city, w.new_wallet, h("Alex"), by=w.verifier)
    w.node.travel(w.recovery_delay)
    with reverts("CityRegistry_WalletTaken", w.city, w.new_wallet):
        w.registry.executeRecovery(w.city, w.citizen, by=w.stranger)
    w.registry.cancelRecovery(w.city, w.citizen, by=w.verifier)
    w.recover(w.citizen, w.spare_wallet)


def test_execute_recovery_reverts_when_new_wallet_went_to_another_recovery(w):
    propose(w, w.citizen, w.new_wallet)
    propose(w, w.neighbour, w.new_wallet)
    w.node.travel(w.recovery_delay)
    w.registry.executeRecovery(w.city, w.neighbour, by=w.stranger)
    with reverts("CityRegistry_WalletTaken", w.city, w.new_wallet):
        w.registry.executeRecovery(w.city, w.citizen, by=w.stranger)


def test_chain_of_recoveries_leads_from_every_old_wallet_to_the_last(w):
    chain = [w.citizen, w.new_wallet, w.newer_wallet, w.newest_wallet]
    for old, new in pairwise(chain):
        w.recover(old, new)
    for wallet in chain:
        assert w.registry.currentWallet(w.city, wallet) == w.newest_wallet


def test_m12_a_wallet_never_changes_hands(w):
    w.recover(w.citizen, w.new_wallet)
    with reverts("CityRegistry_WalletTaken", w.city, w.citizen):
        propose(w, w.new_wallet, w.citizen)
    with reverts("CityRegistry_WalletTaken", w.city, w.citizen):
        propose(w, w.neighbour, w.citizen)
    with reverts("CityRegistry_WalletTaken", w.city, w.citizen):
        w.registry.registerCitizen(w.city, w.citizen, h("Alex"), by=w.verifier)


def test_followers_are_called_in_their_order_in_the_same_transaction(w):
    ghosts = [deploy(w.node, w.book, w.project.FollowerProbe, by=w.deployer) for _ in range(2)]
    w.registry.setFollowers([ghost.address for ghost in ghosts], by=w.operator)
    tx = w.recover(w.citizen, w.new_wallet)
    probed = [log["address"] for log in tx.logs if log["address"] != w.registry.address.lower()]
    assert probed == [ghost.address.lower() for ghost in ghosts]
    for called in tx.all("Followed"):
        assert called == {"cityId": w.city, "oldWallet": w.citizen, "newWallet": w.new_wallet}
