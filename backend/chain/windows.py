"""Fetches and decodes windows: the logs and headers of a range of blocks, checked against each other."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import TypeVar

from backend.chain.decode import Decoder, Log, block_cells, value_of
from backend.chain.definition import Definition
from backend.chain.headers import Header, Inconsistent, bloom_bits
from backend.chain.rpc import Cut, Refused, Request, Rpc, TooLarge

MOST_ADDRESSES = 500
"""Above this, logs are asked for by topic alone and others' are left out here."""

HEADERS_PER_BATCH = 100

T = TypeVar("T")

Addresses = Mapping[str, set[str]]
"""Contract name → addresses, `0x` and lower case."""


@dataclass
class Window:
    """What blocks `lo` to `hi` hold.

    Args:
        dense: From this block on all headers are there, for the blocks may still be reorganised.
        headers: By number: of `lo`, `hi` and of every block from `dense` on.
        rows: Binary rows by fact table.
        events: How many rows.
        addresses: Those whose logs are in it.
        found: Addresses of contracts made in it, by contract.
    """

    lo: int
    hi: int
    dense: int
    headers: dict[int, Header]
    rows: dict[str, list[bytes]] = field(default_factory=dict)
    events: int = 0
    addresses: dict[str, set[str]] = field(default_factory=dict)
    found: dict[str, set[str]] = field(default_factory=dict)


