"""supportBySig, supportBySigs: citizens' typed signatures, one or many in a transaction."""

import pytest

from tests.contracts.kit import signing
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import DAY
from tests.contracts.projects.registry.desk import Stage


@pytest.fixture
def project(d):
    return d.at(Stage.ASSESSMENT)


def send(w, message, signature, **changes):
    said = message | changes
    return w.projects.supportBySig(
        said["projectId"], said["citizen"], said["cityId"], said["deadline"], signature, by=w.relayer
    )


def ballot(d, message, key, **changes):
    said = {name: message[name] for name in ("citizen", "cityId", "deadline")}
    return said | {"signature": d.signed(message, key)} | changes


def count(w, project):
    return w.projects.projectOf(project).support


def test_support_by_sig_supports_for_the_signer(w, d, project):
    message = d.ballot_of(project, w.citizen)
    tx = send(w, message, d.signed(message, w.citizen.key))
    tx.shows(
        "Supported",
        projectId=project,
        citizen=w.citizen,
        cityId=w.city,
        version=1,
        person=w.nullifier(w.city, w.citizen),
    )
    assert count(w, project) == 1


def test_support_by_sig_holds_until_its_deadline_and_no_longer(w, d, project):
    message, late = d.ballot_of(project, w.citizen), d.ballot_of(project, w.neighbour)
    w.node.travel_to(message["deadline"])
    send(w, message, d.signed(message, w.citizen.key))
    w.node.travel(1)
    with reverts("ProjectRegistry_SignatureExpired", late["deadline"], late["deadline"] + 1):
        send(w, late, d.signed(late, w.neighbour.key))


def test_support_by_sig_cannot_be_replayed(w, d, project):
    message = d.ballot_of(project, w.citizen)
    signature = d.signed(message, w.citizen.key)
    send(w, message, signature)
    with reverts("ProjectRegistry_SupportedAlready", project, w.citizen):
        send(w, message, signature)


def test_support_by_sig_is_for_the_version_that_was_read(w, d, project):
    message = d.ballot_of(project, w.citizen, deadline=w.now + 9 * DAY)
    signature = d.signed(message, w.citizen.key)
    d.pivot(project)
    d.bring(project, Stage.ASSESSMENT)
    with reverts("ProjectRegistry_BadSignature", w.citizen):
        send(w, message, signature)


OTHER = {
    "citizen": lambda w: w.neighbour,
    "projectId": lambda w: 2,
    "cityId": lambda w: w.other_city,
    "version": lambda w: 2,
    "deadline": lambda w: w.now + 7,
}


@pytest.mark.parametrize("field", OTHER)
def test_support_by_sig_reverts_when_another_field_was_signed(w, d, project, field):
    message = d.ballot_of(project, w.citizen)
    with reverts("ProjectRegistry_BadSignature", w.citizen):
        send(w, message, d.signed(message | {field: OTHER[field](w)}, w.citizen.key))


@pytest.mark.parametrize("field", ["citizen", "projectId", "cityId", "deadline"])
def test_support_by_sig_reverts_when_the_relay_changes_a_field(w, d, project, field):
    d.at(Stage.ASSESSMENT)
    d.joined_city(project)
    message = d.ballot_of(project, w.citizen)
    changed = {field: OTHER[field](w)}
    with reverts("ProjectRegistry_BadSignature", (message | changed)["citizen"]):
        send(w, message, d.signed(message, w.citizen.key), **changed)


@pytest.mark.parametrize("part", ["chainId", "verifyingContract", "name", "version"])
def test_support_by_sig_reverts_when_signed_for_elsewhere(w, d, project, part):
    elsewhere = {
        "chainId": w.node.chain_id + 1,
        "verifyingContract": w.market.address,
        "name": "Projects",
        "version": "2",
    }
    message = d.ballot_of(project, w.citizen)
    with reverts("ProjectRegistry_BadSignature", w.citizen):
        send(w, message, d.signed(message, w.citizen.key, **{part: elsewhere[part]}))


def test_support_by_sig_reverts_when_another_signed_or_malleable(w, d, project):
    message = d.ballot_of(project, w.citizen)
    with reverts("ProjectRegistry_BadSignature", w.citizen):
        send(w, message, d.signed(message, w.neighbour.key))
    with reverts("ProjectRegistry_BadSignature", w.citizen):
        send(w, message, signing.malleable(d.signed(message, w.citizen.key)))


