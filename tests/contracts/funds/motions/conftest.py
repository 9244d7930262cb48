"""A fund whose partners paid in 3,000, 4,000 and 3,000, with nothing invested."""

import pytest

from tests.contracts.kit.funding import YEAR
from tests.contracts.kit.world import DAY


@pytest.fixture(scope="module")
def founded(funding):
    """An investment period of a year, a life of three, one extension of half a year."""
    w = funding.w
    fund = funding.launch(
        investmentPeriod=YEAR, life=3 * YEAR, extension=YEAR // 2, extensions=1, forfeit=10_000, grace=0
    )
    funding.admit(fund, *funding.partners, w.guest)
    for partner, amount in zip(funding.partners, (6_000, 8_000, 6_000), strict=True):
        funding.commit(fund, partner, amount)
    fund.close(by=w.fund_manager)
    funding.call(fund, 10_000)
    for partner in funding.partners:
        funding.pay(fund, partner)
    w.node.travel(10 * DAY)
    return fund


@pytest.fixture
def fund(w, founded):
    return founded
