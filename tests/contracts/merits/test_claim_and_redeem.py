"""claimAndRedeem, claimAndRedeemBySig: claims and a redemption in one call, safe from a front-runner."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import SEAL, h


@pytest.fixture
def epochs(w):
    """Two epochs that give the citizen 20 and 25 merits."""
    return [
        w.open_epoch([(w.citizen, 2, h("a")), (w.neighbour, 3, h("b"))]),
        w.open_epoch([(w.citizen, 1, h("c")), (w.neighbour, 1, h("d"))], kind=w.big_kind),
    ]


@pytest.fixture
def leaves(w, epochs):
    return [w.leaf(number, tree, 0) for number, tree in epochs]


def by_sig(w, leaves, offer, by=None, **changes):
    message = w.to_sign(offer, w.citizen) | changes
    signature = w.signed(message, w.citizen.key)
    args = (message["citizen"], offer, message["cityId"], message["seal"], message["deadline"], signature)
    return w.market.claimAndRedeemBySig(leaves, *args, by=by or w.relayer)


def by_hand(w, leaves, offer):
    return w.market.claimAndRedeem(leaves, offer, w.city, SEAL, by=w.citizen)


WAYS = pytest.mark.parametrize("way", [by_hand, by_sig])


@WAYS
def test_claim_and_redeem_claims_all_and_redeems(w, leaves, way):
    offer = w.publish(price=40)
    tx = way(w, leaves, offer)
    assert [name for name, _ in tx.events] == ["EpochClaimed", "EpochClaimed", "Redeemed"]
    assert w.merits(w.citizen) == (0, 5, 45)


def test_claim_and_redeem_answers_the_vouchers_number(w, leaves):
    offer = w.publish(price=40)
    assert w.market.claimAndRedeem.call(leaves, offer, w.city, SEAL, by=w.citizen) == offer << 24 | 1


@WAYS
def test_claim_and_redeem_without_leaves_redeems(w, way):
    w.earn(w.citizen, 30)
    way(w, [], w.publish())
    assert w.merits(w.citizen) == (0, 0, 30)


@WAYS
def test_claim_and_redeem_passes_over_what_a_front_runner_claimed(w, leaves, way):
    offer = w.publish(price=40)
    for leaf in leaves:
        w.ledger.claim(w.citizen, leaf, by=w.stranger)
    tx = way(w, leaves, offer)
    assert [name for name, _ in tx.events] == ["Redeemed"]
    assert w.merits(w.citizen) == (0, 5, 45)


@WAYS
def test_claim_and_redeem_passes_over_what_was_reversed(w, leaves, way):
    offer = w.publish(price=25)
    w.ledger.reverseEpochAward(w.citizen, leaves[0], h("reason"), by=w.moderator)
    way(w, leaves, offer)
    assert w.merits(w.citizen) == (0, 0, 25)


@WAYS
def test_claim_and_redeem_reverts_when_a_leaf_is_wrong_and_claims_nothing(w, leaves, way):
    offer = w.publish(price=20)
    wrong = leaves[1] | {"times": 9}
    with reverts("MeritLedger_BadProof", w.city, wrong["epochId"], w.citizen):
        way(w, [leaves[0], wrong], offer)
    assert w.merits(w.citizen) == (0, 0, 0)


@WAYS
def test_claim_and_redeem_reverts_when_it_is_not_enough_and_claims_nothing(w, leaves, way):
    offer = w.publish(price=46)
    with reverts("MeritLedger_TooFewMerits", w.city, w.citizen, 45, 46):
        way(w, leaves, offer)
    assert not w.ledger.isClaimed(w.city, leaves[0]["epochId"], w.citizen)


@WAYS
def test_claim_and_redeem_reverts_when_an_epoch_is_over(w, leaves, way):
    opened = w.period
    w.to_period(opened + 2)
    offer = w.publish(price=20)
    with reverts("MeritLedger_EpochOver", w.city, leaves[0]["epochId"], opened):
        way(w, leaves, offer)


def test_claim_and_redeem_claims_the_callers_leaves_alone(w, epochs):
    number, tree = epochs[0]
    anothers = w.leaf(number, tree, 1)
    with reverts("MeritLedger_BadProof", w.city, number, w.citizen):
        w.market.claimAndRedeem([anothers], w.publish(), w.city, SEAL, by=w.citizen)


def test_claim_and_redeem_reverts_when_caller_no_citizen(w, leaves):
    with reverts("CityRegistry_NotCitizen", w.city, w.stranger):
        w.market.claimAndRedeem(leaves, w.publish(), w.city, SEAL, by=w.stranger)


def test_claim_and_redeem_by_sig_signs_the_same_as_redeem_by_sig(w, leaves):
    """A relay that holds the signature may claim first or not; the nonce is spent once."""
    offer = w.publish(price=20)
    message = w.to_sign(offer, w.citizen)
    signature = w.signed(message, w.citizen.key)
    w.market.claimAndRedeemBySig(
        leaves, w.citizen, offer, w.city, SEAL, message["deadline"], signature, by=w.relayer
    )
    with reverts("RewardMarket_BadSignature", w.citizen):
        w.market.redeemBySig(w.citizen, offer, w.city, SEAL, message["deadline"], signature, by=w.relayer)


def test_claim_and_redeem_by_sig_reverts_when_expired(w, leaves):
    offer = w.publish()
    with reverts("RewardMarket_SignatureExpired", w.now - 1, w.now):
        by_sig(w, leaves, offer, deadline=w.now - 1)


def test_claim_and_redeem_by_sig_reverts_when_nonce_is_not_the_next(w, leaves):
    offer = w.publish()
    with reverts("RewardMarket_BadSignature", w.citizen):
        by_sig(w, leaves, offer, nonce=1)


def test_claim_and_redeem_by_a_contract_wallet(w):
    wallet = w.contract_wallet(owner=w.stranger)
    w.registry.registerCitizen(w.city, wallet.address, h("Alex"), by=w.verifier)
    number, tree = w.open_epoch([(wallet.address, 3, h("a"))])
    offer = w.publish()
    message = w.to_sign(offer, wallet.address)
    signature = w.signed(message, w.stranger.key)
    w.market.claimAndRedeemBySig(
        [w.leaf(number, tree, 0)],
        wallet.address,
        offer,
        w.city,
        SEAL,
        message["deadline"],
        signature,
        by=w.relayer,
    )
    assert w.merits(wallet.address) == (0, 0, 30)
