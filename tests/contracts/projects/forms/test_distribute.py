"""distribute, and the units of a share campaign."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import COOLING, FUNDED, OPEN, SHARE
from tests.contracts.kit.world import DAY

TAKES_FEE, SAYS_FALSE, REVERTS = 1, 2, 3


def field(name):
    return name.encode().ljust(32, b"\0")


@pytest.fixture
def earning(w, share):
    share.release(by=w.stranger)
    return share


def test_distribute_by_anybody_is_the_holders(w, investing, earning):
    investing.give(w.guest, 120, earning.address)
    earning.distribute(120, by=w.guest).shows("IncomeDistributed", payer=w.guest, amount=120)
    assert earning.stateOf().proceeds == 120
    assert investing.token.balanceOf(earning.address) == 1_320


def test_distribute_reverts_when_nothing_given(w, earning):
    with reverts("Campaign_BadAmount", 0):
        earning.distribute(0, by=w.partner)


def test_distribute_reverts_before_the_first_release(w, investing):
    share = investing.campaign(SHARE, unitPrice=100)
    investing.pledge(share, w.citizen, 100, city=0)
    for phase in (OPEN, COOLING, FUNDED):
        with reverts("Campaign_WrongPhase", phase):
            share.distribute(1, by=w.partner)
        terms = share.terms()
        w.node.travel_to(terms.closes if phase == OPEN else terms.closes + terms.coolingOff)


def test_share_has_no_actions_of_loans(w, earning):
    with reverts("Campaign_WrongForm", SHARE):
        earning.repay(1, by=w.partner)
    with reverts("Campaign_WrongForm", SHARE):
        earning.declareDefault(by=w.partner)
    assert earning.loanOf() == (0, 0, 0, False)


# ------------------------------------------------------------------------- units


def test_pledges_are_multiples_of_the_units_price(w, investing):
    share = investing.campaign(SHARE, unitPrice=100)
    for amount in (1, 99, 150):
        with reverts("Campaign_BadAmount", amount):
            investing.pledge(share, w.citizen, amount, city=0)
    investing.pledge(share, w.citizen, 300, city=0)
    w.node.travel(11 * DAY)
    investing.pledge(share, w.citizen, 200, city=0)
    share.withdraw(w.citizen, by=w.citizen)
    assert share.positionOf(w.citizen).amount == 300


def test_share_says_its_price_and_takes_another_until_the_first_pledge(w, investing):
    share = investing.campaign(SHARE, unitPrice=100)
    assert share.terms().unitPrice == 100
    tx = share.setTerms(investing.terms(unitPrice=50), by=investing.author)
    tx.shows("UnitPriceSet", edition=2, unitPrice=50)
    investing.pledge(share, w.citizen, 50, city=0)
    with reverts("Campaign_Frozen"):
        share.setTerms(investing.terms(unitPrice=10), by=investing.author)


def test_share_reverts_without_a_price_and_where_units_cannot_reach_the_goal(investing):
    for terms in ({"unitPrice": 0}, {"unitPrice": 60, "goal": 100, "cap": 119}):
        with reverts("Campaign_BadTerms", field("unitPrice")):
            investing.campaign(SHARE, **terms)
    assert investing.campaign(SHARE, unitPrice=60, goal=100, cap=120)


def test_share_reverts_with_a_tier(w, investing):
    share = investing.campaign(SHARE, unitPrice=100)
    with reverts("Campaign_UnknownTier", 1):
        investing.pledge(share, w.citizen, 100, city=0, tier=1)


# -------------------------------------------------------------------- bad tokens


def test_distribute_reverts_when_less_arrives_or_nothing(w, investing):
    good, investing.token = investing.token, w.mock("BadToken")
    token = investing.token
    try:
        w.factory.setToken(token.address, 100, by=w.operator)
        share = investing.campaign(SHARE, unitPrice=100)
        investing.pledge(share, w.citizen, 100, city=0)
        investing.end(share)
        share.release(by=w.stranger)
        investing.give(w.partner, 50, share.address)
        for manner, error in (
            (TAKES_FEE, ("Campaign_ShortTransfer", token.address, 50, 49)),
            (SAYS_FALSE, ("SafeERC20FailedOperation", token.address)),
            (REVERTS, ("BadToken_Refused",)),
        ):
            token.behave(manner, by=w.deployer)
            with reverts(*error):
                share.distribute(50, by=w.partner)
        for name, args in (("claim", (w.citizen,)), ("distribute", (1,)), ("refund", (w.citizen,))):
            token.callBack(share.address, getattr(share, name).data(*args), by=w.deployer)
            with reverts("ReentrancyGuardReentrantCall"):
                share.distribute(50, by=w.partner)
        assert share.stateOf().proceeds == 0
    finally:
        investing.token = good
