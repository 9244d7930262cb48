"""Multiples and rates of return: what the field's definitions give, and when a rate does not exist."""

import pytest

from backend.funds.performance import DAY, multiples, rate

YEAR = 365 * DAY
LARGE = 10**27
"""Sums of a token of 18 decimals are as large, and a search for a rate must not care."""


def test_multiples_are_of_what_was_paid_in_and_rounded_down() -> None:
    found = multiples(300, 100, 250).model_dump(mode="json")
    assert found == {"dpi": "0.3333", "rvpi": "0.8333", "tvpi": "1.1666"}


def test_there_are_no_multiples_of_nothing() -> None:
    assert set(multiples(0, 0, 0).model_dump().values()) == {None}


@pytest.mark.parametrize("unit", [1, LARGE])
def test_ten_per_cent_in_a_year_are_ten_per_cent_a_year(unit: int) -> None:
    found = rate([(0, -100 * unit), (YEAR, 110 * unit)])
    assert (found.rate, found.annual, found.reason) == (0.1, True, None)


def test_a_rate_makes_the_flows_worth_nothing() -> None:
    flows = [(0, -500), (YEAR, -300), (2 * YEAR + 40 * DAY, 90), (5 * YEAR, 1_400), (7 * YEAR, 33)]
    found = rate(flows).rate
    assert found is not None
    worth = sum(value / (1 + found) ** (time / YEAR) for time, value in flows)
    assert abs(worth) < 0.01


def test_the_order_of_the_flows_is_nothing() -> None:
    flows = [(0, -500), (YEAR, -300), (5 * YEAR, 1_400)]
    assert rate(flows) == rate(flows[::-1])


def test_less_than_a_year_is_not_blown_up_to_one() -> None:
    found = rate([(0, -100), (100 * DAY, 110)])
    assert (found.rate, found.annual) == (0.1, False)


def test_most_of_the_money_lost_is_a_rate_too() -> None:
    assert rate([(0, -100), (2 * YEAR, 1)]).rate == -0.9


@pytest.mark.parametrize(
    ("flows", "reason"),
    [
        ([], "nothing_paid"),
        ([(0, 50)], "nothing_paid"),
        ([(0, -100), (YEAR, 0)], "nothing_back"),
        ([(0, -100), (DAY // 2, 110)], "nothing_paid"),  # a day's flows are one: nothing was in for a day
        ([(0, -100), (YEAR, 230), (2 * YEAR, -132)], "several"),  # 10 % and 20 %
        ([(0, -100), (YEAR, 150), (2 * YEAR, -100)], "none"),
    ],
)
def test_a_rate_that_does_not_exist_has_a_reason(flows: list[tuple[int, int]], reason: str) -> None:
    found = rate(flows)
    assert (found.rate, found.reason) == (None, reason)
