"""beginImplementation, and advance from implementation: real campaigns move a project on."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.raising import COMPLETED, COOLING, FAILED, FUNDED, OPEN, STOPPED, UPCOMING, Raising
from tests.contracts.kit.world import DAY, h
from tests.contracts.model.cities import MODERATOR
from tests.contracts.projects.registry.desk import Stage


@pytest.fixture
def money(w):
    """A project at financing (`money.project`) of the stranger, and money for its campaigns."""
    return Raising(w)


def funded(w, money, **terms):
    campaign = money.campaign(**terms)
    money.pledge(campaign, w.citizen, 150)
    money.end(campaign)
    return campaign


def begun(w, money):
    campaign = funded(w, money)
    w.projects.beginImplementation(money.project, campaign.address, by=w.relayer)
    return campaign


def test_begin_implementation_with_a_funded_campaign_by_anybody(w, money):
    campaign = funded(w, money)
    tx = w.projects.beginImplementation(money.project, campaign.address, by=w.relayer)
    assert tx.events == [
        ("FundedBy", {"projectId": money.project, "campaign": campaign.address}),
        (
            "StageReached",
            {
                "projectId": money.project,
                "stage": Stage.IMPLEMENTATION,
                "by": w.relayer,
                "documents": bytes(32),
            },
        ),
    ]
    kept = w.projects.projectOf(money.project)
    assert (kept.stage, kept.campaign) == (Stage.IMPLEMENTATION, campaign.address)


def test_begin_implementation_with_a_campaign_that_paid_all_of_it_out_already(w, money):
    campaign = funded(w, money)
    campaign.release(by=w.stranger)
    assert campaign.phase() == COMPLETED
    w.projects.beginImplementation(money.project, campaign.address, by=w.relayer)
    w.projects.advance(money.project, bytes(32), by=w.relayer)
    assert w.projects.projectOf(money.project).stage == Stage.COMPLETED


def not_there(w, money, campaign, phase):
    assert campaign.phase() == phase
    with reverts("ProjectRegistry_CampaignNotThere", money.project, campaign.address, phase):
        w.projects.beginImplementation(money.project, campaign.address, by=w.relayer)


def test_begin_implementation_reverts_at_every_second_before_the_campaign_is_funded(w, money):
    campaign = money.campaign(opens=w.now + DAY)
    not_there(w, money, campaign, UPCOMING)
    w.node.travel(DAY)
    money.pledge(campaign, w.citizen, 150)
    not_there(w, money, campaign, OPEN)
    terms = campaign.terms()
    w.node.travel_to(terms.closes - 1)
    not_there(w, money, campaign, OPEN)
    w.node.travel(1)
    not_there(w, money, campaign, COOLING)
    w.node.travel_to(terms.closes + terms.coolingOff - 1)
    not_there(w, money, campaign, COOLING)
    w.node.travel(1)
    assert campaign.phase() == FUNDED
    w.projects.beginImplementation(money.project, campaign.address, by=w.relayer)


def test_begin_implementation_reverts_when_the_campaign_failed_or_was_stopped(w, money):
    failed, stopped = money.campaign(), money.campaign()
    stopped.stop(h("why"), by=w.stranger)
    not_there(w, money, stopped, STOPPED)
    money.end(failed)
    not_there(w, money, failed, FAILED)


def test_begin_implementation_reverts_when_the_campaign_is_not_the_projects(w, money):
    first, campaign = money.project, funded(w, money)
    second = money.financed()
    for project, other in ((second, campaign.address), (first, w.ledger.address), (first, ZERO)):
        with reverts("ProjectRegistry_NotItsCampaign", project, other):
            w.projects.beginImplementation(project, other, by=w.relayer)


def test_begin_implementation_reverts_at_another_stage(w, d, money):
    project = d.at(Stage.ACCELERATION)
    with reverts("ProjectRegistry_WrongStage", project, Stage.ACCELERATION):
        w.projects.beginImplementation(project, w.ledger.address, by=w.relayer)


def test_begin_implementation_reverts_when_paused(w, money):
    campaign = funded(w, money)
    w.projects.pause(money.project, h("wait"), by=w.moderator)
    with reverts("ProjectRegistry_Paused", money.project, 2):
        w.projects.beginImplementation(money.project, campaign.address, by=w.relayer)


# -------------------------------------------------------------- another campaign


def test_another_campaign_takes_the_place_of_one_that_was_stopped(w, money):
    first = begun(w, money)
    first.stop(h("flood"), by=w.stranger)
    second = funded(w, money)
    tx = w.projects.beginImplementation(money.project, second.address, by=w.relayer)
    assert tx.events == [("FundedBy", {"projectId": money.project, "campaign": second.address})]
    second.release(by=w.relayer)
    w.projects.advance(money.project, bytes(32), by=w.relayer)
    assert w.projects.projectOf(money.project).stage == Stage.COMPLETED


def test_another_campaign_takes_no_place_of_one_that_goes_on(w, money):
    first = begun(w, money)
    second = funded(w, money)
    with reverts("ProjectRegistry_CampaignNotThere", money.project, first.address, FUNDED):
        w.projects.beginImplementation(money.project, second.address, by=w.relayer)


# ------------------------------------------------------------------ completion


def test_advance_completes_when_all_milestones_are_released(w, money):
    campaign = begun(w, money)
    with reverts("ProjectRegistry_CampaignNotThere", money.project, campaign.address, FUNDED):
        w.projects.advance(money.project, bytes(32), by=w.relayer)
    campaign.release(by=w.relayer)
    tx = w.projects.advance(money.project, h("smuggled in"), by=w.relayer)
    assert tx.events == [
        (
            "StageReached",
            {
                "projectId": money.project,
                "stage": Stage.COMPLETED,
                "by": w.relayer,
                "documents": bytes(32),
            },
        )
    ]


def test_advance_reverts_when_the_campaign_was_stopped(w, money):
    campaign = begun(w, money)
    campaign.stop(h("flood"), by=w.stranger)
    with reverts("ProjectRegistry_CampaignNotThere", money.project, campaign.address, STOPPED):
        w.projects.advance(money.project, bytes(32), by=w.stranger)


def test_once_there_is_money_nothing_leads_back(w, money):
    begun(w, money)
    with reverts("ProjectRegistry_WrongStage", money.project, Stage.IMPLEMENTATION):
        w.projects.sendBack(money.project, Stage.IDEA, h("why"), by=w.moderator)
    with reverts("ProjectRegistry_WrongStage", money.project, Stage.IMPLEMENTATION):
        w.projects.pivot(money.project, 1, h("another"), h("why"), by=w.stranger)
    w.projects.pause(money.project, h("wait"), by=w.moderator)
    with reverts("ProjectRegistry_Paused", money.project, 2):
        w.projects.advance(money.project, bytes(32), by=w.stranger)


def test_a_completed_project_goes_nowhere_and_can_still_be_supported(w, money):
    campaign = begun(w, money)
    campaign.release(by=w.relayer)
    w.projects.advance(money.project, bytes(32), by=w.relayer)
    completed = ("ProjectRegistry_WrongStage", money.project, Stage.COMPLETED)
    with reverts(*completed):
        w.projects.advance(money.project, h("x"), by=w.stranger)
    with reverts(*completed):
        w.projects.beginImplementation(money.project, campaign.address, by=w.stranger)
    with reverts(*completed):
        w.projects.pause(money.project, h("x"), by=w.stranger)
    with reverts(*completed):
        w.projects.recordCourse(money.project, h("x"), h("y"), by=w.moderator)
    with reverts(*completed):
        w.projects.score(money.project, w.city, 50, h("x"), by=w.expert)
    w.projects.support(money.project, w.city, by=w.neighbour)


def test_a_moderator_of_another_city_stops_nothing_here(w, money):
    begun(w, money)
    with reverts("CityRegistry_MissingRole", w.city, w.other_moderator, MODERATOR):
        w.projects.pause(money.project, h("x"), by=w.other_moderator)
