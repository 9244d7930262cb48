"""Calls and reverts of contracts by their ABI. For commands and audits; the indexer decodes by itself."""

from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from eth_abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils import keccak, to_checksum_address

from backend.chain import reasons

PANICS = {0x01: "assertion failed", 0x11: "overflow", 0x12: "division by zero", 0x32: "index out of range"}


class Reverted(Exception):
    """A call or transaction reverted: `name` of the custom error and its `values` by parameter.

    `name` is `Error` for a plain reason (`values["message"]`), `Panic` for a panic (`values["code"]`), and
    empty where the node gave no data.
    """

    def __init__(self, name: str, values: dict[str, Any], call: "Call | None" = None, tx_hash: str = ""):
        self.name, self.values, self.call, self.tx_hash = name, values, call, tx_hash
        shown = ", ".join(f"{key}={value}" for key, value in values.items())
        where = f"{call.label} " if call and call.label else ""
        super().__init__(f"{where}reverted: {name or 'no reason given'}{f'({shown})' if shown else ''}")


@dataclass(frozen=True)
class Call:
    """A call of a contract, to be sent or read.

    Args:
        to: Address; None makes a contract.
        data: Selector and encoded arguments, or the code to deploy.
        label: Shown in errors, such as `MeritLedger.setCap`.
        outputs: ABI types of what it returns.
        names: Names of what it returns, empty where the ABI has none.
        errors: The contract, which can decode its errors.
        value: Wei.
    """

    to: str | None
    data: bytes
    label: str = ""
    outputs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    errors: "Contract | None" = field(default=None, repr=False, compare=False)
    value: int = 0

    def decode(self, data: bytes) -> Any:
        """Return what the call returned: one value, a tuple of several, or None for none.

        Addresses are checksummed, structs are tuples.
        """
        values = tuple(
            _shown(kind, value) for kind, value in zip(self.outputs, decode(self.outputs, data), strict=True)
        )
        return values if len(values) > 1 else values[0] if values else None


class Contract:
    """A contract at an address, with its ABI."""

    def __init__(self, name: str, address: str | None, abi: list[dict[str, Any]]):
        self.name = name
        self.address = to_checksum_address(address) if address else None
        self.abi = abi
        self._functions: dict[str, list[dict[str, Any]]] = {}
        self._errors: dict[bytes, dict[str, Any]] = {}
        self._constructor: dict[str, Any] = {"inputs": []}
        for entry in abi:
            if entry["type"] == "function":
                self._functions.setdefault(entry["name"], []).append(entry)
            elif entry["type"] == "error":
                self._errors[keccak(text=signature(entry))[:4]] = entry
            elif entry["type"] == "constructor":
                self._constructor = entry
        self._encoders: dict[tuple[str, int], tuple[bytes, list[str], dict[str, Any]]] = {}

    def call(self, function: str, *arguments: Any, value: int = 0) -> Call:
        """Return the call of a function. Structs are given as tuples in the order of their fields.

        Functions of one name are told apart by how many arguments they take.
        """
        selector, types, entry = self._encoder(function, len(arguments))
        return Call(
            self.address,
            selector + encode(types, arguments),
            f"{self.name}.{function}",
            tuple(kind(output) for output in entry["outputs"]),
            tuple(output["name"] for output in entry["outputs"]),
            self,
            value,
        )

    def deploy(self, bytecode: str, *arguments: Any) -> Call:
        """Return the transaction that makes this contract."""
        types = [kind(parameter) for parameter in self._constructor["inputs"]]
        code = bytes.fromhex(bytecode.removeprefix("0x"))
        return Call(None, code + encode(types, arguments), f"{self.name}.constructor", errors=self)

    def revert(self, data: bytes, call: Call | None = None, tx_hash: str = "") -> Reverted:
        """Return the error that revert data of this contract mean."""
        selector, rest = data[:4], data[4:]
        try:
            if selector == bytes.fromhex("4e487b71"):
                code = decode(["uint256"], rest)[0]
                return Reverted("Panic", {"code": code, "message": PANICS.get(code, "")}, call, tx_hash)
            if entry := self._errors.get(selector) or _standard().get(selector):
                types = [kind(parameter) for parameter in entry["inputs"]]
                shown = (_shown(t, v) for t, v in zip(types, decode(types, rest), strict=True))
                names = (p["name"] for p in entry["inputs"])
                return Reverted(entry["name"], dict(zip(names, shown, strict=True)), call, tx_hash)
        except DecodingError:
            pass
        return Reverted("", {"data": "0x" + data.hex()} if data else {}, call, tx_hash)

    def at(self, address: str | bytes) -> "Contract":
        """Return another contract of this kind, which is at `address`."""
        other = copy(self)
        other.address = to_checksum_address(address)
        return other

    def with_errors_of(self, *others: "Contract") -> "Contract":
        """Take over the errors of contracts that this one calls, so that they are named too; returns
        itself.
        """
        for other in others:
            self._errors = other._errors | self._errors
        return self

    def _encoder(self, function: str, count: int) -> tuple[bytes, list[str], dict[str, Any]]:
        found = self._encoders.get((function, count))
        if found is None:
            fitting = [e for e in self._functions.get(function, ()) if len(e["inputs"]) == count]
            if len(fitting) != 1:
                raise ValueError(
                    f"{self.name} has {len(fitting)} functions {function} with {count} arguments"
                )
            selector = keccak(text=signature(fitting[0]))[:4]
            found = selector, [kind(parameter) for parameter in fitting[0]["inputs"]], fitting[0]
            self._encoders[function, count] = found
        return found


@cache
def _standard() -> dict[bytes, dict[str, Any]]:
    """Errors of Solidity, OpenZeppelin and tokens by their selectors."""
    return {keccak(text=signature(entry))[:4]: entry for entry in reasons.ABI}


def kind(parameter: dict[str, Any]) -> str:
    """Return the ABI type of a parameter, tuples written out: `(uint32,bytes32)[]`."""
    if not parameter["type"].startswith("tuple"):
        return parameter["type"]
    inner = ",".join(kind(part) for part in parameter["components"])
    return f"({inner}){parameter['type'].removeprefix('tuple')}"


def signature(entry: dict[str, Any]) -> str:
    """Return the canonical signature of a function, event or error."""
    return f"{entry['name']}({','.join(kind(parameter) for parameter in entry['inputs'])})"


def _shown(abi_type: str, value: Any) -> Any:
    if abi_type == "address":
        return to_checksum_address(value)
    if abi_type.startswith("address[") and isinstance(value, tuple):
        return tuple(_shown("address", part) for part in value) if abi_type.count("[") == 1 else value
    return value
