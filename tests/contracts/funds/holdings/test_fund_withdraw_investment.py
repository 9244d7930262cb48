"""withdrawInvestment: what is in its cooling-off time comes back as if it had never been invested."""

import pytest

from tests.contracts.funds.holdings.conftest import CASH, changes
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import COOLING, FAILED
from tests.contracts.kit.world import DAY, h


@pytest.fixture
def withdraw(manager):
    return lambda fund, campaign: fund.withdrawInvestment(campaign.address, by=manager)


def test_withdraw_brings_all_back(funding, raising, fund, donation, invest, withdraw):
    before = fund.booksOf()
    invest(fund, donation, 5_000)
    tx = withdraw(fund, donation)
    tx.shows(
        "InvestmentWithdrawn", campaign=donation.address, projectId=raising.project, amount=5_000, cost=5_000
    )
    assert tx.one("PledgeWithdrawn").to == fund.address
    assert changes(before, fund.booksOf()) == {}
    assert fund.exposureTo(raising.project) == 0
    assert funding.token.balanceOf(fund.address) == CASH
    with reverts("FundAvatar_NoHolding", donation.address):
        withdraw(fund, donation)


def test_withdraw_leaves_what_has_cooled(w, raising, fund, donation, invest, withdraw):
    invest(fund, donation, 5_000)
    w.node.travel(10 * DAY)
    invest(fund, donation, 300)
    assert withdraw(fund, donation).one("InvestmentWithdrawn").amount == 300
    assert fund.holdingOf(donation.address).principal == fund.exposureTo(raising.project) == 5_000
    with reverts("Campaign_Nothing", fund.address):
        withdraw(fund, donation)


def test_withdraw_takes_from_the_mark(fund, donation, invest, mark, withdraw, w):
    invest(fund, donation, 1_000)
    w.node.travel(10 * DAY)
    invest(fund, donation, 300)
    mark(fund, donation, 1_700)
    withdraw(fund, donation)
    books, holding = fund.booksOf(), fund.holdingOf(donation.address)
    assert (holding.value, books.value, books.cost) == (1_400, 1_400, 1_000)


def test_withdraw_of_what_was_written_off_is_gain(w, manager, fund, donation, invest, withdraw):
    invest(fund, donation, 1_000)
    fund.writeOff(donation.address, h("why"), by=manager)
    before = fund.booksOf()
    assert withdraw(fund, donation).one("InvestmentWithdrawn").cost == 0
    gained = changes(before, fund.booksOf())
    assert gained == {"cash": 1_000, "gains": 1_000, "finallyClosed": True}


def test_withdraw_again_after_investing_again(fund, donation, invest, withdraw):
    for amount in (10, 20):
        invest(fund, donation, amount)
        assert withdraw(fund, donation).one("InvestmentWithdrawn").amount == amount


def test_withdraw_reverts_when_by_another_than_the_manager(w, fund, donation, invest):
    invest(fund, donation, 1)
    with reverts("FundAvatar_NotManager", w.stranger):
        fund.withdrawInvestment(donation.address, by=w.stranger)


def test_withdraw_reverts_when_nothing_is_held(fund, donation, withdraw):
    with reverts("FundAvatar_NoHolding", donation.address):
        withdraw(fund, donation)


def test_withdraw_reverts_when_the_campaign_is_over(w, raising, fund, invest, withdraw):
    """The last second of cooling-off is the last one."""
    campaign = raising.campaign(goal=10**6)
    w.node.travel_to(campaign.terms().closes - 1)
    invest(fund, campaign, 1)
    assert campaign.positionOf(fund.address).coolingUntil == campaign.terms().closes + 10 * DAY - 1
    w.node.travel(1)
    assert campaign.phase() == COOLING
    raising.end(campaign)
    with reverts("Campaign_WrongPhase", FAILED):
        withdraw(fund, campaign)
