"""setToken, setFee, setYearLimit, setInvestors, and the limit that campaigns use."""

from datetime import UTC, datetime

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h

INVESTOR = {"person": h("a person"), "qualified": False}


def test_tokens_and_what_a_rouble_is_in_them(w, raising):
    token = w.mock("TestToken").address
    w.factory.setToken(token, 10**18, by=w.operator).shows("TokenSet", token=token, perRouble=10**18)
    assert w.factory.perRoubleOf(token) == 10**18
    with reverts("CampaignFactory_ZeroAddress"):
        w.factory.setToken(ZERO, 1, by=w.operator)


def test_the_fee_is_a_tenth_at_most(w, raising):
    w.factory.setFee(1_000, w.sponsor, by=w.operator).shows("FeeSet", feeShare=1_000, treasury=w.sponsor)
    assert (w.factory.feeShare(), w.factory.treasury()) == (1_000, w.sponsor)
    assert raising.campaign().feeShare() == 1_000
    with reverts("CampaignFactory_FeeTooHigh", 1_001):
        w.factory.setFee(1_001, w.sponsor, by=w.operator)
    with reverts("CampaignFactory_ZeroAddress"):
        w.factory.setFee(0, ZERO, by=w.operator)


def test_a_campaign_keeps_the_fee_it_was_made_with(w, raising, donation):
    w.factory.setFee(0, w.sponsor, by=w.operator)
    assert donation.feeShare() == 200


def test_the_limit_of_a_year(w):
    w.factory.setYearLimit(7, by=w.operator).shows("YearLimitSet", kopecks=7)
    assert w.factory.yearLimit() == 7


def test_investors_are_set_by_wallet(w):
    rows = [INVESTOR, {"person": h("another"), "qualified": True}]
    tx = w.factory.setInvestors([w.citizen, w.neighbour], rows, by=w.operator)
    assert [one.wallet for one in tx.all("InvestorSet")] == [w.citizen, w.neighbour]
    assert w.factory.investorOf(w.neighbour) == rows[1]
    with reverts("CampaignFactory_UnequalLists", 1, 2):
        w.factory.setInvestors([w.citizen], rows, by=w.operator)
    with reverts("CampaignFactory_ZeroAddress"):
        w.factory.setInvestors([ZERO], [INVESTOR], by=w.operator)


def test_nobody_else_sets_any_of_it(w):
    for act in (
        lambda: w.factory.setToken(w.citizen, 1, by=w.stranger),
        lambda: w.factory.setFee(0, w.stranger, by=w.stranger),
        lambda: w.factory.setYearLimit(1, by=w.stranger),
        lambda: w.factory.setInvestors([], [], by=w.stranger),
    ):
        with reverts("AccessManagedUnauthorized", w.stranger):
            act()


# ---------------------------------------------------------------------- limit


@pytest.fixture
def campaign(w, donation):
    """Somebody who counts: a campaign's own address."""
    w.factory.setInvestors([w.citizen, w.new_wallet], [INVESTOR, INVESTOR], by=w.operator)
    w.factory.setYearLimit(1_000, by=w.operator)
    with w.acting_as(donation.address) as address:
        yield address


def year(time):
    return datetime.fromtimestamp(time, UTC).year


def test_the_limit_is_a_persons_over_all_wallets(w, campaign):
    now = year(w.now)
    w.factory.useLimit(w.citizen, 600, by=campaign).shows(
        "LimitUsed", person=INVESTOR["person"], year=now, campaign=campaign, wallet=w.citizen, used=600
    )
    with reverts("CampaignFactory_OverYearLimit", INVESTOR["person"], now, 400, 401):
        w.factory.useLimit(w.new_wallet, 401, by=campaign)
    w.factory.useLimit(w.new_wallet, 400, by=campaign)
    assert w.factory.usedBy(INVESTOR["person"], now) == 1_000
    w.factory.setYearLimit(500, by=w.operator)
    with reverts("CampaignFactory_OverYearLimit", INVESTOR["person"], now, 0, 1):
        w.factory.useLimit(w.citizen, 1, by=campaign)


def test_what_is_freed_is_no_more_than_was_used(w, campaign):
    now = year(w.now)
    w.factory.useLimit(w.citizen, 600, by=campaign)
    assert w.factory.freeLimit(w.citizen, now, 200, by=campaign).one("LimitUsed").used == 400
    assert w.factory.freeLimit(w.citizen, now, 900, by=campaign).one("LimitUsed").used == 0
    assert w.factory.freeLimit(w.citizen, now, 1, by=campaign).events == []


def test_only_identified_investors_and_only_campaigns(w, campaign):
    with reverts("CampaignFactory_UnknownInvestor", w.guest):
        w.factory.useLimit(w.guest, 1, by=campaign)
    with reverts("CampaignFactory_NotCampaign", w.stranger):
        w.factory.useLimit(w.citizen, 1, by=w.stranger)
    with reverts("CampaignFactory_NotCampaign", w.stranger):
        w.factory.freeLimit(w.citizen, 2026, 1, by=w.stranger)


def test_a_qualified_investor_has_no_limit(w, campaign):
    w.factory.setInvestors([w.citizen], [INVESTOR | {"qualified": True}], by=w.operator)
    assert w.factory.useLimit(w.citizen, 10**9, by=campaign).events == []


@pytest.mark.parametrize("following", [2028, 2029, 2100, 2101, 2400, 2401])
def test_a_year_begins_in_its_first_second_utc(w, campaign, following):
    """Around leap days and the years of centuries too."""
    first = int(datetime(following, 1, 1, tzinfo=UTC).timestamp())
    for time, expected in ((first - 1, following - 1), (first, following), (first + 60 * 86_400, following)):
        w.node.travel_to(time)
        assert w.factory.useLimit(w.citizen, 1, by=campaign).one("LimitUsed").year == expected
