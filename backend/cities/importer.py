"""City files → cities to open. What is doubtful in a file is reported and left out, never silently taken.

Two formats are understood: the project's own directory (JSON, see `backend.directory`) and `city.csv` of
github.com/hflabs/city (see `backend.cities.hflabs`), with the match of its rows to GeoNames beside it.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from backend.content.documents import CityDocument, Text
from backend.kit.table import BadFile, read_text
from backend.kit.table import rows as table

# A town of fewer people than this, or of more, is a slip of the pen.
LEAST_PEOPLE, MOST_PEOPLE = 500, 40_000_000
# The capital of a region has at least this many.
LEAST_CAPITAL = 10_000
# Two sources of different years differ, but hardly by more than this factor.
FACTOR = 2.0
# Degrees, about 50 km: the two sources then mean two places.
APART = 0.5

CODE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Found:
    """A city as a file gives it, with what another source says of it. `line` counts from 1, the header's.

    `lat`, `lon`: degrees, WGS 84; `population`: people; `time_zone`: IANA name. None: the file does not say.
    """

    line: int
    id: str
    code: str
    name_ru: str
    name_en: str
    region_ru: str
    region_en: str
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    time_zone: str | None = None
    capital: bool = False
    other_population: int | None = None
    other_place: tuple[float, float] | None = None
    ambiguous: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What the importer has to say of a row. `field` is empty where it is about the row as a whole.

    `taken` tells a remark (the row is read so) from a doubt (the figure is left out, or the row passed over).
    """

    line: int
    id: str
    name: str
    field: str
    value: str
    reason: str
    taken: bool = False


@dataclass(slots=True)
class Import:
    """What a file holds: cities to open, in the file's order, and remarks, by line."""

    rows: int
    cities: list[Found] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def doubts(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.taken]


def read(
    path: Path,
    match: Path | None = None,
    corrections: Path | None = None,
    accept_doubtful: bool = False,
) -> Import:
    """Reads a file of cities.

    `match`: rows of the file matched to GeoNames; unless given, `geonames_match.csv` beside the file where
    there is one. `corrections`: figures that somebody has looked up, see `read_corrections`.
    `accept_doubtful` takes doubtful figures as they stand; those missing or impossible stay out.
    Raises `BadFile`.
    """
    text = read_text(path)
    if text.lstrip().startswith("["):
        found, remarks, rows = _own(text, path)
    else:
        from backend.cities import hflabs

        beside = path.with_name("geonames_match.csv")
        other = match or (beside if beside.exists() else None)
        found, remarks, rows = hflabs.read(text, path, read_text(other) if other else None, other)
    result = Import(rows=rows, remarks=remarks)
    corrected = read_corrections(corrections) if corrections else {}
    unknown = set(corrected) - {city.id for city in found}
    if unknown:
        raise BadFile(corrections, f"no row of {path} has the id {sorted(unknown)[0]}")
    for city in _unique(found, result.remarks):
        result.cities.append(_examined(city, corrected.get(city.id, {}), accept_doubtful, result.remarks))
    result.remarks.sort(key=lambda remark: remark.line)
    return result


def document(city: Found) -> CityDocument:
    """The city's description as it is stored by its hash. A figure that nobody vouches for is not in it."""
    return CityDocument(
        name=Text(ru=city.name_ru, en=city.name_en),
        region=Text(ru=city.region_ru, en=city.region_en) if city.region_ru and city.region_en else None,
        latitude=city.lat,
        longitude=city.lon,
        population=city.population,
        time_zone=city.time_zone,
        source=city.source,
    )


# ------------------------------------------------------------------ files


CORRECTABLE: dict[str, Callable[[str], Any]] = {
    "population": int,
    "lat": float,
    "lon": float,
    "name_ru": str,
    "name_en": str,
}


def read_corrections(path: Path) -> dict[str, dict[str, Any]]:
    """Figures that replace a file's: columns `id` (as the report names the row), `field`, `value`, `source`.

    Raises `BadFile`.
    """
    result: dict[str, dict[str, Any]] = {}
    for line, row in table(read_text(path), path, ("id", "field", "value", "source")):
        convert = CORRECTABLE.get(row["field"])
        if convert is None:
            raise BadFile(path, f"field `{row['field']}` is none of {', '.join(CORRECTABLE)}", line)
        if not row["source"]:
            raise BadFile(path, "column `source` is empty: say where the figure is from", line)
        try:
            result.setdefault(row["id"], {})[row["field"]] = convert(row["value"])
        except ValueError:
            raise BadFile(path, f"`{row['value']}` is no {row['field']}", line) from None
    return result


