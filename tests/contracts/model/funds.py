"""A fund by the words of `IFundAvatar`: whose its money is, what its partners decide, how it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

from tests.contracts.model.campaigns import ZERO
from tests.contracts.model.partners import ENDED, HARVESTING, INVESTING, ONE, SHORT, WINDING
from tests.contracts.model.portfolios import Portfolio
from tests.contracts.model.rules import Reasons
from tests.contracts.model.waterfall import Split, share

REPLACE_MANAGER, REPLACE_APPRAISER, EXTEND_LIFE, WIND_UP = range(4)
MOTION_TERM = 30 * 86_400


@dataclass
class Motion:
    matter: int
    subject: str
    until: int
    burned: int  # units burned before it
    carried: bool = False
    consents: int = 0
    by: set[str] = field(default_factory=set)


@dataclass
class Fund(Portfolio):
    motions: list[Motion] = field(default_factory=list)

    # -------------------------------------------------------------------- money

    def take_fee(self) -> int:
        why, amount = Reasons(), min(self.fee_due, self.cash)
        why(amount == 0, "FundAvatar_Nothing", self.manager)
        why.settle()
        self.fees += amount
        self.cash -= amount
        self.credits[self.manager] = self.credits.get(self.manager, 0) + amount
        return amount

    def take_credit(self, account: str, to: str) -> int:
        why, amount = Reasons(), self.credits.get(account, 0)
        why(to == ZERO, "FundAvatar_ZeroAddress")
        if not why(amount == 0, "FundAvatar_Nothing", account):
            self.token.check_out(why, self.address, to, amount)
        why.settle()
        self.credits[account] = 0
        self.token.move(self.address, to, amount)
        return amount

    def distribute(self, amount: int, by: str) -> tuple[Split, int]:
        """The split, and the carry that is kept."""
        why, free = Reasons(), self.cash
        if by != self.manager:
            why(self.phase not in (WINDING, ENDED), "FundAvatar_NotManager", by)
            free -= min(free, self.fee_due)
        why(amount == 0, "FundAvatar_BadAmount")
        why(amount > free, "FundAvatar_OverCash", free, amount)
        why(self.now < self.due_at, "FundAvatar_CallRunning", self.due_at)
        why(self.now == self.last_entry, "FundAvatar_JustEntered")
        why(self.units == 0, "FundAvatar_Nothing", self.address)
        why.settle()
        split = self.waterfall.distribute(amount, self.now)
        self.finally_closed = True
        self.cash -= amount
        kept = 0 if self.phase == ENDED else ceil(split.carry * share(self.terms["escrow"]))
        self.escrow += kept
        self.owe_organisation(split.carry - kept)
        self.credit(amount - split.carry)
        return split, kept

    def owe_organisation(self, amount: int) -> None:
        self.credits[self.organisation] = self.credits.get(self.organisation, 0) + amount

    def nav(self) -> tuple[int, int, int]:
        """What the fund is worth, what partners would get of it, and of a unit in 10^18ths."""
        nav = max(0, self.cash + self.value - self.fee_due)
        partners = nav - self.waterfall.split(nav, self.now).carry
        return nav, partners, floor(Fraction(partners * ONE, self.units)) if self.units else 0

    # ---------------------------------------------------------------------- end

    def conclude(self) -> tuple[int, int]:
        """The carry that was too much, and what of it was kept here."""
        why = Reasons()
        self.need_phase(why, WINDING)
        stuck = self.cost > 0 or (self.units > 0 and self.cash > 0)
        why(stuck, "FundAvatar_NotEmpty", self.cash, self.cost)
        why.settle()
        self.concluded = True
        too_much = self.waterfall.clawback(self.now) if self.units else 0
        here = min(too_much, self.escrow)
        self.owe_organisation(self.escrow - here)
        self.escrow, self.clawback = 0, too_much - here
        self.give_back(here)
        return too_much, here

    def give_back(self, amount: int) -> None:
        """Carry becomes the partners': capital and hurdle that were not paid, then profit."""
        if amount:
            self.waterfall.give_back(amount, self.now)
            self.credit(amount)

    def return_carry(self, amount: int, payer: str) -> None:
        why = Reasons()
        why(amount == 0, "FundAvatar_BadAmount")
        if not why(amount > self.clawback, "FundAvatar_OverClawback", self.clawback, amount):
            self.token.check_in(why, SHORT, payer, self.address, amount)
        why.settle()
        self.clawback -= amount
        self.give_back(amount)
        self.token.move(payer, self.address, amount)

    # ------------------------------------------------------------------ motions

    @property
    def burned(self) -> int:
        return self.waterfall.contributed - self.units

    def voting(self, motion: Motion) -> int:
        """All units that could ever consent to it: one that was burned since still counts."""
        return self.waterfall.contributed - motion.burned

    def check_matter(self, why: Reasons, matter: int, subject: str) -> None:
        bad = ("FundAvatar_BadTerms", b"subject".ljust(32, b"\0"))
        if matter in (REPLACE_MANAGER, REPLACE_APPRAISER):
            why(subject == ZERO, "FundAvatar_ZeroAddress")
            why(subject in (self.manager, self.appraiser), *bad)
            return
        why(subject != ZERO, *bad)
        self.need_phase(why, INVESTING, HARVESTING)
        extensions = self.terms["extensions"]
        if matter == EXTEND_LIFE:
            why(self.extended >= extensions, "FundAvatar_NoExtension", extensions)

    def propose(self, matter: int, subject: str, by: str) -> int:
        why, seat = Reasons(), self.of(by)
        why(seat.units == 0, "FundAvatar_Nothing", by)
        why(seat.defaulted, "FundAvatar_InDefault", by)
        self.check_matter(why, matter, subject)
        why.settle()
        self.motions.append(Motion(matter, subject, self.now + MOTION_TERM, self.burned))
        self.support(self.motions[-1], by)
        return len(self.motions)

    def consent(self, number: int, by: str) -> bool:
        """Whether it carried the motion."""
        why, seat = Reasons(), self.of(by)
        if not why(not 0 < number <= len(self.motions), "FundAvatar_UnknownMotion", number):
            motion = self.motions[number - 1]
            over = motion.carried or self.now >= motion.until
            why(over, "FundAvatar_MotionOver", number)
            why(by in motion.by, "FundAvatar_ConsentedAlready", number, by)
            would = (motion.consents + seat.units) * 2 > self.voting(motion)
            if would and not over:
                self.check_matter(why, motion.matter, motion.subject)
        why(seat.units == 0, "FundAvatar_Nothing", by)
        why(seat.defaulted, "FundAvatar_InDefault", by)
        why.settle()
        return self.support(motion, by)

    def support(self, motion: Motion, by: str) -> bool:
        seat = self.seat(by)
        motion.by.add(by)
        motion.consents += seat.units
        seat.locked_until = max(seat.locked_until, motion.until)
        motion.carried = motion.consents * 2 > self.voting(motion)
        if motion.carried:
            self.carry_out(motion)
        return motion.carried

    def carry_out(self, motion: Motion) -> None:
        if motion.matter == REPLACE_MANAGER:
            self.manager = motion.subject
        elif motion.matter == REPLACE_APPRAISER:
            self.appraiser = motion.subject
        else:
            self.accrue_fee()
            extends = motion.matter == EXTEND_LIFE
            self.extended += extends
            self.ends_at = self.ends_at + self.terms["extension"] if extends else self.now

    # -------------------------------------------------------------------- sight

    def books(self) -> dict[str, Any]:
        fall = self.waterfall
        preferred, accruing = fall.owed(self.now)
        return {
            "closedAt": self.closed_at,
            "finallyClosed": self.finally_closed or self.now >= self.terms["finalClosing"],
            "endsAt": self.ends_at,
            "committed": self.committed,
            "called": self.called,
            "dueAt": self.due_at,
            "cash": self.cash,
            "cost": self.cost,
            "value": self.value,
            "contributed": fall.contributed,
            "gains": self.gains,
            "losses": self.losses,
            "fees": self.fees,
            "feeDue": self.fee_due,
            "toPartners": fall.to_partners,
            "toOrganisation": fall.to_organisation,
            "escrow": self.escrow,
            "clawback": self.clawback,
            "unreturned": fall.unreturned,
            "preferred": preferred,
            "accruing": accruing,
        }
