"""What a fund holds, by the words of `IFundAvatar`: campaigns as a backer, other funds as a partner."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import Any

from tests.contracts.model.campaigns import FAILED, FUND, STOPPED, Campaign
from tests.contracts.model.money import WHOLE, up
from tests.contracts.model.partners import FORMING, HARVESTING, INVESTING, LAPSED, WINDING, Partners
from tests.contracts.model.rules import Reasons
from tests.contracts.model.waterfall import share

KIND, CITY, FORM, SHARE, FUNDS = range(5)  # rules of a mandate


@dataclass
class Holding:
    target: Any  # Campaign, or Portfolio
    principal: int = 0
    commitment: int = 0
    cost: int = 0
    value: int = 0
    drawn: int = 0
    marked: int = 0

    @property
    def is_fund(self) -> bool:
        return isinstance(self.target, Portfolio)


@dataclass
class Portfolio(Partners):
    holdings: dict[str, Holding] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        return sum(one.cost for one in self.holdings.values())

    @property
    def value(self) -> int:
        return sum(one.value for one in self.holdings.values())

    def exposure(self, campaign: Campaign) -> int:
        """Put in its project and neither withdrawn nor refunded."""
        return sum(
            one.principal
            for one in self.holdings.values()
            if not one.is_fund and one.target.project is campaign.project
        )

    def held(self, why: Reasons, address: str) -> Holding:
        """What has principal in it, or a commitment to it."""
        holding = self.holdings.get(address) or Holding(None)
        why(not holding.principal and not holding.commitment, "FundAvatar_NoHolding", address)
        return holding

    # ------------------------------------------------------------------ mandate

    def need_share(self, why: Reasons, there: int, amount: int) -> None:
        largest, whole = self.mandate["largestShare"], (there + amount) * WHOLE
        given = up(whole, self.committed) if self.committed else 2**256 - 1
        why(whole > largest * self.committed, "FundAvatar_OutsideMandate", SHARE, given, largest)

    def need_mandate(self, why: Reasons, campaign: Campaign, amount: int) -> None:
        kinds, forms, cities = (self.mandate[name] for name in ("kinds", "forms", "cities"))
        kind, city = campaign.project.kind, campaign.project.city
        why(not kinds >> kind & 1, "FundAvatar_OutsideMandate", KIND, kind, kinds)
        why(bool(cities) and city not in cities, "FundAvatar_OutsideMandate", CITY, city, 0)
        why(not forms >> campaign.form & 1, "FundAvatar_OutsideMandate", FORM, campaign.form, forms)
        self.need_share(why, self.exposure(campaign), amount)

    # ---------------------------------------------------------------- campaigns

    def invest(self, campaign: Campaign, amount: int, tier: int, edition: int, by: str) -> None:
        why = Reasons()
        self.need_manager(why, by)
        self.need_phase(why, INVESTING)
        why(amount == 0, "FundAvatar_BadAmount")
        why(campaign.token is not self.token, "FundAvatar_OtherToken", campaign.token.address)
        why(amount > self.cash, "FundAvatar_OverCash", self.cash, amount)
        self.need_mandate(why, campaign, amount)
        why.settle()
        given = {"amount": amount, "cityId": 0, "tier": tier, "source": FUND, "edition": edition}
        campaign.pledge(self.address, given)
        self.accrue_fee()
        self.put_in(self.holdings.setdefault(campaign.address, Holding(campaign)), amount, 0)

    def put_in(self, holding: Holding, amount: int, expense: int) -> None:
        holding.principal += amount
        holding.cost += amount
        holding.value += amount
        self.losses += expense
        self.cash -= amount + expense

    def take_out(self, holding: Holding, amount: int) -> int:
        """Reduces the cost first, then is gain; the part that is cost."""
        self.accrue_fee()
        cost = min(amount, holding.cost)
        holding.cost -= cost
        holding.value -= min(amount, holding.value)
        self.cash += amount
        if amount > cost:
            self.gains += amount - cost
            self.finally_closed = True
        return cost

    def withdraw_investment(self, campaign: Campaign, by: str) -> int:
        why = Reasons()
        self.need_manager(why, by)
        holding = self.held(why, campaign.address)
        why.settle()
        amount = campaign.withdraw(self.address, self.address)
        holding.principal -= amount
        self.take_out(holding, amount)
        return amount

    # -------------------------------------------------------------------- funds

    def commit_to(self, fund: Portfolio, amount: int, most: int, by: str) -> tuple[int, int]:
        why, address = Reasons(), fund.address
        self.need_manager(why, by)
        self.need_phase(why, INVESTING)
        why(amount == 0, "FundAvatar_BadAmount")
        why(fund.token is not self.token, "FundAvatar_OtherToken", fund.token.address)
        barred = not self.mandate["mayCommit"] or fund.mandate["mayCommit"]
        why(barred, "FundAvatar_OutsideMandate", FUNDS, int(address, 16), 0)
        there = self.holdings[address].commitment if address in self.holdings else 0
        self.need_share(why, there, amount)
        asked = sum(fund.cost_of_entry(amount, fund.of(self.address).commitment))
        why(asked > most, "FundAvatar_OverMost", most, asked)
        why(asked > self.cash, "FundAvatar_OverCash", self.cash, asked)
        why.settle()
        capital, premium = fund.commit(self.address, amount, most)
        self.accrue_fee()
        holding = self.holdings.setdefault(address, Holding(fund))
        holding.commitment += amount
        self.put_in(holding, capital, premium)
        return capital, premium

    def pay_to(self, fund: Portfolio, amount: int, by: str) -> int:
        why = Reasons()
        self.need_manager(why, by)
        self.need_phase(why, FORMING, INVESTING, HARVESTING, WINDING, LAPSED)
        holding = self.held(why, fund.address)
        why(amount == 0, "FundAvatar_BadAmount")
        asked = amount + ceil(min(amount, fund.dues(self.address)[1]) * share(fund.terms["lateFee"]))
        why(asked > self.cash, "FundAvatar_OverCash", self.cash, asked)
        why.settle()
        expense = fund.pay(self.address, amount, self.address)
        self.accrue_fee()
        self.put_in(holding, amount, expense)
        return expense

    # ------------------------------------------------------------------ collect

    def collect(self, address: str) -> tuple[int, int, int, int]:
        """What came in, the cost in it, the cost that will not come back, and the principal settled."""
        why = Reasons()
        holding = self.held(why, address)
        why.settle()
        if holding.is_fund:
            why(not holding.target.claimable(self.address), "FundAvatar_Nothing", address)
            why.settle()
            amount = holding.target.claim(self.address, self.address)
            return amount, self.take_out(holding, amount), 0, 0
        campaign: Campaign = holding.target
        if campaign.refundable(self.address):
            campaign.refund(self.address, self.address)
        elif campaign.claimable(self.address):
            campaign.claim(self.address, self.address)
        position = campaign.of(self.address)
        if position.amount == 0 and holding.principal:
            return self.book_refund(holding, campaign)
        amount = position.drawn - holding.drawn
        why(amount == 0, "FundAvatar_Nothing", address)
        why.settle()
        holding.drawn = position.drawn
        return amount, self.take_out(holding, amount), 0, 0

    def book_refund(self, holding: Holding, campaign: Campaign) -> tuple[int, int, int, int]:
        """The position ended; what it was paid follows from the campaign."""
        principal = holding.principal
        whole = campaign.phase == FAILED or (campaign.phase == STOPPED and not campaign.released)
        amount = principal if whole else campaign.to_backers * principal // campaign.raised
        cost = self.take_out(holding, amount)
        loss, holding.cost, holding.value, holding.principal = holding.cost, 0, 0, 0
        self.losses += loss
        return amount, cost, loss, principal

    def write_off(self, address: str, by: str) -> int:
        why = Reasons()
        self.need_manager(why, by)
        holding = self.held(why, address)
        why(holding.cost == 0 == holding.value, "FundAvatar_Nothing", address)
        why.settle()
        self.accrue_fee()
        lost, holding.cost, holding.value = holding.cost, 0, 0
        self.losses += lost
        return lost

    def mark(self, address: str, value: int, company: int, as_of: int, by: str) -> None:
        why = Reasons()
        why(by != self.appraiser, "FundAvatar_NotAppraiser", by)
        holding = self.held(why, address)
        bad_day = as_of <= holding.marked or as_of > self.now
        why(bad_day, "FundAvatar_BadDay", holding.marked, as_of)
        why(company > 0 and holding.target is not None and holding.is_fund, "FundAvatar_NoCompany", address)
        why.settle()
        holding.value, holding.marked = value, as_of
