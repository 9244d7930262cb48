"""Matching rounds by the words of `IMatchingPool`. What counts is kept by person, added up at each look."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import isqrt
from typing import TYPE_CHECKING, Any

from tests.contracts.model.money import House
from tests.contracts.model.rules import Reasons

if TYPE_CHECKING:
    from tests.contracts.model.campaigns import Campaign

FUNDED, STOPPED, COMPLETED = 3, 5, 6  # phases of a campaign
RUNNING, WEIGHING, ASSIGNING, SETTLED = range(4)


@dataclass
class Round:
    terms: dict[str, Any]
    budget: int
    step: int = RUNNING
    next: int = 0
    campaigns: list[Campaign] = field(default_factory=list)
    counted: Counter[tuple[str, bytes]] = field(default_factory=Counter)  # campaign and person
    weights: dict[str, int] = field(default_factory=dict)
    funded: set[str] = field(default_factory=set)
    assigned: dict[str, int] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)
    rest: int = 0

    def tally(self, campaign: str) -> tuple[int, int, int]:
        """Sum of roots, sum of what counts, people."""
        limit = self.terms["personLimit"]
        counts = [min(c, limit) for (of, _), c in self.counted.items() if of == campaign and c]
        return sum(isqrt(c << 64) for c in counts), sum(counts), len(counts)

    def weigh(self, campaign: str) -> int:
        roots, total, _ = self.tally(campaign)
        return max(0, (roots * roots >> 64) - total)


class Pool:
    def __init__(self, house: House, address: str):
        self.house, self.address = house, address
        self.rounds: dict[int, Round] = {}

    # ------------------------------------------------------------------- budget

    def open(self, terms: dict[str, Any], amount: int, by: str) -> int:
        why, token = Reasons(), self.house.tokens[terms["token"]]
        city = terms["cityId"]
        self.house.cities.need_role(why, city, by, 16)
        token.check_in(why, "MatchingPool_ShortTransfer", by, self.address, amount)
        why.settle()
        token.move(by, self.address, amount)
        number = len(self.rounds) + 1
        self.rounds[number] = Round(terms, amount)
        return number

    def fund(self, number: int, amount: int, by: str) -> None:
        why, kept = Reasons(), self.rounds[number]
        token = self.house.tokens[kept.terms["token"]]
        closes, now = kept.terms["closes"], self.house.now
        why(now >= closes, "MatchingPool_Closed", number, closes, now)
        why(amount == 0, "MatchingPool_BadTerms", b"amount".ljust(32, b"\0"))
        token.check_in(why, "MatchingPool_ShortTransfer", by, self.address, amount)
        why.settle()
        kept.budget += amount
        token.move(by, self.address, amount)

    def reclaim(self, number: int, to: str, by: str) -> int:
        why, kept = Reasons(), self.rounds[number]
        token, amount = self.house.tokens[kept.terms["token"]], kept.rest
        self.house.cities.need_role(why, kept.terms["cityId"], by, 16)
        why(kept.step != SETTLED, "MatchingPool_WrongStep", number, kept.step)
        if not why(amount == 0, "MatchingPool_Nothing", number):
            token.check_out(why, self.address, to, amount)
        why.settle()
        kept.rest = 0
        token.move(self.address, to, amount)
        return amount

    # ----------------------------------------------------------------- counting

    def enter(self, number: int, campaign: Campaign) -> None:
        if number:
            self.rounds[number].campaigns.append(campaign)

    def count(self, number: int, campaign: str, backer: str, city: int, amount: int) -> None:
        if not number or city != self.rounds[number].terms["cityId"]:
            return
        kept = self.rounds[number]
        if self.house.lifetime.get((city, backer), 0) >= kept.terms["minMerits"]:
            kept.counted[campaign, self.house.cities.owner[city, backer]] += amount

    def uncount(self, number: int, campaign: str, backer: str, city: int, amount: int) -> None:
        if number and city == self.rounds[number].terms["cityId"]:
            key = campaign, self.house.cities.owner[city, backer]
            counted = self.rounds[number].counted
            counted[key] -= min(amount, counted[key])

    # --------------------------------------------------------------- settlement

    def settle(self, number: int, steps: int) -> None:
        why, kept = Reasons(), self.rounds[number]
        closes, now = kept.terms["closes"], self.house.now
        why(steps == 0, "MatchingPool_BadTerms", b"steps".ljust(32, b"\0"))
        why(now < closes, "MatchingPool_StillRunning", number, closes, now)
        why(kept.step == SETTLED, "MatchingPool_WrongStep", number, kept.step)
        why.settle()
        if kept.step == RUNNING:
            kept.step = WEIGHING
        for step, work in ((WEIGHING, self.weigh), (ASSIGNING, self.assign)):
            while kept.step == step and steps and kept.next < len(kept.campaigns):
                work(kept, kept.campaigns[kept.next])
                kept.next += 1
                steps -= 1
            if kept.step == step and kept.next == len(kept.campaigns):
                kept.step, kept.next = step + 1, 0
        if kept.step == SETTLED:
            kept.rest += kept.budget - sum(kept.assigned.values())

    def weigh(self, kept: Round, campaign: Campaign) -> None:
        weight = kept.weigh(campaign.address)
        if campaign.phase in (FUNDED, COMPLETED):
            kept.funded.add(campaign.address)
        elif kept.terms["redistribute"]:
            weight = 0
        kept.weights[campaign.address] = weight

    def assign(self, kept: Round, campaign: Campaign) -> None:
        whole, weight = sum(kept.weights.values()), kept.weights[campaign.address]
        share = weight if whole <= kept.budget else weight * kept.budget // whole
        kept.assigned[campaign.address] = share if campaign.address in kept.funded else 0

    def pay(self, number: int, campaign: Campaign) -> int:
        """What the campaign got; zero where it was stopped meanwhile."""
        why, kept = Reasons(), self.rounds[number]
        token, address = self.house.tokens[kept.terms["token"]], campaign.address
        amount = kept.assigned.get(address, 0)
        if not why(kept.step != SETTLED, "MatchingPool_WrongStep", number, kept.step):
            why(campaign not in kept.campaigns, "MatchingPool_NotItsCampaign", number, address)
            why(amount == 0 or address in kept.paid, "MatchingPool_Nothing", number)
            if campaign.phase != STOPPED:
                token.check_in(why, "MatchingPool_ShortTransfer", self.address, address, amount)
        why.settle()
        kept.paid.add(address)
        if campaign.phase == STOPPED:
            kept.rest += amount
            return 0
        token.move(self.address, address, amount)
        campaign.receive_match(amount)
        return amount

    def take_back(self, number: int, amount: int) -> None:
        self.rounds[number].rest += amount
