"""A contract as tests speak to it: `market.fulfil(voucher, code, by=partner)`.

Views answer at once (structs as `Record`), everything else sends a transaction and answers its `Receipt`. A
call that fails raises `Reverted` with the custom error's name and all its values.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address

from tests.contracts.kit.node import Node, RpcError

GAS = 30_000_000
ZERO = "0x" + "00" * 20
BUILT_IN = (
    {"name": "Error", "inputs": [{"name": "message", "type": "string"}]},
    {"name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
)


class Record(dict):
    """A struct's fields, by name: `offer.stock` or `offer["stock"]`."""

    __getattr__ = dict.__getitem__


class Reverted(Exception):
    """A call failed. `error` is None where it failed without data."""

    def __init__(self, error: str | None, values: tuple[Any, ...] = (), data: str = "0x"):
        super().__init__(f"{error}{values}" if error else f"reverted with {data}")
        self.error, self.values = error, values


@contextmanager
def reverts(error: str | None, *values: Any) -> Iterator[None]:
    """The block fails with exactly this custom error and exactly these values."""
    with pytest.raises(Reverted) as caught:
        yield
    assert (caught.value.error, caught.value.values) == (error, values)


def type_of(item: dict[str, Any]) -> str:
    kind = item["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(map(type_of, item['components']))}){kind[5:]}"


def signature_of(item: dict[str, Any]) -> str:
    return f"{item['name']}({','.join(map(type_of, item['inputs']))})"


def selector_of(item: dict[str, Any]) -> bytes:
    return keccak(text=signature_of(item))[:4]


def to_values(items: list[dict[str, Any]], values: Any) -> list[Any]:
    """Structs given as mappings become the tuples that the encoder takes."""
    assert len(items) == len(values), f"{len(items)} values expected, {len(values)} given"
    return [_to_value(item, value) for item, value in zip(items, values, strict=True)]


def _to_value(item: dict[str, Any], value: Any) -> Any:
    kind = item["type"]
    if kind.endswith("]"):
        inner = item | {"type": kind[: kind.rindex("[")]}
        return [_to_value(inner, one) for one in value]
    if kind == "tuple":
        fields = item["components"]
        if isinstance(value, dict):
            assert set(value) == {field["name"] for field in fields}, f"fields of {item['name']}: {value}"
            value = [value[field["name"]] for field in fields]
        return to_values(fields, value)
    return value


def from_value(item: dict[str, Any], value: Any) -> Any:
    kind = item["type"]
    if kind.endswith("]"):
        inner = item | {"type": kind[: kind.rindex("[")]}
        return [from_value(inner, one) for one in value]
    if kind == "tuple":
        fields = item["components"]
        return Record({f["name"]: from_value(f, v) for f, v in zip(fields, value, strict=True)})
    return to_checksum_address(value) if kind == "address" else value


def decode_as(items: list[dict[str, Any]], data: bytes) -> list[Any]:
    values = decode([type_of(item) for item in items], data)
    return [from_value(item, value) for item, value in zip(items, values, strict=True)]


class Book:
    """All errors and events that the tests can meet, by selector and topic."""

    def __init__(self) -> None:
        self.errors = {selector_of(item): item for item in BUILT_IN}
        self.events: dict[bytes, dict[str, Any]] = {}

    def add(self, abi: list[dict[str, Any]]) -> None:
        for item in abi:
            if item["type"] == "error":
                self.errors[selector_of(item)] = item
            elif item["type"] == "event":
                self.events[keccak(text=signature_of(item))] = item

    def revert(self, data: str | None) -> Reverted:
        raw = bytes.fromhex((data or "0x")[2:])
        item = self.errors.get(raw[:4])
        if item is None:
            return Reverted(None, data=data or "0x")
        return Reverted(item["name"], tuple(decode_as(item["inputs"], raw[4:])))

    def event(self, log: dict[str, Any]) -> tuple[str, Record] | None:
        topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
        item = self.events.get(topics[0])
        if item is None:
            return None
        indexed = [i for i in item["inputs"] if i["indexed"]]
        plain = [i for i in item["inputs"] if not i["indexed"]]
        values = dict(
            zip((i["name"] for i in plain), decode_as(plain, bytes.fromhex(log["data"][2:])), strict=True)
        )
        for one, topic in zip(indexed, topics[1:], strict=True):
            values[one["name"]] = decode_as([one], topic)[0]
        return item["name"], Record({i["name"]: values[i["name"]] for i in item["inputs"]})


class Receipt:
    """What a transaction did. `events` are (name, fields) in their order, `logs` as the node gives them."""

    def __init__(self, raw: dict[str, Any], book: Book):
        self.logs = raw["logs"]
        self.gas = int(raw["gasUsed"], 16)
        self.block = int(raw["blockNumber"], 16)
        self.contract = raw["contractAddress"]
        self.events = [event for log in self.logs if (event := book.event(log))]

    def all(self, name: str) -> list[Record]:
        return [fields for event, fields in self.events if event == name]

    def one(self, name: str) -> Record:
        (fields,) = self.all(name)
        return fields

    def shows(self, name: str, /, **fields: Any) -> None:
        """The transaction wrote this event once, with exactly these fields."""
        assert self.all(name) == [fields]


class Contract:
    """A contract at an address. Its functions are attributes."""

    def __init__(self, node: Node, book: Book, address: str, abi: list[dict[str, Any]]):
        book.add(abi)
        self.node, self.book, self.address, self.abi = node, book, to_checksum_address(address), abi
        self._functions = {item["name"]: Function(self, item) for item in abi if item["type"] == "function"}

    def __getattr__(self, name: str) -> Function:
        try:
            return self.__dict__["_functions"][name]
        except KeyError:
            raise AttributeError(name) from None


class Function:
    def __init__(self, contract: Contract, item: dict[str, Any]):
        self.contract, self.item = contract, item
        self._selector = selector_of(item)
        self._types = [type_of(one) for one in item["inputs"]]
        self._answers: dict[str, Any] = {}
        self.is_view = item["stateMutability"] in ("view", "pure")

    def data(self, *args: Any) -> bytes:
        """Call data."""
        return self._selector + encode(self._types, to_values(self.item["inputs"], args))

    def request(self, *args: Any, by: str = ZERO, block: str = "latest") -> tuple[str, list[Any]]:
        """The `eth_call` that asks this, for `Node.requests`; `answer` reads what comes back."""
        call = {"from": by, "to": self.contract.address, "data": "0x" + self.data(*args).hex()}
        return "eth_call", [call, block]

    def answer(self, result: str) -> Any:
        if result not in self._answers:
            self._answers[result] = self._read(result)
        return self._answers[result]

    def _read(self, result: str) -> Any:
        values = decode_as(self.item["outputs"], bytes.fromhex(result[2:]))
        if len(values) == 1:
            return values[0]
        if values and all(output["name"] for output in self.item["outputs"]):
            return Record(zip((output["name"] for output in self.item["outputs"]), values, strict=True))
        return tuple(values) or None

    def call(self, *args: Any, by: str = ZERO) -> Any:
        """What the function would answer; changes nothing."""
        method, params = self.request(*args, by=by)
        try:
            return self.answer(self.contract.node.request(method, *params))
        except RpcError as error:
            raise self.contract.book.revert(error.data) from None

    def send(self, *args: Any, by: str) -> Receipt:
        return transact(self.contract.node, self.contract.book, by, self.contract.address, self.data(*args))

    def __call__(self, *args: Any, by: str | None = None) -> Any:
        if self.is_view:
            return self.call(*args, by=by or ZERO)
        assert by, f"{self.item['name']} needs a sender"
        return self.send(*args, by=by)


def included(node: Node, fields: dict[str, Any]) -> Any:
    """The receipt of a transaction sent. Each is alone in its block."""
    for _ in range(3):
        try:
            return node.request("eth_sendTransactionSync", fields)
        except RpcError as error:
            # A busy anvil may miss its own news of a block or transaction, and says so after a while.
            if "confirmation timeout" not in str(error):
                raise
        if not node.request("eth_getBlockByNumber", "latest", False)["transactions"]:
            node.request("evm_mine")
        for sent in node.request("eth_getBlockByNumber", "latest", True)["transactions"]:
            assert (sent["from"].lower(), sent["input"]) == (fields["from"].lower(), fields["data"])
            return node.request("eth_getTransactionReceipt", sent["hash"])
    raise AssertionError("the test chain takes no transaction")


def transact(node: Node, book: Book, by: str, to: str | None, data: bytes) -> Receipt:
    """Send a transaction; one that fails is mined too and raises `Reverted`."""
    fields = {"from": by, "data": "0x" + data.hex(), "gas": hex(GAS), "gasPrice": "0x0"}
    if to:
        fields["to"] = to
    raw = included(node, fields)
    if raw["status"] == "0x1":
        return Receipt(raw, book)
    try:
        node.request("eth_call", fields, "latest")
    except RpcError as error:
        raise book.revert(error.data) from None
    raise AssertionError("a transaction failed and the same call does not")


def deploy(node: Node, book: Book, artifact: Any, *args: Any, by: str) -> Contract:
    """Deploy a contract that Brownie compiled (`artifact.abi`, `artifact.bytecode`)."""
    constructor = next((item for item in artifact.abi if item["type"] == "constructor"), {"inputs": []})
    inputs = constructor["inputs"]
    book.add(artifact.abi)
    code = bytes.fromhex(artifact.bytecode) + encode([type_of(i) for i in inputs], to_values(inputs, args))
    return Contract(node, book, transact(node, book, by, None, code).contract, artifact.abi)
