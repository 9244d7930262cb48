"""How a fund's money stands: the rules of `IFundAvatar` in exact integers, from its changes in the order of
the chain.

Hurdle: interest on the capital not returned and on the hurdle of past years not paid, simple within a year of
365 days from the first closing, rounded up. Fee: simple by time, rounded down. Split: capital, hurdle,
catch-up, carry, of the whole fund; the organisation's part rounded down.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

YEAR = 365 * 86_400
WHOLE = 10_000
ONE = 10**18

Change = Sequence[Any]
"""What happened, when, and its figures: see `CHANGES`."""


@dataclass(frozen=True)
class Rates:
    """The terms that money runs by: seconds, and basis points."""

    investment_period: int
    management_fee: int
    hurdle: int
    catch_up: int
    carry: int
    escrow: int


@dataclass(frozen=True)
class Split:
    """A sum, split. `carry` is the organisation's part of `catch_up` and `rest`."""

    capital: int
    hurdle: int
    catch_up: int
    rest: int
    carry: int

    @property
    def partners(self) -> int:
        return self.capital + self.hurdle + self.catch_up + self.rest - self.carry


@dataclass
class Standing:
    """A fund's books at a moment, base units of its token; without marks, which move no money."""

    rates: Rates
    closed_at: int = 0
    ends_at: int = 0
    committed: int = 0
    cash: int = 0
    cost: int = 0
    contributed: int = 0
    gains: int = 0
    losses: int = 0
    fees: int = 0
    to_partners: int = 0
    to_organisation: int = 0
    escrow: int = 0
    clawback: int = 0
    unreturned: int = 0
    preferred: int = 0
    accruing: int = 0
    units: int = 0
    hurdle_at: int = 0
    fee_at: int = 0
    fee_weight: int = 0  # what the fee is of, times the seconds

    # ------------------------------------------------------------------ time

    @property
    def invests_until(self) -> int:
        """First second at which the fee is of the cost of holdings, or of nothing."""
        return min(self.closed_at + self.rates.investment_period, self.ends_at)

    @property
    def fee_due(self) -> int:
        """The management fee accrued and not taken."""
        return self.fee_weight * self.rates.management_fee // (WHOLE * YEAR) - self.fees

    def accrue_fee(self, now: int) -> None:
        """Brings the management fee forward: of what is committed, then of the cost of holdings."""
        for base, until in ((self.committed, self.invests_until), (self.cost, self.ends_at)):
            upto = max(min(now, until), self.fee_at)
            self.fee_weight += base * (upto - self.fee_at)
            self.fee_at = upto

    def accrue_hurdle(self, now: int) -> None:
        """Brings the hurdle forward; each 365 days from the first closing it is added to what it runs on."""
        while self.hurdle_at < now:
            turn = self.hurdle_at + YEAR - (self.hurdle_at - self.closed_at) % YEAR
            upto = min(now, turn)
            base = self.unreturned + self.preferred
            self.accruing -= -base * self.rates.hurdle * (upto - self.hurdle_at) // (WHOLE * YEAR)
            self.hurdle_at = upto
            if upto == turn:
                self.preferred, self.accruing = self.preferred + self.accruing, 0

    # ----------------------------------------------------------------- split

    def split(self, amount: int) -> Split:
        """How a sum would be split now; the hurdle is brought forward before."""
        capital = min(amount, self.unreturned)
        left = amount - capital
        hurdle = min(left, self.preferred + self.accruing)
        left -= hurdle
        carry, catch_up = self.rates.carry, self.rates.catch_up
        profit = self.to_partners + capital + hurdle + self.to_organisation - self.contributed
        lacking = carry * profit - self.to_organisation * WHOLE
        caught = min(left, lacking // (catch_up - carry)) if catch_up and lacking > 0 else 0
        rest = left - caught
        return Split(capital, hurdle, caught, rest, caught * catch_up // WHOLE + rest * carry // WHOLE)

    def pay(self, capital: int, hurdle: int) -> None:
        """Pays capital and hurdle, that of past years first."""
        past = min(hurdle, self.preferred)
        self.unreturned -= capital
        self.preferred -= past
        self.accruing -= hurdle - past

    def nav(self, value: int) -> tuple[int, int, int]:
        """What the fund is worth where its holdings are worth `value`: all, the partners' part, and that of
        a unit in 10^18ths, rounded down.
        """
        whole = max(self.cash + value - self.fee_due, 0)
        partners = self.split(whole).partners
        return whole, partners, partners * ONE // self.units if self.units else 0


def standing(rates: Rates, changes: Sequence[Change], now: int) -> Standing:
    """How a fund stands after its changes, in the order of the chain, at a time."""
    fund = Standing(rates)
    for what, time, *figures in changes:
        CHANGES[what](fund, time, *figures)
    if fund.closed_at:
        fund.accrue_fee(now)
        fund.accrue_hurdle(now)
    return fund


# --------------------------------------------------------------------- changes


def _closed(fund: Standing, time: int, life: int) -> None:
    if not fund.closed_at:
        fund.closed_at = fund.fee_at = fund.hurdle_at = time
        fund.ends_at = time + life


def _committed(fund: Standing, time: int, amount: int, capital: int) -> None:
    if fund.closed_at:  # as if from the first day
        fund.accrue_fee(time)
        fund.fee_weight += amount * (min(time, fund.invests_until) - fund.closed_at)
    fund.committed += amount
    if capital:
        _contributed(fund, time, capital)


def _withdrawn(fund: Standing, time: int, amount: int) -> None:
    fund.committed -= amount


def _contributed(fund: Standing, time: int, capital: int, late_fee: int = 0) -> None:
    fund.accrue_hurdle(time)
    fund.contributed += capital
    fund.unreturned += capital
    fund.units += capital
    fund.gains += late_fee
    fund.cash += capital + late_fee


def _defaulted(fund: Standing, time: int, commitment: int, units: int) -> None:
    fund.accrue_fee(time)
    fund.committed -= commitment
    fund.units -= units


def _invested(fund: Standing, time: int, amount: int, expense: int) -> None:
    fund.accrue_fee(time)
    fund.cost += amount
    fund.losses += expense
    fund.cash -= amount + expense


def _collected(fund: Standing, time: int, amount: int, cost: int, loss: int) -> None:
    fund.accrue_fee(time)
    fund.cost -= cost + loss
    fund.gains += amount - cost
    fund.losses += loss
    fund.cash += amount


def _took_fee(fund: Standing, time: int, amount: int) -> None:
    fund.fees += amount
    fund.cash -= amount


def _distributed(
    fund: Standing, time: int, amount: int, capital: int, hurdle: int, carry: int, escrowed: int
) -> None:
    fund.accrue_hurdle(time)
    fund.pay(capital, hurdle)
    fund.to_partners += amount - carry
    fund.to_organisation += carry
    fund.escrow += escrowed
    fund.cash -= amount


def _lives(fund: Standing, time: int, ends_at: int) -> None:
    fund.accrue_fee(time)
    fund.ends_at = ends_at


def _concluded(fund: Standing, time: int, clawback: int, from_escrow: int) -> None:
    fund.clawback, fund.escrow = clawback, 0
    if from_escrow:
        _returned(fund, time, from_escrow)


def _returned(fund: Standing, time: int, amount: int) -> None:
    fund.accrue_hurdle(time)
    capital = min(amount, fund.unreturned)
    fund.pay(capital, min(amount - capital, fund.preferred + fund.accruing))
    fund.clawback -= amount
    fund.to_partners += amount
    fund.to_organisation -= amount


CHANGES: dict[str, Callable[..., None]] = {
    "closed": _closed,  # life
    "committed": _committed,  # amount, capital
    "withdrawn": _withdrawn,  # amount
    "contributed": _contributed,  # capital, late fee
    "defaulted": _defaulted,  # commitment, units
    "invested": _invested,  # amount, expense on top
    "collected": _collected,  # amount, cost, loss
    "took_fee": _took_fee,  # amount
    "distributed": _distributed,  # amount, capital, hurdle, carry, escrowed
    "lives": _lives,  # end of life
    "concluded": _concluded,  # clawback, from escrow
    "returned": _returned,  # amount
}
"""What changes a fund's books, by name, with the figures that follow the time."""
