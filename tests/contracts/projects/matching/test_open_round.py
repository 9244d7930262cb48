"""openRound, fundRound: a city's budget comes in, whole or not at all."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.raising import RUNNING

TREASURER = 16
TAKES_FEE, SAYS_FALSE = 1, 2


def field(name):
    return name.encode().ljust(32, b"\0")


def test_open_round_takes_the_first_money_of_a_numbered_round(w, raising):
    raising.give(w.treasurer, 500, w.pool.address)
    terms = raising.round_terms(minMerits=20, redistribute=False)
    tx = w.pool.openRound(terms, 500, by=w.treasurer)
    tx.shows("RoundOpened", roundId=1, by=w.treasurer, **terms)
    tx.shows("RoundFunded", roundId=1, **{"from": w.treasurer}, amount=500)
    assert w.pool.roundCount() == 1
    assert w.pool.roundOf(1) == {
        **{name: value for name, value in terms.items() if name != "content"},
        **{"step": RUNNING, "budget": 500, "campaigns": 0, "next": 0, "weight": 0, "assigned": 0, "rest": 0},
    }
    assert raising.token.balanceOf(w.pool.address) == 500


def test_open_round_again_leaves_the_first_alone(w, raising):
    assert [raising.open_round(100), raising.open_round(70)] == [1, 2]
    assert [w.pool.roundOf(number).budget for number in (1, 2)] == [100, 70]


@pytest.mark.parametrize("who", ["steward", "verifier", "moderator", "stranger"])
def test_open_round_reverts_when_not_a_treasurer(w, raising, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, TREASURER):
        w.pool.openRound(raising.round_terms(), 100, by=caller)


def test_open_round_reverts_when_treasurer_of_another_city(w, raising):
    with reverts("CityRegistry_MissingRole", w.other_city, w.treasurer, TREASURER):
        w.pool.openRound(raising.round_terms(cityId=w.other_city), 100, by=w.treasurer)


def test_open_round_reverts_when_token_not_listed(w, raising):
    with reverts("MatchingPool_BadTerms", field("token")):
        w.pool.openRound(raising.round_terms(token=w.mock("TestToken").address), 100, by=w.treasurer)


def test_open_round_reverts_when_nothing_of_a_person_counts(w, raising):
    with reverts("MatchingPool_BadTerms", field("personLimit")):
        w.pool.openRound(raising.round_terms(personLimit=0), 100, by=w.treasurer)


def test_open_round_reverts_when_over_already(w, raising):
    with reverts("MatchingPool_BadTerms", field("closes")):
        w.pool.openRound(raising.round_terms(closes=w.now), 100, by=w.treasurer)
    assert raising.open_round(closes=w.now + 1) == 1


def test_open_round_reverts_without_money(w, raising):
    with reverts("MatchingPool_BadTerms", field("amount")):
        w.pool.openRound(raising.round_terms(), 0, by=w.treasurer)
    with reverts("ERC20InsufficientAllowance", w.pool.address, 0, 1):
        w.pool.openRound(raising.round_terms(), 1, by=w.treasurer)


# --------------------------------------------------------------------- fundRound


def test_fund_round_adds_anybodys_money(w, raising):
    number = raising.open_round(100)
    raising.give(w.sponsor, 50, w.pool.address)
    tx = w.pool.fundRound(number, 50, by=w.sponsor)
    tx.shows("RoundFunded", roundId=number, **{"from": w.sponsor}, amount=50)
    assert w.pool.roundOf(number).budget == raising.token.balanceOf(w.pool.address) == 150


def test_fund_round_until_the_second_before_it_closes(w, raising):
    number = raising.open_round(100)
    raising.give(w.sponsor, 50, w.pool.address)
    closes = w.pool.roundOf(number).closes
    w.node.travel_to(closes - 1)
    w.pool.fundRound(number, 20, by=w.sponsor)
    w.node.travel_to(closes)
    with reverts("MatchingPool_Closed", number, closes, closes):
        w.pool.fundRound(number, 20, by=w.sponsor)


def test_fund_round_reverts_when_unknown_or_nothing_given(w, raising):
    with reverts("MatchingPool_UnknownRound", 9):
        w.pool.fundRound(9, 1, by=w.sponsor)
    with reverts("MatchingPool_BadTerms", field("amount")):
        w.pool.fundRound(raising.open_round(), 0, by=w.sponsor)


# -------------------------------------------------------------------- bad tokens


@pytest.fixture
def bad(w, raising):
    """A round in money that is about to misbehave, and a sponsor of it."""
    token = w.mock("BadToken")
    w.factory.setToken(token.address, 100, by=w.operator)
    for who in (w.treasurer, w.sponsor):
        token.mint(who, 1_000, by=w.deployer)
        token.approve(w.pool.address, 1_000, by=who)
    terms = raising.round_terms(token=token.address)
    w.pool.openRound(terms, 100, by=w.treasurer)
    return token


def test_fund_round_reverts_when_less_arrives_or_nothing(w, bad):
    bad.behave(TAKES_FEE, by=w.deployer)
    with reverts("MatchingPool_ShortTransfer", bad.address, 50, 49):
        w.pool.fundRound(1, 50, by=w.sponsor)
    bad.behave(SAYS_FALSE, by=w.deployer)
    with reverts("SafeERC20FailedOperation", bad.address):
        w.pool.fundRound(1, 50, by=w.sponsor)
    assert w.pool.roundOf(1).budget == bad.balanceOf(w.pool.address) == 100


def test_fund_round_turns_a_token_away_that_calls_back(w, raising, bad):
    doors = {
        "openRound": (raising.round_terms(token=bad.address), 10),
        "fundRound": (1, 10),
        "reclaimRest": (1, w.treasurer),
        "payMatch": (1, w.stranger),
        "receiveReturn": (1, 10),
    }
    for name, args in doors.items():
        bad.callBack(w.pool.address, getattr(w.pool, name).data(*args), by=w.deployer)
        with reverts("ReentrancyGuardReentrantCall"):
            w.pool.fundRound(1, 50, by=w.sponsor)


# ------------------------------------------------------------------- constructor


def test_pool_reverts_when_made_without_one_of_the_contracts(w):
    known = [w.registry.address, w.ledger.address, w.projects.address, w.factory.address]
    for place in range(4):
        with reverts("MatchingPool_ZeroAddress"):
            w.mock("MatchingPool", *[ZERO if place == i else one for i, one in enumerate(known)])
    assert [getattr(w.pool, one)() for one in ("cities", "merits", "projects", "factory")] == known
