"""City files with the traps of the real ones."""

from pathlib import Path

import pytest

from backend import directory
from backend.cities import importer
from backend.kit.table import BadFile

COLUMNS = (
    "address,postal_code,country,federal_district,region_type,region,area_type,area,city_type,city,"
    "settlement_type,settlement,kladr_id,fias_id,fias_level,capital_marker,okato,oktmo,tax_office,timezone,"
    "geo_lat,geo_lon,population,foundation_year"
)
MATCH = "fias_id,name_ru,geonameid,name_en,lat,lon,population_geonames,timezone"


def row(fias: str, **given: str) -> str:
    """A line of `city.csv`: an ordinary town of 50,000 people, but for what is given."""
    filled = {
        "region_type": "обл", "region": "Московская", "city_type": "г", "city": "Энск", "fias_id": fias,
        "capital_marker": "0", "oktmo": f"467{fias}", "timezone": "UTC+3",
        "geo_lat": "55.5", "geo_lon": "37.5", "population": "50000",
    } | given  # fmt: skip
    return ",".join(filled.get(column, "") for column in COLUMNS.split(","))


def match(fias: str, name: str = "Энск", place: str = "", people: str = "51000", lat: str = "55.51") -> str:
    return f"{fias},{name},{place or '9' + fias},Ensk,{lat},37.49,{people},Europe/Moscow"


@pytest.fixture
def file(tmp_path: Path):
    """Writes a file of cities, and its match beside it."""

    def write(*rows: str, matches: tuple[str, ...] = ()) -> Path:
        path = tmp_path / "city.csv"
        path.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")
        if matches:
            (tmp_path / "geonames_match.csv").write_text(
                "\n".join([MATCH, *matches]) + "\n", encoding="utf-8"
            )
        return path

    return write


def test_an_ordinary_row_is_taken_without_a_remark(file) -> None:
    found = importer.read(file(row("1"), matches=(match("1"),)))
    [city] = found.cities
    assert found.remarks == []
    assert (city.code, city.name_ru, city.name_en) == ("geonames:91", "Энск", "Ensk")
    assert (city.region_ru, city.region_en) == ("Московская область", "Moscow Oblast")
    assert (city.population, city.time_zone) == (50_000, "Europe/Moscow")


@pytest.mark.parametrize(
    ("given", "name", "column"),
    [
        ({"city": "", "area_type": "г", "area": "Клин"}, "Клин", "area"),
        ({"city": "", "region_type": "г", "region": "Москва"}, "Москва", "region"),
        ({"city": "", "area_type": "р-н", "area": "Горный", "settlement": "Горск"}, "Горск", "settlement"),
    ],
)
def test_a_name_that_stands_elsewhere_is_found(file, given: dict, name: str, column: str) -> None:
    found = importer.read(file(row("1", **given), matches=(match("1", name),)))
    assert [city.name_ru for city in found.cities] == [name]
    assert [(r.line, r.reason) for r in found.remarks] == [(2, f"the name stands in column `{column}`")]
    assert found.doubts == []


def test_a_row_without_any_name_is_not_registered(file) -> None:
    found = importer.read(file(row("1", city=""), row("2")))
    assert [city.id for city in found.cities] == ["2"]
    assert [(doubt.line, doubt.field) for doubt in found.doubts] == [(2, "city")]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"population": ""}, "missing"),
        ({"population": "many"}, "not a whole number"),
        ({"population": "0"}, "not a positive number"),
        ({"population": "7771"}, "GeoNames has 51000"),
        ({"population": "510000"}, "GeoNames has 51000"),
        ({"population": "99000000"}, "more people than any city has"),
        ({"city": "Энск", "settlement": "Малый"}, "the row names two towns, Энск and Малый"),
    ],
)
def test_a_doubtful_population_is_left_out_and_the_city_kept(file, given: dict, reason: str) -> None:
    found = importer.read(file(row("1", **given), matches=(match("1"),)))
    assert [city.population for city in found.cities] == [None]
    [doubt] = found.doubts
    assert (doubt.line, doubt.field) == (2, "population")
    assert reason in doubt.reason
    assert "population" not in importer.document(found.cities[0]).model_dump(exclude_none=True)


