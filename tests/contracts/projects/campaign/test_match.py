"""receiveMatch, returnMatch: the pool's part of a campaign."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import COMPLETED, OPEN
from tests.contracts.kit.world import DAY, h


@pytest.fixture
def matched(w, raising):
    """Of two citizens' 400 and 100 and a match of 400: the weight (20 + 10)² − 500, within the budget."""
    round_id = raising.open_round(10_000)
    made = raising.campaign(round_id=round_id, milestones=[5_000, 5_000], milestoneTerm=10**7)
    raising.pledge(made, w.citizen, 400)
    raising.pledge(made, w.neighbour, 100)
    raising.settle(round_id)
    made.round = round_id
    return made


def test_the_match_is_released_with_the_milestones(w, raising, matched):
    tx = w.pool.payMatch(matched.round, matched.address, by=w.stranger)
    tx.shows("MatchReceived", amount=400)
    assert matched.stateOf().matched == 400
    assert matched.release(by=w.stranger).one("TrancheReleased").amount == 450


def test_a_match_after_the_last_milestone_is_released_once_more(w, raising):
    round_id = raising.open_round(10_000)
    made = raising.campaign(round_id=round_id)
    raising.pledge(made, w.citizen, 400)
    raising.pledge(made, w.neighbour, 100)
    raising.settle(round_id)
    made.release(by=w.stranger).shows("TrancheReleased", milestone=1, amount=500, fee=10)
    assert made.stateOf().phase == COMPLETED
    w.pool.payMatch(round_id, made.address, by=w.stranger)
    made.release(by=w.stranger).shows("TrancheReleased", milestone=1, amount=400, fee=8)
    with reverts("Campaign_NoMilestone"):
        made.release(by=w.stranger)


def test_a_stop_splits_the_rest_by_what_each_put_in(w, raising, matched):
    """Of 900 the half is released; of the other 450, 250 are the backers' and 200 the pool's."""
    w.pool.payMatch(matched.round, matched.address, by=w.stranger)
    matched.release(by=w.stranger)
    stopped = matched.stop(h("why"), by=w.moderator).one("CampaignStopped")
    assert (stopped.toBackers, stopped.toPool) == (250, 200)
    before = raising.token.balanceOf(w.pool.address)
    matched.returnMatch(by=w.stranger).shows("MatchReturned", amount=200)
    assert raising.token.balanceOf(w.pool.address) == before + 200
    assert matched.stateOf().matched == 200
    with reverts("Campaign_Nothing", w.pool.address):
        matched.returnMatch(by=w.stranger)
    assert [matched.refundableOf(who) for who in (w.citizen, w.neighbour)] == [200, 50]


def test_only_the_pool_matches_and_only_what_is_funded(w, raising, donation):
    with reverts("Campaign_NotPool", w.stranger):
        donation.receiveMatch(1, by=w.stranger)
    with w.acting_as(w.pool.address) as pool, reverts("Campaign_WrongPhase", OPEN):
        donation.receiveMatch(1, by=pool)


def test_a_match_that_could_not_be_counted(w, raising, funded):
    most = 2**96 - 1
    with w.acting_as(w.pool.address) as pool, reverts("SafeCastOverflowedUintDowncast", 96, most + 1_001):
        funded.receiveMatch(most, by=pool)


def test_nothing_is_returned_of_what_is_not_stopped(w, matched):
    with reverts("Campaign_WrongPhase", 3):
        matched.returnMatch(by=w.stranger)


def test_a_withdrawal_is_counted_no_longer(w, raising):
    round_id = raising.open_round()
    made = raising.campaign(round_id=round_id)
    raising.pledge(made, w.citizen, 400)
    assert w.pool.tallyOf(round_id, made.address).people == 1
    w.node.travel(DAY)
    made.withdraw(w.citizen, by=w.citizen)
    assert w.pool.tallyOf(round_id, made.address).people == 0
