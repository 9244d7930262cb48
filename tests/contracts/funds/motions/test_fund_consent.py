"""consent: units weigh, stay, and more than half of all carry a motion."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.funding import REPLACE_MANAGER, WIND_UP
from tests.contracts.kit.world import DAY, h


@pytest.fixture
def motion(w, fund):
    """To replace the manager by the sponsor; the citizen's 3,000 of 10,000 consent."""
    return fund.propose(REPLACE_MANAGER, w.sponsor, h("why"), by=w.citizen).one("MotionProposed").number


def test_consent_weighs_the_units_held_then(w, fund, motion):
    fund.transfer(w.guest, 1_000, by=w.third)
    tx = fund.consent(motion, by=w.third)
    tx.shows("MotionSupported", number=motion, partner=w.third, units=2_000, consents=5_000)
    assert tx.all("MotionCarried") == []
    assert (fund.motionOf(motion).consents, fund.motionOf(motion).carried) == (5_000, False)


def test_half_is_not_enough_and_more_carries_at_once(w, fund, motion):
    fund.transfer(w.guest, 1_000, by=w.third)
    fund.consent(motion, by=w.third)
    tx = fund.consent(motion, by=w.guest)
    tx.shows("MotionSupported", number=motion, partner=w.guest, units=1_000, consents=6_000)
    tx.shows("MotionCarried", number=motion)
    assert fund.motionOf(motion).carried


def test_who_holds_more_than_half_decides_alone(w, fund):
    fund.transfer(w.neighbour, 1_001, by=w.citizen)
    tx = fund.propose(REPLACE_MANAGER, w.sponsor, h("why"), by=w.neighbour)
    tx.shows("MotionCarried", number=1)
    assert fund.manager() == w.sponsor


def test_units_that_consent_stay_until_the_motion_is_over(w, fund, motion):
    until = fund.motionOf(motion).until
    with reverts("FundAvatar_UnitsLocked", w.citizen, until):
        fund.transfer(w.guest, 1, by=w.citizen)
    w.node.travel_to(until)
    fund.transfer(w.guest, 3_000, by=w.citizen)
    assert fund.partnerOf(w.guest).units == 3_000


def test_the_lock_is_of_the_last_motion_that_one_consents_to(w, fund, motion):
    first = fund.motionOf(motion).until
    w.node.travel(10 * DAY)
    second = fund.propose(WIND_UP, ZERO, h("why"), by=w.third).one("MotionProposed").number
    fund.consent(second, by=w.citizen)
    fund.consent(motion, by=w.third)
    until = fund.motionOf(second).until
    assert until == first + 10 * DAY
    assert fund.partnerOf(w.citizen).lockedUntil == fund.partnerOf(w.third).lockedUntil == until


def test_units_paid_for_later_count_among_all(w, funding, fund, motion):
    """Of 10,000 units 6,000 would be enough, of 16,000 not."""
    funding.call(fund, 10_000)
    funding.pay(fund, w.neighbour)
    funding.pay(fund, w.citizen)
    fund.consent(motion, by=w.third)
    assert (fund.totalSupply(), fund.motionOf(motion).carried) == (17_000, False)
    fund.consent(motion, by=w.neighbour)
    assert fund.motionOf(motion).carried


def test_units_burned_since_count_among_all(w, funding, fund):
    """The third consents with 3,000, and loses them by a default. 7,200 consents are more than half of the
    14,000 units there are, but not of the 17,000 with those that weigh among them.
    """
    motion = fund.propose(REPLACE_MANAGER, w.sponsor, h("why"), by=w.third).one("MotionProposed").number
    fund.transfer(w.guest, 2_999, by=w.citizen)
    funding.call(fund, 10_000)
    for partner in (w.citizen, w.neighbour):
        funding.pay(fund, partner)
    funding.pass_due(fund)
    fund.declareDefault(w.third, by=w.fund_manager)
    fund.transfer(w.guest, 1_201, by=w.citizen)
    assert (fund.totalSupply(), fund.partnerOf(w.guest).units) == (14_000, 4_200)
    fund.consent(motion, by=w.guest)
    assert (fund.motionOf(motion).consents, fund.motionOf(motion).carried) == (7_200, False)
    fund.consent(motion, by=w.citizen)
    assert fund.motionOf(motion).carried


def test_units_burned_before_do_not(w, funding, fund):
    funding.call(fund, 10_000)
    funding.pay(fund, w.neighbour)
    funding.pay(fund, w.citizen)
    funding.pass_due(fund)
    fund.declareDefault(w.third, by=w.fund_manager)
    tx = fund.propose(REPLACE_MANAGER, w.sponsor, h("why"), by=w.neighbour)
    tx.shows("MotionSupported", number=1, partner=w.neighbour, units=8_000, consents=8_000)
    tx.shows("MotionCarried", number=1)


def test_consent_reverts_for_an_unknown_motion(w, fund, motion):
    for number in (0, motion + 1):
        with reverts("FundAvatar_UnknownMotion", number):
            fund.consent(number, by=w.neighbour)


def test_consent_reverts_when_the_motion_is_over(w, fund, motion):
    w.node.travel_to(fund.motionOf(motion).until - 1)
    fund.consent(motion, by=w.third)
    with reverts("FundAvatar_MotionOver", motion):
        fund.consent(motion, by=w.neighbour)


def test_consent_reverts_when_its_time_is_over(w, fund, motion):
    w.node.travel_to(fund.motionOf(motion).until)
    with reverts("FundAvatar_MotionOver", motion):
        fund.consent(motion, by=w.neighbour)


def test_consent_reverts_the_second_time(w, fund, motion):
    with reverts("FundAvatar_ConsentedAlready", motion, w.citizen):
        fund.consent(motion, by=w.citizen)


def test_consent_reverts_for_a_partner_in_default(w, funding, fund, motion):
    funding.call(fund, 10_000)
    funding.pass_due(fund)
    fund.declareDefault(w.third, by=w.fund_manager)
    with reverts("FundAvatar_InDefault", w.third):
        fund.consent(motion, by=w.third)


def test_consent_reverts_without_units(w, fund, motion):
    for who in (w.guest, w.sponsor):
        with reverts("FundAvatar_Nothing", who):
            fund.consent(motion, by=who)