class Pace:
    """How many blocks to ask for at once: as many as make a good answer, fewer where the node refuses.

    Args:
        start: The first size.
        aim_events: Events that make a good answer. A megabyte of JSON stays in the processor's cache; of ten
            times as much every event takes half as long again, in the node and here.
        aim_seconds: Time that one should take at most.
        most: The largest size.
    """

    def __init__(
        self, start: int = 20, aim_events: int = 1_500, aim_seconds: float = 2.0, most: int = 50_000
    ):
        self.size, self.aim_events, self.aim_seconds = start, aim_events, aim_seconds
        self._ceiling = float(most)
        self._most = most
        self._lock = Lock()

    def answered(self, blocks: int, events: int, seconds: float) -> None:
        """An answer came: go towards the size at which it would have been a good one, at most twofold."""
        with self._lock:
            self._ceiling = min(self._ceiling * 1.05, self._most)
            fit = min(self.aim_events / max(events, 1), self.aim_seconds / max(seconds, 1e-6), 2.0)
            self.size = max(1, min(int(blocks * max(fit, 0.25)), int(self._ceiling)))

    def refused(self, blocks: int, limit: bool) -> None:
        """The node did not manage so many blocks; its `limit` is tried again only slowly."""
        with self._lock:
            if limit:
                self._ceiling = max(1.0, min(self._ceiling, blocks / 2))
            self.size = max(1, min(self.size, blocks // 2))


class Fetcher:
    """Fetches windows of a definition's logs. Thread-safe."""

    def __init__(self, rpc: Rpc, definition: Definition, pace: Pace | None = None, attempts: int = 8):
        self.rpc, self.definition, self.pace, self.attempts = rpc, definition, pace or Pace(), attempts
        self._decoders = {fact.topic0: Decoder(fact) for fact in definition.facts}
        self._factories = {definition.fact(factory.event).topic0: factory for factory in definition.factories}
        self._blooms: dict[tuple[str, str], int] = {}

    def header(self, block: int | str) -> Header:
        """Return a header by number or tag. Raises Inconsistent where the node has none."""
        method, parameters = _header_request(block)
        return Header.of(self.rpc.call(method, *parameters))

    def headers(self, numbers: list[int]) -> dict[int, Header]:
        """Return headers by number; those that the node has not are left out."""
        found: dict[int, Header] = {}
        for i in range(0, len(numbers), HEADERS_PER_BATCH):
            part = numbers[i : i + HEADERS_PER_BATCH]
            answers = self.rpc.batch([_header_request(n) for n in part])
            found.update((n, Header.of(a)) for n, a in zip(part, answers, strict=True) if a)
        return found

    def fetch(self, lo: int, hi: int, dense: int, addresses: Addresses) -> Window:
        """Return the window of blocks `lo` to `hi`, with all headers from block `dense` on.

        Narrower requests are made where the node refuses or does not manage one for the whole. Contracts
        that are made in the window are in it too.

        Raises RpcError where asking again did not help.
        """
        return self._until_consistent(lambda: self._fetch(lo, hi, dense, addresses))

    def add(self, window: Window, addresses: Addresses) -> None:
        """Add to a window the logs of addresses unknown when it was fetched, and of those they make."""
        while missing := _less(addresses, window.addresses):
            self._until_consistent(partial(self._add, window, missing))
            for name, added in missing.items():
                window.addresses.setdefault(name, set()).update(added)
            addresses = window.found

    def _fetch(self, lo: int, hi: int, dense: int, addresses: Addresses) -> Window:
        started = time.monotonic()
        logs, headers = self._read(lo, hi, dense, addresses)
        known = {name: set(places) for name, places in addresses.items()}
        window = Window(lo, hi, dense, headers, addresses=known)
        self._take(window, logs, addresses)
        self.pace.answered(hi - lo + 1, len(logs), time.monotonic() - started)
        self.add(window, window.found)
        return window

    def _add(self, window: Window, addresses: Addresses) -> None:
        logs, _ = self._read(window.lo, window.hi, window.hi, addresses)
        self._take(window, logs, addresses)

    def _until_consistent(self, work: Callable[[], T]) -> T:
        for attempt in range(1, self.attempts):
            try:
                return work()
            except Inconsistent:
                self.rpc.sleep(min(self.rpc.pause * 2 ** (attempt - 1), 2.0))
        return work()

    def _read(
        self, lo: int, hi: int, dense: int, addresses: Addresses
    ) -> tuple[list[Log], dict[int, Header]]:
        """Return logs and headers. They are asked for in one request, so that one node answers for both."""
        numbers = sorted({lo, hi, *range(max(lo, dense), hi + 1)})
        early, late = numbers[:-HEADERS_PER_BATCH], numbers[-HEADERS_PER_BATCH:]
        try:
            logs, *answers = self.rpc.batch(
                [self._logs_request(_range(lo, hi), addresses), *map(_header_request, late)],
                divisible=lo < hi,
            )
        except (TooLarge, Cut) as error:
            if lo == hi:
                raise
            self.pace.refused(hi - lo + 1, isinstance(error, TooLarge))
            middle = (lo + hi) // 2
            logs, headers = self._read(lo, middle, dense, addresses)
            more, others = self._read(middle + 1, hi, dense, addresses)
            return logs + more, headers | others
        headers = self.headers(early) | dict(zip(late, map(Header.of, answers), strict=True))
        if missing := [n for n in numbers if n not in headers or headers[n].number != n]:
            raise Inconsistent(f"the node has no block {missing[0]}")
        return logs, headers

    def _take(self, window: Window, logs: list[Log], addresses: Addresses) -> None:
        """Decode logs into the window, leave out look-alikes of other contracts; all of them or none."""
        blocks = self._blocks(window, logs)
        by_topic: dict[str, list[Log]] = {}
        for log in logs:
            by_topic.setdefault(log["topics"][0], []).append(log)
        ours: list[tuple[Decoder, list[Log]]] = []
        for topic, group in by_topic.items():
            decoder = self._decoders.get(topic)
            if decoder is None:
                continue
            allowed = addresses.get(decoder.fact.contract, set())
            if not {log["address"] for log in group} <= allowed:
                group = [log for log in group if log["address"].lower() in allowed]
            if group:
                ours.append((decoder, group))
        self._check_blooms(window, [log for _, group in ours for log in group], addresses)
        rows = [(decoder.fact.table, decoder.rows(group, blocks)) for decoder, group in ours]
        for table, part in rows:
            window.rows.setdefault(table, []).append(part)
        for decoder, group in ours:
            window.events += len(group)
            if factory := self._factories.get(decoder.fact.topic0):
                found = window.found.setdefault(factory.contract, set())
                found.update(value_of(decoder.fact, factory.column, log) for log in group)

    def _blocks(self, window: Window, logs: list[Log]) -> dict[str, str]:
        """Return the cells of the logs' blocks by hash, having seen that they are the blocks of the
        window.
        """
        try:
            blocks = {log["blockHash"]: log for log in logs}
            numbers = {block_hash: int(log["blockNumber"], 16) for block_hash, log in blocks.items()}
            times = {
                h: int(log["blockTimestamp"], 16) for h, log in blocks.items() if log.get("blockTimestamp")
            }
        except (KeyError, TypeError, ValueError) as error:
            raise Inconsistent(f"the node gave a log without its block: {error!r}") from error
        bare = {numbers[block_hash] for block_hash in blocks.keys() - times.keys()}
        headers = window.headers | self.headers(sorted(bare - window.headers.keys()))
        for block_hash, number in numbers.items():
            header = headers.get(number)
            if not window.lo <= number <= window.hi:
                raise Inconsistent(f"a log of block {number}, which was not asked for")
            if blocks[block_hash].get("removed") or (header and header.hash.hex() != block_hash[2:].lower()):
                raise Inconsistent(f"logs of block {number} are of another block than its header")
            if block_hash not in times:
                if header is None:
                    raise Inconsistent(f"the node has logs of block {number}, but not its header")
                times[block_hash] = header.time
        if len(set(numbers.values())) < len(blocks):
            raise Inconsistent("logs of one block have two hashes")
        return {h: block_cells(number, h, times[h]) for h, number in numbers.items()}

    def _check_blooms(self, window: Window, logs: list[Log], addresses: Addresses) -> None:
        """See that no log of a recent block is missing: its header's bloom tells of every one.

        A bloom may tell of one that is not there; then the block's receipts decide.
        """
        if window.hi < window.dense or sum(map(len, addresses.values())) > MOST_ADDRESSES:
            return
        seen: dict[int, list[tuple[str, str]]] = {}
        for log in logs:
            pair = log["address"].lower(), log["topics"][0]
            seen.setdefault(int(log["blockNumber"], 16), []).append(pair)
        pairs = [(a, f.topic0) for f in self.definition.facts for a in addresses.get(f.contract, ())]
        for number in range(max(window.lo, window.dense), window.hi + 1):
            header, ours = window.headers[number], seen.get(number, [])
            told = (pair for pair in pairs if header.bloom & self._bits(*pair) == self._bits(*pair))
            if header.bloom and not set(ours).issuperset(told):
                self._check_receipts(header, len(ours), addresses)

    def _bits(self, address: str, topic: str) -> int:
        bits = self._blooms.get((address, topic))
        if bits is None:
            bits = self._blooms[address, topic] = bloom_bits(address, topic)
        return bits

    def _check_receipts(self, header: Header, count: int, addresses: Addresses) -> None:
        """Compare how many logs of ours a block has with its receipts, which are whole where their
        blooms are.
        """
        try:
            receipts = self.rpc.call("eth_getBlockReceipts", "0x" + header.hash.hex())
        except Refused:  # a node without the method: the logs asked for by hash must do
            logs = self.rpc.batch([self._logs_request({"blockHash": "0x" + header.hash.hex()}, addresses)])[0]
        else:
            bloom = 0
            for receipt in receipts or ():
                bloom |= int(receipt["logsBloom"], 16)
            if bloom != header.bloom:
                raise Inconsistent(f"the node has not all receipts of block {header.number}")
            logs = [log for receipt in receipts for log in receipt["logs"]]
        facts = self.definition.fact_by_topic
        ours = (
            log
            for log in logs
            if log["topics"]
            and (fact := facts.get(log["topics"][0]))
            and log["address"].lower() in addresses.get(fact.contract, ())
        )
        if sum(1 for _ in ours) != count:
            raise Inconsistent(f"the node has not all logs of block {header.number}")

    def _logs_request(self, where: dict[str, str], addresses: Addresses) -> Request:
        wanted: dict[str, object] = {**where, "topics": [list(self._decoders)]}
        known = sorted(set().union(*addresses.values())) if addresses else []
        if len(known) <= MOST_ADDRESSES:
            wanted["address"] = known
        return "eth_getLogs", [wanted]


def _range(lo: int, hi: int) -> dict[str, str]:
    return {"fromBlock": hex(lo), "toBlock": hex(hi)}


def _header_request(block: int | str) -> Request:
    return "eth_getBlockByNumber", [hex(block) if isinstance(block, int) else block, False]


def _less(addresses: Addresses, known: Addresses) -> dict[str, set[str]]:
    rest = {name: wanted - known.get(name, set()) for name, wanted in addresses.items()}
    return {name: wanted for name, wanted in rest.items() if wanted}
