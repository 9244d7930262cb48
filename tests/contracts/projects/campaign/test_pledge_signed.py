"""pledgeWithPermit, pledgeBySig: in one transaction, and without gas of the backer's."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.signing import PLEDGE, Domain, malleable, sign

NONE = {"value": 0, "deadline": 0, "v": 0, "r": bytes(32), "s": bytes(32)}
AMOUNT = 300


@pytest.fixture
def given(w, raising):
    raising.token.mint(w.citizen, 1_000, by=w.deployer)
    return {"amount": AMOUNT, "cityId": 1, "tier": 0, "source": 0, "edition": 1}


def permit(w, raising, campaign, **changes):
    return raising.permit(w.citizen, campaign.address, AMOUNT, **changes)


def shown(w, campaign, given, **changes):
    """What the backer is shown for signing."""
    return {"backer": w.citizen} | given | {
        "nonce": campaign.nonces(w.citizen), "deadline": w.now + 60
    } | changes  # fmt: skip


def signed(w, campaign, message, **domain):
    fields = {
        "name": "Campaign",
        "version": "1",
        "chainId": w.node.chain_id,
        "verifyingContract": campaign.address,
    }
    return sign(w.citizen.key, Domain(**(fields | domain)), PLEDGE, message)


def by_sig(w, campaign, message, given, permit=NONE, **domain):
    signature = signed(w, campaign, message, **domain)
    return campaign.pledgeBySig(w.citizen, given, message["deadline"], signature, permit, by=w.relayer)


# --------------------------------------------------------------------- permit


def test_permit_and_pledge_are_one_transaction(w, raising, donation, given):
    tx = donation.pledgeWithPermit(given, permit(w, raising, donation), by=w.citizen)
    assert tx.one("Pledged").amount == AMOUNT
    assert raising.token.balanceOf(donation.address) == AMOUNT
    assert raising.token.allowance(w.citizen, donation.address) == 0


def test_a_permit_that_somebody_else_spent_first_is_passed_over(w, raising, donation, given):
    ready = permit(w, raising, donation)
    raising.token.permit(w.citizen, donation.address, *ready.values(), by=w.stranger)
    donation.pledgeWithPermit(given, ready, by=w.citizen)
    assert donation.stateOf().raised == AMOUNT


def test_a_permit_that_is_late_or_wrong_leaves_the_allowance_to_count(w, raising, donation, given):
    late = permit(w, raising, donation, deadline=w.now - 1)
    wrong = permit(w, raising, donation, spender=w.stranger)
    for bad in (late, wrong):
        with reverts("ERC20InsufficientAllowance", donation.address, 0, AMOUNT):
            donation.pledgeWithPermit(given, bad, by=w.citizen)
    raising.token.approve(donation.address, AMOUNT, by=w.citizen)
    donation.pledgeWithPermit(given, late, by=w.citizen)


def test_no_permit_where_an_allowance_is_there(w, raising, donation, given):
    raising.token.approve(donation.address, AMOUNT, by=w.citizen)
    donation.pledgeWithPermit(given, NONE, by=w.citizen)
    assert donation.stateOf().raised == AMOUNT


# ------------------------------------------------------------------ signature


def test_anybody_sends_a_signed_pledge_with_its_permit(w, raising, donation, given):
    tx = by_sig(w, donation, shown(w, donation, given), given, permit(w, raising, donation))
    assert tx.one("Pledged").backer == w.citizen
    assert donation.nonces(w.citizen) == 1


def test_a_signed_pledge_counts_once(w, raising, donation, given):
    raising.token.approve(donation.address, 1_000, by=w.citizen)
    message = shown(w, donation, given)
    by_sig(w, donation, message, given)
    with reverts("Campaign_BadSignature", w.citizen):
        by_sig(w, donation, message, given)


def test_a_signed_pledge_after_its_deadline(w, raising, donation, given):
    message = shown(w, donation, given, deadline=w.now - 1)
    with reverts("Campaign_SignatureExpired", w.now - 1, w.now):
        by_sig(w, donation, message, given)


@pytest.mark.parametrize("field", ["amount", "cityId", "tier", "source", "edition"])
def test_every_field_of_a_signed_pledge_is_signed(w, raising, donation, given, field):
    raising.token.approve(donation.address, 1_000, by=w.citizen)
    message = shown(w, donation, given)
    with reverts("Campaign_BadSignature", w.citizen):
        by_sig(w, donation, message, given | {field: given[field] + 1})


def test_a_signature_for_another_campaign_chain_or_name(w, raising, donation, given):
    other = raising.campaign()
    message = shown(w, donation, given)
    for domain in ({"verifyingContract": other.address}, {"chainId": 1}, {"name": "Other"}, {"version": "2"}):
        with reverts("Campaign_BadSignature", w.citizen):
            by_sig(w, donation, message, given, **domain)


def test_the_other_half_of_the_curve(w, raising, donation, given):
    message = shown(w, donation, given)
    signature = malleable(signed(w, donation, message))
    with reverts("Campaign_BadSignature", w.citizen):
        donation.pledgeBySig(w.citizen, given, message["deadline"], signature, NONE, by=w.relayer)


def test_a_contract_wallet_signs_too(w, raising, donation, given):
    wallet = w.contract_wallet(w.citizen)
    raising.token.mint(wallet.address, AMOUNT, by=w.deployer)
    allow = raising.token.approve.data(donation.address, AMOUNT)
    wallet.execute(raising.token.address, allow, by=w.citizen)
    given = given | {"cityId": 0}
    message = shown(w, donation, given, backer=wallet.address, nonce=0)
    signature = signed(w, donation, message)
    donation.pledgeBySig(wallet.address, given, message["deadline"], signature, NONE, by=w.relayer)
    assert donation.positionOf(wallet.address).amount == AMOUNT


def test_the_domain_can_be_read(w, donation):
    domain = donation.eip712Domain()
    assert (domain.name, domain.version, domain.verifyingContract) == ("Campaign", "1", donation.address)
