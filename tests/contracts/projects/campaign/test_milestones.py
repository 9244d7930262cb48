"""report, object, objectBySig, release: what is paid when, and how backers prevent it."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import COMPLETED, COOLING, FUNDED, OPEN
from tests.contracts.kit.signing import OBJECT, Domain, sign
from tests.contracts.kit.world import DAY, h


def report(campaign, by):
    return campaign.report(h("evidence"), by=by)


def past_window(w, campaign):
    w.node.travel_to(campaign.reportOf().vetoUntil)


# ------------------------------------------------------------------- release


def test_the_first_milestone_is_released_as_soon_as_funded(w, raising, funded):
    tx = funded.release(by=w.stranger)
    tx.shows("TrancheReleased", milestone=1, amount=500, fee=10)
    state = funded.stateOf()
    assert (state.phase, state.released, state.milestone) == (FUNDED, 500, 1)
    assert (state.uncollected, state.fees) == (490, 10)


def test_the_fee_is_rounded_up(w, raising):
    small = raising.campaign(goal=1)
    raising.pledge(small, w.citizen, 101)
    raising.end(small)
    assert small.release(by=w.stranger).one("TrancheReleased").fee == 3


def test_release_before_the_campaign_is_funded(w, raising, donation):
    with reverts("Campaign_WrongPhase", OPEN):
        donation.release(by=w.stranger)
    raising.pledge(donation, w.citizen, 1_000)
    w.node.travel_to(donation.terms().closes + 10 * DAY - 1)
    with reverts("Campaign_WrongPhase", COOLING):
        donation.release(by=w.stranger)
    w.node.travel(1)
    donation.release(by=w.stranger)


def test_the_second_is_released_after_its_report_and_window(w, raising, half):
    with reverts("Campaign_NoReport"):
        half.release(by=w.stranger)
    report(half, w.partner)
    until = half.reportOf().vetoUntil
    w.node.travel_to(until - 1)
    with reverts("Campaign_WindowRunning", until):
        half.release(by=w.stranger)
    w.node.travel(1)
    half.release(by=w.stranger).shows("TrancheReleased", milestone=2, amount=501, fee=11)
    assert (half.stateOf().phase, half.stateOf().released) == (COMPLETED, 1_001)
    with reverts("Campaign_NoMilestone"):
        half.release(by=w.stranger)


def test_ten_milestones_make_the_whole(w, raising):
    parts = raising.campaign(milestones=[1_111] * 9 + [1], milestoneTerm=10**6)
    raising.pledge(parts, w.citizen, 997)
    raising.end(parts)
    parts.release(by=w.stranger)
    for _ in range(9):
        report(parts, raising.author)
        past_window(w, parts)
        parts.release(by=w.stranger)
    state = parts.stateOf()
    assert (state.released, state.phase, state.uncollected + state.fees) == (997, COMPLETED, 997)


# -------------------------------------------------------------------- report


def test_author_and_payee_report(w, raising, half):
    until = w.now + 3 * DAY
    report(half, raising.author).shows(
        "MilestoneReported",
        milestone=2,
        attempt=1,
        by=raising.author,
        vetoUntil=until,
        evidence=h("evidence"),
    )
    assert half.reportOf() == {"milestone": 2, "attempt": 1, "vetoUntil": until, "objections": 0}
    with reverts("Campaign_ReportPending", 2, until):
        report(half, w.partner)


def test_nobody_else_reports(w, half):
    for who in (w.citizen, w.moderator):
        with reverts("Campaign_NotAuthor", who):
            report(half, who)


def test_no_report_on_the_first_milestone_or_before_funding(w, raising, donation):
    with reverts("Campaign_WrongPhase", OPEN):
        report(donation, w.partner)
    raising.pledge(donation, w.citizen, 1_000)
    raising.end(donation)
    with reverts("Campaign_NoMilestone"):
        report(donation, w.partner)


def test_a_report_in_the_last_second_of_its_term(w, half):
    due = w.now + 10**6
    w.node.travel_to(due)
    with reverts("Campaign_Overdue", 2, due):
        report(half, w.partner)


def test_a_report_just_in_time(w, half):
    w.node.travel(10**6 - 1)
    report(half, w.partner)


# -------------------------------------------------------------------- object


def test_objections_over_the_veto_share_void_the_report(w, raising, half):
    """Half of 1,001 is 500.5: 401 are not enough, 1,001 are."""
    report(half, w.partner)
    half.object(by=w.neighbour).shows(
        "Objected", backer=w.neighbour, milestone=2, attempt=1, weight=300, objections=300
    )
    assert half.object(by=w.third).all("ReportVoided") == []
    half.object(by=w.citizen).shows("ReportVoided", milestone=2, attempt=1)
    assert half.reportOf().vetoUntil == 0
    with reverts("Campaign_NoReport"):
        half.release(by=w.stranger)
    report(half, w.partner)
    assert (half.reportOf().attempt, half.reportOf().objections) == (2, 0)
    half.object(by=w.neighbour)
    past_window(w, half)
    half.release(by=w.stranger)


def test_exactly_the_veto_share_voids_nothing(w, raising, donation):
    raising.pledge(donation, w.citizen, 500)
    raising.pledge(donation, w.neighbour, 500)
    raising.end(donation)
    donation.release(by=w.stranger)
    report(donation, w.partner)
    assert donation.object(by=w.citizen).all("ReportVoided") == []


def test_object_once_and_with_something(w, half):
    with reverts("Campaign_NoReport"):
        half.object(by=w.citizen)
    report(half, w.partner)
    half.object(by=w.neighbour)
    with reverts("Campaign_ObjectedAlready", w.neighbour):
        half.object(by=w.neighbour)
    with reverts("Campaign_Nothing", w.guest):
        half.object(by=w.guest)


def test_object_up_to_the_end_of_the_window(w, half):
    report(half, w.partner)
    until = half.reportOf().vetoUntil
    w.node.travel_to(until - 1)
    half.object(by=w.neighbour)
    w.node.travel(1)
    with reverts("Campaign_WindowOver", until):
        half.object(by=w.third)


def test_object_where_nothing_is_released(w, raising, donation):
    raising.pledge(donation, w.citizen, 1_000)
    with reverts("Campaign_WrongPhase", OPEN):
        donation.object(by=w.citizen)


def signed(w, campaign, **changes):
    message = {"backer": w.citizen, "milestone": 2, "attempt": 1, "deadline": w.now + 60} | changes
    return sign(w.citizen.key, Domain("Campaign", "1", w.node.chain_id, campaign.address), OBJECT, message)


def test_object_by_signature(w, half):
    report(half, w.partner)
    signature = signed(w, half)
    tx = half.objectBySig(w.citizen, w.now + 60, signature, by=w.relayer)
    assert tx.one("Objected").backer == w.citizen
    report(half, w.partner)
    with reverts("Campaign_BadSignature", w.citizen):
        half.objectBySig(w.citizen, w.now + 60, signature, by=w.relayer)


@pytest.mark.parametrize("field", ["backer", "milestone", "attempt", "deadline"])
def test_every_field_of_a_signed_objection_is_signed(w, half, field):
    report(half, w.partner)
    other = {"backer": w.neighbour, "milestone": 1, "attempt": 2, "deadline": w.now + 61}
    with reverts("Campaign_BadSignature", w.citizen):
        half.objectBySig(w.citizen, w.now + 60, signed(w, half, **{field: other[field]}), by=w.relayer)


def test_a_signed_objection_after_its_deadline(w, half):
    report(half, w.partner)
    with reverts("Campaign_SignatureExpired", w.now - 1, w.now):
        half.objectBySig(w.citizen, w.now - 1, signed(w, half, deadline=w.now - 1), by=w.relayer)
