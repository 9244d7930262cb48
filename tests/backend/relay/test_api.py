"""Actions over HTTP. Numbers are those of docs/invariants.md."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.backend.relay.town import Town


@pytest.fixture
def who(town: Town) -> str:
    return town.citizens.pop()


def test_a_signed_action_is_prepared_signed_and_queued_once(town: Town, who: str) -> None:
    body = town.signed(who)
    first, second = town.submit(body), town.submit(body)
    assert (first.status_code, second.status_code) == (202, 202)
    action = first.json()["data"]
    assert second.json()["data"] == action == town.action(action["id"])
    assert (action["state"], action["account"]) == ("queued", town.network.wallet(who))
    assert action["title"] == {"ru": "Обменять заслуги", "en": "Redeem merits"}


def test_r2_the_same_submitted_at_once_is_one_action(town: Town, who: str) -> None:
    body = town.signed(who)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(town.submit, [body] * 8))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["data"]["id"] for answer in answers}) == 1


def test_r2_of_two_in_one_slot_the_second_is_told_of_the_first(town: Town, who: str) -> None:
    bodies = [town.signed(who), town.signed(who)]
    with ThreadPoolExecutor(2) as pool:
        taken, refused = sorted(pool.map(town.submit, bodies), key=lambda answer: answer.status_code)
    assert (taken.status_code, refused.status_code) == (202, 409)
    first = taken.json()["data"]["id"]
    assert first in refused.json()["detail"]
    assert refused.headers["Location"] == f"/v1/actions/{first}"
    again = town.prepare(who)
    assert (again.status_code, first in again.json()["detail"]) == (409, True)


def test_an_accounts_actions_are_listed_newest_first_in_pages(town: Town, who: str) -> None:
    offers = [1, *(town.network.publish(1, price=10, stock=9) for _ in range(2))]
    town.index()
    ids = [town.redeem(who, **town.fields(offer)) for offer in offers]
    address = town.network.wallet(who)
    first = town.client.get("/v1/actions", params={"account": address, "limit": 2}).json()
    rest = town.client.get(
        "/v1/actions", params={"account": address, "limit": 2, "cursor": first["next"]}
    ).json()
    assert [action["id"] for action in first["data"] + rest["data"]] == ids[::-1]
    assert rest["next"] is None
    done = town.client.get("/v1/actions", params={"account": address, "unfinished": False}).json()
    assert done["data"] == []
    broken = town.client.get("/v1/actions", params={"account": address, "cursor": "WyJhIl0"})
    assert broken.json()["errors"][0]["field"] == "cursor"


def test_what_nobody_knows_is_not_found(town: Town, who: str) -> None:
    assert town.client.get(f"/v1/actions/{uuid4()}").status_code == 404
    assert town.client.get("/v1/actions/7").status_code == 422
    assert town.prepare(who, "fly", height=1).status_code == 404
    assert town.submit({"message": {}}, "fly").status_code == 404
    assert town.submit({"message": {}}, "fulfil").status_code == 404


def test_fields_at_fault_are_named(town: Town, who: str) -> None:
    answer = town.prepare(who, offer_id=0, city_id=1, sale=True)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"offer_id", "seal", "sale"}
    nul = town.prepare(who, **(town.fields() | {"seal": "\x00"}))
    assert nul.status_code == 422


def test_what_the_contract_would_refuse_is_answered_with_its_reason(town: Town) -> None:
    answer = town.prepare("a stranger without merits")
    assert answer.status_code == 409
    reason = answer.json()["reason"]
    assert reason["name"].startswith("MeritLedger_")
    assert reason["text"]["ru"] != reason["text"]["en"]


@pytest.mark.parametrize("limit", ["relay_account_limit", "relay_city_limit", "relay_origin_limit"])
def test_r11_a_limit_says_when_to_try_again(
    town: Town, who: str, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = town.network.publish(1, price=10, stock=9)
    town.index()
    first, second = town.signed(who), town.signed(who, **town.fields(offer))
    assert town.submit(first).status_code == 202
    monkeypatch.setattr(town.settings, limit, 1)
    refused = town.submit(second)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert re.search(r"Try again in \d+ (seconds|minutes)", refused.json()["detail"])
