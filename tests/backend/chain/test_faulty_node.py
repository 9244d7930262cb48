"""A node that fails in every way known of: the ledger is the same as from one that does not, only later."""

import json
import random
from collections.abc import Callable

import pytest

from backend.chain import windows
from backend.chain.rpc import RpcError
from backend.chain.sync import Indexer
from backend.chain.windows import Pace
from tests.backend.chain import proxy, world
from tests.backend.chain.conftest import following, is_at_head, wait_until
from tests.backend.chain.proxy import Answers, Fault, Requests, Spoilt
from tests.backend.chain.world import World


def of(method: str, requests: Requests, answers: Answers) -> list[tuple[dict, dict]]:
    """The requests of a method with their answers."""
    return [(r, a) for r, a in zip(requests, answers, strict=True) if r["method"] == method]


def sometimes(fault: Callable[[], Spoilt], often: float = 0.4) -> Fault:
    random_ = random.Random(7)
    return lambda requests, answers: fault() if random_.random() < often else None


def range_too_large(requests: Requests, answers: Answers) -> None:
    for request, answer in of("eth_getLogs", requests, answers):
        where = request["params"][0]
        if "fromBlock" in where and int(where["toBlock"], 16) - int(where["fromBlock"], 16) >= 4:
            answer.pop("result")
            answer["error"] = {"code": -32005, "message": "block range too large, at most 4"}


def gone_back() -> Fault:
    """Often a node that has fewer blocks answers, in anvil's words."""
    random_ = random.Random(6)

    def fault(requests: Requests, answers: Answers) -> None:
        for _, answer in of("eth_getLogs", requests, answers):
            if random_.random() < 0.4:
                answer.pop("result")
                said = "BlockOutOfRangeError: block height is 1 but requested was 2"
                answer["error"] = {"code": -32602, "message": said}

    return fault


def logs_of_another_block() -> Fault:
    """Often the logs of a window's last block are said to be of another block."""
    random_ = random.Random(3)

    def fault(requests: Requests, answers: Answers) -> None:
        for _, answer in of("eth_getLogs", requests, answers):
            logs = answer["result"]
            if logs and random_.random() < 0.4:
                for log in logs:
                    if log["blockNumber"] == logs[-1]["blockNumber"]:
                        log["blockHash"] = "0x" + "ab" * 32

    return fault


def half_written() -> Fault:
    """The first two times that a block is seen, its header is there and its logs and receipts are not."""
    seen: dict[int, int] = {}

    def fault(requests: Requests, answers: Answers) -> None:
        for _, answer in of("eth_getLogs", requests, answers):
            last = max((int(log["blockNumber"], 16) for log in answer["result"]), default=0)
            seen[last] = seen.get(last, 0) + 1
            if seen[last] <= 2:
                answer["result"] = [log for log in answer["result"] if int(log["blockNumber"], 16) < last]
        for _, answer in of("eth_getBlockReceipts", requests, answers):
            if answer["result"] and seen.get(int(answer["result"][0]["blockNumber"], 16), 0) <= 2:
                answer["result"] = []

    return fault


def log_given_twice() -> Fault:
    random_ = random.Random(4)

    def fault(requests: Requests, answers: Answers) -> None:
        for _, answer in of("eth_getLogs", requests, answers):
            if answer["result"] and random_.random() < 0.3:
                answer["result"].append(answer["result"][0])

    return fault


def without_times(requests: Requests, answers: Answers) -> None:
    for _, answer in of("eth_getLogs", requests, answers):
        for log in answer["result"]:
            log.pop("blockTimestamp")


FAULTS: dict[str, Callable[[], Fault]] = {
    "HTTP 500": lambda: sometimes(lambda: Spoilt(status=500, body=b"oops")),
    "HTTP 429": lambda: sometimes(lambda: Spoilt(status=429, body=b"{}")),
    "too slow": lambda: sometimes(lambda: Spoilt(wait=0.6), often=0.2),
    "truncated JSON": lambda: sometimes(lambda: Spoilt(body=b'[{"jsonrpc":"2.0","id":1,"result":[{"addr')),
    "broken off": lambda: sometimes(lambda: Spoilt(cut=True)),
    "an error for the batch": lambda: sometimes(
        lambda: Spoilt(body=json.dumps({"error": {"code": -32000, "message": "header not found"}}).encode())
    ),
    "range too large": lambda: range_too_large,
    "a head that went back": gone_back,
    "logs of another block": logs_of_another_block,
    "half-written blocks": half_written,
    "a log given twice": log_given_twice,
    "no times in logs": lambda: without_times,
}


@pytest.fixture(scope="module")
def undisturbed(lived: World, database: str) -> dict[str, str]:
    Indexer(lived.chain.url, lived.definition, database).run(until=lived.chain.head)
    return world.dump(database, lived.definition)


@pytest.mark.parametrize("name", FAULTS)
def test_the_ledger_is_the_same_with(name, lived, undisturbed, new_database):
    database = new_database()
    with proxy.before(lived.chain.url, FAULTS[name]()) as node:
        indexer = Indexer(node.url, lived.definition, database, poll_seconds=0.05, timeout=0.5)
        indexer.rpc.pause = 0.01
        indexer.run(until=lived.chain.head)
    assert world.dump(database, lived.definition) == undisturbed


def test_an_answer_over_the_limit_is_asked_for_in_parts(lived, undisturbed, new_database):
    database = new_database()
    indexer = Indexer(lived.chain.url, lived.definition, database, pace=Pace(start=1000))
    indexer.rpc.most_bytes = 60_000
    indexer.run(until=lived.chain.head)
    assert world.dump(database, lived.definition) == undisturbed
    assert indexer.fetcher.pace.size < 60


def test_with_many_addresses_logs_are_asked_for_by_topic(lived, undisturbed, new_database, monkeypatch):
    database = new_database()
    monkeypatch.setattr(windows, "MOST_ADDRESSES", 1)
    Indexer(lived.chain.url, lived.definition, database).run(until=lived.chain.head)
    assert world.dump(database, lived.definition) == undisturbed


def test_all_at_once_while_the_chain_grows_and_reorganises(young, new_database):
    faults = [make() for make in FAULTS.values()]
    random_ = random.Random(11)
    database, once = new_database(), new_database()

    def fault(requests: Requests, answers: Answers) -> Spoilt | None:
        return random_.choice(faults)(requests, answers) if random_.random() < 0.5 else None

    with (
        proxy.before(young.chain.url, fault) as node,
        following(node.url, young.definition, database, timeout=0.5) as follower,
    ):
        follower.indexer.rpc.pause = 0.01
        for seed in range(4):
            fork = young.chain.snapshot()
            young.play(seed, blocks=4)
            if seed % 2:
                young.chain.revert(fork)
                young.play(seed + 50, blocks=5)
            wait_until(lambda: is_at_head(database, young.chain))
    assert follower.error is None
    assert node.spoilt
    Indexer(young.chain.url, young.definition, once).run(until=young.chain.head)
    assert world.dump(database, young.definition) == world.dump(once, young.definition)


def test_what_asking_again_does_not_change_is_raised(lived, new_database):
    def fault(requests: Requests, answers: Answers) -> None:
        for _, answer in of("eth_getLogs", requests, answers):
            answer.pop("result")
            answer["error"] = {"code": -32601, "message": "the method eth_getLogs does not exist"}

    with proxy.before(lived.chain.url, fault) as node, pytest.raises(RpcError, match="does not exist"):
        Indexer(node.url, lived.definition, new_database()).run(until=lived.chain.head)
