"""What the people of a fund do in the play: organisation, manager, appraiser, partners."""

from dataclasses import dataclass
from typing import Any

from backend.chain import deployment
from backend.chain.contract import Contract
from backend.chain.send import Sender
from backend.content.documents import Document
from backend.demo import avatars
from backend.demo.avatars import YEAR, Avatar
from backend.demo.purse import Purse, campaign_at
from backend.demo.stage import Person
from backend.demo.town import DAY, nullifier
from backend.demo.works import Works

REPLACE_MANAGER, REPLACE_APPRAISER, EXTEND_LIFE, WIND_UP = range(4)
NOBODY = "0x" + "0" * 40
MANDATE = {"kinds": 0, "forms": 0, "largest_share": 10_000, "may_commit": False, "cities": ()}
TERMS = {
    "minimum": 200_000, "cap": 3_000_000, "final_closing": 60 * DAY, "investment_period": 3 * YEAR,
    "life": 8 * YEAR, "extension": 0, "extensions": 0, "management_fee": 200, "hurdle": 800,
    "catch_up": 10_000, "carry": 2_000, "escrow": 2_500, "equalisation": 700, "call_notice": 7 * DAY,
    "grace": 3 * DAY, "late_fee": 100, "forfeit": 5_000, "mark_term": 60 * DAY,
}  # fmt: skip
"""The usual terms, as in `IFundAvatar.Terms`; sums in roubles, the final closing in seconds from launch."""


def fund_at(address: str) -> Contract:
    """The avatar of a fund."""
    made = Contract("FundAvatar", address, deployment.artifact("IFundAvatar")["abi"])
    return made.with_errors_of(campaign_at(address))


def books_of(sender: Sender, fund: Contract) -> dict[str, int]:
    """`booksOf` by the names of its fields."""
    entry = next(e for e in fund.abi if e["type"] == "function" and e["name"] == "booksOf")
    names = (part["name"] for part in entry["outputs"][0]["components"])
    return dict(zip(names, sender.read(fund.call("booksOf")), strict=True))


@dataclass
class Fund:
    """A fund of the play. `avatar` is known from the day after its launch on."""

    plan: Avatar
    content: bytes
    organisation: Person
    manager: Person
    appraiser: Person
    partners: list[Person]
    avatar: Contract | None = None

    @property
    def contract(self) -> Contract:
        assert self.avatar is not None
        return self.avatar

    @property
    def address(self) -> str:
        return str(self.contract.address)


class Office:
    """The steps that stories about funds consist of; sums in roubles."""

    def __init__(self, works: Works, purse: Purse):
        self.works, self.purse = works, purse
        self.stage, self.at, self.unit = works.stage, works.at, works.unit

    def _launch(self, plan: Avatar) -> Fund:
        """The organisation launches it; `identify` follows the next day."""
        roles = ("organisation", "manager", "appraiser")
        organisation, manager, appraiser = (self._person(f"{role} of the {plan.key} fund") for role in roles)
        numbers = range(1, len(plan.partners) + 1)
        partners = [self._person(f"partner {number} of the {plan.key} fund") for number in numbers]
        terms = TERMS | plan.terms
        terms |= {name: terms[name] * self.unit for name in ("minimum", "cap")}
        terms["final_closing"] += self.works.now
        fund = Fund(plan, self._keep(plan.document), organisation, manager, appraiser, partners)
        launched = (
            plan.name, plan.symbol, self.works.token, manager.address, appraiser.address,
            tuple((MANDATE | plan.mandate).values()), tuple(terms.values()), fund.content,
        )  # fmt: skip
        self.stage.do(organisation, self.at.funds.call("launch", *launched))
        return fund

    def _identify(self, fund: Fund) -> None:
        """The operator knows it as a qualified investor."""
        known = ([fund.address], [(nullifier(fund.organisation), True)])
        self.stage.do(self.stage.sender.addresses[0], self.at.factory.call("setInvestors", *known))

    def _call(self, fund: Fund, roubles: int, days: int) -> None:
        due, notice = self.works.now + days * DAY, self._keep(avatars.NOTICE)
        self._manage(fund, "callCapital", roubles * self.unit, due, notice)

    def _pay(self, fund: Fund, *numbers: int, part: int = 1) -> None:
        """These partners pay what they owe, or one `part` of it; what is late with its fee."""
        for partner in (fund.partners[number] for number in numbers):
            due, late = self._read(fund, "dueOf", partner.address)
            self.purse.allow(partner, fund.address, due + late // 10)
            self._do(partner, fund, "pay", partner.address, due // part)

    def _claim(self, fund: Fund, *numbers: int) -> None:
        for number in numbers:
            self._anybody(fund, "claim", fund.partners[number].address)

    def _invest(self, fund: Fund, key: str, roubles: int) -> None:
        work = self.works.works[key]
        self._manage(fund, "invest", work.money.address, roubles * self.unit, 0, 1)
        work.raised += roubles * self.unit

    def _commit_to(self, fund: Fund, other: Fund, roubles: int) -> None:
        amount = roubles * self.unit
        # The premium grows until the commitment is in its block.
        most = sum(self._read(other, "costOfEntry", amount)) + amount // 100
        self._manage(fund, "commitTo", other.address, amount, most)

    def _pay_to(self, fund: Fund, other: Fund) -> None:
        due, _ = self._read(other, "dueOf", fund.address)
        self._manage(fund, "payTo", other.address, due)

    def _collect(self, fund: Fund, holding: str) -> None:
        self._anybody(fund, "collect", holding)

    def _mark(self, fund: Fund, holding: str, roubles: int, company: int = 0) -> None:
        """As of that day's morning."""
        worth = (
            roubles * self.unit,
            company * self.unit,
            self.works.now - DAY // 2,
            self._keep(avatars.VALUED),
        )
        self._do(fund.appraiser, fund, "mark", holding, *worth)

    def _propose(self, fund: Fund, number: int, matter: int, reason: Document) -> None:
        self._do(fund.partners[number], fund, "propose", matter, NOBODY, self._keep(reason))

    def _books(self, fund: Fund) -> dict[str, int]:
        return books_of(self.stage.sender, fund.contract)

    def _cash(self, fund: Fund) -> int:
        return self._books(fund)["cash"]

    def _campaign(self, key: str) -> str:
        return str(self.works.works[key].money.address)

    def _person(self, name: str) -> Person:
        return self.stage.person(name, acts=True)

    def _keep(self, document: Document) -> bytes:
        return self.works.town(0).library.keep(document)

    def _read(self, fund: Fund, function: str, *arguments: Any) -> Any:
        return self.stage.sender.read(fund.contract.call(function, *arguments))

    def _manage(self, fund: Fund, function: str, *arguments: Any) -> None:
        self._do(fund.manager, fund, function, *arguments)

    def _anybody(self, fund: Fund, function: str, *arguments: Any) -> None:
        self._do(self.works.relay, fund, function, *arguments)

    def _do(self, who: Person, fund: Fund, function: str, *arguments: Any) -> None:
        self.stage.do(who, fund.contract.call(function, *arguments))
