"""The embedded chain: anvil on a loopback port, its state kept in one file that is always whole.

anvil's own `--state-interval` writes in place, also when nothing has changed, and a kill in the midst leaves
half a file. So the state is fetched by RPC when the head has moved, and renamed into place (decision 0050).
"""

import gzip
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from backend.chain import deployment
from backend.chain.deployment import DEVELOPMENT_CHAIN
from backend.chain.rpc import Rpc, Unreachable
from backend.demo.processes import Child

# Public: anvil's own development phrase. Worth nothing on any other chain.
PHRASE = "test test test test test test test test test test test junk"
STATES = 256
"""Blocks at which a contract can be asked for its state of then; older blocks keep their events."""
ROOT = Path(__file__).resolve().parents[2]


class NodeError(Exception):
    """The embedded chain cannot be used; one line that says what to do."""


class Node:
    """anvil and its state file; `rpc` talks to it."""

    def __init__(self, folder: Path, state: Path | None = None, states: int = STATES):
        self.folder, self.states = folder, states
        self.state = state or folder / "chain" / "state.json"
        self.child = Child("chain", folder)
        self.rpc = Rpc("http://127.0.0.1")
        self._saved = ""

    def start(self, port: int, genesis: int | None = None, block_gas: int = 60_000_000) -> None:
        """Starts anvil and waits until it answers.

        `genesis`: time of block 0 for a new chain, seconds since 1970. `block_gas`: gas in a block.
        Raises `NodeError`, or `Died` where it ends at once.
        """
        self.state.parent.mkdir(parents=True, exist_ok=True)
        command = [
            str(binary()),
            *("--host", "127.0.0.1", "--port", str(port), "--chain-id", str(DEVELOPMENT_CHAIN)),
            *("--mnemonic", PHRASE, "--accounts", "10", "--balance", "1000000"),
            *("--hardfork", "cancun", "--gas-limit", str(block_gas), "--base-fee", "0", "--gas-price", "0"),
            *("--prune-history", str(self.states), "--cache-path", str(self.state.parent / "cache")),
            *("--order", "fifo", "--no-request-size-limit", "--quiet"),
        ]
        if self.state.exists():
            command += ["--load-state", str(self.state)]
        elif genesis is not None:
            command += ["--timestamp", str(genesis)]
        self.child.start(command)
        self.connect(port)
        until = time.monotonic() + 60
        while True:
            self.child.check()
            try:
                self.rpc.call("eth_chainId")
                return
            except Unreachable:
                if time.monotonic() > until:
                    raise NodeError(
                        f"the chain does not answer within a minute. {self.child.tail()}"
                    ) from None
                time.sleep(0.05)

    def connect(self, port: int) -> None:
        """Talks to the anvil at this port."""
        self.rpc = Rpc(f"http://127.0.0.1:{port}", timeout=120, attempts=1)

    @property
    def url(self) -> str:
        return self.rpc.url

    def save(self) -> bool:
        """Writes the state where the head has moved since; whether it did."""
        head = self.rpc.call("eth_getBlockByNumber", "latest", False)["hash"]
        if head == self._saved and self.state.exists():
            return False
        state = gzip.decompress(bytes.fromhex(self.rpc.call("anvil_dumpState")[2:]))
        draft = self.state.with_suffix(".draft")
        with draft.open("wb") as file:
            file.write(state)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.state)
        self._saved = head
        return True

    def stop(self) -> None:
        """Ends anvil. What is to be kept was saved before."""
        self.rpc.close()
        self.child.stop()


def binary() -> Path:
    """The anvil that `make install` links. Raises `NodeError`."""
    linked = ROOT / ".toolchain" / "bin" / "anvil"
    if linked.exists():
        return linked
    found = shutil.which("anvil")
    if found is None:
        raise NodeError("anvil is not installed: run 'make install'")
    return Path(found)


def require() -> None:
    """Raises `NodeError` where a part that `make install` or `make contracts` brings is missing."""
    program = binary()
    try:
        subprocess.run([program, "--version"], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        raise NodeError(f"{program} does not run: run 'make install' again") from None
    for name in ("NetworkManager", "CityRegistry", "MeritLedger", "CampaignFactory", "FundFactory"):
        deployment.artifact(name)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen at the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(preferred: int = 0) -> int:
    """The preferred port where it is free, else any that is."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
