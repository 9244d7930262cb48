"""payTo, and collect of a fund: calls of another fund are paid, what it distributes comes into the books."""

import pytest

from tests.contracts.funds.holdings.conftest import CASH, changes
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import ENDED
from tests.contracts.kit.world import DAY, h


@pytest.fixture
def pay_to(manager):
    return lambda parent, child, amount: parent.payTo(child.address, amount, by=manager)


@pytest.fixture
def called(w, funding, parent, child, manager):
    """`parent` committed 9,000 of 39,000, of which 13,000 are called."""
    parent.commitTo(child.address, 9_000, 0, by=manager)
    child.close(by=manager)
    funding.call(child, 13_000)
    return child


@pytest.fixture
def paid(funding, parent, called, pay_to):
    """All have paid; the fund has 13,000, of which 3,000 are of `parent`."""
    pay_to(parent, called, called.dueOf(parent.address).due)
    for partner in funding.partners:
        funding.pay(called, partner)
    funding.pass_due(called)
    return called


# ----------------------------------------------------------------------- pay


def test_pay_to_pays_a_call(funding, parent, called, pay_to):
    due = called.dueOf(parent.address).due
    assert due == 2_999  # a third, called in 10^18ths and rounded down
    before = parent.booksOf()
    tx = pay_to(parent, called, due)
    tx.shows("FundPaid", fund=called.address, amount=due, expense=0)
    tx.shows("CallPaid", partner=parent.address, payer=parent.address, amount=due, lateFee=0)
    assert changes(before, parent.booksOf()) == {"cash": -due, "cost": due, "value": due}
    holding = parent.holdingOf(called.address)
    assert (holding.principal, holding.cost, holding.commitment) == (due, due, 9_000)
    assert called.balanceOf(parent.address) == due
    assert funding.token.allowance(parent.address, called.address) == 0


def test_pay_to_in_parts(parent, called, pay_to):
    for amount in (1_000, 1_999):
        pay_to(parent, called, amount)
    assert parent.holdingOf(called.address).principal == 2_999
    with reverts("FundAvatar_OverDue", 0, 1):
        pay_to(parent, called, 1)


def test_pay_to_late_costs_the_fee_on_top_which_is_lost(funding, parent, called, pay_to):
    """5 % of 1,001, rounded up."""
    funding.pass_due(called)
    before = parent.booksOf()
    tx = pay_to(parent, called, 1_001)
    tx.shows("FundPaid", fund=called.address, amount=1_001, expense=51)
    late = {"cash": -1_052, "cost": 1_001, "value": 1_001, "losses": 51}
    assert changes(before, parent.booksOf()) == late
    assert funding.token.allowance(parent.address, called.address) == 0
    assert called.booksOf().gains == 51


def test_pay_to_what_is_late_and_what_is_not(funding, parent, called, pay_to):
    """Of a second call nothing is late yet: the fee is on what is left of the first."""
    pay_to(parent, called, 2_000)
    funding.pass_due(called)
    funding.call(called, 13_000)
    late = called.dueOf(parent.address).late
    assert (called.dueOf(parent.address).due, late) == (3_999, 999)
    pay_to(parent, called, 3_999).shows("FundPaid", fund=called.address, amount=3_999, expense=50)


def test_pay_to_after_the_investment_period(w, parent, called, harvest, pay_to):
    """The fee is of cost then: what accrued before the payment is of what it was before."""
    harvest(parent)
    due = parent.booksOf().feeDue
    w.node.travel(365 * DAY)
    pay_to(parent, called, 2_000)
    assert parent.booksOf().feeDue == due
    w.node.travel(365 * DAY)
    assert parent.booksOf().feeDue == due + 40


def test_pay_to_reverts_when_by_another_than_the_manager(w, parent, called):
    with reverts("FundAvatar_NotManager", w.organisation):
        parent.payTo(called.address, 1, by=w.organisation)


def test_pay_to_reverts_when_nothing_is_paid(parent, called, pay_to):
    with reverts("FundAvatar_BadAmount"):
        pay_to(parent, called, 0)


def test_pay_to_reverts_when_nothing_was_committed(funding, fund, parent, called, donation, invest, pay_to):
    other = funding.launch()
    for target in (other, parent):
        with reverts("FundAvatar_NoHolding", target.address):
            pay_to(parent, target, 1)
    invest(fund, donation, 1)
    with reverts("FundAvatar_UnknownTarget", donation.address):
        pay_to(fund, donation, 1)
    with reverts("FundAvatar_UnknownTarget", called.address):
        parent.withdrawInvestment(called.address, by=funding.w.fund_manager)


def test_pay_to_reverts_when_more_than_is_due(parent, called, pay_to):
    with reverts("FundAvatar_OverDue", 2_999, 3_000):
        pay_to(parent, called, 3_000)


