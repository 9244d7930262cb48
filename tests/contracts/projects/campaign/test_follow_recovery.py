"""followRecovery: a position goes to the wallet that stands for its citizen, in the city that it names."""

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import DAY, h


def test_a_position_moves_whole_and_can_still_be_withdrawn(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    old = donation.positionOf(w.citizen)
    w.recover(w.citizen, w.new_wallet)
    donation.followRecovery(w.citizen, by=w.stranger).shows(
        "PledgeMoved",
        oldWallet=w.citizen,
        newWallet=w.new_wallet,
        amount=300,
        cooling=300,
        coolingUntil=old.coolingUntil,
        tier=0,
        drawn=0,
    )
    assert donation.positionOf(w.new_wallet) == old
    assert donation.positionOf(w.citizen).amount == 0
    donation.withdraw(w.new_wallet, by=w.new_wallet)


def test_what_has_run_out_moves_as_settled(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    w.node.travel(8 * DAY)
    w.recover(w.citizen, w.new_wallet)
    moved = donation.followRecovery(w.citizen, by=w.stranger).one("PledgeMoved")
    assert (moved.amount, moved.cooling, moved.coolingUntil) == (300, 0, 0)


def test_it_is_added_to_what_the_new_wallet_has_as_nobodys(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    raising.pledge(donation, w.new_wallet, 40, city=0)
    w.recover(w.citizen, w.new_wallet)
    raising.pledge(donation, w.neighbour, 1)
    donation.followRecovery(w.citizen, by=w.stranger)
    position = donation.positionOf(w.new_wallet)
    assert (position.amount, position.cooling, position.cityId) == (340, 40, 0)


def test_nobodys_position_does_not_become_a_citys_by_what_is_added(w, raising, donation):
    """A verifier who recovers a citizen to a stranger's address, and then that address to another."""
    raising.pledge(donation, w.stranger, 300, city=0)
    raising.pledge(donation, w.citizen, 1)
    w.recover(w.citizen, w.stranger)
    donation.followRecovery(w.citizen, by=w.neighbour)
    w.recover(w.stranger, w.new_wallet)
    with reverts("Campaign_NotRecovered", 0, w.stranger):
        donation.followRecovery(w.stranger, by=w.neighbour)
    assert donation.positionOf(w.stranger).amount == 301


def test_beside_a_position_of_another_city_it_comes_settled(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    w.enrol(w.other_city, w.other_verifier, [w.new_wallet])
    raising.pledge(donation, w.new_wallet, 40, city=2)
    w.recover(w.citizen, w.new_wallet)
    donation.followRecovery(w.citizen, by=w.stranger)
    position = donation.positionOf(w.new_wallet)
    assert (position.amount, position.cooling, position.cityId) == (340, 40, 2)


def test_through_several_wallets_to_the_last(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    w.recover(w.citizen, w.new_wallet)
    w.recover(w.new_wallet, w.newer_wallet)
    donation.followRecovery(w.citizen, by=w.stranger)
    assert donation.positionOf(w.newer_wallet).amount == 300


def test_who_was_not_recovered_or_pledged_as_nobodys(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    raising.pledge(donation, w.neighbour, 1, city=0)
    with reverts("Campaign_NotRecovered", 1, w.citizen):
        donation.followRecovery(w.citizen, by=w.stranger)
    w.recover(w.neighbour, w.new_wallet)
    with reverts("Campaign_NotRecovered", 0, w.neighbour):
        donation.followRecovery(w.neighbour, by=w.stranger)


def test_a_recovery_in_another_city_moves_nothing(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    w.recover(w.citizen, w.new_wallet, city=2)
    with reverts("Campaign_NotRecovered", 1, w.citizen):
        donation.followRecovery(w.citizen, by=w.stranger)


def test_who_objected_before_objects_no_more(w, raising):
    made = raising.campaign(milestones=[5_000, 5_000], vetoWindow=9 * DAY)
    for who, amount in ((w.citizen, 600), (w.neighbour, 300)):
        raising.pledge(made, who, amount)
    raising.end(made)
    made.release(by=w.stranger)
    made.report(h("evidence"), by=w.partner)
    made.object(by=w.neighbour)
    w.recover(w.neighbour, w.new_wallet)
    made.followRecovery(w.neighbour, by=w.stranger)
    with reverts("Campaign_ObjectedAlready", w.new_wallet):
        made.object(by=w.new_wallet)


def test_a_withdrawal_by_the_old_wallet_is_counted_no_longer(w, raising):
    """Until somebody moves it, the old key has what it had; the round forgets what it takes."""
    round_id = raising.open_round()
    made = raising.campaign(round_id=round_id)
    raising.pledge(made, w.citizen, 300)
    w.recover(w.citizen, w.new_wallet)
    made.withdraw(w.citizen, by=w.citizen)
    assert w.pool.tallyOf(round_id, made.address).people == 0
