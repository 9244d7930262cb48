"""Steps of the games of funds: what a fund invests in, what comes back, what it is said to be worth."""

from __future__ import annotations

from typing import ClassVar

from tests.contracts.kit.world import DAY
from tests.contracts.model.campaigns import (
    COMPLETED,
    COOLING,
    FAILED,
    FUNDED,
    LOAN,
    OPEN,
    REWARD,
    SHARE,
    STOPPED,
    Campaign,
)
from tests.contracts.model.partners import INVESTING
from tests.contracts.model.returns import Loan
from tests.contracts.stateful.funds.fund_rules import FundRules


class HoldingRules(FundRules):
    draws: ClassVar = FundRules.draws
    often: ClassVar = {
        "rule_invest": 16,
        "rule_withdraw_investment": 3,
        "rule_commit_to": 3,
        "rule_pay_to": 4,
        "rule_collect_holding": 12,
        "rule_write_off": 1,
        "rule_mark": 4,
        "rule_prosper": 16,
    }

    def rule_invest(self, fund, which, sum, tier, right):
        it, campaign = self.a_fund(fund, INVESTING), self.open_one(which)
        amount = min(sum, it.cash) if right else sum
        if campaign.form == SHARE and right:
            amount = amount // 7 * 7
        by = self.run_by(it, right or tier > 0)
        self.invest(it, campaign, amount, tier if campaign.form == REWARD else 0, by)

    def open_one(self, which) -> Campaign:
        """A campaign that takes pledges; a new one where there is none, or now and then."""
        fitting = [one for one in self.campaigns if one.phase == OPEN and one.token is self.funds[0].token]
        if fitting and which % 3:
            return self.pick(fitting, which)
        form = (SHARE, LOAN, SHARE, REWARD, 0, SHARE, LOAN)[which]
        terms = self.terms(form, goal=(70, 350, 5_000)[which % 3], milestones=[6_667, 3_333])
        return self.open_campaign(self.projects[which % 2], form, 0, self.tokens[0], terms)

    def held(self, fund, which):
        """A holding mostly; else any campaign."""
        any_ = [one.address for one in self.campaigns[-2:]] if which == 0 else []
        return self.pick(any_ or list(fund.holdings) or [self.funds[2].address], which)

    def rule_withdraw_investment(self, fund, which, right):
        it = self.a_fund(fund)
        cooling = [
            one for one in self.campaigns if one.phase in (OPEN, COOLING) and one.address in it.holdings
        ]
        campaign = self.pick(cooling, which) or self.campaign(which, OPEN, COOLING)
        if campaign is not None:
            self.withdraw_investment(it, campaign, self.run_by(it, right))

    def rule_commit_to(self, fund, other, sum, right):
        it, to = self.funds[1] if right else self.a_fund(fund), self.funds[0 if right else other % 3]
        self.commit_to(it, to, sum, 10**6 if other else sum // 4, self.run_by(it, right or other > 3))

    def rule_pay_to(self, fund, other, part, right):
        it, to = self.funds[1] if right else self.a_fund(fund), self.funds[0 if right else other % 3]
        due = to.dues(it.address)[0]
        self.pay_to(it, to, due * part // 100 if right else due + 1, self.run_by(it, right or other > 2))

    def rule_collect_holding(self, fund, which, way):
        it = self.a_fund(fund)
        address = self.held(it, which)
        campaign = next((one for one in self.campaigns if one.address == address), None)
        if campaign and way == "signature":  # somebody has the campaign pay the fund beforehand
            if campaign.refundable(it.address):
                self.on(
                    campaign,
                    lambda: campaign.refund(it.address, it.address),
                    lambda c: c.refund(it.address, by=self.w.relayer),
                )
            elif campaign.claimable(it.address):
                self.on(
                    campaign,
                    lambda: campaign.claim(it.address, it.address),
                    lambda c: c.claim(it.address, by=self.w.relayer),
                )
        self.collect(it, address)

    def rule_write_off(self, fund, which, right):
        it = self.a_fund(fund)
        self.write_off(it, self.held(it, which), self.run_by(it, right))

    def rule_mark(self, fund, which, sum, off, right):
        it = self.a_fund(fund)
        by = self.role(it.appraiser) if right else self.w.stranger
        as_of = self.house.now - which * DAY if right else self.house.now + off
        self.mark(it, self.held(it, which), sum, sum * 9 if off else 0, as_of, by)

    def rule_prosper(self, which, amount, right):
        """A campaign that a fund is in goes on: it is funded, released, and pays back, or fails."""
        held = [one for one in self.campaigns if any(one.address in it.holdings for it in self.funds)]
        one = self.pick(held, which)
        if one is None:
            return
        if one.phase in (OPEN, COOLING):
            if right and one.phase == OPEN and one.raised < one.terms["goal"]:
                self.rule_pledge(self.campaigns.index(one), 2, 2_100, "self", 0, 0, 0, True)
            self.travel_to(one.terms["closes"] + one.terms["coolingOff"])
        elif one.phase == FUNDED and one.milestone == 0:
            self.on(one, one.release, lambda c: c.release(by=self.w.relayer))
        elif one.released and one.is_limited and one.phase not in (FAILED, STOPPED):
            by = self.raising.author
            self.allow(one, by)
            if isinstance(one, Loan):
                amount = min(amount, one.principal + one.interest_due)
                if amount:
                    self.on(one, lambda: one.repay(by, amount), lambda c: c.repay(amount, by=by))
            else:
                self.on(one, lambda: one.distribute(by, amount), lambda c: c.distribute(amount, by=by))
        elif one.phase == COMPLETED or not right:
            self.rule_stop(self.campaigns.index(one), 0, True)
