"""A whole life of a fund at random, ten years with fifty partners, on the chain and by the model."""

from __future__ import annotations

from random import Random
from typing import Any, ClassVar

from tests.contracts.kit.people import Person
from tests.contracts.kit.world import DAY, World
from tests.contracts.model.campaigns import COMPLETED, FAILED, FUNDED, LOAN, REWARD, SHARE, STOPPED, Campaign
from tests.contracts.model.funds import Fund
from tests.contracts.model.partners import ENDED, HARVESTING, INVESTING, WINDING
from tests.contracts.stateful.funds.invariants import ALL_EVERY, FundInvariants
from tests.contracts.stateful.funds.machine import YEAR

PARTNERS, LATER = 50, 8  # of whom so many come after the first closing
QUARTER = YEAR // 4


class Life(FundInvariants):
    """Plays one life at a time; its steps are compared as they are taken, everything else once a year."""

    people: ClassVar[list[Person]] = [Person.make(f"partner {i}", 300 + i) for i in range(PARTNERS)]

    @classmethod
    def prepare(cls, w: World) -> None:
        w.node.request("anvil_autoImpersonateAccount", True)
        super().prepare(w)

    @classmethod
    def everybody(cls) -> list[Person]:
        return [*super().everybody(), *cls.people]

    # --------------------------------------------------------------------- life

    def live(self, chance: Random) -> Fund:
        self.chance = chance
        self.fund = fund = self.launch(
            {"largestShare": chance.choice((1_000, 2_500, 10_000))}, self.some_terms()
        )
        self.manager: str = fund.manager
        self.admit(fund, [*self.people], True, self.manager)
        for partner in self.people[LATER:]:
            self.commit(fund, partner, self.sum(), 0)
        self.close(fund, self.manager)
        later = self.people[:LATER]
        for quarter in range(1, 45):
            if fund.phase not in (INVESTING, HARVESTING):
                break
            if later and fund.takes_commitments and chance.random() < 0.7:
                self.commit(fund, later.pop(), self.sum(), 10**9)
            self.one_quarter()
            begins = fund.closed_at + quarter * QUARTER + chance.randrange(DAY)
            self.travel_to(max(self.house.now, begins))
            if quarter % 4 == 0:
                self.compare_all()
        self.wind_up()
        self.compare_all()
        return fund

    def some_terms(self) -> dict[str, Any]:
        pick = self.chance.choice
        carry = pick((1_000, 2_000, 2_500, 5_000))
        return self.fund_terms(
            cap=10**12,
            investmentPeriod=5 * YEAR,
            life=10 * YEAR,
            managementFee=pick((0, 150, 200, 250)),
            hurdle=pick((0, 500, 800, 1_234)),
            catchUp=pick((0, carry + 1, 8_000, 10_000)),
            carry=carry,
            escrow=pick((0, 3_000, 3_333, 10_000)),
            equalisation=pick((0, 800)),
            lateFee=pick((0, 200, 501)),
            forfeit=pick((0, 2_500, 5_000, 10_000)),
        )

    def sum(self) -> int:
        return self.chance.randrange(1_000, 10 ** self.chance.randrange(4, 9))

    def one_quarter(self) -> None:
        fund, chance = self.fund, self.chance
        if chance.random() < 0.3 and fund.called < 10**18:
            self.call_capital()
        if fund.phase == INVESTING and fund.cash > 100 and chance.random() < 0.6:
            self.find_investment()
        for holding in list(fund.holdings.values()):
            self.go_on(holding.target)
            if chance.random() < 0.6:
                self.collect(fund, holding.target.address)
        for _ in range(3):
            self.some_transfer()
        if chance.random() < 0.4:
            self.take_fee(fund)
        if chance.random() < 0.4 and self.house.now >= fund.due_at:
            self.travel_to(self.house.now + 1)
            self.distribute(fund, chance.randrange(fund.cash + 1), self.manager)
            for partner in chance.sample(self.people, 6):
                self.claim(fund, partner)

    # -------------------------------------------------------------------- calls

    def call_capital(self) -> None:
        fund, chance = self.fund, self.chance
        self.travel_to(max(self.house.now, fund.due_at))
        left = fund.committed * (10**18 - fund.called) // 10**18
        amount = min(left, fund.committed * chance.randrange(1, 25) // 100)
        due = self.house.now + chance.randrange(10, 40) * DAY
        self.call(fund, amount, due, self.manager)
        for number, partner in enumerate(self.people):
            if number % 8 == 0:
                self.travel_to(self.house.now + chance.randrange(DAY))
            asked = fund.dues(partner)[0]
            if asked and chance.random() < 0.94:
                self.pay(fund, partner, asked if chance.random() < 0.9 else asked // 2, partner)
        self.travel_to(max(self.house.now, due + chance.randrange(30) * DAY))
        for partner in self.people:
            late = fund.dues(partner)[1]
            if not late:
                continue
            if chance.random() < 0.6:
                self.pay(fund, partner, late, self.w.other_sponsor)
            else:
                self.declare_default(fund, partner, self.manager)  # in grace: refused

    # ----------------------------------------------------------------- holdings

    def find_investment(self) -> None:
        """A campaign that others pledge to as well; some fail, some are withdrawn from."""
        fund, chance = self.fund, self.chance
        form = chance.choice((LOAN, SHARE, SHARE, SHARE, REWARD))
        amount = min(fund.cash, chance.randrange(7, fund.committed // 6)) // 7 * 7
        goal = chance.choice((7, 7, 7, amount + 350, 2 * amount + 1_000))
        terms = self.terms(form, goal=goal, cap=10**12, milestones=[6_667, 3_333], milestoneTerm=QUARTER)
        project = chance.choice(self.projects)
        campaign = self.open_campaign(project, form, 0, self.tokens[0], terms)
        self.invest(fund, campaign, amount, 0, self.manager)
        if chance.random() < 0.1:
            self.withdraw_investment(fund, campaign, self.manager)
        third = self.w.third
        self.allow(campaign, third)
        given = {"amount": 350, "cityId": 0, "tier": 0, "source": 0, "edition": 1}
        self.on(campaign, lambda: campaign.pledge(third, given), lambda c: c.pledge(given, by=third))
        self.travel_to(terms["closes"] + terms["coolingOff"])
        if campaign.phase == FUNDED:
            self.on(campaign, campaign.release, lambda c: c.release(by=self.w.relayer))

    def go_on(self, campaign: Campaign) -> None:
        """A quarter of a company: income, a stop, a mark."""
        fund, chance, author = self.fund, self.chance, self.raising.author
        if campaign.phase in (FAILED, STOPPED):
            return
        if chance.random() < 0.05 and campaign.phase == FUNDED:
            self.on(campaign, lambda: campaign.stop(author), lambda c: c.stop(b"\1" * 32, by=author))
        elif chance.random() < 0.25 and campaign.is_limited and campaign.released:
            self.allow(campaign, author)
            income = chance.randrange(1, 2 + campaign.raised // chance.choice((1, 4, 20)))
            if campaign.form == LOAN:
                income = min(income, campaign.principal + campaign.interest_due)
                self.on(
                    campaign, lambda: campaign.repay(author, income), lambda c: c.repay(income, by=author)
                )
            else:
                self.on(
                    campaign,
                    lambda: campaign.distribute(author, income),
                    lambda c: c.distribute(income, by=author),
                )
        elif chance.random() < 0.1:
            value = chance.randrange(1 + 3 * campaign.raised)
            self.mark(fund, campaign.address, value, 0, self.house.now, fund.appraiser)

    # -------------------------------------------------------------------- units

    def some_transfer(self) -> None:
        fund, chance = self.fund, self.chance
        giver, to = chance.sample(self.people, 2)
        self.transfer(fund, giver, to, chance.randrange(1 + fund.of(giver).units))

    # ---------------------------------------------------------------------- end

    def wind_up(self) -> None:
        fund = self.fund
        self.travel_to(max(self.house.now, fund.ends_at))
        assert fund.phase == WINDING
        for holding in list(fund.holdings.values()):
            self.collect(fund, holding.target.address)
            self.write_off(fund, holding.target.address, self.manager)
        self.take_fee(fund)
        self.distribute(fund, fund.cash, self.w.relayer)
        self.conclude(fund)
        assert fund.phase == ENDED
        self.return_carry(fund, fund.clawback, self.w.organisation)
        for account in {*fund.credits}:
            self.take_credit(fund, account, self.w.spare_wallet)
        for partner in self.people:
            if fund.dues(partner)[1]:
                self.pay(fund, partner, fund.dues(partner)[1], partner)
            self.claim(fund, partner)

    def compare_all(self) -> None:
        self.steps, self.stale, self.last = ALL_EVERY - 1, True, None
        for name in dir(self):
            if name.startswith("invariant_"):
                getattr(self, name)()
