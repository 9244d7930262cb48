"""The mirror of a fund's books: what runs with time, and who gets what of a sum. Whether it is the
contract's, each audit asks (`fund_audit.py`).
"""

from backend.funds.waterfall import Rates, Standing, standing

YEAR = 365 * 86_400
USUAL = Rates(
    investment_period=3 * YEAR, management_fee=200, hurdle=800, catch_up=10_000, carry=2_000, escrow=3_000
)
START = 1_000_000


def stands(*changes: tuple, now: int, rates: Rates = USUAL) -> Standing:
    begun = [("committed", START, 1_000, 0), ("closed", START, 5 * YEAR)]
    return standing(rates, [*begun, *changes], now)


def test_the_hurdle_is_simple_within_a_year_and_compounds_over_years() -> None:
    paid = ("contributed", START, 1_000_000, 0)
    assert stands(paid, now=START + YEAR // 2).accruing == 40_000
    after = stands(paid, now=START + 2 * YEAR)
    assert (after.preferred, after.accruing) == (80_000 + 86_400, 0)


def test_the_fee_is_of_commitments_and_later_of_cost_and_of_nothing_in_the_end() -> None:
    invested = (("contributed", START, 600, 0), ("invested", START, 500, 0))
    assert stands(*invested, now=START + 3 * YEAR).fee_due == 60
    assert stands(*invested, now=START + 4 * YEAR).fee_due == 60 + 10
    assert stands(*invested, now=START + 9 * YEAR).fee_due == 60 + 20


def test_who_commits_later_brings_the_fee_from_the_first_day() -> None:
    later = ("committed", START + YEAR, 1_000, 0)
    assert stands(later, now=START + 2 * YEAR).fee_due == 2 * 40


def test_a_sum_is_split_into_capital_hurdle_catch_up_and_rest() -> None:
    fund = stands(("contributed", START, 1_000_000, 0), now=START + YEAR)
    parts = fund.split(1_280_000)
    assert (parts.capital, parts.hurdle, parts.catch_up, parts.rest) == (1_000_000, 80_000, 20_000, 180_000)
    assert parts.carry == 20_000 + 36_000 == 280_000 // 5
    assert parts.partners == 1_280_000 - 56_000


def test_a_half_catch_up_takes_twice_as_long() -> None:
    half = Rates(3 * YEAR, 0, 800, 5_000, 2_000, 0)
    fund = stands(("contributed", START, 1_000_000, 0), now=START + YEAR, rates=half)
    parts = fund.split(1_280_000)
    assert parts.catch_up == 80_000 * 2_000 // (5_000 - 2_000)
    assert parts.carry == parts.catch_up // 2 + parts.rest // 5


def test_books_balance_through_gains_losses_and_a_clawback() -> None:
    fund = stands(
        ("contributed", START, 1_000, 15),
        ("invested", START + 1, 600, 5),
        ("collected", START + 2, 900, 600, 0),
        ("invested", START + 3, 200, 0),
        ("took_fee", START + 4, 7),
        ("distributed", START + 5, 700, 700, 0, 0, 0),
        ("collected", START + 6, 0, 0, 200),
        ("concluded", START + 7, 0, 0),
        now=START + 8,
    )
    assert fund.cash + fund.cost + fund.fees + fund.to_partners + fund.to_organisation == (
        fund.contributed + fund.gains - fund.losses
    )
    assert (fund.gains, fund.losses, fund.unreturned) == (15 + 300, 5 + 200, 300)


def test_carry_that_comes_back_pays_capital_and_hurdle_first() -> None:
    fund = stands(
        ("contributed", START, 100, 0),
        ("distributed", START, 160, 90, 0, 70, 30),
        ("concluded", START, 60, 30),
        ("returned", START, 10),
        now=START,
    )
    assert (fund.unreturned, fund.clawback, fund.escrow) == (0, 20, 0)
    assert (fund.to_partners, fund.to_organisation) == (90 + 40, 70 - 40)


def test_what_a_fund_is_worth_is_what_a_sale_at_its_marks_would_give() -> None:
    fund = stands(("contributed", START, 1_000_000, 0), ("invested", START, 900_000, 0), now=START)
    assert fund.nav(1_100_000) == (1_200_000, 1_160_000, 1_160_000 * 10**18 // 1_000_000)
    assert stands(now=START).nav(0) == (0, 0, 0)
