"""Content is kept under its own hash, only where a fact names it, and can be erased."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from backend import db
from backend.content import service
from backend.content.documents import MOST_BYTES, CityDocument, EvidenceDocument, Text, encode
from backend.kit.hashing import keccak
from tests.backend.network import Network, Played
from tests.backend.server import serving

KAZAN = CityDocument(
    name=Text(ru="Казань", en="Kazan"),
    latitude=55.79,
    longitude=49.12,
    population=1_243_500,
    time_zone="Europe/Moscow",
)
SEEN = EvidenceDocument(description=Text(ru="Иван Примеров убрал парк", en="Ivan Primerov cleaned the park"))
JSON = {"Content-Type": "application/json"}

World = tuple[httpx.Client, Network, Played]


@pytest.fixture(scope="module")
def world(anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A network whose first city is described and whose first award has evidence."""
    network = Network(anvil)
    played = Played(network, None, database, tmp_path_factory.mktemp("d") / "deployment.json")  # type: ignore[arg-type]
    network.deployment.write(played.deployment)
    city = network.open_city("geonames:551487", encode(KAZAN)[0])
    network.award(city, network.settle(city)[:1], evidence=encode(SEEN)[0])
    network.index(database)
    with serving(played.settings()) as client:
        yield client, network, played


def path(hash: bytes) -> str:
    return f"/v1/content/0x{hash.hex()}"


def test_a_named_document_is_kept_once_and_given_back_byte_for_byte(world: World) -> None:
    client, *_ = world
    hash, body = encode(KAZAN)
    assert [client.put(path(hash), content=body, headers=JSON).status_code for _ in range(2)] == [201, 204]
    answer = client.get(path(hash))
    assert (answer.content, answer.headers["Content-Type"]) == (body, "application/json")
    assert client.get("/v1/cities/1").json()["data"]["name"] == {"ru": "Казань", "en": "Kazan"}


@pytest.mark.parametrize("search", ["каз", "КАЗАНЬ", "kaz", "Kazan"])
def test_cities_are_found_by_the_beginning_of_their_names(world: World, search: str) -> None:
    client, *_ = world
    client.put(path(encode(KAZAN)[0]), content=encode(KAZAN)[1], headers=JSON)
    assert [c["city_id"] for c in client.get("/v1/cities", params={"q": search}).json()["data"]] == [1]
    assert client.get("/v1/cities", params={"q": "азань"}).json()["data"] == []
    assert client.get("/v1/cities", params={"q": "' & !("}).json()["data"] == []


def test_check_recomputes_the_hash_and_names_the_facts(world: World) -> None:
    client, _, played = world
    hash, body = encode(KAZAN)
    client.put(path(hash), content=body, headers=JSON)
    check = client.get(path(hash) + "/check").json()["data"]
    assert (check["kept"], check["intact"], check["size"]) == (True, True, len(body))
    assert [(n["fact"], n["field"]) for n in check["named_by"]] == [("city_opened", "content")]
    with db.connect(played.database) as conn:
        conn.execute("UPDATE content SET body = body || ' ' WHERE hash = %s", [hash])
    try:
        assert client.get(path(hash) + "/check").json()["data"]["intact"] is False
    finally:
        with db.connect(played.database) as conn:
            conn.execute("UPDATE content SET body = %s WHERE hash = %s", [body, hash])


def test_a_hash_that_is_named_but_not_kept_says_so(world: World) -> None:
    client, *_ = world
    check = client.get(path(keccak(b"kind 1")) + "/check").json()["data"]
    assert (check["kept"], check["intact"], len(check["named_by"])) == (False, None, 1)
    assert client.get(path(keccak(b"kind 1"))).status_code == 404


def test_a_document_that_no_fact_names_is_refused(world: World) -> None:
    client, *_ = world
    hash, body = encode(EvidenceDocument(description=Text(ru="никто", en="nobody")))
    refused(client.put(path(hash), content=body, headers=JSON), 409, "hash")
    assert client.get(path(hash)).status_code == 404


def test_a_body_of_another_hash_is_refused(world: World) -> None:
    client, *_ = world
    problem = refused(client.put(path(encode(KAZAN)[0]), content=encode(SEEN)[1], headers=JSON), 422, "hash")
    assert encode(SEEN)[0].hex() in problem["errors"][0]["message"]


def test_another_type_and_too_large_a_body_are_refused(world: World) -> None:
    client, *_ = world
    hash, body = encode(KAZAN)
    refused(client.put(path(hash), content=body, headers={"Content-Type": "text/html"}), 415, "Content-Type")
    refused(client.put(path(hash), content=body), 415, "Content-Type")
    large = b" " * (MOST_BYTES + 1)
    refused(client.put(path(keccak(large)), content=large, headers=JSON), 413, "body")


CITY = {"type": "city", "name": {"ru": "Казань", "en": "Kazan"}, "latitude": 55.8, "longitude": 49.1}
BAD: list[tuple[Any, str]] = [
    (b"", "body"),
    (b"{", "body"),
    (b"\xff", "body"),
    (b"[" * 5000, "body"),
    (b'{"type":"city","name":NaN}', "body"),
    ([], "body"),
    (None, "body"),
    ({}, "body"),
    ({"type": "poem"}, "body"),
    ({**CITY, "name": {"ru": "Казань"}}, "city.name.en"),
    ({**CITY, "name": "Казань"}, "city.name"),
    ({**CITY, "name": {"ru": " ", "en": "Kazan"}}, "city.name.ru"),
    ({**CITY, "name": {"ru": "Ка\0зань", "en": "Kazan"}}, "city.name.ru"),
    ({**CITY, "name": {"ru": "Казань", "en": "Kazan", "tt": "Казан"}}, "city.name.tt"),
    ({**CITY, "latitude": 91}, "city.latitude"),
    ({**CITY, "population": -1}, "city.population"),
    ({**CITY, "population": 10**30}, "city.population"),
    ({**CITY, "mayor": "…"}, "city.mayor"),
]


@pytest.mark.parametrize(("document", "field"), BAD)
def test_what_is_no_document_is_refused_by_field(world: World, document: Any, field: str) -> None:
    client, *_ = world
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    refused(client.put(path(keccak(body)), content=body, headers=JSON), 422, field)


def test_an_erased_document_is_gone_and_stays_gone(world: World) -> None:
    client, _, played = world
    hash, body = encode(SEEN)
    assert client.put(path(hash), content=body, headers=JSON).status_code == 201

    async def erase() -> list[bool]:
        async with db.engine(played.database, size=1) as engine, engine.begin() as conn:
            return [await service.erase(conn, hash, "asked for by the person") for _ in range(2)]

    assert asyncio.run(erase()) == [True, False]
    refused(client.get(path(hash)), 410)
    refused(client.put(path(hash), content=body, headers=JSON), 410)
    check = client.get(path(hash) + "/check").json()["data"]
    assert (check["kept"], check["reason"], len(check["named_by"])) == (False, "asked for by the person", 1)
    with db.connect(played.database) as conn:
        rest = conn.execute(
            "SELECT body, document, names::text FROM content WHERE hash = %s", [hash]
        ).fetchone()
    assert rest == (None, None, "")


def refused(answer: httpx.Response, status: int, field: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert field is None or [error["field"] for error in problem["errors"]] == [field]
    return problem
