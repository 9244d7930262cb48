"""repay: interest first, to the base unit, and never more than is owed."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import COMPLETED, FUNDED, LOAN, LONG_LOAN, OPEN, STOPPED
from tests.contracts.kit.world import DAY, h

YEAR = 365 * DAY
TAKES_FEE, SAYS_FALSE, REVERTS, CALLS_BACK = 1, 2, 3, 4


def interest(principal, seconds, rate=1_200):
    """Simple, 365 days a year, rounded up."""
    return -(-principal * rate * seconds // (10_000 * YEAR))


@pytest.fixture
def owing(loan, w):
    """600 are released."""
    loan.release(by=w.stranger)
    return loan


@pytest.fixture
def repay(w, investing):
    def made(loan, amount, by=None):
        payer = by or w.partner
        investing.give(payer, amount, loan.address)
        return loan.repay(amount, by=payer)

    return made


def of(loan):
    owed = loan.loanOf()
    return owed.principal, owed.interest


def test_nothing_is_owed_before_the_first_release(w, loan, repay):
    assert of(loan) == (0, 0)
    w.node.travel(YEAR)
    assert of(loan) == (0, 0)
    with reverts("Campaign_OverOwed", 0, 1):
        repay(loan, 1)


def test_interest_runs_by_the_second_and_is_rounded_up(w, owing):
    assert of(owing) == (600, 0)
    w.node.travel(1)
    assert of(owing) == (600, 1)
    w.node.travel(YEAR - 1)
    assert of(owing) == (600, interest(600, YEAR)) == (600, 72)
    w.node.travel(1)
    assert of(owing) == (600, 73)
    w.node.travel(YEAR - 1)
    assert of(owing) == (600, 144), "simple, on the principal alone"


def test_repay_pays_interest_first(w, owing, repay, investing):
    w.node.travel(YEAR)
    tx = repay(owing, 50)
    tx.shows("LoanRepaid", payer=w.partner, amount=50, interest=50)
    assert of(owing) == (600, 22)
    tx = repay(owing, 122)
    tx.shows("LoanRepaid", payer=w.partner, amount=122, interest=22)
    assert of(owing) == (500, 0)
    w.node.travel(YEAR)
    assert of(owing) == (500, 60)
    assert owing.stateOf().proceeds == 172
    assert investing.token.balanceOf(owing.address) == 1_200 + 172


def test_each_tranche_bears_interest_from_its_release_on(w, owing, repay):
    w.node.travel(YEAR)
    owing.report(h("built"), by=w.partner)
    w.node.travel(3 * DAY)
    owing.release(by=w.stranger)
    before = interest(600, YEAR + 3 * DAY)
    assert of(owing) == (1_200, before)
    w.node.travel(YEAR)
    assert of(owing) == (1_200, before + interest(1_200, YEAR))


def test_repay_all_at_once_ends_the_debt(w, owing, repay):
    w.node.travel(YEAR)
    repay(owing, 672)
    assert owing.loanOf() == {"principal": 0, "interest": 0, "lateSince": 0, "defaulted": False}
    w.node.travel(YEAR)
    assert of(owing) == (0, 0)
    with reverts("Campaign_OverOwed", 0, 1):
        repay(owing, 1)


def test_repay_reverts_above_what_is_owed_and_takes_all_of_it(w, owing, repay):
    w.node.travel(YEAR)
    with reverts("Campaign_OverOwed", 672, 673):
        repay(owing, 673)
    repay(owing, 672)


def test_repay_reverts_when_nothing_given(w, owing):
    with reverts("Campaign_BadAmount", 0):
        owing.repay(0, by=w.partner)


def test_repay_by_anybody(w, owing, repay):
    repay(owing, 100, by=w.guest).shows("LoanRepaid", payer=w.guest, amount=100, interest=0)


def test_repay_in_every_phase_after_a_release(w, investing, owing, repay):
    assert owing.stateOf().phase == FUNDED
    repay(owing, 1)
    owing.stop(h("reason"), by=investing.author)
    assert owing.stateOf().phase == STOPPED
    repay(owing, 1)
    assert of(owing) == (598, 0)


def test_repay_when_completed(w, investing, repay):
    loan = investing.campaign(LOAN, loan=LONG_LOAN)
    investing.pledge(loan, w.citizen, 100, city=0)
    investing.end(loan)
    loan.release(by=w.stranger)
    assert loan.stateOf().phase == COMPLETED
    repay(loan, 100)
    assert of(loan) == (0, 0)


def test_loan_without_interest(w, investing, repay):
    loan = investing.campaign(LOAN, loan=LONG_LOAN | {"rate": 0})
    investing.pledge(loan, w.citizen, 100, city=0)
    investing.end(loan)
    loan.release(by=w.stranger)
    w.node.travel(10 * YEAR)
    assert of(loan) == (100, 0)


def test_interest_never_grows_beyond_what_can_be_counted(w, investing, repay):
    """655 % a year on the largest sum that there is: owed stays a number, and can be repaid."""
    most = 2**96 - 1
    half = most // 2
    loan = investing.campaign(LOAN, cap=most, loan=LONG_LOAN | {"rate": 65_535})
    investing.pledge(loan, w.sponsor, half, city=0)
    investing.end(loan)
    loan.release(by=w.stranger)
    w.node.travel(10 * YEAR)
    assert of(loan) == (half, most - half)
    repay(loan, 10)
    assert of(loan) == (half, most - half - 10)


def test_proceeds_never_outgrow_what_can_be_counted(w, investing, repay):
    most = 2**96 - 1
    half = most // 2
    loan = investing.campaign(LOAN, cap=most, loan=LONG_LOAN | {"rate": 65_535})
    investing.pledge(loan, w.sponsor, half, city=0)
    investing.end(loan)
    loan.release(by=w.stranger)
    w.node.travel(10 * YEAR)
    room = most - half
    with reverts("SafeCastOverflowedUintDowncast", 96, most + 1):
        repay(loan, room + 1)
    repay(loan, room)


# ------------------------------------------------------------------------- terms


@pytest.mark.parametrize("field", ["instalments", "interval"])
def test_loan_reverts_without_a_schedule(investing, field):
    with reverts("Campaign_BadTerms", field.encode().ljust(32, b"\0")):
        investing.campaign(LOAN, loan=LONG_LOAN | {field: 0})


def test_loan_says_its_terms_and_takes_new_ones_until_the_first_pledge(w, investing):
    loan = investing.campaign(LOAN, loan=LONG_LOAN)
    assert loan.terms().loan == LONG_LOAN
    other = LONG_LOAN | {"rate": 900, "instalments": 12}
    tx = loan.setTerms(investing.terms(loan=other), by=investing.author)
    tx.shows("LoanTermsSet", edition=2, **other)
    assert (loan.terms().loan, loan.stateOf().phase) == (other, OPEN)
    investing.pledge(loan, w.citizen, 100, city=0)
    with reverts("Campaign_Frozen"):
        loan.setTerms(investing.terms(loan=LONG_LOAN), by=investing.author)


def test_loan_has_no_actions_of_shares(w, loan):
    with reverts("Campaign_WrongForm", LOAN):
        loan.distribute(1, by=w.stranger)


# -------------------------------------------------------------------- bad tokens


@pytest.fixture
def bad(w, investing):
    """A released loan in money that is about to misbehave."""
    good, investing.token = investing.token, w.mock("BadToken")
    w.factory.setToken(investing.token.address, 100, by=w.operator)
    loan = investing.campaign(LOAN, loan=LONG_LOAN)
    investing.pledge(loan, w.citizen, 100, city=0)
    investing.end(loan)
    loan.release(by=w.stranger)
    investing.give(w.partner, 50, loan.address)
    yield investing.token, loan
    investing.token = good


def test_repay_reverts_when_less_arrives_or_nothing(w, bad):
    token, loan = bad
    for manner, error in (
        (TAKES_FEE, ("Campaign_ShortTransfer", token.address, 50, 49)),
        (SAYS_FALSE, ("SafeERC20FailedOperation", token.address)),
        (REVERTS, ("BadToken_Refused",)),
    ):
        token.behave(manner, by=w.deployer)
        with reverts(*error):
            loan.repay(50, by=w.partner)
    assert (loan.loanOf().principal, loan.stateOf().proceeds) == (100, 0)


def test_repay_turns_a_token_away_that_calls_back(w, bad):
    token, loan = bad
    for name, args in (("claim", (w.citizen,)), ("repay", (1,)), ("collect", (w.partner,)), ("release", ())):
        token.callBack(loan.address, getattr(loan, name).data(*args), by=w.deployer)
        with reverts("ReentrancyGuardReentrantCall"):
            loan.repay(50, by=w.partner)
