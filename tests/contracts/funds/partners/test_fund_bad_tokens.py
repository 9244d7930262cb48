"""Money that does not arrive, refuses or calls back: nothing of it happened."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import Funding

GOOD, TAKES_FEE, SAYS_FALSE, REVERTS, CALLS_BACK, SAYS_NOTHING = range(6)


@pytest.fixture(scope="module")
def funding(network, node):
    snapshot = node.snapshot()
    yield Funding(network, "BadToken")
    node.restore(snapshot)


@pytest.fixture
def paid(w, funding, closed):
    """9,000 paid, 3,000 of them to claim, another 3,000 called; the citizen can pay."""
    funding.call_paid(closed, 9_000)
    w.node.travel(1)
    funding.distribute(closed, 3_000)
    funding.call(closed, 3_000)
    funding.raising.give(w.citizen, 1_000, closed.address)
    return closed


def behave(w, funding, manner):
    funding.token.behave(manner, by=w.deployer)


def test_money_that_takes_a_fee_on_the_way(w, funding, paid):
    behave(w, funding, TAKES_FEE)
    with reverts("FundAvatar_ShortTransfer", funding.token.address, 1_000, 999):
        paid.pay(w.citizen, 1_000, by=w.citizen)
    assert paid.dueOf(w.citizen).due == 1_000


def test_money_that_says_no(w, funding, paid):
    behave(w, funding, SAYS_FALSE)
    for action in (
        lambda: paid.pay(w.citizen, 1_000, by=w.citizen),
        lambda: paid.claim(w.citizen, by=w.citizen),
    ):
        with reverts("SafeERC20FailedOperation", funding.token.address):
            action()
    assert paid.claimableOf(w.citizen) == 1_000


def test_money_that_refuses(w, funding, paid):
    behave(w, funding, REVERTS)
    with reverts("BadToken_Refused"):
        paid.claim(w.citizen, by=w.citizen)
    with reverts("BadToken_Refused"):
        paid.pay(w.citizen, 1_000, by=w.citizen)


def test_money_that_says_nothing(w, funding, paid):
    behave(w, funding, SAYS_NOTHING)
    paid.pay(w.citizen, 1_000, by=w.citizen)
    paid.claim(w.citizen, by=w.citizen)


@pytest.mark.parametrize("action", ["pay", "claim", "claimTo", "payWithPermit", "commitWithPermit", "commit"])
def test_money_that_calls_back(w, funding, paid, action):
    none = {"value": 0, "deadline": 0, "v": 0, "r": bytes(32), "s": bytes(32)}
    given = {
        "pay": (w.neighbour, 1),
        "claim": (w.neighbour,),
        "claimTo": (w.stranger,),
        "payWithPermit": (1, none),
        "commit": (1, 1),
        "commitWithPermit": (1, 1, none),
    }[action]
    funding.token.callBack(paid.address, getattr(paid, action).data(*given), by=w.deployer)
    for attempt in (
        lambda: paid.pay(w.citizen, 1_000, by=w.citizen),
        lambda: paid.claim(w.citizen, by=w.citizen),
    ):
        with reverts("ReentrancyGuardReentrantCall"):
            attempt()
