"""robotization.vc: two avatars (venture, infrastructure) commit to others' funds, which invest in projects.
A whole chain of money, down to the campaigns and back to who paid it in, to the last base unit.

    citizen, neighbour ─▶ venture ────────┬─▶ robots (sponsor's) ─▶ shares of a project
    third ────────────────────────────────┤
    neighbour, third ──▶ infrastructure ──┴─▶ roads (other sponsor's) ─▶ a loan to it, a project that fails
"""

from types import SimpleNamespace

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.funding import ENDED, YEAR
from tests.contracts.kit.raising import COMPLETED, FAILED, LOAN, LONG_LOAN, SHARE
from tests.contracts.kit.world import DAY, h

PARENTS, CHILDREN = ("venture", "infrastructure"), ("robots", "roads")
TO_FUNDS = {"kinds": 0, "forms": 0, "mayCommit": True, "largestShare": 6_000}


class Chain:
    """The four funds by name, and what is done with them."""

    def __init__(self, funding):
        self.w, self.funding, self.raising = funding.w, funding, funding.raising
        self.manager = self.w.fund_manager
        # Each fund's organisation, and what its partners beside other funds commit.
        self.outside = {
            "venture": (self.w.organisation, {self.w.citizen: 10_000, self.w.neighbour: 14_000}),
            "infrastructure": (self.w.organisation, {self.w.neighbour: 9_000, self.w.third: 11_000}),
            "robots": (self.w.sponsor, {self.w.third: 10_000}),
            "roads": (self.w.other_sponsor, {self.w.third: 7_000}),
        }
        self.inside = {
            ("venture", "robots"): 9_001,
            ("venture", "roads"): 5_003,
            ("infrastructure", "roads"): 8_007,
        }
        self.funds = {name: self._launch(name) for name in self.outside}

    def _launch(self, name):
        organisation, partners = self.outside[name]
        arguments = self.funding.arguments(TO_FUNDS if name in PARENTS else None)
        made = self.w.funds.launch(*(arguments | {"name": name}).values(), by=organisation)
        fund = self.funding.at(made.one("FundLaunched").fund)
        self.funding.admit(fund, *partners)
        for partner, amount in partners.items():
            self.funding.commit(fund, partner, amount)
        return fund

    def __getattr__(self, name):
        return self.funds[name]

    # ------------------------------------------------------------------- down

    def begin(self):
        """All close; the two avatars commit to the others before these close."""
        for name in PARENTS:
            self.funds[name].close(by=self.manager)
        for (parent, child), amount in self.inside.items():
            self.funding.admit(self.funds[child], self.funds[parent].address)
            self.funds[parent].commitTo(self.funds[child].address, amount, 0, by=self.manager)
        for name in CHILDREN:
            self.funds[name].close(by=self.manager)
            self.funding.qualify(self.funds[name])

    def call(self, name, amount):
        """A call that partners and avatars pay."""
        fund = self.funds[name]
        self.funding.call(fund, amount)
        for partner in self.outside[name][1]:
            self.funding.pay(fund, partner)
        for parent, child in self.inside:
            if child == name:
                due = fund.dueOf(self.funds[parent].address).due
                self.funds[parent].payTo(fund.address, due, by=self.manager)

    def invest(self):
        """All calls are paid; each of the two invests in campaigns that others are in too."""
        for name, amount in (("venture", 20_000), ("infrastructure", 16_000)):
            self.call(name, amount)
        for name, amount in (("robots", 12_000), ("roads", 15_000)):
            self.call(name, amount)
        w, raising = self.w, self.raising
        w.node.travel(11 * DAY)
        raising.identify(w.guest)
        self.shares = raising.campaign(SHARE, unitPrice=100)
        self.loan = raising.campaign(LOAN, loan=LONG_LOAN)
        self.dream = raising.campaign(goal=10**6)
        for fund, campaign, amount in (
            (self.robots, self.shares, 9_000),
            (self.roads, self.loan, 8_000),
            (self.roads, self.dream, 3_000),
        ):
            fund.invest(campaign.address, amount, 0, 1, by=self.manager)
        raising.pledge(self.shares, w.guest, 3_000, city=0)
        raising.end(self.shares)
        for campaign in (self.shares, self.loan):
            campaign.release(by=w.stranger)
            campaign.collect(w.partner, by=w.partner)

    # --------------------------------------------------------------------- up

    def earn(self):
        """The shares bring twice their price, the loan comes back with interest, the dream failed."""
        w, raising = self.w, self.raising
        w.node.travel(2 * YEAR)
        raising.give(w.partner, 24_001, self.shares.address)
        self.shares.distribute(24_001, by=w.partner)
        owed = sum(list(self.loan.loanOf().values())[:2])
        raising.give(w.partner, owed, self.loan.address)
        self.loan.repay(owed, by=w.partner)
        self.dream.refund(self.roads.address, by=w.guest)
        for fund, campaign in ((self.robots, self.shares), (self.roads, self.loan), (self.roads, self.dream)):
            fund.collect(campaign.address, by=w.stranger)

    def pass_on(self):
        """The two distribute all they have, the avatars collect it and distribute it."""
        for name in CHILDREN:
            self.funds[name].takeFee(by=self.w.stranger)
            self.funding.distribute(self.funds[name])
        self.collected = {}
        for parent, child in self.inside:
            tx = self.funds[parent].collect(self.funds[child].address, by=self.w.stranger)
            self.collected[parent, child] = tx.one("ProceedsCollected").amount
        for name in PARENTS:
            self.funds[name].takeFee(by=self.w.stranger)
            self.funding.distribute(self.funds[name])

    def end(self):
        """Lives are over: the two conclude, the avatars after them; everybody takes what is theirs."""
        w = self.w
        w.node.travel_to(max(fund.booksOf().endsAt for fund in self.funds.values()))
        for name in (*CHILDREN, *PARENTS):
            fund = self.funds[name]
            for parent, child in self.inside:
                if parent == name:
                    held = self.funds[child]
                    if held.claimableOf(fund.address):
                        fund.collect(held.address, by=w.stranger)
                    if fund.holdingOf(held.address).cost:
                        fund.writeOff(held.address, h("ended"), by=self.manager)
            if fund.booksOf().feeDue and fund.booksOf().cash:
                fund.takeFee(by=w.stranger)
            if fund.booksOf().cash:
                self.funding.distribute(fund)
            fund.conclude(by=w.stranger)
        for parent, child in self.inside:
            if self.funds[child].claimableOf(self.funds[parent].address):
                self.funds[parent].collect(self.funds[child].address, by=w.stranger)
                self.funding.distribute(self.funds[parent])
        for name, (organisation, partners) in self.outside.items():
            fund = self.funds[name]
            for partner in partners:
                if fund.claimableOf(partner):
                    fund.claim(partner, by=w.stranger)
            for account in (organisation, self.manager):
                if fund.creditOf(account):
                    fund.takeCredit(account, by=account)

    # ---------------------------------------------------------------- figures

    def books(self, *names):
        return [self.funds[name].booksOf() for name in names or self.funds]

    def paid_in(self):
        """By who is no fund."""
        return sum(
            fund.partnerOf(partner).paid
            for name, fund in self.funds.items()
            for partner in self.outside[name][1]
        )

    def balance(self, who):
        return self.funding.token.balanceOf(who)

    def parts(self, parent, child):
        """What the avatar has of the other fund, as numerator and denominator."""
        return self.funds[child].balanceOf(self.funds[parent].address), self.funds[child].totalSupply()


