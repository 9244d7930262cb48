"""An anvil of its own, transactions on it, and what they touched."""

import shutil
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.chain.contract import Call
from backend.chain.rpc import Rpc, Unreachable
from backend.demo.node import free_port

ROOT = Path(__file__).resolve().parents[2]
GAS_LIMIT = 100_000_000
ZERO = "0x" + "00" * 20


class Failed(Exception):
    """A transaction that should have worked did not."""


@dataclass(frozen=True)
class Sent:
    """A transaction that worked: its input, gas of the whole receipt, logs, and what it touched by price (see
    `floor`).
    """

    data: bytes
    gas: int
    logs: list[dict[str, Any]]
    touched: Counter[str]
    made: str | None


class Chain:
    """A fresh chain that lives as long as the `with` block. Anybody's transaction is taken without a key."""

    def __enter__(self) -> "Chain":
        binary = ROOT / ".toolchain" / "bin" / "anvil"
        port = free_port()
        self._process = subprocess.Popen(
            [
                str(binary if binary.exists() else shutil.which("anvil")),
                "--port",
                str(port),
                "--quiet",
                "--hardfork",
                "cancun",
                "--base-fee",
                "0",
                "--gas-price",
                "0",
                "--gas-limit",
                str(GAS_LIMIT),
            ],
            stdout=subprocess.DEVNULL,
        )
        self.rpc = Rpc(f"http://127.0.0.1:{port}", timeout=120, attempts=1)
        deadline = time.monotonic() + 30
        while True:
            try:
                self.chain_id = int(self.rpc.call("eth_chainId"), 16)
                break
            except Unreachable:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
        self.rpc.call("anvil_autoImpersonateAccount", True)
        return self

    def __exit__(self, *_: object) -> None:
        self.rpc.close()
        self._process.terminate()
        self._process.wait()

    @property
    def now(self) -> int:
        return int(self.rpc.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def nonce(self, account: str) -> int:
        return int(self.rpc.call("eth_getTransactionCount", account, "latest"), 16)

    def travel(self, seconds: int) -> None:
        self.rpc.call("evm_increaseTime", seconds)
        self.rpc.call("evm_mine")

    def read(self, call: Call) -> Any:
        return call.decode(bytes.fromhex(self.rpc.call("eth_call", _message(call), "latest")[2:]))

    def send(self, call: Call, sender: str, trace: bool = True) -> Sent:
        """Send a transaction in a block of its own."""
        message = _message(call) | {"from": sender, "gas": hex(GAS_LIMIT), "gasPrice": "0x0"}
        tx = self.rpc.call("eth_sendTransaction", message)
        while (receipt := self.rpc.call("eth_getTransactionReceipt", tx)) is None:
            time.sleep(0.002)
        if receipt["status"] != "0x1":
            try:
                self.rpc.call("eth_call", message, "latest")
            except Exception as error:
                data = getattr(error, "data", None)
                if call.errors and data:
                    raise call.errors.revert(bytes.fromhex(data[2:]), call) from None
            raise Failed(call.label)
        touched = self._touched(tx, sender, call.to) if trace else Counter()
        return Sent(
            call.data, int(receipt["gasUsed"], 16), receipt["logs"], touched, receipt["contractAddress"]
        )

    def _touched(self, tx: str, sender: str, to: str | None) -> Counter[str]:
        """Count what the transaction touched, by the node's own trace."""
        tracer = {"tracer": "prestateTracer"}
        before = self.rpc.call("debug_traceTransaction", tx, tracer)
        changes = self.rpc.call("debug_traceTransaction", tx, tracer | {"tracerConfig": {"diffMode": True}})
        counts: Counter[str] = Counter()
        for address, state in before.items():
            if address not in (sender.lower(), (to or "").lower(), ZERO) and state.get("code", "0x") != "0x":
                counts["account"] += 1
            old = changes["pre"].get(address, {}).get("storage", {})
            later = changes["post"].get(address, {}).get("storage", {})
            for slot in state.get("storage", {}):
                was, became = int(old.get(slot, "0x0"), 16), int(later.get(slot, "0x0"), 16)
                if was == became:
                    counts["read"] += 1
                elif was == 0:
                    counts["new"] += 1
                else:
                    counts["change" if became else "clear"] += 1
        return counts


def _message(call: Call) -> dict[str, str]:
    return {"data": "0x" + call.data.hex()} | ({"to": call.to} if call.to else {})
