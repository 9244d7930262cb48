"""A probe with a past, and an indexer that runs beside the test."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from backend import db
from backend.chain.definition import Definition
from backend.chain.sync import Indexer, Progress
from tests.backend.anvil import Anvil
from tests.backend.chain.world import World

PATIENCE = 30.0
"""Seconds after which a test no longer waits for something."""


class Following:
    """An indexer in a thread. `seen` is what it told, `error` what it ended with."""

    def __init__(self, indexer: Indexer):
        self.indexer, self.seen, self.error = indexer, list[Progress](), None
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.indexer.run(stop=self.stop, progress=self.seen.append)
        except Exception as error:  # the test looks at it
            self.error = error

    def end(self) -> None:
        self.stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def is_at_head(database: str, chain: Anvil) -> bool:
    """Whether the ledger is at the chain's head, by its hash."""
    head = chain.call("eth_getBlockByNumber", "latest", False)
    with db.connect(database) as connection:
        if connection.execute("SELECT to_regclass('cursor')").fetchone() == (None,):
            return False
        return connection.execute("SELECT encode(hash, 'hex') FROM cursor").fetchone() == (head["hash"][2:],)


@contextmanager
def following(url: str, definition: Definition, database: str, **options: object) -> Iterator[Following]:
    """Run an indexer beside the test; end it afterwards."""
    follower = Following(Indexer(url, definition, database, poll_seconds=0.05, **options))  # type: ignore[arg-type]
    try:
        yield follower
    finally:
        follower.end()


@pytest.fixture(scope="module")
def lived(anvil: Anvil) -> World:
    """A probe after sixty blocks, which no test of the module changes."""
    made = World(anvil)
    made.play(seed=1, blocks=60)
    return made


@pytest.fixture
def young(new_anvil: Callable[..., Anvil]) -> World:
    """A probe after twenty blocks, on a chain of the test's own."""
    made = World(new_anvil())
    made.play(seed=1, blocks=20)
    return made
