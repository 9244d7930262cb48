"""returnCarry and takeCredit in money that misbehaves."""

import pytest

from tests.contracts.funds.waterfall.conftest import Earner
from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import Funding
from tests.contracts.kit.world import h

GOOD, TAKES_FEE, _, REVERTS, CALLS_BACK, _ = range(6)


@pytest.fixture(scope="module")
def funding(network, node):
    """As everywhere else, in money that can misbehave."""
    snapshot = node.snapshot()
    yield Funding(network, "BadToken")
    node.restore(snapshot)


@pytest.fixture(scope="module")
def concluded(funding):
    """2,400 of carry were paid before a second half of the capital was lost; 1,680 are to be returned."""
    made = Earner(funding, amount=20_000)
    made.to_year(1)
    made.earn(39_000)
    made.distribute()
    funding.call_paid(made.fund, 30_000)
    made.fund.writeOff(made.put(30_000).address, h("why"), by=made.w.fund_manager)
    made.to_year(10)
    made.fund.conclude(by=made.w.stranger)
    made.raising.give(made.w.guest, 2_000, made.fund.address)
    return made


@pytest.fixture
def owing(w, concluded):
    return concluded


def test_return_carry_reverts_when_less_arrives(w, funding, owing):
    funding.token.behave(TAKES_FEE, by=w.deployer)
    with reverts("FundAvatar_ShortTransfer", funding.token.address, 600, 599):
        owing.fund.returnCarry(600, by=w.guest)
    assert owing.fund.booksOf().clawback == 1_680


def test_what_cannot_be_taken_waits(w, funding, owing):
    funding.token.behave(REVERTS, by=w.deployer)
    with reverts("BadToken_Refused"):
        owing.fund.takeCredit(w.organisation, by=w.organisation)
    funding.token.behave(GOOD, by=w.deployer)
    owing.fund.takeCredit(w.organisation, by=w.organisation)
    assert owing.fund.creditOf(w.organisation) == 0


def test_a_token_that_calls_back_gets_nothing_twice(w, funding, owing):
    again = owing.fund.returnCarry.data(600)
    funding.token.callBack(owing.fund.address, again, by=w.deployer)
    with reverts("ReentrancyGuardReentrantCall"):
        owing.fund.returnCarry(600, by=w.guest)
    assert owing.fund.booksOf().clawback == 1_680
