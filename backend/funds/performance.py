"""What became of a fund's money: multiples and rates of return.

DPI, RVPI and TVPI are distributions, net asset value and both together over paid-in capital (ILPA, GIPS).
The rate of return is the one at which a series of flows is worth nothing today, by pyxirr; it does not always
exist, and sometimes more than one does. Under a year it is that of the whole time, not of a year (GIPS).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pyxirr

from backend.funds.schemas import DIGITS, Multiples, NoRate, Performance, Rate

DAY = 86_400
YEAR = 365
"""Days."""
_TRIED = [(10 ** (exponent / 100)) - 1 for exponent in range(-200, 201)]
"""Rates from -99 % to 9,900 %, between which roots are looked for."""

Flows = Sequence[tuple[int, int]]
"""Times and sums: negative what was paid, positive what came back."""


def multiples(paid: int, distributed: int, left: int) -> Multiples:
    """Multiples of what was paid in, each rounded down."""
    return Multiples(
        dpi=multiple(distributed, paid), rvpi=multiple(left, paid), tvpi=multiple(distributed + left, paid)
    )


def multiple(part: int, paid: int) -> int | None:
    """How often `paid` is in `part`, as `Multiple`; None where nothing was paid."""
    return part * 10**DIGITS // paid if paid > 0 else None


def performance(paid: int, distributed: int, left: int, gross: Flows, net: Flows) -> Performance:
    """Multiples and both rates; what is left is the last of the flows."""
    return Performance(**dict(multiples(paid, distributed, left)), gross=rate(gross), net=rate(net))


def rate(flows: Flows) -> Rate:
    """The rate of return of flows in any order."""
    days, sums = _by_day(flows)
    if not any(value < 0 for value in sums):
        return _none("nothing_paid")
    if not any(value > 0 for value in sums):
        return _none("nothing_back")
    span = (days[-1] - days[0]).days
    if not span:
        return _none("one_day")
    annual = span >= YEAR
    if not annual:  # a year for a day: the rate of a day, which is of a size that can be found
        days = [days[0] + timedelta(days=(day - days[0]).days * YEAR) for day in days]
    if _several(days, sums):
        return _none("several")
    found = pyxirr.xirr(days, sums, silent=True)
    if found is None or not -1 < found < float("inf"):
        return _none("none")
    return Rate(rate=round(found if annual else (1 + found) ** span - 1, 6), annual=annual, reason=None)


def _by_day(flows: Flows) -> tuple[list[date], list[float]]:
    """Days on which something is left of what went both ways, in their order, and how much, of the largest:
    the search for a rate stops at a distance from zero that has to mean something.
    """
    sums: dict[int, int] = defaultdict(int)
    for time, value in flows:
        sums[time // DAY] += value
    largest = max(map(abs, sums.values()), default=0)
    kept = sorted((day, value / largest) for day, value in sums.items() if value)
    return [datetime.fromtimestamp(day * DAY, UTC).date() for day, _ in kept], [value for _, value in kept]


def _several(days: list[date], sums: list[float]) -> bool:
    """Whether more than one rate fits. One at most does where the flows change their sign once."""
    if sum((before < 0) != (after < 0) for before, after in pairwise(sums)) <= 1:
        return False
    worth = [pyxirr.xnpv(tried, days, sums) or 0.0 for tried in _TRIED]
    return sum((before < 0) != (after < 0) for before, after in pairwise(worth)) > 1


def _none(reason: NoRate) -> Rate:
    return Rate(rate=None, annual=True, reason=reason)
