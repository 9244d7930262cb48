"""Partners of a fund by the words of `IFundAvatar`: commitments, calls, units, what is credited to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

from tests.contracts.model.money import House, Token
from tests.contracts.model.rules import Reasons, Refused
from tests.contracts.model.waterfall import YEAR, Waterfall, share

FORMING, INVESTING, HARVESTING, WINDING, ENDED, LAPSED = range(6)
ONE = 10**18  # of which `called` is so many parts
GRAIN = 2**96  # of which what is credited per unit is so many parts
LONGEST_CALL = 90 * 86_400  # beyond the notice
SHORT = "FundAvatar_ShortTransfer"


@dataclass
class Seat:
    commitment: int = 0
    paid: int = 0
    units: int = 0
    admitted: bool = False
    defaulted: bool = False
    locked_until: int = 0
    credited: int = 0
    seen: int = 0  # credited to a unit when it was last looked at


@dataclass
class Call:
    share: int
    at: int
    due: int


@dataclass
class Partners:
    """A fund, as far as its partners go."""

    house: House
    address: str
    organisation: str
    manager: str
    appraiser: str
    mandate: dict[str, Any]
    terms: dict[str, Any]
    token: Token
    seats: dict[str, Seat] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    credits: dict[str, int] = field(default_factory=dict)  # fees and carry
    closed_at: int = 0
    ends_at: int = 0
    committed: int = 0
    cash: int = 0
    gains: int = 0
    losses: int = 0
    fees: int = 0
    escrow: int = 0
    clawback: int = 0
    per_unit: int = 0
    ahead: int = 0
    last_entry: int = 0
    fee: Fraction = Fraction(0)  # ever accrued, until `fee_at`
    fee_at: int = 0
    finally_closed: bool = False
    concluded: bool = False
    extended: int = 0

    def __post_init__(self) -> None:
        self.waterfall = Waterfall(self.terms, 0)

    # -------------------------------------------------------------------- phase

    @property
    def now(self) -> int:
        return self.house.now

    @property
    def phase(self) -> int:
        if self.concluded:
            return ENDED
        if not self.closed_at:
            return FORMING if self.now < self.terms["finalClosing"] else LAPSED
        if self.now >= self.ends_at:
            return WINDING
        return INVESTING if self.now < self.invests_until else HARVESTING

    @property
    def invests_until(self) -> int:
        return self.closed_at + self.terms["investmentPeriod"]

    def need_phase(self, why: Reasons, *phases: int) -> None:
        why(self.phase not in phases, "FundAvatar_WrongPhase", self.phase)

    def need_manager(self, why: Reasons, by: str) -> None:
        why(by != self.manager, "FundAvatar_NotManager", by)

    @property
    def takes_commitments(self) -> bool:
        return not self.finally_closed and self.now < self.terms["finalClosing"]

    @property
    def cost(self) -> int:
        raise NotImplementedError

    def of(self, partner: str) -> Seat:
        return self.seats.get(partner) or Seat()

    def seat(self, partner: str) -> Seat:
        return self.seats.setdefault(partner, Seat(seen=self.per_unit))

    # ---------------------------------------------------------------------- fee

    def fee_until(self, until: int) -> Fraction:
        """Ever accrued by a second: in the investment period of commitments, then of cost, to the end."""
        if not self.closed_at:
            return Fraction(0)
        until = min(until, self.ends_at)
        turn = self.invests_until
        committed = max(0, min(until, turn) - self.fee_at) * self.committed
        cost = max(0, until - max(self.fee_at, turn)) * self.cost
        return self.fee + self.fee_of(committed + cost, 1)

    def fee_of(self, amount: int, seconds: int) -> Fraction:
        return share(self.terms["managementFee"]) * Fraction(amount * seconds, YEAR)

    @property
    def fee_due(self) -> int:
        return floor(self.fee_until(self.now)) - self.fees

    def accrue_fee(self) -> None:
        """Before what it is of changes."""
        self.fee, self.fee_at = self.fee_until(self.now), self.now

    # -------------------------------------------------------------------- units

    @property
    def units(self) -> int:
        return sum(seat.units for seat in self.seats.values())

    def credit(self, amount: int) -> None:
        """To all units, in equal parts of a 2^96th, rounded up, unless that came to a whole base unit."""
        if not amount:
            return
        more = -(-amount * GRAIN // self.units)
        self.ahead += more * self.units - amount * GRAIN
        if self.ahead >= GRAIN:
            more, self.ahead = more - 1, self.ahead - self.units
        self.per_unit += more

    def claimable(self, partner: str) -> int:
        seat = self.of(partner)
        return seat.credited + seat.units * (self.per_unit - seat.seen) // GRAIN

    def settle(self, partner: str) -> Seat:
        seat = self.seat(partner)
        seat.credited, seat.seen = self.claimable(partner), self.per_unit
        return seat

    def pay_in(self, partner: str, amount: int) -> None:
        seat = self.settle(partner)
        seat.paid += amount
        seat.units += amount
        self.cash += amount
        self.waterfall.contribute(amount, self.now)

    def transfer(self, giver: str, to: str, amount: int) -> None:
        why, seat, other = Reasons(), self.of(giver), self.of(to)
        why(amount > seat.units, "ERC20InsufficientBalance", giver, seat.units, amount)
        why(not other.admitted, "FundAvatar_NotAdmitted", to)
        why(other.defaulted, "FundAvatar_InDefault", to)
        why(self.now < seat.locked_until, "FundAvatar_UnitsLocked", giver, seat.locked_until)
        self.need_punctual(why, giver)
        why.settle()
        self.settle(giver).units -= amount
        self.settle(to).units += amount

    def claim_for(self, partner: str, by: str, is_fund: Callable[[str], bool]) -> int:
        """By somebody else: not for a fund, which has to collect."""
        if by != partner and is_fund(partner):
            raise Refused([("FundAvatar_FundCollects", partner)])
        return self.claim(partner, partner)

    def claim(self, partner: str, to: str) -> int:
        why, amount = Reasons(), self.claimable(partner)
        why(amount == 0, "FundAvatar_Nothing", partner)
        self.need_punctual(why, partner)
        if amount:
            self.token.check_out(why, self.address, to, amount)
        why.settle()
        self.settle(partner).credited = 0
        self.token.move(self.address, to, amount)
        return amount

    # -------------------------------------------------------------- commitments

    def admit(self, partners: list[str], admitted: bool, by: str) -> None:
        why = Reasons()
        self.need_manager(why, by)
        why.settle()
        for partner in partners:
            self.seat(partner).admitted = admitted

    def cost_of_entry(self, amount: int, had: int = 0) -> tuple[int, int]:
        """What was called of the others, and interest on it from each call on."""
        called = self.called
        capital = (had + amount) * called // ONE - had * called // ONE
        if self.units == 0:
            return capital, 0
        rate = share(self.terms["equalisation"])
        waited = sum(Fraction(call.share, ONE) * Fraction(self.now - call.at, YEAR) for call in self.calls)
        return capital, ceil(amount * waited * rate)

    def commit(self, partner: str, amount: int, most: int) -> tuple[int, int]:
        """Capital and premium that it took at once."""
        why, seat, phase = Reasons(), self.of(partner), self.phase
        self.need_phase(why, FORMING, INVESTING, HARVESTING)
        why(not self.takes_commitments, "FundAvatar_CommitmentsClosed")
        why(amount == 0, "FundAvatar_BadAmount")
        why(not seat.admitted, "FundAvatar_NotAdmitted", partner)
        why(seat.defaulted, "FundAvatar_InDefault", partner)
        left = self.terms["cap"] - self.committed
        why(amount > left, "FundAvatar_OverCap", left, amount)
        capital, premium = self.cost_of_entry(amount, seat.commitment)
        why(capital + premium > most, "FundAvatar_OverMost", most, capital + premium)
        if capital + premium and not why.found:
            self.token.check_in(why, SHORT, partner, self.address, capital + premium)
        why.settle()
        if phase != FORMING:
            self.accrue_fee()
            self.fee += self.fee_of(amount, min(self.now, self.invests_until) - self.closed_at)
        self.seat(partner).commitment += amount
        self.committed += amount
        self.last_entry = self.now
        if premium:
            self.credit(premium)
        if capital:
            self.pay_in(partner, capital)
        self.token.move(partner, self.address, capital + premium)
        return capital, premium

    def withdraw_commitment(self, partner: str) -> int:
        why, amount = Reasons(), self.of(partner).commitment
        self.need_phase(why, FORMING, LAPSED)
        why(amount == 0, "FundAvatar_Nothing", partner)
        why.settle()
        self.seats[partner].commitment = 0
        self.committed -= amount
        return amount

    def close(self, by: str) -> None:
        why, first = Reasons(), self.phase == FORMING
        self.need_manager(why, by)
        if first:
            minimum = self.terms["minimum"]
            why(self.committed < minimum, "FundAvatar_BelowMinimum", minimum, self.committed)
        else:
            self.need_phase(why, INVESTING, HARVESTING)
            why(not self.takes_commitments, "FundAvatar_CommitmentsClosed")
        why.settle()
        if first:
            self.closed_at = self.fee_at = self.now
            self.ends_at = self.now + self.terms["life"]
            self.waterfall = Waterfall(self.terms, self.now)
        else:
            self.finally_closed = True

    # -------------------------------------------------------------------- calls

    @property
    def called(self) -> int:
        return sum(call.share for call in self.calls)

    @property
    def due_at(self) -> int:
        return self.calls[-1].due if self.calls else 0

    def dues(self, partner: str) -> tuple[int, int]:
        """What is to be paid, and the part past its due date."""
        seat = self.of(partner)
        past = sum(call.share for call in self.calls if self.now >= call.due)
        due, late = (max(0, seat.commitment * part // ONE - seat.paid) for part in (self.called, past))
        return due, late

    def need_punctual(self, why: Reasons, partner: str) -> None:
        late = self.dues(partner)[1]
        why(late > 0, "FundAvatar_Late", partner, late)

    def call(self, amount: int, due: int, by: str) -> None:
        why = Reasons()
        self.need_manager(why, by)
        self.need_phase(why, INVESTING, HARVESTING)
        why(amount == 0, "FundAvatar_BadAmount")
        why(self.now < self.due_at, "FundAvatar_CallRunning", self.due_at)
        earliest = self.now + self.terms["callNotice"]
        why(due < earliest, "FundAvatar_ShortNotice", earliest, due)
        why(due > earliest + LONGEST_CALL, "FundAvatar_BadTerms", b"dueAt".ljust(32, b"\0"))
        left = ONE - self.called
        part = amount * ONE // self.committed if self.committed else 2**256
        why(part > left, "FundAvatar_OverCommitment", self.committed * left // ONE, amount)
        why.settle()
        self.calls.append(Call(part, self.now, due))

    def pay(self, partner: str, amount: int, payer: str) -> int:
        """The late fee that it took on top."""
        why, (due, late) = Reasons(), self.dues(partner)
        why(amount == 0, "FundAvatar_BadAmount")
        why(amount > due, "FundAvatar_OverDue", due, amount)
        extra = ceil(min(amount, late) * share(self.terms["lateFee"]))
        if not why.found:
            self.token.check_in(why, SHORT, payer, self.address, amount + extra)
        why.settle()
        if late:
            self.last_entry = self.now
        self.gains += extra
        self.cash += extra
        self.pay_in(partner, amount)
        self.token.move(payer, self.address, amount + extra)
        return extra

    def declare_default(self, partner: str, by: str) -> tuple[int, int]:
        """The commitment that counts no more, and units burned."""
        why, late = Reasons(), self.dues(partner)[1]
        self.need_manager(why, by)
        past = [call.due for call in self.calls if self.now >= call.due]
        in_grace = not past or self.now < past[-1] + self.terms["grace"]
        why(late == 0 or in_grace, "FundAvatar_NotLate", partner)
        why.settle()
        self.accrue_fee()
        seat = self.settle(partner)
        lost, burned = seat.commitment, floor(seat.units * share(self.terms["forfeit"]))
        seat.commitment, seat.defaulted = 0, True
        seat.units -= burned
        self.committed -= lost
        return lost, burned
