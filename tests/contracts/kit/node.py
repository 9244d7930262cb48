"""The test chain: raw JSON-RPC to Brownie's anvil, with a clock that stands still until it is moved.

Brownie takes a snapshot and reads its clock anew with every transaction (43 ms on two cores); this takes 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import orjson


class RpcError(Exception):
    """The node answered with an error. `data` is the revert data, 0x hex, where there is any."""

    def __init__(self, error: dict[str, Any]):
        super().__init__(error.get("message"))
        data = error.get("data")
        self.data = data if isinstance(data, str) else None


class Node:
    """One anvil. Blocks are mined by transaction, each with the time of the one before."""

    def __init__(self, url: str):
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=120)
        self.request("anvil_setBlockTimestampInterval", 0)
        self.chain_id = int(self.request("eth_chainId"), 16)

    def _post(self, body: Any) -> Any:
        self._connection.request("POST", "/", orjson.dumps(body), {"content-type": "application/json"})
        return orjson.loads(self._connection.getresponse().read())

    def request(self, method: str, *params: Any) -> Any:
        answer = self._post({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer["result"]

    def requests(self, calls: Iterable[tuple[str, list[Any]]]) -> list[Any]:
        """Many requests in one round trip; the answers stand in the order of the calls."""
        body = [{"jsonrpc": "2.0", "id": i, "method": m, "params": p} for i, (m, p) in enumerate(calls)]
        if not body:
            return []
        answers = sorted(self._post(body), key=lambda answer: answer["id"])
        for answer in answers:
            if "error" in answer:
                raise RpcError(answer["error"])
        return [answer["result"] for answer in answers]

    def succeed(self, calls: Iterable[tuple[str, list[Any]]]) -> list[bool]:
        """Which of many requests the node answers, in one round trip."""
        body = [{"jsonrpc": "2.0", "id": i, "method": m, "params": p} for i, (m, p) in enumerate(calls)]
        answers = self._post(body) if body else []
        return ["error" not in answer for answer in sorted(answers, key=lambda answer: answer["id"])]

    @property
    def now(self) -> int:
        """Time of the last block and of the next, seconds."""
        return int(self.request("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    @property
    def height(self) -> int:
        return int(self.request("eth_blockNumber"), 16)

    def travel_to(self, time: int) -> None:
        """All that follows happens at this second; never back."""
        assert time >= self.now, "time runs forward only"
        self.request("evm_mine", hex(time))

    def travel(self, seconds: int) -> None:
        self.travel_to(self.now + seconds)

    def snapshot(self) -> str:
        return self.request("evm_snapshot")

    def restore(self, snapshot: str) -> None:
        assert self.request("evm_revert", snapshot)
