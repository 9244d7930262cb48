"""collect: what a campaign paid comes into the books, whoever had it paid: cost first, then gain."""

import pytest

from tests.contracts.funds.holdings.conftest import CASH, changes
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import WINDING
from tests.contracts.kit.raising import DONATION, SHARE
from tests.contracts.kit.world import DAY, h


@pytest.fixture
def collect(w):
    return lambda fund, holding: fund.collect(holding.address, by=w.stranger)


@pytest.fixture
def half(w, raising, fund, donation, invest):
    """The fund has 5,001 of 10,002 in the donation, of which half is released."""
    invest(fund, donation, 5_001)
    raising.pledge(donation, w.citizen, 5_001, city=0)
    raising.end(donation)
    donation.release(by=w.stranger)
    return donation


# ------------------------------------------------------------------- proceeds


def test_proceeds_reduce_cost_first(funding, fund, earning, collect):
    earning.give(400)
    before = fund.booksOf()
    tx = collect(fund, earning)
    tx.shows("ProceedsCollected", holding=earning.address, amount=200, cost=200, loss=0, principal=0)
    assert tx.one("ProceedsClaimed").amount == 200
    assert changes(before, fund.booksOf()) == {"cash": 200, "cost": -200, "value": -200}
    holding = fund.holdingOf(earning.address)
    assert (holding.principal, holding.cost, holding.value, holding.drawn) == (600, 400, 400, 200)
    assert funding.token.balanceOf(fund.address) == CASH - 600 + 200


def test_proceeds_above_cost_are_gain(fund, earning, collect):
    earning.give(400)
    collect(fund, earning)
    earning.give(1_000)
    before = fund.booksOf()
    tx = collect(fund, earning)
    tx.shows("ProceedsCollected", holding=earning.address, amount=500, cost=400, loss=0, principal=0)
    gained = {"cash": 500, "cost": -400, "value": -400, "gains": 100, "finallyClosed": True}
    assert changes(before, fund.booksOf()) == gained
    earning.give(20)
    assert collect(fund, earning).one("ProceedsCollected").cost == 0
    assert fund.booksOf().gains == 110


def test_what_others_had_paid_counts(w, fund, earning, collect):
    earning.give(400)
    earning.claim(fund.address, by=w.guest)
    earning.give(40)
    earning.claim(fund.address, by=w.guest)
    earning.give(2)
    assert fund.booksOf().cash == CASH - 600
    tx = collect(fund, earning)
    tx.shows("ProceedsCollected", holding=earning.address, amount=221, cost=221, loss=0, principal=0)
    assert fund.holdingOf(earning.address).drawn == earning.positionOf(fund.address).drawn == 221


def test_what_others_had_paid_counts_alone(w, fund, earning, collect):
    earning.give(400)
    earning.claim(fund.address, by=w.guest)
    tx = collect(fund, earning)
    assert tx.all("ProceedsClaimed") == []
    assert tx.one("ProceedsCollected").amount == 200
    with reverts("FundAvatar_Nothing", earning.address):
        collect(fund, earning)


def test_odd_sums_in_any_order_come_to_the_same(w, fund, earning, collect):
    for amount in (7, 101, 1, 13):
        earning.give(amount)
        if amount == 101:
            earning.claim(fund.address, by=w.guest)
        elif earning.claimableOf(fund.address):
            collect(fund, earning)
    assert fund.holdingOf(earning.address).drawn == 122 * 600 // 1_200
    assert fund.booksOf().cash == CASH - 600 + 61


def test_proceeds_take_from_the_mark_but_not_below_zero(fund, earning, collect, mark):
    mark(fund, earning, 250)
    earning.give(400)
    collect(fund, earning)
    assert (fund.holdingOf(earning.address).value, fund.booksOf().value) == (50, 50)
    earning.give(400)
    collect(fund, earning)
    assert (fund.holdingOf(earning.address).value, fund.booksOf().value) == (0, 0)
    assert fund.holdingOf(earning.address).cost == 200


def test_repayments_are_collected_as_distributions_are(w, raising, fund, loan, collect):
    loan.release(by=w.stranger)
    raising.give(w.partner, 300, loan.address)
    loan.repay(300, by=w.partner)
    tx = collect(fund, loan)
    tx.shows("ProceedsCollected", holding=loan.address, amount=150, cost=150, loss=0, principal=0)


def test_proceeds_of_what_was_written_off_are_gain(fund, earning, collect, manager):
    fund.writeOff(earning.address, h("why"), by=manager)
    earning.give(400)
    assert collect(fund, earning).one("ProceedsCollected").cost == 0
    assert (fund.booksOf().gains, fund.booksOf().losses, fund.booksOf().cost) == (200, 600, 0)


