"""Carry that losses overtook: what `conclude` finds was too much, and `returnCarry`."""

import pytest

from tests.contracts.funds.waterfall.conftest import Earner
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import per_unit
from tests.contracts.kit.world import h


@pytest.fixture(scope="module")
def unsettled(funding):
    """2,400 of carry were paid, 720 of them kept, before a second half of the capital came and was lost.

    Of 60,000 committed 30,000 were called, and 42,000 distributed; then the other 30,000.
    """
    made = Earner(funding, amount=20_000)
    made.to_year(1)
    made.earn(39_000)
    made.distribute()
    made.funding.call_paid(made.fund, 30_000)
    made.fund.writeOff(made.put(30_000).address, h("why"), by=made.w.fund_manager)
    made.to_year(10)
    return made


@pytest.fixture
def overpaid(w, unsettled):
    """The fund at the end of its life."""
    return unsettled


def test_carry_that_losses_overtook_goes_back_first_from_what_was_kept(w, overpaid):
    before = overpaid.fund.claimableOf(w.citizen)
    owed = overpaid.fund.booksOf()
    tx = overpaid.fund.conclude(by=w.stranger)
    units = per_unit((39_600, 30_000), (720, 60_000))
    tx.shows("FundConcluded", clawback=2_400, fromEscrow=720, perUnit=units)
    books = overpaid.fund.booksOf()
    assert (books.escrow, books.clawback) == (0, 1_680)
    assert (books.toPartners, books.toOrganisation) == (39_600 + 720, 2_400 - 720)
    assert (books.unreturned, books.preferred) == (owed.unreturned - 720, owed.preferred)
    assert overpaid.fund.claimableOf(w.citizen) == before + 240
    assert overpaid.fund.creditOf(w.organisation) == 1_680


@pytest.fixture
def owing(w, overpaid):
    """The fund above, concluded: 1,680 are to be returned; the guest has money that it may take."""
    overpaid.fund.conclude(by=w.stranger)
    overpaid.raising.give(w.guest, 2_000, overpaid.fund.address)
    return overpaid


def test_return_carry_credits_the_partners(w, owing):
    fund, before = owing.fund, owing.fund.booksOf()
    claimable = fund.claimableOf(w.citizen)
    units = per_unit((39_600, 30_000), (720, 60_000), (600, 60_000))
    tx = fund.returnCarry(600, by=w.guest)
    tx.shows("CarryReturned", payer=w.guest, amount=600, perUnit=units)
    books = fund.booksOf()
    assert books.clawback == 1_080
    assert (books.toPartners, books.toOrganisation) == (40_920, 1_080)
    assert books.unreturned == before.unreturned - 600
    assert (books.cash, fund.claimableOf(w.citizen)) == (0, claimable + 200)
    fund.returnCarry(1_080, by=w.guest)
    assert (fund.booksOf().clawback, fund.booksOf().toOrganisation) == (0, 0)


def test_what_comes_later_does_not_return_again_what_carry_returned(w, owing):
    owing.fund.returnCarry(1_680, by=w.guest)
    books = owing.fund.booksOf()
    assert books.unreturned == 27_600
    owing.earn(27_600)
    owing.fund.distribute(27_600, by=w.stranger)
    books = owing.fund.booksOf()
    assert (books.unreturned, books.toPartners, books.toOrganisation) == (0, 69_600, 0)


def test_return_carry_reverts_for_nothing_and_for_more_than_is_owed(w, owing):
    with reverts("FundAvatar_BadAmount"):
        owing.fund.returnCarry(0, by=w.guest)
    with reverts("FundAvatar_OverClawback", 1_680, 1_681):
        owing.fund.returnCarry(1_681, by=w.guest)