def _own(text: str, path: Path) -> tuple[list[Found], list[Remark], int]:
    """The project's own format: a JSON list of `backend.directory.City`."""
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadFile(path, f"not JSON ({error.msg})", error.lineno) from None
    starts = [i for i, line in enumerate(text.splitlines(), 1) if line.lstrip().startswith("{")]
    lines = starts if len(starts) == len(rows) else range(1, len(rows) + 1)
    found, remarks = [], []
    for line, row in zip(lines, rows, strict=True):
        code = row.get("code") if isinstance(row, Mapping) else None
        if not code or not row.get("name_ru") or not row.get("name_en"):
            remarks.append(Remark(line, str(code or ""), "", "", "", "code, name_ru or name_en is missing"))
            continue
        found.append(
            Found(
                line=line,
                id=code,
                code=code,
                name_ru=row["name_ru"],
                name_en=row["name_en"],
                region_ru=row.get("region_ru", ""),
                region_en=row.get("region_en", ""),
                lat=number(row.get("lat"), float),
                lon=number(row.get("lon"), float),
                population=number(row.get("population"), int),
                time_zone=row.get("time_zone"),
                source="GeoNames (CC BY 4.0)",
            )
        )
    return found, remarks, len(rows)


def number(value: Any, kind: Callable[[Any], Any]) -> Any:
    """The value as a finite number, None where it is none."""
    try:
        result = kind(value)
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


# ------------------------------------------------------------------ doubts


def _unique(found: list[Found], remarks: list[Remark]) -> list[Found]:
    """The cities whose code is theirs alone and fits the registry; the others are left out with a remark."""
    lines: dict[str, list[int]] = {}
    for city in found:
        lines.setdefault(city.code, []).append(city.line)
    kept = []
    for city in found:
        others = [line for line in lines[city.code] if line != city.line]
        reason = None
        if others:
            reason = f"line {others[0]} has the same code: not registered"
        elif not city.code.isascii() or len(city.code) > CODE_BYTES:
            reason = f"a code is at most {CODE_BYTES} ASCII characters: not registered"
        if reason:
            remarks.append(Remark(city.line, city.id, city.name_ru, "code", city.code, reason))
        else:
            kept.append(city)
    return kept


def _examined(
    city: Found, corrected: Mapping[str, Any], accept_doubtful: bool, remarks: list[Remark]
) -> Found:
    """The city without what is doubtful in it, with what is corrected."""

    def remark(field: str, value: Any, reason: str, taken: bool) -> None:
        shown = "" if value is None else str(value)
        remarks.append(Remark(city.line, city.id, city.name_ru, field, shown, reason, taken))

    changes: dict[str, Any] = dict(corrected)
    for name, value in corrected.items():
        remark(name, getattr(city, name), f"corrected to {value}", taken=True)
    impossible, doubtful = _population(city)
    if "population" not in corrected and (impossible or doubtful):
        taken = accept_doubtful and not impossible
        remark("population", city.population, impossible or doubtful or "", taken)
        if not taken:
            changes["population"] = None
    impossible, doubtful = _place(city)
    if not {"lat", "lon"} & set(corrected) and (impossible or doubtful):
        taken = accept_doubtful and not impossible
        remark("lat, lon", f"{city.lat}, {city.lon}", impossible or doubtful or "", taken)
        if not taken:
            changes["lat"] = changes["lon"] = None
    return replace(city, **changes)


def _population(city: Found) -> tuple[str | None, str | None]:
    """Why the population is impossible, and why it is doubtful."""
    people, other = city.population, city.other_population
    if people is None:
        return "missing or not a whole number", None
    if people <= 0:
        return "not a positive number", None
    if people > MOST_PEOPLE:
        return "more people than any city has", None
    if city.ambiguous:
        return None, city.ambiguous
    if other and not 1 / FACTOR <= people / other <= FACTOR:
        return None, f"GeoNames has {other}, {other / people:.1f} times this figure"
    if city.capital and people < LEAST_CAPITAL:
        return None, f"a regional capital of fewer than {LEAST_CAPITAL} people"
    if people < LEAST_PEOPLE:
        return None, f"a town of fewer than {LEAST_PEOPLE} people"
    return None, None


def _place(city: Found) -> tuple[str | None, str | None]:
    """Why the coordinates are impossible, and why they are doubtful."""
    if city.lat is None or city.lon is None:
        return "missing or not a number", None
    if not (-90 <= city.lat <= 90 and -180 <= city.lon <= 180):
        return "out of range: latitude −90 to 90, longitude −180 to 180", None
    if city.lat == city.lon == 0:
        return "zero", None
    if city.other_place:
        lat, lon = city.other_place
        east = abs(city.lon - lon) % 360
        apart = math.hypot(city.lat - lat, min(east, 360 - east) * math.cos(math.radians(lat)))
        if apart > APART:
            return None, f"GeoNames has the town {apart * 111:.0f} km away"
    return None, None
