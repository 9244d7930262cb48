"""The hurdle: interest on capital not returned, added each year; rounded up where it accrues."""

import pytest

from tests.contracts.kit.funding import YEAR
from tests.contracts.kit.world import DAY


def owed(made):
    books = made.fund.booksOf()
    return books.unreturned, books.preferred, books.accruing


def test_it_is_simple_within_a_year_and_rounded_up(earner):
    made = earner()
    made.to_year(0, 200 * DAY)
    assert owed(made) == (30_000, 0, -(-30_000 * 800 * 200 // (365 * 10_000)))
    made.to_year(1, -1)
    assert owed(made) == (30_000, 0, 2_400)


def test_it_compounds_on_each_anniversary_of_the_first_closing(earner):
    made = earner()
    expected, years = 0, []
    for year in range(1, 6):
        expected += -(-(30_000 + expected) * 800 // 10_000)
        made.to_year(year)
        years.append(owed(made)[1:] == (expected, 0))
    assert years == [True] * 5
    assert expected == 14_082


def test_it_is_the_same_whether_anybody_looked_before_or_not(earner):
    made = earner(hurdle=1_000)
    made.to_year(3, 73 * DAY)
    assert owed(made) == (30_000, 9_930, -(-39_930 * 1_000 * 73 // (365 * 10_000)))


def test_capital_called_later_bears_it_from_its_payment(w, funding):
    fund = funding.closed(managementFee=0, hurdle=1_000)
    funding.call_paid(fund, 15_000)
    w.node.travel_to(fund.booksOf().closedAt + 73 * DAY)
    funding.call_paid(fund, 15_000)
    w.node.travel_to(fund.booksOf().closedAt + YEAR)
    books = fund.booksOf()
    assert (books.unreturned, books.preferred) == (30_000, 1_500 * 73 // 365 + 3_000 * 292 // 365)


def test_what_was_accrued_on_capital_that_was_returned_stays_and_earns_when_the_year_is_over(earner):
    made = earner(hurdle=1_000, put=100)
    made.earn(100)
    made.to_year(0, 73 * DAY)
    made.distribute(30_000)
    assert owed(made) == (0, 0, 600)
    made.to_year(1)
    assert owed(made) == (0, 600, 0)
    made.to_year(2)
    assert owed(made) == (0, 660, 0)


def test_it_stops_when_all_is_paid(earner):
    made = earner(put=100)
    made.earn(10_000)
    made.to_year(1)
    made.distribute(32_400)
    made.to_year(4, 5)
    assert owed(made) == (0, 0, 0)


@pytest.mark.parametrize(("hurdle", "expected"), [(0, 0), (1, 3), (10_000, 30_000)])
def test_terms_give_its_rate(earner, hurdle, expected):
    made = earner(hurdle=hurdle)
    made.to_year(1)
    assert owed(made) == (30_000, expected, 0)


def test_it_never_grows_beyond_what_can_be_counted(w, earner):
    """At 100 % a year it doubles; after 100 years it would have 120 bits. The fund still distributes."""
    made = earner(hurdle=10_000, put=100)
    made.to_year(100)
    assert owed(made)[1] == 2**96 - 1
    made.distribute(29_900)
    assert owed(made)[0] == 100
