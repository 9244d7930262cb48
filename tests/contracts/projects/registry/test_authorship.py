"""offerAuthorship, takeOver, followAuthor: whose project it is."""

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import h
from tests.contracts.projects.registry.desk import Place, Stage


def test_take_over_makes_the_offered_the_author(w, d):
    project = d.at(Stage.DESIGN)
    tx = w.projects.offerAuthorship(project, w.stranger, by=w.author)
    assert tx.events == [("AuthorOffered", {"projectId": project, "to": w.stranger})]
    assert w.projects.offeredTo(project) == w.stranger
    tx = w.projects.takeOver(project, by=w.stranger)
    assert tx.events == [("AuthorChanged", {"projectId": project, "from": w.author, "to": w.stranger})]
    assert w.projects.offeredTo(project) == ZERO
    assert w.projects.projectOf(project).author == w.stranger
    with reverts("ProjectRegistry_NotAuthor", project, w.author):
        d.advance(project)
    d.advance(project, by=w.stranger)


def test_take_over_by_a_member_leaves_their_place_in_the_team(w, d):
    project = d.at(Stage.DESIGN)
    w.projects.offerAuthorship(project, w.member, by=w.author)
    tx = w.projects.takeOver(project, by=w.member)
    tx.shows("MembershipChanged", projectId=project, member=w.member, membership=0, role=bytes(32))
    assert w.projects.projectOf(project).members == 0
    assert w.projects.membershipOf(project, w.member) == Place.NONE


def test_take_over_by_the_invited_leaves_their_invitation(w, d):
    project = d.at(Stage.DESIGN)
    w.projects.invite(project, w.stranger, h("role"), by=w.author)
    w.projects.offerAuthorship(project, w.stranger, by=w.author)
    w.projects.takeOver(project, by=w.stranger)
    assert w.projects.membershipOf(project, w.stranger) == Place.NONE
    assert w.projects.projectOf(project).members == 1


def test_take_over_reverts_when_not_offered_or_taken_back(w, d):
    project = d.open()
    with reverts("ProjectRegistry_NotOffered", project, w.stranger):
        w.projects.takeOver(project, by=w.stranger)
    w.projects.offerAuthorship(project, w.stranger, by=w.author)
    with reverts("ProjectRegistry_NotOffered", project, w.member):
        w.projects.takeOver(project, by=w.member)
    w.projects.offerAuthorship(project, ZERO, by=w.author)
    with reverts("ProjectRegistry_NotOffered", project, w.stranger):
        w.projects.takeOver(project, by=w.stranger)


def test_take_over_reverts_when_the_offered_judged_it(w, d):
    project = d.at(Stage.EXPERTISE)
    d.score(project, w.expert)
    w.projects.offerAuthorship(project, w.expert, by=w.author)
    with reverts("ProjectRegistry_JudgedIt", project, w.expert):
        w.projects.takeOver(project, by=w.expert)


def test_offer_authorship_reverts_when_not_author(w, d):
    project = d.at(Stage.DESIGN)
    for who in (w.moderator, w.member, w.stranger, w.operator):
        with reverts("ProjectRegistry_NotAuthor", project, who):
            w.projects.offerAuthorship(project, who, by=who)


# ---------------------------------------------------------------- recovery


def test_follow_author_gives_the_project_to_the_recovered_wallet(w, d):
    project = d.open(by=w.citizen)
    w.projects.offerAuthorship(project, w.stranger, by=w.citizen)
    w.recover(w.citizen, w.new_wallet)
    w.recover(w.new_wallet, w.newer_wallet)
    tx = w.projects.followAuthor(project, by=w.stranger)
    assert tx.events == [("AuthorChanged", {"projectId": project, "from": w.citizen, "to": w.newer_wallet})]
    assert w.projects.projectOf(project).author == w.newer_wallet
    with reverts("ProjectRegistry_NotOffered", project, w.stranger):
        w.projects.takeOver(project, by=w.stranger)


def test_follow_author_to_a_wallet_of_the_team_leaves_its_place_there(w, d):
    project = d.open(by=w.citizen)
    w.projects.invite(project, w.new_wallet, h("role"), by=w.citizen)
    w.projects.acceptInvitation(project, by=w.new_wallet)
    w.recover(w.citizen, w.new_wallet)
    w.projects.followAuthor(project, by=w.stranger)
    assert w.projects.projectOf(project).members == 0
    assert w.projects.membershipOf(project, w.new_wallet) == Place.NONE


def test_follow_author_reverts_when_the_author_has_their_wallet(w, d):
    project = d.open(by=w.citizen)
    with reverts("ProjectRegistry_NotRecovered", w.city, w.citizen):
        w.projects.followAuthor(project, by=w.stranger)


def test_follow_author_reverts_when_the_author_never_was_a_citizen_of_the_home_city(w, d):
    project = d.open()
    with reverts("CityRegistry_NotCitizen", w.city, w.author):
        w.projects.followAuthor(project, by=w.author)


def test_follow_author_looks_at_the_home_city_alone(w, d):
    project = d.open(by=w.citizen)
    w.recover(w.citizen, w.new_wallet, city=w.other_city)
    with reverts("ProjectRegistry_NotRecovered", w.city, w.citizen):
        w.projects.followAuthor(project, by=w.stranger)


def test_follow_author_is_not_hindered_by_what_the_wallet_judged(w, d):
    project = d.open(by=w.citizen)
    for step in (1, 2):
        w.projects.advance(project, h(f"step {step}"), by=w.citizen)
    d.pass_(project)
    d.support(project, w.neighbour, w.third)
    d.advance(project, by=w.stranger)
    d.score(project, w.expert)
    w.recover(w.citizen, w.expert)
    w.projects.followAuthor(project, by=w.stranger)
    assert w.projects.projectOf(project).author == w.expert
