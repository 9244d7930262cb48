"""declareDefault: of a partner who is late for longer than grace."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import YEAR
from tests.contracts.kit.world import DAY


@pytest.fixture
def late(w, funding, closed):
    """All paid a first call; 3,000 came back; the citizen is late with the second."""
    funding.call_paid(closed, 9_000)
    funding.distribute(closed, 3_000)
    funding.call(closed, 6_000)
    for partner in (w.neighbour, w.third):
        funding.pay(closed, partner)
    funding.pass_due(closed)
    return closed


def test_a_default_ends_the_commitment_and_burns_units(w, funding, late):
    w.node.travel(30 * DAY)
    tx = late.declareDefault(w.citizen, by=w.fund_manager)
    tx.shows("PartnerDefaulted", partner=w.citizen, commitment=10_000, units=1_500)
    tx.shows("Transfer", **{"from": w.citizen, "to": "0x" + "00" * 20, "value": 1_500})
    partner = late.partnerOf(w.citizen)
    assert (partner.commitment, partner.paid, partner.units, partner.defaulted) == (0, 3_000, 1_500, True)
    assert late.dueOf(w.citizen) == {"due": 0, "late": 0}
    books = late.booksOf()
    assert (books.committed, books.contributed, books.unreturned) == (20_000, 13_000, 10_000)
    assert late.totalSupply() == 11_500


def test_what_was_credited_before_stays_theirs(w, funding, late):
    w.node.travel(30 * DAY)
    with reverts("FundAvatar_Late", w.citizen, 2_000):
        late.claim(w.citizen, by=w.citizen)
    late.declareDefault(w.citizen, by=w.fund_manager)
    late.claim(w.citizen, by=w.citizen)
    assert funding.token.balanceOf(w.citizen) == 1_000
    funding.distribute(late, 1_150)
    assert late.claimableOf(w.citizen) == 150  # 1,500 of 11,500 units


def test_a_default_before_grace_is_over(w, late):
    w.node.travel(30 * DAY - 1)
    with reverts("FundAvatar_NotLate", w.citizen):
        late.declareDefault(w.citizen, by=w.fund_manager)


def test_a_default_of_somebody_who_is_not_late(w, late):
    w.node.travel(30 * DAY)
    for one in (w.neighbour, w.stranger):
        with reverts("FundAvatar_NotLate", one):
            late.declareDefault(one, by=w.fund_manager)


def test_only_the_manager_declares_it(w, late):
    w.node.travel(30 * DAY)
    with reverts("FundAvatar_NotManager", w.organisation):
        late.declareDefault(w.citizen, by=w.organisation)


def test_no_default_twice(w, late):
    w.node.travel(30 * DAY)
    late.declareDefault(w.citizen, by=w.fund_manager)
    with reverts("FundAvatar_NotLate", w.citizen):
        late.declareDefault(w.citizen, by=w.fund_manager)


def test_grace_runs_from_the_due_date_that_was_missed_while_the_next_call_runs(w, funding, late):
    missed = late.booksOf().dueAt
    w.node.travel(25 * DAY)
    funding.call(late, 3_000)
    w.node.travel_to(missed + 30 * DAY - 1)
    with reverts("FundAvatar_NotLate", w.citizen):
        late.declareDefault(w.citizen, by=w.fund_manager)
    w.node.travel(1)
    late.declareDefault(w.citizen, by=w.fund_manager)


def test_the_running_call_is_in_nobodys_default(w, funding, closed):
    funding.call(closed, 9_000)
    with reverts("FundAvatar_NotLate", w.citizen):
        closed.declareDefault(w.citizen, by=w.fund_manager)


def test_who_defaulted_neither_commits_nor_receives_units_again(w, funding):
    fund = funding.closed(grace=0)
    funding.call(fund, 9_000)
    for partner in (w.neighbour, w.third):
        funding.pay(fund, partner)
    funding.pass_due(fund)
    fund.declareDefault(w.citizen, by=w.fund_manager)
    with reverts("FundAvatar_InDefault", w.citizen):
        fund.commit(1, 0, by=w.citizen)
    with reverts("FundAvatar_InDefault", w.citizen):
        fund.transfer(w.citizen, 1, by=w.neighbour)


def test_the_fee_is_of_what_is_left_from_then_on(w, late):
    w.node.travel(30 * DAY)
    before = w.now - late.booksOf().closedAt
    late.declareDefault(w.citizen, by=w.fund_manager)
    w.node.travel(YEAR)
    weight = 30_000 * before + 20_000 * YEAR
    assert late.booksOf().feeDue == weight * 200 // (10_000 * YEAR)
