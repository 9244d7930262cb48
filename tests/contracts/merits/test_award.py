"""award, awardBatch: a verifier awards an act, within budget and cap, all or none."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import DAY, h
from tests.contracts.model.cities import VERIFIER

BATCH = "(uint32,address,uint48,uint32,uint24,uint16,bytes32,address[])"


def batch_id(batch):
    return keccak(encode([BATCH], [tuple(batch.values())]))


def test_award_gives_the_kinds_points(w):
    tx = w.ledger.award(w.city, w.kind, w.citizen, h("photo"), by=w.verifier)
    batch = w.batch_of(tx)
    assert tx.events == [
        (
            "BatchAwarded",
            {
                "batchId": batch_id(batch),
                "cityId": w.city,
                "verifier": w.verifier,
                "serial": 1,
                "kindId": w.kind,
                "points": 10,
                "period": w.period,
                "evidence": h("photo"),
                "count": 1,
            },
        ),
        ("Awarded", {"cityId": w.city, "citizen": w.citizen, "batchId": batch_id(batch), "points": 10}),
    ]
    assert w.merits(w.citizen) == (0, 10, 10)


def test_award_is_kept_in_one_account(w):
    w.earn(w.citizen, 30)
    assert w.ledger.accountOf(w.city, w.citizen) == {
        "current": 30,
        "previous": 0,
        "lifetime": 30,
        "period": w.period,
        "day": w.today,
        "today": 30,
        "claimed": 0,
        "claimedBefore": 0,
    }


def test_award_leaves_a_mark_at_the_batchs_hash(w):
    tx = w.ledger.award(w.city, w.kind, w.citizen, h("photo"), by=w.verifier)
    batch = w.batch_of(tx)
    assert w.ledger.isBatch(batch_id(batch))
    assert not w.ledger.isBatch(batch_id(batch | {"points": 11}))


def test_award_counts_for_its_city_alone(w):
    w.earn(w.citizen, 30)
    assert w.merits(w.citizen, w.other_city) == (0, 0, 0)


def test_award_batch_awards_each_in_the_order_given(w):
    people = [w.third, w.citizen, w.neighbour]
    tx = w.ledger.awardBatch(w.city, w.big_kind, h("list"), people, by=w.verifier)
    assert [award.citizen for award in tx.all("Awarded")] == people
    assert {award.points for award in tx.all("Awarded")} == {25}
    assert tx.one("BatchAwarded").count == 3
    assert [w.merits(one)[1] for one in people] == [25, 25, 25]


def test_award_batch_with_a_citizen_twice_gives_twice(w):
    w.ledger.awardBatch(w.city, w.kind, h("list"), [w.citizen, w.citizen], by=w.verifier)
    assert w.merits(w.citizen) == (0, 20, 20)


def test_award_batch_with_the_same_content_again_is_another_batch(w):
    first = w.ledger.award(w.city, w.kind, w.citizen, h("photo"), by=w.verifier).one("BatchAwarded")
    second = w.ledger.award(w.city, w.kind, w.citizen, h("photo"), by=w.verifier).one("BatchAwarded")
    assert second.serial == first.serial + 1
    assert second.batchId != first.batchId


def test_award_batch_awards_none_when_one_is_no_citizen(w):
    with reverts("CityRegistry_NotCitizen", w.city, w.stranger):
        w.ledger.awardBatch(w.city, w.kind, h("list"), [w.citizen, w.stranger], by=w.verifier)
    assert w.merits(w.citizen) == (0, 0, 0)
    assert w.ledger.budgetOf(w.city, w.verifier).used == 0


def test_award_batch_reverts_when_empty(w):
    with reverts("MeritLedger_EmptyBatch"):
        w.ledger.awardBatch(w.city, w.kind, h("list"), [], by=w.verifier)


def test_award_reverts_when_no_citizen(w):
    with reverts("CityRegistry_NotCitizen", w.city, w.guest):
        w.ledger.award(w.city, w.kind, w.guest, h("photo"), by=w.verifier)


def test_award_reverts_when_wallet_was_given_up(w):
    w.recover(w.citizen, w.new_wallet)
    with reverts("CityRegistry_NotCitizen", w.city, w.citizen):
        w.ledger.award(w.city, w.kind, w.citizen, h("photo"), by=w.verifier)
    w.ledger.award(w.city, w.kind, w.new_wallet, h("photo"), by=w.verifier)


def test_award_reverts_when_kind_unknown(w):
    with reverts("MeritLedger_UnknownKind", w.city, 99):
        w.ledger.award(w.city, 99, w.citizen, h("photo"), by=w.verifier)


@pytest.mark.parametrize("who", ["operator", "steward", "moderator", "other_verifier", "citizen"])
def test_award_reverts_when_not_verifier(w, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, VERIFIER):
        w.ledger.award(w.city, w.kind, w.citizen, h("photo"), by=caller)
    with reverts("CityRegistry_MissingRole", w.city, caller, VERIFIER):
        w.ledger.awardBatch(w.city, w.kind, h("list"), [w.citizen], by=caller)


# ------------------------------------------------------------------- the budget


def test_budget_is_used_to_its_last_merit(w):
    w.ledger.setBudget(w.city, w.verifier, 100, by=w.steward)
    w.earn(w.citizen, 60)
    with reverts("MeritLedger_BudgetExceeded", w.city, w.verifier, 40, 50):
        w.earn(w.neighbour, 50)
    w.earn(w.neighbour, 40)
    assert w.ledger.budgetOf(w.city, w.verifier).used == 100
    with reverts("MeritLedger_BudgetExceeded", w.city, w.verifier, 0, 10):
        w.ledger.award(w.city, w.kind, w.third, h("e"), by=w.verifier)


def test_budget_of_a_verifier_without_one_is_zero(w):
    w.registry.setRoles(w.city, w.stranger, VERIFIER, by=w.steward)
    with reverts("MeritLedger_BudgetExceeded", w.city, w.stranger, 0, 10):
        w.ledger.award(w.city, w.kind, w.citizen, h("e"), by=w.stranger)


def test_budget_is_whole_again_in_the_first_second_of_the_next_period_and_not_before(w):
    w.ledger.setBudget(w.city, w.verifier, 50, by=w.steward)
    w.earn(w.citizen, 50)
    end = w.origin + (w.period + 1) * w.length
    w.node.travel_to(end - 1)
    with reverts("MeritLedger_BudgetExceeded", w.city, w.verifier, 0, 10):
        w.ledger.award(w.city, w.kind, w.citizen, h("e"), by=w.verifier)
    w.node.travel_to(end)
    w.earn(w.citizen, 50)
    assert w.ledger.budgetOf(w.city, w.verifier) == {
        "perPeriod": 50,
        "used": 50,
        "period": w.period,
        "serial": 2,
    }


def test_budget_unused_is_not_saved_up(w):
    w.ledger.setBudget(w.city, w.verifier, 50, by=w.steward)
    w.to_period(w.period + 3)
    with reverts("MeritLedger_BudgetExceeded", w.city, w.verifier, 50, 60):
        w.earn(w.citizen, 60)


# ---------------------------------------------------------------- the daily cap


def test_cap_is_used_to_its_last_merit(w):
    w.earn(w.citizen, 70)
    w.ledger.setCap(w.city, 75, by=w.steward)
    with reverts("MeritLedger_CapExceeded", w.city, w.citizen, 5, 25):
        w.ledger.award(w.city, w.big_kind, w.citizen, h("e"), by=w.verifier)
    w.ledger.setCap(w.city, 95, by=w.steward)
    w.ledger.award(w.city, w.big_kind, w.citizen, h("e"), by=w.verifier)
    with reverts("MeritLedger_CapExceeded", w.city, w.citizen, 0, 10):
        w.ledger.award(w.city, w.kind, w.citizen, h("e"), by=w.verifier)


def test_cap_counts_a_citizen_named_twice_in_a_batch(w):
    w.ledger.setCap(w.city, 15, by=w.steward)
    with reverts("MeritLedger_CapExceeded", w.city, w.citizen, 5, 10):
        w.ledger.awardBatch(w.city, w.kind, h("list"), [w.citizen, w.citizen], by=w.verifier)


def test_cap_lowered_below_what_was_earned_leaves_nothing(w):
    w.earn(w.citizen, 60)
    w.ledger.setCap(w.city, 50, by=w.steward)
    with reverts("MeritLedger_CapExceeded", w.city, w.citizen, 0, 10):
        w.ledger.award(w.city, w.kind, w.citizen, h("e"), by=w.verifier)


def test_cap_of_a_city_that_set_none_is_zero(w):
    w.registry.setRoles(w.quiet_city, w.verifier, VERIFIER, by=w.steward)
    w.enrol(w.quiet_city, w.verifier, [w.citizen])
    w.ledger.publishKind(w.quiet_city, 1, 10, h("k"), by=w.steward)
    w.ledger.setBudget(w.quiet_city, w.verifier, 100, by=w.steward)
    with reverts("MeritLedger_CapExceeded", w.quiet_city, w.citizen, 0, 10):
        w.ledger.award(w.quiet_city, 1, w.citizen, h("e"), by=w.verifier)


def test_cap_begins_anew_in_the_first_second_of_the_next_utc_day_and_not_before(w):
    w.earn(w.citizen, 100)
    midnight = (w.today + 1) * DAY
    w.node.travel_to(midnight - 1)
    with reverts("MeritLedger_CapExceeded", w.city, w.citizen, 0, 10):
        w.ledger.award(w.city, w.kind, w.citizen, h("e"), by=w.verifier)
    w.node.travel_to(midnight)
    w.earn(w.citizen, 100)
    account = w.ledger.accountOf(w.city, w.citizen)
    assert (account.day, account.today, account.current) == (w.today, 100, 200)


def test_cap_holds_over_the_end_of_a_period_within_one_day(w):
    end = w.origin + (w.period + 1) * w.length
    assert end % DAY, "the tests' periods begin within a day"
    w.node.travel_to(end - 1)
    w.earn(w.citizen, 60)
    w.node.travel_to(end)
    w.ledger.award(w.city, w.big_kind, w.citizen, h("e"), by=w.verifier)
    with reverts("MeritLedger_CapExceeded", w.city, w.citizen, 15, 25):
        w.ledger.award(w.city, w.big_kind, w.citizen, h("e"), by=w.verifier)
