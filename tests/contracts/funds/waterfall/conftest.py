"""Funds with something to distribute: a share campaign, of a fund alone, pays what a test says."""

import pytest

from tests.contracts.kit.funding import YEAR
from tests.contracts.kit.raising import SHARE


class Earner:
    """A fund whose partners committed 10,000 each and paid it all in the second of the first closing.

    Of the 30,000 it put 27,000 in units of a share campaign, whose money is released. There is no fee, unless
    said otherwise.
    """

    def __init__(self, funding, paid=30_000, put=27_000, **terms):
        self.funding, self.raising, self.w = funding, funding.raising, funding.w
        self.fund = funding.qualify(funding.closed(**({"managementFee": 0} | terms)))
        funding.call_paid(self.fund, paid)
        self.campaign = self.put(put)

    def put(self, amount):
        """A share campaign that has just this from the fund, released."""
        campaign = self.raising.campaign(SHARE, unitPrice=100)
        self.fund.invest(campaign.address, amount, 0, 1, by=self.w.fund_manager)
        self.raising.end(campaign)
        campaign.release(by=self.w.stranger)
        return campaign

    def earn(self, amount):
        """The fund gets so much from its campaign: first it reduces cost, then it is gain."""
        self.raising.give(self.w.partner, amount, self.campaign.address)
        self.campaign.distribute(amount, by=self.w.partner)
        return self.fund.collect(self.campaign.address, by=self.w.stranger)

    def distribute(self, amount=None):
        return self.funding.distribute(self.fund, amount)

    def to_year(self, number, seconds=0):
        """Travel to an anniversary of the first closing, or some seconds on."""
        self.w.node.travel_to(self.fund.booksOf().closedAt + number * YEAR + seconds)


@pytest.fixture
def earner(w, funding):
    """Makes funds, in terms as given."""

    def make(**terms):
        return Earner(funding, **terms)

    return make


@pytest.fixture(scope="module")
def filled(funding):
    made = Earner(funding)
    made.to_year(1)
    made.earn(39_000)
    return made


@pytest.fixture
def rich(w, filled):
    """A fund on its first anniversary: 30,000 paid in, the hurdle on it 2,400, and 42,000 to distribute."""
    return filled