def test_collect_after_the_end_of_life(w, fund, earning, collect):
    earning.give(400)
    w.node.travel_to(fund.booksOf().endsAt)
    assert fund.phase() == WINDING
    assert collect(fund, earning).one("ProceedsCollected").amount == 200


def test_the_fee_of_the_time_before_is_of_the_cost_before(w, fund, earning, collect, harvest):
    earning.give(1_200)
    harvest(fund)
    due = fund.booksOf().feeDue
    w.node.travel(365 * DAY)
    collect(fund, earning)
    assert fund.booksOf().cost == 0
    assert fund.booksOf().feeDue == due + 600 * 200 // 10_000
    w.node.travel(365 * DAY)
    assert fund.booksOf().feeDue == due + 12


# -------------------------------------------------------------------- refunds


def refunded_by(who, fund, campaign):
    """What `collect` shows, where the refund is triggered by it or was by a stranger."""
    if who == "stranger":
        campaign.refund(fund.address, by=fund.w.guest)
    return fund.collect(campaign.address, by=fund.w.guest)


@pytest.fixture(params=["collect", "stranger"])
def refund(request, w, fund):
    fund.w = w
    return lambda campaign: refunded_by(request.param, fund, campaign)


def test_a_failed_campaign_gives_all_back(funding, raising, fund, invest, refund):
    campaign = raising.campaign(DONATION, goal=10**6)
    before = fund.booksOf()
    invest(fund, campaign, 5_000)
    raising.end(campaign)
    refund(campaign).shows(
        "ProceedsCollected", holding=campaign.address, amount=5_000, cost=5_000, loss=0, principal=5_000
    )
    assert changes(before, fund.booksOf()) == {}
    assert fund.exposureTo(raising.project) == fund.holdingOf(campaign.address).principal == 0
    assert funding.token.balanceOf(fund.address) == CASH
    with reverts("FundAvatar_NoHolding", campaign.address):
        fund.collect(campaign.address, by=funding.w.stranger)


def test_a_campaign_stopped_after_a_release_gives_the_rest_back(raising, fund, half, refund):
    """Of 10,002 half is gone: 5,001 × 5,001 ÷ 10,002, rounded down."""
    before = fund.booksOf()
    half.stop(h("reason"), by=raising.author)
    refund(half).shows(
        "ProceedsCollected", holding=half.address, amount=2_500, cost=2_500, loss=2_501, principal=5_001
    )
    lost = {"cash": 2_500, "cost": -5_001, "value": -5_001, "losses": 2_501}
    assert changes(before, fund.booksOf()) == lost
    assert fund.exposureTo(raising.project) == 0


def test_a_refund_ends_the_mark(raising, fund, half, mark, refund):
    mark(fund, half, 9_000)
    half.stop(h("reason"), by=raising.author)
    refund(half)
    assert fund.holdingOf(half.address).value == fund.booksOf().value == 0


def test_a_refund_of_what_was_written_off_is_gain(raising, fund, half, manager, refund):
    fund.writeOff(half.address, h("why"), by=manager)
    half.stop(h("reason"), by=raising.author)
    refund(half).shows(
        "ProceedsCollected", holding=half.address, amount=2_500, cost=0, loss=0, principal=5_001
    )
    assert (fund.booksOf().gains, fund.booksOf().losses) == (2_500, 5_001)


def test_a_loan_stopped_before_a_release_gives_all_back(raising, fund, loan, refund):
    loan.stop(h("reason"), by=raising.author)
    refund(loan).shows("ProceedsCollected", holding=loan.address, amount=600, cost=600, loss=0, principal=600)


def test_a_loan_stopped_after_a_release_goes_on_paying(w, raising, fund, loan, refund):
    """What the stop left is drawn as repayments are, and the rest of the cost stands for those to come."""
    loan.release(by=w.stranger)
    loan.stop(h("reason"), by=raising.author)
    refund(loan).shows("ProceedsCollected", holding=loan.address, amount=300, cost=300, loss=0, principal=0)
    assert fund.exposureTo(raising.project) == 600
    raising.give(w.partner, 600, loan.address)
    loan.repay(600, by=w.partner)
    assert fund.collect(loan.address, by=w.guest).one("ProceedsCollected").amount == 300
    assert fund.holdingOf(loan.address).cost == 0


def test_a_match_in_a_stopped_campaign_is_not_the_funds(w, raising, fund, invest, refund):
    number = raising.open_round(1_000)
    campaign = raising.campaign(
        DONATION, number, milestones=[5_000, 5_000], milestoneTerm=10**9, payee=w.partner
    )
    invest(fund, campaign, 900)
    for who in (w.citizen, w.neighbour):
        raising.pledge(campaign, who, 50)
    raising.settle(number)
    w.pool.payMatch(number, campaign.address, by=w.stranger)
    campaign.release(by=w.stranger)
    matched = campaign.stateOf().matched
    assert matched != 0
    campaign.stop(h("reason"), by=raising.author)
    state = campaign.stateOf()
    rest = 1_000 + matched - state.released
    assert state.toBackers == rest * 1_000 // (1_000 + matched)
    assert refund(campaign).one("ProceedsCollected").amount == state.toBackers * 900 // 1_000


