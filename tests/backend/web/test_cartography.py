import pytest

from backend import directory
from backend.web.cartography import HEIGHT, WIDTH, dots, graticule, land, project


@pytest.fixture(scope="module")
def placed():
    return dots([(c, c.name_ru, c.lat, c.lon, c.population) for c in directory.load()])


def test_every_city_of_the_directory_lies_on_the_map(placed):
    assert len(placed) == 91
    assert all(0 < dot.x < WIDTH and 0 < dot.y < HEIGHT for dot in placed)


def test_places_keep_their_bearings():
    (kaliningrad_x, _), (vladivostok_x, vladivostok_y) = project(54.7, 20.5), project(43.1, 131.9)
    _, murmansk_y = project(69.0, 33.1)
    assert kaliningrad_x < vladivostok_x
    assert murmansk_y < vladivostok_y


def test_projection_keeps_areas():
    """One square degree is as large in the drawing as its share of the globe says, wherever it lies."""

    def area(lat: float, lon: float) -> float:
        corners = [project(lat, lon), project(lat, lon + 1), project(lat + 1, lon + 1), project(lat + 1, lon)]
        around = zip(corners, [*corners[1:], corners[0]], strict=True)
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in around)) / 2

    from math import radians, sin

    def share(lat: float) -> float:
        return sin(radians(lat + 1)) - sin(radians(lat))

    scale = area(55, 60) / share(55)
    for lat, lon in ((45, 40), (60, 100), (70, 170)):
        assert area(lat, lon) / share(lat) == pytest.approx(scale, rel=2e-3)


def test_what_lies_east_of_the_date_line_stays_at_the_eastern_edge():
    assert project(66, -170) == project(66, 190)


def test_largest_city_is_drawn_first_and_largest(placed):
    assert placed[0].item.name_ru == "Москва"
    assert placed[0].r == max(dot.r for dot in placed)


def test_names_do_not_cover_each_other(placed):
    lines = [(d.name_x, d.name_y, d.anchor) for d in placed if d.name]
    assert len(lines) > 30
    assert len(set(lines)) == len(lines)


def test_cities_without_any_merits_are_still_seen():
    (dot,) = dots([(None, "", 55.0, 60.0, 0)])
    assert dot.r > 0


def test_outlines_are_path_data():
    assert land().startswith("M")
    assert graticule().startswith("M")
