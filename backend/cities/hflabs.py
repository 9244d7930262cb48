"""`city.csv` of github.com/hflabs/city (DaData.ru, CC BY-SA 4.0) and its match to GeoNames (CC BY 4.0)."""

import re
from collections import Counter
from pathlib import Path

from backend import directory
from backend.cities.importer import Found, Remark, number
from backend.kit.table import rows as table

COLUMNS = (
    *("address", "region_type", "region", "area_type", "area", "city", "settlement", "fias_id"),
    *("capital_marker", "oktmo", "timezone", "geo_lat", "geo_lon", "population"),
)
MATCH_COLUMNS = (
    *("fias_id", "name_ru", "geonameid", "name_en", "lat", "lon"),
    *("population_geonames", "timezone"),
)

SOURCE = "DaData.ru / hflabs (CC BY-SA 4.0), GeoNames (CC BY 4.0)"
# Regions of the file whose towns are not in the project's own directory.
REGIONS = [
    ("Московская область", "Moscow Oblast"),
    ("Республика Крым", "Republic of Crimea"),
    ("Севастополь", "Sevastopol"),
]
TYPES = re.compile(r"\b(республика|область|край|автономный|автономная|округ|югра|кузбасс|город)\b")

SINGLE = str.maketrans("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", "ъь")
SEVERAL = {
    "ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya",
}  # fmt: skip


def read(
    text: str, path: Path, match_text: str | None, match_path: Path | None
) -> tuple[list[Found], list[Remark], int]:
    """Rows of the file as cities, with remarks on how unusual rows were read. Raises `BadFile`.

    The code is `geonames:<id>` where exactly one row has that place under its own name, else
    `oktmo:<number>`.
    """
    rows = table(text, path, COLUMNS)
    matches = {}
    if match_text is not None and match_path is not None:
        matches = {row["fias_id"]: row for _, row in table(match_text, match_path, MATCH_COLUMNS)}
    regions = _regions()
    oktmo = Counter(row["oktmo"] for _, row in rows)
    names = {row["fias_id"]: _name(row) for _, row in rows}
    agreeing = {
        key: row
        for key, row in matches.items()
        if _folded(row["name_ru"]) == _folded(names.get(key, ("", ""))[0])
    }
    places = Counter(row["geonameid"] for row in agreeing.values())

    found: list[Found] = []
    remarks: list[Remark] = []
    for line, row in rows:
        name, column = names[row["fias_id"]]

        def remark(field: str, value: str, reason: str, taken: bool = True) -> None:
            remarks.append(Remark(line, row["fias_id"], name, field, value, reason, taken))  # noqa: B023

        if not name:
            remark("city", row["address"], "no column holds the town's name: not registered", taken=False)
            continue
        if column != "city":
            remark("city", row["city"], f"the name stands in column `{column}`")
        match = matches.get(row["fias_id"])
        if matches and match is None:
            remark("code", "", "no match in GeoNames: named by its OKTMO number")
        elif match and row["fias_id"] not in agreeing:
            remark("code", match["geonameid"], f"GeoNames' record is that of {match['name_ru']}: not used")
            match = None
        elif match and places[match["geonameid"]] > 1:
            remark("code", match["geonameid"], "several rows match this GeoNames record: not used")
            match = None
        if oktmo[row["oktmo"]] > 1:
            remark("oktmo", row["oktmo"], "another row has the same OKTMO number")
        key = _region_key(f"{row['region']} {row['region_type']}")
        region_ru, region_en = regions.get(key, (row["region"], latin(row["region"])))
        found.append(
            Found(
                line=line,
                id=row["fias_id"],
                code=f"geonames:{match['geonameid']}" if match else f"oktmo:{row['oktmo']}",
                name_ru=name,
                name_en=match["name_en"] if match else latin(name),
                region_ru=region_ru,
                region_en=region_en,
                lat=number(row["geo_lat"], float),
                lon=number(row["geo_lon"], float),
                population=number(row["population"], int),
                time_zone=match["timezone"] if match else _time_zone(row["timezone"]),
                capital=row["capital_marker"] == "2",
                other_population=number(match["population_geonames"], int) if match else None,
                other_place=_place(match) if match else None,
                ambiguous=_ambiguous(row),
                source=SOURCE,
            )
        )
    return found, remarks, len(rows)


def latin(text: str) -> str:
    """Russian in Latin letters (BGN/PCGN, simplified): the English name where GeoNames knows none."""
    return "".join(_latin(letter) for letter in text)


def _latin(letter: str) -> str:
    small = letter.lower()
    found = SEVERAL.get(small) or small.translate(SINGLE)
    return found if letter == small else found.capitalize()


def _name(row: dict[str, str]) -> tuple[str, str]:
    """The town's name and the column it stands in: the most exact one that is filled."""
    if row["settlement"]:
        return row["settlement"], "settlement"
    if row["city"]:
        return row["city"], "city"
    if row["area"] and row["area_type"] == "г":
        return row["area"], "area"
    if row["region"] and row["region_type"] == "г":
        return row["region"], "region"
    return "", ""


def _ambiguous(row: dict[str, str]) -> str | None:
    if row["city"] and row["settlement"]:
        return f"the row names two towns, {row['city']} and {row['settlement']}: whose figure is it?"
    return None


def _folded(name: str) -> str:
    return re.sub(r"[\s\-–—]+", " ", name.lower().replace("ё", "е")).strip()


def _region_key(name: str) -> str:
    text = re.sub(r"\b(обл|респ|край|ао|аобл|чувашия|г)\b", " ", name.lower())
    return " ".join(sorted(re.findall(r"\w+", TYPES.sub(" ", text))))


def _regions() -> dict[str, tuple[str, str]]:
    known = [(city.region_ru, city.region_en) for city in directory.load()]
    return {_region_key(ru): (ru, en) for ru, en in known + REGIONS}


def _place(match: dict[str, str]) -> tuple[float, float] | None:
    lat, lon = number(match["lat"], float), number(match["lon"], float)
    return None if lat is None or lon is None else (lat, lon)


def _time_zone(text: str) -> str | None:
    """`UTC+3` as an IANA name, whose sign is the other way round."""
    found = re.fullmatch(r"UTC([+-])(\d{1,2})", text)
    return f"Etc/GMT{'-' if found[1] == '+' else '+'}{found[2]}" if found else None
