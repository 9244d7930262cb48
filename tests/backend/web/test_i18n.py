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


def test_largest_number_of_a_contract_is_written_whole():
    assert Format("en").number(2**256 - 1).replace(",", "") == str(2**256 - 1)


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1_500_000, 6, "1.5"),
        (1_234 * 10**18, 18, "1,234"),
        (1, 18, "0.000000000000000001"),
        (2**128 - 1, 18, "340,282,366,920,938,463,463.374607431768211455"),
        (7, 0, "7"),
    ],
)
def test_amounts_of_tokens_are_exact(value: int, decimals: int, written: str):
    assert Format("en").amount(value, decimals) == written


def test_times_beyond_the_calendar_are_cut_off():
    assert Format("en").iso(2**40) == "9999-12-31T23:59:59Z"


def test_times_are_said_in_utc():
    assert Format("en").time(1767225600) == "1 Jan 2026, 00:00:00 UTC"
    assert Format("ru").date(1767225600) == "1 января 2026\u202fг."
