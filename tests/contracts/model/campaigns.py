"""A campaign by the words of `ICampaign`: whole numbers, no second look at how the contract does it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.contracts.model.matching import Pool
from tests.contracts.model.money import WHOLE, House, Token, up
from tests.contracts.model.rules import Reasons

UPCOMING, OPEN, COOLING, FUNDED, FAILED, STOPPED, COMPLETED = range(7)
DONATION, REWARD, LOAN, SHARE = range(4)
CROWD, PRIVATE, FUND, STATE, NATIONAL = range(5)
ZERO = "0x" + "00" * 20
ON_THE_WAY = (UPCOMING, OPEN, COOLING, FUNDED)


@dataclass
class Position:
    """What a backer has.

    Of the limit: the year in which it was used last, kopecks used in it by what is in cooling-off, and by the
    rest. What was used in an earlier year is given back no more.
    """

    amount: int = 0
    cooling: int = 0
    until: int = 0
    city: int = 0
    tier: int = 0
    drawn: int = 0
    year: int = 0
    fresh: int = 0
    settled: int = 0

    def settle_limit(self) -> None:
        self.fresh, self.settled = 0, self.settled + self.fresh

    def use(self, year: int, kopecks: int) -> None:
        if self.year != year:
            self.year, self.fresh, self.settled = year, 0, 0
        self.fresh += kopecks

    def add(self, other: Position) -> None:
        """Takes over what another wallet of the person had; the city stays."""
        if (
            self.year or self.drawn or not self.cooling + other.cooling
        ):  # of whose pledge a withdrawal is cannot be told
            self.settle_limit()
            other.settle_limit()
        if not self.amount:
            self.city = other.city
        self.amount += other.amount
        self.cooling += other.cooling
        self.until = max(self.until, other.until)
        self.tier = self.tier or other.tier
        self.drawn += other.drawn
        if self.year == other.year:
            self.fresh, self.settled = self.fresh + other.fresh, self.settled + other.settled
        elif other.year > self.year:
            self.year, self.fresh, self.settled = other.year, other.fresh, other.settled


@dataclass
class Report:
    attempt: int = 0
    until: int = 0  # zero: none under way
    objections: int = 0
    by: set[str] = field(default_factory=set)


class Campaign:
    def __init__(
        self, house: House, pool: Pool, address: str, form: int, project: int, round_id: int, token: Token
    ):
        self.house, self.pool, self.address, self.form = house, pool, address, form
        self.project, self.round, self.token = house.projects[project], round_id, token
        self.per_rouble, self.fee_share = token.per_rouble, house.fee_share
        self.edition, self.frozen, self.stopped = 0, False, False
        self.raised = self.matched = self.released = self.milestone = 0
        self.uncollected = self.fees = self.proceeds = self.to_backers = self.to_pool = 0
        self.positions: dict[str, Position] = {}
        self.report_ = Report()
        self.released_at = 0
        self.nonces: Counter[str] = Counter()

    def set_terms(self, terms: dict[str, Any], by: str) -> None:
        why = Reasons()
        why(by != self.project.author, "Campaign_NotAuthor", by)
        why(self.frozen, "Campaign_Frozen")
        why(self.phase not in (UPCOMING, OPEN), "Campaign_WrongPhase", self.phase)
        why.settle()
        self.take_terms(terms)

    def take_terms(self, terms: dict[str, Any]) -> None:
        self.terms = terms
        self.edition += 1
        self.stock = {tier: one["stock"] for tier, one in enumerate(terms["tiers"], 1)}

    # ------------------------------------------------------------------- phases

    @property
    def phase(self) -> int:
        now, terms = self.house.now, self.terms
        if self.stopped:
            return STOPPED
        if self.milestone == len(terms["milestones"]):
            return COMPLETED
        if now < terms["opens"]:
            return UPCOMING
        if now < terms["closes"]:
            return OPEN
        if now < terms["closes"] + terms["coolingOff"]:
            return COOLING
        return FUNDED if self.raised >= terms["goal"] else FAILED

    def need_phase(self, why: Reasons, *phases: int) -> None:
        why(self.phase not in phases, "Campaign_WrongPhase", self.phase)

    def of(self, backer: str) -> Position:
        return self.positions.get(backer) or Position()

    @property
    def is_limited(self) -> bool:
        return self.form in (LOAN, SHARE)

    @property
    def shares_proceeds(self) -> bool:
        """Whether what a stop left is drawn as proceeds are."""
        return self.is_limited and self.released > 0

    # ------------------------------------------------------------------ pledges

    def pledge(self, backer: str, given: dict[str, Any]) -> None:
        why, position = Reasons(), self.of(backer)
        amount, city, tier, unit = given["amount"], given["cityId"], given["tier"], self.terms["unitPrice"]
        kopecks = up(amount * 100, self.per_rouble)
        citizen_of = 0 if given["source"] in (STATE, NATIONAL) else city
        self.need_phase(why, OPEN)
        why(given["edition"] != self.edition, "Campaign_OtherEdition", self.edition, given["edition"])
        why(amount == 0 or bool(unit and amount % unit), "Campaign_BadAmount", amount)
        left = self.terms["cap"] - self.raised
        why(amount > left, "Campaign_OverCap", left, amount)
        self.check_tier(why, backer, position, tier, amount)
        if given["source"] in (STATE, NATIONAL):
            self.check_payer(why, backer, given["source"], city)
        else:
            qualified = self.house.is_qualified(backer)
            why(given["source"] == FUND and not qualified, "Campaign_NotTheSource", backer, FUND)
            citizen = not city or self.house.cities.is_citizen(city, backer)
            why(not citizen, "Campaign_NotCitizen", city, backer)
        other = bool(position.amount) and position.city != citizen_of
        why(other, "Campaign_OtherCity", position.city, citizen_of)
        if self.is_limited:
            self.house.check_limit(why, backer, kopecks)
        self.token.check_in(why, "Campaign_ShortTransfer", backer, self.address, amount)
        why.settle()
        if self.house.now >= position.until:
            position.cooling = 0
        position.amount += amount
        position.cooling += amount
        position.until = self.house.now + self.terms["coolingOff"]
        position.city = citizen_of
        if tier and not position.tier:
            position.tier = tier
            self.stock[tier] -= 1
        if self.is_limited:
            if position.cooling == amount:
                position.settle_limit()
            if not self.house.is_qualified(backer):
                position.use(self.house.year, kopecks)
                self.house.used[self.house.investors[backer][0], self.house.year] += kopecks
        self.positions[backer] = position
        self.raised += amount
        self.frozen = True
        self.token.move(backer, self.address, amount)
        self.pool.count(self.round, self.address, backer, citizen_of, amount)

    def check_tier(self, why: Reasons, backer: str, position: Position, tier: int, amount: int) -> None:
        if tier == 0 or why(tier not in self.stock, "Campaign_UnknownTier", tier):
            return
        if position.tier:
            why(position.tier != tier, "Campaign_TierHeld", backer, position.tier)
            return
        price, total = self.terms["tiers"][tier - 1]["price"], position.amount + amount
        why(self.stock[tier] == 0, "Campaign_TierSoldOut", tier)
        why(total < price, "Campaign_BelowTier", tier, price, total)

    def check_payer(self, why: Reasons, backer: str, source: int, city: int) -> None:
        """Who pays from a city's budget names it, or means the project's home."""
        payer = city or self.project.city
        takes_part = payer in {self.project.city, *self.project.joined}
        may = takes_part and self.house.is_treasurer(payer, backer)
        why(not may, "Campaign_NotTheSource", backer, source)

    def withdraw(self, backer: str, to: str) -> int:
        why, position = Reasons(), self.of(backer)
        amount = position.cooling if self.house.now < position.until else 0
        why(to == ZERO, "Campaign_ZeroAddress")
        self.need_phase(why, OPEN, COOLING)
        if not why(amount == 0, "Campaign_Nothing", backer):
            self.token.check_out(why, self.address, to, amount)
        why.settle()
        position.amount -= amount
        position.cooling = position.until = 0
        tier = position.tier
        if tier and position.amount < self.terms["tiers"][tier - 1]["price"]:
            position.tier = 0
            self.stock[tier] += 1
        self.house.free(backer, position.year, position.fresh)
        position.fresh = 0
        self.raised -= amount
        self.token.move(self.address, to, amount)
        self.pool.uncount(self.round, self.address, backer, position.city, amount)
        if position.amount == 0:
            position.city = 0
        return amount

    # ------------------------------------------------------------------ refunds

    def refundable(self, backer: str) -> int:
        amount = self.of(backer).amount
        if self.phase == FAILED:
            return amount
        if self.phase != STOPPED or amount == 0:
            return 0
        return self.claimable(backer) if self.shares_proceeds else self.to_backers * amount // self.raised

    def refund(self, backer: str, to: str) -> int:
        why, position = Reasons(), self.of(backer)
        self.need_phase(why, FAILED, STOPPED)
        why(to == ZERO, "Campaign_ZeroAddress")
        if self.phase == STOPPED and self.shares_proceeds:
            why.settle()
            return self.claim(backer, to)
        paid = self.refundable(backer)
        if not why(paid == 0, "Campaign_Nothing", backer):
            self.token.check_out(why, self.address, to, paid)
        why.settle()
        self.house.free(backer, position.year, position.fresh + position.settled)
        self.positions[backer] = Position()
        self.token.move(self.address, to, paid)
        return paid

    def claimable(self, backer: str) -> int:
        position = self.of(backer)
        if not self.raised or not self.is_limited:
            return 0
        return self.proceeds * position.amount // self.raised - position.drawn

    def claim(self, backer: str, to: str) -> int:
        why = Reasons()
        why(to == ZERO, "Campaign_ZeroAddress")
        if not why(not self.is_limited, "Campaign_WrongForm", self.form):
            paid = self.claimable(backer)
            if not why(paid == 0, "Campaign_Nothing", backer):
                self.token.check_out(why, self.address, to, paid)
        why.settle()
        self.positions[backer].drawn += paid
        self.token.move(self.address, to, paid)
        return paid

    # --------------------------------------------------------------- milestones

    @property
    def due(self) -> int:
        """First second at which the next milestone is overdue; zero: no term runs."""
        return self.released_at + self.terms["milestoneTerm"] if self.released_at else 0

    @property
    def is_overdue(self) -> bool:
        return (
            bool(self.due) and self.phase == FUNDED and not self.report_.until and self.house.now >= self.due
        )

    def report(self, by: str) -> None:
        why, next_ = Reasons(), self.milestone + 1
        why(by not in (self.project.author, self.terms["payee"]), "Campaign_NotAuthor", by)
        self.need_phase(why, FUNDED)
        why(self.milestone == 0, "Campaign_NoMilestone")
        why(bool(self.report_.until), "Campaign_ReportPending", next_, self.report_.until)
        why(bool(self.due) and self.house.now >= self.due, "Campaign_Overdue", next_, self.due)
        why.settle()
        self.report_ = Report(self.report_.attempt + 1, self.house.now + self.terms["vetoWindow"])

    def object(self, backer: str) -> bool:
        """Whether it voided the report."""
        why, report = Reasons(), self.report_
        weight = self.of(backer).amount
        self.need_phase(why, FUNDED)
        if not why(not report.until, "Campaign_NoReport"):
            why(self.house.now >= report.until, "Campaign_WindowOver", report.until)
            why(backer in report.by, "Campaign_ObjectedAlready", backer)
        why(weight == 0, "Campaign_Nothing", backer)
        why.settle()
        report.by.add(backer)
        report.objections += weight
        if report.objections * WHOLE > self.terms["vetoShare"] * self.raised:
            self.report_ = Report(report.attempt)
            return True
        return False

    def release(self) -> tuple[int, int]:
        """Amount and the fee that is in it."""
        why, phase, report = Reasons(), self.phase, self.report_
        self.need_phase(why, FUNDED, COMPLETED)
        why.settle()
        shares = self.terms["milestones"]
        if phase == FUNDED and self.milestone and not why(not report.until, "Campaign_NoReport"):
            why(self.house.now < report.until, "Campaign_WindowRunning", report.until)
        milestone = min(self.milestone + 1, len(shares))
        whole = self.raised + self.matched
        until = whole if milestone == len(shares) else whole * sum(shares[:milestone]) // WHOLE
        amount = until - self.released
        why(phase == COMPLETED and amount == 0, "Campaign_NoMilestone")
        why.settle()
        fee = up(amount * self.fee_share, WHOLE)
        self.milestone, self.report_, self.released_at = milestone, Report(), self.house.now
        self.before_release(amount)
        self.released += amount
        self.fees += fee
        self.uncollected += amount - fee
        return amount, fee

    def before_release(self, amount: int) -> None:
        """For forms that count from it."""

    def collect(self, by: str, to: str) -> int:
        why, amount = Reasons(), self.uncollected
        why(by != self.terms["payee"], "Campaign_NotPayee", by)
        why(to == ZERO, "Campaign_ZeroAddress")
        if not why(amount == 0, "Campaign_Nothing", by):
            self.token.check_out(why, self.address, to, amount)
        why.settle()
        self.uncollected = 0
        self.token.move(self.address, to, amount)
        return amount

    def collect_fees(self) -> int:
        why, amount, to = Reasons(), self.fees, self.house.treasury
        if not why(amount == 0, "Campaign_Nothing", to):
            self.token.check_out(why, self.address, to, amount)
        why.settle()
        self.fees = 0
        self.token.move(self.address, to, amount)
        return amount

    def stop(self, by: str) -> tuple[int, int]:
        """The backers' part and the pool's."""
        why = Reasons()
        self.need_phase(why, *ON_THE_WAY)
        may = by == self.project.author or self.house.is_moderator(self.project.city, by) or self.is_overdue
        why(not may, "Campaign_MayNotStop", by)
        why.settle()
        whole = self.raised + self.matched
        rest = whole - self.released
        self.to_backers = rest * self.raised // whole if whole else 0
        self.to_pool = rest - self.to_backers
        self.stopped = True
        self.report_ = Report()
        if self.shares_proceeds:
            self.proceeds += self.to_backers
        return self.to_backers, self.to_pool

    # ----------------------------------------------------------------- matching

    def receive_match(self, amount: int) -> None:
        assert self.phase in (FUNDED, COMPLETED)
        self.matched += amount

    def return_match(self) -> int:
        why, amount = Reasons(), self.to_pool
        self.need_phase(why, STOPPED)
        if not why(amount == 0, "Campaign_Nothing", self.pool.address):
            self.token.check_in(why, "Campaign_ShortTransfer", self.address, self.pool.address, amount)
        why.settle()
        self.to_pool = 0
        self.matched -= amount
        self.token.move(self.address, self.pool.address, amount)
        self.pool.take_back(self.round, amount)
        return amount

    # ----------------------------------------------------------------- recovery

    def follow(self, old: str) -> str:
        """Where the position went."""
        why, position = Reasons(), self.of(old)
        cities, city = self.house.cities, position.city
        known = (city, old) in cities.owner
        why(not known or cities.current(city, old) == old, "Campaign_NotRecovered", city, old)
        why.settle()
        new = cities.current(city, old)
        mine, now = self.of(new), self.house.now
        # What comes to another city's citizen, or nobody's, cannot be withdrawn: the pool goes on
        # counting it where it did.
        if now >= position.until or (mine.amount and mine.city != city):
            position.cooling = position.until = 0
        if now >= mine.until:
            mine.cooling = mine.until = 0
        if position.tier and mine.tier:
            self.stock[position.tier] += 1
            position.tier = 0
        mine.add(position)
        self.positions[new], self.positions[old] = mine, Position()
        if old in self.report_.by:
            self.report_.by.add(new)
        return new
