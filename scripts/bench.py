"""Measure the indexer: from an empty database to all derived tables current.

    make bench
    .venv/bin/python scripts/bench.py --events 200000 --seed 1 --runs 3

The chain is that of `scripts/fill_chain.py`, kept under `.citynet/bench`, served by anvil on this machine.
Measured in turn, each from an empty schema of the embedded PostgreSQL:

- whole: fetch, decode, COPY, all derived tables and indexes of the domains.
- bare: the same pipeline with the same facts, nothing derived, no further index.
- web3.py: `get_logs` and `process_log` of web3.py in a loop, into memory only, over some of the blocks.
- node: the same `eth_getLogs` alone, answers read and thrown away: the node's own share.
- replay: whole and bare once more before a server that gives the node's answers from memory, so that what
  remains is ours. These figures are not those of a real node.

Memory is the largest resident set of the indexing process, a fresh one for each run. Processor time says
more than events a second where the machine has other work: the three share its cores.
"""

import argparse
import hashlib
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psutil
from fill_chain import ANVIL, CONTRACTS, ROOT, fill, started
from replay import record, replaying

from backend import db
from backend.chain.definition import Definition
from backend.chain.deployment import Deployment, artifact
from backend.chain.rpc import Rpc
from backend.chain.sync import Indexer
from backend.domains import Domain, domains

WEB3_BLOCKS = 20
NODE_BLOCKS = 6
"""Blocks in one request where the node alone is measured: some 1,500 events, as the indexer settles on."""

fork = multiprocessing.get_context("fork")


def chain_file(events: int, seed: int) -> Path:
    """Return the state file of the chain, made where there is none or contracts or script have changed."""
    code = "".join(artifact(name)["bytecode"] for name in CONTRACTS)
    script = (ROOT / "scripts" / "fill_chain.py").read_text()
    key = hashlib.sha256((code + script).encode()).hexdigest()[:12]
    state = ROOT / ".citynet" / "bench" / f"{events}-{seed}-{key}.json"
    if not state.with_suffix(".deployment.json").exists():
        print(f"filling a chain with {events:,} events: some minutes, once", file=sys.stderr)
        with started(*ANVIL) as url:
            fill(Rpc(url, timeout=300), events, seed, state)
    return state


@dataclass
class Result:
    """One measured run: events, seconds, peak memory in bytes, and processor seconds by who used them."""

    events: int
    seconds: float
    memory: int
    processor: dict[str, float]


class Machine:
    """The processes beside the indexer: what of the processor they have used."""

    def __init__(self, database: str):
        folder = unquote(database.split("host=", 1)[1])
        self._postmaster = psutil.Process(int(Path(folder, "postmaster.pid").read_text().split()[0]))
        self._node = next(p for p in psutil.Process().children() if p.name() == "anvil")

    def used(self) -> dict[str, float]:
        ended = self._postmaster.cpu_times()
        running = sum(_seconds(process) for process in self._postmaster.children())
        return {
            "node": _seconds(self._node),
            "database": ended.children_user + ended.children_system + running,
        }

    @staticmethod
    def busy() -> float:
        """Processor seconds that all processes of this machine have used."""
        times = psutil.cpu_times()
        return sum(times) - times.idle - times.iowait - getattr(times, "guest", 0)

    def alone(self, work: Callable[[], int]) -> Result:
        """Do it in a process of its own; `work` returns the number of events."""
        here, there = fork.Pipe(duplex=False)

        def run() -> None:
            begun = time.perf_counter()
            events = work()
            seconds = time.perf_counter() - begun
            own = resource.getrusage(resource.RUSAGE_SELF)
            there.send((events, seconds, own.ru_maxrss * 1024, own.ru_utime + own.ru_stime))

        before, busy = self.used(), self.busy()
        process = fork.Process(target=run)
        process.start()
        there.close()
        try:
            events, seconds, memory, own = here.recv()
        except EOFError:
            raise SystemExit("a measured process failed, see above") from None
        process.join()
        busy = self.busy() - busy
        time.sleep(0.3)  # until its database process has ended and is counted
        parts = {name: now - before[name] for name, now in self.used().items()} | {"indexer": own}
        return Result(events, seconds, memory, parts | {"others": max(busy - sum(parts.values()), 0)})


