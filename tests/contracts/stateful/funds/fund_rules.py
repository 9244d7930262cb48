"""Steps of the games of funds: partners, calls, distributions, motions, the end."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.contracts.kit.contract import ZERO
from tests.contracts.kit.people import Person
from tests.contracts.kit.world import DAY
from tests.contracts.model.funds import EXTEND_LIFE, REPLACE_APPRAISER, REPLACE_MANAGER, Fund
from tests.contracts.model.partners import ENDED, FORMING, HARVESTING, INVESTING, WINDING
from tests.contracts.stateful.funds.machine import YEAR, FundMachine
from tests.contracts.stateful.money.campaign_rules import CampaignRules


class FundRules(FundMachine):
    draws: ClassVar = CampaignRules.draws | {
        "fund": range(4),
        "sum": (1, 77, 400, 999, 2_000, 3_333),
        "part": (1, 10, 25, 33, 50, 99, 100),
        "other": range(8),
        "matter": range(4),
        "share": (0, 2_000, 5_000, 10_000),
        "percent": (0, 700, 2_000),
        "catch_up": (0, 5_000, 10_000),
    }
    often: ClassVar = {
        "rule_fund_commit": 6,
        "rule_fund_call": 5,
        "rule_fund_pay": 8,
        "rule_fund_pay_all": 8,
        "rule_fund_default": 2,
        "rule_fund_transfer": 5,
        "rule_fund_claim": 5,
        "rule_fund_distribute": 8,
        "rule_fund_fee": 4,
        "rule_fund_credit": 5,
        "rule_fund_motion": 4,
        "rule_fund_consent": 8,
        "rule_fund_end": 9,
        "rule_fund_enter_and_leave": 2,
        "rule_travel_to_an_edge": 4,
        "rule_travel_months": 3,
    }

    # ------------------------------------------------------------------ helpers

    def partners(self) -> list[Person]:
        return self.backers()[:6]

    def a_fund(self, which: int, *phases: int) -> Fund:
        fitting = [one for one in self.funds if not phases or one.phase in phases]
        return self.pick(fitting or self.funds, which)

    def run_by(self, fund: Fund, right: bool) -> str:
        """The manager, mostly."""
        managers = (self.w.fund_manager, self.w.relayer, self.w.guest)
        return next((one for one in managers if (one == fund.manager) == right), self.w.stranger)

    def role(self, address: str) -> Person:
        return next(one for one in [*self.everybody(), self.w.relayer] if one == address)

    # ------------------------------------------------------------------- begins

    def initialize_funds(self, share, percent, catch_up, few):
        """A fund with partners, and one that commits to others."""
        terms = {"hurdle": percent, "catchUp": catch_up, "escrow": share, "managementFee": percent // 4}
        first = self.launch({"largestShare": 4_000 if few else 10_000}, self.fund_terms(**terms))
        second = self.launch({"mayCommit": True, "largestShare": 9_000}, self.fund_terms(escrow=10_000))
        self.launch({"kinds": 2 + 4, "cities": [1, 2]}, self.fund_terms())
        for fund in self.funds:
            self.admit(fund, [*self.partners(), *(one.address for one in self.funds)], True, fund.manager)
        for number, partner in enumerate(self.partners()[:4]):
            self.commit(first, partner, 2_000 + 777 * number, 0)
        self.commit(second, self.partners()[1], 3_000, 0)
        for fund in (first, second):
            self.close(fund, fund.manager)
            self.call(fund, fund.committed // 3, self.house.now + 10 * DAY, fund.manager)
            self.rule_fund_pay_all(0 if fund is first else 1)

    # ----------------------------------------------------------------- partners

    def rule_fund_admit(self, fund, who, right):
        it = self.a_fund(fund)
        self.admit(it, [self.partners()[who % 6]], right or who > 3, self.run_by(it, right))

    def rule_fund_commit(self, fund, who, sum, right):
        it, partner = self.a_fund(fund, FORMING, INVESTING), self.backers()[who]
        most = 10**6 if right else sum // 3
        self.commit(it, partner, sum if right or who else 0, most)

    def rule_fund_take_back(self, fund, who):
        self.withdraw_commitment(self.a_fund(fund), self.partners()[who % 6])

    def rule_fund_close(self, fund, right):
        it = self.a_fund(fund, FORMING)
        self.close(it, self.run_by(it, right))

    def rule_fund_call(self, fund, part, right):
        it = self.a_fund(fund, INVESTING, HARVESTING)
        if right and self.house.now < it.due_at:
            self.travel_to(it.due_at)
        longest = 90 * DAY if part in (33, 99) else 0
        notice = it.terms["callNotice"] + longest - (0 if right or part > 50 else 1) + (part == 99)
        self.call(
            it, it.committed * part // 200, self.house.now + notice, self.run_by(it, right or part > 30)
        )

    def rule_fund_pay(self, fund, who, part, right):
        it, partner = self.a_fund(fund, INVESTING, HARVESTING), self.partners()[who % 6]
        due = it.dues(partner)[0]
        if not due and part > 10:
            return
        amount = due * part // 100 if right else due + part
        self.pay(it, partner, amount, self.role(partner) if part > 20 else self.w.stranger)

    def rule_fund_pay_all(self, fund):
        """All but the last one."""
        it = self.a_fund(fund)
        for partner in self.partners()[:5]:
            if it.dues(partner)[0]:
                self.pay(it, partner, it.dues(partner)[0], partner)

    def rule_fund_default(self, fund, who, right):
        it = self.a_fund(fund, INVESTING, HARVESTING)
        late = [one for one in self.partners() if it.dues(one)[1]]
        partner = self.pick(late or self.partners(), who)
        if late and right:
            self.travel_to(it.due_at + it.terms["grace"] - (who == 0))
        self.declare_default(it, partner, self.run_by(it, right or who > 4))

    def rule_fund_transfer(self, fund, who, other, part):
        it, giver = self.a_fund(fund), self.partners()[who % 6]
        amount = it.of(giver).units * part // 100
        self.transfer(it, giver, self.backers()[other], amount + (other == 7))

    def rule_fund_claim(self, fund, who, way):
        it = self.a_fund(fund)
        partner = self.pick([one for one in self.partners() if it.claimable(one)] or self.partners(), who)
        if who == 7:
            self.claim(it, self.funds[1].address)  # a fund has to collect
        else:
            self.claim(it, partner, self.w.spare_wallet if way == "self" else None)

    def rule_fund_enter_and_leave(self, fund, who, other):
        """In one second: commits after others, and gives the units away; nothing can be distributed then."""
        it = self.a_fund(fund, INVESTING)
        pair = [self.partners()[who % 6], self.partners()[other % 6]]
        claimable = self.avatars[it.address].claimableOf
        before = {one: claimable(one) for one in pair}
        had, all_ = sum(it.of(one).units for one in set(pair)), it.units
        cost = self.commit(it, pair[0], 500, 10**6)
        if not cost or not cost[0]:
            return
        self.transfer(it, *pair, cost[0])
        gained = sum(claimable(one) - credited for one, credited in before.items())
        self.distribute(it, 1, it.manager)
        due = cost[1] * had // all_ if all_ else 0  # their own part of the premium, for units they had before
        self.entered.append((gained, due, self.last))

    # -------------------------------------------------------------------- money

    def rule_fund_fee(self, fund):
        self.take_fee(self.a_fund(fund))

    def rule_fund_credit(self, fund, who):
        it = self.a_fund(fund)
        owed = [self.role(one) for one, credit in it.credits.items() if credit]
        account = self.pick(owed or [self.w.organisation, self.w.fund_manager], who)
        self.take_credit(it, account, ZERO if who == 7 else self.w.spare_wallet)

    def rule_fund_distribute(self, fund, part, right):
        it = self.a_fund(fund)
        if right and self.house.now < it.due_at:
            self.travel_to(it.due_at)
        if right and self.house.now == it.last_entry:
            self.travel_to(self.house.now + 1)
        amount = it.cash * part // 100 + (0 if right or part > 10 else 1)
        self.distribute(it, amount, self.run_by(it, right or part < 50))

    def rule_fund_end(self, fund, part, right):
        """At the end of life, or after it: all that is left is given up, distributed, and it is concluded."""
        it = self.a_fund(fund, WINDING, HARVESTING)
        if it.phase == HARVESTING and right and part >= 50:
            self.travel_to(it.ends_at)
        if it.phase == WINDING and right:
            self.conclude(it)  # refused while there is something left
            for address in list(it.holdings):
                self.write_off(it, address, it.manager)
            self.take_fee(it)
            self.distribute(it, it.cash, it.manager)
        self.conclude(it)

    def rule_fund_return(self, fund, part, right):
        it = self.a_fund(fund, ENDED)
        self.return_carry(it, it.clawback * part // 100 + (not right), self.w.organisation)

    # ------------------------------------------------------------------ motions

    def rule_fund_motion(self, fund, matter, who, right):
        it = self.a_fund(fund, INVESTING, HARVESTING)
        if matter > EXTEND_LIFE and not who:  # few windings-up, or there were little else
            matter = EXTEND_LIFE
        subject: Any = ZERO if right else it.manager
        if matter in (REPLACE_MANAGER, REPLACE_APPRAISER):
            subject = (self.w.relayer, self.w.guest, self.w.fund_manager, ZERO, it.appraiser)[who % 5]
        self.propose(it, matter, subject, self.partners()[who % 6])

    def rule_fund_consent(self, fund, which, who):
        it = self.a_fund(fund)
        number = len(it.motions) - which % 3
        if number >= 0:
            self.consent(it, number, self.partners()[who % 6])
            self.transfer(it, self.partners()[who % 6], self.partners()[which % 6], 1)

    # --------------------------------------------------------------------- time

    def edges(self) -> list[int]:
        found = super().edges()
        for it in self.funds:
            times = [it.due_at, it.due_at + it.terms["grace"], it.ends_at, it.invests_until]
            times += [it.terms["finalClosing"], *(one.until for one in it.motions)]
            if it.closed_at:
                times.append(it.closed_at + ((self.house.now - it.closed_at) // YEAR + 1) * YEAR)
            found += [one for one in times if one > self.house.now]
        return sorted(found)

    def rule_travel_months(self, which):
        self.travel_to(self.house.now + (1 + which) * 30 * DAY)
