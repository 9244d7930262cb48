"""Loans and shares: what comes back to backers, by the words of `ICampaign`."""

from __future__ import annotations

from typing import Any

from tests.contracts.model.campaigns import LOAN, SHARE, Campaign
from tests.contracts.model.money import WHOLE, up
from tests.contracts.model.rules import Reasons

YEAR = 365 * 86_400


class Loan(Campaign):
    def __init__(self, *args: Any):
        super().__init__(*args)
        self.repaid = self.interest = self.since = self.first_release = 0
        self.defaulted = False

    @property
    def principal(self) -> int:
        return self.released - self.repaid

    @property
    def interest_due(self) -> int:
        seconds = self.house.now - self.since
        return self.interest + up(self.principal * self.terms["loan"]["rate"] * seconds, WHOLE * YEAR)

    def accrue(self) -> None:
        self.interest = self.interest_due
        self.since = self.house.now

    def before_release(self, amount: int) -> None:
        self.first_release = self.first_release or self.house.now
        self.accrue()

    @property
    def late_since(self) -> int:
        """The second since which the first unpaid instalment is late; zero: none is."""
        loan = self.terms["loan"]
        for number in range(1, loan["instalments"] + 1):
            asked = up(self.released * number, loan["instalments"])
            late = self.first_release + number * loan["interval"] + loan["grace"]
            if self.repaid < asked:
                return late if self.house.now >= late else 0
        return 0

    def repay(self, by: str, amount: int) -> int:
        """The part that is interest."""
        why = Reasons()
        owed = self.principal + self.interest_due if self.released else 0
        why(amount == 0, "Campaign_BadAmount", amount)
        why(amount > owed or owed == 0, "Campaign_OverOwed", owed, amount)
        self.token.check_in(why, "Campaign_ShortTransfer", by, self.address, amount)
        why.settle()
        self.accrue()
        interest = min(amount, self.interest)
        self.interest -= interest
        self.repaid += amount - interest
        self.proceeds += amount
        self.token.move(by, self.address, amount)
        return interest

    def declare_default(self) -> int:
        why, late = Reasons(), self.late_since
        over = bool(late) and self.house.now >= late + self.terms["loan"]["defaultAfter"]
        why(not over or self.defaulted, "Campaign_NotInDefault", late, self.house.now)
        why.settle()
        self.defaulted = True
        return self.principal + self.interest_due


class Share(Campaign):
    def distribute(self, by: str, amount: int) -> None:
        why = Reasons()
        why(amount == 0, "Campaign_BadAmount", amount)
        why(self.released == 0, "Campaign_WrongPhase", self.phase)
        self.token.check_in(why, "Campaign_ShortTransfer", by, self.address, amount)
        why.settle()
        self.proceeds += amount
        self.token.move(by, self.address, amount)


def campaign(form: int, *args: Any) -> Campaign:
    return {LOAN: Loan, SHARE: Share}.get(form, Campaign)(*args)
