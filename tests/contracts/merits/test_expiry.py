"""balanceOf, accountOf, period: merits of one period are spent until the end of the next, oldest first."""

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import DAY, World


def test_period_counts_from_the_origin(w):
    assert w.ledger.ORIGIN() == w.origin
    assert w.ledger.PERIOD_LENGTH() == w.length
    w.to_period(5, -1)
    assert w.ledger.period() == 4
    w.to_period(5)
    assert w.ledger.period() == 5


def test_merits_become_expiring_with_the_next_period(w):
    w.earn(w.citizen, 40)
    w.to_period(w.period + 1, -1)
    assert w.merits(w.citizen) == (0, 40, 40)
    w.to_period(w.period + 1)
    assert w.merits(w.citizen) == (40, 0, 40)


def test_merits_end_with_the_period_after_their_own_and_the_standing_stays(w):
    w.earn(w.citizen, 40)
    end = w.period + 2
    w.to_period(end, -1)
    assert w.merits(w.citizen) == (40, 0, 40)
    w.to_period(end)
    assert w.merits(w.citizen) == (0, 0, 40)


def test_merits_of_an_account_long_untouched_do_not_come_back(w):
    w.earn(w.citizen, 40)
    w.to_period(w.period + 7)
    w.earn(w.citizen, 10)
    assert w.merits(w.citizen) == (0, 10, 50)
    account = w.ledger.accountOf(w.city, w.citizen)
    assert (account.current, account.previous, account.period) == (10, 0, w.period)


def test_account_shows_what_was_written_and_balance_what_holds(w):
    w.earn(w.citizen, 40)
    written = w.period
    w.to_period(w.period + 2)
    account = w.ledger.accountOf(w.city, w.citizen)
    assert (account.current, account.previous, account.period) == (40, 0, written)
    assert w.merits(w.citizen) == (0, 0, 40)


def test_standing_outlives_the_merits(w):
    assert w.ledger.standingOf(w.city, w.citizen) == 0
    w.earn(w.citizen, 40)
    w.to_period(w.period + 7)
    w.earn(w.citizen, 10)
    assert w.ledger.standingOf(w.city, w.citizen) == 50


def test_spending_takes_the_oldest_first(w):
    w.earn(w.citizen, 40)
    w.to_period(w.period + 1)
    w.earn(w.citizen, 50)
    voucher = w.redeem(w.publish(price=30), w.citizen)
    assert (voucher.fromPrevious, voucher.fromCurrent) == (30, 0)
    assert w.merits(w.citizen) == (10, 50, 90)
    voucher = w.redeem(w.publish(price=30), w.citizen)
    assert (voucher.fromPrevious, voucher.fromCurrent) == (10, 20)
    assert w.merits(w.citizen) == (0, 30, 90)


def test_spending_in_the_last_second_of_the_next_period_and_no_later(w):
    w.earn(w.citizen, 40)
    end = w.period + 2
    w.to_period(end, -1)
    offer = w.publish(price=30, closes=w.now + 9 * DAY)
    w.redeem(offer, w.citizen)
    w.to_period(end)
    with reverts("MeritLedger_TooFewMerits", w.city, w.citizen, 0, 30):
        w.redeem(offer, w.citizen)


def test_the_first_period_has_none_before_it(w):
    """Period 0 of a network: nothing is expiring, and what is earned lives into period 1."""
    w = World(w.node, w.project).deploy(w.now + 20 * DAY)
    with reverts("MeritLedger_NotBegun", w.origin, w.now):
        w.ledger.period()
    w.open_city()
    with reverts("MeritLedger_NotBegun", w.origin, w.now):
        w.earn(w.citizen, 40)
    w.node.travel_to(w.origin - 1)
    with reverts("MeritLedger_NotBegun", w.origin, w.origin - 1):
        w.merits(w.citizen)
    w.node.travel_to(w.origin)
    w.earn(w.citizen, 40)
    assert w.merits(w.citizen) == (0, 40, 40)
    voucher = w.redeem(w.publish(price=30), w.citizen)
    assert (voucher.fromPrevious, voucher.fromCurrent, voucher.period) == (0, 30, 0)
    w.to_period(1)
    assert w.merits(w.citizen) == (10, 0, 40)
    w.to_period(2)
    assert w.merits(w.citizen) == (0, 0, 40)
