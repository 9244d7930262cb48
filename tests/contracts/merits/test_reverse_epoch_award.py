"""reverseEpochAward: claimed, it is taken back; unclaimed, it never will be claimed."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import MODERATOR


@pytest.fixture
def epoch(w):
    return w.open_epoch([(w.citizen, 2, h("a")), (w.neighbour, 3, h("b"))])


def source(number):
    return number.to_bytes(32, "big")


def reverse(w, citizen, leaf, by=None):
    return w.ledger.reverseEpochAward(citizen, leaf, h("reason"), by=by or w.moderator)


def test_reverse_epoch_award_takes_back_what_was_claimed(w, epoch):
    number, tree = epoch
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    tx = reverse(w, w.citizen, w.leaf(number, tree, 0))
    assert tx.events == [
        (
            "AwardReversed",
            {
                "cityId": w.city,
                "citizen": w.citizen,
                "moderator": w.moderator,
                "source": source(number),
                "points": 20,
                "taken": 20,
                "period": w.period,
                "unclaimed": False,
                "reason": h("reason"),
            },
        )
    ]
    assert w.merits(w.citizen) == (0, 0, 0)
    with reverts("MeritLedger_AlreadyClaimed", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)


def test_reverse_epoch_award_unclaimed_takes_nothing_and_bars_the_claim(w, epoch):
    number, tree = epoch
    w.earn(w.citizen, 50)
    event = reverse(w, w.citizen, w.leaf(number, tree, 0)).one("AwardReversed")
    assert (event.points, event.taken, event.unclaimed) == (20, 0, True)
    assert w.merits(w.citizen) == (0, 50, 50)
    assert w.ledger.isClaimed(w.city, number, w.citizen)
    with reverts("MeritLedger_AlreadyClaimed", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.ledger.claim(w.neighbour, w.leaf(number, tree, 1), by=w.citizen)


def test_reverse_epoch_award_with_a_shortfall(w, epoch):
    number, tree = epoch
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.redeem(w.publish(price=15), w.citizen)
    event = reverse(w, w.citizen, w.leaf(number, tree, 0)).one("AwardReversed")
    assert (event.points, event.taken) == (20, 5)
    assert w.merits(w.citizen) == (0, 0, 0)


def test_reverse_epoch_award_in_the_next_period_takes_from_the_previous(w, epoch):
    number, tree = epoch
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.to_period(w.period + 1)
    w.earn(w.citizen, 50)
    event = reverse(w, w.citizen, w.leaf(number, tree, 0)).one("AwardReversed")
    assert (event.taken, event.period) == (20, w.period - 1)
    assert w.merits(w.citizen) == (0, 50, 50)


def test_reverse_epoch_award_in_the_last_second_of_the_next_period_and_no_later(w, epoch):
    number, tree = epoch
    over = w.period + 2
    w.to_period(over, -1)
    reverse(w, w.citizen, w.leaf(number, tree, 0))
    w.to_period(over)
    with reverts("MeritLedger_EpochOver", w.city, number, over - 2):
        reverse(w, w.neighbour, w.leaf(number, tree, 1))


def test_reverse_epoch_award_of_a_cancelled_epoch(w, epoch):
    number, tree = epoch
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.ledger.cancelEpoch(w.city, number, h("reason"), by=w.moderator)
    assert reverse(w, w.citizen, w.leaf(number, tree, 0)).one("AwardReversed").taken == 20


@pytest.mark.parametrize("claimed", [True, False])
def test_reverse_epoch_award_after_recovery(w, epoch, claimed):
    number, tree = epoch
    if claimed:
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.recover(w.citizen, w.new_wallet)
    event = reverse(w, w.citizen, w.leaf(number, tree, 0)).one("AwardReversed")
    assert (event.citizen, event.taken, event.unclaimed) == (w.new_wallet, 20 * claimed, not claimed)
    assert w.merits(w.new_wallet) == (0, 0, 0)


@pytest.mark.parametrize("claimed", [True, False])
def test_reverse_epoch_award_reverts_when_reversed(w, epoch, claimed):
    number, tree = epoch
    if claimed:
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    reverse(w, w.citizen, w.leaf(number, tree, 0))
    with reverts("MeritLedger_AlreadyReversed", source(number), w.citizen):
        reverse(w, w.citizen, w.leaf(number, tree, 0))
    w.recover(w.citizen, w.new_wallet)
    with reverts("MeritLedger_AlreadyReversed", source(number), w.citizen):
        reverse(w, w.citizen, w.leaf(number, tree, 0))


def test_reverse_epoch_award_reverts_when_leaf_not_in_tree(w, epoch):
    number, tree = epoch
    with reverts("MeritLedger_BadProof", w.city, number, w.citizen):
        reverse(w, w.citizen, w.leaf(number, tree, 0, times=3))
    with reverts("MeritLedger_BadProof", w.city, number, w.third):
        reverse(w, w.third, w.leaf(number, tree, 0))


def test_reverse_epoch_award_reverts_when_epoch_unknown(w, epoch):
    number, tree = epoch
    with reverts("MeritLedger_UnknownEpoch", w.city, number + 1):
        reverse(w, w.citizen, w.leaf(number + 1, tree, 0))


def test_reverse_epoch_award_reverts_when_leaf_names_no_citizen(w):
    number, tree = w.open_epoch([(w.stranger, 2, h("a"))])
    with reverts("CityRegistry_NotCitizen", w.city, w.stranger):
        reverse(w, w.stranger, w.leaf(number, tree, 0))


def test_reverse_epoch_award_reverts_when_the_leaf_is_more_than_could_be_claimed(w):
    """Of two leaves of one person a moderator could name the one not claimed: it is bounded as a claim is."""
    number, tree = w.open_epoch([(w.citizen, 1, h("a")), (w.citizen, 31, h("b"))])
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    with reverts("MeritLedger_CapExceeded", w.city, w.citizen, 3 * w.cap, 310):
        reverse(w, w.citizen, w.leaf(number, tree, 1))
    assert w.merits(w.citizen) == (0, 10, 10)


@pytest.mark.parametrize("who", ["operator", "steward", "verifier", "other_moderator", "citizen"])
def test_reverse_epoch_award_reverts_when_not_moderator(w, epoch, who):
    number, tree = epoch
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, MODERATOR):
        reverse(w, w.citizen, w.leaf(number, tree, 0), by=caller)
