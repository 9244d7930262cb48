"""A fund as its page shows it: cash flows by step of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.funds.flows import NET
from backend.funds.performance import DAY
from backend.funds.schemas import Flow

MOST = 24
"""Steps that a chart has room for."""
_MONTH = 30 * DAY
_LENGTHS = (DAY, 7 * DAY, _MONTH, 3 * _MONTH, 12 * _MONTH)
"""A day, a week, and months of the calendar."""


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
    """Partners' flows from the first to now, in the shortest steps that there is room for; none where nothing
    was paid.
    """
    moved = [flow for flow in flows if flow.what in NET]
    if not moved:
        return []
    first = moved[0].day
    length = next((length for length in _LENGTHS if now - first < (MOST - 1) * length), _LENGTHS[-1])
    begun = _number(first, length)
    sums = [[0, 0] for _ in range(_number(now, length) - begun + 1)]
    for flow in moved:
        sums[_number(flow.day, length) - begun][NET[flow.what] > 0] += flow.amount
    made, balance = [], 0
    for place, (paid, back) in enumerate(sums):
        balance += back - paid
        made.append(Step(_begins(begun + place, length), paid, back, balance))
    return made


def _number(time: int, length: int) -> int:
    """The number of the step that a time is in."""
    if length < _MONTH:
        return time // length
    moment = datetime.fromtimestamp(time, UTC)
    return (moment.year * 12 + moment.month - 1) // (length // _MONTH)


def _begins(number: int, length: int) -> int:
    if length < _MONTH:
        return number * length
    month = number * (length // _MONTH)
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())
