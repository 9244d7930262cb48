"""What tokens that misbehave can do: fail the action that meets them, and nothing else."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import Raising
from tests.contracts.kit.world import h

GOOD, TAKES_FEE, SAYS_FALSE, REVERTS, CALLS_BACK, SAYS_NOTHING = range(6)


@pytest.fixture(scope="module")
def raising(network, node):
    """As everywhere else, in money that can misbehave."""
    snapshot = node.snapshot()
    yield Raising(network, "BadToken")
    node.restore(snapshot)


def test_a_fee_on_the_transfer(w, raising, donation):
    raising.token.behave(TAKES_FEE, by=w.deployer)
    with reverts("Campaign_ShortTransfer", raising.token.address, 300, 299):
        raising.pledge(donation, w.citizen, 300)
    assert donation.stateOf().raised == 0
    assert not donation.stateOf().frozen


@pytest.mark.parametrize("manner", [SAYS_FALSE, REVERTS])
def test_a_token_that_refuses_pledges(w, raising, donation, manner):
    raising.token.behave(manner, by=w.deployer)
    refused = (
        ("SafeERC20FailedOperation", raising.token.address) if manner == SAYS_FALSE else ("BadToken_Refused",)
    )
    with reverts(*refused):
        raising.pledge(donation, w.citizen, 300)


def test_a_token_that_answers_nothing_works(w, raising, donation):
    raising.token.behave(SAYS_NOTHING, by=w.deployer)
    raising.pledge(donation, w.citizen, 300)
    donation.withdraw(w.citizen, by=w.citizen)
    assert raising.token.balanceOf(w.citizen) == 300


@pytest.mark.parametrize("manner", [SAYS_FALSE, REVERTS])
def test_what_cannot_be_paid_waits(w, raising, half, manner):
    half.stop(h("why"), by=raising.author)
    raising.token.behave(manner, by=w.deployer)
    refused = (
        ("SafeERC20FailedOperation", raising.token.address) if manner == SAYS_FALSE else ("BadToken_Refused",)
    )
    for act in (
        lambda: half.refund(w.citizen, by=w.citizen),
        lambda: half.collect(w.partner, by=w.partner),
        lambda: half.collectFees(by=w.stranger),
    ):
        with reverts(*refused):
            act()
    raising.token.behave(GOOD, by=w.deployer)
    assert half.refund(w.citizen, by=w.citizen).one("PledgeRefunded").amount == 300
    assert half.collect(w.partner, by=w.partner).one("TrancheCollected").amount == 490


def test_c5_a_rejected_payee_blocks_nobody(w, raising, funded):
    """Payee, treasury and a backer are blocked: milestones go on, all others are paid, and they elsewhere."""
    treasury = w.factory.treasury()
    for one in (w.partner, treasury, w.citizen):
        raising.token.setBlocked(one, True, by=w.deployer)
    funded.release(by=w.stranger)
    funded.report(h("evidence"), by=w.partner)
    with reverts("BadToken_Refused"):
        funded.collect(w.partner, by=w.partner)
    with reverts("BadToken_Refused"):
        funded.collectFees(by=w.stranger)
    funded.collect(w.new_wallet, by=w.partner)
    funded.stop(h("why"), by=w.moderator)
    with reverts("BadToken_Refused"):
        funded.refund(w.citizen, by=w.stranger)
    assert funded.refund(w.neighbour, by=w.stranger).one("PledgeRefunded").amount == 150
    assert funded.refundTo(w.newer_wallet, by=w.citizen).one("PledgeRefunded").amount == 300


ACTIONS = {
    "pledge": lambda w, c: c.pledge.data({"amount": 1, "cityId": 0, "tier": 0, "source": 0, "edition": 1}),
    "withdraw": lambda w, c: c.withdraw.data(w.stranger),
    "refund": lambda w, c: c.refund.data(w.citizen),
    "refundTo": lambda w, c: c.refundTo.data(w.stranger),
    "release": lambda w, c: c.release.data(),
    "collect": lambda w, c: c.collect.data(w.stranger),
    "collectFees": lambda w, c: c.collectFees.data(),
    "returnMatch": lambda w, c: c.returnMatch.data(),
    "followRecovery": lambda w, c: c.followRecovery.data(w.citizen),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_no_call_comes_back_while_money_moves(w, raising, donation, action):
    """Coming in and going out."""
    raising.token.callBack(donation.address, ACTIONS[action](w, donation), by=w.deployer)
    with reverts("ReentrancyGuardReentrantCall"):
        raising.pledge(donation, w.citizen, 300)
    raising.token.behave(GOOD, by=w.deployer)
    raising.pledge(donation, w.citizen, 300)
    raising.token.behave(CALLS_BACK, by=w.deployer)
    with reverts("ReentrancyGuardReentrantCall"):
        donation.withdraw(w.citizen, by=w.citizen)


def test_a_token_without_permits_leaves_the_allowance_to_count(w, raising, donation):
    """Whatever the call for the permit does."""
    raising.give(w.citizen, 300, donation.address)
    given = {"amount": 300, "cityId": 1, "tier": 0, "source": 0, "edition": 1}
    permit = {"value": 300, "deadline": w.now + 60, "v": 27, "r": h("r"), "s": h("s")}
    donation.pledgeWithPermit(given, permit, by=w.citizen)
    assert donation.stateOf().raised == 300


def test_a_match_that_arrives_short_on_either_way(w, raising):
    """Neither the campaign nor the pool counts what did not arrive; both can be tried again."""
    round_id = raising.open_round(10_000)
    made = raising.campaign(round_id=round_id, milestones=[5_000, 5_000])
    raising.pledge(made, w.citizen, 400)
    raising.pledge(made, w.neighbour, 100)
    raising.settle(round_id)
    raising.token.behave(TAKES_FEE, by=w.deployer)
    with reverts("MatchingPool_ShortTransfer", raising.token.address, 400, 399):
        w.pool.payMatch(round_id, made.address, by=w.stranger)
    raising.token.behave(GOOD, by=w.deployer)
    w.pool.payMatch(round_id, made.address, by=w.stranger)
    made.stop(h("why"), by=raising.author)
    raising.token.behave(TAKES_FEE, by=w.deployer)
    with reverts("Campaign_ShortTransfer", raising.token.address, 400, 399):
        made.returnMatch(by=w.stranger)
    raising.token.behave(GOOD, by=w.deployer)
    made.returnMatch(by=w.stranger).shows("MatchReturned", amount=400)