def _seconds(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return used.user + used.system


def index(url: str, definition: Definition, database: str, head: int) -> int:
    """Index the whole chain; returns the number of events."""
    events = 0

    def count(progress: Any) -> None:
        nonlocal events
        events = progress.events

    Indexer(url, definition, database, rebuild=True).run(until=head, progress=count)
    return events


def web3_loop(url: str, deployment: Deployment, lo: int, hi: int) -> int:
    """Read the same events as web3.py's documentation shows it."""
    from web3 import HTTPProvider, Web3

    web3 = Web3(HTTPProvider(url))
    addresses = [deployment.place(name).address for name in CONTRACTS]
    events = {}
    for name in CONTRACTS:
        contract = web3.eth.contract(address=deployment.place(name).address, abi=artifact(name)["abi"])
        for event in contract.events:
            events[event().topic] = event()
    count = 0
    for number in range(lo, hi + 1, 10):
        last = min(number + 9, hi)
        for log in web3.eth.get_logs({"fromBlock": number, "toBlock": last, "address": addresses}):
            events[log["topics"][0].to_0x_hex()].process_log(log)
            count += 1
    return count


def node_alone(url: str, wanted: dict[str, Any], head: int, events: int) -> int:
    """Ask for all logs with one connection and parse nothing."""
    import http.client

    import orjson

    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    for lo in range(1, head + 1, NODE_BLOCKS):
        where = {**wanted, "fromBlock": hex(lo), "toBlock": hex(min(lo + NODE_BLOCKS - 1, head))}
        body = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [where]}
        connection.request("POST", "/", orjson.dumps(body), {"Content-Type": "application/json"})
        connection.getresponse().read()
    return events


def in_turn(machine: Machine, runs: int, works: dict[str, Callable[[], int]]) -> dict[str, float]:
    """Measure each so many times, in turn, and print a line for each; returns medians of seconds per
    event.
    """
    results: dict[str, list[Result]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            results[name].append(machine.alone(work))
    medians = {}
    for name, measured in results.items():
        each = sorted(one.events / one.seconds for one in measured)
        medians[name] = 1 / statistics.median(each)
        memory = max(one.memory for one in measured) / (1 << 20)
        line = f"{name:14} {1 / medians[name]:>9,.0f} {memory:>7.0f} MiB "
        for part in ("node", "indexer", "database", "others"):
            used = statistics.median(one.processor[part] * 1e6 / one.events for one in measured)
            line += f"{used:>9.1f}"
        print(f"{line}   {' '.join(f'{one:,.0f}' for one in each)}", flush=True)
    return medians


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3, help="of each; the median counts")
    options = parser.parse_args()
    state = chain_file(options.events, options.seed)
    deployment = Deployment.read(state.with_suffix(".deployment.json"))
    whole = Definition.of(deployment, domains())
    bare = Definition.of(deployment, [Domain("bare", contracts=CONTRACTS)])
    addresses = [deployment.place(name).address for name in CONTRACTS]
    wanted = {"address": addresses, "topics": [[fact.topic0 for fact in bare.facts]]}
    load = os.getloadavg()[0]
    print(f"{options.events:,} events, {os.cpu_count()} cores, load before: {load:.1f}\n")
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        started("--load-state", str(state), *ANVIL) as url,
    ):
        database = db.embedded(Path(folder))
        rpc = Rpc(url, timeout=120)
        head = int(rpc.call("eth_blockNumber"), 16)
        middle = head // 2
        machine = Machine(database)
        print(f"{'':14} events/s      memory      node  indexer database   others (processor µs an event)")
        works = {
            "whole": lambda: index(url, whole, database, head),
            "bare": lambda: index(url, bare, database, head),
            "node alone": lambda: node_alone(url, wanted, head, options.events),
        }
        times = in_turn(machine, options.runs, works)
        last = min(middle + WEB3_BLOCKS, head)
        times |= in_turn(machine, 1, {"web3.py": lambda: web3_loop(url, deployment, middle, last)})
        with replaying(record(rpc, wanted, head), deployment.chain_id) as replay:
            works = {
                "whole, replay": lambda: index(replay, whole, database, head),
                "bare, replay": lambda: index(replay, bare, database, head),
            }
            in_turn(machine, options.runs, works)
    print(f"\nwhole takes {times['whole'] / times['bare']:.2f} times as long as bare,", end=" ")
    print(f"web3.py's loop {times['web3.py'] / times['whole']:.0f} times as long as whole")


if __name__ == "__main__":
    main()
