"""The project's own directory of cities, from GeoNames (CC BY 4.0, see ATTRIBUTION.md).

Written by scripts/build_directory.py.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class City:
    """A city as the directory knows it.

    `code` names it in the network (`geonames:<id>`, ASCII, at most 32 bytes). `lat`, `lon`: degrees, WGS 84.
    `population`: people, as GeoNames last knew. `time_zone`: IANA name.
    """

    code: str
    name_ru: str
    name_en: str
    region_ru: str
    region_en: str
    lat: float
    lon: float
    population: int
    time_zone: str


@cache
def load() -> list[City]:
    """All cities of the directory, largest first."""
    rows = json.loads((Path(__file__).parent / "cities.json").read_text(encoding="utf-8"))
    return [City(**row) for row in rows]
