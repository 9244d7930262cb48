"""The indexer: follows a chain, window by window, and keeps the ledger's tables true to it."""

import gc
import logging
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from threading import Event

import psycopg

from backend import db
from backend.chain.definition import Definition
from backend.chain.headers import Header, Inconsistent
from backend.chain.leader import try_to_lead
from backend.chain.reorg import common_ancestor
from backend.chain.rpc import Rpc, RpcError
from backend.chain.store import Cursor, Store
from backend.chain.windows import Fetcher, Pace, Window

log = logging.getLogger(__name__)

IN_FLIGHT = 3
"""Windows that are fetched at once."""

AHEAD = 32
"""Windows that may be fetched before they are written."""

EVENTS_PER_TRANSACTION = 30_000
SECONDS_PER_TRANSACTION = 1.0
"""Windows are written together until they hold so many events, or took so long to come."""

EVENTS_WITHOUT_INDEXES = 1_000_000
"""A ledger read anew gets its further indexes when it has caught up, but no later than this."""

COLLECT_AFTER = 200_000
"""Objects after which Python looks for cycles. Logs have none, and looking took a quarter of the time."""

LONGEST_PAUSE = 15.0
"""Seconds between attempts where the node does not answer."""


class WrongChain(Exception):
    """The node is of another chain than the deployment; the message is one line."""


class Stopped(Exception):
    """Raised inside to end a wait when the indexer is to stop."""


@dataclass(frozen=True)
class Progress:
    """What the indexer did last.

    Args:
        number: The block that the ledger is at.
        target: The block that it goes to: the head, or `until`.
        events: Events written since `run` began.
        removed: Blocks taken back by a reorganisation just now.
        waiting: What it waits for, empty where it does not.
    """

    number: int
    target: int
    events: int
    removed: int = 0
    waiting: str = ""


