"""admit, commit, withdrawCommitment, close: while the fund is forming."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import FORMING, HARVESTING, INVESTING, LAPSED, WINDING, YEAR


def test_the_manager_admits_and_shuts_out(w, funding):
    fund = funding.launch()
    tx = fund.admit([w.citizen, w.neighbour], True, by=w.fund_manager)
    assert tx.all("PartnerAdmitted") == [
        {"partner": w.citizen, "admitted": True},
        {"partner": w.neighbour, "admitted": True},
    ]
    fund.admit([w.neighbour], False, by=w.fund_manager).shows(
        "PartnerAdmitted", partner=w.neighbour, admitted=False
    )
    assert fund.partnerOf(w.citizen).admitted
    assert not fund.partnerOf(w.neighbour).admitted
    with reverts("FundAvatar_NotManager", w.organisation):
        fund.admit([w.citizen], True, by=w.organisation)


def test_commit_while_forming_costs_nothing(w, funding, fund):
    assert fund.costOfEntry(300) == {"capital": 0, "premium": 0}
    tx = fund.commit(300, 0, by=w.citizen)
    tx.shows("CapitalCommitted", partner=w.citizen, amount=300, capital=0, premium=0, perUnit=0)
    fund.commit(50, 0, by=w.citizen)
    assert fund.partnerOf(w.citizen) == {
        "commitment": 350,
        "paid": 0,
        "units": 0,
        "admitted": True,
        "defaulted": False,
        "lockedUntil": 0,
    }
    assert fund.booksOf().committed == 350


def test_commit_without_admission(w, funding, fund):
    with reverts("FundAvatar_NotAdmitted", w.stranger):
        fund.commit(1, 0, by=w.stranger)


def test_commit_nothing(w, fund):
    with reverts("FundAvatar_BadAmount"):
        fund.commit(0, 0, by=w.citizen)


def test_commit_up_to_the_cap_and_no_further(w, funding):
    fund = funding.launch(cap=1_000)
    funding.admit(fund, *funding.partners)
    fund.commit(990, 0, by=w.citizen)
    with reverts("FundAvatar_OverCap", 10, 11):
        fund.commit(11, 0, by=w.neighbour)
    fund.commit(10, 0, by=w.neighbour)
    with reverts("FundAvatar_OverCap", 0, 1):
        fund.commit(1, 0, by=w.third)


def test_a_commitment_is_withdrawn_while_forming(w, fund):
    fund.commit(300, 0, by=w.citizen)
    fund.withdrawCommitment(by=w.citizen).shows("CommitmentWithdrawn", partner=w.citizen, amount=300)
    assert (fund.partnerOf(w.citizen).commitment, fund.booksOf().committed) == (0, 0)
    with reverts("FundAvatar_Nothing", w.citizen):
        fund.withdrawCommitment(by=w.citizen)


def test_a_commitment_binds_after_the_first_closing(w, closed):
    with reverts("FundAvatar_WrongPhase", INVESTING):
        closed.withdrawCommitment(by=w.citizen)


def test_the_first_closing_begins_the_funds_life(w, funding, fund):
    fund.commit(1_000, 0, by=w.citizen)
    fund.close(by=w.fund_manager).shows("FundClosed", finally_=False, committed=1_000)
    books = fund.booksOf()
    assert (books.closedAt, books.endsAt, books.finallyClosed) == (w.now, w.now + 10 * YEAR, False)
    assert fund.phase() == INVESTING


def test_close_below_the_minimum(w, fund):
    fund.commit(999, 0, by=w.citizen)
    with reverts("FundAvatar_BelowMinimum", 1_000, 999):
        fund.close(by=w.fund_manager)


def test_close_by_somebody_else(w, fund):
    with reverts("FundAvatar_NotManager", w.citizen):
        fund.close(by=w.citizen)


def test_the_second_closing_is_the_final_one(w, closed):
    closed.close(by=w.fund_manager).shows("FundClosed", finally_=True, committed=30_000)
    assert closed.booksOf().finallyClosed
    with reverts("FundAvatar_CommitmentsClosed"):
        closed.commit(1, 0, by=w.citizen)
    with reverts("FundAvatar_CommitmentsClosed"):
        closed.close(by=w.fund_manager)


def test_the_day_of_the_final_closing_closes_by_itself(w, closed):
    w.node.travel_to(closed.terms().finalClosing - 1)
    closed.commit(1, 0, by=w.citizen)
    assert not closed.booksOf().finallyClosed
    w.node.travel(1)
    assert closed.booksOf().finallyClosed
    with reverts("FundAvatar_CommitmentsClosed"):
        closed.commit(1, 0, by=w.citizen)
    with reverts("FundAvatar_CommitmentsClosed"):
        closed.close(by=w.fund_manager)


def test_a_fund_that_is_not_closed_in_time_lapses(w, funding, fund):
    fund.commit(5_000, 0, by=w.citizen)
    w.node.travel_to(fund.terms().finalClosing - 1)
    assert fund.phase() == FORMING
    w.node.travel(1)
    assert fund.phase() == LAPSED
    for refused in (lambda: fund.commit(1, 0, by=w.citizen), lambda: fund.close(by=w.fund_manager)):
        with reverts("FundAvatar_WrongPhase", LAPSED):
            refused()
    fund.withdrawCommitment(by=w.citizen)


def test_phases_follow_each_other(w, closed):
    begun = closed.booksOf().closedAt
    w.node.travel_to(begun + 5 * YEAR - 1)
    assert closed.phase() == INVESTING
    w.node.travel(1)
    assert closed.phase() == HARVESTING
    w.node.travel_to(begun + 10 * YEAR - 1)
    assert closed.phase() == HARVESTING
    w.node.travel(1)
    assert closed.phase() == WINDING
    with reverts("FundAvatar_WrongPhase", WINDING):
        closed.withdrawCommitment(by=w.citizen)


@pytest.mark.parametrize(("years", "phase"), [(0, None), (5, None), (10, WINDING)])
def test_commitments_are_taken_while_capital_is_called(w, funding, years, phase):
    fund = funding.closed(finalClosing=w.now + 20 * YEAR)
    w.node.travel(years * YEAR)
    if phase is None:
        fund.commit(1, 0, by=w.citizen)
    else:
        for refused in (lambda: fund.commit(1, 0, by=w.citizen), lambda: fund.close(by=w.fund_manager)):
            with reverts("FundAvatar_WrongPhase", phase):
                refused()


def test_distributions_close_a_fund_to_new_commitments(w, funding, closed):
    funding.call_paid(closed, 3_000)
    funding.distribute(closed)
    assert closed.booksOf().finallyClosed
    with reverts("FundAvatar_CommitmentsClosed"):
        closed.commit(1, 10, by=w.citizen)
