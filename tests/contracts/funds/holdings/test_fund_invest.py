"""invest: a pledge of the source `Fund` to a campaign within the mandate; the first rule broken is named."""

import pytest

from tests.contracts.funds.holdings.conftest import CASH, changes
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import (
    CITY,
    FORM,
    FORMING,
    HARVESTING,
    KIND,
    LAPSED,
    SHARE_OF_ONE,
    WINDING,
    YEAR,
)
from tests.contracts.kit.raising import DONATION, FUND, LOAN, REWARD, SHARE
from tests.contracts.kit.world import DAY, h


def bit(*numbers):
    return sum(1 << number for number in numbers)


@pytest.fixture
def narrow(funding):
    """A fund with 1,000 of the 3,000 committed to it by one partner, of another mandate."""

    def made(**mandate):
        fund = funding.launch(mandate)
        funding.admit(fund, funding.w.citizen)
        funding.commit(fund, funding.w.citizen, 3_000)
        fund.close(by=funding.w.fund_manager)
        funding.call(fund, 1_000)
        funding.pay(fund, funding.w.citizen)
        return funding.qualify(fund)

    return made


def test_invest_pledges_as_a_fund_and_takes_a_holding(funding, raising, fund, donation, invest):
    before = fund.booksOf()
    tx = invest(fund, donation, 5_000)
    tx.shows("Invested", campaign=donation.address, projectId=raising.project, amount=5_000)
    pledged = tx.one("Pledged")
    assert (pledged.backer, pledged.amount, pledged.source) == (fund.address, 5_000, FUND)
    assert (pledged.cityId, pledged.tier) == (0, 0)
    assert changes(before, fund.booksOf()) == {"cash": -5_000, "cost": 5_000, "value": 5_000}
    assert fund.holdingOf(donation.address) == {
        "isFund": False,
        "projectId": raising.project,
        "principal": 5_000,
        "commitment": 0,
        "cost": 5_000,
        "value": 5_000,
        "drawn": 0,
        "markedAsOf": 0,
    }
    assert fund.exposureTo(raising.project) == 5_000
    assert donation.positionOf(fund.address).amount == 5_000
    assert funding.token.allowance(fund.address, donation.address) == 0
    assert funding.token.balanceOf(fund.address) == CASH - 5_000


def test_invest_more_adds_to_the_holding(fund, donation, invest):
    invest(fund, donation, 700)
    invest(fund, donation, 50)
    holding = fund.holdingOf(donation.address)
    assert (holding.principal, holding.cost, holding.value) == (750, 750, 750)


def test_invest_more_adds_to_the_mark(fund, donation, invest, mark):
    invest(fund, donation, 700)
    mark(fund, donation, 1_000)
    invest(fund, donation, 50)
    holding, books = fund.holdingOf(donation.address), fund.booksOf()
    assert (holding.cost, holding.value, books.cost, books.value) == (750, 1_050, 750, 1_050)


def test_campaigns_of_one_project_add_up(raising, fund, donation, share, invest):
    invest(fund, donation, 700)
    invest(fund, share, 300)
    assert fund.exposureTo(raising.project) == 1_000
    assert [fund.holdingOf(one.address).cost for one in (donation, share)] == [700, 300]
    assert fund.booksOf().cost == 1_000


def test_invest_takes_a_tier_and_lends(raising, fund, invest):
    reward = raising.campaign(REWARD, tiers=[{"price": 100, "stock": 1, "content": h("tier")}])
    assert invest(fund, reward, 100, tier=1).one("Pledged").tier == 1
    terms = {"rate": 1_200, "instalments": 4, "interval": 90 * DAY, "grace": DAY, "defaultAfter": DAY}
    loan = raising.campaign(LOAN, loan=terms)
    invest(fund, loan, 250)
    assert loan.positionOf(fund.address).amount == 250


# -------------------------------------------------------------------- refused


def test_invest_reverts_when_by_another_than_the_manager(w, fund, donation):
    for who in (w.organisation, w.appraiser, w.citizen):
        with reverts("FundAvatar_NotManager", who):
            fund.invest(donation.address, 1, 0, 1, by=who)


def test_invest_reverts_before_and_after_the_investment_period(funding, raising, fund, invest, harvest):
    forming = funding.launch()
    campaign = raising.campaign(opens=funding.w.now, closes=funding.w.now + 11 * YEAR)
    with reverts("FundAvatar_WrongPhase", FORMING):
        invest(forming, campaign, 1)
    harvest(fund)
    with reverts("FundAvatar_WrongPhase", LAPSED):
        invest(forming, campaign, 1)
    with reverts("FundAvatar_WrongPhase", HARVESTING):
        invest(fund, campaign, 1)
    funding.w.node.travel(5 * YEAR)
    with reverts("FundAvatar_WrongPhase", WINDING):
        invest(fund, campaign, 1)


def test_invest_in_the_last_second_of_the_investment_period(w, raising, fund, invest):
    campaign = raising.campaign(opens=w.now, closes=w.now + 11 * YEAR)
    w.node.travel_to(fund.booksOf().closedAt + 5 * YEAR - 1)
    invest(fund, campaign, 1)


def test_invest_reverts_when_nothing_is_invested(fund, donation, invest):
    with reverts("FundAvatar_BadAmount"):
        invest(fund, donation, 0)


def test_invest_reverts_when_the_target_is_no_campaign(w, fund, manager):
    for target in (w.partner, fund.address, w.factory.address):
        with reverts("FundAvatar_UnknownTarget", target):
            fund.invest(target, 1, 0, 1, by=manager)


