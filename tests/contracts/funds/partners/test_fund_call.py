"""callCapital: a share of every commitment, one call at a time."""

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import FORMING, ONE, WINDING, YEAR
from tests.contracts.kit.world import DAY, h


def test_a_call_asks_a_share_of_each_commitment(w, funding):
    fund = funding.launch()
    funding.admit(fund, *funding.partners)
    for partner, amount in zip(funding.partners, (7_000, 2_000, 1_001), strict=True):
        fund.commit(amount, 0, by=partner)
    fund.close(by=w.fund_manager)
    due = w.now + 10 * DAY
    share = 2_500 * ONE // 10_001
    fund.callCapital(2_500, due, h("notice"), by=w.fund_manager).shows(
        "CapitalCalled", number=1, amount=2_500, called=share, dueAt=due, purpose=h("notice")
    )
    assert (fund.booksOf().called, fund.booksOf().dueAt) == (share, due)
    assert [fund.dueOf(one) for one in funding.partners] == [
        {"due": amount * share // ONE, "late": 0} for amount in (7_000, 2_000, 1_001)
    ]


def test_the_next_call_waits_for_the_due_date_of_the_last(w, funding, closed):
    funding.call(closed, 3_000)
    due = closed.booksOf().dueAt
    w.node.travel_to(due - 1)
    with reverts("FundAvatar_CallRunning", due):
        funding.call(closed, 3_000)
    w.node.travel(1)
    assert funding.call(closed, 3_000).one("CapitalCalled").number == 2
    assert closed.booksOf().called == 2 * ONE // 10


def test_a_call_leaves_time_to_pay(w, closed):
    earliest = w.now + 10 * DAY
    with reverts("FundAvatar_ShortNotice", earliest, earliest - 1):
        closed.callCapital(1, earliest - 1, h("notice"), by=w.fund_manager)


def test_no_call_runs_for_longer_than_ninety_days_beyond_the_notice(w, closed):
    """Or a manager could keep all from being distributed for ever."""
    latest = w.now + 100 * DAY
    with reverts("FundAvatar_BadTerms", b"dueAt".ljust(32, b"\0")):
        closed.callCapital(3_000, latest + 1, h("notice"), by=w.fund_manager)
    closed.callCapital(3_000, latest, h("notice"), by=w.fund_manager)
    assert closed.booksOf().dueAt == latest


def test_all_is_called_and_no_more(w, funding, closed):
    with reverts("FundAvatar_OverCommitment", 30_000, 30_001):
        funding.call(closed, 30_001)
    funding.call(closed, 29_000)
    funding.pass_due(closed)
    with reverts("FundAvatar_OverCommitment", 1_000, 1_001):
        funding.call(closed, 1_001)
    funding.call(closed, 1_000)
    assert closed.dueOf(w.citizen).due == 9_999  # each call's share was rounded down


def test_a_call_of_nothing(funding, closed):
    with reverts("FundAvatar_BadAmount"):
        funding.call(closed, 0)


def test_only_the_manager_calls(w, closed):
    with reverts("FundAvatar_NotManager", w.organisation):
        closed.callCapital(1, w.now + 10 * DAY, h("notice"), by=w.organisation)


def test_calls_from_the_first_closing_to_the_end_of_life(w, funding, fund):
    fund.commit(30_000, 0, by=w.citizen)
    with reverts("FundAvatar_WrongPhase", FORMING):
        funding.call(fund, 1)
    fund.close(by=w.fund_manager)
    begun = w.now
    funding.call(fund, 1_000)
    w.node.travel_to(begun + 10 * YEAR - 1)  # harvesting: for fees, and for what was committed to others
    funding.call(fund, 1_000)
    w.node.travel(1)
    with reverts("FundAvatar_WrongPhase", WINDING):
        funding.call(fund, 1_000)


def test_nothing_is_left_to_call_where_all_are_in_default(w, funding, fund):
    fund.commit(30_000, 0, by=w.citizen)
    fund.close(by=w.fund_manager)
    funding.call(fund, 1_000)
    funding.pass_due(fund)
    w.node.travel(30 * DAY)
    fund.declareDefault(w.citizen, by=w.fund_manager)
    with reverts("FundAvatar_OverCommitment", 0, 1):
        funding.call(fund, 1)
