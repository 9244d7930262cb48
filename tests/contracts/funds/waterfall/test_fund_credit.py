"""takeCredit: the manager's fees, the organisation's carry."""

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import DAY


def test_take_credit_pays_what_is_credited_where_it_is_told(w, rich):
    rich.distribute()
    tx = rich.fund.takeCredit(w.guest, by=w.organisation)
    tx.shows("CreditTaken", account=w.organisation, to=w.guest, amount=1_680)
    assert rich.funding.token.balanceOf(w.guest) == 1_680
    assert rich.fund.creditOf(w.organisation) == 0


def test_take_credit_of_fees(w, funding):
    fund = funding.closed()
    funding.call_paid(fund, 30_000)
    w.node.travel_to(fund.booksOf().closedAt + 73 * DAY)
    fund.takeFee(by=w.stranger)
    fund.takeCredit(w.fund_manager, by=w.fund_manager)
    assert funding.token.balanceOf(w.fund_manager) == 120
    assert funding.token.balanceOf(fund.address) == fund.booksOf().cash == 29_880


def test_take_credit_reverts_when_there_is_nothing(w, rich):
    for who in (w.organisation, w.stranger):
        with reverts("FundAvatar_Nothing", who):
            rich.fund.takeCredit(who, by=who)


def test_take_credit_reverts_when_sent_to_nobody(w, rich):
    rich.distribute()
    with reverts("FundAvatar_ZeroAddress"):
        rich.fund.takeCredit(ZERO, by=w.organisation)
