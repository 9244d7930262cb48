"""A fund from launch to end: calls, three holdings, a sale of units, a default, carry, an extension."""

from tests.contracts.kit.contract import ZERO
from tests.contracts.kit.funding import ENDED, EXTEND_LIFE, HARVESTING, INVESTING, WINDING, YEAR
from tests.contracts.kit.raising import LOAN, LONG_LOAN, SHARE
from tests.contracts.kit.world import DAY, h
from tests.contracts.model.waterfall import Waterfall

PARTNERS = ("citizen", "neighbour", "third", "guest")
SUMS = ("capital", "hurdle", "catchUp", "rest", "carry")


class Life:
    """The fund, and beside it the waterfall in exact fractions, told of the same sums."""

    def __init__(self, w, funding):
        self.w, self.funding, self.raising = w, funding, funding.raising
        self.fund = funding.launch(extension=YEAR // 2, forfeit=2_500)
        funding.admit(self.fund, *(getattr(w, name) for name in PARTNERS))
        for partner in funding.partners:
            funding.commit(self.fund, partner, 100_000)
        self.fund.close(by=w.fund_manager)
        self.began = w.now
        self.model = Waterfall(self.fund.terms(), self.began)
        self.paid_in, self.paid_out = 0, 0

    def to_year(self, years):
        self.w.node.travel_to(self.began + int(years * YEAR))

    def pay(self, *partners):
        for partner in partners:
            event = self.funding.pay(self.fund, partner).one("CallPaid")
            self.model.contribute(event.amount, self.w.now)
            self.paid_in += event.amount + event.lateFee
        self.check()

    def join(self, partner, amount):
        event = self.funding.commit(self.fund, partner, amount).one("CapitalCommitted")
        self.model.contribute(event.capital, self.w.now)
        self.paid_in += event.capital + event.premium
        self.check()
        return event

    def invest(self, form, amount, **terms):
        campaign = self.raising.campaign(form, **terms)
        self.fund.invest(campaign.address, amount, 0, 1, by=self.w.fund_manager)
        self.raising.end(campaign)
        campaign.release(by=self.w.stranger)
        self.paid_out += amount
        return campaign

    def collect(self, campaign):
        event = self.fund.collect(campaign.address, by=self.w.stranger).one("ProceedsCollected")
        self.paid_in += event.amount
        self.check()
        return event

    def distribute(self, by, amount=None):
        amount = self.fund.booksOf().cash if amount is None else amount
        event = self.fund.distribute(amount, by=by).one("ProceedsDistributed")
        split = self.model.distribute(amount, self.w.now)
        assert [event[name] for name in SUMS] == list(vars(split).values())
        self.check()
        return event

    def take(self, act, *arguments, by, event):
        """Something is paid out of the fund."""
        self.paid_out += act(*arguments, by=by).one(event).amount
        self.check()

    def check(self):
        """The books balance, are the model's, and the fund has all that can be taken out of it."""
        fund, model, books = self.fund, self.model, self.fund.booksOf()
        left = books.cash + books.cost + books.fees + books.toPartners + books.toOrganisation
        assert left == books.contributed + books.gains - books.losses
        assert (books.contributed, books.unreturned) == (model.contributed, model.unreturned)
        assert (books.preferred, books.accruing) == model.owed(self.w.now)
        assert (books.toPartners, books.toOrganisation) == (model.to_partners, model.to_organisation)
        owed = books.cash + books.escrow
        owed += sum(fund.creditOf(who) for who in (self.w.organisation, self.w.fund_manager))
        owed += sum(fund.claimableOf(getattr(self.w, name)) for name in PARTNERS)
        held = self.funding.token.balanceOf(fund.address)
        assert owed <= held == self.paid_in - self.paid_out
        assert held - owed < 20  # what rounding left


def test_a_funds_whole_life(w, funding):
    life = Life(w, funding)
    fund = funding.qualify(life.fund)
    assert fund.phase() == INVESTING

    # A first fifth is called and paid; a later partner comes in after half a year.
    funding.call(fund, 60_000)
    life.pay(*funding.partners)
    life.to_year(0.5)
    joined = life.join(w.guest, 100_000)
    assert (joined.capital, joined.premium) == (20_000, 800)
    fund.close(by=w.fund_manager)

    # Two holdings; the fee is taken, of four commitments from the first day.
    share = life.invest(SHARE, 40_000, unitPrice=100)
    loan = life.invest(LOAN, 20_000, loan=LONG_LOAN)
    life.to_year(1)
    fund.takeFee(by=w.stranger).shows("FeeTaken", manager=w.fund_manager, amount=8_000)
    life.take(fund.takeCredit, w.fund_manager, by=w.fund_manager, event="CreditTaken")

    # Another two fifths; the third pays late. Then the neighbour sells all units to the guest.
    funding.call(fund, 160_000)
    life.pay(w.citizen, w.neighbour, w.guest)
    funding.pass_due(fund)
    w.node.travel(5 * DAY)
    life.pay(w.third)
    assert fund.booksOf().gains == 2_000
    fund.transfer(w.guest, fund.balanceOf(w.neighbour), by=w.neighbour)
    lost = life.invest(SHARE, 100_000, unitPrice=100)

    # The loan is repaid with its interest, and distributed: it is capital still.
    life.to_year(2)
    principal, interest, _, _ = loan.loanOf().values()
    life.raising.give(w.partner, principal + interest, loan.address)
    loan.repay(principal + interest, by=w.partner)
    event = life.collect(loan)
    assert (event.amount, event.cost, event.loss) == (principal + interest, 20_000, 0)
    assert interest > 3_000
    event = life.distribute(w.fund_manager, 20_000)
    assert (event.capital, event.carry) == (20_000, 0)
    life.take(fund.claim, w.guest, by=w.stranger, event="DistributionClaimed")

    # The last two fifths; the third does not pay, and loses a quarter of the units.
    funding.call(fund, 160_000)
    life.pay(w.citizen, w.neighbour, w.guest)
    funding.pass_due(fund)
    w.node.travel(fund.terms().grace)
    fund.declareDefault(w.third, by=w.fund_manager).shows(
        "PartnerDefaulted", partner=w.third, commitment=100_000, units=15_000
    )
    assert fund.totalSupply() == 360_000 - 15_000
    life.check()

    # One company is marked down and given up, the other is sold for twenty times what it cost.
    life.to_year(4)
    fund.mark(lost.address, 10_000, 0, w.now, h("report"), by=w.appraiser)
    fund.writeOff(lost.address, h("closed"), by=w.fund_manager)
    life.check()
    life.to_year(6)
    assert (fund.phase(), fund.booksOf().losses) == (HARVESTING, 100_000)
    life.raising.give(w.partner, 800_000, share.address)
    share.distribute(800_000, by=w.partner)
    assert life.collect(share).cost == 40_000
    fund.takeFee(by=w.stranger)
    event = life.distribute(w.fund_manager)
    books = fund.booksOf()
    assert (books.unreturned, books.preferred, books.accruing) == (0, 0, 0)
    assert event.catchUp > 0 < event.rest
    profit = books.toPartners + books.toOrganisation - books.contributed
    assert profit * 2_000 // 10_000 - 2 <= books.toOrganisation <= profit * 2_000 // 10_000
    assert books.escrow == -(-books.toOrganisation * 3_000 // 10_000)

    # Partners let it live half a year longer; then whoever likes ends it.
    life.to_year(9)
    number = fund.propose(EXTEND_LIFE, ZERO, h("one more"), by=w.guest).one("MotionProposed").number
    fund.consent(number, by=w.neighbour).shows("LifeSet", endsAt=life.began + 10 * YEAR + YEAR // 2)
    life.to_year(10)
    assert fund.phase() == HARVESTING
    life.raising.give(w.partner, 50_000, share.address)
    share.distribute(50_000, by=w.partner)
    life.collect(share)
    life.to_year(10.5)
    assert fund.phase() == WINDING
    assert fund.booksOf().feeDue == 0
    event = life.distribute(w.stranger)
    assert (event.rest, event.carry) == (50_000, 10_000)
    fund.conclude(by=w.stranger).shows("FundConcluded", clawback=0, fromEscrow=0, perUnit=event.perUnit)
    assert (fund.phase(), fund.booksOf().escrow) == (ENDED, 0)
    life.check()

    # Everybody takes what is theirs, but the third, who owed nothing any more: what remains is rounding.
    carry = fund.creditOf(w.organisation)
    assert carry == fund.booksOf().toOrganisation
    life.take(fund.takeCredit, w.organisation, by=w.organisation, event="CreditTaken")
    life.take(fund.takeCredit, w.fund_manager, by=w.fund_manager, event="CreditTaken")
    for name in PARTNERS:
        who = getattr(w, name)
        if fund.claimableOf(who):
            life.take(fund.claim, who, by=w.stranger, event="DistributionClaimed")
    assert 0 <= funding.token.balanceOf(fund.address) < 20
