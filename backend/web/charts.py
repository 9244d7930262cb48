"""Charts as geometry: a template turns it into SVG, whose colours come from the style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10


@dataclass(frozen=True)
class Segment:
    """A part of a bar that lies along a line. `x`, `width`: units of the drawing."""

    name: str
    value: int
    x: float
    width: float


def stack(parts: Sequence[tuple[str, int]], width: float = 1000, gap: float = 3) -> list[Segment]:
    """Parts of a whole, side by side over the width; those that are zero take no room."""
    shown = [(name, value) for name, value in parts if value > 0]
    total = sum(value for _, value in shown)
    room = width - gap * (len(shown) - 1)
    segments, x = [], 0.0
    for name, value in shown:
        part = room * value / total
        segments.append(Segment(name, value, round(x, 2), round(max(part, 1), 2)))
        x += part + gap
    return segments


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    value: int


@dataclass(frozen=True)
class Bars:
    """Bars of several series over the same steps, side by side, on one axis from zero.

    `rows[step][series]` are the bars; `ticks` the values of the axis and where they lie; `steps` the
    middle of each step.
    """

    width: float
    height: float
    rows: list[list[Bar]]
    ticks: list[tuple[int, float]]
    steps: list[float]


def bars(series: Sequence[Sequence[int]], width: float = 720, height: float = 220) -> Bars:
    """Lays out the series, all of one length; values are not negative."""
    top = ceiling(max((value for line in series for value in line), default=0))
    count = max(len(series[0]) if series else 0, 1)
    step = width / count
    each = min(step * 0.72 / max(len(series), 1), 28)
    rows, middles = [], []
    for index in range(len(series[0]) if series else 0):
        middle = step * (index + 0.5)
        left = middle - each * len(series) / 2
        row = []
        for place, line in enumerate(series):
            tall = height * line[index] / top
            row.append(
                Bar(
                    round(left + place * each, 2),
                    round(height - tall, 2),
                    round(each * 0.88, 2),
                    round(tall, 2),
                    line[index],
                )
            )
        rows.append(row)
        middles.append(round(middle, 2))
    parts = 4 if top % 4 == 0 else 2 if top % 2 == 0 else 1
    ticks = [(top * i // parts, round(height - height * i / parts, 2)) for i in range(parts + 1)]
    return Bars(width, height, rows, ticks, middles)


@dataclass(frozen=True)
class Course:
    """A sum over time as stairs from zero, with lines that it is measured by.

    `line` and `area` are points of a polyline and a polygon; `marks` the values of the lines and where they
    lie, `ticks` those of the axis; `reached` is how far along the time has come.
    """

    width: float
    height: float
    line: str
    area: str
    marks: list[tuple[int, float]]
    ticks: list[tuple[int, float]]
    reached: float


def course(
    steps: Sequence[tuple[int, int]],
    begins: int,
    ends: int,
    now: int,
    marks: Sequence[int] = (),
    unit: int = 1,
    width: float = 720,
    height: float = 220,
) -> Course:
    """Lays out `steps`, pairs of a time and the sum from then on, between two times.

    The axis reads well in whole units of `unit`; values are not negative.
    """
    highest = max([value for _, value in steps] + list(marks), default=0)
    top = ceiling(-(-highest // unit)) * unit
    span = max(ends - begins, 1)

    def x(time: int) -> float:
        return round(width * min(max(time - begins, 0), span) / span, 2)

    def y(value: int) -> float:
        return round(height - height * value / top, 2)

    points, level = [(0.0, y(0))], 0
    for time, value in steps:
        points += [(x(time), y(level)), (x(time), y(value))]
        level = value
    points.append((max(x(now), points[-1][0]), y(level)))
    line = " ".join(f"{left},{high}" for left, high in points)
    area = f"{line} {points[-1][0]},{y(0)}"
    parts = 4 if top // unit % 4 == 0 else 2 if top // unit % 2 == 0 else 1
    ticks = [(top * i // parts, y(top * i // parts)) for i in range(parts + 1)]
    return Course(width, height, line, area, [(mark, y(mark)) for mark in marks], ticks, x(now))


@dataclass(frozen=True)
class Swing:
    """What went in (bars down) and came back (bars up) by step, and the balance of all so far as a line.

    `bars[step]` are the two of a step; `ticks` the values of the axis and where they lie, `zero` its base;
    `ends` is where the line ends, `would` where it would if all that is left came back.
    """

    width: float
    height: float
    bars: list[tuple[Bar, Bar]]
    line: str
    ticks: list[tuple[int, float]]
    zero: float
    ends: tuple[float, float]
    would: tuple[float, float]


def swing(
    steps: Sequence[tuple[int, int]], left: int = 0, unit: int = 1, width: float = 720, height: float = 260
) -> Swing:
    """Lays out `steps`, pairs of what went in and what came back (neither negative).

    `left` is what else could come back; the axis reads well in whole units of `unit`.
    """
    balances, balance = [], 0
    for paid, back in steps:
        balance += back - paid
        balances.append(balance)
    most = max([back for _, back in steps] + balances + [balance + left, 0])
    least = max([paid for paid, _ in steps] + [-value for value in balances] + [0])
    tick = ceiling(-(-max(most, least, unit) // (2 * unit))) * unit
    above, below = -(-most // tick), -(-least // tick)
    above = above or int(not below)
    span = (above + below) * tick

    def y(value: int) -> float:
        return round(height * (above * tick - value) / span, 2)

    step = width / max(len(steps), 1)
    wide = round(min(step * 0.6, 34), 2)
    bars, points = [], [(0.0, y(0))]
    for index, ((paid, back), reached) in enumerate(zip(steps, balances, strict=True)):
        middle = step * (index + 0.5)
        left_edge = round(middle - wide / 2, 2)
        down = Bar(left_edge, y(0), wide, round(y(-paid) - y(0), 2), paid)
        up = Bar(left_edge, y(back), wide, round(y(0) - y(back), 2), back)
        bars.append((down, up))
        points.append((round(middle, 2), y(reached)))
    ends = points[-1]
    ticks = [(place * tick, y(place * tick)) for place in range(-below, above + 1)]
    line = " ".join(f"{x},{high}" for x, high in points)
    return Swing(width, height, bars, line, ticks, y(0), ends, (ends[0], y(balance + left)))


def ceiling(value: int) -> int:
    """The next number that reads well on an axis: 1, 2, 4, 5 or 8 times a power of ten."""
    if value <= 0:
        return 1
    unit = 10 ** floor(log10(value))
    return next(unit * m for m in (1, 2, 4, 5, 8, 10) if unit * m >= value)
