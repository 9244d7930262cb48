"""Write backend/web/land.json, the outline of the land that the map of cities is drawn on.

    build_outline.py FILE

FILE is land-50m.json of the npm package world-atlas 2.0.2 (Natural Earth 1:50m, public domain), a
TopoJSON file. The outline is cut to the part of the globe that the map shows, and simplified to what
can be seen on it.
"""

import json
import sys
from math import ceil
from pathlib import Path

from backend.web.cartography import project

TARGET = Path(__file__).parent.parent / "backend" / "web" / "land.json"

# Degrees. A longitude east of the date line is counted on past 180.
WEST, EAST, SOUTH, NORTH = 8.0, 205.0, 30.0, 84.0
# In units of the map, which is 1000 wide.
TOLERANCE = 0.7
SMALLEST = 2.5
# The longest stretch, in degrees, that may be drawn straight.
STRAIGHT = 2.0

Point = tuple[float, float]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    topology = json.loads(Path(sys.argv[1]).read_text())
    arcs = decode(topology)
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for shift in (-360, 0, 360):
                for ring in polygon:
                    rings.append([(lon + shift, lat) for lon, lat in join(arcs, ring)])
    outline = [simple for ring in rings if (cut := clip(ring)) and (simple := simplify(bend(cut)))]
    short = [[[round(lon, 2), round(lat, 2)] for lon, lat in ring] for ring in outline]
    text = ",\n".join(json.dumps(ring, separators=(",", ":")) for ring in short)
    TARGET.write_text(f"[\n{text}\n]\n")
    print(f"{TARGET}: {len(outline)} rings, {sum(map(len, outline))} points")


def decode(topology: dict) -> list[list[Point]]:
    """The arcs of a TopoJSON topology in degrees (TopoJSON 1.0, 2.1.2 and 2.1.3)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def join(arcs: list[list[Point]], ring: list[int]) -> list[Point]:
    """The ring that these arcs make, its longitudes counted on where it crosses the date line."""
    points: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    unbroken = points[:1]
    for lon, lat in points[1:]:
        unbroken.append((lon + 360 * round((unbroken[-1][0] - lon) / 360), lat))
    return unbroken


def clip(ring: list[Point]) -> list[Point]:
    """The ring within the frame (Sutherland and Hodgman 1974)."""
    for axis, bound, keep_above in ((0, WEST, True), (0, EAST, False), (1, SOUTH, True), (1, NORTH, False)):
        result: list[Point] = []
        for before, point in zip([ring[-1], *ring[:-1]], ring, strict=True):
            inside = (point[axis] >= bound) == keep_above
            if inside != ((before[axis] >= bound) == keep_above):
                part = (bound - before[axis]) / (point[axis] - before[axis])
                cross = [before[i] + part * (point[i] - before[i]) for i in (0, 1)]
                cross[axis] = bound
                result.append((cross[0], cross[1]))
            if inside:
                result.append(point)
        if len(result) < 3:
            return []
        ring = result
    return ring


def bend(ring: list[Point]) -> list[Point]:
    """The ring with points added where it runs straight, because the projection bends it."""
    points: list[Point] = []
    for (x, y), (to_x, to_y) in zip(ring, [*ring[1:], ring[0]], strict=True):
        steps = max(1, ceil(max(abs(to_x - x), abs(to_y - y)) / STRAIGHT))
        points += [(x + (to_x - x) * i / steps, y + (to_y - y) * i / steps) for i in range(steps)]
    return points


def simplify(ring: list[Point]) -> list[Point]:
    """The ring with as few points as the map needs (Douglas and Peucker 1973), none if too small to see."""
    flat = [project(lat, lon) for lon, lat in ring]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(flat, [*flat[1:], flat[0]], strict=True)) / 2
    if abs(area) < SMALLEST:
        return []
    keep = {0, len(ring) - 1}
    todo = [(0, len(ring) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        far, index = max((distance(flat[i], flat[first], flat[last]), i) for i in range(first + 1, last))
        if far > TOLERANCE:
            keep.add(index)
            todo += [(first, index), (index, last)]
    return [ring[i] for i in sorted(keep)] if len(keep) > 3 else []


def distance(point: Point, a: Point, b: Point) -> float:
    """From the point to the stretch from a to b."""
    (x, y), (ax, ay), (bx, by) = point, a, b
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    part = 0.0 if length == 0 else max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / length))
    return ((x - ax - part * dx) ** 2 + (y - ay - part * dy) ** 2) ** 0.5


if __name__ == "__main__":
    main()
