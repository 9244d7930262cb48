"""Exports are the facts, whole and in order."""

import csv
import io

import httpx
import pytest

from backend.domains import facts
from tests.backend.network import Played


def rows(client: httpx.Client, fact: str, **query: int) -> list[dict[str, str]]:
    answer = client.get(f"/v1/export/{fact}.csv", params=query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_every_fact_is_exported_with_its_columns(client: httpx.Client, played: Played) -> None:
    listed = {f["fact"]: f for f in client.get("/v1/facts").json()["data"]}
    assert listed.keys() == facts().keys()
    for fact, described in listed.items():
        found = rows(client, fact)
        assert list(found[0]) == [column["name"] for column in described["columns"]]
        keys = [(int(row["block_number"]), int(row["log_index"])) for row in found]
        assert keys == sorted(set(keys))


def test_an_award_is_exported_as_the_chain_has_it(client: httpx.Client, played: Played) -> None:
    first = rows(client, "awarded")[0]
    receipt = played.network.chain.call("eth_getTransactionReceipt", first["tx_hash"])
    log = next(x for x in receipt["logs"] if int(x["logIndex"], 16) == int(first["log_index"]))
    assert first["block_hash"] == log["blockHash"]
    assert (int(first["city_id"]), first["citizen"]) == (
        int(log["topics"][1], 16),
        "0x" + log["topics"][2][-40:],
    )


@pytest.mark.parametrize("cut", [0, 40, 10_000])
def test_ranges_of_blocks_make_the_whole(client: httpx.Client, cut: int) -> None:
    whole = rows(client, "awarded")
    assert rows(client, "awarded", to_block=cut) + rows(client, "awarded", from_block=cut + 1) == whole


def test_the_block_of_the_export_is_named(client: httpx.Client, played: Played) -> None:
    head = played.network.chain.call("eth_getBlockByNumber", "latest", False)
    assert client.get("/v1/export/awarded.csv").headers["At-Block"] == f"{played.block}:{head['hash']}"


def test_an_export_that_nobody_reads_on_gives_its_connection_back(client: httpx.Client) -> None:
    for _ in range(12):
        with client.stream("GET", "/v1/export/awarded.csv") as answer:
            assert answer.status_code in (200, 503)
    assert len(rows(client, "city_opened")) == 3
