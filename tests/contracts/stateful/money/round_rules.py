"""Steps of the games of money: rounds, their settlement and what becomes of the rest."""

from __future__ import annotations

from typing import ClassVar

from tests.contracts.kit.world import DAY, h
from tests.contracts.stateful.money.machine import MoneyMachine


class RoundRules(MoneyMachine):
    draws: ClassVar = {
        "city": (1, 1, 1, 2),
        "merits": (0, 0, 10, 30),
        "limit": (1, 100, 500, 5_000),
        "budget": (1, 97, 1_000, 5_000, 100_000),
        "few": (True, True, False),
        "steps": (0, 1, 1, 2, 100),
    }
    often: ClassVar = {"rule_open_round": 3, "rule_settle": 6, "rule_pay_match": 6, "rule_return_match": 2}

    def rule_open_round(self, coin, city, merits, limit, budget, few, right):
        if len(self.pool.rounds) >= 4:
            return
        w, token = self.w, self.tokens[coin].address
        terms = {
            "cityId": city,
            "token": token,
            "minMerits": merits,
            "personLimit": limit,
            "closes": self.house.now + (15 if few else 30) * DAY,
            "redistribute": bool(few),
            "content": h("round"),
        }
        by = w.treasurer if right else w.relayer
        number = self.attempt(
            lambda: self.pool.open(terms, budget, by), lambda: w.pool.openRound(terms, budget, by=by)
        )
        if number:
            assert self.last.one("RoundOpened").roundId == number

    initialize_a_round = rule_open_round

    def rule_fund_round(self, which, amount):
        if found := self.a_round(which):
            number, by = found[0], self.w.treasurer
            self.in_round(
                number,
                lambda: self.pool.fund(number, amount, by),
                lambda: self.w.pool.fundRound(number, amount, by=by),
            )

    def rule_settle(self, which, steps):
        if found := self.a_round(which):
            number = found[0]
            self.in_round(
                number,
                lambda: self.pool.settle(number, steps),
                lambda: self.w.pool.settle(number, steps, by=self.w.relayer),
            )

    def rule_pay_match(self, which):
        one = self.campaign(which)
        if one.round:
            self.touched = one
            self.in_round(
                one.round,
                lambda: self.pool.pay(one.round, one),
                lambda: self.w.pool.payMatch(one.round, one.address, by=self.w.relayer),
            )

    def rule_return_match(self, which):
        one = self.pick([one for one in self.campaigns if one.to_pool], which) or self.campaign(which)
        self.round = one.round or None
        self.on(one, one.return_match, lambda c: c.returnMatch(by=self.w.relayer))

    def rule_reclaim_rest(self, which, right):
        if found := self.a_round(which):
            number, to = found[0], self.w.spare_wallet
            by = self.w.treasurer if right else self.w.steward
            self.in_round(
                number,
                lambda: self.pool.reclaim(number, to, by),
                lambda: self.w.pool.reclaimRest(number, to, by=by),
            )
