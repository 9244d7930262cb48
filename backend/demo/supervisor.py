"""Runs a demo: starts its parts, watches over them, stops them all, whatever happens."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from backend import db
from backend.chain.rpc import RpcError
from backend.cli.console import out, say, track
from backend.demo import ledger, token
from backend.demo.database import Database
from backend.demo.folder import Folder, FolderError, Mark
from backend.demo.node import Node, NodeError, free_port, is_free, require
from backend.demo.processes import Child, Died
from backend.demo.signing import address_of, key_of
from backend.settings import settings

SAVE_EVERY = 5.0
"""Seconds between two looks whether the chain's state is to be written: what a kill loses at most."""
READY_WITHIN = 120.0
RELAY = "relay"
"""The person of the demo whose account sends what others signed."""
MONEY = 1000 * 10**18
"""Wei that this account has at each start."""


class Stop(BaseException):
    """The demo was asked to stop."""


class Demo:
    """A demo in a folder, served at a port."""

    def __init__(self, folder: Folder, port: int, rpc_port: int | None, small: bool = False):
        self.folder, self.port, self.rpc_port, self.small = folder, port, rpc_port, small
        self.node = Node(folder.path, folder.chain)
        self.database = Database(folder.database)
        self.indexer = Child("indexer", folder.path)
        self.server = Child("server", folder.path)
        self.relay = Child("relay", folder.path)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, fresh: bool) -> None:
        """Runs until it is asked to stop, or a part dies. Raises what `explain` has a line for."""
        with signals():
            try:
                self._start(fresh)
                self._watch()
            except Stop:
                say("stopping …")
            finally:
                with ignoring_signals():
                    self._stop()
        say("stopped; 'citynet demo' goes on from here")

    # ------------------------------------------------------------------ start

    def _start(self, fresh: bool) -> None:
        began = time.monotonic()
        require()
        token.require()
        self.folder.lock(self.url)
        self._end_stale()
        self._check_ports()
        mark = self.folder.mark
        if fresh or (mark and not mark.ready):
            if not fresh:
                say("the first start was broken off: beginning anew")
            self.database.end_stale()
            self.folder.clear()
            mark = None
        if mark is None:
            self._refuse_strangers()
            self.folder.mark = Mark()
            self._start_database()
            self._first_start()
        else:
            self.folder.check()
            self._start_database()
            self._start_node()
            self._same_chain(mark)
        self._start_readers()
        self._wait_until_indexed()
        say(f"ready after {time.monotonic() - began:.1f} s")
        self._say_where_to_look()

    def _end_stale(self) -> None:
        """Ends what a killed demo left running, and keeps what its chain still knows."""
        port = self.node.child.stale_option("--port")
        if port and self.folder.mark and self.folder.mark.ready:
            with suppress(RpcError, NodeError):
                self.node.connect(int(port))
                self.node.save()
        for child in (self.server, self.relay, self.indexer, self.node.child):
            if child.end_stale():
                say(f"ended the {child.name} that an earlier demo left running")

    def _check_ports(self) -> None:
        for option, port in (("--port", self.port), ("--rpc-port", self.rpc_port)):
            if port and not is_free(port):
                other = free_port(port + 1)
                raise NodeError(f"port {port} is taken: choose another, for example {option} {other}")

    def _refuse_strangers(self) -> None:
        """A ledger that no demo made is not this one's to write into."""
        for place in (self.folder.database, self.folder.deployment):
            if place.exists():
                raise FolderError(
                    f"{place} is of no demo: 'citynet demo --fresh' removes it, or set CITYNET_DATA_DIR"
                )

    def _start_database(self) -> None:
        """Starts the demo's own server, and makes it this process's whatever DATABASE_URL names."""
        self.database.start()
        os.environ["CITYNET_DATABASE_URL"] = self.database.url
        settings.cache_clear()

    def _start_node(self, genesis: int | None = None) -> None:
        self.node.start(self.rpc_port or free_port(8545), genesis)

    def _first_start(self) -> None:
        begins = ledger.origin()
        self._start_node(begins)
        played = ledger.make(self.folder, self.node.rpc, begins, self.small)
        self.node.save()
        self.folder.mark = played.mark
        say(
            f"{played.cities} cities; {played.people} demo citizens in some of them; "
            f"{played.transactions} transactions in {played.mark.block} blocks"
        )

    def _same_chain(self, mark: Mark) -> None:
        block = self.node.rpc.call("eth_getBlockByNumber", hex(mark.block), False)
        if block is None or block["hash"] != mark.hash:
            raise FolderError(
                f"the chain in {self.folder.chain} is not the one of this demo: "
                "'citynet demo --fresh' (or 'make demo FRESH=1') begins anew"
            )

    def _start_readers(self) -> None:
        environment = {
            "CITYNET_DATABASE_URL": self.database.url,
            "CITYNET_RPC_URL": self.node.url,
            "CITYNET_PUBLIC_RPC_URL": self.node.url,
            "CITYNET_CHAIN_NAME": "CityNet demo",
            "CITYNET_DEPLOYMENT": str(self.folder.deployment),
            "CITYNET_DATA_DIR": str(self.folder.path),
        }
        command = [sys.executable, "-m", "backend.cli"]
        self.indexer.start([*command, "index"], environment)
        self.server.start([*command, "serve", "--port", str(self.port)], environment)
        key = key_of(RELAY)
        self.node.rpc.call("anvil_setBalance", address_of(key), hex(MONEY))
        self.relay.start([*command, "relay"], environment | {"CITYNET_RELAY_KEY": key.to_hex()})

    def _wait_until_indexed(self) -> None:
        head = int(self.node.rpc.call("eth_blockNumber"), 16)
        until, done = time.monotonic() + READY_WITHIN, 0
        with track("Indexing", head) as advance, httpx.Client(timeout=5) as client:
            while done < head:
                self._check()
                if time.monotonic() > until:
                    raise Died(f"the ledger is not served after {READY_WITHIN:.0f} s. {self.server.tail()}")
                now = indexed(client, self.url)
                advance(max(now - done, 0))
                done = max(now, done)
                time.sleep(0.1)

    def _say_where_to_look(self) -> None:
        mark = self.folder.mark or Mark()
        places = {"start page": f"{self.url}/", "be somebody": f"{self.url}/en/demo"}
        places |= {name: f"{self.url}/en/{path}" for name, path in mark.pages.items()}
        places |= {
            "API": f"{self.url}/v1/status   {self.url}/v1/openapi.json",
            "chain": f"{self.node.url}   contracts: {self.folder.deployment}",
            "logs": str(self.folder.path / "logs"),
        }
        out.print("\n".join(["", *(f"  {name:<20} {where}" for name, where in places.items()), ""]))
        out.print("All people and businesses here are made up. Ctrl-C stops everything.\n")

    # ------------------------------------------------------------------ watch

    def _watch(self) -> None:
        saved = time.monotonic()
        while True:
            time.sleep(0.3)
            self._check()
            if time.monotonic() - saved > SAVE_EVERY:
                self.node.save()
                saved = time.monotonic()

    def _check(self) -> None:
        """Raises `Died` where a part has ended."""
        for child in (self.node.child, self.indexer, self.server, self.relay):
            child.check()
        self.database.check()

    def _stop(self) -> None:
        """Ends everything; each step whatever the others did."""
        mark = self.folder.mark
        steps: list[Callable[[], Any]] = [self.server.stop, self.relay.stop, self.indexer.stop]
        if mark and mark.ready and self.node.child.process:
            steps.append(self.node.save)
        steps += [self.node.stop, self.database.stop]
        steps.append(self.folder.unlock)
        for step in steps:
            try:
                step()
            except (OSError, RpcError, NodeError, db.DatabaseError) as error:
                say(f"while stopping: {error}")


def indexed(client: httpx.Client, url: str) -> int:
    """The block that the server answers for, -1 as long as it does not."""
    try:
        answer = client.get(f"{url}/v1/status")
        return int(answer.json()["at_block"]["number"]) if answer.status_code == 200 else -1
    except (httpx.TransportError, ValueError, KeyError):
        return -1


@contextmanager
def signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal raise `Stop`."""

    def stop(number: int, frame: object) -> None:
        raise Stop

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ignoring_signals() -> Iterator[None]:
    """A second Ctrl-C must not leave processes behind: every step of stopping ends by itself."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
