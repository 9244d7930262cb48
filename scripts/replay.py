"""A server that answers from memory what a node answered: its logs and headers, by block.

For measuring an indexer without the node's own time (`scripts/bench.py`). It knows no filter: it gives the
logs that were recorded, those of the ledger's contracts.
"""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

from backend.chain.rpc import Rpc

Recorded = tuple[dict[int, bytes], dict[int, bytes], dict[str, bytes]]
"""Logs of each block as JSON, separated by commas; its header; receipts of the last blocks by block hash."""

RECEIPTS = 80
"""Blocks whose receipts are recorded: the indexer asks for them where it may still be reorganised."""


def record(rpc: Rpc, wanted: dict[str, Any], head: int) -> Recorded:
    """Read logs (of the filter `wanted`) and headers of all blocks."""
    logs, headers, receipts = {}, {}, {}
    for number in range(head + 1):
        where = {**wanted, "fromBlock": hex(number), "toBlock": hex(number)}
        requests = [("eth_getLogs", [where]), ("eth_getBlockByNumber", [hex(number), False])]
        found, header = rpc.batch(requests)
        logs[number] = orjson.dumps(found)[1:-1]
        headers[number] = orjson.dumps(header)
        if number > head - RECEIPTS:
            receipts[header["hash"]] = orjson.dumps(rpc.call("eth_getBlockReceipts", header["hash"]))
    return logs, headers, receipts


@contextmanager
def replaying(recorded: Recorded, chain_id: int) -> Iterator[str]:
    """Serve what was recorded, in a process of its own; give its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(recorded, chain_id))
    process = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
    process.start()
    server.server_close()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        process.terminate()
        process.join()


def _handler(recorded: Recorded, chain_id: int) -> type[BaseHTTPRequestHandler]:
    logs, headers, receipts = recorded
    head = max(headers)

    def result(method: str, parameters: list[Any]) -> bytes:
        if method == "eth_getLogs":
            lo, hi = (int(parameters[0][end], 16) for end in ("fromBlock", "toBlock"))
            return b"[" + b",".join(logs[n] for n in range(lo, hi + 1) if logs[n]) + b"]"
        if method == "eth_getBlockByNumber":
            number = head if parameters[0] == "latest" else int(parameters[0], 16)
            return headers.get(number, b"null")
        if method == "eth_getBlockReceipts":
            return receipts[parameters[0]]
        if method == "eth_chainId":
            return orjson.dumps(hex(chain_id))
        raise ValueError(f"not recorded: {method}")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            parts = [
                b'{"jsonrpc":"2.0","id":%d,"result":%b}' % (r["id"], result(r["method"], r["params"]))
                for r in (asked if isinstance(asked, list) else [asked])
            ]
            body = b"[" + b",".join(parts) + b"]" if isinstance(asked, list) else parts[0]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler
