"""JSON-RPC to a node over kept connections. Thread-safe; errors say whether asking again can help."""

import base64
import http.client
import itertools
import queue
import random
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

Request = tuple[str, list[Any]]
"""Method and parameters."""

TOO_LARGE = ("range", "too large", "too many", "limit", "exceed", "more than", "size", "timeout", "timed out")
"""Words by which nodes say that eth_getLogs was asked for too much; there is no common code."""

NOT_THERE = ("outofrange", "out of range", "block height", "beyond", "not found", "unknown block", "future")
"""Words by which nodes say that they have not got so far: behind, or gone back."""

TOO_OFTEN = ("rate", "requests", "per second", "capacity")
"""Words by which nodes say that they were asked too often."""

FINAL_CODES = (-32700, -32600, -32601, -32602, 3)
"""Not JSON, not a request, no such method, bad parameters, reverted: asking again gives the same."""


class RpcError(Exception):
    """A request failed. `retry`: asking the same again can help."""

    retry = False


class Unreachable(RpcError):
    """No whole answer: refused, broken off, timed out, not JSON, or HTTP 429 and 5xx."""

    retry = True


class Cut(Unreachable):
    """The answer did not come whole or in time: ask again, or for less."""


class Refused(RpcError):
    """The node understood and says no. Has its `code` and `data` (hex, or None)."""

    def __init__(self, method: str, error: dict[str, Any]):
        self.code, self.data = error.get("code"), error.get("data")
        message = str(error.get("message")).lower()
        behind = method == "eth_getLogs" and any(word in message for word in NOT_THERE)
        self.retry = behind or (self.code not in FINAL_CODES and "revert" not in message)
        super().__init__(f"{method}: {error.get('message', error)}")


class TooLarge(RpcError):
    """The answer is more than the node gives or we take: ask for less."""


