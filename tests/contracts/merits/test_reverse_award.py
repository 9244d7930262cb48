"""reverseAward: an entry against an award of a batch; what is spent or expired is the shortfall."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import MODERATOR


@pytest.fixture
def award(w):
    """A batch of one award, as a moderator gives it."""
    return w.batch_of(w.ledger.award(w.city, w.big_kind, w.citizen, h("photo"), by=w.verifier))


def batch_id(batch):
    kind = "(uint32,address,uint48,uint32,uint24,uint16,bytes32,address[])"
    return keccak(encode([kind], [tuple(batch.values())]))


def reverse(w, batch, index=0, by=None):
    return w.ledger.reverseAward(batch, index, h("reason"), by=by or w.moderator)


def spend(w, amount):
    w.redeem(w.publish(price=amount), w.citizen)


def test_reverse_award_takes_the_points_back(w, award):
    tx = reverse(w, award)
    assert tx.events == [
        (
            "AwardReversed",
            {
                "cityId": w.city,
                "citizen": w.citizen,
                "moderator": w.moderator,
                "source": batch_id(award),
                "points": 25,
                "taken": 25,
                "period": w.period,
                "unclaimed": False,
                "reason": h("reason"),
            },
        )
    ]
    assert w.merits(w.citizen) == (0, 0, 0)


def test_reverse_award_of_one_leaves_the_others_of_the_batch(w):
    people = [w.citizen, w.neighbour, w.third]
    tx = w.ledger.awardBatch(w.city, w.big_kind, h("list"), people, by=w.verifier)
    reverse(w, w.batch_of(tx), 1)
    assert [w.merits(one)[1] for one in people] == [25, 0, 25]


def test_reverse_award_of_a_citizen_named_twice_takes_each_once(w):
    batch = w.batch_of(w.earn(w.citizen, 20))
    reverse(w, batch, 0)
    assert w.merits(w.citizen) == (0, 10, 10)
    reverse(w, batch, 1)
    assert w.merits(w.citizen) == (0, 0, 0)


def test_reverse_award_gives_nothing_back_to_budget_or_cap(w, award):
    reverse(w, award)
    assert w.ledger.budgetOf(w.city, w.verifier).used == 25
    assert w.ledger.accountOf(w.city, w.citizen).today == 25


def test_reverse_award_works_while_the_city_is_paused(w, award):
    w.ledger.setPaused(w.city, True, by=w.steward)
    reverse(w, award)


# ------------------------------------------------------------------ the shortfall


def test_reverse_award_of_what_is_spent_is_all_shortfall(w, award):
    spend(w, 25)
    assert reverse(w, award).one("AwardReversed").taken == 0
    assert w.merits(w.citizen) == (0, 0, 0)


def test_reverse_award_of_what_is_partly_spent_takes_the_rest(w, award):
    spend(w, 20)
    event = reverse(w, award).one("AwardReversed")
    assert (event.points, event.taken) == (25, 5)
    assert w.merits(w.citizen) == (0, 0, 0)


def test_reverse_award_in_the_next_period_takes_from_the_previous(w, award):
    w.to_period(w.period + 1)
    w.earn(w.citizen, 50)
    event = reverse(w, award).one("AwardReversed")
    assert (event.taken, event.period) == (25, w.period - 1)
    assert w.merits(w.citizen) == (0, 50, 50)


def test_reverse_award_in_the_next_period_after_spending_takes_none_of_the_newer(w, award):
    w.to_period(w.period + 1)
    w.earn(w.citizen, 50)
    spend(w, 20)  # the oldest first: 20 of the award's 25
    event = reverse(w, award).one("AwardReversed")
    assert event.taken == 5
    assert w.merits(w.citizen) == (0, 50, 50)


def test_reverse_award_of_this_period_takes_none_of_the_older(w):
    w.earn(w.citizen, 50)
    w.to_period(w.period + 1)
    batch = w.batch_of(w.ledger.award(w.city, w.big_kind, w.citizen, h("photo"), by=w.verifier))
    spend(w, 60)  # 50 older and 10 of the award's 25
    assert reverse(w, batch).one("AwardReversed").taken == 15
    assert w.merits(w.citizen) == (0, 0, 50)


@pytest.mark.parametrize("later", [2, 3, 9])
def test_reverse_award_after_expiry_takes_from_the_standing_alone(w, award, later):
    w.to_period(w.period + later)
    w.earn(w.citizen, 50)
    event = reverse(w, award).one("AwardReversed")
    assert (event.points, event.taken, event.period) == (25, 0, w.period - later)
    assert w.merits(w.citizen) == (0, 50, 50)


def test_reverse_award_in_the_last_second_before_expiry_takes_it(w, award):
    w.to_period(w.period + 2, -1)
    assert reverse(w, award).one("AwardReversed").taken == 25


def test_reverse_award_while_a_voucher_holds_the_merits_leaves_them_to_the_refund(w, award):
    voucher = w.redeem(w.publish(price=25), w.citizen)
    assert reverse(w, award).one("AwardReversed").taken == 0
    w.node.travel_to(voucher["expires"])
    w.market.refund(voucher, by=w.stranger)
    assert w.merits(w.citizen) == (0, 25, 0)


def test_reverse_award_after_recovery_takes_from_the_new_wallet(w, award):
    w.recover(w.citizen, w.new_wallet)
    event = reverse(w, award).one("AwardReversed")
    assert (event.citizen, event.taken) == (w.new_wallet, 25)
    assert w.merits(w.new_wallet) == (0, 0, 0)


# ------------------------------------------------------------------ what is wrong


def test_m6_an_award_is_reversed_at_most_once(w, award):
    reverse(w, award)
    with reverts("MeritLedger_AlreadyReversed", batch_id(award), w.citizen):
        reverse(w, award)
    w.recover(w.citizen, w.new_wallet)
    with reverts("MeritLedger_AlreadyReversed", batch_id(award), w.citizen):
        reverse(w, award)


CHANGES = {
    "cityId": lambda w: w.other_city,
    "verifier": lambda w: w.stranger,
    "serial": lambda w: 9,
    "kindId": lambda w: w.kind,
    "points": lambda w: 26,
    "period": lambda w: w.period - 1,
    "evidence": lambda w: h("other"),
    "citizens": lambda w: [w.neighbour],
}


@pytest.mark.parametrize("field", CHANGES)
def test_reverse_award_reverts_when_batch_was_never_awarded(w, award, field):
    forged = award | {field: CHANGES[field](w)}
    moderator = w.other_moderator if field == "cityId" else w.moderator
    with reverts("MeritLedger_UnknownBatch", batch_id(forged)):
        reverse(w, forged, by=moderator)


@pytest.mark.parametrize("index", [1, 2, 255, 2**256 - 1])
def test_reverse_award_reverts_when_index_beyond_the_batch(w, award, index):
    with reverts("MeritLedger_BadIndex", batch_id(award), index, 1):
        reverse(w, award, index)


@pytest.mark.parametrize("who", ["operator", "steward", "verifier", "other_moderator", "citizen"])
def test_reverse_award_reverts_when_not_moderator(w, award, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, MODERATOR):
        reverse(w, award, by=caller)
