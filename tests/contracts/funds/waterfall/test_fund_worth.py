"""booksOf, navOf: what a fund has and is worth at its marks."""

from tests.contracts.kit.funding import ONE
from tests.contracts.kit.world import DAY, h


def test_a_fund_before_its_first_closing_is_worth_nothing(funding):
    fund = funding.launch()
    books = fund.booksOf()
    assert set(books.values()) == {0}
    assert fund.navOf() == {"nav": 0, "partners": 0, "perUnit": 0}
    assert fund.creditOf(funding.w.organisation) == 0


def test_holdings_stand_at_cost_until_they_are_marked(w, earner):
    made = earner()
    assert made.fund.navOf() == {"nav": 30_000, "partners": 30_000, "perUnit": ONE}
    made.fund.mark(made.campaign.address, 57_000, 0, w.now, h("evidence"), by=w.appraiser)
    nav = made.fund.navOf()
    split = made.fund.splitOf(60_000)
    assert (nav.nav, nav.partners) == (60_000, 60_000 - split.carry)
    assert split.carry == 5_999
    assert nav.perUnit == 54_001 * ONE // 30_000


def test_the_fee_due_lessens_it(w, funding):
    fund = funding.closed()
    funding.call_paid(fund, 1_000)
    w.node.travel_to(fund.booksOf().closedAt + 365 * DAY)
    cash = fund.booksOf().cash
    assert cash == 999
    assert fund.navOf() == {"nav": cash - 600, "partners": cash - 600, "perUnit": (cash - 600) * ONE // cash}


def test_it_is_zero_at_least(w, funding):
    fund = funding.closed()
    funding.call_paid(fund, 300)
    w.node.travel_to(fund.booksOf().endsAt)
    assert fund.booksOf().feeDue == 3_000
    assert fund.navOf() == {"nav": 0, "partners": 0, "perUnit": 0}


def test_the_books_balance_after_each_step(w, rich):
    fund = rich.fund

    def balance():
        books = fund.booksOf()
        left = books.cash + books.cost + books.fees + books.toPartners + books.toOrganisation
        assert left == books.contributed + books.gains - books.losses
        owed = books.cash + books.escrow + fund.creditOf(w.organisation)
        owed += sum(fund.claimableOf(partner) for partner in rich.funding.partners)
        assert rich.funding.token.balanceOf(fund.address) >= owed

    balance()
    for amount in (20_000, 13_333, 8_667):
        rich.distribute(amount)
        balance()
    rich.earn(500)
    balance()
    fund.takeCredit(w.organisation, by=w.organisation)
    fund.claim(w.citizen, by=w.stranger)
    balance()
    rich.to_year(10)
    rich.distribute()
    fund.conclude(by=w.stranger)
    balance()
