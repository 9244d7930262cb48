"""The waterfall of a whole fund, by the words of `IFundAvatar`, in exact fractions.

`Waterfall` rounds where the rules say so and only there: hurdle up where it accrues, the organisation's part
down. With `rounded=False` nothing is rounded: what the rules mean, to measure what rounding does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

WHOLE = 10_000  # basis points
YEAR = 365 * 86_400

Number = Fraction | int


def share(points: int) -> Fraction:
    return Fraction(points, WHOLE)


@dataclass
class Split:
    capital: Number
    hurdle: Number
    catch_up: Number
    rest: Number
    carry: Number


@dataclass
class Waterfall:
    """What is owed to partners, and what was distributed.

    `terms` are those of the fund: `hurdle`, `catchUp`, `carry` in basis points. `begun` is the first closing.
    """

    terms: dict[str, Any]
    begun: int
    rounded: bool = True
    contributed: Number = 0
    unreturned: Number = 0
    preferred: Number = 0
    accruing: Number = 0
    to_partners: Number = 0
    to_organisation: Number = 0
    returned: Number = 0
    since: int = field(init=False)
    flows: list[tuple[str, Number, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.since = self.begun

    def up(self, value: Fraction) -> Number:
        return ceil(value) if self.rounded else value

    def down(self, value: Fraction) -> Number:
        return floor(value) if self.rounded else value

    # ------------------------------------------------------------------- hurdle

    def owed(self, now: int) -> tuple[Number, Number]:
        """Hurdle of past years and of this one at a second, as `preferred` and `accruing` will say."""
        preferred, accruing, since = self.preferred, self.accruing, self.since
        rate = share(self.terms["hurdle"])
        while self.begun and since < now:
            turn = self.begun + ((since - self.begun) // YEAR + 1) * YEAR
            until = min(now, turn)
            accruing += self.up((self.unreturned + preferred) * rate * Fraction(until - since, YEAR))
            if until == turn:
                preferred, accruing = preferred + accruing, 0
            since = until
        return preferred, accruing

    def forward(self, now: int) -> None:
        self.preferred, self.accruing = self.owed(now)
        self.since = max(now, self.since)

    def exact(self) -> Waterfall:
        """The same flows, with nothing rounded."""
        other = Waterfall(self.terms, self.begun, rounded=False)
        for name, amount, now in self.flows:
            getattr(other, name)(amount, now)
        return other

    def contribute(self, amount: Number, now: int) -> None:
        self.flows.append(("contribute", amount, now))
        self.forward(now)
        self.contributed += amount
        self.unreturned += amount

    # -------------------------------------------------------------------- split

    def split(self, amount: Number, now: int) -> Split:
        preferred, accruing = self.owed(now)
        left = Fraction(amount)
        capital = min(left, self.unreturned)
        left -= capital
        hurdle = min(left, preferred + accruing)
        left -= hurdle
        carry, catch_up = share(self.terms["carry"]), share(self.terms["catchUp"])
        profit = self.to_partners + self.to_organisation + capital + hurdle - self.contributed
        behind = carry * profit - self.to_organisation
        caught: Number = 0
        if catch_up and carry and behind > 0:
            caught = min(left, self.down(behind / (catch_up - carry)))
        left -= caught
        taken = self.down(caught * catch_up) + self.down(left * carry)
        parts = (capital, hurdle, caught, left, taken)
        return Split(*(int(part) for part in parts)) if self.rounded else Split(*parts)

    def distribute(self, amount: Number, now: int) -> Split:
        self.flows.append(("distribute", amount, now))
        split = self.split(amount, now)
        self.pay(split.capital, split.hurdle, now)
        self.to_partners += amount - split.carry
        self.to_organisation += split.carry
        return split

    def pay(self, capital: Number, hurdle: Number, now: int) -> None:
        """Capital, and hurdle, that of past years first."""
        self.forward(now)
        self.unreturned -= capital
        past = min(hurdle, self.preferred)
        self.preferred -= past
        self.accruing -= hurdle - past

    # ----------------------------------------------------------------- clawback

    def clawback(self, now: int) -> Number:
        """Carry that was too much: above the share of profit, or while capital or hurdle is unpaid."""
        preferred, accruing = self.owed(now)
        taken = self.to_organisation
        profit = max(self.to_partners + taken - self.contributed, 0)
        above = taken - self.down(share(self.terms["carry"]) * profit)
        unpaid = min(taken, self.unreturned + preferred + accruing)
        return min(taken, max(above, unpaid))

    def give_back(self, amount: Number, now: int) -> None:
        """Carry returned is the partners': capital and hurdle that were not paid, then profit."""
        self.forward(now)
        capital = min(amount, self.unreturned)
        self.pay(capital, min(amount - capital, self.preferred + self.accruing), now)
        self.to_organisation -= amount
        self.to_partners += amount
        self.returned += amount
