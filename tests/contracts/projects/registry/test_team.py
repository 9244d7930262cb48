"""invite, acceptInvitation, leaveTeam: who makes the project beside its author."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h
from tests.contracts.projects.registry.desk import Place, Stage


def place(project, member, membership, role=bytes(32)):
    fields = {"projectId": project, "member": member, "membership": membership, "role": role}
    return ("MembershipChanged", fields)


@pytest.fixture
def project(d):
    return d.open()


def members(w, project):
    return w.projects.projectOf(project).members


def test_invite_and_accept(w, d, project):
    tx = w.projects.invite(project, w.member, h("cook"), by=w.author)
    assert tx.events == [place(project, w.member, Place.INVITED, h("cook"))]
    assert (w.projects.membershipOf(project, w.member), members(w, project)) == (Place.INVITED, 0)
    tx = w.projects.acceptInvitation(project, by=w.member)
    assert tx.events == [place(project, w.member, Place.IN)]
    assert (w.projects.membershipOf(project, w.member), members(w, project)) == (Place.IN, 1)


@pytest.mark.parametrize("stage", [Stage.REQUEST, Stage.EXPERTISE, Stage.FINANCING])
def test_invite_at_any_stage(w, d, stage):
    project = d.at(stage)
    d.join(project, w.stranger)
    assert w.projects.membershipOf(project, w.stranger) == Place.IN


def test_invite_reverts_when_not_author(w, d, project):
    d.join(project, w.member)
    for who in (w.member, w.moderator, w.operator):
        with reverts("ProjectRegistry_NotAuthor", project, who):
            w.projects.invite(project, w.stranger, h("role"), by=who)


def test_invite_reverts_when_the_account_has_a_place(w, d, project):
    w.projects.invite(project, w.member, h("role"), by=w.author)
    with reverts("ProjectRegistry_WrongMembership", project, w.member, Place.INVITED):
        w.projects.invite(project, w.member, h("role"), by=w.author)
    w.projects.acceptInvitation(project, by=w.member)
    with reverts("ProjectRegistry_WrongMembership", project, w.member, Place.IN):
        w.projects.invite(project, w.member, h("role"), by=w.author)


def test_invite_reverts_when_the_author_invites_themself_or_nobody(w, d, project):
    with reverts("ProjectRegistry_WrongMembership", project, w.author, Place.NONE):
        w.projects.invite(project, w.author, h("role"), by=w.author)
    with reverts("ProjectRegistry_ZeroAddress"):
        w.projects.invite(project, ZERO, h("role"), by=w.author)


def test_invite_reverts_when_the_account_judged_the_project(w, d):
    project = d.at(Stage.EXPERTISE)
    d.score(project, w.expert, 0)
    with reverts("ProjectRegistry_JudgedIt", project, w.expert):
        w.projects.invite(project, w.expert, h("role"), by=w.author)
    d.send_back(project, Stage.IDEA)
    w.projects.invite(project, w.expert, h("role"), by=w.author)  # what was judged then counts no more


def test_accept_invitation_reverts_when_not_invited(w, d, project):
    with reverts("ProjectRegistry_WrongMembership", project, w.stranger, Place.NONE):
        w.projects.acceptInvitation(project, by=w.stranger)
    d.join(project, w.member)
    with reverts("ProjectRegistry_WrongMembership", project, w.member, Place.IN):
        w.projects.acceptInvitation(project, by=w.member)


@pytest.mark.parametrize("who", ["author", "member"])
def test_leave_team_by_author_or_member(w, d, project, who):
    d.join(project, w.member)
    tx = w.projects.leaveTeam(project, w.member, by=getattr(w, who))
    assert tx.events == [place(project, w.member, Place.NONE)]
    assert (w.projects.membershipOf(project, w.member), members(w, project)) == (Place.NONE, 0)
    d.join(project, w.member)
    assert members(w, project) == 1


@pytest.mark.parametrize("who", ["author", "member"])
def test_leave_team_ends_an_invitation(w, d, project, who):
    w.projects.invite(project, w.member, h("role"), by=w.author)
    w.projects.leaveTeam(project, w.member, by=getattr(w, who))
    with reverts("ProjectRegistry_WrongMembership", project, w.member, Place.NONE):
        w.projects.acceptInvitation(project, by=w.member)
    assert members(w, project) == 0


def test_leave_team_reverts_when_neither_author_nor_member(w, d, project):
    d.join(project, w.member)
    d.join(project, w.third)
    for who in (w.third, w.moderator, w.stranger):
        with reverts("ProjectRegistry_NotAuthor", project, who):
            w.projects.leaveTeam(project, w.member, by=who)


def test_leave_team_reverts_when_there_is_no_place_to_leave(w, d, project):
    for who in (w.author, w.member):
        with reverts("ProjectRegistry_WrongMembership", project, w.member, Place.NONE):
            w.projects.leaveTeam(project, w.member, by=who)


def test_a_team_has_at_most_255_members(w, d, project):
    """Counted in one byte; the last ones join by contract wallets, of which there are enough."""
    probe = w.mock("ContractWallet", w.stranger)
    accounts = [f"0x{i:040x}" for i in range(1, 257)]
    w.node.request("anvil_autoImpersonateAccount", True)
    for account in accounts[:-1]:
        w.projects.invite(project, account, h("role"), by=w.author)
        w.projects.acceptInvitation(project, by=account)
    w.node.request("anvil_autoImpersonateAccount", False)
    assert members(w, project) == 255
    w.projects.invite(project, probe.address, h("role"), by=w.author)
    with reverts("ProjectRegistry_Full", project):
        probe.execute(w.projects.address, w.projects.acceptInvitation.data(project), by=w.stranger)
    w.projects.leaveTeam(project, accounts[0], by=w.author)
    probe.execute(w.projects.address, w.projects.acceptInvitation.data(project), by=w.stranger)
    assert members(w, project) == 255
