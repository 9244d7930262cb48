"""pledge: by allowance, on the terms that the backer read."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import COOLING, FUND, NATIONAL, OPEN, PRIVATE, STATE, UPCOMING
from tests.contracts.kit.world import DAY
from tests.contracts.model.cities import TREASURER


def test_pledge_takes_the_money_and_starts_cooling_off(w, raising, donation):
    tx = raising.pledge(donation, w.citizen, 300)
    until = w.now + 10 * DAY
    tx.shows("Pledged", backer=w.citizen, amount=300, cityId=1, tier=0, source=0, coolingUntil=until)
    assert raising.token.balanceOf(donation.address) == 300
    assert donation.positionOf(w.citizen) == {
        "amount": 300, "cooling": 300, "coolingUntil": until, "cityId": 1, "tier": 0, "drawn": 0
    }  # fmt: skip
    state = donation.stateOf()
    assert (state.phase, state.raised, state.frozen, state.edition) == (OPEN, 300, True, 1)


def test_pledge_again_in_cooling_off_extends_it_for_all(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    w.node.travel(10 * DAY - 1)
    raising.pledge(donation, w.citizen, 50)
    position = donation.positionOf(w.citizen)
    assert (position.amount, position.cooling, position.coolingUntil) == (350, 350, w.now + 10 * DAY)


def test_pledge_after_cooling_off_begins_another_and_settles_the_first(w, raising, donation):
    raising.pledge(donation, w.citizen, 300)
    w.node.travel(10 * DAY)
    raising.pledge(donation, w.citizen, 50)
    position = donation.positionOf(w.citizen)
    assert (position.amount, position.cooling) == (350, 50)


def test_pledge_as_nobodys_citizen(w, raising, donation):
    raising.pledge(donation, w.stranger, 300, city=0)
    assert donation.positionOf(w.stranger).cityId == 0


def test_pledge_before_opening_and_after_closing(w, raising):
    soon = raising.campaign(opens=w.now + DAY)
    with reverts("Campaign_WrongPhase", UPCOMING):
        raising.pledge(soon, w.citizen, 1)
    w.node.travel(DAY)
    raising.pledge(soon, w.citizen, 1)
    w.node.travel_to(soon.terms().closes - 1)
    raising.pledge(soon, w.citizen, 1)
    w.node.travel(1)
    with reverts("Campaign_WrongPhase", COOLING):
        raising.pledge(soon, w.citizen, 1)


def test_pledge_on_terms_of_another_edition(w, raising, donation):
    with reverts("Campaign_OtherEdition", 1, 2):
        raising.pledge(donation, w.citizen, 1, edition=2)


def test_pledge_of_nothing(w, raising, donation):
    with reverts("Campaign_BadAmount", 0):
        raising.pledge(donation, w.citizen, 0)


def test_pledge_up_to_the_cap_and_no_further(w, raising, donation):
    raising.pledge(donation, w.citizen, 4_990)
    with reverts("Campaign_OverCap", 10, 11):
        raising.pledge(donation, w.neighbour, 11)
    raising.pledge(donation, w.neighbour, 10)
    with reverts("Campaign_OverCap", 0, 1):
        raising.pledge(donation, w.third, 1)


def test_pledge_as_citizen_of_a_city_that_does_not_know_them(w, raising, donation):
    with reverts("Campaign_NotCitizen", 1, w.guest):
        raising.pledge(donation, w.guest, 1)


def test_pledge_as_another_citys_citizen_or_nobodys_beside_the_first(w, raising, donation):
    raising.pledge(donation, w.citizen, 1)
    for other in (2, 0):
        with reverts("Campaign_OtherCity", 1, other):
            raising.pledge(donation, w.citizen, 1, city=other)
    donation.withdraw(w.citizen, by=w.citizen)
    raising.pledge(donation, w.citizen, 1, city=2)


def test_pledge_without_allowance(w, raising, donation):
    raising.token.mint(w.citizen, 10, by=w.deployer)
    given = {"amount": 10, "cityId": 0, "tier": 0, "source": 0, "edition": 1}
    with reverts("ERC20InsufficientAllowance", donation.address, 0, 10):
        donation.pledge(given, by=w.citizen)


def test_pledge_names_a_tier_where_there_are_none(w, raising, donation):
    with reverts("Campaign_UnknownTier", 1):
        raising.pledge(donation, w.citizen, 1, tier=1)


# -------------------------------------------------------------------- sources


def test_private_money_is_anybodys(w, raising, donation):
    assert raising.pledge(donation, w.citizen, 1, source=PRIVATE).one("Pledged").source == PRIVATE


@pytest.mark.parametrize("source", [STATE, NATIONAL])
def test_public_money_is_a_treasurers_of_the_home_city(w, raising, donation, source):
    raising.pledge(donation, w.treasurer, 1, city=0, source=source)
    raising.pledge(donation, w.treasurer, 1, city=w.city, source=source)
    assert donation.positionOf(w.treasurer).cityId == 0
    for stranger, city in ((w.citizen, 0), (w.citizen, w.city), (w.treasurer, w.other_city)):
        with reverts("Campaign_NotTheSource", stranger, source):
            raising.pledge(donation, stranger, 1, city=city, source=source)


def test_public_money_of_a_city_that_joined(w, raising, donation):
    w.registry.setRoles(w.other_city, w.sponsor, TREASURER, by=w.other_steward)
    with reverts("Campaign_NotTheSource", w.sponsor, STATE):
        raising.pledge(donation, w.sponsor, 1, city=w.other_city, source=STATE)
    w.projects.inviteCity(raising.project, w.other_city, by=raising.author)
    w.projects.joinProject(raising.project, w.other_city, by=w.other_moderator)
    raising.pledge(donation, w.sponsor, 1, city=w.other_city, source=STATE)


def test_a_funds_money_is_a_qualified_investors(w, raising, donation):
    raising.identify(w.citizen)
    with reverts("Campaign_NotTheSource", w.citizen, FUND):
        raising.pledge(donation, w.citizen, 1, source=FUND)
    raising.identify(w.citizen, qualified=True)
    raising.pledge(donation, w.citizen, 1, source=FUND)
