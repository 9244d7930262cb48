"""The map of the cities: a projection, the outline of the land, and where the points lie."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, radians, sin, sqrt
from pathlib import Path

# Albers' equal-area conic projection (Snyder, Map Projections: A Working Manual, 1987, p. 100), with
# parallels and a meridian as maps of Russia commonly take them.
PARALLELS = (52.0, 64.0)
CENTRE_LON, CENTRE_LAT = 100.0, 56.0

_s1, _s2 = (sin(radians(p)) for p in PARALLELS)
_n = (_s1 + _s2) / 2
_c = cos(radians(PARALLELS[0])) ** 2 + 2 * _n * _s1
_rho0 = sqrt(_c - 2 * _n * sin(radians(CENTRE_LAT))) / _n

# Units of the drawing. The scale is chosen so that Kaliningrad to Kamchatka fills the width.
WIDTH, HEIGHT = 1000, 520
SCALE, LEFT, TOP = 740.0, 560.0, 372.0

LETTER = 7.3
"""Width of a letter in names on the map."""

COVERED, TINY = 0.6, 3.0
"""A name may cover circles that are smaller than its own by this factor, and those below this radius."""


def project(lat: float, lon: float) -> tuple[float, float]:
    """Where a place (degrees, WGS 84) lies in a drawing of WIDTH by HEIGHT; y grows downwards."""
    if lon < -150:
        lon += 360
    rho = sqrt(max(0.0, _c - 2 * _n * sin(radians(lat)))) / _n
    theta = _n * radians(lon - CENTRE_LON)
    return LEFT + SCALE * rho * sin(theta), TOP - SCALE * (_rho0 - rho * cos(theta))


@cache
def land() -> str:
    """SVG path data of the land, in tenths (Natural Earth, public domain; see scripts/build_outline.py)."""
    rings = json.loads((Path(__file__).parent / "land.json").read_text())
    return "".join(_path(ring) + "z" for ring in rings)


@cache
def graticule() -> str:
    """SVG path data of every twentieth meridian and tenth parallel, in tenths."""
    meridians = [[(lon, lat) for lat in range(30, 81, 5)] for lon in range(0, 221, 20)]
    parallels = [[(lon, lat) for lon in range(0, 221, 5)] for lat in range(30, 81, 10)]
    return "".join(_path(line) for line in meridians + parallels)


def _path(line: list) -> str:
    flat = [project(lat, lon) for lon, lat in line]
    points = [(round(10 * x), round(10 * y)) for x, y in flat]
    steps = "".join(f"{x - px} {y - py} " for (px, py), (x, y) in pairwise(points) if (x, y) != (px, py))
    return f"M{points[0][0]} {points[0][1]}l{steps}"


def radius(value: float, largest: float, least: float = 2.5, most: float = 13.0) -> float:
    """Radius of a circle whose area grows with the value, so that it can be seen at all."""
    share = 0.0 if largest <= 0 else max(0.0, value) / largest
    return sqrt(least**2 + (most**2 - least**2) * share)


@dataclass(frozen=True)
class Dot:
    """A city on the map: `item` is what was given, `x`, `y`, `r` its circle.

    `name_x`, `name_y`, `anchor` say where its name stands; `name` is empty where there is no room for it.
    """

    item: object
    x: float
    y: float
    r: float
    name: str
    name_x: float
    name_y: float
    anchor: str


def dots(cities: Sequence[tuple[object, str, float, float, int]]) -> list[Dot]:
    """Circles for `(item, name, lat, lon, weight)`, the largest first so that small ones lie on top.

    Names stand beside the largest, where they cover no other name and no circle that matters more.
    """
    largest = max((weight for *_, weight in cities), default=0)
    ranked = sorted(cities, key=lambda city: -city[4])
    circles = [(*project(lat, lon), radius(weight, largest)) for _, _, lat, lon, weight in ranked]
    names: list[Box] = []
    placed = []
    for (item, name, *_), (x, y, r) in zip(ranked, circles, strict=True):
        circled = [
            (cx - cr, cy - cr, cx + cr, cy + cr) for cx, cy, cr in circles if cr > max(COVERED * r, TINY)
        ]
        spot = _spot(name, x, y, r, names + circled)
        if spot:
            names.append(_box(name, *spot))
        name_x, name_y, anchor = spot or (x, y, "start")
        placed.append(
            Dot(
                item,
                _round(x),
                _round(y),
                _round(r),
                name if spot else "",
                _round(name_x),
                _round(name_y),
                anchor,
            )
        )
    return placed


Box = tuple[float, float, float, float]


def _spot(name: str, x: float, y: float, r: float, taken: list[Box]) -> tuple[float, float, str] | None:
    """Where a name may stand beside its circle: x and y of its base line, and which end of it is meant."""
    near = r + 3
    for spot in (
        (x + near, y + 4, "start"),
        (x - near, y + 4, "end"),
        (x + near * 0.7, y - near * 0.7, "start"),
        (x + near * 0.7, y + near * 0.7 + 9, "start"),
        (x - near * 0.7, y - near * 0.7, "end"),
        (x - near * 0.7, y + near * 0.7 + 9, "end"),
    ):
        box = _box(name, *spot)
        inside = box[0] > 0 and box[2] < WIDTH and box[1] > 0 and box[3] < HEIGHT
        if inside and not any(_meet(box, other) for other in taken):
            return spot
    return None


def _box(name: str, x: float, y: float, anchor: str) -> Box:
    width = LETTER * len(name)
    left = x if anchor == "start" else x - width
    return (left, y - 10, left + width, y + 3)


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _round(value: float) -> float:
    return round(value, 1)