def test_too_few_people_are_doubtful_without_any_match(file) -> None:
    people = {"1": "2505", "2": "2505", "3": "96"}
    capital = {"1": "2"}
    found = importer.read(
        file(*(row(k, population=n, capital_marker=capital.get(k, "0")) for k, n in people.items()))
    )
    assert [city.population for city in found.cities] == [None, 2505, None]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"geo_lat": "155.5"}, "out of range"),
        ({"geo_lon": "x"}, "not a number"),
        ({"geo_lat": "0", "geo_lon": "0"}, "zero"),
        ({"geo_lat": "45.5"}, "km away"),
    ],
)
def test_doubtful_coordinates_are_left_out(file, given: dict, reason: str) -> None:
    found = importer.read(file(row("1", **given), matches=(match("1"),)))
    assert [(city.lat, city.lon, city.population) for city in found.cities] == [(None, None, 50_000)]
    assert reason in found.doubts[0].reason


def test_codes_come_from_geonames_only_where_the_match_is_the_towns_own(file) -> None:
    found = importer.read(
        file(
            row("1"),
            row("2", city="Ялта", settlement="Алупка"),
            row("3", city="Ялта"),
            row("4", city="Теберда"),
            row("5", city="Двойник"),
            row("6", city="Двойник"),
            matches=(
                match("1"),
                match("2", "Ялта", "688533"),
                match("3", "Ялта", "688533"),
                match("5", "Двойник", "777"),
                match("6", "Двойник", "777"),
            ),
        )
    )
    assert [city.code for city in found.cities] == [
        "geonames:91", "oktmo:4672", "geonames:688533", "oktmo:4674", "oktmo:4675", "oktmo:4676",
    ]  # fmt: skip
    assert [city.name_en for city in found.cities][1:4:2] == ["Alupka", "Teberda"]


def test_rows_with_the_same_code_are_both_left_out_with_their_lines(file) -> None:
    found = importer.read(file(row("1", oktmo="467"), row("2", oktmo="467"), row("3")))
    assert [city.id for city in found.cities] == ["3"]
    assert [(d.line, d.field, d.reason.split(":")[0]) for d in found.doubts] == [
        (2, "code", "line 3 has the same code"),
        (3, "code", "line 2 has the same code"),
    ]


def test_doubtful_figures_are_taken_when_accepted_or_corrected(file, tmp_path: Path) -> None:
    path = file(row("1", population="7771"), row("2", population=""), matches=(match("1"), match("2")))
    assert [c.population for c in importer.read(path, accept_doubtful=True).cities] == [7771, None]

    corrections = tmp_path / "looked-up.csv"
    corrections.write_text("id,field,value,source\n1,population,51234,census 2021\n", encoding="utf-8")
    found = importer.read(path, corrections=corrections)
    assert [city.population for city in found.cities] == [51_234, None]
    assert [(r.line, r.taken) for r in found.remarks] == [(2, True), (3, False)]

    for line, words in (
        ("1,mayor,x,y", "field `mayor`"),
        ("1,population,x,y", "`x` is no population"),
        ("1,population,5,", "`source` is empty"),
        ("7,population,5,y", "no row of"),
    ):
        corrections.write_text(f"id,field,value,source\n{line}\n", encoding="utf-8")
        with pytest.raises(BadFile, match=words):
            importer.read(path, corrections=corrections)


def test_the_projects_own_directory_is_read_whole() -> None:
    found = importer.read(Path(directory.__file__).with_name("cities.json"))
    assert (found.rows, found.remarks) == (91, [])
    assert [city.code for city in found.cities] == [city.code for city in directory.load()]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "there is no column `address`"),
        (b'[{"code": 1,]', "not JSON"),
        (b'address\n"broken', "there is no column"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained_in_a_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "city.csv").write_bytes(content)
    with pytest.raises(BadFile, match=words):
        importer.read(tmp_path / "city.csv")
