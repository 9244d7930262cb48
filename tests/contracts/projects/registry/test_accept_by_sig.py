"""acceptInvitationBySig: a member's word without gas."""

import pytest

from tests.contracts.kit import signing
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.projects.registry.desk import Place


@pytest.fixture
def project(w, d):
    project = d.open()
    w.projects.invite(project, w.member, h("role"), by=w.author)
    return project


def send(w, message, signature, **changes):
    said = message | changes
    return w.projects.acceptInvitationBySig(
        said["projectId"], said["member"], said["deadline"], signature, by=w.relayer
    )


def test_accept_invitation_by_sig_makes_the_signer_a_member(w, d, project):
    message = d.invitation_of(project, w.member)
    tx = send(w, message, d.signed(message, w.member.key))
    tx.shows("MembershipChanged", projectId=project, member=w.member, membership=Place.IN, role=bytes(32))
    assert w.projects.membershipOf(project, w.member) == Place.IN
    assert w.projects.nonces(w.member) == 1


def test_accept_invitation_by_sig_holds_until_its_deadline_and_no_longer(w, d, project):
    message = d.invitation_of(project, w.member)
    late = d.invitation_of(project, w.member, nonce=1)
    w.node.travel_to(message["deadline"])
    send(w, message, d.signed(message, w.member.key))
    w.node.travel(1)
    with reverts("ProjectRegistry_SignatureExpired", late["deadline"], late["deadline"] + 1):
        send(w, late, d.signed(late, w.member.key))


def test_accept_invitation_by_sig_cannot_be_replayed_into_a_team_that_was_left(w, d, project):
    message = d.invitation_of(project, w.member)
    signature = d.signed(message, w.member.key)
    send(w, message, signature)
    w.projects.leaveTeam(project, w.member, by=w.member)
    w.projects.invite(project, w.member, h("role"), by=w.author)
    with reverts("ProjectRegistry_BadSignature", w.member):
        send(w, message, signature)


def test_accept_invitation_by_sig_that_failed_can_be_sent_again(w, d, project):
    message = d.invitation_of(project, w.member)
    signature = d.signed(message, w.member.key)
    w.projects.leaveTeam(project, w.member, by=w.author)
    with reverts("ProjectRegistry_WrongMembership", project, w.member, Place.NONE):
        send(w, message, signature)
    w.projects.invite(project, w.member, h("role"), by=w.author)
    send(w, message, signature)


OTHER = {
    "member": lambda w: w.citizen,
    "projectId": lambda w: 2,
    "nonce": lambda w: 1,
    "deadline": lambda w: w.now + 7,
}


@pytest.mark.parametrize("field", OTHER)
def test_accept_invitation_by_sig_reverts_when_another_field_was_signed(w, d, project, field):
    d.open()
    message = d.invitation_of(project, w.member)
    signature = d.signed(message | {field: OTHER[field](w)}, w.member.key)
    with reverts("ProjectRegistry_BadSignature", w.member):
        send(w, message, signature)


@pytest.mark.parametrize("field", ["member", "projectId", "deadline"])
def test_accept_invitation_by_sig_reverts_when_the_relay_changes_a_field(w, d, project, field):
    d.open()
    message = d.invitation_of(project, w.member)
    changed = {field: OTHER[field](w)}
    with reverts("ProjectRegistry_BadSignature", (message | changed)["member"]):
        send(w, message, d.signed(message, w.member.key), **changed)


@pytest.mark.parametrize("part", ["chainId", "verifyingContract", "name", "version"])
def test_accept_invitation_by_sig_reverts_when_signed_for_elsewhere(w, d, project, part):
    elsewhere = {
        "chainId": w.node.chain_id + 1,
        "verifyingContract": w.market.address,
        "name": "Projects",
        "version": "2",
    }
    message = d.invitation_of(project, w.member)
    with reverts("ProjectRegistry_BadSignature", w.member):
        send(w, message, d.signed(message, w.member.key, **{part: elsewhere[part]}))


def test_accept_invitation_by_sig_reverts_when_another_signed_or_malleable(w, d, project):
    message = d.invitation_of(project, w.member)
    with reverts("ProjectRegistry_BadSignature", w.member):
        send(w, message, d.signed(message, w.author.key))
    with reverts("ProjectRegistry_BadSignature", w.member):
        send(w, message, signing.malleable(d.signed(message, w.member.key)))


def test_accept_invitation_by_sig_by_a_contract_wallet(w, d, project):
    wallet = w.contract_wallet(owner=w.stranger)
    w.projects.invite(project, wallet.address, h("role"), by=w.author)
    message = d.invitation_of(project, wallet.address)
    send(w, message, d.signed(message, w.stranger.key))
    assert w.projects.membershipOf(project, wallet.address) == Place.IN


def test_accept_invitation_by_sig_reverts_when_the_project_is_unknown(w, d, project):
    message = d.invitation_of(9, w.member)
    with reverts("ProjectRegistry_UnknownProject", 9):
        send(w, message, d.signed(message, w.member.key))