class Indexer:
    """Keeps one schema true to one chain.

    Args:
        rpc_url: The node.
        definition: What to make of it.
        database: libpq URL; unless given, the configured one.
        schema: `ledger` or `audit`.
        depth: Blocks after which a block is final.
        poll_seconds: Between two looks at the head.
        pace: How many blocks at once; adapts itself.
        rebuild: Read the chain anew even where the schema fits.
    """

    def __init__(
        self,
        rpc_url: str,
        definition: Definition,
        database: str | None = None,
        schema: str = "ledger",
        depth: int = 64,
        poll_seconds: float = 0.5,
        pace: Pace | None = None,
        rebuild: bool = False,
        timeout: float = 20.0,
    ):
        self.definition, self.schema, self.depth, self.poll_seconds = definition, schema, depth, poll_seconds
        self.database = database or db.url()
        self.rpc = Rpc(rpc_url, timeout=timeout, sleep=self._sleep)
        self.fetcher = Fetcher(self.rpc, definition, pace)
        self._rebuild = rebuild
        self._stop = Event()
        self._cursor = Cursor(-1, b"", 0, -1, 0, 0)
        self._until: int | None = None
        self._events = 0
        self._indexed = False
        self._progress: Callable[[Progress], None] = lambda progress: None

    def run(
        self,
        until: int | None = None,
        stop: Event | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Cursor:
        """Index until block `until` is reached, or until `stop` is set, or for ever; returns the cursor.

        A second indexer of the same schema waits here until the first ends, and goes on from where it was.

        Raises BelowFinality, WrongChain, DatabaseError, and RpcError where the node says what asking
        again does not change. Whatever is raised, the tables are those of the last whole window.
        """
        self._until, self._stop, self._progress = until, stop or Event(), progress or self._progress
        connection = db.connect(self.database, self.schema)
        collected = gc.get_threshold()
        gc.set_threshold(COLLECT_AFTER, *collected[1:])
        try:
            # A window lost to a power cut is read again from the chain: no commit waits for the disk.
            connection.execute("SET synchronous_commit = off")
            connection.commit()
            self._lead(Store(connection, self.definition, self.schema))
        except Stopped:
            pass
        except psycopg.OperationalError as error:
            raise db.DatabaseError(f"the database is gone: {' '.join(str(error).split())}") from error
        finally:
            gc.set_threshold(*collected)
            connection.close()
            self.rpc.close()
        return self._cursor

    def _lead(self, store: Store) -> None:
        while not try_to_lead(store.connection, self.schema):
            self._tell("another indexer leads")
            self._sleep(min(self.poll_seconds, 1.0))
        with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="fetch") as pool:
            self._patiently(lambda: self._open(store))
            while self._until is None or self._cursor.number < self._until:
                before = self._cursor
                self._patiently(lambda: self._step(store, pool))
                if self._cursor is before:
                    self._sleep(self.poll_seconds)

    def _open(self, store: Store) -> None:
        """Make the schema where it is missing or of another definition; see that the chain is ours."""
        chain_id = int(self.rpc.call("eth_chainId"), 16)
        wanted = self.definition.deployment.chain_id
        if chain_id != wanted:
            raise WrongChain(f"the node is of chain {chain_id}, the deployment of chain {wanted}")
        with store.connection.transaction():
            if self._rebuild or store.fingerprint() != self.definition.fingerprint:
                log.info("making schema %s from the chain", self.schema)
                store.create(self.fetcher.header(max(self.definition.first_block - 1, 0)))
            self._cursor = store.cursor()
        self._rebuild = False
        self._follow_reorganisation(store)

    def _step(self, store: Store, pool: ThreadPoolExecutor) -> None:
        """Go from the cursor to the head, or to `until`."""
        head = self.fetcher.header("latest")
        if head.number > self._cursor.number:
            self._extend(store, head, pool)
        elif head.number < self._cursor.number or head.hash != self._cursor.hash:
            self._tell(f"the node is behind, at block {head.number}")
            self._follow_reorganisation(store)

    def _extend(self, store: Store, head: Header, pool: ThreadPoolExecutor) -> None:
        """Write the windows up to the target, several in a transaction."""
        target = self._target(head.number)
        with store.connection.transaction():
            addresses = store.addresses()
        group: list[Window] = []
        started = time.monotonic()
        try:
            with closing(self._fetched(target, head.number - self.depth, addresses, pool)) as windows:
                for window in windows:
                    group.append(window)
                    full = sum(w.events for w in group) >= EVENTS_PER_TRANSACTION
                    late = time.monotonic() - started > SECONDS_PER_TRANSACTION
                    if full or late or window.hi == target:
                        ready, group = group, []
                        if not self._write(store, ready, head):
                            return
                        started = time.monotonic()
        except RpcError:
            if group:  # what came before the fault
                self._write(store, group, head)
            raise

    def _fetched(
        self, target: int, dense: int, addresses: dict[str, set[str]], pool: ThreadPoolExecutor
    ) -> Generator[Window, None, None]:
        """Fetch ahead, and give the windows from the cursor to the target in order.

        Contracts made in one of them are added to `addresses`, and their logs to it and to those after it.
        """
        ahead: deque[Future[Window]] = deque()
        next_block = self._cursor.number + 1
        try:
            while ahead or next_block <= target:
                while len(ahead) < AHEAD and next_block <= target:
                    last = min(next_block + self.fetcher.pace.size - 1, target)
                    known = {name: set(places) for name, places in addresses.items()}
                    ahead.append(pool.submit(self.fetcher.fetch, next_block, last, dense, known))
                    next_block = last + 1
                self._check_stop()
                window = ahead.popleft().result()
                self.fetcher.add(window, addresses)
                for name, found in window.found.items():
                    addresses.setdefault(name, set()).update(found)
                yield window
        finally:
            for future in ahead:
                future.cancel()

    def _write(self, store: Store, windows: list[Window], head: Header) -> bool:
        """Write windows in one transaction; returns False where they do not follow what is stored."""
        if not _continuous(windows, self._cursor):
            self._follow_reorganisation(store)
            return False
        try:
            with store.connection.transaction():
                cursor = store.put(windows, self._cursor, head, self.depth)
        except psycopg.errors.UniqueViolation as error:
            raise Inconsistent("the node gave a log twice") from error
        self._cursor = cursor
        self._events += sum(window.events for window in windows)
        self._index(store)
        self._tell()
        return True

    def _index(self, store: Store) -> None:
        """Make the further indexes once: sorted all at once they take half the time of row by row."""
        caught_up = self._cursor.number >= self._target(self._cursor.head_number)
        if not self._indexed and (caught_up or self._events >= EVENTS_WITHOUT_INDEXES):
            with store.connection.transaction():
                store.create_indexes()
            self._indexed = True

    def _follow_reorganisation(self, store: Store) -> None:
        """Take back what the node's chain no longer has."""
        with store.connection.transaction():
            stored = store.blocks()
        ancestor = common_ancestor(self.fetcher, stored)
        if ancestor is None:
            return
        before = self._cursor
        with store.connection.transaction():
            cursor = store.remove_above(ancestor, before)
        self._cursor = cursor
        log.warning("reorganisation: blocks %d to %d taken back", cursor.number + 1, before.number)
        self._tell(removed=before.number - cursor.number)

    def _patiently(self, work: Callable[[], None]) -> None:
        """Do it until the node answers; what asking again does not change is raised."""
        pause = self.poll_seconds
        while True:
            before = self._cursor
            try:
                return work()
            except RpcError as error:
                if not error.retry:
                    raise
                log.warning("the node does not answer as it should: %s", error)
                self._tell(str(error))
            pause = self.poll_seconds if self._cursor is not before else min(pause * 2, LONGEST_PAUSE)
            self._sleep(pause)

    def _target(self, head: int) -> int:
        return head if self._until is None else min(head, self._until)

    def _tell(self, waiting: str = "", removed: int = 0) -> None:
        target = self._target(self._cursor.head_number)
        self._progress(Progress(self._cursor.number, target, self._events, removed, waiting))

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped


def _continuous(windows: list[Window], cursor: Cursor) -> bool:
    """Whether every header follows the one before, from the stored one on."""
    number, block_hash = cursor.number, cursor.hash
    for window in windows:
        for header in sorted(window.headers.values(), key=lambda h: h.number):
            if header.number == number + 1 and header.parent != block_hash:
                return False
            number, block_hash = header.number, header.hash
    return True