def test_support_by_sig_reverts_at_another_stage_or_in_another_city(w, d, project):
    early = d.at(Stage.IDEA)
    message = d.ballot_of(early, w.citizen)
    with reverts("ProjectRegistry_WrongStage", early, Stage.IDEA):
        send(w, message, d.signed(message, w.citizen.key))
    message = d.ballot_of(project, w.citizen, cityId=w.other_city)
    with reverts("ProjectRegistry_CityTakesNoPart", project, w.other_city):
        send(w, message, d.signed(message, w.citizen.key))
    message = d.ballot_of(project, w.guest)
    with reverts("ProjectRegistry_NotCitizen", w.city, w.guest):
        send(w, message, d.signed(message, w.guest.key))


def test_support_by_sig_by_a_contract_wallet(w, d, project):
    wallet = w.contract_wallet(owner=w.stranger)
    w.registry.registerCitizen(w.city, wallet.address, bytes([7]) * 32, by=w.verifier)
    message = d.ballot_of(project, wallet.address)
    send(w, message, d.signed(message, w.stranger.key))
    assert count(w, project) == 1


# -------------------------------------------------------------------- many


@pytest.fixture
def ballots(w, d, project):
    return [ballot(d, d.ballot_of(project, one), one.key) for one in (w.citizen, w.neighbour, w.third)]


def test_support_by_sigs_counts_each(w, d, project, ballots):
    tx = w.projects.supportBySigs(project, ballots, by=w.relayer)
    assert [event.citizen for event in tx.all("Supported")] == [w.citizen, w.neighbour, w.third]
    assert count(w, project) == 3
    assert w.projects.isSupportedBy(project, 1, w.city, w.nullifier(w.city, w.third))


def test_support_by_sigs_of_several_cities(w, d, project, ballots):
    d.joined_city(project)
    guest = d.ballot_of(project, w.guest, cityId=w.other_city)
    w.projects.supportBySigs(project, [*ballots, ballot(d, guest, w.guest.key)], by=w.relayer)
    assert count(w, project) == 4


def test_support_by_sigs_passes_over_whoever_supports_it(w, d, project, ballots):
    w.projects.support(project, w.city, by=w.neighbour)
    tx = w.projects.supportBySigs(project, [*ballots, ballots[0]], by=w.relayer)
    assert [event.citizen for event in tx.all("Supported")] == [w.citizen, w.third]
    assert count(w, project) == 3
    assert w.projects.supportBySigs(project, ballots, by=w.relayer).events == []


def test_support_by_sigs_of_nobody_changes_nothing(w, d, project):
    assert w.projects.supportBySigs(project, [], by=w.relayer).events == []
    assert count(w, project) == 0


WRONG = {
    "signature": (lambda w, b: {"signature": bytes(65)}, "ProjectRegistry_BadSignature"),
    "citizen": (lambda w, b: {"citizen": w.stranger}, "ProjectRegistry_NotCitizen"),
    "city": (lambda w, b: {"cityId": w.other_city}, "ProjectRegistry_CityTakesNoPart"),
    "deadline": (lambda w, b: {"deadline": w.now - 1}, "ProjectRegistry_SignatureExpired"),
}


@pytest.mark.parametrize("what", WRONG)
def test_support_by_sigs_reverts_as_a_whole_when_one_is_wrong(w, d, project, ballots, what):
    change, error = WRONG[what]
    spoiled = change(w, ballots[1])
    values = {
        "signature": (w.neighbour,),
        "citizen": (w.city, w.stranger),
        "city": (project, w.other_city),
        "deadline": (w.now - 1, w.now),
    }
    with reverts(error, *values[what]):
        w.projects.supportBySigs(project, [ballots[0], ballots[1] | spoiled, ballots[2]], by=w.relayer)
    assert count(w, project) == 0


def test_support_by_sigs_reverts_at_another_stage(w, d, ballots):
    early = d.at(Stage.IDEA)
    with reverts("ProjectRegistry_WrongStage", early, Stage.IDEA):
        w.projects.supportBySigs(early, ballots, by=w.relayer)
