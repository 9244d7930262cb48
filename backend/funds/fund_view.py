"""A fund as its page shows it: cash flows by step of time, and its mandate and terms in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.funds.flows import NET
from backend.funds.schemas import Flow

_MONTHS = (1, 3, 12)
"""How many a step has: a month, a quarter, a year."""
MOST = 24
"""Steps that a chart has room for."""


@dataclass(frozen=True)
class Step:
    """A step of a fund's life: `begins` (its first second), what partners paid in it, what came back, and the
    balance of all steps so far, which is negative as long as they have paid more.
    """

    begins: int
    paid: int
    back: int
    balance: int


def steps(flows: Sequence[Flow], now: int) -> list[Step]:
    """Partners' flows by month, quarter or year, from the first to now; none where nothing was paid."""
    moved = [flow for flow in flows if flow.what in NET]
    if not moved:
        return []
    first, last = _month(moved[0].day), _month(now)
    length = next((months for months in _MONTHS if (last - first) // months < MOST), _MONTHS[-1])
    first -= first % length
    sums = [[0, 0] for _ in range((last - first) // length + 1)]
    for flow in moved:
        sums[(_month(flow.day) - first) // length][NET[flow.what] > 0] += flow.amount
    made, balance = [], 0
    for place, (paid, back) in enumerate(sums):
        balance += back - paid
        made.append(Step(_begins(first + place * length), paid, back, balance))
    return made


def _month(time: int) -> int:
    moment = datetime.fromtimestamp(time, UTC)
    return moment.year * 12 + moment.month - 1


def _begins(month: int) -> int:
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())
