"""publishKind, setCap, setBudget: the steward's rules."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h


def test_publish_kind_sets_its_points(w):
    tx = w.ledger.publishKind(w.city, 9, 15, h("first aid"), by=w.steward)
    assert tx.events == [
        ("KindPublished", {"cityId": w.city, "kindId": 9, "points": 15, "content": h("first aid")})
    ]
    assert w.ledger.kindOf(w.city, 9) == {"points": 15, "epochsUntil": 0}


def test_publish_kind_again_changes_points_and_keeps_the_days_covered(w):
    w.open_epoch([(w.citizen, 1, h("e"))])
    w.ledger.publishKind(w.city, w.kind, 12, h("tree planted"), by=w.steward)
    assert w.ledger.kindOf(w.city, w.kind) == {"points": 12, "epochsUntil": w.today}


def test_publish_kind_with_zero_points_withdraws_it(w):
    w.ledger.publishKind(w.city, w.kind, 0, h("withdrawn"), by=w.steward)
    with reverts("MeritLedger_UnknownKind", w.city, w.kind):
        w.ledger.award(w.city, w.kind, w.citizen, h("e"), by=w.verifier)


def test_publish_kind_of_one_city_says_nothing_in_another(w):
    w.ledger.publishKind(w.city, 9, 15, h("first aid"), by=w.steward)
    assert w.ledger.kindOf(w.other_city, 9).points == 0


def test_set_cap_sets_it(w):
    tx = w.ledger.setCap(w.city, 77, by=w.steward)
    assert tx.events == [("CapSet", {"cityId": w.city, "dailyCap": 77})]
    assert w.ledger.cityOf(w.city).dailyCap == 77


def test_set_cap_keeps_the_pause_and_the_count_of_epochs(w):
    w.open_epoch([(w.citizen, 1, h("e"))])
    w.ledger.setPaused(w.city, True, by=w.steward)
    w.ledger.setCap(w.city, 77, by=w.steward)
    assert w.ledger.cityOf(w.city) == {"dailyCap": 77, "pauses": 1, "epochPeriod": w.period, "epochs": 1}


def test_set_budget_sets_it(w):
    tx = w.ledger.setBudget(w.city, w.stranger, 500, by=w.steward)
    assert tx.events == [("BudgetSet", {"cityId": w.city, "verifier": w.stranger, "perPeriod": 500})]
    assert w.ledger.budgetOf(w.city, w.stranger).perPeriod == 500


def test_set_budget_keeps_what_is_used(w):
    w.earn(w.citizen, 60)
    w.ledger.setBudget(w.city, w.verifier, 100, by=w.steward)
    assert w.ledger.budgetOf(w.city, w.verifier) == {
        "perPeriod": 100,
        "used": 60,
        "period": w.period,
        "serial": 1,
    }
    with reverts("MeritLedger_BudgetExceeded", w.city, w.verifier, 40, 50):
        w.earn(w.neighbour, 50)
    w.earn(w.neighbour, 40)


def test_set_budget_below_what_is_used_leaves_nothing(w):
    w.earn(w.citizen, 60)
    w.ledger.setBudget(w.city, w.verifier, 50, by=w.steward)
    with reverts("MeritLedger_BudgetExceeded", w.city, w.verifier, 0, 10):
        w.earn(w.neighbour, 10)


RULES = {
    "publishKind": (1, 10, b"\1" * 32),
    "setCap": (100,),
    "setBudget": ("0x" + "11" * 20, 100),
    "setPaused": (True,),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("who", ["operator", "verifier", "other_steward", "stranger"])
def test_city_rules_revert_when_not_steward(w, rule, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_NotSteward", w.city, caller):
        getattr(w.ledger, rule)(w.city, *RULES[rule], by=caller)


@pytest.mark.parametrize("rule", RULES)
def test_city_rules_revert_when_city_unknown(w, rule):
    with reverts("CityRegistry_UnknownCity", w.nowhere):
        getattr(w.ledger, rule)(w.nowhere, *RULES[rule], by=w.steward)
