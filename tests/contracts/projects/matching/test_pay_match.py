"""payMatch, receiveReturn, reclaimRest: where the budget goes, to the last unit."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.raising import COMPLETED, FUNDED, RUNNING, SETTLED, STOPPED
from tests.contracts.kit.world import DAY, h

TREASURER = 16
SAYS_FALSE, REVERTS = 2, 3


@pytest.fixture
def number(raising):
    return raising.open_round(10_000)


@pytest.fixture
def campaign(w, raising, number):
    """Raised 300 of three citizens: a match of 600. Two milestones."""
    made = raising.campaign(round_id=number, milestones=[4_000, 6_000])
    for who in (w.citizen, w.neighbour, w.third):
        raising.pledge(made, who, 100)
    return made


@pytest.fixture
def settled(raising, number, campaign):
    raising.settle(number)
    return campaign


def pay(w, number, campaign):
    return w.pool.payMatch(number, campaign.address, by=w.stranger)


# ---------------------------------------------------------------------- payMatch


def test_pay_match_pays_the_campaign_by_anybodys_hand(w, raising, number, settled):
    tx = pay(w, number, settled)
    tx.shows("MatchPaid", roundId=number, campaign=settled.address, amount=600)
    tx.shows("MatchReceived", amount=600)
    assert settled.stateOf().matched == 600
    assert raising.token.balanceOf(settled.address) == 900
    assert raising.token.balanceOf(w.pool.address) == 9_400
    assert w.pool.tallyOf(number, settled.address).paid


def test_pay_match_once(w, number, settled):
    pay(w, number, settled)
    with reverts("MatchingPool_Nothing", number):
        pay(w, number, settled)


def test_match_is_released_with_the_milestones(w, raising, number, settled):
    settled.release(by=w.stranger)
    pay(w, number, settled)
    settled.report(h("built"), by=raising.author)
    w.node.travel(3 * DAY)
    released = settled.release(by=w.stranger).one("TrancheReleased")
    assert released.amount == 900 - 300 * 4 // 10
    assert settled.stateOf().phase == COMPLETED


def test_match_that_comes_after_the_last_milestone_is_released_too(w, raising, number):
    campaign = raising.campaign(round_id=number)
    for who in (w.citizen, w.neighbour, w.third):
        raising.pledge(campaign, who, 100)
    raising.settle(number)
    campaign.release(by=w.stranger)
    assert campaign.stateOf().phase == COMPLETED
    pay(w, number, campaign)
    assert campaign.release(by=w.stranger).one("TrancheReleased").amount == 600


def test_pay_match_reverts_before_the_round_is_settled(w, raising, number, campaign):
    with reverts("MatchingPool_WrongStep", number, RUNNING):
        pay(w, number, campaign)
    raising.settle(number)
    assert w.pool.roundOf(number).step == SETTLED


def test_pay_match_reverts_when_not_a_campaign_of_the_round(w, raising, number, settled):
    for round_id, address in ((number, w.stranger), (0, w.stranger), (9, settled.address)):
        with reverts("MatchingPool_NotItsCampaign", round_id, address):
            w.pool.payMatch(round_id, address, by=w.stranger)


def test_pay_match_reverts_where_there_is_none(w, raising, number):
    campaign = raising.campaign(round_id=number)
    raising.pledge(campaign, w.citizen, 500)
    raising.settle(number)
    with reverts("MatchingPool_Nothing", number):
        pay(w, number, campaign)


# ----------------------------------------------------- stopped before it was paid


def test_q5_a_campaign_that_was_stopped_before_it_was_paid_gets_nothing(w, raising, number, settled):
    settled.stop(h("reason"), by=raising.author)
    tx = pay(w, number, settled)
    tx.shows("MatchForfeited", roundId=number, campaign=settled.address, amount=600)
    assert tx.all("MatchPaid") == []
    assert settled.stateOf().matched == 0
    round_ = w.pool.roundOf(number)
    assert (round_.assigned, round_.rest) == (600, 10_000)
    with reverts("MatchingPool_Nothing", number):
        pay(w, number, settled)


# ------------------------------------------------------------ stopped after it was


def test_stopped_campaign_gives_its_match_back(w, raising, number, settled):
    """Of 900, 360 were released; of the other 540, 180 are the backers' and 360 the city's."""
    pay(w, number, settled)
    settled.release(by=w.stranger)
    settled.stop(h("reason"), by=raising.author).shows(
        "CampaignStopped", by=raising.author, toBackers=180, toPool=360, reason=h("reason")
    )
    tx = settled.returnMatch(by=w.stranger)
    tx.shows("MatchReturned", amount=360)
    tx.shows("MatchForfeited", roundId=number, campaign=settled.address, amount=360)
    assert w.pool.roundOf(number).rest == 9_400 + 360
    assert raising.token.balanceOf(w.pool.address) == 9_760
    assert [settled.refundableOf(who) for who in (w.citizen, w.neighbour, w.third)] == [60, 60, 60]


def test_rest_that_came_back_can_be_reclaimed_after_the_first(w, raising, number, settled):
    pay(w, number, settled)
    w.pool.reclaimRest(number, w.treasurer, by=w.treasurer)
    settled.stop(h("reason"), by=raising.author)
    settled.returnMatch(by=w.stranger)
    w.pool.reclaimRest(number, w.treasurer, by=w.treasurer)
    assert raising.token.balanceOf(w.treasurer) == 10_000
    assert raising.token.balanceOf(w.pool.address) == 0
    assert settled.stateOf().phase == STOPPED


@pytest.mark.parametrize("who", ["treasurer", "stranger"])
def test_receive_return_reverts_when_not_a_campaign_of_the_round(w, number, settled, who):
    caller = getattr(w, who)
    for round_id in (number, 0):
        with reverts("MatchingPool_NotItsCampaign", round_id, caller):
            w.pool.receiveReturn(round_id, 5, by=caller)


# ------------------------------------------------------------------- reclaimRest


def test_reclaim_rest_draws_what_the_settlement_left(w, raising, number, settled):
    tx = w.pool.reclaimRest(number, w.sponsor, by=w.treasurer)
    tx.shows("RestReclaimed", roundId=number, by=w.treasurer, to=w.sponsor, amount=9_400)
    assert raising.token.balanceOf(w.sponsor) == 9_400
    assert w.pool.roundOf(number).rest == 0
    pay(w, number, settled)
    assert raising.token.balanceOf(w.pool.address) == 0


def test_reclaim_rest_reverts_when_there_is_none(w, number, campaign):
    with reverts("MatchingPool_Nothing", number):
        w.pool.reclaimRest(number, w.treasurer, by=w.treasurer)


def test_reclaim_rest_reverts_when_drawn(w, number, settled):
    w.pool.reclaimRest(number, w.treasurer, by=w.treasurer)
    with reverts("MatchingPool_Nothing", number):
        w.pool.reclaimRest(number, w.treasurer, by=w.treasurer)


@pytest.mark.parametrize("who", ["steward", "sponsor", "stranger", "operator"])
def test_reclaim_rest_reverts_when_not_a_treasurer(w, number, settled, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, TREASURER):
        w.pool.reclaimRest(number, caller, by=caller)


def test_reclaim_rest_reverts_when_sent_to_nobody_or_round_unknown(w, number, settled):
    with reverts("MatchingPool_ZeroAddress"):
        w.pool.reclaimRest(number, ZERO, by=w.treasurer)
    with reverts("MatchingPool_UnknownRound", 9):
        w.pool.reclaimRest(9, w.treasurer, by=w.treasurer)


# --------------------------------------------------------------------- the books


def test_q2_the_pool_holds_what_is_not_paid_out(w, raising, number, campaign):
    other = raising.open_round(500)
    raising.settle(number)
    held = raising.token.balanceOf
    assert held(w.pool.address) == 10_500
    pay(w, number, campaign)
    assert held(w.pool.address) == 10_500 - 600
    w.pool.reclaimRest(number, w.sponsor, by=w.treasurer)
    assert held(w.pool.address) == w.pool.roundOf(other).budget == 500


def test_q4_a_settled_round_is_accounted_for_to_the_last_unit(w, raising):
    number = raising.open_round(1_000)
    campaigns = [raising.campaign(round_id=number, goal=1) for _ in range(3)]
    for i, one in enumerate(campaigns):
        for who in (w.citizen, w.neighbour, w.third):
            raising.pledge(one, who, 101 + i)
    raising.settle(number)
    round_ = w.pool.roundOf(number)
    assert round_.assigned + round_.rest == 1_000
    for one in campaigns[:2]:
        pay(w, number, one)
    campaigns[2].stop(h("reason"), by=raising.author)
    pay(w, number, campaigns[2])
    w.pool.reclaimRest(number, w.treasurer, by=w.treasurer)
    matched = sum(one.stateOf().matched for one in campaigns)
    assert matched + raising.token.balanceOf(w.treasurer) == 1_000
    assert raising.token.balanceOf(w.pool.address) == 0
    assert campaigns[0].stateOf().phase == FUNDED


# -------------------------------------------------------------------- bad tokens


@pytest.fixture
def bad(w, raising):
    """A settled round in money that is about to misbehave: the token and the campaign."""
    good, raising.token = raising.token, w.mock("BadToken")
    w.factory.setToken(raising.token.address, 100, by=w.operator)
    number = raising.open_round(10_000)
    campaign = raising.campaign(round_id=number)
    for who in (w.citizen, w.neighbour, w.third):
        raising.pledge(campaign, who, 100)
    raising.settle(number)
    yield raising.token, campaign, number
    raising.token = good


def test_match_in_a_token_that_fails_can_be_paid_later(w, bad):
    token, campaign, number = bad
    for manner, error in (
        (SAYS_FALSE, ("SafeERC20FailedOperation", token.address)),
        (REVERTS, ("BadToken_Refused",)),
    ):
        token.behave(manner, by=w.deployer)
        with reverts(*error):
            pay(w, number, campaign)
        with reverts(*error):
            w.pool.reclaimRest(number, w.treasurer, by=w.treasurer)
    token.behave(0, by=w.deployer)
    pay(w, number, campaign)
    w.pool.reclaimRest(number, w.treasurer, by=w.treasurer)
    assert (token.balanceOf(campaign.address), token.balanceOf(w.treasurer)) == (900, 9_400)


@pytest.mark.parametrize("door", ["payMatch", "reclaimRest"])
def test_token_that_calls_back_gets_in_nowhere(w, bad, door):
    token, campaign, number = bad
    calls = {
        "payMatch": ((number, campaign.address), w.stranger),
        "reclaimRest": ((number, w.treasurer), w.treasurer),
    }
    for back, (args, _) in calls.items():
        token.callBack(w.pool.address, getattr(w.pool, back).data(*args), by=w.deployer)
        args, caller = calls[door]
        with reverts("ReentrancyGuardReentrantCall"):
            getattr(w.pool, door)(*args, by=caller)
