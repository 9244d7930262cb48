"""A mandate and terms in words: every term is said, exactly, in both languages."""

from dataclasses import dataclass
from typing import Any

import pytest

from backend.content.documents import Text
from backend.funds.mandate import Mandate, Terms, mandate_in_words, mask, terms_in_words, unmask
from backend.kit.texts import Texts
from backend.merits.tokens import Token
from backend.projects.names import FORMS, KINDS
from backend.web.i18n import Format

DAY, YEAR = 86_400, 31_536_000
ROUBLE = Token("RUB", 18)
KAZAN = {1: Text(ru="Казань", en="Kazan")}


def mandate(**changed: Any) -> Mandate:
    usual = {"kinds": ["startup"], "forms": ["loan", "share"], "largest_share": 1250, "may_commit": False}
    return Mandate(**usual | {"cities": [1, 7]} | changed)


def terms(**changed: Any) -> Terms:
    usual = {
        "minimum": 5 * 10**24, "cap": 10**25, "final_closing": 1_800_000_000, "investment_period": 5 * YEAR,
        "life": 3700 * DAY, "extension": YEAR, "extensions": 2, "management_fee": 175, "hurdle": 800,
        "catch_up": 10_000, "carry": 2_000, "escrow": 3_000, "equalisation": 900, "call_notice": 10 * DAY,
        "grace": 20 * DAY, "late_fee": 250, "forfeit": 5_000, "mark_term": 180 * DAY,
    }  # fmt: skip
    return Terms(**usual | changed)


@dataclass(frozen=True)
class Said:
    ru: str
    en: str

    @classmethod
    def of(cls, lines: list[Texts]) -> "Said":
        return cls(" ".join(line.ru for line in lines), " ".join(line.en for line in lines))


def test_a_mandate_is_said_with_kinds_cities_forms_and_share() -> None:
    said = Said.of(mandate_in_words(mandate(), KAZAN))
    for told in ("startup", "Kazan, city no. 7", "loan, share", "12.5%", "does not commit to other funds"):
        assert told in said.en
    for told in ("стартап", "Казань, город № 7", "заём, доля", "12,5\xa0%", "В другие фонды не вкладывает"):
        assert told in said.ru


def test_a_mandate_without_limits_says_so() -> None:
    free = mandate(kinds=list(KINDS), cities=[], forms=[], may_commit=True)
    said = Said.of(mandate_in_words(free, {}))
    for told in ("every kind", "Home cities of its projects: any", "no campaigns itself", "may commit"):
        assert told in said.en


def test_a_fund_of_funds_alone_is_said_without_projects() -> None:
    said = Said.of(mandate_in_words(mandate(kinds=[], forms=[], cities=[], may_commit=True), {}))
    assert said.en.startswith("It invests in no campaigns itself. It may commit to other funds")
    assert "projects" not in said.en


def test_every_term_is_said_and_nothing_is_rounded() -> None:
    said = Said.of(terms_in_words(terms(), ROUBLE))
    for told in (
        "5,000,000 RUB", "10,000,000 RUB", "15 Jan 2027, 08:00:00 UTC", "5 years", "3,700 days", "1 year",
        "times: 2", "1.75% a year", "8% a year", "100%", "20%", "80%", "30%", "9% a year", "10 days",
        "20 days", "2.5% on top", "50%", "180 days",
    ):  # fmt: skip
        assert told in said.en, told
    assert "1,75\xa0% в год" in said.ru


@pytest.mark.parametrize(
    ("changed", "told", "untold"),
    [
        ({"carry": 0, "catch_up": 0}, "All profit is the partners’", "organisation"),
        ({"catch_up": 0}, "Of the rest the organisation gets 20%", "until it has"),
        ({"hurdle": 0}, "get back all that they paid. Then", "compounding"),
        ({"management_fee": 0}, "no management fee", "a year of what is committed"),
        ({"extensions": 0}, "cannot be extended", "at most this many times"),
        ({"late_fee": 0}, "can be declared in default", "on top"),
        ({"escrow": 0}, "Of the rest", "stays in the fund"),
        ({"equalisation": 0}, "called before.", "a year on it to those"),
    ],
)
def test_what_a_fund_does_not_have_is_not_said(changed: dict[str, int], told: str, untold: str) -> None:
    said = Said.of(terms_in_words(terms(**changed), ROUBLE))
    assert told in said.en
    assert untold not in said.en


def test_a_token_that_says_nothing_of_itself_is_counted_in_base_units() -> None:
    assert "5,000 base units" in Said.of(terms_in_words(terms(minimum=5000), None)).en


def test_structs_are_in_the_contracts_order() -> None:
    assert mandate(kinds=["startup", "charity"]).struct == (0b10_0000_0010, 0b1100, 1250, False, [1, 7])
    assert terms().struct[:3] == (5 * 10**24, 10**25, 1_800_000_000)
    assert terms().struct[-1] == 180 * DAY


@pytest.mark.parametrize("bits", [0, 1, 0b1010, 0b1111])
def test_masks_go_there_and_back(bits: int) -> None:
    assert mask(unmask(bits, FORMS), FORMS) == bits


@pytest.mark.parametrize(
    ("seconds", "ru", "en"),
    [
        (YEAR, "1 год", "1 year"),
        (400 * DAY, "400 дней", "400 days"),
        (7_200, "2 часа", "2 hours"),
        (0, "0 дней", "0 days"),
        (61, "61 секунда", "61 seconds"),
    ],
)
def test_a_span_is_written_exactly(seconds: int, ru: str, en: str) -> None:
    assert (Format("ru").exactly(seconds), Format("en").exactly(seconds)) == (ru, en)
