"""openEpoch, cancelEpoch: one root awards any number of citizens; the budget pays for the whole of it."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import MODERATOR, VERIFIER

ROOT = h("root")


def open_epoch(w, kind=1, acts=4, first=None, last=None, root=ROOT, by=None):
    first = w.today - 3 if first is None else first
    last = w.today - 1 if last is None else last
    return w.ledger.openEpoch(w.city, kind, acts, first, last, root, h("leaves"), by=by or w.verifier)


def test_open_epoch_is_kept_as_told(w):
    tx = open_epoch(w, kind=w.big_kind, acts=7)
    number = w.period << 8
    assert tx.events == [
        (
            "EpochOpened",
            {
                "cityId": w.city,
                "epochId": number,
                "verifier": w.verifier,
                "kindId": w.big_kind,
                "acts": 7,
                "points": 25,
                "firstDay": w.today - 3,
                "lastDay": w.today - 1,
                "period": w.period,
                "root": ROOT,
                "content": h("leaves"),
            },
        )
    ]
    assert w.ledger.epochOf(w.city, number) == {
        "root": ROOT,
        "acts": 7,
        "points": 25,
        "most": 3 * w.cap,
        "kindId": w.big_kind,
        "cancelled": False,
    }
    assert w.ledger.kindOf(w.city, w.big_kind).epochsUntil == w.today


def test_open_epoch_answers_its_number(w):
    assert w.ledger.openEpoch.call(
        w.city, w.kind, 1, w.today - 1, w.today - 1, ROOT, h("leaves"), by=w.verifier
    ) == (w.period << 8)


def test_open_epoch_takes_the_whole_of_it_from_the_budget(w):
    open_epoch(w, acts=40)
    budget = w.ledger.budgetOf(w.city, w.verifier)
    assert (budget.used, budget.period, budget.serial) == (400, w.period, 0)
    with reverts("MeritLedger_BudgetExceeded", w.city, w.verifier, 600, 625):
        open_epoch(w, kind=w.big_kind, acts=25)
    open_epoch(w, kind=w.big_kind, acts=24)


def test_open_epoch_keeps_its_points_when_the_kind_changes(w):
    number, tree = w.open_epoch([(w.citizen, 2, h("e"))])
    w.ledger.publishKind(w.city, w.kind, 99, h("changed"), by=w.steward)
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.stranger)
    assert w.merits(w.citizen) == (0, 20, 20)


def test_open_epoch_with_more_acts_than_any_batch(w):
    w.ledger.setBudget(w.city, w.verifier, 2**40 - 1, by=w.steward)
    open_epoch(w, acts=(2**40 - 1) // 10)
    with reverts("MeritLedger_BudgetExceeded", w.city, w.verifier, 5, (2**40 - 1) * 25):
        open_epoch(w, kind=w.big_kind, acts=2**40 - 1)


# --------------------------------------------------------------------- the days


def test_open_epoch_covers_yesterday_at_the_latest(w):
    with reverts("MeritLedger_BadDays", w.today, w.today, 0, w.today):
        open_epoch(w, first=w.today, last=w.today)
    open_epoch(w, first=w.today - 1, last=w.today - 1)


def test_open_epoch_reverts_when_days_in_wrong_order(w):
    with reverts("MeritLedger_BadDays", w.today - 1, w.today - 2, 0, w.today):
        open_epoch(w, first=w.today - 1, last=w.today - 2)


def test_open_epoch_reverts_when_a_day_is_covered_and_takes_the_next(w):
    open_epoch(w, first=w.today - 5, last=w.today - 3)
    with reverts("MeritLedger_BadDays", w.today - 3, w.today - 1, w.today - 2, w.today):
        open_epoch(w, first=w.today - 3)
    open_epoch(w, first=w.today - 2)


def test_open_epoch_of_another_kind_may_cover_the_same_days(w):
    open_epoch(w)
    open_epoch(w, kind=w.big_kind)


# --------------------------------------------------------------------- the rest


@pytest.mark.parametrize("changes", [{"acts": 0}, {"root": bytes(32)}])
def test_open_epoch_reverts_when_empty(w, changes):
    with reverts("MeritLedger_EmptyEpoch"):
        open_epoch(w, **changes)


def test_open_epoch_reverts_when_kind_unknown(w):
    with reverts("MeritLedger_UnknownKind", w.city, 99):
        open_epoch(w, kind=99)


@pytest.mark.parametrize("who", ["operator", "steward", "moderator", "other_verifier", "stranger"])
def test_open_epoch_reverts_when_not_verifier(w, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, VERIFIER):
        open_epoch(w, by=caller)


def test_open_epoch_reverts_when_the_period_is_full_and_not_in_the_next(w):
    most = w.ledger.EPOCHS_PER_PERIOD()
    assert most == 48
    for index in range(most):
        w.ledger.publishKind(w.city, 100 + index, 1, h("k"), by=w.steward)
        open_epoch(w, kind=100 + index, acts=1)
    with reverts("MeritLedger_TooManyEpochs", w.city, w.period):
        open_epoch(w, acts=1)
    w.to_period(w.period + 1)
    assert open_epoch(w, acts=1).one("EpochOpened").epochId == w.period << 8


def test_open_epoch_counts_each_citys_own(w):
    open_epoch(w)
    tx = w.ledger.openEpoch(
        w.other_city, 1, 1, w.today - 1, w.today - 1, ROOT, h("leaves"), by=w.other_verifier
    )
    assert tx.one("EpochOpened").epochId == w.period << 8
    assert w.ledger.cityOf(w.city).epochs == w.ledger.cityOf(w.other_city).epochs == 1


# ----------------------------------------------------------------------- cancel


def test_cancel_epoch_stops_claims(w):
    number, tree = w.open_epoch([(w.citizen, 1, h("e"))])
    tx = w.ledger.cancelEpoch(w.city, number, h("reason"), by=w.moderator)
    assert tx.events == [
        (
            "EpochCancelled",
            {"cityId": w.city, "epochId": number, "moderator": w.moderator, "reason": h("reason")},
        )
    ]
    assert w.ledger.epochOf(w.city, number).cancelled
    with reverts("MeritLedger_EpochCancelled", w.city, number):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)


def test_cancel_epoch_leaves_what_is_claimed(w):
    number, tree = w.open_epoch([(w.citizen, 1, h("e")), (w.neighbour, 1, h("f"))])
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.ledger.cancelEpoch(w.city, number, h("reason"), by=w.moderator)
    assert w.merits(w.citizen) == (0, 10, 10)


def test_cancel_epoch_reverts_when_cancelled(w):
    number, _ = w.open_epoch([(w.citizen, 1, h("e"))])
    w.ledger.cancelEpoch(w.city, number, h("reason"), by=w.moderator)
    with reverts("MeritLedger_EpochCancelled", w.city, number):
        w.ledger.cancelEpoch(w.city, number, h("reason"), by=w.moderator)


def test_cancel_epoch_reverts_when_unknown(w):
    with reverts("MeritLedger_UnknownEpoch", w.city, 5):
        w.ledger.cancelEpoch(w.city, 5, h("reason"), by=w.moderator)


@pytest.mark.parametrize("who", ["operator", "steward", "verifier", "other_moderator"])
def test_cancel_epoch_reverts_when_not_moderator(w, who):
    number, _ = w.open_epoch([(w.citizen, 1, h("e"))])
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, MODERATOR):
        w.ledger.cancelEpoch(w.city, number, h("reason"), by=caller)
