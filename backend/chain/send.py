"""Sends transactions and reads contracts: for deploying, commands, the demo and audits."""

import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

from backend.chain.contract import Call, Contract
from backend.chain.rpc import Refused, Rpc, Unreachable

BATCH = 100
"""Requests in one JSON-RPC batch."""

Key = str | bytes | LocalAccount


class SendError(Exception):
    """A transaction was not taken or not included; the message is one line."""


@dataclass(frozen=True)
class Receipt:
    """What became of a transaction. `logs` as the node gives them; `contract` is the address it made, or
    None.
    """

    tx_hash: str
    block: int
    block_hash: str
    gas_used: int
    contract: str | None
    logs: list[dict[str, Any]]


class Sender:
    """Sends calls from one or several accounts and waits for their receipts.

    Nonces are kept here, so an account should be used by one Sender at a time.

    Args:
        rpc: The node, or its URL.
        keys: Private keys (hex or bytes) or accounts; the first is used where a call names none.
        tip: Wei per gas for the block's maker.
        patience: Seconds to wait for an inclusion.
        in_flight: Transactions of one `send_all` that may be sent and not yet included.
    """

    def __init__(
        self,
        rpc: Rpc | str,
        keys: Iterable[Key] = (),
        tip: int = 1_000_000_000,
        patience: float = 60.0,
        in_flight: int = 1000,
    ):
        self.rpc = rpc if isinstance(rpc, Rpc) else Rpc(rpc)
        self.tip, self.patience, self.in_flight = tip, patience, in_flight
        self._accounts: dict[str, LocalAccount] = {}
        self._nonces: dict[str, int] = {}
        self._lock = Lock()
        self._chain_id: int | None = None
        for key in keys:
            self.add(key)

    @property
    def chain_id(self) -> int:
        if self._chain_id is None:
            self._chain_id = int(self.rpc.call("eth_chainId"), 16)
        return self._chain_id

    @property
    def addresses(self) -> list[str]:
        """Addresses of the accounts, checksummed, in the order of their keys."""
        return list(self._accounts)

    def add(self, key: Key) -> str:
        """Take a further account and return its address."""
        account = key if isinstance(key, LocalAccount) else Account.from_key(key)
        self._accounts[account.address] = account
        return account.address

    def forget(self) -> None:
        """Ask the node for the nonces again, after others sent from these accounts or the chain changed."""
        self._nonces.clear()

    def send(self, call: Call, sender: str | None = None, gas: int | None = None) -> Receipt:
        """Send one call and return its receipt.

        Args:
            sender: Address of one of the accounts; unless given, the first.
            gas: Its limit; unless given, the node's estimate and a fifth more.

        Raises Reverted with the name and values of the contract's error, SendError where it is not taken
        or included.
        """
        return self.send_all([call], sender, gas)[0]

    def send_all(
        self, calls: Iterable[Call], sender: str | None = None, gas: int | None = None
    ) -> list[Receipt]:
        """Send many calls, in order, many in flight, and return their receipts in the same order.

        Without `gas` each is estimated on the state before all of them: give it where one call needs
        another's effect.
        """
        receipts: list[Receipt] = []
        for chunk in _chunks(calls, self.in_flight):
            receipts += self.wait(self.submit(chunk, sender, gas), chunk)
        return receipts

    def submit(self, calls: Sequence[Call], sender: str | None = None, gas: int | None = None) -> list[str]:
        """Send calls without waiting for their inclusion; returns their hashes.

        Where the node refuses one, those before it are sent and SendError (or Reverted) is raised.
        """
        account = self._account(sender)
        limits = [gas] * len(calls) if gas else self.estimate(calls, account.address)
        hashes: list[str] = []
        with self._lock:
            try:
                fee = self._fee()
                for part in _chunks(list(zip(calls, limits, strict=True)), BATCH):
                    raw = [self._sign(account, call, limit, fee) for call, limit in part]
                    answers = self.rpc.ask([("eth_sendRawTransaction", [r]) for r in raw], attempts=1)
                    for (call, _), answer in zip(part, answers, strict=True):
                        if "error" in answer:
                            raise self.refusal(call, answer["error"])
                        hashes.append(answer["result"])
            except BaseException:
                self._nonces.pop(account.address, None)  # ask the node what it took
                raise
        return hashes

    def wait(self, hashes: Sequence[str], calls: Sequence[Call] = ()) -> list[Receipt]:
        """Wait for the inclusion of transactions; returns their receipts in the same order.

        Raises Reverted for the first that failed, SendError where one is not included in time.
        """
        found: dict[str, dict[str, Any]] = {}
        deadline, pause = time.monotonic() + self.patience, 0.01
        while missing := [h for h in hashes if h not in found]:
            before = len(found)
            for part in _chunks(missing, BATCH):
                answers = self.rpc.batch([("eth_getTransactionReceipt", [h]) for h in part])
                found.update((h, r) for h, r in zip(part, answers, strict=True) if r)
            if len(found) > before:
                deadline, pause = time.monotonic() + self.patience, 0.01
            elif time.monotonic() > deadline:
                raise SendError(f"transaction {missing[0]} was not included in {self.patience:g} s")
            else:
                time.sleep(pause)
                pause = min(pause * 2, 1.0)
        for tx_hash, call in itertools.zip_longest(hashes, calls):
            if int(found[tx_hash]["status"], 16) != 1:
                raise self.why(found[tx_hash], call)
        return [_receipt(found[h]) for h in hashes]

    def estimate(self, calls: Sequence[Call], sender: str) -> list[int]:
        """Return a gas limit for each call: the node's estimate and a fifth more. Raises Reverted."""
        limits: list[int] = []
        for part in _chunks(calls, BATCH):
            requests = [("eth_estimateGas", [message(call, sender)]) for call in part]
            for call, answer in zip(part, self.rpc.ask(requests), strict=True):
                if "error" in answer:
                    raise self.refusal(call, answer["error"])
                limits.append(int(answer["result"], 16) * 6 // 5)
        return limits

    def read(self, call: Call, block: int | str = "latest", sender: str | None = None) -> Any:
        """Return what a call returns at a block (number or tag), without sending it. Raises Reverted."""
        return self.read_all([call], block, sender)[0]

    def read_all(
        self, calls: Iterable[Call], block: int | str = "latest", sender: str | None = None
    ) -> list[Any]:
        """Return what many calls return at one block, in their order. Raises Reverted for the first that
        fails.
        """
        at = hex(block) if isinstance(block, int) else block
        results: list[Any] = []
        for part in _chunks(calls, BATCH):
            requests = [("eth_call", [message(call, sender), at]) for call in part]
            for call, answer in zip(part, self.rpc.ask(requests), strict=True):
                if "error" in answer:
                    raise self.refusal(call, answer["error"])
                results.append(call.decode(bytes.fromhex(answer["result"][2:])))
        return results

    def _account(self, sender: str | None) -> LocalAccount:
        if sender is None and not self._accounts:
            raise SendError("no key to sign with")
        address = sender or next(iter(self._accounts))
        if address not in self._accounts:
            raise SendError(f"no key of {address}")
        return self._accounts[address]

    def _fee(self) -> int:
        base = int(self.rpc.call("eth_getBlockByNumber", "latest", False).get("baseFeePerGas") or "0x0", 16)
        return base * 2 + self.tip

    def _sign(self, account: LocalAccount, call: Call, gas: int, fee: int) -> str:
        nonce = self._nonces.get(account.address)
        if nonce is None:
            nonce = int(self.rpc.call("eth_getTransactionCount", account.address, "pending"), 16)
        self._nonces[account.address] = nonce + 1
        transaction: dict[str, Any] = {
            "type": 2,
            "chainId": self.chain_id,
            "nonce": nonce,
            "value": call.value,
            "data": call.data,
            "gas": gas,
            "maxFeePerGas": fee,
            "maxPriorityFeePerGas": self.tip,
        } | ({"to": call.to} if call.to else {})
        return "0x" + account.sign_transaction(transaction).raw_transaction.hex()

    def refusal(self, call: Call, error: dict[str, Any]) -> Exception:
        """Return what a node's error about a call means: Reverted, or SendError."""
        data = _revert_data(error)
        if data is not None or "revert" in str(error.get("message")):
            return _errors_of(call).revert(data or b"", call)
        return SendError(f"{call.label or call.to}: {error.get('message', error)}")

    def why(self, receipt: dict[str, Any], call: Call | None = None) -> Exception:
        """Return the error of a transaction that failed: Reverted, by calling it again on the state before
        its block, and after it where others in the block were the cause; SendError where that tells nothing.
        """
        tx_hash, number = receipt["transactionHash"], int(receipt["blockNumber"], 16)
        sent = self.rpc.call("eth_getTransactionByHash", tx_hash)
        again = {"from": sent["from"], "to": sent["to"], "data": sent["input"], "value": sent["value"]}
        for block in (number - 1, number):
            try:
                self.rpc.call("eth_call", again, hex(block))
            except Refused as error:
                data = _revert_data({"data": error.data})
                return _errors_of(call).revert(data or b"", call, tx_hash)
            except Unreachable:
                break
        gas, limit = int(receipt["gasUsed"], 16), int(sent["gas"], 16)
        reason = "ran out of gas" if gas == limit else "reverted, but does not when called again"
        return SendError(f"{call.label if call else 'transaction'} {tx_hash} {reason}")


def message(call: Call, sender: str | None) -> dict[str, str]:
    """Return a call as `eth_call` and `eth_estimateGas` take it."""
    shown = {"data": "0x" + call.data.hex()}
    if call.to:
        shown["to"] = call.to
    if sender:
        shown["from"] = sender
    if call.value:
        shown["value"] = hex(call.value)
    return shown


def _revert_data(error: dict[str, Any]) -> bytes | None:
    data = error.get("data")
    if isinstance(data, dict):  # some nodes wrap it
        data = data.get("data") or data.get("result")
    return bytes.fromhex(data[2:]) if isinstance(data, str) and data.startswith("0x") else None


def _errors_of(call: Call | None) -> Contract:
    return call.errors if call and call.errors else Contract("", None, [])


def _receipt(answer: dict[str, Any]) -> Receipt:
    return Receipt(
        answer["transactionHash"],
        int(answer["blockNumber"], 16),
        answer["blockHash"],
        int(answer["gasUsed"], 16),
        answer.get("contractAddress"),
        answer["logs"],
    )


def _chunks(items: Iterable[Any], size: int) -> Iterable[list[Any]]:
    iterator = iter(items)
    while chunk := list(itertools.islice(iterator, size)):
        yield chunk
