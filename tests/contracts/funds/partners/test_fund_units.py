"""Units: ERC-20, among admitted partners, each right moves once."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.funding import WIND_UP
from tests.contracts.kit.world import DAY, h


@pytest.fixture
def paid(w, funding, closed):
    funding.call_paid(closed, 9_000)
    return closed


def test_units_move_among_admitted_partners(w, paid):
    tx = paid.transfer(w.neighbour, 1_000, by=w.citizen)
    tx.shows("Transfer", **{"from": w.citizen, "to": w.neighbour, "value": 1_000})
    assert [paid.balanceOf(one) for one in (w.citizen, w.neighbour)] == [2_000, 4_000]
    assert paid.partnerOf(w.neighbour).units == 4_000


def test_units_move_by_allowance(w, paid):
    paid.approve(w.stranger, 1_000, by=w.citizen).shows(
        "Approval", owner=w.citizen, spender=w.stranger, value=1_000
    )
    paid.transferFrom(w.citizen, w.third, 400, by=w.stranger)
    assert paid.allowance(w.citizen, w.stranger) == 600
    assert paid.balanceOf(w.third) == 3_400


def test_no_units_for_somebody_who_is_not_admitted(w, paid):
    with reverts("FundAvatar_NotAdmitted", w.stranger):
        paid.transfer(w.stranger, 1, by=w.citizen)
    paid.admit([w.neighbour], False, by=w.fund_manager)
    with reverts("FundAvatar_NotAdmitted", w.neighbour):
        paid.transfer(w.neighbour, 1, by=w.citizen)
    paid.transfer(w.citizen, 1, by=w.neighbour)  # who was shut out keeps units, and may give them away


def test_no_more_units_than_there_are(w, paid):
    with reverts("ERC20InsufficientBalance", w.citizen, 3_000, 3_001):
        paid.transfer(w.neighbour, 3_001, by=w.citizen)


def test_units_are_somebodys(w, paid):
    with reverts("ERC20InvalidReceiver", ZERO):
        paid.transfer(ZERO, 1, by=w.citizen)
    with reverts("ERC20InvalidSpender", ZERO):
        paid.approve(ZERO, 1, by=w.citizen)
    with reverts("ERC20InvalidApprover", ZERO):
        paid.transferFrom(ZERO, w.citizen, 0, by=w.stranger)


def test_what_was_credited_stays_and_what_comes_moves(w, funding, paid):
    funding.distribute(paid, 900)
    paid.transfer(w.neighbour, 3_000, by=w.citizen)
    assert [paid.claimableOf(one) for one in funding.partners] == [300, 300, 300]
    funding.distribute(paid, 900)
    assert [paid.claimableOf(one) for one in funding.partners] == [300, 900, 600]
    paid.claim(w.citizen, by=w.citizen)
    paid.transfer(w.citizen, 6_000, by=w.neighbour)
    funding.distribute(paid, 900)
    assert [paid.claimableOf(one) for one in funding.partners] == [600, 900, 900]


def test_the_commitment_stays_its_makers_debt(w, funding, paid):
    paid.transfer(w.neighbour, 3_000, by=w.citizen)
    funding.call(paid, 3_000)
    assert paid.dueOf(w.citizen).due == 1_000
    assert paid.dueOf(w.neighbour).due == 1_000


def test_who_is_late_gives_no_units_away(w, funding, paid):
    funding.call(paid, 3_000)
    paid.transfer(w.neighbour, 1, by=w.citizen)
    funding.pass_due(paid)
    with reverts("FundAvatar_Late", w.citizen, 1_000):
        paid.transfer(w.neighbour, 1, by=w.citizen)
    funding.pay(paid, w.citizen)
    paid.transfer(w.neighbour, 1, by=w.citizen)


def test_units_that_consented_stay_until_the_motion_is_over(w, paid):
    paid.propose(WIND_UP, ZERO, h("why"), by=w.citizen)
    until = w.now + 30 * DAY
    assert paid.partnerOf(w.citizen).lockedUntil == until
    with reverts("FundAvatar_UnitsLocked", w.citizen, until):
        paid.transfer(w.neighbour, 1, by=w.citizen)
    paid.transfer(w.citizen, 1, by=w.neighbour)
    w.node.travel_to(until)
    paid.transfer(w.neighbour, 1, by=w.citizen)


def test_units_have_the_decimals_of_the_money(w, funding, paid):
    assert paid.decimals() == funding.token.decimals()
