"""withdraw, withdrawBySig: all that is in its cooling-off time."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.raising import FAILED, STOPPED
from tests.contracts.kit.signing import WITHDRAW, Domain, sign
from tests.contracts.kit.world import DAY, h


def test_withdraw_gives_all_of_it_back(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    tx = donation.withdraw(w.new_wallet, by=w.citizen)
    tx.shows("PledgeWithdrawn", backer=w.citizen, to=w.new_wallet, amount=300, tier=0)
    assert raising.token.balanceOf(w.new_wallet) == 300
    assert donation.positionOf(w.citizen).amount == donation.stateOf().raised == 0
    assert donation.stateOf().frozen


def test_withdraw_leaves_what_is_settled(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    w.node.travel(10 * DAY)
    raising.pledge(donation, w.citizen, 50)
    assert donation.withdraw(w.citizen, by=w.citizen).one("PledgeWithdrawn").amount == 50
    position = donation.positionOf(w.citizen)
    assert (position.amount, position.cooling, position.coolingUntil, position.cityId) == (300, 0, 0, 1)
    with reverts("Campaign_Nothing", w.citizen):
        donation.withdraw(w.citizen, by=w.citizen)


def test_withdraw_up_to_the_last_second(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    raising.pledge(donation, w.neighbour, 300)
    w.node.travel(10 * DAY - 1)
    donation.withdraw(w.citizen, by=w.citizen)
    w.node.travel(1)
    with reverts("Campaign_Nothing", w.neighbour):
        donation.withdraw(w.neighbour, by=w.neighbour)


def test_withdraw_after_closing_while_cooling_off_runs(w, raising, donation):
    w.node.travel(30 * DAY - 1)
    raising.pledge(donation, w.citizen, 1_000)
    raising.pledge(donation, w.neighbour, 1)
    w.node.travel(10 * DAY - 1)
    donation.withdraw(w.citizen, by=w.citizen)
    w.node.travel(2)
    with reverts("Campaign_WrongPhase", FAILED):
        donation.withdraw(w.neighbour, by=w.neighbour)


def test_withdraw_of_a_stopped_campaign_is_a_refund(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    donation.stop(h("why"), by=raising.author)
    with reverts("Campaign_WrongPhase", STOPPED):
        donation.withdraw(w.citizen, by=w.citizen)


def test_withdraw_to_nobody(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    with reverts("Campaign_ZeroAddress"):
        donation.withdraw(ZERO, by=w.citizen)


def test_withdraw_of_who_pledged_nothing(w, donation):
    with reverts("Campaign_Nothing", w.citizen):
        donation.withdraw(w.citizen, by=w.citizen)


# ------------------------------------------------------------------ signature


def signed(w, campaign, **changes):
    message = {
        "backer": w.citizen,
        "amount": 300,
        "nonce": campaign.nonces(w.citizen),
        "deadline": w.now + 60,
    }
    domain = Domain("Campaign", "1", w.node.chain_id, campaign.address)
    return sign(w.citizen.key, domain, WITHDRAW, message | changes)


def test_withdraw_by_signature_pays_the_backer(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    tx = donation.withdrawBySig(w.citizen, w.now + 60, signed(w, donation), by=w.relayer)
    tx.shows("PledgeWithdrawn", backer=w.citizen, to=w.citizen, amount=300, tier=0)
    assert raising.token.balanceOf(w.citizen) == 300


def test_a_signed_withdrawal_counts_once(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    signature = signed(w, donation)
    donation.withdrawBySig(w.citizen, w.now + 60, signature, by=w.relayer)
    raising.pledge(donation, w.citizen, 300)
    with reverts("Campaign_BadSignature", w.citizen):
        donation.withdrawBySig(w.citizen, w.now + 60, signature, by=w.relayer)


@pytest.mark.parametrize("field", ["backer", "amount", "nonce", "deadline"])
def test_every_field_of_a_signed_withdrawal_is_signed(w, raising, donation, field):
    raising.pledge(donation, w.citizen, 300)
    other = {"backer": w.neighbour, "amount": 299, "nonce": 7, "deadline": w.now + 61}
    with reverts("Campaign_BadSignature", w.citizen):
        donation.withdrawBySig(
            w.citizen, w.now + 60, signed(w, donation, **{field: other[field]}), by=w.relayer
        )


def test_a_signed_withdrawal_after_its_deadline(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    with reverts("Campaign_SignatureExpired", w.now - 1, w.now):
        donation.withdrawBySig(w.citizen, w.now - 1, signed(w, donation, deadline=w.now - 1), by=w.relayer)
