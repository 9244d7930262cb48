"""pay, payWithPermit: on a partner's calls, in time or late."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.funding import WINDING
from tests.contracts.kit.world import DAY


@pytest.fixture
def called(w, funding, closed):
    """9,000 of 30,000 are called, 3,000 of each partner."""
    funding.call(closed, 9_000)
    return closed


def test_pay_is_capital_and_as_many_units(w, funding, called):
    tx = funding.pay(called, w.citizen, 1_000)
    tx.shows("CallPaid", partner=w.citizen, payer=w.citizen, amount=1_000, lateFee=0)
    assert {"from": ZERO, "to": w.citizen, "value": 1_000} in tx.all("Transfer")
    assert called.dueOf(w.citizen) == {"due": 2_000, "late": 0}
    partner = called.partnerOf(w.citizen)
    assert (partner.paid, partner.units) == (1_000, 1_000)
    books = called.booksOf()
    assert (books.contributed, books.unreturned, books.cash) == (1_000, 1_000, 1_000)
    assert (called.totalSupply(), funding.token.balanceOf(called.address)) == (1_000, 1_000)


def test_anybody_pays_for_a_partner(w, funding, called):
    funding.raising.give(w.stranger, 3_000, called.address)
    tx = called.pay(w.citizen, 3_000, by=w.stranger)
    tx.shows("CallPaid", partner=w.citizen, payer=w.stranger, amount=3_000, lateFee=0)
    assert called.balanceOf(w.citizen) == 3_000


def test_pay_more_than_is_due(w, funding, called):
    with reverts("FundAvatar_OverDue", 3_000, 3_001):
        called.pay(w.citizen, 3_001, by=w.citizen)
    with reverts("FundAvatar_OverDue", 0, 1):
        called.pay(w.stranger, 1, by=w.stranger)


def test_pay_nothing(w, called):
    with reverts("FundAvatar_BadAmount"):
        called.pay(w.citizen, 0, by=w.citizen)


def test_pay_without_allowance(w, funding, called):
    funding.token.mint(w.citizen, 3_000, by=w.deployer)
    with reverts("ERC20InsufficientAllowance", called.address, 0, 3_000):
        called.pay(w.citizen, 3_000, by=w.citizen)


def test_pay_by_permit(w, funding, called):
    funding.token.mint(w.citizen, 3_000, by=w.deployer)
    permit = funding.raising.permit(w.citizen, called.address, 3_000)
    called.payWithPermit(3_000, permit, by=w.citizen)
    assert called.dueOf(w.citizen).due == 0
    assert funding.token.allowance(w.citizen, called.address) == 0


def test_a_permit_that_somebody_else_spent_is_passed_over(w, funding, called):
    funding.token.mint(w.citizen, 3_000, by=w.deployer)
    permit = funding.raising.permit(w.citizen, called.address, 3_000)
    funding.token.permit(w.citizen, called.address, *permit.values(), by=w.stranger)
    called.payWithPermit(3_000, permit, by=w.citizen)
    assert called.balanceOf(w.citizen) == 3_000


def test_a_wrong_permit_leaves_the_allowance_to_count(w, funding, called):
    funding.token.mint(w.citizen, 3_000, by=w.deployer)
    wrong = funding.raising.permit(w.citizen, w.stranger, 3_000)
    with reverts("ERC20InsufficientAllowance", called.address, 0, 3_000):
        called.payWithPermit(3_000, wrong, by=w.citizen)


def test_until_the_due_date_nobody_is_late(w, funding, called):
    w.node.travel_to(called.booksOf().dueAt - 1)
    assert called.dueOf(w.citizen) == {"due": 3_000, "late": 0}
    w.node.travel(1)
    assert called.dueOf(w.citizen) == {"due": 3_000, "late": 3_000}


def test_what_is_late_costs_a_fee_on_top_rounded_up(w, funding, called):
    funding.pass_due(called)
    tx = funding.pay(called, w.citizen, 1_001)
    tx.shows("CallPaid", partner=w.citizen, payer=w.citizen, amount=1_001, lateFee=51)
    books = called.booksOf()
    assert (books.contributed, books.gains, books.cash) == (1_001, 51, 1_052)
    assert called.balanceOf(w.citizen) == 1_001
    assert funding.token.balanceOf(called.address) == 1_052


def test_the_fee_is_of_the_late_part_alone(w, funding, called):
    funding.pass_due(called)
    funding.call(called, 6_000)
    assert called.dueOf(w.citizen) == {"due": 5_000, "late": 3_000}
    tx = funding.pay(called, w.citizen, 5_000)
    assert tx.one("CallPaid").lateFee == 150
    assert called.dueOf(w.citizen) == {"due": 0, "late": 0}


def test_a_partner_who_was_shut_out_still_owes_and_holds(w, funding, called):
    called.admit([w.citizen], False, by=w.fund_manager)
    funding.pay(called, w.citizen)
    assert called.balanceOf(w.citizen) == 3_000


def test_what_was_called_is_paid_after_the_end_of_life_too(w, funding, called):
    w.node.travel_to(called.booksOf().endsAt)
    assert called.phase() == WINDING
    funding.pay(called, w.citizen)
    assert called.balanceOf(w.citizen) == 3_000


def test_nothing_is_distributed_in_the_second_of_a_late_payment(w, funding, called):
    """Its fee is a gain that the payer would have a part of at once."""
    funding.pay(called, w.neighbour)
    funding.pass_due(called)
    funding.pay(called, w.citizen)
    with reverts("FundAvatar_JustEntered"):
        funding.distribute(called, 1)
    w.node.travel(DAY)
    funding.distribute(called, 1)
