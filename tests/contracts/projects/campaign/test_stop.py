"""stop: by author or moderator, or by anybody where a milestone is overdue."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import COMPLETED, FAILED, STOPPED
from tests.contracts.kit.world import DAY, h


def stop(campaign, by):
    return campaign.stop(h("why"), by=by)


@pytest.mark.parametrize("who", ["stranger", "moderator"])
def test_author_and_moderator_stop_an_open_campaign(w, raising, donation, who):
    raising.pledge(donation, w.citizen, 300)
    by = getattr(w, who)
    stop(donation, by).shows("CampaignStopped", by=by, toBackers=300, toPool=0, reason=h("why"))
    assert donation.phase() == STOPPED
    donation.refund(w.citizen, by=w.citizen)
    assert raising.token.balanceOf(w.citizen) == 300
    with reverts("Campaign_WrongPhase", STOPPED):
        stop(donation, by)


def test_a_campaign_that_nobody_pledged_to_is_stopped(w, raising):
    soon = raising.campaign(opens=w.now + DAY)
    assert stop(soon, raising.author).one("CampaignStopped").toBackers == 0


def test_what_is_not_released_is_left_when_stopped(w, raising, half):
    stop(half, w.moderator).shows("CampaignStopped", by=w.moderator, toBackers=501, toPool=0, reason=h("why"))
    half.collect(w.partner, by=w.partner)


def test_others_stop_only_what_is_overdue(w, half):
    for who in (w.citizen, w.partner, w.other_moderator):
        with reverts("Campaign_MayNotStop", who):
            stop(half, who)
    w.node.travel(10**6 - 1)
    with reverts("Campaign_MayNotStop", w.guest):
        stop(half, w.guest)
    w.node.travel(1)
    stop(half, w.guest)


def test_nothing_is_overdue_before_the_first_release_or_with_a_report_under_way(w, raising, funded):
    w.node.travel(10**8)
    with reverts("Campaign_MayNotStop", w.guest):
        stop(funded, w.guest)
    funded.release(by=w.stranger)
    funded.report(h("evidence"), by=w.partner)
    w.node.travel(10**8)
    with reverts("Campaign_MayNotStop", w.guest):
        stop(funded, w.guest)
    funded.release(by=w.stranger)
    with reverts("Campaign_WrongPhase", COMPLETED):
        stop(funded, raising.author)


def test_a_failed_campaign_is_not_stopped(w, raising, donation):
    raising.end(donation)
    with reverts("Campaign_WrongPhase", FAILED):
        stop(donation, raising.author)


def test_a_report_ends_with_the_stop(w, raising, half):
    half.report(h("evidence"), by=w.partner)
    stop(half, w.moderator)
    assert half.reportOf().vetoUntil == 0
    for act in (half.object, half.release):
        with reverts("Campaign_WrongPhase", STOPPED):
            act(by=w.citizen)


def test_what_a_stop_left_for_backers_is_said_and_no_refund_changes_it(w, raising, half):
    assert half.stateOf().toBackers == 0
    left = stop(half, w.moderator).one("CampaignStopped").toBackers
    for who in (w.citizen, w.neighbour, w.third):
        assert half.stateOf().toBackers == left == 501
        assert half.refundableOf(who) == left * half.positionOf(who).amount // half.stateOf().raised
        half.refund(who, by=w.stranger)
    assert half.stateOf().toBackers == left


def test_what_a_stop_left_for_backers_is_less_than_the_rest_where_some_is_the_pools(w, raising):
    number = raising.open_round(1_000)
    matched = raising.campaign(0, number, milestones=[5_000, 5_000], milestoneTerm=10**9)
    for who in (w.citizen, w.neighbour):
        raising.pledge(matched, who, 500)
    raising.settle(number)
    w.pool.payMatch(number, matched.address, by=w.stranger)
    matched.release(by=w.stranger)
    stopped = stop(matched, raising.author).one("CampaignStopped")
    state = matched.stateOf()
    whole = state.raised + state.matched
    assert state.toBackers == stopped.toBackers == (whole - state.released) * state.raised // whole
    assert stopped.toPool == whole - state.released - state.toBackers > 0
