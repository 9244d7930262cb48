"""How the tests of funds begin: an organisation, its fund, partners with money, calls that they pay."""

from __future__ import annotations

from typing import Any

from tests.contracts.kit.contract import Contract, Receipt
from tests.contracts.kit.raising import DONATION, LOAN, REWARD, SHARE, Raising
from tests.contracts.kit.world import DAY, World, h

FORMING, INVESTING, HARVESTING, WINDING, ENDED, LAPSED = range(6)
REPLACE_MANAGER, REPLACE_APPRAISER, EXTEND_LIFE, WIND_UP = range(4)
KIND, CITY, FORM, SHARE_OF_ONE, FUNDS = range(5)
"""The rules of a mandate."""
ONE = 10**18
YEAR = 365 * DAY
ANY_FORM = sum(1 << form for form in (DONATION, REWARD, LOAN, SHARE))
ANY_KIND = (1 << 11) - 1


def per_unit(*credits: tuple[int, int]) -> int:
    """What is credited to a unit, in 2^96ths, after these sums, each to so many units. Each is rounded up."""
    return sum(-(-(amount << 96) // units) for amount, units in credits)


class Funding:
    """Funds of `organisation`, run by `fund_manager`, marked by `appraiser`; partners are three citizens."""

    def __init__(self, w: World, token: str = "TestToken"):
        self.w, self.raising = w, Raising(w, token)
        self.token = self.raising.token
        self.partners = (w.citizen, w.neighbour, w.third)

    def mandate(self, **changes: Any) -> dict[str, Any]:
        """Anything anywhere, but no other fund."""
        return {
            "kinds": ANY_KIND,
            "forms": ANY_FORM,
            "largestShare": 10_000,
            "mayCommit": False,
            "cities": [],
        } | changes

    def terms(self, **changes: Any) -> dict[str, Any]:
        """Ten years, five of them to invest; two and twenty, a hurdle of eight, the whole of the catch-up."""
        return {
            "minimum": 1_000,
            "cap": 10**15,
            "finalClosing": self.w.now + YEAR,
            "investmentPeriod": 5 * YEAR,
            "life": 10 * YEAR,
            "extension": YEAR,
            "extensions": 2,
            "managementFee": 200,
            "hurdle": 800,
            "catchUp": 10_000,
            "carry": 2_000,
            "escrow": 3_000,
            "equalisation": 800,
            "callNotice": 10 * DAY,
            "grace": 30 * DAY,
            "lateFee": 500,
            "forfeit": 5_000,
            "markTerm": 180 * DAY,
        } | changes

    def arguments(self, mandate: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """Of `launch`, by name; `changes` are of terms."""
        return {
            "name": "City fund",
            "symbol": "CITY",
            "token": self.token.address,
            "manager": self.w.fund_manager,
            "appraiser": self.w.appraiser,
            "mandate": self.mandate(**(mandate or {})),
            "terms": self.terms(**changes),
            "content": h("a fund"),
        }

    def launch(self, mandate: dict[str, Any] | None = None, **changes: Any) -> Contract:
        made = self.w.funds.launch(*self.arguments(mandate, **changes).values(), by=self.w.organisation)
        return self.at(made.one("FundLaunched").fund)

    def at(self, address: str) -> Contract:
        return Contract(self.w.node, self.w.book, address, self.w.project.FundAvatar.abi)

    # ------------------------------------------------------------- partners

    def admit(self, fund: Contract, *partners: str) -> Receipt:
        return fund.admit(list(partners), True, by=self.w.fund_manager)

    def commit(self, fund: Contract, who: str, amount: int) -> Receipt:
        """Whatever it costs by now."""
        capital, premium = fund.costOfEntry.call(amount, by=who).values()
        self.raising.give(who, capital + premium, fund.address)
        return fund.commit(amount, capital + premium, by=who)

    def closed(self, mandate: dict[str, Any] | None = None, amount: int = 10_000, **changes: Any) -> Contract:
        """A fund after its first closing: each of the partners committed so much."""
        fund = self.launch(mandate, **changes)
        self.admit(fund, *self.partners)
        for partner in self.partners:
            self.commit(fund, partner, amount)
        fund.close(by=self.w.fund_manager)
        return fund

    # ---------------------------------------------------------------- calls

    def call(self, fund: Contract, amount: int) -> Receipt:
        """With the least notice."""
        due = self.w.now + fund.terms().callNotice
        return fund.callCapital(amount, due, h("notice"), by=self.w.fund_manager)

    def pay(self, fund: Contract, who: str, amount: int | None = None) -> Receipt:
        """All that is due, unless said otherwise, with what comes on top where it is late."""
        due, late = fund.dueOf(who).values()
        amount = due if amount is None else amount
        fee = -(-min(amount, late) * fund.terms().lateFee // 10_000)
        self.raising.give(who, amount + fee, fund.address)
        return fund.pay(who, amount, by=who)

    def call_paid(self, fund: Contract, amount: int) -> None:
        """A call that all partners pay at once; the next can follow."""
        self.call(fund, amount)
        for partner in self.partners:
            if fund.dueOf(partner).due:
                self.pay(fund, partner)
        self.pass_due(fund)

    def pass_due(self, fund: Contract) -> None:
        """Travel to the second from which a partner is late."""
        self.w.node.travel_to(fund.booksOf().dueAt)

    def distribute(self, fund: Contract, amount: int | None = None) -> Receipt:
        """All cash, unless said otherwise."""
        amount = fund.booksOf().cash if amount is None else amount
        return fund.distribute(amount, by=self.w.fund_manager)

    # ------------------------------------------------------------- holdings

    def qualify(self, fund: Contract) -> Contract:
        """The operator identifies the avatar, so that campaigns take its pledges."""
        self.raising.identify(fund.address, qualified=True)
        return fund
