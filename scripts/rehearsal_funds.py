"""The rehearsal's third part: funds that live for ten years on the projects of the second.

Five organisations launch a fund each; one of them, which commits to two of the others, is a fund of funds.
Their partners commit, pay by permits that they sign, come late, are in default, sell units. Managers invest
in campaigns of Paris' projects that are still at financing or implementation; the companies are sold, repay,
or end with nothing; what comes is distributed and claimed. One fund is wound up by its partners, the others
end with their life.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backend.chain.contract import Call, Contract
from backend.chain.eip712 import digest
from backend.cli.storing import store_documents
from backend.content.documents import (
    AppraisalDocument,
    FundDocument,
    NoticeDocument,
    ReasonDocument,
    Text,
    encode,
)
from backend.demo.office import NOBODY, WIND_UP, books_of, fund_at
from backend.demo.purse import PERMIT, campaign_at
from backend.demo.raising import LOAN, NO_LOAN, SHARE
from backend.demo.signing import key_of, signature
from backend.demo.stage import Events, Person
from backend.kit.hashing import keccak
from scripts.rehearsal_paris import FOR_EVER, STAGE, Work

if TYPE_CHECKING:
    from scripts.rehearsal import Rehearsal, Step
    from scripts.rehearsal_paris import Paris

DAY = 86_400
YEAR = 365 * DAY
FUNDS, ROUNDS = 5, 5
"""Funds, and the years in which they invest."""
LATE, DEFAULTING, LATER, SELLING = 1, 2, 3, 4
"""Places of the partners of each fund who pay late, do not pay, come after the first closing, sell units."""
LOAN_TERMS = (900, 4, 180 * DAY, 30 * DAY, 90 * DAY)
LARGEST = 1_500
"""Most that a fund puts in one project, basis points; the fund of funds commits up to twice as much."""
GAS_MONEY = 10**20
"""Wei that everybody who sends transactions has."""
OUTCOMES = (0, 0, 50, 120, 200, 350, 700)
"""What a company is sold for, percent of what was raised."""


@dataclass
class Holding:
    """A campaign of a round, and which funds put how much in it (cents)."""

    work: Work
    form: int
    fails: bool
    stakes: dict[int, int]
    address: str = ""

    @property
    def money(self) -> Contract:
        return campaign_at(self.address)

    @property
    def raised(self) -> int:
        return sum(self.stakes.values())


@dataclass
class Fund:
    """A fund by its place, its people, and what each partner commits (cents)."""

    place: int
    organisation: Person
    manager: Person
    appraiser: Person
    partners: list[Person]
    commitments: list[int]
    contract: Any = None
    holdings: list[Holding] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    """Places of partners in default."""

    @property
    def address(self) -> str:
        return str(self.contract.address)


class Funds:
    """The funds of the rehearsal. `partners` and `investments` are of all of them together."""

    def __init__(self, season: "Rehearsal", paris: "Paris", partners: int, investments: int):
        self.season, self.paris, self.stage = season, paris, season.stage
        self.at = season.network
        self.money, self.random = paris.money, random.Random(5)
        self.partners, self.investments = partners, investments
        self.operator = self.at.sender.addresses[0]
        self.funds: list[Fund] = []
        self.permits: dict[str, int] = {}
        self.holdings: list[Holding] = []
        self.done = {"paid": 0, "invested": 0, "collected": 0, "claimed": 0, "investments": 0, "defaults": 0}

    def play(self) -> None:
        self._keep_texts()
        self._launch()
        self._commit()
        for round_ in range(ROUNDS):
            self._call(round_)
            self._invest(round_)
            if round_ >= 2:
                self._exit(round_ - 2)
                self._distribute()
            self._pass(YEAR - 90 * DAY)
        for round_ in (ROUNDS - 2, ROUNDS - 1):
            self._exit(round_)
            self._distribute()
            self._pass(YEAR)
        self._end()

    # ---------------------------------------------------------------- launch

    def _keep_texts(self) -> None:
        both = Text(ru="Репетиция: вымышленный фонд.", en="A rehearsal: this fund is made up.")
        documents = [FundDocument(title=Text(ru=f"Фонд {n}", en=f"Fund {n}")) for n in range(1, FUNDS + 1)]
        further = {
            "notice": NoticeDocument(text=both),
            "valued": AppraisalDocument(description=both),
            "reason": ReasonDocument(text=both),
        }
        encoded = {name: encode(document) for name, document in further.items()}
        self.texts = {name: hash_ for name, (hash_, _) in encoded.items()}
        described = [encode(document) for document in documents]
        self.contents = [hash_ for hash_, _ in described]
        store_documents([body for _, body in (*encoded.values(), *described)])

    def _launch(self) -> None:
        """The last is the fund of funds."""
        each, now = self.partners // FUNDS, self.season.now()
        for place in range(FUNDS):
            roles = (
                self._person(f"{role} of fund {place}") for role in ("organisation", "manager", "appraiser")
            )
            partners = [self._person(f"partner {n} of fund {place}") for n in range(each)]
            commitments = [self.random.randrange(5_000_000, 50_000_000) for _ in partners]
            self.funds.append(Fund(place, *roles, partners, commitments))
        with self._step("launched, and known to the operator as investors", "funds") as step:
            for fund, content in zip(self.funds, self.contents, strict=True):
                self.stage.do(
                    fund.organisation, self.at.funds.call("launch", *self._terms(fund, now), content)
                )
            launched = self._now()["FundLaunched"]
            for fund, event in zip(self.funds, launched, strict=True):
                fund.contract = fund_at(event["fund"])
            known = [(keccak(f"rehearsal fund {fund.place}".encode()), True) for fund in self.funds]
            wallets = [fund.address for fund in self.funds]
            self.stage.do(self.operator, self.at.factory.call("setInvestors", wallets, known))
            self._now()
            step.count = len(self.funds)

    def _terms(self, fund: Fund, now: int) -> tuple[Any, ...]:
        funds = fund is self.funds[-1]
        mandate = (
            2**11 - 1,
            1 << LOAN | 1 << SHARE,
            2 * LARGEST if funds else LARGEST,
            funds,
            [self.paris.city],
        )
        carry, catch_up = ((2_000, 10_000), (2_000, 8_000), (2_500, 5_000), (1_500, 0), (500, 0))[fund.place]
        terms = (
            1, 10**12, now + YEAR, (ROUNDS + 1) * YEAR, 8 * YEAR, YEAR, 2, 200 if not funds else 50, 800,
            catch_up, carry, 3_000, 700, 10 * DAY, 5 * DAY, 100, 5_000, 400 * DAY,
        )  # fmt: skip
        name = f"Rehearsal fund {fund.place + 1}"
        people = (fund.manager.address, fund.appraiser.address)
        return (name, f"RF{fund.place + 1}", self.money.address, *people, mandate, terms)

    def _commit(self) -> None:
        for fund in self.funds:
            self._manage(fund, "admit", [partner.address for partner in fund.partners], True)
            self._manage(fund, "admit", [self.funds[-1].address], True)
        self._now()
        with self._step("commitments of partners", "commitments") as step:
            for fund in self.funds:
                for place, partner in enumerate(fund.partners):
                    if place != LATER:
                        self._do(partner, fund, "commit", fund.commitments[place], 0)
            step.count = len(self._now()["CapitalCommitted"])
        for fund in self.funds:
            self._manage(fund, "close")
        self._now()

    # ----------------------------------------------------------------- calls

    def _call(self, round_: int) -> None:
        """Each fund calls a part of what was committed; partners pay, some late, some never."""
        due = self.season.now() + 20 * DAY
        with self._step("capital called", "calls") as step:
            for fund in self.funds:
                part = self._books(fund)["committed"] * (18, 20, 18, 15, 12)[round_] // 100
                self._manage(fund, "callCapital", part, due, self.texts["notice"])
            step.count = len(self._now()["CapitalCalled"])
        with self._step("calls paid by permit", "payments") as step:
            for fund in self.funds:
                missing = {LATE, DEFAULTING} if round_ == 1 else set()
                step.count += self._pay(fund, [n for n in range(len(fund.partners)) if n not in missing])
        if round_ == 0:
            self._later()
        elif self._due(self.funds[0], self.funds[-1].address):
            self._between("payTo")
        self._pass(21 * DAY)
        if round_ == 1:
            with self._step("late payments", "payments") as step:
                step.count = sum(self._pay(fund, [LATE]) for fund in self.funds)
            self._pass(5 * DAY)
            with self._step("partners in default", "defaults") as step:
                for fund in self.funds:
                    self._manage(fund, "declareDefault", fund.partners[DEFAULTING].address)
                    fund.gone.add(DEFAULTING)
                step.count = len(self._now()["PartnerDefaulted"])
                self.done["defaults"] += step.count

    def _pay(self, fund: Fund, places: Sequence[int]) -> int:
        """By the partners' own transactions, each with a permit; how many paid."""
        those = [fund.partners[place] for place in places if place not in fund.gone]
        owed = self.at.sender.read_all([fund.contract.call("dueOf", who.address) for who in those])
        paying = [(who, due, late) for who, (due, late) in zip(those, owed, strict=True) if due]
        for who, due, late in paying:
            whole = due + -(-late // 100)
            self._mint(who.address, whole)
        self._now()
        for who, due, late in paying:
            permit = self._permit(who, fund.address, due + -(-late // 100))
            self._do(who, fund, "payWithPermit", due, permit)
        paid = self._now()["CallPaid"]
        self.done["paid"] += sum(event["amount"] for event in paid)
        return len(paid)

    def _later(self) -> None:
        """One partner of each comes after the first closing, and the fund of funds to two others."""
        self._pass(60 * DAY)
        with self._step("later partners, equalised", "commitments") as step:
            for fund in self.funds:
                partner, amount = fund.partners[LATER], fund.commitments[LATER]
                most = sum(self._read(fund, "costOfEntry", amount)) * 101 // 100
                self._mint(partner.address, most)
                self._now()
                self._do(
                    partner, fund, "commitWithPermit", amount, most, self._permit(partner, fund.address, most)
                )
                events = self._now()["CapitalCommitted"]
                step.count += len(events)
                self.done["paid"] += sum(event["capital"] for event in events)
        self._between("commitTo")

    def _between(self, function: str) -> None:
        """The fund of funds commits to the first two, or pays what they call."""
        above = self.funds[-1]
        for below in self.funds[:2]:
            if function == "payTo":
                self._manage(above, "payTo", below.address, self._due(below, above.address))
                continue
            amount = self._books(above)["committed"] // 4
            most = sum(self._read(below, "costOfEntry", amount)) * 101 // 100
            self._manage(above, "commitTo", below.address, amount, most)
        events = self._now()
        self.done["paid"] += sum(event["capital"] for event in events["CapitalCommitted"])
        self.done["paid"] += sum(event["amount"] for event in events["CallPaid"])

    # ----------------------------------------------------------- investments

    def _invest(self, round_: int) -> None:
        """A fifth of all investments: two funds in each campaign; every tenth campaign misses its goal."""
        made = self._plan(round_)
        now = self.season.now()
        with self._step("campaigns made", "campaigns") as step:
            calls = [self._campaign(holding, now) for holding in made]
            events = self.season.send(self.paris.author, calls)["CampaignCreated"]
            step.count = len(events)
        for holding, event in zip(made, events, strict=True):
            holding.address = event["campaign"]
        with self._step("invested in campaigns", "investments") as step:
            for holding in made:
                for place, amount in holding.stakes.items():
                    self._manage(self.funds[place], "invest", holding.address, amount, 0, 1)
                    self.funds[place].holdings.append(holding)
            events = self._now()["Invested"]
            step.count = len(events)
            self.done["investments"] += len(events)
            self.done["invested"] += sum(event["amount"] for event in events)
        self._pass(14 * DAY)
        self.season.send(self.season.relay, [h.money.call("release") for h in made if not h.fails])
        with self._step("refunds of what missed its goal", "refunds") as step:
            step.count = self._collect([holding for holding in made if holding.fails])
        self.holdings += made
        with self._step("holdings marked", "marks") as step:
            for fund in self.funds:
                for holding in fund.holdings[-8:]:
                    if not holding.fails:
                        worth = holding.stakes[fund.place] * self.random.randrange(50, 220) // 100
                        self._mark(fund, holding.address, worth, 10 * holding.raised)
            step.count = len(self._now()["HoldingMarked"])

    def _plan(self, round_: int) -> list[Holding]:
        """The campaigns of a year: projects that raise once more, and what two funds put in each."""
        able = [
            work
            for work in self.paris.works
            if work.stage in (STAGE["financing"], STAGE["implementation"]) and not work.found.state.abandoned
        ]
        count = self.investments // (2 * ROUNDS)
        works = able[round_ * count : (round_ + 1) * count]
        books = [self._books(fund) for fund in self.funds]
        turns = [(2 * n % FUNDS, (2 * n + 1) % FUNDS) for n in range(len(works))]
        shares = [max(sum(place in pair for pair in turns), 1) for place in range(FUNDS)]
        made = []
        for n, (work, pair) in enumerate(zip(works, turns, strict=True)):
            # Most of the cash, and never more in one project than the mandate allows.
            stakes = {
                place: min(
                    books[place]["cash"] * 85 // 100 // shares[place],
                    books[place]["committed"] * LARGEST // 10_000,
                )
                for place in pair
            }
            made.append(Holding(work, LOAN if n % 3 == 2 else SHARE, n % 10 == 9, stakes))
        return made

    def _campaign(self, holding: Holding, now: int) -> Call:
        goal = holding.raised * (2 if holding.fails else 1)
        terms = (
            self.paris.author, now, now + 10 * DAY, 2 * DAY, goal, 2 * goal, 5_000, DAY, 90 * DAY, [10_000],
            self.paris.texts["terms"], [], LOAN_TERMS if holding.form == LOAN else NO_LOAN,
            1 if holding.form == SHARE else 0,
        )  # fmt: skip
        token = self.money.address
        return self.at.factory.call("create", holding.work.number, holding.form, 0, token, terms)

    def _mark(self, fund: Fund, holding: str, worth: int, company: int) -> None:
        day = self.season.now() - DAY // 2
        self._do(fund.appraiser, fund, "mark", holding, worth, company, day, self.texts["valued"])

    # ----------------------------------------------------------------- exits

    def _exit(self, round_: int) -> None:
        """The companies of a round are sold, repay, or are written off."""
        count = self.investments // (2 * ROUNDS)
        ours = [h for h in self.holdings[round_ * count : (round_ + 1) * count] if not h.fails]
        calls, paying = [], []
        for n, holding in enumerate(ours):
            if holding.form == LOAN:
                owed = sum(self.at.sender.read(holding.money.call("loanOf"))[:2])
                given, function = owed * (100 if n % 5 else 40) // 100, "repay"
            else:
                given, function = holding.raised * self.random.choice(OUTCOMES) // 100, "distribute"
            if given:
                calls.append(self.money.call("mint", self.paris.author, given))
                calls.append(self.money.call("approve", holding.address, given))
                calls.append(holding.money.call(function, given))
                paying.append(holding)
        with self._step("companies sold and loans repaid, collected", "collections") as step:
            self.season.send(self.paris.author, calls)
            step.count = self._collect(paying)
        with self._step("holdings written off", "losses") as step:
            for holding in ours:
                for place in holding.stakes:
                    if self._cost(self.funds[place], holding.address):
                        self._manage(self.funds[place], "writeOff", holding.address, self.texts["reason"])
            step.count = len(self._now()["HoldingWrittenOff"])

    def _collect(self, holdings: Sequence[Holding]) -> int:
        for holding in holdings:
            for place in holding.stakes:
                self._anybody(self.funds[place], "collect", holding.address)
        events = self._now()["ProceedsCollected"]
        self.done["collected"] += sum(event["amount"] for event in events)
        return len(events)

    def _distribute(self) -> None:
        """Fees, then what cash there is above a reserve; a third of the partners claim."""
        with self._step("fees taken, cash distributed and claimed", "claims") as step:
            for fund in self.funds:
                books = self._books(fund)
                if books["feeDue"] and books["cash"]:
                    self._anybody(fund, "takeFee")
            self._now()
            for fund in self.funds:
                cash = self._books(fund)["cash"] * 3 // 4
                if cash:
                    self._manage(fund, "distribute", cash)
            self._now()
            step.count = self._claim()

    def _claim(self) -> int:
        """Every third partner claims, and the fund of funds collects."""
        for fund in self.funds:
            those = [who for n, who in enumerate(fund.partners) if n % 3 == 0]
            owed = self.at.sender.read_all([fund.contract.call("claimableOf", who.address) for who in those])
            for who, amount in zip(those, owed, strict=True):
                if amount:
                    self._anybody(fund, "claim", who.address)
        above = self.funds[-1]
        for below in self.funds[:2]:
            if self._read(below, "claimableOf", above.address):
                self._anybody(above, "collect", below.address)
        events = self._now()["DistributionClaimed"]
        self.done["claimed"] += sum(event["amount"] for event in events)
        return len(events)

    # ------------------------------------------------------------------ ends

    def _end(self) -> None:
        """Units change hands; one fund is wound up by motion, the others end with their life."""
        first = self.funds[0]
        for fund in self.funds:
            seller, buyer = fund.partners[SELLING], fund.partners[0]
            units = self._read(fund, "balanceOf", seller.address) // 3
            self._do(seller, fund, "transfer", buyer.address, units)
        self._now()
        with self._step("consents to wind up", "consents") as step:
            self._do(first.partners[0], first, "propose", WIND_UP, NOBODY, self.texts["reason"])
            step.count = len(self._now()["MotionSupported"])
            for partner in first.partners[3:]:
                if self._books(first)["endsAt"] <= self.season.now():
                    break
                self._do(partner, first, "consent", 1)
                step.count += len(self._now()["MotionSupported"])
        self._pass(2 * YEAR)
        with self._step("concluded", "funds") as step:
            step.count = sum(self._conclude(fund) for fund in self.funds)

    def _conclude(self, fund: Fund) -> int:
        """What is left is distributed; carry that was too much comes back."""
        if fund is self.funds[-1]:
            self._claim()
            for below in self.funds[:2]:
                if self._cost(fund, below.address):
                    self._manage(fund, "writeOff", below.address, self.texts["reason"])
        self._now()
        books = self._books(fund)
        if books["feeDue"] and books["cash"]:
            self._anybody(fund, "takeFee")
        self._now()
        if cash := self._books(fund)["cash"]:
            self._anybody(fund, "distribute", cash)
        self._now()
        self._anybody(fund, "conclude")
        ended = len(self._now()["FundConcluded"])
        owed = self._books(fund)["clawback"]
        if owed:
            self._mint(fund.organisation.address, owed)
            self._now()
            self.stage.do(fund.organisation, self.money.call("approve", fund.address, owed))
            self._do(fund.organisation, fund, "returnCarry", owed)
            self._now()
        self._claim()
        return ended

    # --------------------------------------------------------------- helpers

    @contextmanager
    def _step(self, title: str, unit: str) -> Iterator["Step"]:
        """A line of the report, one for all years."""
        with self.season.step(f"Funds: {title}", unit) as step:
            yield step
        *before, step = self.season.steps
        for earlier in before:
            if earlier.title == step.title:
                earlier.add(step)
                self.season.steps.pop()

    def _person(self, name: str) -> Person:
        """Somebody who sends transactions of their own."""
        person = self.stage.person(f"rehearsal {name}")
        self.at.sender.add(key_of(person.name).to_bytes())
        self.season.rpc.call("anvil_setBalance", person.address, hex(GAS_MONEY))
        return person

    def _do(self, who: Person, fund: Fund, function: str, *arguments: Any) -> None:
        self.stage.do(who, fund.contract.call(function, *arguments))

    def _manage(self, fund: Fund, function: str, *arguments: Any) -> None:
        self._do(fund.manager, fund, function, *arguments)

    def _anybody(self, fund: Fund, function: str, *arguments: Any) -> None:
        self.stage.do(self.operator, fund.contract.call(function, *arguments))

    def _now(self) -> Events:
        """Brings what was done on chain; its events."""
        if not self.stage.waiting:
            return defaultdict(list)
        return self.stage.at(self.season.now() + 12)

    def _pass(self, seconds: int) -> None:
        time = self.season.now() + seconds
        self.season.rpc.batch([("evm_setNextBlockTimestamp", [time]), ("evm_mine", [])])

    def _read(self, fund: Fund, function: str, *arguments: Any) -> Any:
        return self.at.sender.read(fund.contract.call(function, *arguments))

    def _books(self, fund: Fund) -> dict[str, int]:
        return books_of(self.at.sender, fund.contract)

    def _due(self, fund: Fund, partner: str) -> int:
        return self._read(fund, "dueOf", partner)[0]

    def _cost(self, fund: Fund, holding: str) -> int:
        return self._read(fund, "holdingOf", holding)[4]

    def _mint(self, who: str, amount: int) -> None:
        self.stage.do(self.operator, self.money.call("mint", who, amount))

    def _permit(self, owner: Person, spender: str, value: int) -> tuple[Any, ...]:
        nonce = self.permits.get(owner.address, 0)
        self.permits[owner.address] = nonce + 1
        values = (owner.address, spender, value, nonce, FOR_EVER)
        hashed = digest(PERMIT, values, "Test rouble", 31337, str(self.money.address))
        signed = signature(key_of(owner.name), hashed)
        return (value, FOR_EVER, signed[64], signed[:32], signed[32:64])
