"""What a motion does that is carried: manager, appraiser, life."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.funding import (
    EXTEND_LIFE,
    HARVESTING,
    INVESTING,
    REPLACE_APPRAISER,
    REPLACE_MANAGER,
    WIND_UP,
    WINDING,
    YEAR,
)
from tests.contracts.kit.world import h

SUBJECT = b"subject".ljust(32, b"\0")


@pytest.fixture
def decide(w, fund):
    """The citizen puts it, the neighbour carries it."""

    def carry(matter, subject=ZERO):
        number = fund.propose(matter, subject, h("why"), by=w.citizen).one("MotionProposed").number
        return fund.consent(number, by=w.neighbour)

    return carry


def test_a_new_manager_has_all_rights_and_the_old_one_none(w, fund, decide):
    decide(REPLACE_MANAGER, w.sponsor).shows("ManagerReplaced", manager=w.sponsor)
    assert fund.manager() == w.sponsor
    with reverts("FundAvatar_NotManager", w.fund_manager):
        fund.admit([w.guest], False, by=w.fund_manager)
    fund.admit([w.guest], False, by=w.sponsor)
    fund.distribute(1_000, by=w.sponsor)


def test_a_new_appraiser(w, fund, decide):
    decide(REPLACE_APPRAISER, w.sponsor).shows("AppraiserReplaced", appraiser=w.sponsor)
    assert fund.appraiser() == w.sponsor
    assert fund.manager() == w.fund_manager


def test_a_longer_life(w, fund, decide):
    ends = fund.booksOf().endsAt
    w.node.travel_to(ends - 1)
    decide(EXTEND_LIFE).shows("LifeSet", endsAt=ends + YEAR // 2)
    w.node.travel_to(ends + YEAR // 2 - 1)
    assert fund.phase() == HARVESTING
    w.node.travel(1)
    assert fund.phase() == WINDING


def test_no_longer_life_than_the_terms_say(w, fund, decide):
    waiting = fund.propose(EXTEND_LIFE, ZERO, h("why"), by=w.third).one("MotionProposed").number
    decide(EXTEND_LIFE)
    with reverts("FundAvatar_NoExtension", 1):
        fund.propose(EXTEND_LIFE, ZERO, h("why"), by=w.citizen)
    with reverts("FundAvatar_NoExtension", 1):
        fund.consent(waiting, by=w.neighbour)


def test_the_end_at_once(w, fund, decide):
    assert fund.phase() == INVESTING
    decide(WIND_UP).shows("LifeSet", endsAt=w.now)
    assert (fund.phase(), fund.booksOf().endsAt) == (WINDING, w.now)
    w.node.travel(1)
    fund.distribute(1_000, by=w.stranger)


def test_what_makes_no_sense_any_more_is_not_carried(w, fund, decide):
    """While it is put that the sponsor be manager, they become appraiser; while a longer life is, the end."""
    manager = fund.propose(REPLACE_MANAGER, w.sponsor, h("why"), by=w.third).one("MotionProposed").number
    longer = fund.propose(EXTEND_LIFE, ZERO, h("why"), by=w.third).one("MotionProposed").number
    decide(REPLACE_APPRAISER, w.sponsor)
    with reverts("FundAvatar_BadTerms", SUBJECT):
        fund.consent(manager, by=w.neighbour)
    decide(WIND_UP)
    with reverts("FundAvatar_WrongPhase", WINDING):
        fund.consent(longer, by=w.neighbour)
    assert (fund.manager(), fund.motionOf(manager).carried) == (w.fund_manager, False)


def test_manager_and_appraiser_are_replaced_in_any_phase(w, fund, decide):
    w.node.travel_to(fund.booksOf().endsAt)
    decide(REPLACE_MANAGER, w.sponsor)
    decide(REPLACE_APPRAISER, w.guest)
    assert (fund.manager(), fund.appraiser()) == (w.sponsor, w.guest)
