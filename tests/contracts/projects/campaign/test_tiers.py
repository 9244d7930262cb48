"""Rewards: tiers with a price and a stock."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import DAY, h


def stock(campaign):
    return [campaign.stockOf(tier) for tier in (1, 2)]


def test_a_pledge_takes_a_tier(w, raising, reward):
    assert raising.pledge(reward, w.citizen, 100, tier=1).one("Pledged").tier == 1
    assert reward.positionOf(w.citizen).tier == 1
    assert stock(reward) == [1, 1]
    assert [(one.price, one.stock) for one in reward.terms().tiers] == [(100, 2), (500, 1)]


def test_a_tier_for_all_that_one_has(w, raising, reward):
    raising.pledge(reward, w.citizen, 450)
    with reverts("Campaign_BelowTier", 2, 500, 499):
        raising.pledge(reward, w.citizen, 49, tier=2)
    raising.pledge(reward, w.citizen, 50, tier=2)
    assert stock(reward) == [2, 0]


def test_adding_to_a_tier_takes_no_other(w, raising, reward):
    raising.pledge(reward, w.citizen, 100, tier=1)
    assert raising.pledge(reward, w.citizen, 1, tier=1).one("Pledged").tier == 0
    assert stock(reward) == [1, 1]
    with reverts("Campaign_TierHeld", w.citizen, 1):
        raising.pledge(reward, w.citizen, 500, tier=2)


def test_a_tier_that_is_sold_out_or_unknown(w, raising, reward):
    raising.pledge(reward, w.citizen, 500, tier=2)
    with reverts("Campaign_TierSoldOut", 2):
        raising.pledge(reward, w.neighbour, 500, tier=2)
    with reverts("Campaign_UnknownTier", 3):
        raising.pledge(reward, w.neighbour, 500, tier=3)
    assert reward.stockOf(3) == 0


def test_a_withdrawal_gives_back_what_is_no_longer_covered(w, raising, reward):
    raising.pledge(reward, w.citizen, 100, tier=1)
    w.node.travel(10 * DAY)
    raising.pledge(reward, w.citizen, 50)
    assert reward.withdraw(w.citizen, by=w.citizen).one("PledgeWithdrawn").tier == 0
    raising.pledge(reward, w.neighbour, 100, tier=1)
    assert stock(reward) == [0, 1]
    assert reward.withdraw(w.neighbour, by=w.neighbour).one("PledgeWithdrawn").tier == 1
    assert stock(reward) == [1, 1]
    assert reward.positionOf(w.neighbour).tier == 0


def test_a_refund_ends_the_tier(w, raising, reward):
    raising.pledge(reward, w.citizen, 100, tier=1)
    reward.stop(h("why"), by=raising.author)
    reward.refund(w.citizen, by=w.citizen)
    assert reward.positionOf(w.citizen).tier == 0


def test_a_recovery_moves_the_tier(w, raising, reward):
    raising.pledge(reward, w.citizen, 100, tier=1)
    w.recover(w.citizen, w.new_wallet)
    assert reward.followRecovery(w.citizen, by=w.stranger).one("PledgeMoved").tier == 1
    assert (reward.positionOf(w.citizen).tier, reward.positionOf(w.new_wallet).tier) == (0, 1)


def test_a_second_tier_goes_back_to_the_stock(w, raising, reward):
    raising.pledge(reward, w.citizen, 100, tier=1)
    raising.pledge(reward, w.new_wallet, 500, city=0, tier=2)
    w.recover(w.citizen, w.new_wallet)
    assert reward.followRecovery(w.citizen, by=w.stranger).one("PledgeMoved").tier == 0
    assert reward.positionOf(w.new_wallet).tier == 2
    assert stock(reward) == [2, 0]


ONE = {"price": 1, "stock": 1}


@pytest.mark.parametrize(
    "tiers", [[], [ONE | {"price": 0}], [ONE | {"stock": 0}], [ONE | {"price": 2**95}], [ONE] * 17]
)
def test_tiers_that_make_no_sense(w, raising, reward, tiers):
    terms = raising.terms(tiers=[one | {"content": h("tier")} for one in tiers])
    with reverts("Campaign_BadTerms", b"tiers".ljust(32, b"\0")):
        reward.setTerms(terms, by=raising.author)


def test_other_tiers_with_another_edition(w, raising, reward):
    tx = reward.setTerms(
        raising.terms(tiers=[{"price": 7, "stock": 9, "content": h("tier")}]), by=raising.author
    )
    tx.shows("TierSet", edition=2, tier=1, price=7, stock=9, content=h("tier"))
    assert (reward.stockOf(1), reward.stockOf(2)) == (9, 0)
