"""The form that launches a fund: what it means in words while it is filled in, its faults by field."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from backend.funds import launching
from backend.funds.actions.launch import LaunchForm
from tests.backend.network import Played

APPRAISER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
TOLD = re.compile(r'<ul class="told" id="(\w+)-words">(.*?)</ul>', re.DOTALL)


@pytest.fixture(scope="module")
def token(played: Played) -> str:
    return played.lives.funds.money.token  # type: ignore[attr-defined]


def filled(coin: str, **changed: Any) -> dict[str, Any]:
    ticked: dict[str, list[str]] = {}
    for name, value in launching.TICKED:
        ticked.setdefault(name, []).append(value)
    given = {
        "name": "Фонд роста", "symbol": "GROW", "summary.ru": "Вкладывает в молодые компании",
        "token": coin, "appraiser": APPRAISER, "minimum": "1 000,5", "cap": "20000",
        "final_closing": "2099-03-31",
    }  # fmt: skip
    return launching.USUAL | ticked | given | changed


def words(client: httpx.Client, language: str, **form: Any) -> str:
    answer = client.post(f"/{language}/funds/new/words", data=form)
    assert answer.status_code == 200, answer.text
    return answer.text


def lacking(page: str) -> set[str]:
    return set(re.findall(r'href="#field-([\w.]+)"', page))


def test_an_empty_form_has_usual_terms_and_says_what_it_lacks(client: httpx.Client) -> None:
    page = client.get("/en/funds/new").text
    assert lacking(page) == {"name", "symbol", "appraiser", "minimum", "final_closing"}
    assert dict(TOLD.findall(page)).keys() == {"mandate"}
    assert "aria-invalid" not in page


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["At most 20% of what is committed", "1,000.5", "8% a year on it, compounding", "1 Apr 2099"]),
        (
            "ru",
            ["не больше 20\xa0% от суммы", "1\xa0000,5", "8\xa0% годовых с капитализацией", "1 апр. 2099"],
        ),
    ],
)
def test_a_form_in_order_is_said_in_words_and_can_be_launched(
    client: httpx.Client, token: str, language: str, told: list[str]
) -> None:
    page = words(client, language, **filled(token))
    assert lacking(page) == set()
    said = html.unescape(" ".join(body for _, body in TOLD.findall(page)))
    assert [each for each in told if each not in said] == []


def test_what_is_launched_is_what_was_said(client: httpx.Client, token: str) -> None:
    page = words(
        client,
        "ru",
        **filled(token, cities="1", hurdle="7,25", life="10", manager=APPRAISER.lower()[:-1] + "0"),
    )
    fields: dict[str, Any] = {}
    for name, value in HIDDEN.findall(page):
        fields.setdefault(name, []).append(html.unescape(value))
    form = LaunchForm.model_validate({k: v if len(v) > 1 else v[0] for k, v in fields.items()})
    assert (form.name, form.symbol, form.hurdle, form.life) == ("Фонд роста", "GROW", 725, 10 * 31_536_000)
    assert (form.minimum, form.cap) == (10_005 * 10**17, 20_000 * 10**18)
    assert (form.kinds, form.forms, form.cities) == (
        ["intellectual_property", "startup"],
        ["loan", "share"],
        [1],
    )
    assert form.mandate.struct[:2] == (0b11, 0b1100)
    assert form.terms.struct[2] == datetime(2099, 4, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Ф" * 33}, "name"),
        ({"symbol": "THIRTEENBYTES"}, "symbol"),
        ({"summary.en": "x" * 201}, "summary.en"),
        ({"token": APPRAISER}, "token"),
        ({"appraiser": "0x12"}, "appraiser"),
        ({"appraiser": APPRAISER, "manager": APPRAISER}, "appraiser"),
        ({"manager": "me"}, "manager"),
        ({"kinds": []}, "kinds"),
        ({"forms": []}, "forms"),
        ({"cities": "Atlantis"}, "cities"),
        ({"largest_share": "0"}, "largest_share"),
        ({"minimum": "0"}, "minimum"),
        ({"minimum": "much"}, "minimum"),
        ({"cap": "10"}, "cap"),
        ({"cap": "1" + "0" * 29}, "cap"),
        ({"final_closing": "soon"}, "final_closing"),
        ({"final_closing": "2020-01-01"}, "final_closing"),
        ({"investment_period": "0"}, "investment_period"),
        ({"life": "4"}, "life"),
        ({"life": "10.0000001"}, "life"),
        ({"extensions": "0"}, "extension"),
        ({"extensions": "256"}, "extensions"),
        ({"management_fee": "10.01"}, "management_fee"),
        ({"hurdle": "101"}, "hurdle"),
        ({"catch_up": "20"}, "catch_up"),
        ({"carry": "50.5"}, "carry"),
        ({"escrow": "2.345"}, "escrow"),
        ({"call_notice": "0.5"}, "call_notice"),
        ({"mark_term": "0"}, "mark_term"),
    ],
)
def test_a_fault_is_said_at_its_field(
    client: httpx.Client, token: str, changed: dict[str, Any], field: str
) -> None:
    answer = client.post("/ru/funds/new", data=filled(token, **changed))
    assert lacking(answer.text) == {field}
    assert f'id="wrong-{field}"' in answer.text
    assert 'data-action="launch_fund"' not in answer.text


def test_a_fund_of_funds_needs_neither_kinds_nor_forms(client: httpx.Client, token: str) -> None:
    form = filled(token, may_commit="true")
    page = words(client, "en", **{k: v for k, v in form.items() if k not in ("kinds", "forms")})
    assert lacking(page) == set()
    assert "It invests in no campaigns itself." in page
    assert '<input type="hidden" name="may_commit" value="true">' in page