@pytest.fixture(scope="module")
def chain(funding):
    """All committed; nothing is called yet."""
    chain = Chain(funding)
    chain.begin()
    return chain


@pytest.fixture
def invested(w, chain):
    chain.invest()
    return chain


@pytest.fixture
def earned(invested):
    invested.earn()
    return invested


@pytest.fixture
def passed_on(earned):
    earned.pass_on()
    return earned


def check_books(chain):
    for name, fund in chain.funds.items():
        books = fund.booksOf()
        spent = books.cash + books.cost + books.fees + books.toPartners + books.toOrganisation
        assert spent == books.contributed + books.gains - books.losses, name


# ----------------------------------------------------------------------- down


def test_commitments_to_funds_bind_before_anything_is_called(chain):
    for (parent, child), amount in chain.inside.items():
        holding = chain.funds[parent].holdingOf(chain.funds[child].address)
        assert (holding.isFund, holding.commitment, holding.cost) == (True, amount, 0)
    assert chain.roads.booksOf().committed == 7_000 + 5_003 + 8_007
    assert all(books.cash == books.cost == 0 for books in chain.books())


def test_money_of_partners_reaches_the_projects(invested):
    check_books(invested)
    assert invested.balance(invested.w.partner) == (12_000 + 8_000) * 98 // 100  # less the network's fee
    assert invested.dream.phase() == FAILED
    for (parent, child), _ in invested.inside.items():
        holding = invested.funds[parent].holdingOf(invested.funds[child].address)
        units, _ = invested.parts(parent, child)
        assert holding.principal == holding.cost == units > 0


def test_totals_of_the_network_count_money_once(invested):
    """What partners who are no funds paid is what funds have in cash and in campaigns. Summed over all,
    what one paid another would count twice.
    """
    books = invested.books()
    between = sum(
        invested.funds[parent].holdingOf(invested.funds[child].address).cost
        for parent, child in invested.inside
    )
    in_campaigns = 9_000 + 8_000 + 3_000
    assert sum(one.cost for one in books) - between == in_campaigns
    assert sum(one.contributed for one in books) - between == invested.paid_in()
    assert invested.paid_in() == in_campaigns + sum(one.cash for one in books)
    assert between > 0