def test_invest_reverts_when_the_campaign_is_in_another_token(w, raising, fund, invest):
    own, raising.token = raising.token, w.mock("TestToken")
    try:
        w.factory.setToken(raising.token.address, 100, by=w.operator)
        campaign = raising.campaign()
        with reverts("FundAvatar_OtherToken", raising.token.address):
            invest(fund, campaign, 1)
    finally:
        raising.token = own


def test_invest_reverts_when_there_is_not_the_cash(fund, donation, invest):
    with reverts("FundAvatar_OverCash", CASH, CASH + 1):
        invest(fund, donation, CASH + 1)
    invest(fund, donation, CASH)
    with reverts("FundAvatar_OverCash", 0, 1):
        invest(fund, donation, 1)


def test_invest_reverts_as_the_campaign_refuses(funding, raising, fund, donation, manager, invest):
    with reverts("Campaign_OtherEdition", 1, 2):
        fund.invest(donation.address, 1, 0, 2, by=manager)
    stranger = funding.closed()
    funding.call_paid(stranger, 100)
    with reverts("Campaign_NotTheSource", stranger.address, FUND):
        invest(stranger, donation, 1)
    assert fund.booksOf().cash == CASH


# -------------------------------------------------------------------- mandate


def test_invest_reverts_when_the_kind_is_not_in_the_mandate(donation, narrow, invest):
    """The project's kind is 0."""
    kinds = bit(*range(1, 11))
    with reverts("FundAvatar_OutsideMandate", KIND, 0, kinds):
        invest(narrow(kinds=kinds), donation, 1)
    invest(narrow(kinds=bit(0)), donation, 1)


@pytest.mark.parametrize("cities", [[2], [2, 3], [2, 3, 4], [7, 8, 9, 10, 11, 12, 13, 14, 15, 4_000_000_000]])
def test_invest_reverts_when_the_city_is_not_in_the_mandate(w, donation, narrow, invest, cities):
    with reverts("FundAvatar_OutsideMandate", CITY, w.city, 0):
        invest(narrow(cities=cities), donation, 1)


@pytest.mark.parametrize("cities", [[1], [1, 2], [1, 3, 5], list(range(1, 257))])
def test_invest_in_a_city_of_the_mandate(donation, narrow, invest, cities):
    invest(narrow(cities=cities), donation, 1)


def test_invest_reverts_when_the_form_is_not_in_the_mandate(raising, donation, share, narrow, invest):
    forms = bit(REWARD, LOAN, SHARE)
    fund = narrow(forms=forms)
    with reverts("FundAvatar_OutsideMandate", FORM, DONATION, forms):
        invest(fund, donation, 1)
    invest(fund, share, 100)


def test_invest_reverts_when_the_share_of_one_project_is_too_large(raising, donation, share, narrow, invest):
    """A tenth of 3,000 committed, over all campaigns of the project; what is too much is rounded up."""
    fund = narrow(largestShare=1_000)
    with reverts("FundAvatar_OutsideMandate", SHARE_OF_ONE, 1_004, 1_000):
        invest(fund, donation, 301)
    invest(fund, donation, 100)
    with reverts("FundAvatar_OutsideMandate", SHARE_OF_ONE, 1_334, 1_000):
        invest(fund, share, 300)
    invest(fund, share, 200)
    with reverts("FundAvatar_OutsideMandate", SHARE_OF_ONE, 1_004, 1_000):
        invest(fund, donation, 1)
    assert fund.exposureTo(raising.project) == 300


def test_the_first_rule_broken_is_named(w, donation, narrow, invest):
    broken = {"kinds": bit(1), "cities": [2], "forms": bit(LOAN), "largestShare": 1}
    kept = {"kinds": bit(0), "cities": [1], "forms": bit(DONATION), "largestShare": 10_000}
    said = [(KIND, 0, bit(1)), (CITY, w.city, 0), (FORM, DONATION, bit(LOAN)), (SHARE_OF_ONE, 3_000, 1)]
    for name, rule in zip(broken, said, strict=True):
        fund = narrow(**broken)
        with reverts("FundAvatar_OutsideMandate", *rule):
            invest(fund, donation, 900)
        broken[name] = kept[name]
    invest(narrow(**broken), donation, 900)


def test_a_default_leaves_less_to_invest(w, funding, raising, invest):
    """When a partner's commitment is gone, the share is of what is left."""
    fund = funding.qualify(funding.closed({"largestShare": 2_000}))
    funding.call(fund, 6_000)
    for partner in (w.citizen, w.neighbour):
        funding.pay(fund, partner)
    w.node.travel_to(fund.booksOf().dueAt + 30 * DAY)
    fund.declareDefault(w.third, by=w.fund_manager)
    donation = raising.campaign()
    with reverts("FundAvatar_OutsideMandate", SHARE_OF_ONE, 2_001, 2_000):
        invest(fund, donation, 4_001)
    invest(fund, donation, 4_000)


# ----------------------------------------------------------------- reentrancy


def test_invest_is_not_entered_again(w, funding, raising):
    good, token = funding.token, w.mock("BadToken")
    funding.token = raising.token = token
    try:
        w.factory.setToken(token.address, 100, by=w.operator)
        fund = funding.qualify(funding.closed())
        funding.call_paid(fund, 6_000)
        campaign = raising.campaign()
        for call in (fund.collect.data(campaign.address), fund.claim.data(w.citizen)):
            token.callBack(fund.address, call, by=w.deployer)
            with reverts("ReentrancyGuardReentrantCall"):
                fund.invest(campaign.address, 1, 0, 1, by=w.fund_manager)
        token.behave(0, by=w.deployer)
        fund.invest(campaign.address, 1, 0, 1, by=w.fund_manager)
    finally:
        funding.token = raising.token = good
