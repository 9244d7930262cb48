import pytest

from backend.web.i18n import Format, negotiate


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB,en;q=0.9", "en"),
        ("de, en;q=0.4, ru;q=0.7", "ru"),
        ("en;q=0, ru;q=0.1", "ru"),
        ("de-DE,fr;q=0.5", "en"),
        ("", "ru"),
        ("en;q=oops,ru", "ru"),
        ("," * 10_000, "en"),
    ],
)
def test_language_is_the_best_of_those_accepted(accepted: str, language: str):
    assert negotiate(accepted) == language


def test_language_chosen_before_comes_first():
    assert negotiate("ru", "en") == "en"


def test_language_unknown_in_the_cookie_is_passed_over():
    assert negotiate("ru", "xx") == "ru"


def test_numbers_are_written_as_the_language_does():
    assert Format("ru").number(1234567) == "1\xa0234\xa0567"
    assert Format("en").number(-1234567) == "\N{MINUS SIGN}1,234,567"


def test_times_beyond_the_calendar_are_cut_off():
    assert Format("en").iso(2**40) == "9999-12-31T23:59:59Z"


def test_times_are_said_in_utc():
    assert Format("en").time(1767225600) == "1 Jan 2026, 00:00:00 UTC"
    assert Format("ru").date(1767225600) == "1 января 2026\u202fг."
