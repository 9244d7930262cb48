"""enter, requireFits: a campaign is in a round from its making on, where it fits."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import DONATION, LOAN, REWARD, SHARE
from tests.contracts.kit.world import DAY, h


def test_enter_numbers_the_campaigns_of_a_round(w, raising):
    number, other = raising.open_round(), raising.open_round()
    first = raising.campaign(round_id=number)
    raising.campaign(round_id=other)
    tx = w.factory.create(
        raising.project, DONATION, number, raising.token.address, raising.terms(), by=raising.author
    )
    second = tx.one("CampaignCreated").campaign
    tx.shows("CampaignEntered", roundId=number, campaign=second)
    assert [w.pool.campaignAt(number, i) for i in range(2)] == [first.address, second]
    assert (w.pool.roundOf(number).campaigns, w.pool.roundOf(other).campaigns) == (2, 1)
    assert w.pool.roundOfCampaign(second) == first.roundId() == number
    assert w.pool.roundOfCampaign(w.stranger) == 0


def test_enter_takes_a_project_that_the_city_joined(w, raising):
    number = raising.open_round()
    city = w.other_city
    joined = w.projects.openProject(city, 0, 0, h("a garden elsewhere"), by=raising.author)
    project = joined.one("ProjectOpened").projectId
    stranger = w.mock("TestToken").address  # any address will do: the factory is asked by nobody here
    with w.acting_as(w.factory.address) as factory:
        args = (number, stranger, project, raising.token.address, w.now + 1)
        with reverts("MatchingPool_WrongCity", number, project):
            w.pool.enter(*args, by=factory)
        w.projects.inviteCity(project, w.city, by=raising.author)
        w.projects.joinProject(project, w.city, by=w.moderator)
        w.pool.enter(*args, by=factory)
    assert w.pool.campaignAt(number, 0) == stranger


@pytest.mark.parametrize("who", ["treasurer", "operator", "stranger"])
def test_enter_reverts_when_not_the_factory(w, raising, who):
    number, caller = raising.open_round(), getattr(w, who)
    with reverts("MatchingPool_NotFactory", caller):
        w.pool.enter(number, w.stranger, raising.project, raising.token.address, w.now + 1, by=caller)


def test_enter_reverts_when_the_money_is_another(w, raising):
    number, token = raising.open_round(), w.mock("TestToken").address
    w.factory.setToken(token, 1, by=w.operator)
    with reverts("MatchingPool_WrongToken", number, token):
        w.factory.create(raising.project, DONATION, number, token, raising.terms(), by=raising.author)


def test_enter_reverts_when_the_round_is_unknown_or_over(w, raising):
    with reverts("MatchingPool_UnknownRound", 9):
        raising.campaign(round_id=9)
    number = raising.open_round(closes=w.now + DAY)
    raising.close(number)
    with reverts("MatchingPool_Closed", number, w.now, w.now):
        raising.campaign(round_id=number)


def test_enter_reverts_when_it_ends_after_the_round(w, raising):
    """Cooling-off included, to the second."""
    terms = raising.terms()
    ends = terms["closes"] + terms["coolingOff"]
    number = raising.open_round(closes=ends - 1)
    with reverts("MatchingPool_EndsTooLate", number, ends, ends - 1):
        raising.campaign(round_id=number, closes=terms["closes"])
    number = raising.open_round(closes=ends)
    assert raising.campaign(round_id=number, closes=terms["closes"]).roundId() == number


def test_terms_set_anew_end_with_the_round_too(w, raising):
    terms = raising.terms()
    ends = terms["closes"] + terms["coolingOff"]
    number = raising.open_round(closes=ends)
    campaign = raising.campaign(round_id=number, closes=terms["closes"])
    with reverts("MatchingPool_EndsTooLate", number, ends + 1, ends):
        campaign.setTerms(terms | {"closes": terms["closes"] + 1}, by=raising.author)
    w.pool.requireFits(number, ends)
    with reverts("MatchingPool_EndsTooLate", number, ends + 1, ends):
        w.pool.requireFits(number, ends + 1)


@pytest.mark.parametrize("form", [LOAN, SHARE])
def test_loans_and_shares_are_not_matched(w, raising, form):
    number = raising.open_round()
    with reverts("CampaignFactory_FormNotMatched", form):
        w.factory.create(
            raising.project, form, number, raising.token.address, raising.terms(), by=raising.author
        )


def test_rewards_are_matched(w, raising):
    number = raising.open_round()
    tiers = [{"price": 10, "stock": 5, "content": h("tier")}]
    assert raising.campaign(REWARD, number, tiers=tiers).roundId() == number
