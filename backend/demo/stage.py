"""The stage of a play: people who act on a development chain whose clock the play moves."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from eth_abi import decode

from backend.chain import deployment
from backend.chain.contract import Call, kind, signature
from backend.chain.rpc import Rpc
from backend.chain.send import Receipt, Sender
from backend.cli.network import CONTRACTS
from backend.demo.signing import address_of, key_of
from backend.kit.hashing import keccak

Events = dict[str, list[dict[str, Any]]]

GAS = 8_000_000
"""Limit of a transaction of the play; what is not used costs nothing here."""
GRANT = 100 * 10**18
"""Wei that somebody who sends transactions gets for them."""


@dataclass(frozen=True)
class Person:
    """Somebody of the demo. The name says that, and what for."""

    name: str
    address: str


class Stage:
    """Queues what people do, and brings it on chain at the moments that the play says.

    The first account of the sender pays for everybody's gas.
    """

    def __init__(self, rpc: Rpc, sender: Sender):
        self.rpc, self.sender = rpc, sender
        self.people: dict[str, Person] = {}
        self._queue: list[tuple[str, Call]] = []
        self._grants: list[Call] = []
        self._tables = _event_tables()
        self.transactions = 0

    def person(self, name: str, acts: bool = False) -> Person:
        """The person of this name; with `acts`, one who sends transactions of their own."""
        if name not in self.people:
            key = key_of(name)
            self.people[name] = Person(name, address_of(key))
        found = self.people[name]
        if acts and found.address not in self.sender.addresses:
            self.sender.add(key_of(name).to_bytes())
            self._grants.append(Call(found.address, b"", "gas", value=GRANT))
        return found

    def do(self, who: Person | str, call: Call) -> None:
        """Somebody (a person, or an address of the sender's) calls a contract at the next `at`."""
        self._queue.append((who if isinstance(who, str) else who.address, call))

    @property
    def waiting(self) -> bool:
        """Whether anything is queued."""
        return bool(self._queue)

    def at(self, time: int) -> Events:
        """Brings everything queued on chain at this second; the events by name, in order.

        Raises Reverted where something did not work.
        """
        if self._grants:  # a node takes no transaction that its sender could not pay
            self.sender.submit(self._grants, None, 21_000)
            self._grants = []
            self.mine(time - 60)
        queue, self._queue = self._queue, []
        hashes: list[str] = []
        for address, group in groupby(queue, key=lambda entry: entry[0]):
            hashes += self.sender.submit([call for _, call in group], address, GAS)
        self.mine(time)
        self.transactions += len(hashes)
        return self.events(self.sender.wait(hashes, [call for _, call in queue]))

    def mine(self, time: int) -> None:
        """Makes a block at this second, and as many as it takes for the transactions a second later each."""
        while True:
            self.rpc.batch([("evm_setNextBlockTimestamp", [time]), ("evm_mine", [])])
            if int(self.rpc.call("txpool_status")["pending"], 16) == 0:
                return
            time += 1

    def events(self, receipts: Sequence[Receipt]) -> Events:
        """The ledger's events in receipts, by name; parameters by theirs."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for receipt in receipts:
            for log in receipt.logs:
                entry = self._tables.get(log["topics"][0])
                if entry is None:
                    continue
                name, indexed, plain = entry
                topics = [bytes.fromhex(topic[2:]) for topic in log["topics"][1:]]
                values = {key: decode([t], topic)[0] for (key, t), topic in zip(indexed, topics, strict=True)}
                data = decode([t for _, t in plain], bytes.fromhex(log["data"][2:]))
                values |= dict(zip((key for key, _ in plain), data, strict=True))
                found[name].append(values)
        return found


def _event_tables() -> dict[str, tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]:
    """Name, indexed and plain parameters (name, type) of the ledger's events, by topic."""
    tables = {}
    for contract in (*CONTRACTS, "Campaign", "FundAvatar"):
        for entry in deployment.events(contract):
            if entry["name"] in ("Transfer", "Approval"):
                continue  # money's tokens write them with every payment, and no play asks for units'
            parts = [(p["name"], kind(p), p["indexed"]) for p in entry["inputs"]]
            indexed = [(name, type_) for name, type_, is_indexed in parts if is_indexed]
            plain = [(name, type_) for name, type_, is_indexed in parts if not is_indexed]
            tables["0x" + keccak(signature(entry).encode()).hex()] = (entry["name"], indexed, plain)
    return tables
