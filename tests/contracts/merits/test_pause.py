"""setPaused, setPausedByOperator: pausing stops awards and redemptions, and nothing else."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import CODE, SEAL, h


def by_city(w):
    w.ledger.setPaused(w.city, True, by=w.steward)


def by_operator(w):
    w.ledger.setPausedByOperator(w.city, True, by=w.operator)


def everywhere(w):
    w.ledger.setPausedByOperator(0, True, by=w.operator)


PAUSES = pytest.mark.parametrize("pause", [by_city, by_operator, everywhere])


def test_set_paused_writes_whose_pause_it_is(w):
    paused = w.ledger.setPaused(w.city, True, by=w.steward)
    assert paused.events == [("PauseSet", {"cityId": w.city, "pauses": 1})]
    both = w.ledger.setPausedByOperator(w.city, True, by=w.operator)
    assert both.events == [("PauseSet", {"cityId": w.city, "pauses": 3})]
    assert w.ledger.cityOf(w.city).pauses == 3


def test_each_ends_only_their_own_pause(w):
    by_city(w)
    by_operator(w)
    w.ledger.setPaused(w.city, False, by=w.steward)
    with reverts("MeritLedger_Paused", w.city):
        w.earn(w.citizen, 10)
    by_city(w)
    w.ledger.setPausedByOperator(w.city, False, by=w.operator)
    with reverts("MeritLedger_Paused", w.city):
        w.earn(w.citizen, 10)
    w.ledger.setPaused(w.city, False, by=w.steward)
    w.earn(w.citizen, 10)


def test_pause_of_all_is_city_zero(w):
    everywhere(w)
    assert w.ledger.cityOf(0).pauses == 2
    w.ledger.setPausedByOperator(0, False, by=w.operator)
    w.earn(w.citizen, 10)


def test_pause_of_all_holds_where_a_city_goes_on(w):
    everywhere(w)
    by_operator(w)
    w.ledger.setPausedByOperator(w.city, False, by=w.operator)
    with reverts("MeritLedger_Paused", w.city):
        w.earn(w.citizen, 10)


def test_pause_of_one_city_leaves_the_others(w):
    by_city(w)
    w.earn(w.citizen, 10, city=w.other_city)
    assert w.merits(w.citizen, w.other_city) == (0, 10, 10)


@PAUSES
def test_pause_stops_awards(w, pause):
    number, tree = w.open_epoch([(w.citizen, 1, h("a"))])
    pause(w)
    for act in (
        lambda: w.ledger.award(w.city, w.kind, w.citizen, h("e"), by=w.verifier),
        lambda: w.ledger.awardBatch(w.city, w.kind, h("e"), [w.citizen], by=w.verifier),
        lambda: w.open_epoch([(w.citizen, 1, h("a"))], kind=w.big_kind),
        lambda: w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen),
    ):
        with reverts("MeritLedger_Paused", w.city):
            act()


@PAUSES
def test_pause_stops_redemptions(w, pause):
    w.earn(w.citizen, 50)
    offer = w.publish()
    signature = w.signed(w.to_sign(offer, w.citizen), w.citizen.key)
    deadline = w.now + 3600
    pause(w)
    for act in (
        lambda: w.market.redeem(offer, w.city, SEAL, by=w.citizen),
        lambda: w.market.redeemBySig(w.citizen, offer, w.city, SEAL, deadline, signature, by=w.relayer),
        lambda: w.market.claimAndRedeem([], offer, w.city, SEAL, by=w.citizen),
        lambda: w.market.claimAndRedeemBySig(
            [], w.citizen, offer, w.city, SEAL, deadline, signature, by=w.relayer
        ),
    ):
        with reverts("MeritLedger_Paused", w.city):
            act()


@PAUSES
def test_m14_pausing_never_stops_a_refund(w, pause):
    w.earn(w.citizen, 50)
    voucher = w.redeem(w.publish(), w.citizen)
    pause(w)
    w.node.travel_to(voucher.expires)
    w.market.refund(voucher, by=w.stranger)
    assert w.merits(w.citizen) == (0, 50, 50)


@PAUSES
def test_pause_leaves_fulfilment_reversal_cancelling_and_recovery(w, pause):
    batch = w.batch_of(w.earn(w.citizen, 50))
    voucher = w.redeem(w.publish(), w.citizen)
    number, tree = w.open_epoch([(w.citizen, 1, h("a"))])
    pause(w)
    w.market.fulfil(voucher, CODE, by=w.partner)
    w.ledger.reverseAward(batch, 0, h("reason"), by=w.moderator)
    w.ledger.reverseEpochAward(w.citizen, w.leaf(number, tree, 0), h("reason"), by=w.moderator)
    w.ledger.cancelEpoch(w.city, number, h("reason"), by=w.moderator)
    w.publish()
    w.recover(w.citizen, w.new_wallet)
    assert w.merits(w.new_wallet) == (0, 10, 40)


def test_set_paused_by_operator_reverts_when_city_unknown(w):
    with reverts("CityRegistry_UnknownCity", w.nowhere):
        w.ledger.setPausedByOperator(w.nowhere, True, by=w.operator)


@pytest.mark.parametrize("who", ["steward", "verifier", "stranger"])
def test_set_paused_by_operator_reverts_when_not_operator(w, who):
    caller = getattr(w, who)
    with reverts("AccessManagedUnauthorized", caller):
        w.ledger.setPausedByOperator(w.city, True, by=caller)


def test_set_paused_reverts_when_city_zero(w):
    with reverts("CityRegistry_UnknownCity", 0):
        w.ledger.setPaused(0, True, by=w.steward)
