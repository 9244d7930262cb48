import re
from zoneinfo import available_timezones

from backend import directory


def test_directory_has_the_91_cities_largest_first():
    cities = directory.load()
    assert len(cities) == 91
    assert [c.population for c in cities] == sorted((c.population for c in cities), reverse=True)


def test_codes_fit_the_registry_and_are_unique():
    codes = [city.code for city in directory.load()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"geonames:\d+", code) and len(code) <= 32 for code in codes)


def test_names_are_in_their_scripts():
    for city in directory.load():
        assert re.fullmatch(r"[А-ЯЁ][а-яё]+(?:[- ][А-ЯЁа-яё]+)*", city.name_ru), city
        assert re.fullmatch(r"[A-Z][a-z]+(?:[- ][A-Za-z]+)*", city.name_en), city


def test_places_and_zones_are_possible():
    zones = available_timezones()
    for city in directory.load():
        assert 41 < city.lat < 70, city
        assert 20 < city.lon < 180, city
        assert city.time_zone in zones, city


def test_every_city_has_its_region_in_both_languages():
    assert all(city.region_ru and city.region_en for city in directory.load())
    assert len({city.region_ru for city in directory.load()}) == 82
