"""A chain of its own for a test: anvil on a free port, ended with the test."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backend.chain.rpc import Rpc, Unreachable
from backend.demo.node import free_port

ROOT = Path(__file__).resolve().parents[2]
KEYS = (
    # Public: the first accounts of anvil's development phrase.
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
)
GENESIS = 1_700_000_000
"""Time of block 0, so that a test's chain is the same every time."""


class Anvil:
    """A running chain. Mines a block per transaction unless `no_mining`."""

    def __init__(self, process: subprocess.Popen[bytes], url: str):
        self.process, self.url = process, url
        self.rpc = Rpc(url, timeout=60, attempts=1)

    def call(self, method: str, *parameters: Any) -> Any:
        return self.rpc.call(method, *parameters)

    def mine(self, blocks: int = 1) -> None:
        self.call("anvil_mine", hex(blocks))

    @property
    def head(self) -> int:
        return int(self.call("eth_blockNumber"), 16)

    def snapshot(self) -> str:
        return self.call("evm_snapshot")

    def revert(self, snapshot: str) -> None:
        assert self.call("evm_revert", snapshot)


@contextmanager
def running(*arguments: str, port: int | None = None, genesis: int = GENESIS) -> Iterator[Anvil]:
    """Start anvil, give it, end it."""
    port = port or free_port()
    command = [
        str(ROOT / ".toolchain/bin/anvil"),
        "--port",
        str(port),
        "--timestamp",
        str(genesis),
        "--quiet",
    ]
    process = subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL)
    chain = Anvil(process, f"http://127.0.0.1:{port}")
    try:
        _wait(chain)
        yield chain
    finally:
        chain.rpc.close()
        process.terminate()
        process.wait(10)


def _wait(chain: Anvil) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            chain.call("eth_chainId")
            return
        except Unreachable:
            assert chain.process.poll() is None, "anvil ended at once"
            assert time.monotonic() < until, "anvil does not answer"
            time.sleep(0.02)
