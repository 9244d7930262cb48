"""commit after the first closing: as if from the first day, with a premium for those who were."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.funding import ONE, YEAR, per_unit
from tests.contracts.kit.world import DAY

LATER = 5_000


@pytest.fixture
def called(w, funding):
    """A third of 30,000 is called and paid; then half a year passes. One partner more is admitted."""
    fund = funding.closed()
    funding.call_paid(fund, 9_000)
    w.node.travel(YEAR // 2)
    funding.admit(fund, w.sponsor)
    return fund


def premium(fund, amount, calls, now):
    """Simple interest from the second of each call, rounded up."""
    rate = fund.terms().equalisation
    weighed = sum(share * (now - at) for at, share in calls)
    return -(-amount * weighed * rate // (ONE * 10_000 * YEAR))


def test_a_later_partner_pays_what_was_called_and_the_premium(w, funding, called):
    at = called.booksOf().dueAt - 10 * DAY
    due = premium(called, LATER, [(at, 3 * ONE // 10)], w.now)
    assert due == 64
    assert called.costOfEntry(LATER) == {"capital": 1_500, "premium": due}
    tx = funding.commit(called, w.sponsor, LATER)
    tx.shows(
        "CapitalCommitted",
        partner=w.sponsor,
        amount=LATER,
        capital=1_500,
        premium=due,
        perUnit=per_unit((due, 9_000)),
    )
    assert {"from": ZERO, "to": w.sponsor, "value": 1_500} in tx.all("Transfer")
    partner = called.partnerOf(w.sponsor)
    assert (partner.commitment, partner.paid, partner.units) == (LATER, 1_500, 1_500)
    assert called.dueOf(w.sponsor) == {"due": 0, "late": 0}
    books = called.booksOf()
    assert (books.committed, books.contributed, books.cash, books.gains) == (35_000, 10_500, 10_500, 0)
    assert funding.token.balanceOf(called.address) == 10_500 + due


def test_the_premium_is_of_the_units_that_were_there(w, funding, called):
    tx = funding.commit(called, w.sponsor, LATER)
    each = tx.one("CapitalCommitted").premium * 3_000 // 9_000
    assert [called.claimableOf(one) for one in funding.partners] == [each] * 3
    assert called.claimableOf(w.sponsor) == 0


def test_the_premium_runs_from_each_call(w, funding, called):
    first = called.booksOf().dueAt - 10 * DAY
    second = w.now
    funding.call_paid(called, 6_000)
    w.node.travel(100 * DAY)
    calls = [(first, 3 * ONE // 10), (second, 2 * ONE // 10)]
    expected = {"capital": 2_500, "premium": premium(called, LATER, calls, w.now)}
    assert called.costOfEntry(LATER) == expected


def test_what_a_running_call_asks_is_paid_as_well(w, funding, called):
    funding.call(called, 6_000)
    funding.commit(called, w.sponsor, LATER)
    assert called.partnerOf(w.sponsor).paid == 2_500
    assert called.dueOf(w.sponsor).due == 0
    assert called.dueOf(w.citizen).due == 2_000


def test_a_partner_commits_more_and_goes_on_owing_what_they_owe(w, funding, called):
    funding.call(called, 6_000)
    tx = funding.commit(called, w.citizen, LATER)
    assert tx.one("CapitalCommitted").capital == 2_500
    assert called.dueOf(w.citizen) == {"due": 2_000, "late": 0}
    assert called.partnerOf(w.citizen).paid == 5_500


def test_nothing_is_paid_before_the_first_call(w, funding):
    fund = funding.closed()
    w.node.travel(YEAR // 2)
    funding.admit(fund, w.sponsor)
    assert fund.costOfEntry(LATER) == {"capital": 0, "premium": 0}
    fund.commit(LATER, 0, by=w.sponsor)
    assert fund.partnerOf(w.sponsor).commitment == LATER


def test_no_premium_where_nobody_has_paid(w, funding):
    """Whom would it be of?"""
    fund = funding.closed()
    funding.call(fund, 9_000)
    w.node.travel(9 * DAY)
    funding.admit(fund, w.sponsor)
    assert fund.costOfEntry(LATER) == {"capital": 1_500, "premium": 0}
    tx = funding.commit(fund, w.sponsor, LATER)
    assert (tx.one("CapitalCommitted").premium, tx.one("CapitalCommitted").perUnit) == (0, 0)


def test_a_later_commitment_brings_the_fee_since_the_first_closing(w, funding, called):
    before = called.booksOf().feeDue
    funding.commit(called, w.sponsor, LATER)
    books = called.booksOf()
    time = w.now - books.closedAt
    assert before == 30_000 * 200 * time // (10_000 * YEAR)
    assert books.feeDue == 35_000 * 200 * time // (10_000 * YEAR)


def test_commit_at_a_price_that_is_not_accepted(w, funding, called):
    cost = called.costOfEntry(LATER)
    asked = cost.capital + cost.premium
    with reverts("FundAvatar_OverMost", asked - 1, asked):
        called.commit(LATER, asked - 1, by=w.sponsor)


def test_commit_by_permit(w, funding, called):
    cost = called.costOfEntry(LATER)
    asked = cost.capital + cost.premium
    funding.token.mint(w.sponsor, asked, by=w.deployer)
    permit = funding.raising.permit(w.sponsor, called.address, asked)
    called.commitWithPermit(LATER, asked, permit, by=w.sponsor)
    assert called.partnerOf(w.sponsor).units == cost.capital
    assert funding.token.allowance(w.sponsor, called.address) == 0


def test_commit_without_allowance(w, funding, called):
    cost = called.costOfEntry(LATER)
    asked = cost.capital + cost.premium
    funding.token.mint(w.sponsor, asked, by=w.deployer)
    with reverts("ERC20InsufficientAllowance", called.address, 0, asked):
        called.commit(LATER, asked, by=w.sponsor)


def test_nobody_profits_by_entering_and_leaving_in_one_second(w, funding, called):
    tx = funding.commit(called, w.sponsor, LATER)
    assert tx.one("CapitalCommitted").capital == 1_500
    with reverts("FundAvatar_JustEntered"):
        funding.distribute(called, 1_000)
    w.node.travel(1)
    funding.distribute(called, 1_000)
    assert called.claimableOf(w.sponsor) == 1_500 * 1_000 // 10_500