def test_what_is_looked_through_is_no_more_than_there_is(invested):
    """All parts of the shares' cost, by units, of avatars and direct partners, make it."""
    cost = invested.robots.holdingOf(invested.shares.address).cost
    units, whole = invested.parts("venture", "robots")
    direct = invested.robots.balanceOf(invested.w.third)
    assert units + direct == whole
    assert cost * units // whole + cost * direct // whole in (cost, cost - 1)


def test_a_mark_below_reaches_the_avatar_by_its_own_appraiser_alone(invested):
    w = invested.w
    before = invested.venture.navOf()
    invested.robots.mark(invested.shares.address, 30_000, 40_000, w.now, h("report"), by=w.appraiser)
    assert invested.venture.navOf() == before
    _, partners, _ = invested.robots.navOf().values()
    units, whole = invested.parts("venture", "robots")
    invested.venture.mark(
        invested.robots.address, partners * units // whole, 0, w.now, h("nav"), by=w.appraiser
    )
    assert invested.venture.navOf().nav > before.nav


def test_no_circle_of_funds(chain):
    w, funds = chain.w, chain.funds
    for parent, child in (("robots", "venture"), ("venture", "infrastructure"), ("venture", "venture")):
        target = funds[child].address
        with reverts("FundAvatar_OutsideMandate", 4, int(target, 16), 0):
            funds[parent].commitTo(target, 1, 0, by=w.fund_manager)


# ------------------------------------------------------------------------- up


def test_what_projects_pay_comes_into_the_funds_that_invested(earned):
    check_books(earned)
    assert earned.loan.phase() == earned.shares.phase() == COMPLETED
    robots, roads = earned.books("robots", "roads")
    assert robots.cost == roads.cost == 0
    assert robots.gains == 24_001 * 9_000 // 12_000 - 9_000
    assert roads.gains == earned.roads.holdingOf(earned.loan.address).drawn - 8_000 > 0
    assert roads.losses == 0


def test_what_funds_distribute_reaches_the_partners_of_the_avatars(passed_on):
    check_books(passed_on)
    for name in PARENTS:
        fund = passed_on.funds[name]
        claimable = sum(fund.claimableOf(partner) for partner in passed_on.outside[name][1])
        distributed = fund.booksOf().toPartners
        assert 0 <= distributed - claimable < len(passed_on.outside[name][1])
        assert distributed > 0
    for parent, child in passed_on.inside:
        assert passed_on.funds[child].claimableOf(passed_on.funds[parent].address) == 0


def test_what_an_avatar_collects_is_what_the_other_distributed_for_its_units(passed_on):
    """To the base unit by which its account is rounded."""
    for (parent, child), collected in passed_on.collected.items():
        units, whole = passed_on.parts(parent, child)
        part = passed_on.funds[child].booksOf().toPartners * units // whole
        assert abs(collected - part) <= 1 < part


def test_the_end_leaves_nothing_but_what_rounding_left(passed_on):
    """Of all money ever made, all is with people, in the campaigns or, less than a base unit for each time
    that an account was settled, in the funds.
    """
    passed_on.end()
    check_books(passed_on)
    w, token = passed_on.w, passed_on.funding.token
    assert all(fund.phase() == ENDED for fund in passed_on.funds.values())
    people = (w.citizen, w.neighbour, w.third, w.guest, w.partner, w.organisation, w.sponsor, w.other_sponsor)
    campaigns = [one.address for one in (passed_on.shares, passed_on.loan, passed_on.dream)]
    with_people = sum(map(passed_on.balance, (*people, w.fund_manager)))
    in_campaigns = sum(map(passed_on.balance, campaigns))
    in_funds = [passed_on.balance(fund.address) for fund in passed_on.funds.values()]
    assert with_people + in_campaigns + sum(in_funds) == token.totalSupply()
    assert all(left < 12 for left in in_funds)
    assert all(books.cash == books.cost == books.escrow == 0 for books in passed_on.books())


def test_at_the_end_everybody_has_their_share_of_the_profit(passed_on):
    """What projects paid above what they got is the profit of partners, organisations, manager together."""
    passed_on.end()
    books = passed_on.books()
    w = passed_on.w
    between_in = sum(
        passed_on.funds[child].partnerOf(passed_on.funds[parent].address).paid
        for parent, child in passed_on.inside
    )
    outside = sum(one.contributed for one in books) - between_in
    assert outside == passed_on.paid_in()
    got = sum(
        passed_on.balance(who)
        for who in (
            w.citizen,
            w.neighbour,
            w.third,
            w.organisation,
            w.sponsor,
            w.other_sponsor,
            w.fund_manager,
        )
    )
    shares, loan = (
        passed_on.robots.holdingOf(passed_on.shares.address),
        passed_on.roads.holdingOf(passed_on.loan.address),
    )
    profit = shares.drawn + loan.drawn - 9_000 - 8_000
    left = sum(passed_on.balance(fund.address) for fund in passed_on.funds.values())
    assert got == outside + profit - left