# -------------------------------------------------------------------- refused


def test_collect_reverts_when_nothing_came(w, fund, donation, invest, collect):
    with reverts("FundAvatar_NoHolding", donation.address):
        collect(fund, donation)
    for target in (w.partner, fund.address):
        with reverts("FundAvatar_NoHolding", target):
            fund.collect(target, by=w.stranger)
    invest(fund, donation, 1)
    with reverts("FundAvatar_Nothing", donation.address):
        collect(fund, donation)


def test_collect_reverts_when_all_is_in_the_books(fund, earning, collect):
    with reverts("FundAvatar_Nothing", earning.address):
        collect(fund, earning)
    earning.give(2)
    collect(fund, earning)
    with reverts("FundAvatar_Nothing", earning.address):
        collect(fund, earning)


def test_collect_is_not_entered_again(w, funding, raising):
    good, token = funding.token, w.mock("BadToken")
    funding.token = raising.token = token
    try:
        w.factory.setToken(token.address, 100, by=w.operator)
        fund = funding.qualify(funding.closed())
        funding.call_paid(fund, 6_000)
        share = raising.campaign(SHARE, unitPrice=100)
        fund.invest(share.address, 600, 0, 1, by=w.fund_manager)
        raising.end(share)
        share.release(by=w.stranger)
        raising.give(w.partner, 500, share.address)
        share.distribute(500, by=w.partner)
        token.callBack(fund.address, fund.collect.data(share.address), by=w.deployer)
        with reverts("ReentrancyGuardReentrantCall"):
            fund.collect(share.address, by=w.stranger)
        token.behave(0, by=w.deployer)
        fund.collect(share.address, by=w.stranger)
        assert fund.booksOf().cash == 6_000 - 600 + 500
    finally:
        funding.token = raising.token = good


# ---------------------------------------------------------------- commitments


def test_a_gain_ends_the_time_of_commitments_and_what_reduces_cost_does_not(
    w, funding, fund, earning, collect
):
    """A stranger can send a few units of income in; they cannot keep partners out with it."""
    earning.give(2)
    collect(fund, earning)
    funding.commit(fund, w.citizen, 10)
    earning.give(1_200)
    collect(fund, earning)
    with reverts("FundAvatar_CommitmentsClosed"):
        fund.commit(10, 10**6, by=w.citizen)


# ------------------------------------------------------------------- recovery


def moved_in(w, raising, fund, campaign, amount):
    """A citizen's position becomes the fund's, by a recovery to its address; the citizen had drawn of it."""
    raising.pledge(campaign, w.citizen, amount)
    raising.end(campaign)
    campaign.release(by=w.stranger)
    raising.give(w.partner, 1_200, campaign.address)
    campaign.distribute(1_200, by=w.partner)
    campaign.claim(w.citizen, by=w.citizen)
    w.recover(w.citizen, fund.address)
    campaign.followRecovery(w.citizen, by=w.stranger)


def test_what_a_citizen_drew_before_a_recovery_to_the_fund_is_no_money_of_its(
    w, funding, raising, fund, share, invest
):
    invest(fund, share, 600)
    moved_in(w, raising, fund, share, 600)
    position = share.positionOf(fund.address)
    assert (position.amount, position.drawn) == (1_200, 600)
    tx = fund.collect(share.address, by=w.stranger)
    tx.shows("ProceedsCollected", holding=share.address, amount=600, cost=600, loss=0, principal=0)
    assert funding.token.balanceOf(fund.address) == fund.booksOf().cash == CASH
    with reverts("FundAvatar_Nothing", share.address):
        fund.collect(share.address, by=w.stranger)


def test_what_a_recovery_added_stays_and_is_no_holding(w, funding, raising, fund, donation, invest, manager):
    invest(fund, donation, 600)
    raising.pledge(donation, w.citizen, 50)
    w.recover(w.citizen, fund.address)
    donation.followRecovery(w.citizen, by=w.stranger)
    tx = fund.withdrawInvestment(donation.address, by=manager)
    assert (tx.one("InvestmentWithdrawn").amount, tx.one("InvestmentWithdrawn").cost) == (600, 600)
    assert fund.exposureTo(raising.project) == fund.holdingOf(donation.address).principal == 0
    assert funding.token.balanceOf(fund.address) == fund.booksOf().cash == CASH
    assert donation.positionOf(fund.address).amount == 50
