"""conclude: the end of a fund; what was kept of the carry is the organisation's, unless it was too much."""

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import ENDED, INVESTING, WINDING, per_unit
from tests.contracts.kit.world import h


def test_conclude_ends_the_fund_and_frees_what_was_kept(w, rich):
    rich.distribute()
    rich.to_year(10)
    assert rich.fund.phase() == WINDING
    tx = rich.fund.conclude(by=w.stranger)
    tx.shows("FundConcluded", clawback=0, fromEscrow=0, perUnit=per_unit((39_600, 30_000)))
    books = rich.fund.booksOf()
    assert (rich.fund.phase(), books.escrow, books.clawback) == (ENDED, 0, 0)
    assert rich.fund.creditOf(w.organisation) == 2_400


def test_conclude_without_any_distribution(w, earner):
    made = earner(paid=27_000)
    made.fund.writeOff(made.campaign.address, h("why"), by=w.fund_manager)
    made.to_year(10)
    made.fund.conclude(by=w.stranger).shows("FundConcluded", clawback=0, fromEscrow=0, perUnit=0)


def test_only_as_much_goes_back_as_is_missing(w, earner):
    """900 are lost late; with nine years of hurdle on them less than the carry is missing."""
    made = earner(amount=20_000)
    made.to_year(1)
    made.earn(39_000)
    made.distribute()
    made.funding.call_paid(made.fund, 1_000)
    paid_in = made.fund.booksOf().contributed - 30_000
    lost = made.put(900)
    made.fund.writeOff(lost.address, h("why"), by=w.fund_manager)
    made.distribute()
    made.to_year(10)
    books = made.fund.booksOf()
    missing = books.unreturned + books.preferred + books.accruing
    assert (books.unreturned, books.contributed) == (900, 30_000 + paid_in)
    assert 900 < missing < 2_400
    assert made.fund.conclude(by=w.stranger).one("FundConcluded").clawback == missing
    books = made.fund.booksOf()
    assert books.unreturned + books.preferred + books.accruing == books.clawback == missing - 720


def test_conclude_reverts_before_winding_and_after_the_end(w, rich):
    with reverts("FundAvatar_WrongPhase", INVESTING):
        rich.fund.conclude(by=w.fund_manager)
    rich.distribute()
    rich.to_year(10)
    rich.fund.conclude(by=w.stranger)
    with reverts("FundAvatar_WrongPhase", ENDED):
        rich.fund.conclude(by=w.stranger)


def test_conclude_reverts_while_there_is_cash_or_a_cost(w, earner):
    made = earner()
    made.to_year(10)
    with reverts("FundAvatar_NotEmpty", 3_000, 27_000):
        made.fund.conclude(by=w.stranger)
    made.distribute()
    with reverts("FundAvatar_NotEmpty", 0, 27_000):
        made.fund.conclude(by=w.stranger)
    made.earn(27_000)
    with reverts("FundAvatar_NotEmpty", 27_000, 0):
        made.fund.conclude(by=w.stranger)
    made.distribute()
    made.fund.conclude(by=w.stranger)


def test_a_fee_that_nothing_is_left_for_does_not_hinder_the_end(w, funding):
    fund = funding.closed()
    funding.call_paid(fund, 300)
    funding.distribute(fund)
    w.node.travel_to(fund.booksOf().endsAt)
    assert fund.booksOf().feeDue == 3_000
    fund.conclude(by=w.stranger)
    assert fund.phase() == ENDED


def test_what_comes_later_pays_the_fee_before_others_distribute_it(w, earner):
    made = earner(managementFee=200)
    made.to_year(10)
    made.earn(27_000)
    made.distribute()
    made.fund.conclude(by=w.stranger)
    assert made.fund.booksOf().feeDue == 5 * 600 + 5 * 540
    made.earn(1_000)
    with reverts("FundAvatar_OverCash", 0, 1):
        made.fund.distribute(1, by=w.stranger)
    made.fund.takeFee(by=w.stranger).shows("FeeTaken", manager=w.fund_manager, amount=1_000)


def test_where_nobody_has_units_cash_does_not_hinder_the_end(w, funding):
    fund = funding.closed(forfeit=10_000)
    funding.call_paid(fund, 9_000)
    funding.call(fund, 3_000)
    funding.pass_due(fund)
    w.node.travel(fund.terms().grace)
    for partner in funding.partners:
        fund.declareDefault(partner, by=w.fund_manager)
    w.node.travel_to(fund.booksOf().endsAt)
    fund.conclude(by=w.stranger).shows("FundConcluded", clawback=0, fromEscrow=0, perUnit=0)
    assert fund.booksOf().cash == 9_000


def test_return_carry_reverts_while_the_fund_lives(w, rich):
    rich.distribute()
    with reverts("FundAvatar_OverClawback", 0, 1):
        rich.fund.returnCarry(1, by=w.organisation)
