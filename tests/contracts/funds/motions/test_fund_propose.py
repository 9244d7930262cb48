"""propose: what can be put to the partners, by whom."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.funding import (
    EXTEND_LIFE,
    FORMING,
    REPLACE_APPRAISER,
    REPLACE_MANAGER,
    WIND_UP,
    WINDING,
)
from tests.contracts.kit.world import DAY, h

SUBJECT = b"subject".ljust(32, b"\0")


def test_propose_puts_a_motion_and_consents(w, fund):
    tx = fund.propose(REPLACE_MANAGER, w.sponsor, h("why"), by=w.citizen)
    until = w.now + 30 * DAY
    tx.shows(
        "MotionProposed",
        number=1,
        matter=REPLACE_MANAGER,
        subject=w.sponsor,
        by=w.citizen,
        until=until,
        reason=h("why"),
    )
    tx.shows("MotionSupported", number=1, partner=w.citizen, units=3_000, consents=3_000)
    assert fund.motionOf(1) == {
        "matter": REPLACE_MANAGER,
        "subject": w.sponsor,
        "until": until,
        "carried": False,
        "consents": 3_000,
    }
    assert fund.partnerOf(w.citizen).lockedUntil == until


def test_motions_are_numbered_and_several_can_run(w, fund):
    fund.propose(REPLACE_MANAGER, w.sponsor, h("why"), by=w.citizen)
    second = fund.propose(WIND_UP, ZERO, h("why"), by=w.citizen).one("MotionProposed")
    third = fund.propose(EXTEND_LIFE, ZERO, h("why"), by=w.neighbour).one("MotionProposed")
    assert (second.number, third.number) == (2, 3)
    assert [fund.motionOf(number).consents for number in (1, 2, 3)] == [3_000, 3_000, 4_000]


def test_nobody_has_put_what_is_not_there(fund):
    empty = {"matter": 0, "subject": ZERO, "until": 0, "carried": False, "consents": 0}
    assert fund.motionOf(0) == fund.motionOf(1) == empty


def test_propose_reverts_without_units(w, fund):
    for who in (w.guest, w.fund_manager, w.organisation):
        with reverts("FundAvatar_Nothing", who):
            fund.propose(WIND_UP, ZERO, h("why"), by=who)


def test_propose_reverts_for_a_partner_in_default(w, funding, fund):
    funding.call(fund, 10_000)
    funding.pass_due(fund)
    fund.declareDefault(w.third, by=w.fund_manager)
    with reverts("FundAvatar_InDefault", w.third):
        fund.propose(WIND_UP, ZERO, h("why"), by=w.third)


@pytest.mark.parametrize("matter", [REPLACE_MANAGER, REPLACE_APPRAISER])
def test_propose_reverts_when_it_names_nobody_new(w, fund, matter):
    with reverts("FundAvatar_ZeroAddress"):
        fund.propose(matter, ZERO, h("why"), by=w.citizen)
    for who in (w.fund_manager, w.appraiser):
        with reverts("FundAvatar_BadTerms", SUBJECT):
            fund.propose(matter, who, h("why"), by=w.citizen)


@pytest.mark.parametrize("matter", [EXTEND_LIFE, WIND_UP])
def test_propose_reverts_when_it_names_somebody_where_nobody_is_to_be(w, fund, matter):
    with reverts("FundAvatar_BadTerms", SUBJECT):
        fund.propose(matter, w.sponsor, h("why"), by=w.citizen)


@pytest.mark.parametrize("matter", [EXTEND_LIFE, WIND_UP])
def test_propose_reverts_on_life_when_it_is_over_or_has_not_begun(w, funding, fund, matter):
    forming = funding.launch()
    with reverts("FundAvatar_WrongPhase", FORMING):
        forming.propose(matter, ZERO, h("why"), by=w.citizen)
    w.node.travel_to(fund.booksOf().endsAt)
    with reverts("FundAvatar_WrongPhase", WINDING):
        fund.propose(matter, ZERO, h("why"), by=w.citizen)
