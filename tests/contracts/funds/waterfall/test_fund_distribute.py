"""distribute, splitOf: capital, hurdle, catch-up, rest; the organisation's part and what is kept of it."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import ENDED, WINDING, per_unit
from tests.contracts.kit.world import DAY

NOTHING = {"capital": 0, "hurdle": 0, "catchUp": 0, "rest": 0, "carry": 0}


def claimable(rich):
    return [rich.fund.claimableOf(partner) for partner in rich.funding.partners]


def test_capital_comes_first(rich):
    tx = rich.distribute(29_999)
    tx.shows(
        "ProceedsDistributed",
        amount=29_999,
        capital=29_999,
        hurdle=0,
        catchUp=0,
        rest=0,
        carry=0,
        escrowed=0,
        perUnit=per_unit((29_999, 30_000)),
    )
    books = rich.fund.booksOf()
    assert (books.unreturned, books.preferred, books.accruing) == (1, 2_400, 0)
    assert (books.toPartners, books.toOrganisation, books.cash) == (29_999, 0, 12_001)


def test_then_the_hurdle_of_past_years_and_of_this_one(rich):
    rich.to_year(1, 73 * DAY)
    books = rich.fund.booksOf()
    assert (books.preferred, books.accruing) == (2_400, -(-32_400 * 800 * 73 // (365 * 10_000)))
    rich.distribute(30_000)
    rich.distribute(2_000)
    books = rich.fund.booksOf()
    assert (books.unreturned, books.preferred, books.accruing) == (0, 400, 519)
    rich.distribute(500)
    books = rich.fund.booksOf()
    assert (books.unreturned, books.preferred, books.accruing) == (0, 0, 419)
    assert (books.toPartners, books.toOrganisation) == (32_500, 0)


def test_then_all_is_the_organisations_until_it_has_its_share_of_all_profit(w, rich):
    """A fifth of 12,000: 600 of 3,000 once the catch-up is over, and a fifth of the 9,000 left."""
    assert rich.fund.splitOf(32_400) == NOTHING | {"capital": 30_000, "hurdle": 2_400}
    assert rich.fund.splitOf(33_000) == NOTHING | {
        "capital": 30_000,
        "hurdle": 2_400,
        "catchUp": 600,
        "carry": 600,
    }
    rich.distribute().shows(
        "ProceedsDistributed",
        amount=42_000,
        capital=30_000,
        hurdle=2_400,
        catchUp=600,
        rest=9_000,
        carry=2_400,
        escrowed=720,
        perUnit=per_unit((39_600, 30_000)),
    )
    books = rich.fund.booksOf()
    assert (books.toPartners, books.toOrganisation, books.escrow) == (39_600, 2_400, 720)
    assert (books.unreturned, books.preferred, books.accruing, books.cash) == (0, 0, 0, 0)
    assert rich.fund.creditOf(w.organisation) == 1_680
    assert claimable(rich) == [13_200] * 3


def test_in_parts_it_is_the_same(w, rich):
    for amount in (10_000, 20_500, 2_100, 100, 700, 8_600):
        rich.distribute(amount)
    books = rich.fund.booksOf()
    assert (books.toPartners, books.toOrganisation, books.escrow) == (39_600, 2_400, 720)
    assert claimable(rich) == [13_200] * 3


@pytest.mark.parametrize(
    ("terms", "split"),
    [
        ({"catchUp": 5_000}, {"catchUp": 1_600, "rest": 8_000, "carry": 2_400}),
        ({"catchUp": 0}, {"catchUp": 0, "rest": 9_600, "carry": 1_920}),
        ({"carry": 0}, {"catchUp": 0, "rest": 9_600, "carry": 0}),
        ({"carry": 5_000}, {"catchUp": 2_400, "rest": 7_200, "carry": 6_000}),
        ({"hurdle": 0}, {"hurdle": 0, "catchUp": 0, "rest": 12_000, "carry": 2_400}),
    ],
)
def test_by_other_terms(earner, terms, split):
    made = earner(**terms)
    made.to_year(1)
    made.earn(39_000)
    expected = {"capital": 30_000, "hurdle": 2_400} | split
    assert made.fund.splitOf(42_000) == expected
    made.distribute()
    books = made.fund.booksOf()
    assert (books.toPartners, books.toOrganisation) == (42_000 - split["carry"], split["carry"])


def test_a_catch_up_that_ends_within_the_sum_is_rounded_for_the_partners(earner):
    made = earner(catchUp=5_713, escrow=3_333)
    made.to_year(1)
    made.earn(39_000)
    behind = 2_400 * 2_000
    caught = behind // (5_713 - 2_000)
    own = caught * 5_713 // 10_000
    rest = 9_600 - caught
    assert made.fund.splitOf(42_000) == {
        "capital": 30_000,
        "hurdle": 2_400,
        "catchUp": caught,
        "rest": rest,
        "carry": own + rest * 2_000 // 10_000,
    }
    event = made.distribute().one("ProceedsDistributed")
    assert event.escrowed == -(-event.carry * 3_333 // 10_000)
    assert event.carry * 10_000 <= 2_000 * 12_000


def test_what_the_split_says_is_what_is_done(w, rich):
    for amount in (1, 777, 30_000, 2_000, 333, 8_889):
        split = rich.fund.splitOf(amount)
        event = rich.distribute(amount).one("ProceedsDistributed")
        assert {name: event[name] for name in split} == split
        rich.w.node.travel(17 * DAY)


def test_distribute_closes_commitments(w, funding, earner):
    made = earner()
    funding.admit(made.fund, w.guest)
    assert not made.fund.booksOf().finallyClosed
    made.distribute(1)
    assert made.fund.booksOf().finallyClosed
    with reverts("FundAvatar_CommitmentsClosed"):
        made.fund.commit(1_000, 0, by=w.guest)


def test_distribute_reverts_for_others_than_the_manager(w, rich):
    for who in (w.organisation, w.appraiser, w.citizen):
        with reverts("FundAvatar_NotManager", who):
            rich.fund.distribute(1, by=who)


def test_once_winding_anybody_distributes_and_leaves_the_fee(w, funding):
    fund = funding.closed(life=5 * 365 * DAY)
    funding.call_paid(fund, 30_000)
    w.node.travel_to(fund.booksOf().endsAt)
    assert (fund.phase(), fund.booksOf().feeDue) == (WINDING, 3_000)
    with reverts("FundAvatar_OverCash", 27_000, 27_001):
        fund.distribute(27_001, by=w.stranger)
    fund.distribute(27_000, by=w.stranger)
    with reverts("FundAvatar_OverCash", 0, 1):
        fund.distribute(1, by=w.stranger)
    fund.distribute(1_000, by=w.fund_manager)
    assert (fund.booksOf().cash, fund.booksOf().feeDue) == (2_000, 3_000)


def test_distribute_reverts_for_nothing_and_for_more_than_there_is(w, rich):
    with reverts("FundAvatar_BadAmount"):
        rich.distribute(0)
    with reverts("FundAvatar_OverCash", 42_000, 42_001):
        rich.distribute(42_001)


def test_distribute_reverts_before_there_is_anything(w, funding):
    fund = funding.launch()
    with reverts("FundAvatar_OverCash", 0, 1):
        fund.distribute(1, by=w.fund_manager)


def test_distribute_reverts_while_a_call_runs(w, funding):
    fund = funding.closed()
    funding.call_paid(fund, 9_000)
    funding.call(fund, 3_000)
    due = fund.booksOf().dueAt
    with reverts("FundAvatar_CallRunning", due):
        funding.distribute(fund, 1)
    funding.pass_due(fund)
    funding.distribute(fund, 1)


def test_distribute_reverts_in_the_second_of_a_commitment(w, funding, earner):
    made = earner()
    funding.admit(made.fund, w.guest)
    funding.commit(made.fund, w.guest, 10_000)
    with reverts("FundAvatar_JustEntered"):
        made.distribute(1)
    w.node.travel(1)
    made.distribute(1)


def test_distribute_reverts_where_nobody_has_units(w, funding):
    """All three paid, and forfeited all of it by a default."""
    fund = funding.closed(forfeit=10_000)
    funding.call_paid(fund, 9_000)
    funding.call(fund, 3_000)
    funding.pass_due(fund)
    w.node.travel(fund.terms().grace)
    for partner in funding.partners:
        fund.declareDefault(partner, by=w.fund_manager)
    assert fund.totalSupply() == 0
    with reverts("FundAvatar_Nothing", fund.address):
        funding.distribute(fund)


def test_what_comes_after_the_end_is_distributed_by_anybody_and_nothing_is_kept(w, rich):
    rich.distribute()
    rich.to_year(10)
    rich.fund.conclude(by=w.stranger)
    assert rich.fund.phase() == ENDED
    rich.earn(1_000)
    event = rich.fund.distribute(1_000, by=w.stranger).one("ProceedsDistributed")
    assert (event.rest, event.carry, event.escrowed) == (1_000, 200, 0)
    assert rich.fund.creditOf(w.organisation) == 2_400 + 200
