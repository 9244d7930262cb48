"""What games of money stand on: campaigns and rounds of two cities beside their model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from tests.contracts.kit.contract import Contract, Receipt
from tests.contracts.kit.people import Person
from tests.contracts.kit.raising import Raising
from tests.contracts.kit.world import DAY, World, h
from tests.contracts.model.campaigns import Campaign, Position
from tests.contracts.model.cities import TREASURER, Cities
from tests.contracts.model.matching import Pool, Round
from tests.contracts.model.money import House, Project, Token
from tests.contracts.model.money_record import MoneyRecord
from tests.contracts.stateful.game import Game
from tests.contracts.stateful.machine import history

T = TypeVar("T")
RICH = 10**9
PER_ROUBLE = 7  # base units: odd, so that kopecks are rounded
FEE_SHARE, YEAR_LIMIT = 250, 60_000  # basis points, kopecks: 4,200 units
MANNERS = ("Good", "TakesFee", "SaysFalse", "Reverts")


class MoneyMachine(Game):
    """Campaigns and rounds beside their model."""

    tokens: ClassVar[list[Contract]]
    raising: ClassVar[Raising]
    projects: ClassVar[list[int]]

    @classmethod
    def prepare(cls, w: World) -> None:
        super().prepare(w)
        w.registry.setRoles(2, w.treasurer, TREASURER, by=w.other_steward)
        w.earn(w.citizen, 50)
        w.earn(w.neighbour, 10)
        w.earn(w.guest, 20, city=2)
        cls.tokens = [w.mock("BadToken"), w.mock("BadToken")]
        for token in cls.tokens:
            w.factory.setToken(token.address, PER_ROUBLE, by=w.operator)
            for one in cls.everybody():
                token.mint(one, RICH, by=w.deployer)
            token.approve(w.pool.address, RICH, by=w.treasurer)
        w.factory.setYearLimit(YEAR_LIMIT, by=w.operator)
        w.factory.setFee(FEE_SHARE, w.operator, by=w.operator)
        cls.investors = {
            w.citizen: (h("person a"), False),
            w.neighbour: (h("person a"), False),
            w.new_wallet: (h("person a"), False),
            w.newer_wallet: (h("person a"), False),
            w.third: (h("person b"), True),
            w.guest: (h("person c"), False),
        }
        rows = [{"person": person, "qualified": rich} for person, rich in cls.investors.values()]
        w.factory.setInvestors(list(cls.investors), rows, by=w.operator)
        cls.raising = Raising(w)
        cls.projects = [cls.financed(), cls.financed()]
        cls.network = history(w)

    @classmethod
    def financed(cls) -> int:
        """A project of the first city, which the second joined, where campaigns may open."""
        w = cls.w
        project = cls.raising.financed()
        w.projects.inviteCity(project, 2, by=cls.raising.author)
        w.projects.joinProject(project, 2, by=w.other_moderator)
        return project

    def begin(self) -> None:
        w = self.w
        self.cities = cities = Cities(w.recovery_delay)
        for events, _ in self.network:
            cities.fold(events)
        self.house = House(cities, w.now, FEE_SHARE, w.operator, YEAR_LIMIT)
        self.house.investors = dict(self.investors)
        self.house.lifetime = {
            (city, one): w.ledger.balanceOf(city, one).lifetime for city, one in cities.owner
        }
        for token in self.tokens:
            self.house.tokens[token.address] = mine = Token(token.address, PER_ROUBLE)
            mine.held.update(dict.fromkeys(self.everybody(), RICH))
        for project in self.projects:
            self.house.projects[project] = Project(self.raising.author, 1, {2})
        self.pool = Pool(self.house, w.pool.address)
        self.campaigns: list[Campaign] = []
        self.contracts: dict[str, Contract] = {}
        self.forms: dict[str, int] = {}
        self.records: dict[str, MoneyRecord] = {}
        self.touched: Campaign | None = None
        self.round: int | None = None
        self.steps = -1
        self.allowed: set[tuple[str, str]] = set()
        self.last, self.stale = None, True

    # ------------------------------------------------------------------- people

    @classmethod
    def backers(cls) -> list[Person]:
        w = cls.w
        return [
            w.citizen,
            w.neighbour,
            w.third,
            w.guest,
            w.stranger,
            w.treasurer,
            w.new_wallet,
            w.newer_wallet,
        ]

    @classmethod
    def everybody(cls) -> list[Person]:
        """Who may hold money, besides contracts."""
        return [*cls.backers(), cls.w.other_sponsor, cls.w.operator]

    def backer(self, number: int) -> Person:
        return self.backers()[number % len(self.backers())]

    # -------------------------------------------------------------------- steps

    def took(self, receipt: Receipt) -> None:
        for log in receipt.logs:
            record = next((r for of, r in self.records.items() if of.lower() == log["address"].lower()), None)
            if record and (event := self.w.book.event(log)):
                record.fold(*event, self.house.now)

    def on(
        self, campaign: Campaign, by_rules: Callable[[], T], by_contract: Callable[[Contract], Receipt]
    ) -> T | None:
        """A step of one campaign."""
        self.touched = campaign
        return self.attempt(by_rules, lambda: by_contract(self.contracts[campaign.address]))

    def allow(self, campaign: Campaign, backer: Person) -> None:
        """The campaign may take all that they have."""
        if (campaign.address, backer) not in self.allowed:
            token = next(token for token in self.tokens if token.address == campaign.token.address)
            token.approve(campaign.address, RICH, by=backer)
            self.allowed.add((campaign.address, backer))

    def holder(self, campaign: Campaign, who: int, what: Callable[[Position], Any]) -> Person:
        """Mostly a backer of whom this is true; by 7 anybody."""
        fitting = [one for one in self.backers() if what(campaign.of(one))]
        return self.pick(fitting, who) if fitting and who < 7 else self.backer(who)

    def in_round(
        self, number: int, by_rules: Callable[[], T], by_contract: Callable[[], Receipt]
    ) -> T | None:
        """A step of one round."""
        self.round = number
        return self.attempt(by_rules, by_contract)

    def campaign(self, which: int, *phases: int) -> Campaign | None:
        """One in these phases; where there is none, now and then another, to be refused."""
        fitting = [one for one in self.campaigns if not phases or one.phase in phases]
        return self.pick(fitting or (self.campaigns if which == 0 else []), which)

    def a_round(self, which: int) -> tuple[int, Round] | None:
        number = self.pick(list(self.pool.rounds), which)
        return None if number is None else (number, self.pool.rounds[number])

    def travel_to(self, time: int) -> None:
        self.last, self.stale, self.touched, self.round = None, True, None, None
        if time > self.house.now:
            self.w.node.travel_to(time)
            self.house.now = time

    def edges(self) -> list[int]:
        """The seconds still to come at which something opens or closes."""
        found = set()
        for one in self.campaigns:
            terms = one.terms
            found |= {terms["opens"], terms["closes"], terms["closes"] + terms["coolingOff"]}
            found |= {one.report_.until, one.due, one.due + 1}
            found |= {position.until for position in one.positions.values()}
            if hasattr(one, "late_since") and one.released:
                loan = terms["loan"]
                late = one.first_release + loan["interval"] + loan["grace"]
                found |= {late, late + loan["defaultAfter"]}
        found |= {kept.terms["closes"] for kept in self.pool.rounds.values()}
        return sorted(one for one in found if one > self.house.now)

    def terms(self, form: int, **changes: Any) -> dict[str, Any]:
        now = self.house.now
        tiers = [
            {"price": 100, "stock": 2, "content": h("cup")},
            {"price": 700, "stock": 1, "content": h("bench")},
        ]
        loan = {
            "rate": 1_234,
            "instalments": 3,
            "interval": 20 * DAY,
            "grace": 2 * DAY,
            "defaultAfter": 5 * DAY,
        }
        return {
            "payee": self.w.other_sponsor,
            "opens": now,
            "closes": now + 10 * DAY,
            "coolingOff": 2 * DAY,
            "goal": 1_000,
            "cap": 6_000,
            "vetoShare": 3_333,
            "vetoWindow": 3 * DAY,
            "milestoneTerm": 15 * DAY,
            "milestones": [3_333, 3_333, 3_334],
            "content": h("terms"),
            "tiers": tiers if form == 1 else [],
            "loan": loan if form == 2 else dict.fromkeys(loan, 0),
            "unitPrice": 7 if form == 3 else 0,
        } | changes

    @staticmethod
    def no_permit() -> dict[str, Any]:
        return {"value": 0, "deadline": 0, "v": 0, "r": bytes(32), "s": bytes(32)}