def test_pay_to_reverts_when_there_is_not_the_cash(funding, called, manager, pay_to):
    """Neither for the call nor, when it is late, for the fee on top."""
    poor = funding.closed({"mayCommit": True})
    funding.admit(called, poor.address)
    funding.call_paid(poor, 3_300)
    poor.commitTo(called.address, 9_000, 3_300, by=manager)
    funding.call(called, 13_000)
    (due, _), cash = called.dueOf(poor.address).values(), poor.booksOf().cash
    assert 0 < cash < due
    with reverts("FundAvatar_OverCash", cash, due):
        pay_to(poor, called, due)
    funding.pass_due(called)
    with reverts("FundAvatar_OverCash", cash, cash + -(-cash * 5 // 100)):
        pay_to(poor, called, cash)


def test_pay_to_reverts_when_the_fund_has_ended(w, funding, parent, called, manager, pay_to):
    w.node.travel_to(parent.booksOf().endsAt)
    parent.takeFee(by=manager)
    funding.distribute(parent)
    parent.conclude(by=manager)
    with reverts("FundAvatar_WrongPhase", ENDED):
        pay_to(parent, called, 1)


# ------------------------------------------------------------------- collect


def test_collect_takes_what_the_fund_distributed(w, funding, parent, paid):
    funding.distribute(paid, 6_500)
    before = parent.booksOf()
    claimable = paid.claimableOf(parent.address)
    assert 1_499 <= claimable <= 1_500
    tx = parent.collect(paid.address, by=w.stranger)
    tx.shows("ProceedsCollected", holding=paid.address, amount=claimable, cost=claimable, loss=0, principal=0)
    tx.shows("DistributionClaimed", partner=parent.address, to=parent.address, amount=claimable)
    back = {"cash": claimable, "cost": -claimable, "value": -claimable}
    assert changes(before, parent.booksOf()) == back
    assert parent.holdingOf(paid.address).principal == 2_999
    with reverts("FundAvatar_Nothing", paid.address):
        parent.collect(paid.address, by=w.stranger)


def test_nobody_else_claims_for_a_fund(w, funding, parent, paid):
    """Paid by a stranger's call, the books would not know of it."""
    funding.distribute(paid, 6_500)
    for who in (w.stranger, w.fund_manager, w.citizen):
        with reverts("FundAvatar_FundCollects", parent.address):
            paid.claim(parent.address, by=who)
    paid.claim(w.citizen, by=w.stranger)


def test_what_comes_above_cost_is_gain(w, funding, parent, paid, manager):
    parent.writeOff(paid.address, h("why"), by=manager)
    funding.distribute(paid, 6_500)
    tx = parent.collect(paid.address, by=w.stranger)
    assert tx.one("ProceedsCollected").cost == 0
    assert parent.booksOf().gains == tx.one("ProceedsCollected").amount


def test_collect_reverts_while_the_fund_is_late(w, funding, parent, paid, pay_to):
    funding.distribute(paid, 6_500)
    funding.call(paid, 1_300)
    funding.pass_due(paid)
    late = paid.dueOf(parent.address).late
    with reverts("FundAvatar_Late", parent.address, late):
        parent.collect(paid.address, by=w.stranger)
    pay_to(parent, paid, late)
    parent.collect(paid.address, by=w.stranger)


def test_a_default_leaves_the_cost_until_it_is_written_off(w, funding, parent, paid, manager):
    funding.call(paid, 1_300)
    w.node.travel_to(paid.booksOf().dueAt + 30 * DAY)
    paid.declareDefault(parent.address, by=manager)
    assert paid.balanceOf(parent.address) == 2_999 - 2_999 // 2
    assert parent.holdingOf(paid.address).cost == 2_999
    parent.writeOff(paid.address, h("default"), by=manager)
    assert parent.booksOf().losses == 2_999


def test_what_somebody_pays_for_a_fund_is_no_cost_of_its(w, funding, parent, called):
    """Who pays another's call makes a gift: what comes of it is gain in the end."""
    funding.raising.give(w.guest, 1_000, called.address)
    called.pay(parent.address, 1_000, by=w.guest)
    assert called.balanceOf(parent.address) == 1_000
    assert parent.holdingOf(called.address).cost == 0
    assert parent.booksOf().cash == CASH


# ----------------------------------------------------------------------- mark


def test_a_fund_is_marked_without_a_company(w, parent, paid, mark):
    with reverts("FundAvatar_NoCompany", paid.address):
        mark(parent, paid, 3_500, company=1)
    mark(parent, paid, 3_500)
    assert (parent.holdingOf(paid.address).value, parent.booksOf().value) == (3_500, 3_500)
