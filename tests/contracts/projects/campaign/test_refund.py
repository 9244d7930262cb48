"""refund, refundTo: of a failed campaign all, of a stopped one the backers' part of the rest."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.raising import FAILED, FUNDED, OPEN, STOPPED
from tests.contracts.kit.world import DAY, h


@pytest.fixture
def failed(w, raising, donation):
    for who, amount in ((w.citizen, 600), (w.neighbour, 399)):
        raising.pledge(donation, who, amount)
    raising.end(donation)
    return donation


def test_refund_of_a_failed_campaign_is_all_of_it(w, raising, failed):
    assert failed.stateOf().phase == FAILED
    assert failed.refundableOf(w.citizen) == 600
    tx = failed.refund(w.citizen, by=w.stranger)
    tx.shows("PledgeRefunded", backer=w.citizen, to=w.citizen, principal=600, amount=600)
    assert raising.token.balanceOf(w.citizen) == 600
    assert failed.positionOf(w.citizen).amount == failed.refundableOf(w.citizen) == 0
    assert failed.stateOf().raised == 999


def test_refund_to_another_address(w, raising, failed):
    failed.refundTo(w.new_wallet, by=w.citizen)
    assert raising.token.balanceOf(w.new_wallet) == 600
    with reverts("Campaign_ZeroAddress"):
        failed.refundTo(ZERO, by=w.neighbour)


def test_refund_counts_once(w, failed):
    failed.refund(w.citizen, by=w.citizen)
    for again in (
        lambda: failed.refund(w.citizen, by=w.citizen),
        lambda: failed.refundTo(w.citizen, by=w.citizen),
    ):
        with reverts("Campaign_Nothing", w.citizen):
            again()


def test_no_refund_while_open_and_when_funded(w, raising, donation):
    raising.pledge(donation, w.citizen, 1_000)
    assert donation.refundableOf(w.citizen) == 0
    with reverts("Campaign_WrongPhase", OPEN):
        donation.refund(w.citizen, by=w.citizen)
    raising.end(donation)
    with reverts("Campaign_WrongPhase", FUNDED):
        donation.refund(w.citizen, by=w.citizen)


def test_the_goal_to_the_last_unit_decides(w, raising, donation):
    raising.pledge(donation, w.citizen, 999)
    raising.pledge(donation, w.neighbour, 1)
    w.node.travel(10 * DAY - 1)
    donation.withdraw(w.neighbour, by=w.neighbour)
    raising.end(donation)
    assert donation.stateOf().phase == FAILED


def test_refund_of_a_stopped_campaign_shares_the_rest(w, raising, half):
    """501 of 1,001 are left; each gets floor(501 × amount ÷ 1,001)."""
    half.stop(h("why"), by=raising.author)
    assert half.stateOf().phase == STOPPED
    paid = {}
    for who in (w.citizen, w.neighbour, w.third):
        assert half.refundableOf(who) == half.refund(who, by=who).one("PledgeRefunded").amount
        paid[who] = raising.token.balanceOf(who)
    assert list(paid.values()) == [300, 150, 50]
    half.collect(w.partner, by=w.partner)
    half.collectFees(by=w.stranger)
    assert raising.token.balanceOf(half.address) == 1


def test_a_refund_that_comes_to_nothing(w, raising, donation):
    """A base unit among 4,999, of which half is released: less than one is left for it."""
    for who, amount in ((w.citizen, 4_998), (w.neighbour, 1)):
        raising.pledge(donation, who, amount)
    raising.end(donation)
    donation.release(by=w.stranger)
    donation.stop(h("why"), by=raising.author)
    assert donation.refundableOf(w.neighbour) == 0
    with reverts("Campaign_Nothing", w.neighbour):
        donation.refund(w.neighbour, by=w.neighbour)
