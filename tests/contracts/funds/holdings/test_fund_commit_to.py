"""commitTo: a commitment to another fund that commits to none itself; earlier calls are paid at once."""

import pytest

from tests.contracts.funds.holdings.conftest import CASH, changes
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import FORMING, FUNDS, HARVESTING, LAPSED, SHARE_OF_ONE, YEAR
from tests.contracts.kit.world import DAY

MOST = 10**9


@pytest.fixture
def commit_to(manager):
    return lambda parent, child, amount, most=MOST: parent.commitTo(child.address, amount, most, by=manager)


@pytest.fixture
def called(funding, child):
    """The fund is closed and a tenth of it called and paid."""
    child.close(by=funding.w.fund_manager)
    funding.call_paid(child, 3_000)
    return child


def test_commit_to_a_forming_fund_costs_nothing_yet(parent, child, commit_to):
    before, others = parent.booksOf(), child.booksOf().committed
    tx = commit_to(parent, child, 5_000)
    tx.shows("FundCommitted", fund=child.address, amount=5_000)
    tx.shows("CapitalCommitted", partner=parent.address, amount=5_000, capital=0, premium=0, perUnit=0)
    assert tx.all("FundPaid") == []
    assert changes(before, parent.booksOf()) == {}
    assert child.booksOf().committed == others + 5_000
    assert parent.holdingOf(child.address) == {
        "isFund": True,
        "projectId": 0,
        "principal": 0,
        "commitment": 5_000,
        "cost": 0,
        "value": 0,
        "drawn": 0,
        "markedAsOf": 0,
    }


def test_commit_to_a_fund_that_called_pays_the_same_and_the_premium(w, funding, parent, called, commit_to):
    """A tenth of 5,000, and 8 % a year of it for half a year since the call; the premium is a loss."""
    w.node.travel_to(called.booksOf().dueAt - 10 * DAY + YEAR // 2)
    before = parent.booksOf()
    capital, premium = called.costOfEntry.call(5_000, by=parent.address).values()
    assert (capital, premium) == (500, 20)
    tx = commit_to(parent, called, 5_000, most=520)
    tx.shows("FundPaid", fund=called.address, amount=500, expense=20)
    paid = {"cash": -520, "cost": 500, "value": 500, "losses": 20}
    assert changes(before, parent.booksOf()) == paid
    assert called.balanceOf(parent.address) == 500
    assert funding.token.allowance(parent.address, called.address) == 0
    holding = parent.holdingOf(called.address)
    assert (holding.principal, holding.commitment, holding.cost, holding.value) == (500, 5_000, 500, 500)


def test_commit_more_to_a_fund(parent, called, commit_to):
    for amount in (55, 55):
        commit_to(parent, called, amount)
    holding = parent.holdingOf(called.address)
    assert (holding.principal, holding.commitment) == (11, 110)
    assert called.balanceOf(parent.address) == 11


def test_a_fund_commits_to_several(funding, parent, child, commit_to):
    other = funding.launch()
    funding.admit(other, parent.address)
    for one in (child, other):
        commit_to(parent, one, 9_000)
    assert [parent.holdingOf(one.address).commitment for one in (child, other)] == [9_000, 9_000]


# -------------------------------------------------------------------- refused


def test_commit_to_reverts_when_by_another_than_the_manager(w, parent, child):
    for who in (w.organisation, w.appraiser):
        with reverts("FundAvatar_NotManager", who):
            parent.commitTo(child.address, 1, MOST, by=who)


def test_commit_to_reverts_outside_the_investment_period(funding, parent, child, commit_to, harvest):
    forming = funding.launch({"mayCommit": True})
    with reverts("FundAvatar_WrongPhase", FORMING):
        commit_to(forming, child, 1)
    harvest(parent)
    with reverts("FundAvatar_WrongPhase", HARVESTING):
        commit_to(parent, child, 1)


def test_commit_to_reverts_when_nothing_is_committed(parent, child, commit_to):
    with reverts("FundAvatar_BadAmount"):
        commit_to(parent, child, 0)


def test_commit_to_reverts_when_the_target_is_no_fund(w, parent, donation, manager):
    for target in (w.citizen, donation.address, w.funds.address, w.funds.implementation()):
        with reverts("FundAvatar_UnknownTarget", target):
            parent.commitTo(target, 1, MOST, by=manager)


def test_commit_to_reverts_when_the_fund_is_in_another_token(w, funding, parent, commit_to):
    good, funding.token = funding.token, w.mock("TestToken")
    try:
        w.factory.setToken(funding.token.address, 100, by=w.operator)
        foreign = funding.launch()
        with reverts("FundAvatar_OtherToken", funding.token.address):
            commit_to(parent, foreign, 1)
    finally:
        funding.token = good


def test_commit_to_reverts_when_the_share_is_too_large(parent, child, commit_to):
    """The whole commitment counts, of 30,000 committed; what is too much is rounded up."""
    with reverts("FundAvatar_OutsideMandate", SHARE_OF_ONE, 3_334, 3_333):
        commit_to(parent, child, 10_000)
    commit_to(parent, child, 9_000)
    with reverts("FundAvatar_OutsideMandate", SHARE_OF_ONE, 3_334, 3_333):
        commit_to(parent, child, 1_000)
    commit_to(parent, child, 999)


def test_commit_to_reverts_when_the_mandate_has_no_funds(fund, child, commit_to):
    with reverts("FundAvatar_OutsideMandate", FUNDS, int(child.address, 16), 0):
        commit_to(fund, child, 1)


def test_commit_to_reverts_when_the_other_may_commit_too(funding, parent, commit_to):
    """So there is never a circle of funds, nor a fund in itself."""
    other = funding.launch({"mayCommit": True})
    for target in (other, parent):
        with reverts("FundAvatar_OutsideMandate", FUNDS, int(target.address, 16), 0):
            commit_to(parent, target, 1)


def test_commit_to_reverts_when_it_costs_more_than_the_most(parent, called, commit_to):
    with reverts("FundAvatar_OverMost", 501, 502):
        commit_to(parent, called, 5_000, most=501)
    commit_to(parent, called, 5_000, most=502)


def test_commit_to_reverts_when_there_is_not_the_cash(funding, called, commit_to):
    poor = funding.closed({"mayCommit": True})
    funding.admit(called, poor.address)
    funding.call_paid(poor, 300)
    asked = sum(called.costOfEntry.call(5_000, by=poor.address).values())
    with reverts("FundAvatar_OverCash", 300, asked):
        commit_to(poor, called, 5_000)


def test_commit_to_reverts_as_the_fund_refuses(w, funding, parent, child, commit_to):
    stranger = funding.launch()
    with reverts("FundAvatar_NotAdmitted", parent.address):
        commit_to(parent, stranger, 1)
    small = funding.launch(cap=1_000)
    funding.admit(small, parent.address)
    with reverts("FundAvatar_OverCap", 1_000, 1_001):
        commit_to(parent, small, 1_001)
    w.node.travel_to(child.terms().finalClosing)
    with reverts("FundAvatar_WrongPhase", LAPSED):
        commit_to(parent, child, 1)


def test_a_commitment_to_a_fund_that_lapsed_binds_nothing(w, parent, child, commit_to, manager):
    commit_to(parent, child, 5_000)
    w.node.travel(YEAR)
    before = parent.booksOf()
    with reverts("FundAvatar_OverDue", 0, 1):
        parent.payTo(child.address, 1, by=manager)
    assert parent.booksOf().cash == before.cash == CASH
