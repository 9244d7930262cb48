"""Bad input is answered with a problem document that names the field, never with a failure."""

from contextlib import suppress

import httpx
import psycopg
import pytest

from tests.backend.network import Played

WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
HASH = "0x" + "ab" * 32

BAD = [
    ("/v1/citizens/0x1234", 422, "address"),
    ("/v1/citizens/" + WALLET[:-1] + "c", 422, "address"),  # as long, but not the checksum's case
    ("/v1/citizens/" + WALLET + "00", 422, "address"),
    ("/v1/citizens/%00", 422, "address"),
    ("/v1/citizens/" + "a" * 5000, 422, "address"),
    ("/v1/cities/0", 422, "city_id"),
    ("/v1/cities/-1", 422, "city_id"),
    ("/v1/cities/4294967296", 422, "city_id"),
    ("/v1/cities/9223372036854775808", 422, "city_id"),
    ("/v1/cities/" + "9" * 5000, 422, "city_id"),
    ("/v1/cities/one", 422, "city_id"),
    ("/v1/cities/1.5", 422, "city_id"),
    ("/v1/cities/4294967295", 404, "city_id"),
    ("/v1/cities?limit=0", 422, "limit"),
    ("/v1/cities?limit=-1", 422, "limit"),
    ("/v1/cities?limit=501", 422, "limit"),
    ("/v1/cities?limit=99999999999999999999999", 422, "limit"),
    ("/v1/cities?limit=many", 422, "limit"),
    ("/v1/cities?order=beauty", 422, "order"),
    ("/v1/cities?q=%00", 422, "q"),
    ("/v1/cities?q=" + "a" * 201, 422, "q"),
    ("/v1/cities?cursor=", 422, "cursor"),
    ("/v1/cities?cursor=x", 422, "cursor"),
    ("/v1/cities?cursor=%00", 422, "cursor"),
    ("/v1/cities?cursor=bnVsbA", 422, "cursor"),  # null
    (
        "/v1/cities?cursor=WyJjaXRpZXM6cG9wdWxhdGlvbjoiLCJhIiwxXQ",
        422,
        "cursor",
    ),  # a word where a number belongs
    ("/v1/cities?cursor=WyJjaXRpZXM6cG9wdWxhdGlvbjoiLDFlOTksMV0", 422, "cursor"),  # 1e99
    ("/v1/cities?cursor=WyJjaXRpZXM6cG9wdWxhdGlvbjoiLDkyMjMzNzIwMzY4NTQ3NzU4MDgsMV0", 422, "cursor"),  # 2^63
    ("/v1/cities?cursor=" + "A" * 2000, 422, "cursor"),
    ("/v1/cities?at_block=-1", 422, "at_block"),
    ("/v1/cities?at_block=99999999", 422, "at_block"),
    ("/v1/cities?at_block=9223372036854775808", 422, "at_block"),
    ("/v1/cities?at_block=1" + "0" * 5000, 422, "at_block"),
    ("/v1/cities?at_block=latest", 422, "at_block"),
    ("/v1/offers/0", 422, "offer_id"),
    ("/v1/offers/999", 404, "offer_id"),
    ("/v1/offers/999/vouchers", 404, "offer_id"),
    ("/v1/offers?city=0", 422, "city"),
    ("/v1/offers?partner=0xzz", 422, "partner"),
    ("/v1/offers?open=perhaps", 422, "open"),
    ("/v1/vouchers/0", 422, "voucher_id"),
    ("/v1/vouchers/72057594037927936", 422, "voucher_id"),
    ("/v1/vouchers/72057594037927935", 404, "voucher_id"),
    ("/v1/content/0x12", 422, "hash"),
    ("/v1/content/" + HASH, 404, "hash"),
    ("/v1/content/" + HASH + "/check", 404, "hash"),
    ("/v1/export/nothing.csv", 404, "fact"),
    ("/v1/export/%00.csv", 404, "fact"),
    ("/v1/export/cursor.csv", 404, "fact"),
    ("/v1/export/awarded.csv?from_block=-1", 422, "from_block"),
    ("/v1/export/awarded.csv?from_block=9&to_block=8", 422, "to_block"),
    ("/v1/export/awarded.csv?to_block=9223372036854775808", 422, "to_block"),
    ("/v1/stream?city=x", 422, "city"),
    ("/v1/stream?address=x", 422, "address"),
]


@pytest.mark.parametrize(("path", "status", "field"), BAD)
def test_the_field_at_fault_is_named(client: httpx.Client, path: str, status: int, field: str) -> None:
    problem = refused(client.get(path), status)
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize("value", ["x", "-1:0x00", "1:0x" + "0" * 64 + ":" + "9" * 30, "9" * 400])
def test_a_broken_event_id_is_refused(client: httpx.Client, value: str) -> None:
    problem = refused(client.get("/v1/stream", headers={"Last-Event-ID": value}), 422)
    assert problem["errors"][0]["field"] == "Last-Event-ID"


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nothing", "/v1/cities/1/nothing", "/v1/export/awarded"])
def test_unknown_addresses_are_problems_too(client: httpx.Client, path: str) -> None:
    refused(client.get(path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_unknown_methods_are_problems_too(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/v1/cities")
    refused(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_a_body_of_ten_megabytes_is_refused(client: httpx.Client) -> None:
    refused(client.put(f"/v1/content/{HASH}", content=b"x" * 10_000_000), 413)


def test_no_more_of_a_large_body_is_read_than_shows_that_it_is_large(client: httpx.Client) -> None:
    sent = 0

    def endless():
        nonlocal sent
        while sent < 500_000_000:
            sent += 65_536
            yield b"x" * 65_536

    json = {"Content-Type": "application/json"}
    with suppress(httpx.TransportError):  # the connection may be closed while we are still sending
        refused(client.put(f"/v1/content/{HASH}", content=endless(), headers=json), 413)
    assert sent < 20_000_000


def test_nothing_has_changed(client: httpx.Client, played: Played) -> None:
    with psycopg.connect(played.database) as conn:
        assert conn.execute("SELECT count(*) FROM app.content").fetchone() == (0,)


def refused(answer: httpx.Response, status: int) -> dict:
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem
