"""declareDefault and lateness: instalments by their day, grace, and what a later release asks for more."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import LOAN, LONG_LOAN
from tests.contracts.kit.world import DAY, h

INTERVAL, GRACE, AFTER = 90 * DAY, 10 * DAY, 60 * DAY


@pytest.fixture
def lent(w, investing):
    """A released loan without interest, of 1,001 in four instalments: 251, 501, 751, 1,001 in sum."""

    def made(**changes):
        loan = investing.campaign(LOAN, loan=LONG_LOAN | {"rate": 0} | changes)
        investing.pledge(loan, w.citizen, 1_001, city=0)
        investing.end(loan)
        loan.release(by=w.stranger)
        investing.give(w.partner, 10_000, loan.address)
        return loan, w.now

    return made


def test_instalment_is_late_from_its_day_and_grace_on(w, lent):
    loan, start = lent()
    late = start + INTERVAL + GRACE
    w.node.travel_to(late - 1)
    assert loan.loanOf().lateSince == 0
    w.node.travel_to(late)
    assert loan.loanOf().lateSince == late
    w.node.travel(INTERVAL)
    assert loan.loanOf().lateSince == late, "since the first that is unpaid"


def test_instalment_asks_for_its_part_rounded_up(w, lent):
    loan, start = lent()
    late = start + INTERVAL + GRACE
    loan.repay(250, by=w.partner)
    w.node.travel_to(late)
    assert loan.loanOf().lateSince == late
    loan.repay(1, by=w.partner)
    assert loan.loanOf().lateSince == 0
    loan.repay(249, by=w.partner)
    w.node.travel_to(late + INTERVAL)
    assert loan.loanOf().lateSince == late + INTERVAL
    loan.repay(1, by=w.partner)
    assert loan.loanOf().lateSince == 0
    w.node.travel_to(late + 3 * INTERVAL)
    assert loan.loanOf().lateSince == late + 2 * INTERVAL
    loan.repay(499, by=w.partner)
    assert loan.loanOf().lateSince == late + 3 * INTERVAL
    loan.repay(1, by=w.partner)
    assert loan.loanOf() == {"principal": 0, "interest": 0, "lateSince": 0, "defaulted": False}


def test_schedule_of_any_length_costs_the_same(w, lent):
    """65,535 instalments of a second each: the first unpaid is found without a loop."""
    loan, start = lent(instalments=65_535, interval=1, grace=0)
    w.node.travel_to(start + 65_535)
    assert loan.loanOf().lateSince == start + 1
    loan.repay(1_000, by=w.partner)
    assert loan.loanOf().lateSince == start + 1_000 * 65_535 // 1_001 + 1
    w.node.travel(AFTER)
    assert loan.declareDefault(by=w.stranger).gas < 60_000


def test_later_release_raises_what_past_instalments_ask_for(w, investing, loan):
    """Half of 1,200 at first: instalment 1 asks for 150, and for 300 once all is released."""
    loan.release(by=w.stranger)
    start = w.now
    w.node.travel(INTERVAL)
    owed = loan.loanOf()
    investing.give(w.partner, 1_000, loan.address)
    loan.repay(owed.interest + 150, by=w.partner)
    w.node.travel(GRACE)
    assert loan.loanOf().lateSince == 0
    loan.report(h("built"), by=w.partner)
    w.node.travel(3 * DAY)
    loan.release(by=w.stranger)
    assert loan.loanOf().lateSince == start + INTERVAL + GRACE
    loan.repay(loan.loanOf().interest + 150, by=w.partner)
    assert loan.loanOf().lateSince == 0


# ----------------------------------------------------------------------- default


def test_default_can_be_declared_by_anybody_once_late_for_long_enough(w, lent):
    loan, start = lent()
    late = start + INTERVAL + GRACE
    w.node.travel_to(late + AFTER - 1)
    with reverts("Campaign_NotInDefault", late, late + AFTER - 1):
        loan.declareDefault(by=w.citizen)
    w.node.travel_to(late + AFTER)
    loan.declareDefault(by=w.guest).shows("LoanDefaulted", by=w.guest, owed=1_001)
    assert loan.loanOf().defaulted


def test_default_counts_interest_as_owed(w, lent):
    loan, _ = lent(rate=1_000)
    w.node.travel(365 * DAY)
    loan.declareDefault(by=w.guest).shows("LoanDefaulted", by=w.guest, owed=1_001 + 101)


def test_default_is_declared_once(w, lent):
    loan, start = lent()
    w.node.travel(INTERVAL + GRACE + AFTER)
    loan.declareDefault(by=w.guest)
    with reverts("Campaign_NotInDefault", start + INTERVAL + GRACE, w.now):
        loan.declareDefault(by=w.guest)


def test_no_default_when_nothing_is_late(w, investing, lent):
    loan, _ = lent()
    with reverts("Campaign_NotInDefault", 0, w.now):
        loan.declareDefault(by=w.guest)
    loan.repay(1_001, by=w.partner)
    w.node.travel(10 * INTERVAL)
    with reverts("Campaign_NotInDefault", 0, w.now):
        loan.declareDefault(by=w.guest)


def test_no_default_before_a_release(w, loan):
    w.node.travel(10 * INTERVAL)
    with reverts("Campaign_NotInDefault", 0, w.now):
        loan.declareDefault(by=w.guest)


def test_repay_goes_on_after_a_default(w, lent):
    loan, _ = lent()
    w.node.travel(INTERVAL + GRACE + AFTER)
    loan.declareDefault(by=w.guest)
    loan.repay(1_001, by=w.partner)
    assert loan.loanOf() == {"principal": 0, "interest": 0, "lateSince": 0, "defaulted": True}
    loan.claim(w.citizen, by=w.stranger).shows(
        "ProceedsClaimed", backer=w.citizen, to=w.citizen, amount=1_001
    )
