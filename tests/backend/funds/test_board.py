"""The network's board: every figure is the sum of its facts, and counts every sum once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from backend.funds.board_schemas import FIGURES
from tests.backend.funds_play import Lives
from tests.backend.funds_world import ROUBLE
from tests.backend.network import Played


@pytest.fixture(scope="module")
def lives(played: Played) -> Lives:
    return played.lives  # type: ignore[return-value]


def get(client: httpx.Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def facts(client: httpx.Client, **query: Any) -> Iterator[Any]:
    """All pages of a figure's facts."""
    cursor: dict[str, Any] = {}
    while True:
        answer = client.get("/v1/board/facts", params=query | cursor | {"limit": 7}).json()
        yield from answer["data"]
        if answer["next"] is None:
            return
        cursor = {"cursor": answer["next"]}


def kopecks(lines: list[Any]) -> int:
    """The token of the tests is a rouble."""
    return sum(line["sign"] * int(line["amount"]) for line in lines) * 100 // ROUBLE


def figure(found: Any, name: str) -> int:
    return int(found["funds"][name.removeprefix("funds_")] if "funds_" in name else found["figures"][name])


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_the_sum_of_its_facts(client: httpx.Client, name: str) -> None:
    years = [one["year"] for one in get(client, "board")["years"]]
    for year in years if not name.startswith("funds_") else years[-1:]:
        lines = list(facts(client, figure=name, year=year))
        summed = len(lines) if name == "ip" else kopecks(lines)
        assert figure(get(client, "board", year=year), name) == summed
        places = [(line["block_number"], line["log_index"]) for line in lines]
        assert places == sorted(places, reverse=True)
        assert all(line["tx_hash"] for line in lines)
    assert summed > 0 or name == "invested"


@pytest.mark.parametrize("name", ["companies_value", "invested", "ip", "ip_value"])
def test_cities_kinds_and_years_are_parts_of_the_whole(client: httpx.Client, name: str) -> None:
    for year in get(client, "board")["years"]:
        found = get(client, "board", year=year["year"])
        assert int(year[name]) == int(found["figures"][name])
        for parts in ("cities", "kinds"):
            assert sum(int(one[name]) for one in found[parts]) == int(found["figures"][name])
        for one in found["kinds"]:
            alone = get(client, "board", year=year["year"], kind=one["kind"], city=1)
            assert alone["figures"][name] == one[name]


def test_a_companys_value_is_the_last_that_an_appraiser_said(lives: Lives, client: httpx.Client) -> None:
    found = get(client, "board")
    assert (found["figures"]["companies"], found["figures"]["companies_value"]) == (1, str(5_000_00))
    assert (found["figures"]["ip"], found["figures"]["ip_value"]) == (1, str(2_000_00))
    (line,) = facts(client, figure="companies_value")
    assert (line["fact"], line["project_id"]) == ("holding_marked", lives.startup)
    assert line["account"] == lives.campaigns["earning"]
    before = get(client, "board", at_block=line["block_number"] - 1)
    assert before["figures"]["companies_value"] == "0"


def test_venture_money_is_what_funds_put_into_campaigns_that_did_not_fail(
    lives: Lives, client: httpx.Client
) -> None:
    years = get(client, "board")["years"]
    failed = lives.campaigns["failed"]
    whole = 0
    for name in lives.funds.launched:
        for label, campaign in lives.campaigns.items():
            if campaign != failed and label != "regretted":
                whole += lives.funds.pledged(name, campaign)
    assert sum(int(one["invested"]) for one in years) == whole * 100 // ROUBLE > 0
    lines = [line for year in years for line in facts(client, figure="invested", year=year["year"])]
    assert failed not in {line["contract"] for line in lines}
    regretted = [line["sign"] for line in lines if line["contract"] == lives.campaigns["regretted"]]
    assert sorted(regretted) in ([], [-1, 1])


def test_funds_together_count_every_sum_once(lives: Lives, played: Played, client: httpx.Client) -> None:
    funds, found = lives.funds, get(client, "board")["funds"]
    books = {name: funds.books(name) for name in funds.launched}
    feeder = funds.read("growth", "partnerOf", funds.at("feeder"))
    assert found["funds"] == len(books)
    committed = sum(one["committed"] for one in books.values()) - feeder[0]
    contributed = sum(one["contributed"] for one in books.values()) - feeder[1]
    assert int(found["committed"]) == committed * 100 // ROUBLE
    assert int(found["contributed"]) == contributed * 100 // ROUBLE
    assert int(found["between"]) == feeder[0] * 100 // ROUBLE > 0
    in_funds = funds.read("feeder", "holdingOf", funds.at("growth"))[5]
    value = sum(one["value"] for one in books.values()) - in_funds
    assert int(found["value"]) == value * 100 // ROUBLE
    assert int(found["fees"]) == sum(one["fees"] for one in books.values()) * 100 // ROUBLE
    assert int(found["carry"]) == sum(one["toOrganisation"] for one in books.values()) * 100 // ROUBLE
    # Nobody is counted who is a fund.
    wallets = {played.network.wallet(name) for name in lives.partners}
    assert found["partners"] <= len(wallets)


def test_an_early_year_has_what_was_known_then(played: Played, client: httpx.Client) -> None:
    now = datetime.fromtimestamp(played.network.time, UTC).year
    years = get(client, "board")["years"]
    assert [one["year"] for one in years] == list(range(years[0]["year"], now + 1))
    assert len(years) > 1
    later = get(client, "board", year=now + 50)
    assert later["year"] == now


@pytest.mark.parametrize(
    "query", ["year=a", "city=0", "kind=none", "figure=none"], ids=["year", "city", "kind", "figure"]
)
def test_what_is_not_understood_is_named(client: httpx.Client, query: str) -> None:
    field = query.split("=")[0]
    answer = client.get(
        f"/v1/board/facts?figure=ip&{query}" if field != "figure" else f"/v1/board/facts?{query}"
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    page = client.get(
        f"/en/board/facts?figure=ip&{query}" if field != "figure" else f"/en/board/facts?{query}"
    )
    assert page.status_code == 422


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_shows_it(client: httpx.Client, language: str) -> None:
    words = {"ru": ("Показатели сети", "Оценка оценщика"), "en": ("Board of the network", "Marked by")}[
        language
    ]
    board = client.get(f"/{language}/board")
    assert (board.status_code, words[0] in board.text) == (200, True)
    for name in FIGURES:
        shown = client.get(f"/{language}/board/facts?figure={name}")
        assert shown.status_code == 200
    marks = client.get(f"/{language}/board/facts?figure=companies_value&kind=startup&city=1&year=")
    assert words[1] in marks.text
    assert client.get(f"/{language}/board?year=&city=&kind=social").status_code == 200
