"""claim: anybody claims a citizen's leaf, once, within the epoch's acts and time."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h


@pytest.fixture
def epoch(w):
    """The epoch of three citizens: 2, 3 and 1 acts of 10 merits."""
    return w.open_epoch([(w.citizen, 2, h("a")), (w.neighbour, 3, h("b")), (w.third, 1, h("c"))])


def test_claim_gives_the_leafs_acts(w, epoch):
    number, tree = epoch
    tx = w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    assert tx.events == [
        (
            "EpochClaimed",
            {
                "cityId": w.city,
                "citizen": w.citizen,
                "epochId": number,
                "points": 20,
                "period": w.period,
                "evidence": h("a"),
            },
        )
    ]
    assert w.merits(w.citizen) == (0, 20, 20)
    assert w.ledger.isClaimed(w.city, number, w.citizen)
    assert not w.ledger.isClaimed(w.city, number, w.neighbour)
    assert w.ledger.epochOf(w.city, number).acts == 4


def test_claim_is_for_anybody_and_gives_to_the_citizen_alone(w, epoch):
    number, tree = epoch
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.stranger)
    assert w.merits(w.citizen) == (0, 20, 20)
    assert w.merits(w.stranger) == (0, 0, 0)


def test_claim_of_every_leaf_exhausts_the_epoch(w, epoch):
    number, tree = epoch
    for index, (citizen, times, _) in enumerate(tree.leaves):
        w.ledger.claim(citizen, w.leaf(number, tree, index), by=w.stranger)
        assert w.merits(citizen)[1] == 10 * times
    assert w.ledger.epochOf(w.city, number).acts == 0


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 64])
def test_claim_proves_any_leaf_of_a_tree_of_any_size(w, size):
    others = [("0x" + i.to_bytes(20, "big").hex(), 1, h(str(i))) for i in range(1, size)]
    for place in {0, size // 2, size - 1}:
        leaves = [*others[:place], (w.citizen, 1, h("mine")), *others[place:]]
        kind = 200 + place
        w.ledger.publishKind(w.city, kind, 1, h("k"), by=w.steward)
        number, tree = w.open_epoch(leaves, kind=kind)
        w.ledger.claim(w.citizen, w.leaf(number, tree, place), by=w.citizen)


def test_claim_does_not_count_against_the_daily_cap(w, epoch):
    number, tree = epoch
    w.earn(w.citizen, w.cap)
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    assert w.merits(w.citizen) == (0, w.cap + 20, w.cap + 20)


def test_claim_of_several_epochs_of_a_period(w):
    for kind in (w.kind, w.big_kind):
        number, tree = w.open_epoch([(w.citizen, 1, h("a"))], kind=kind)
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    account = w.ledger.accountOf(w.city, w.citizen)
    assert (account.current, account.claimed, account.claimedBefore) == (35, 0b11, 0)


# --------------------------------------------------------------------- the time


def test_claim_in_the_next_period_counts_as_earned_in_the_epochs_own(w, epoch):
    number, tree = epoch
    w.to_period(w.period + 1)
    tx = w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    assert tx.one("EpochClaimed").period == w.period - 1
    assert w.merits(w.citizen) == (20, 0, 20)
    account = w.ledger.accountOf(w.city, w.citizen)
    assert (account.claimed, account.claimedBefore) == (0, 1)


def test_claim_in_the_last_second_of_the_next_period_and_no_later(w, epoch):
    number, tree = epoch
    over = w.period + 2
    w.to_period(over, -1)
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.to_period(over)
    with reverts("MeritLedger_EpochOver", w.city, number, over - 2):
        w.ledger.claim(w.neighbour, w.leaf(number, tree, 1), by=w.citizen)
    assert w.merits(w.citizen) == (0, 0, 20)


def test_claim_remembers_across_the_turn_of_a_period(w, epoch):
    number, tree = epoch
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.to_period(w.period + 1)
    assert w.ledger.isClaimed(w.city, number, w.citizen)
    with reverts("MeritLedger_AlreadyClaimed", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.earn(w.citizen, 10)  # writes the account in the new period
    assert w.ledger.isClaimed(w.city, number, w.citizen)
    with reverts("MeritLedger_AlreadyClaimed", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)


def test_claim_of_an_epoch_with_the_same_index_in_the_next_period(w, epoch):
    number, tree = epoch
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.to_period(w.period + 1)
    later, later_tree = w.open_epoch([(w.citizen, 1, h("z"))])
    assert later & 0xFF == number & 0xFF
    assert not w.ledger.isClaimed(w.city, later, w.citizen)
    w.ledger.claim(w.citizen, w.leaf(later, later_tree, 0), by=w.citizen)
    assert w.merits(w.citizen) == (20, 10, 30)


# ------------------------------------------------------------------ what is wrong


def test_claim_reverts_when_claimed(w, epoch):
    number, tree = epoch
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.stranger)
    with reverts("MeritLedger_AlreadyClaimed", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)


def test_claim_takes_one_leaf_per_citizen(w):
    number, tree = w.open_epoch([(w.citizen, 1, h("a")), (w.citizen, 2, h("b"))])
    w.ledger.claim(w.citizen, w.leaf(number, tree, 1), by=w.citizen)
    with reverts("MeritLedger_AlreadyClaimed", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)


def test_claim_reverts_when_epoch_unknown(w, epoch):
    number, tree = epoch
    with reverts("MeritLedger_UnknownEpoch", w.city, number + 1):
        w.ledger.claim(w.citizen, w.leaf(number + 1, tree, 0), by=w.citizen)
    with reverts("MeritLedger_UnknownEpoch", w.other_city, number):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0, cityId=w.other_city), by=w.citizen)


WRONG = {
    "times": lambda w, leaf: leaf | {"times": leaf["times"] + 1},
    "evidence": lambda w, leaf: leaf | {"evidence": h("other")},
    "proof cut": lambda w, leaf: leaf | {"proof": leaf["proof"][:-1]},
    "proof longer": lambda w, leaf: leaf | {"proof": [*leaf["proof"], h("more")]},
    "proof changed": lambda w, leaf: leaf | {"proof": [h("other"), *leaf["proof"][1:]]},
    "proof empty": lambda w, leaf: leaf | {"proof": []},
}


@pytest.mark.parametrize("how", WRONG)
def test_claim_reverts_when_leaf_not_in_tree(w, epoch, how):
    number, tree = epoch
    leaf = WRONG[how](w, w.leaf(number, tree, 0))
    with reverts("MeritLedger_BadProof", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, leaf, by=w.citizen)


def test_claim_reverts_when_leaf_is_anothers(w, epoch):
    number, tree = epoch
    with reverts("MeritLedger_BadProof", w.city, number, w.neighbour):
        w.ledger.claim(w.neighbour, w.leaf(number, tree, 0), by=w.neighbour)


def test_claim_reverts_when_leaf_names_no_citizen(w):
    number, tree = w.open_epoch([(w.stranger, 1, h("a")), (w.citizen, 1, h("b"))])
    with reverts("CityRegistry_NotCitizen", w.city, w.stranger):
        w.ledger.claim(w.stranger, w.leaf(number, tree, 0), by=w.stranger)


def test_claim_reverts_when_the_leaf_is_more_than_cap_times_days(w):
    number, tree = w.open_epoch([(w.citizen, 31, h("a")), (w.neighbour, 30, h("b"))])
    with reverts("MeritLedger_CapExceeded", w.city, w.citizen, 3 * w.cap, 310):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.ledger.claim(w.neighbour, w.leaf(number, tree, 1), by=w.citizen)


def test_claim_keeps_the_cap_of_the_day_it_was_opened(w):
    number, tree = w.open_epoch([(w.citizen, 30, h("a"))])
    w.ledger.setCap(w.city, 1, by=w.steward)
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    assert w.merits(w.citizen) == (0, 300, 300)


def test_m9_claimed_acts_never_exceed_the_acts_opened(w):
    """The tree holds more acts than the budget paid for: the last to come are turned away."""
    number, tree = w.open_epoch(
        [(w.citizen, 2, h("a")), (w.neighbour, 3, h("b")), (w.third, 1, h("c"))], acts=4
    )
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    with reverts("MeritLedger_EpochExhausted", w.city, number, 2, 3):
        w.ledger.claim(w.neighbour, w.leaf(number, tree, 1), by=w.citizen)
    w.ledger.claim(w.third, w.leaf(number, tree, 2), by=w.citizen)
    assert w.ledger.epochOf(w.city, number).acts == 1


# ------------------------------------------------------------------- after recovery


def test_claim_of_an_old_wallets_leaf_goes_to_the_new_wallet(w, epoch):
    number, tree = epoch
    w.recover(w.citizen, w.new_wallet)
    tx = w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.stranger)
    assert tx.one("EpochClaimed").citizen == w.new_wallet
    assert w.merits(w.new_wallet) == (0, 20, 20)
    assert w.merits(w.citizen) == (0, 0, 0)
    assert w.ledger.isClaimed(w.city, number, w.citizen)
    assert w.ledger.isClaimed(w.city, number, w.new_wallet)


def test_claim_before_recovery_stays_claimed_after_it(w, epoch):
    number, tree = epoch
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.recover(w.citizen, w.new_wallet)
    with reverts("MeritLedger_AlreadyClaimed", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.stranger)
    assert w.merits(w.new_wallet) == (0, 20, 20)


def test_claim_takes_one_leaf_of_a_persons_two_wallets(w):
    number, tree = w.open_epoch([(w.citizen, 2, h("a")), (w.new_wallet, 3, h("b"))])
    w.recover(w.citizen, w.new_wallet)
    w.ledger.claim(w.new_wallet, w.leaf(number, tree, 1), by=w.stranger)
    with reverts("MeritLedger_AlreadyClaimed", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.stranger)
    assert w.merits(w.new_wallet) == (0, 30, 30)
