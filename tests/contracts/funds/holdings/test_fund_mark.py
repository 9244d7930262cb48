"""mark, writeOff: what holdings are worth by the appraiser's word, and what the manager gives up."""

import pytest

from tests.contracts.funds.holdings.conftest import changes
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import DAY, h


@pytest.fixture
def held(fund, donation, invest):
    invest(fund, donation, 1_000)
    return donation


@pytest.fixture
def write_off(manager):
    return lambda fund, holding: fund.writeOff(holding.address, h("bankrupt"), by=manager)


# ----------------------------------------------------------------------- mark


def test_mark_says_what_a_holding_was_worth(w, fund, held, mark):
    before = fund.booksOf()
    tx = mark(fund, held, 1_500, company=20_000, as_of=w.now - DAY)
    tx.shows(
        "HoldingMarked",
        holding=held.address,
        value=1_500,
        company=20_000,
        asOf=w.now - DAY,
        evidence=h("report"),
    )
    holding = fund.holdingOf(held.address)
    assert (holding.cost, holding.value, holding.markedAsOf) == (1_000, 1_500, w.now - DAY)
    assert changes(before, fund.booksOf()) == {"value": 500}


def test_a_later_mark_takes_the_place_of_the_last(w, fund, held, mark):
    mark(fund, held, 1_500)
    w.node.travel(1)
    mark(fund, held, 0)
    assert (fund.holdingOf(held.address).value, fund.booksOf().value, fund.booksOf().cost) == (0, 0, 1_000)


def test_marks_of_several_holdings_add_up(fund, held, share, invest, mark):
    invest(fund, share, 600)
    mark(fund, held, 1_500)
    assert fund.booksOf().value == 2_100
    mark(fund, share, 100)
    assert fund.booksOf().value == 1_600


def test_a_mark_moves_no_money(w, funding, fund, held, mark):
    watched = (fund.address, *funding.partners, w.fund_manager, w.organisation)

    def money():
        amounts = [funding.token.balanceOf(one) for one in watched]
        claims = [(fund.claimableOf(one), fund.creditOf(one), fund.dueOf(one)) for one in watched]
        return amounts, claims, fund.splitOf(10**6), fund.booksOf() | {"value": 0}, fund.phase()

    before = money()
    mark(fund, held, 10**9, company=10**12)
    assert money() == before
    w.node.travel(1)
    before = money()
    mark(fund, held, 0)
    assert money() == before


def test_mark_reverts_when_by_another_than_the_appraiser(w, fund, held):
    for who in (w.fund_manager, w.organisation, w.stranger):
        with reverts("FundAvatar_NotAppraiser", who):
            fund.mark(held.address, 1, 0, w.now, h("report"), by=who)


def test_mark_reverts_when_nothing_is_held(w, fund, donation, invest, mark, manager):
    with reverts("FundAvatar_NoHolding", donation.address):
        mark(fund, donation, 1)
    invest(fund, donation, 5)
    fund.withdrawInvestment(donation.address, by=manager)
    with reverts("FundAvatar_NoHolding", donation.address):
        mark(fund, donation, 1)


def test_mark_reverts_when_of_the_future_or_no_later_than_the_last(w, fund, held, mark):
    now = w.now
    with reverts("FundAvatar_BadDay", 0, now + 1):
        mark(fund, held, 1, as_of=now + 1)
    with reverts("FundAvatar_BadDay", 0, 0):
        mark(fund, held, 1, as_of=0)
    mark(fund, held, 1, as_of=now)
    for day in (now, now - 1):
        with reverts("FundAvatar_BadDay", now, day):
            mark(fund, held, 2, as_of=day)
    w.node.travel(1)
    mark(fund, held, 2, as_of=now + 1)


# ------------------------------------------------------------------ write off


def test_write_off_makes_the_cost_a_loss(fund, held, share, invest, write_off):
    invest(fund, share, 600)
    before = fund.booksOf()
    write_off(fund, held).shows("HoldingWrittenOff", holding=held.address, cost=1_000, reason=h("bankrupt"))
    assert changes(before, fund.booksOf()) == {"cost": -1_000, "value": -1_000, "losses": 1_000}
    holding = fund.holdingOf(held.address)
    assert (holding.principal, holding.cost, holding.value) == (1_000, 0, 0)


def test_write_off_takes_the_mark_with_it(fund, held, mark, write_off):
    mark(fund, held, 2_500)
    before = fund.booksOf()
    write_off(fund, held)
    assert changes(before, fund.booksOf()) == {"cost": -1_000, "value": -2_500, "losses": 1_000}


def test_what_was_written_off_still_counts_in_the_project(raising, fund, held, write_off):
    write_off(fund, held)
    assert fund.exposureTo(raising.project) == 1_000


def test_what_was_written_off_can_be_marked_and_given_up_again(w, fund, held, mark, write_off):
    write_off(fund, held)
    with reverts("FundAvatar_Nothing", held.address):
        write_off(fund, held)
    mark(fund, held, 300)
    assert fund.booksOf().value == 300
    assert write_off(fund, held).one("HoldingWrittenOff").cost == 0
    assert (fund.booksOf().value, fund.booksOf().losses) == (0, 1_000)


def test_write_off_keeps_the_fee_of_the_time_before(w, fund, held, harvest, write_off):
    """In the years of harvest the fee is of cost: what accrued on it stays due."""
    harvest(fund)
    due = fund.booksOf().feeDue
    w.node.travel(365 * DAY)
    accrued = fund.booksOf().feeDue
    assert accrued - due == 20
    write_off(fund, held)
    assert fund.booksOf().feeDue == accrued
    w.node.travel(365 * DAY)
    assert fund.booksOf().feeDue == accrued


def test_write_off_reverts_when_by_another_than_the_manager(w, fund, held):
    for who in (w.appraiser, w.organisation):
        with reverts("FundAvatar_NotManager", who):
            fund.writeOff(held.address, h("why"), by=who)


def test_write_off_reverts_when_nothing_is_held(fund, donation, write_off):
    with reverts("FundAvatar_NoHolding", donation.address):
        write_off(fund, donation)
