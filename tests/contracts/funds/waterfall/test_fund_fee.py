"""takeFee: of commitments in the investment period, then of cost, to the end of life; as far as cash goes."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import REPLACE_MANAGER, WIND_UP, YEAR
from tests.contracts.kit.world import DAY, h


@pytest.fixture(scope="module")
def filled(funding):
    made = funding.closed(investmentPeriod=YEAR, life=3 * YEAR)
    funding.call_paid(made, 30_000)
    return made


@pytest.fixture
def fund(w, filled):
    """30,000 committed and paid, two per cent a year; a year to invest, three to live."""
    return filled


def to_day(w, fund, day):
    w.node.travel_to(fund.booksOf().closedAt + day * DAY)


def test_take_fee_takes_what_accrued_and_credits_the_manager(w, fund):
    to_day(w, fund, 73)
    fund.takeFee(by=w.stranger).shows("FeeTaken", manager=w.fund_manager, amount=120)
    books = fund.booksOf()
    assert (books.fees, books.feeDue, books.cash) == (120, 0, 29_880)
    assert fund.creditOf(w.fund_manager) == 120


def test_take_fee_rounds_down_over_all_of_life(w, fund):
    """Of a week it is 11.51: taken each time it comes to the same as taken once."""
    for day in range(11, 365, 7):
        to_day(w, fund, day)
        fund.takeFee(by=w.stranger)
        assert fund.booksOf().fees == day * 600 // 365
    to_day(w, fund, 365)
    fund.takeFee(by=w.stranger)
    assert fund.booksOf().fees == 600


def test_after_the_investment_period_it_is_of_cost(w, earner):
    made = earner(managementFee=200, investmentPeriod=YEAR, life=3 * YEAR)
    made.to_year(2)
    assert made.fund.booksOf().feeDue == 600 + 540
    made.earn(20_000)
    made.to_year(3)
    assert made.fund.booksOf().feeDue == 600 + 540 + 140
    made.to_year(4)
    assert made.fund.booksOf().feeDue == 1_280


def test_while_winding_there_is_none(w, fund, funding):
    to_day(w, fund, 73)
    number = fund.propose(WIND_UP, "0x" + "00" * 20, h("why"), by=w.citizen).one("MotionProposed").number
    fund.consent(number, by=w.neighbour)
    to_day(w, fund, 3 * 365)
    assert fund.booksOf().feeDue == 120


def test_before_the_first_closing_there_is_none(w, funding):
    fund = funding.launch()
    funding.admit(fund, w.citizen)
    funding.commit(fund, w.citizen, 10_000)
    w.node.travel(200 * DAY)
    assert fund.booksOf().feeDue == 0
    with reverts("FundAvatar_Nothing", w.fund_manager):
        fund.takeFee(by=w.stranger)


def test_take_fee_takes_as_much_as_there_is_cash_and_the_rest_later(w, funding):
    fund = funding.closed()
    funding.call_paid(fund, 300)
    to_day(w, fund, 365)
    assert fund.booksOf().feeDue == 600
    assert fund.takeFee(by=w.stranger).one("FeeTaken").amount == 300
    assert fund.booksOf().feeDue == 300
    with reverts("FundAvatar_Nothing", w.fund_manager):
        fund.takeFee(by=w.fund_manager)
    funding.call(fund, 600)
    funding.pay(fund, w.citizen)
    assert fund.takeFee(by=w.stranger).one("FeeTaken").amount == 200


def test_take_fee_reverts_when_nothing_is_due(w, fund):
    to_day(w, fund, 73)
    fund.takeFee(by=w.stranger)
    with reverts("FundAvatar_Nothing", w.fund_manager):
        fund.takeFee(by=w.stranger)


def test_a_later_commitment_brings_its_fee_since_the_first_closing(w, fund, funding):
    funding.admit(fund, w.guest)
    to_day(w, fund, 146)
    fund.takeFee(by=w.stranger)
    funding.commit(fund, w.guest, 15_000)
    assert fund.booksOf().feeDue == 300 * 146 // 365
    to_day(w, fund, 365)
    assert (fund.booksOf().fees, fund.booksOf().feeDue) == (240, 660)


def test_a_default_ends_the_fee_of_its_commitment(w, funding):
    fund = funding.closed(grace=63 * DAY)
    funding.call(fund, 9_000)
    for partner in (w.citizen, w.neighbour):
        funding.pay(fund, partner)
    to_day(w, fund, 73)
    fund.declareDefault(w.third, by=w.fund_manager)
    to_day(w, fund, 365)
    assert fund.booksOf().feeDue == 120 + 320


def test_the_fee_is_of_who_is_manager_when_it_is_taken(w, fund):
    to_day(w, fund, 73)
    fund.takeFee(by=w.stranger)
    to_day(w, fund, 146)
    number = fund.propose(REPLACE_MANAGER, w.sponsor, h("why"), by=w.citizen).one("MotionProposed").number
    fund.consent(number, by=w.neighbour)
    fund.takeFee(by=w.stranger).shows("FeeTaken", manager=w.sponsor, amount=120)
    assert (fund.creditOf(w.fund_manager), fund.creditOf(w.sponsor)) == (120, 120)


def test_without_a_fee_in_the_terms_there_is_none(w, earner):
    made = earner()
    made.to_year(5)
    assert made.fund.booksOf().feeDue == 0
