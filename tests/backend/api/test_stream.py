"""The stream tells every fact once, goes on where it broke off, and tells of reorganisations."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from backend.projects.facts import RELATED
from tests.backend.anvil import Anvil
from tests.backend.network import Network, Played
from tests.backend.server import serving


@dataclass(frozen=True)
class Told:
    event: str
    id: str
    data: dict[str, Any]


class Listener:
    """Reads events of an open stream."""

    def __init__(self, answer: httpx.Response):
        self.lines = answer.iter_lines()

    def next(self) -> Told:
        fields: dict[str, str] = {}
        for line in self.lines:
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
            elif not line and fields:
                return Told(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
        raise AssertionError("the stream ended")

    def until(self, met: Callable[[Told], bool]) -> list[Told]:
        """Events up to and with the first that meets a condition."""
        told = [self.next()]
        while not met(told[-1]):
            told.append(self.next())
        return told


@contextmanager
def listening(client: httpx.Client, after: str | None = None, **query: object) -> Iterator[Listener]:
    headers = {"Last-Event-ID": after} if after else {}
    with client.stream("GET", "/v1/stream", params=query, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield Listener(answer)


def block(number: int) -> Callable[[Told], bool]:
    return lambda told: told.event == "block" and told.data["number"] >= number


def beginning(played: Played) -> str:
    first = played.network.chain.call("eth_getBlockByNumber", "0x0", False)
    return f"0:{first['hash']}"


def test_from_the_beginning_it_tells_every_fact_in_the_chains_order(
    client: httpx.Client, played: Played
) -> None:
    with listening(client, beginning(played)) as stream:
        told = stream.until(block(played.block))
    places = [played.network.deployment.place(name).address for name in played.network.definition().contracts]
    places += [c.address for c in played.network.contracts.values() if c.name in ("Campaign", "FundAvatar")]
    logs = played.network.chain.call("eth_getLogs", {"fromBlock": "0x0", "address": places})
    ours = [log for log in logs if log["topics"]]
    facts = [t for t in told if t.event != "block"]
    keys = [(t.data["block_number"], t.data["log_index"]) for t in facts]
    chain = {(int(log["blockNumber"], 16), int(log["logIndex"], 16)): log["transactionHash"] for log in ours}
    assert keys == sorted(set(keys))
    assert {key: t.data["tx_hash"] for key, t in zip(keys, facts, strict=True)}.items() <= chain.items()
    # What is missing is no fact of ours: what the contracts' parents tell of themselves.
    assert len(chain) - len(keys) <= 4
    blocks = [t.data["number"] for t in told if t.event == "block"]
    assert blocks == sorted(set(blocks))
    assert set(blocks) >= {number for number, _ in keys}


@pytest.mark.parametrize("step", [1, 17, 100])
def test_it_goes_on_after_any_event_without_loss(client: httpx.Client, played: Played, step: int) -> None:
    with listening(client, beginning(played)) as stream:
        whole = stream.until(block(played.block))
    for broken in range(0, len(whole) - 1, max(step, len(whole) // 5)):
        with listening(client, whole[broken].id) as stream:
            assert stream.until(block(played.block)) == whole[broken + 1 :]


def test_it_filters_by_city_and_by_address(client: httpx.Client, played: Played) -> None:
    with listening(client, beginning(played), city=2) as stream:
        city = [t for t in stream.until(block(played.block)) if t.event != "block"]
    home = {offer for offer, partner in played.play.partners.items() if partner == "partner 2"}
    with listening(client, beginning(played)) as stream:
        everything = [t for t in stream.until(block(played.block)) if t.event != "block"]
    assert [t for t in everything if t.data.get("city_id") in (0, 2) or t.data.get("offer_id") in home] == [
        t for t in city if t.data.get("city_id") in (0, 2) or t.data.get("offer_id") in home
    ]
    # Besides, only what became of vouchers for its merits elsewhere, and of its projects and their money.
    others = [t for t in city if not (t.data.get("city_id") in (0, 2) or t.data.get("offer_id") in home)]
    assert {t.event for t in others} <= {"voucher_fulfilled", *RELATED}
    citizen = played.network.content(played.play.vouchers[0])[1]
    with listening(client, beginning(played), address=citizen) as stream:
        told = [t for t in stream.until(block(played.block)) if t.event != "block"]
    assert {"awarded", "redeemed"} <= {t.event for t in told}
    assert all(
        citizen in t.data.values() for t in told if t.event in ("awarded", "redeemed", "epoch_claimed")
    )


def test_new_blocks_arrive_as_they_are_indexed(
    new_anvil: Callable[..., Anvil], database: str, tmp_path
) -> None:
    network = Network(new_anvil())
    played = Played(network, None, database, tmp_path / "deployment.json")  # type: ignore[arg-type]
    network.deployment.write(played.deployment)
    network.open_city("geonames:1")
    network.index(database)
    with serving(played.settings()) as client, listening(client) as stream:
        number = network.open_city("geonames:2")
        reached = network.index(database)
        told = stream.until(block(reached))
        assert [t.event for t in told] == ["city_opened", "block"]
        assert told[0].data["city_id"] == number
        network.chain.mine(3)
        assert [t.data["number"] for t in stream.until(block(network.index(database)))] == [reached + 3]

        # The chain goes back before the second city and on with another one.
        snapshot_before_third = network.chain.snapshot()
        network.open_city("geonames:3")
        third = stream_until_index(network, database, stream)
        assert third[0].event == "city_opened"
        network.chain.revert(snapshot_before_third)
        network.sender.forget()
        network.cities.pop()
        network.open_city("geonames:4")
        network.chain.mine(2)
        after = stream_until_index(network, database, stream)
        assert [t.event for t in after if t.event != "block"] == ["reorganisation", "city_opened"]
        assert after[0].data == {"ancestor": reached + 3}
        assert codes(after) == [b"geonames:4"]

        # Somebody who heard of the block that is gone, and comes back.
        with listening(client, third[-1].id) as late:
            heard = late.until(block(network.chain.head))
        assert heard[0].event == "reorganisation"
        assert heard[0].data["ancestor"] <= reached + 3
        assert codes(heard)[-1] == b"geonames:4"


def stream_until_index(network: Network, database: str, stream: Listener) -> list[Told]:
    return stream.until(block(network.index(database)))


def codes(told: list[Told]) -> list[bytes]:
    """Codes of the cities opened."""
    return [bytes.fromhex(t.data["code"][2:]).rstrip(b"\0") for t in told if t.event == "city_opened"]
