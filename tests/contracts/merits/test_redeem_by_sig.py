"""redeemBySig: a citizen's redemption by typed signature. Every field that matters is signed."""

import pytest

from tests.contracts.kit import signing
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import SEAL, h


@pytest.fixture
def offer(w):
    w.earn(w.citizen, 100)
    return w.publish(stock=9, limit=0)


def send(w, message, signature, **changes):
    said = message | changes
    return w.market.redeemBySig(
        said["citizen"],
        said["offerId"],
        said["cityId"],
        said["seal"],
        said["deadline"],
        signature,
        by=w.relayer,
    )


def test_redeem_by_sig_redeems_for_the_signer(w, offer):
    message = w.to_sign(offer, w.citizen)
    tx = send(w, message, w.signed(message, w.citizen.key))
    event = tx.one("Redeemed")
    assert (event.citizen, event.fromCurrent, event.seal) == (w.citizen, 30, SEAL)
    assert w.merits(w.citizen) == (0, 70, 100)
    assert w.merits(w.relayer) == (0, 0, 0)


def test_redeem_by_sig_answers_the_vouchers_number(w, offer):
    message = w.to_sign(offer, w.citizen)
    signature = w.signed(message, w.citizen.key)
    args = (w.citizen, offer, w.city, SEAL, message["deadline"], signature)
    assert w.market.redeemBySig.call(*args, by=w.relayer) == offer << 24 | 1


def test_redeem_by_sig_holds_until_its_deadline_and_no_longer(w, offer):
    message = w.to_sign(offer, w.citizen)
    late = w.to_sign(offer, w.citizen, nonce=1)
    w.node.travel_to(message["deadline"])
    send(w, message, w.signed(message, w.citizen.key))
    w.node.travel(1)
    with reverts("RewardMarket_SignatureExpired", late["deadline"], late["deadline"] + 1):
        send(w, late, w.signed(late, w.citizen.key))


def test_redeem_by_sig_cannot_be_replayed(w, offer):
    message = w.to_sign(offer, w.citizen)
    signature = w.signed(message, w.citizen.key)
    send(w, message, signature)
    with reverts("RewardMarket_BadSignature", w.citizen):
        send(w, message, signature)


def test_redeem_by_sig_is_spent_by_the_citizens_own_redemption(w, offer):
    message = w.to_sign(offer, w.citizen)
    signature = w.signed(message, w.citizen.key)
    w.redeem(offer, w.citizen)
    with reverts("RewardMarket_BadSignature", w.citizen):
        send(w, message, signature)


def test_redeem_by_sig_for_one_offer_waits_for_no_other(w, offer):
    other = w.publish()
    first, second = w.to_sign(offer, w.citizen), w.to_sign(other, w.citizen)
    send(w, second, w.signed(second, w.citizen.key))
    send(w, first, w.signed(first, w.citizen.key))


def test_redeem_by_sig_that_failed_can_be_sent_again(w, offer):
    message = w.to_sign(offer, w.citizen)
    signature = w.signed(message, w.citizen.key)
    w.ledger.setPaused(w.city, True, by=w.steward)
    with reverts("MeritLedger_Paused", w.city):
        send(w, message, signature)
    w.ledger.setPaused(w.city, False, by=w.steward)
    send(w, message, signature)


OTHER = {
    "citizen": lambda w: w.neighbour,
    "offerId": lambda w: 2,
    "cityId": lambda w: w.other_city,
    "price": lambda w: 29,
    "seal": lambda w: h("other"),
    "nonce": lambda w: 1,
    "deadline": lambda w: w.now + 3601,
}


@pytest.mark.parametrize("field", OTHER)
def test_redeem_by_sig_reverts_when_another_field_was_signed(w, offer, field):
    message = w.to_sign(offer, w.citizen)
    signature = w.signed(message | {field: OTHER[field](w)}, w.citizen.key)
    with reverts("RewardMarket_BadSignature", w.citizen):
        send(w, message, signature)


@pytest.mark.parametrize("field", ["citizen", "offerId", "cityId", "seal", "deadline"])
def test_redeem_by_sig_reverts_when_the_relay_changes_a_field(w, offer, field):
    w.publish(accepts=[w.other_city])
    message = w.to_sign(offer, w.citizen)
    signature = w.signed(message, w.citizen.key)
    changed = {field: OTHER[field](w)}
    with reverts("RewardMarket_BadSignature", (message | changed)["citizen"]):
        send(w, message, signature, **changed)


def test_redeem_by_sig_reverts_when_another_signed(w, offer):
    message = w.to_sign(offer, w.citizen)
    with reverts("RewardMarket_BadSignature", w.citizen):
        send(w, message, w.signed(message, w.neighbour.key))


DOMAINS = {
    "chainId": lambda w: w.node.chain_id + 1,
    "verifyingContract": lambda w: w.ledger.address,
    "name": lambda w: "RewardMarkt",
    "version": lambda w: "2",
}


@pytest.mark.parametrize("part", DOMAINS)
def test_redeem_by_sig_reverts_when_signed_for_elsewhere(w, offer, part):
    message = w.to_sign(offer, w.citizen)
    signature = w.signed(message, w.citizen.key, **{part: DOMAINS[part](w)})
    with reverts("RewardMarket_BadSignature", w.citizen):
        send(w, message, signature)


def test_market_and_registry_say_what_binds_their_signatures(w):
    for contract, domain in ((w.market, w.market_domain), (w.registry, w.registry_domain)):
        said = contract.eip712Domain()
        assert (said.name, said.version, said.chainId, said.verifyingContract) == tuple(
            domain.__dict__.values()
        )


@pytest.mark.parametrize("length", [0, 1, 32, 64, 66, 96])
def test_redeem_by_sig_reverts_when_signature_has_another_length(w, offer, length):
    message = w.to_sign(offer, w.citizen)
    signature = w.signed(message, w.citizen.key).ljust(96, b"\0")[:length]
    with reverts("RewardMarket_BadSignature", w.citizen):
        send(w, message, signature)


def test_redeem_by_sig_reverts_when_signature_malleable(w, offer):
    message = w.to_sign(offer, w.citizen)
    with reverts("RewardMarket_BadSignature", w.citizen):
        send(w, message, signing.malleable(w.signed(message, w.citizen.key)))


@pytest.mark.parametrize("v", [0, 1, 26, 29, 255])
def test_redeem_by_sig_reverts_when_v_is_no_v(w, offer, v):
    message = w.to_sign(offer, w.citizen)
    with reverts("RewardMarket_BadSignature", w.citizen):
        send(w, message, w.signed(message, w.citizen.key)[:64] + bytes([v]))


def test_redeem_by_sig_reverts_when_citizen_zero(w, offer):
    """A signature that recovers to nobody is not the zero address's."""
    zero = "0x" + "00" * 20
    message = w.to_sign(offer, w.citizen)
    with reverts("RewardMarket_BadSignature", zero):
        send(w, message, bytes(65), citizen=zero)


def test_redeem_by_sig_reverts_when_offer_unknown(w, offer):
    message = w.to_sign(offer, w.citizen)
    with reverts("RewardMarket_UnknownOffer", 9):
        send(w, message, w.signed(message, w.citizen.key), offerId=9)


def test_redeem_by_sig_of_a_wallet_given_up_finds_no_merits(w, offer):
    message = w.to_sign(offer, w.citizen, deadline=w.now + 2 * w.recovery_delay)
    signature = w.signed(message, w.citizen.key)
    w.recover(w.citizen, w.new_wallet)
    with reverts("MeritLedger_TooFewMerits", w.city, w.citizen, 0, 30):
        send(w, message, signature)


# ---------------------------------------------------------------- contract wallets


@pytest.fixture
def wallet(w):
    """A citizen whose wallet is a contract that the stranger's key signs for."""
    made = w.contract_wallet(owner=w.stranger)
    w.registry.registerCitizen(w.city, made.address, h("Alex"), by=w.verifier)
    w.earn(made.address, 100)
    return made


def test_redeem_by_sig_by_a_contract_wallet(w, wallet):
    offer = w.publish()
    message = w.to_sign(offer, wallet.address)
    tx = send(w, message, w.signed(message, w.stranger.key))
    assert tx.one("Redeemed").citizen == wallet.address
    with reverts("RewardMarket_BadSignature", wallet.address):
        send(w, message, w.signed(message, w.stranger.key))


def test_redeem_by_sig_reverts_when_a_contract_wallets_owner_did_not_sign(w, wallet):
    offer = w.publish()
    message = w.to_sign(offer, wallet.address)
    with reverts("RewardMarket_BadSignature", wallet.address):
        send(w, message, w.signed(message, w.citizen.key))


def test_redeem_by_sig_reverts_when_the_citizen_is_a_contract_that_does_not_sign(w, offer):
    message = w.to_sign(offer, w.ledger.address)
    with reverts("RewardMarket_BadSignature", w.ledger.address):
        send(w, message, w.signed(message, w.citizen.key))


def test_redeem_by_sig_gives_a_contract_wallet_no_way_to_act_while_it_is_asked(w, wallet):
    """The question is a static call: a wallet that tries to redeem from within it fails, and so does all."""
    offer = w.publish()
    message = w.to_sign(offer, wallet.address)
    signature = w.signed(message, w.stranger.key)
    again = w.market.redeem.data(offer, w.city, SEAL)
    wallet.misbehave(w.market.address, again, by=w.stranger)
    with reverts("RewardMarket_BadSignature", wallet.address):
        send(w, message, signature)
    assert w.merits(wallet.address) == (0, 100, 100)


def test_contract_wallet_redeems_by_itself(w, wallet):
    offer = w.publish()
    tx = wallet.execute(w.market.address, w.market.redeem.data(offer, w.city, SEAL), by=w.stranger)
    assert tx.one("Redeemed").citizen == wallet.address
