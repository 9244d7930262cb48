"""What games of funds stand on: funds beside their model, with the campaigns they invest in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from tests.contracts.kit.contract import ZERO, Contract, Receipt
from tests.contracts.kit.people import Person
from tests.contracts.kit.world import DAY, h
from tests.contracts.model.funds import Fund
from tests.contracts.stateful.funds.record import FundRecord
from tests.contracts.stateful.money.campaign_rules import CampaignRules
from tests.contracts.stateful.money.machine import RICH

T = TypeVar("T")
YEAR = 365 * DAY


class FundMachine(CampaignRules):
    """Funds beside their model; all their money is the first token."""

    people: ClassVar[list[Person]] = []  # who may be a partner, besides other funds

    @classmethod
    def everybody(cls) -> list[Person]:
        w = cls.w
        return [*super().everybody(), w.organisation, w.fund_manager, w.appraiser]

    def begin(self) -> None:
        super().begin()
        self.funds: list[Fund] = []
        self.avatars: dict[str, Contract] = {}
        self.fund_records: dict[str, FundRecord] = {}
        self.near_fund: Fund | None = None
        # Who entered and left in one second: what they could claim more, their due, a distribution.
        self.entered: list[tuple[int, int, Receipt | None]] = []

    # ------------------------------------------------------------------- launch

    def fund_terms(self, **changes: Any) -> dict[str, Any]:
        return {
            "minimum": 100,
            "cap": RICH,
            "finalClosing": self.house.now + YEAR,
            "investmentPeriod": 2 * YEAR,
            "life": 4 * YEAR,
            "extension": YEAR,
            "extensions": 1,
            "managementFee": 200,
            "hurdle": 800,
            "catchUp": 10_000,
            "carry": 2_000,
            "escrow": 3_000,
            "equalisation": 700,
            "callNotice": 10 * DAY,
            "grace": 20 * DAY,
            "lateFee": 333,
            "forfeit": 5_000,
            "markTerm": 180 * DAY,
        } | changes

    def launch(self, mandate: dict[str, Any], terms: dict[str, Any]) -> Fund:
        """A fund, identified as a qualified investor."""
        w, token = self.w, self.tokens[0]
        mandate = {
            "kinds": 2**11 - 1,
            "forms": 15,
            "largestShare": 5_000,
            "mayCommit": False,
            "cities": [],
        } | mandate
        names = ("City fund", "CITY", token.address, w.fund_manager, w.appraiser)
        made = w.funds.launch(*names, mandate, terms, h("fund"), by=w.organisation)
        address = made.one("FundLaunched").fund
        self.avatars[address] = Contract(w.node, w.book, address, w.project.FundAvatar.abi)
        money = self.house.tokens[token.address]
        roles = (w.organisation, w.fund_manager, w.appraiser)
        fund = Fund(self.house, address, *roles, mandate, terms, money)
        self.funds.append(fund)
        self.fund_records[address] = FundRecord(
            Fund(self.house, address, w.organisation, ZERO, ZERO, {}, {}, money)
        )
        row = {"person": h(address), "qualified": True}
        w.factory.setInvestors([address], [row], by=w.operator)
        self.house.investors[address] = (row["person"], True)
        self.near_fund, self.last, self.stale = fund, None, True
        self.took(made)
        return fund

    # -------------------------------------------------------------------- steps

    def took(self, receipt: Receipt) -> None:
        super().took(receipt)
        for log, event in zip(receipt.logs, receipt.events, strict=True):
            for address in self.avatars:
                if address.lower() == log["address"].lower():
                    self.fund_records[address].fold(*event, self)
                    self.note(address, *event)

    def note(self, fund: str, name: str, e: Any) -> None:
        """An event of a fund."""

    def at(
        self, fund: Fund, by_rules: Callable[[], T], by_contract: Callable[[Contract], Receipt]
    ) -> T | None:
        """A step of one fund."""
        self.near_fund = fund
        return self.attempt(by_rules, lambda: by_contract(self.avatars[fund.address]))

    def travel_to(self, time: int) -> None:
        super().travel_to(time)
        self.near_fund = None

    def let_take(self, fund: Fund, payer: str) -> None:
        """The fund may take all that they have."""
        if (fund.address, payer) not in self.allowed:
            self.tokens[0].approve(fund.address, RICH, by=payer)
            self.allowed.add((fund.address, payer))

    def target(self, address: str) -> Any:
        """The model of a campaign or fund."""
        return next(one for one in [*self.campaigns, *self.funds] if one.address == address)

    # ------------------------------------------------------------------ actions

    def admit(self, fund: Fund, partners: list[str], admitted: bool, by: str) -> None:
        self.at(
            fund,
            lambda: fund.admit(partners, admitted, by),
            lambda avatar: avatar.admit(partners, admitted, by=by),
        )

    def commit(self, fund: Fund, partner: str, amount: int, most: int) -> tuple[int, int] | None:
        self.let_take(fund, partner)
        cost = self.at(
            fund,
            lambda: fund.commit(partner, amount, most),
            lambda avatar: avatar.commit(amount, most, by=partner),
        )
        if cost:
            event = self.last.one("CapitalCommitted")
            assert (event.capital, event.premium) == cost
        return cost

    def withdraw_commitment(self, fund: Fund, partner: str) -> None:
        self.at(
            fund,
            lambda: fund.withdraw_commitment(partner),
            lambda avatar: avatar.withdrawCommitment(by=partner),
        )

    def close(self, fund: Fund, by: str) -> None:
        self.at(fund, lambda: fund.close(by), lambda avatar: avatar.close(by=by))

    def call(self, fund: Fund, amount: int, due: int, by: str) -> None:
        self.at(
            fund,
            lambda: fund.call(amount, due, by),
            lambda avatar: avatar.callCapital(amount, due, h("notice"), by=by),
        )

    def pay(self, fund: Fund, partner: str, amount: int, payer: str) -> None:
        self.let_take(fund, payer)
        extra = self.at(
            fund,
            lambda: fund.pay(partner, amount, payer),
            lambda avatar: avatar.pay(partner, amount, by=payer),
        )
        assert extra is None or self.last.one("CallPaid").lateFee == extra

    def declare_default(self, fund: Fund, partner: str, by: str) -> None:
        lost = self.at(
            fund,
            lambda: fund.declare_default(partner, by),
            lambda avatar: avatar.declareDefault(partner, by=by),
        )
        if lost:
            event = self.last.one("PartnerDefaulted")
            assert (event.commitment, event.units) == lost

    def transfer(self, fund: Fund, giver: str, to: str, amount: int) -> None:
        self.at(
            fund,
            lambda: fund.transfer(giver, to, amount),
            lambda avatar: avatar.transfer(to, amount, by=giver),
        )

    def claim(self, fund: Fund, partner: str, to: str | None = None) -> None:
        if to:
            self.at(fund, lambda: fund.claim(partner, to), lambda avatar: avatar.claimTo(to, by=partner))
            return
        by = self.w.relayer
        self.at(
            fund,
            lambda: fund.claim_for(partner, by, self.is_fund),
            lambda avatar: avatar.claim(partner, by=by),
        )

    def is_fund(self, address: str) -> bool:
        return address in self.avatars

    def invest(self, fund: Fund, campaign: Any, amount: int, tier: int, by: str) -> None:
        edition = campaign.edition
        self.at(
            fund,
            lambda: fund.invest(campaign, amount, tier, edition, by),
            lambda avatar: avatar.invest(campaign.address, amount, tier, edition, by=by),
        )

    def withdraw_investment(self, fund: Fund, campaign: Any, by: str) -> None:
        self.at(
            fund,
            lambda: fund.withdraw_investment(campaign, by),
            lambda avatar: avatar.withdrawInvestment(campaign.address, by=by),
        )

    def commit_to(self, fund: Fund, other: Fund, amount: int, most: int, by: str) -> None:
        self.at(
            fund,
            lambda: fund.commit_to(other, amount, most, by),
            lambda avatar: avatar.commitTo(other.address, amount, most, by=by),
        )

    def pay_to(self, fund: Fund, other: Fund, amount: int, by: str) -> None:
        self.at(
            fund,
            lambda: fund.pay_to(other, amount, by),
            lambda avatar: avatar.payTo(other.address, amount, by=by),
        )

    def collect(self, fund: Fund, address: str) -> None:
        came = self.at(
            fund, lambda: fund.collect(address), lambda avatar: avatar.collect(address, by=self.w.relayer)
        )
        if came:
            event = self.last.one("ProceedsCollected")
            assert (event.amount, event.cost, event.loss, event.principal) == came

    def write_off(self, fund: Fund, address: str, by: str) -> None:
        self.at(
            fund,
            lambda: fund.write_off(address, by),
            lambda avatar: avatar.writeOff(address, h("reason"), by=by),
        )

    def mark(self, fund: Fund, address: str, value: int, company: int, as_of: int, by: str) -> None:
        self.at(
            fund,
            lambda: fund.mark(address, value, company, as_of, by),
            lambda avatar: avatar.mark(address, value, company, as_of, h("evidence"), by=by),
        )

    def take_fee(self, fund: Fund) -> None:
        self.at(fund, fund.take_fee, lambda avatar: avatar.takeFee(by=self.w.relayer))

    def take_credit(self, fund: Fund, account: str, to: str) -> None:
        self.at(fund, lambda: fund.take_credit(account, to), lambda avatar: avatar.takeCredit(to, by=account))

    def distribute(self, fund: Fund, amount: int, by: str) -> None:
        done = self.at(
            fund, lambda: fund.distribute(amount, by), lambda avatar: avatar.distribute(amount, by=by)
        )
        if done:
            split, kept = done
            event = self.last.one("ProceedsDistributed")
            said = (event.capital, event.hurdle, event.catchUp, event.rest, event.carry, event.escrowed)
            assert said == (split.capital, split.hurdle, split.catch_up, split.rest, split.carry, kept)

    def conclude(self, fund: Fund) -> None:
        done = self.at(fund, fund.conclude, lambda avatar: avatar.conclude(by=self.w.relayer))
        if done:
            event = self.last.one("FundConcluded")
            assert (event.clawback, event.fromEscrow) == done

    def return_carry(self, fund: Fund, amount: int, payer: str) -> None:
        self.let_take(fund, payer)
        self.at(
            fund,
            lambda: fund.return_carry(amount, payer),
            lambda avatar: avatar.returnCarry(amount, by=payer),
        )

    def propose(self, fund: Fund, matter: int, subject: str, by: str) -> None:
        self.at(
            fund,
            lambda: fund.propose(matter, subject, by),
            lambda avatar: avatar.propose(matter, subject, h("reason"), by=by),
        )

    def consent(self, fund: Fund, number: int, by: str) -> None:
        self.at(fund, lambda: fund.consent(number, by), lambda avatar: avatar.consent(number, by=by))