class Rpc:
    """A node.

    Args:
        url: http:// or https://, user and password allowed.
        timeout: Seconds without a byte after which a request is given up.
        most_bytes: The largest answer taken; a larger one raises TooLarge.
        attempts: How often a request is tried where an error is worth it; waits grow from `pause` seconds.
        sleep: Waits between attempts; may raise to end them.
    """

    def __init__(
        self,
        url: str,
        timeout: float = 20.0,
        most_bytes: int = 256 << 20,
        attempts: int = 6,
        pause: float = 0.1,
        sleep: Callable[[float], Any] = time.sleep,
    ):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an http(s) URL of a node: {url!r}")
        self.url, self.timeout, self.most_bytes = url, timeout, most_bytes
        self.attempts, self.pause, self.sleep = attempts, pause, sleep
        self.bytes_read = 0
        self._host, self._port, self._tls = parts.hostname, parts.port, parts.scheme == "https"
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {"Content-Type": "application/json"}
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        self._idle: queue.LifoQueue[http.client.HTTPConnection] = queue.LifoQueue()
        self._ids = itertools.count(1)

    def call(self, method: str, *parameters: Any) -> Any:
        """Return the result of one request."""
        return self.batch([(method, list(parameters))])[0]

    def batch(
        self, requests: Sequence[Request], attempts: int | None = None, divisible: bool = False
    ) -> list[Any]:
        """Return the results of several requests, in their order.

        Args:
            attempts: How often to try the whole, unless as this node's setting says.
            divisible: Less can be asked for, so an answer that is cut twice is not tried again.

        Raises the RpcError of the first request that failed.
        """

        def values() -> list[Any]:
            answers = self._ask(requests)
            return [_value(request, answer) for request, answer in zip(requests, answers, strict=True)]

        return self._repeat(values, attempts, divisible)

    def ask(self, requests: Sequence[Request], attempts: int | None = None) -> list[dict[str, Any]]:
        """Return the answers of several requests, in their order: each has `result` or `error`.

        Only what keeps the whole answer from coming is raised or tried again here.
        """
        return self._repeat(lambda: self._ask(requests), attempts)

    def close(self) -> None:
        """Close the idle connections."""
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _repeat(self, work: Callable[[], Any], attempts: int | None, divisible: bool = False) -> Any:
        attempts = attempts or self.attempts
        for attempt in range(1, attempts + 1):
            try:
                return work()
            except RpcError as error:
                enough = divisible and attempt > 1 and isinstance(error, Cut)
                if not error.retry or attempt == attempts or enough:
                    raise
            self.sleep(self.pause * 2 ** (attempt - 1) * random.uniform(0.75, 1.25))
        raise AssertionError("not reached")

    def _ask(self, requests: Sequence[Request]) -> list[dict[str, Any]]:
        first = next(self._ids)
        body = [
            {"jsonrpc": "2.0", "id": first + i, "method": method, "params": parameters}
            for i, (method, parameters) in enumerate(requests)
        ]
        for _ in requests[1:]:
            next(self._ids)
        answer = self._post(orjson.dumps(body if len(body) > 1 else body[0]))
        if isinstance(answer, dict):
            answer = [answer]
        if not isinstance(answer, list) or not all(isinstance(part, dict) for part in answer):
            raise Unreachable(f"not a JSON-RPC answer: {str(answer)[:200]}")
        if len(answer) == 1 and "error" in answer[0] and len(requests) > 1:  # one error for the whole batch
            raise _error(requests[0], answer[0]["error"])
        by_id = {part.get("id"): part for part in answer}
        ordered = [by_id.get(first + i) for i in range(len(requests))]
        if any(part is None or ("result" not in part and "error" not in part) for part in ordered):
            raise Unreachable(f"the node answered {len(by_id)} of {len(requests)} requests")
        return ordered  # type: ignore[return-value]

    def _post(self, body: bytes) -> Any:
        try:
            with self._connection() as connection:
                connection.request("POST", self._path, body, self._headers)
                response = connection.getresponse()
                content = response.read(self.most_bytes + 1)
                if len(content) > self.most_bytes:
                    raise TooLarge(f"the answer is over {self.most_bytes} bytes")
                if response.length:
                    raise http.client.IncompleteRead(content, response.length)
        except (TimeoutError, http.client.IncompleteRead) as error:
            raise Cut(f"{self._host}: no whole answer in time ({type(error).__name__})") from error
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"{self._host}: {type(error).__name__} {error}".strip()) from error
        self.bytes_read += len(content)
        if response.status == 413:
            raise TooLarge(f"{self._host}: HTTP 413")
        if response.status in (502, 503, 504):
            raise Cut(f"{self._host}: HTTP {response.status}")
        if response.status == 429 or response.status >= 500:
            raise Unreachable(f"{self._host}: HTTP {response.status}")
        try:
            answer = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            if response.status != 200:
                raise RpcError(f"{self._host}: HTTP {response.status}") from error
            raise Cut(f"{self._host}: not JSON ({error})") from error
        return answer

    @contextmanager
    def _connection(self) -> Iterator[http.client.HTTPConnection]:
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            if self._tls:
                context = ssl.create_default_context()
                connection = http.client.HTTPSConnection(
                    self._host, self._port, timeout=self.timeout, context=context
                )
            else:
                connection = http.client.HTTPConnection(self._host, self._port, timeout=self.timeout)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.put(connection)


def _value(request: Request, answer: dict[str, Any]) -> Any:
    if error := answer.get("error"):
        raise _error(request, error)
    return answer["result"]


def _error(request: Request, error: Any) -> RpcError:
    error = error if isinstance(error, dict) else {"message": str(error)}
    message = str(error.get("message", "")).lower()
    if (
        request[0] == "eth_getLogs"
        and any(word in message for word in TOO_LARGE)
        and not any(word in message for word in TOO_OFTEN + NOT_THERE)
    ):
        return TooLarge(f"eth_getLogs: {error.get('message')}")
    return Refused(request[0], error)
