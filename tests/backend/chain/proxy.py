"""A node that misbehaves: a proxy before a real one that spoils answers as a test says."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Requests = list[dict[str, Any]]
Answers = list[dict[str, Any]]


@dataclass
class Spoilt:
    """What is sent instead of the answer.

    Args:
        status: Of HTTP.
        body: Sent as it is; None: the node's answer.
        cut: Of the body only the first half is sent, though its length promises all.
        wait: Seconds before anything is sent.
    """

    status: int = 200
    body: bytes | None = None
    cut: bool = False
    wait: float = 0


Fault = Callable[[Requests, Answers], Spoilt | None]
"""Sees requests and answers of one HTTP request, may change the answers in place, or say what is sent
instead.
"""


@dataclass
class Proxy:
    """A spoilt node. `fault` may be changed at any time; `spoilt` counts what it did."""

    url: str
    fault: Fault | None = None
    spoilt: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def before(node: str, fault: Fault | None = None) -> Iterator[Proxy]:
    """Start a proxy before a node."""
    target = urlsplit(node).netloc
    proxy = Proxy("", fault)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            upstream = HTTPConnection(target, timeout=60)
            upstream.request("POST", "/", body, {"Content-Type": "application/json"})
            answer = json.loads(upstream.getresponse().read())
            upstream.close()
            requests = json.loads(body)
            single = isinstance(requests, dict)
            requests, answers = ([requests], [answer]) if single else (requests, answer)
            spoilt = None
            with proxy.lock:
                if proxy.fault:
                    spoilt = proxy.fault(requests, answers)
                    proxy.spoilt += spoilt is not None
            self._send(spoilt or Spoilt(), json.dumps(answers[0] if single else answers).encode())

        def _send(self, spoilt: Spoilt, body: bytes) -> None:
            time.sleep(spoilt.wait)
            body = body if spoilt.body is None else spoilt.body
            self.send_response(spoilt.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if spoilt.cut else body)
            if spoilt.cut:
                self.close_connection = True

        def handle(self) -> None:
            with suppress(OSError):  # the client did not wait
                super().handle()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
