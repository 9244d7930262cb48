"""vetoRecoveryBySig: the old wallet's veto, signed, for a wallet without gas."""

import pytest

from tests.contracts.kit import signing
from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h


@pytest.fixture
def veto(w):
    """The proposal, as the old wallet's owner is shown it for signing."""
    w.registry.proposeRecovery(w.city, w.citizen, w.new_wallet, h("seen"), by=w.verifier)
    recovery = w.registry.recoveryOf(w.city, w.citizen)
    return {
        "cityId": w.city,
        "oldWallet": w.citizen,
        "newWallet": w.new_wallet,
        "executableAt": recovery.executableAt,
        "deadline": w.now + 3600,
    }


def sign(w, veto, key=None, **domain):
    bound = signing.Domain(**(w.registry_domain.__dict__ | domain))
    return signing.sign(key or w.citizen.key, bound, signing.VETO_RECOVERY, veto)


def send(w, veto, signature):
    return w.registry.vetoRecoveryBySig(
        veto["cityId"], veto["oldWallet"], veto["deadline"], signature, by=w.relayer
    )


def test_veto_by_sig_ends_the_recovery_in_the_old_wallets_name(w, veto):
    tx = send(w, veto, sign(w, veto))
    assert tx.events == [("RecoveryCancelled", {"cityId": w.city, "oldWallet": w.citizen, "by": w.citizen})]
    assert w.registry.recoveryOf(w.city, w.citizen) == {"newWallet": ZERO, "executableAt": 0}


def test_veto_by_sig_holds_until_its_deadline(w, veto):
    w.node.travel_to(veto["deadline"])
    send(w, veto, sign(w, veto))


def test_veto_by_sig_reverts_one_second_after_its_deadline(w, veto):
    late = veto["deadline"] + 1
    w.node.travel_to(late)
    with reverts("CityRegistry_SignatureExpired", veto["deadline"], late):
        send(w, veto, sign(w, veto))


def test_veto_by_sig_cannot_be_replayed_on_the_next_proposal(w, veto):
    signature = sign(w, veto)
    send(w, veto, signature)
    with reverts("CityRegistry_NoRecovery", w.city, w.citizen):
        send(w, veto, signature)
    w.node.travel(1)
    w.registry.proposeRecovery(w.city, w.citizen, w.new_wallet, h("seen"), by=w.verifier)
    with reverts("CityRegistry_BadSignature", w.citizen):
        send(w, veto, signature)


@pytest.mark.parametrize("field", ["cityId", "newWallet", "oldWallet", "executableAt", "deadline"])
def test_veto_by_sig_reverts_when_another_field_was_signed(w, veto, field):
    other = {"newWallet": w.spare_wallet, "oldWallet": w.neighbour}.get(field, veto[field])
    signed = veto | {field: other if isinstance(other, str) else veto[field] + 1}
    with reverts("CityRegistry_BadSignature", w.citizen):
        send(w, veto, sign(w, signed))


@pytest.mark.parametrize("who", ["neighbour", "new_wallet", "verifier"])
def test_veto_by_sig_reverts_when_another_signed(w, veto, who):
    with reverts("CityRegistry_BadSignature", w.citizen):
        send(w, veto, sign(w, veto, key=getattr(w, who).key))


def test_veto_by_sig_reverts_when_signed_for_another_chain(w, veto):
    with reverts("CityRegistry_BadSignature", w.citizen):
        send(w, veto, sign(w, veto, chainId=w.node.chain_id + 1))


def test_veto_by_sig_reverts_when_signed_for_another_contract(w, veto):
    with reverts("CityRegistry_BadSignature", w.citizen):
        send(w, veto, sign(w, veto, verifyingContract=w.market.address))


@pytest.mark.parametrize("length", [0, 1, 64, 66])
def test_veto_by_sig_reverts_when_signature_has_another_length(w, veto, length):
    signature = (sign(w, veto) + b"\0")[:length]
    with reverts("CityRegistry_BadSignature", w.citizen):
        send(w, veto, signature)


def test_veto_by_sig_reverts_when_signature_malleable(w, veto):
    with reverts("CityRegistry_BadSignature", w.citizen):
        send(w, veto, signing.malleable(sign(w, veto)))


def test_veto_by_sig_by_a_contract_wallet(w):
    wallet = w.contract_wallet(owner=w.stranger)
    w.registry.registerCitizen(w.city, wallet.address, h("Alex"), by=w.verifier)
    w.registry.proposeRecovery(w.city, wallet.address, w.new_wallet, h("seen"), by=w.verifier)
    recovery = w.registry.recoveryOf(w.city, wallet.address)
    veto = {
        "cityId": w.city,
        "oldWallet": wallet.address,
        "newWallet": w.new_wallet,
        "executableAt": recovery.executableAt,
        "deadline": w.now,
    }
    with reverts("CityRegistry_BadSignature", wallet.address):
        send(w, veto, sign(w, veto, key=w.neighbour.key))
    tx = send(w, veto, sign(w, veto, key=w.stranger.key))
    tx.shows("RecoveryCancelled", cityId=w.city, oldWallet=wallet.address, by=wallet.address)
