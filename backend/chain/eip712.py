"""Typed data (EIP-712) with flat structs: of addresses, integers, bytesN, bytes, bool and string."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from eth_abi import encode

from backend.kit.hashing import keccak

VERSION = "1"
"""Of the domains of all contracts of the ledger."""

_FIELDS = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}
_FIELD = re.compile(r"(address|bool|string|bytes(\d*)|(u?)int(\d*)) (\w+)")
_DOMAIN = keccak(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")


@cache
def fields(struct: str) -> dict[str, str]:
    """Types of a struct's fields by their names, in order. Raises ValueError where it is not flat."""
    found: dict[str, str] = {}
    for part in struct[struct.index("(") + 1 : -1].split(","):
        match = _FIELD.fullmatch(part)
        if not match:
            raise ValueError(f"{struct}: {part} is no field of a flat struct")
        found[match[5]] = match[1]
    return found


def digest(struct: str, values: Sequence[Any], contract: str, chain_id: int, address: str) -> bytes:
    """The 32 bytes that are signed.

    Args:
        struct: `Redeem(address citizen,uint32 offerId,…)`.
        values: Of its fields, in order.
        contract: The name of the contract that checks the signature, and of its domain.
        address: Where it is.
    """
    types = fields(struct).values()
    words = [_word(kind, value) for kind, value in zip(types, values, strict=True)]
    hashed = keccak(
        encode(("bytes32", *(kind for kind, _ in words)), (_type(struct), *(v for _, v in words)))
    )
    return keccak(b"\x19\x01" + separator(contract, chain_id, address) + hashed)


def domain(contract: str, chain_id: int, address: str, version: str = VERSION) -> dict[str, str]:
    """The domain of a contract's signatures, as wallets take it."""
    return {
        "name": contract,
        "version": version,
        "chainId": str(chain_id),
        "verifyingContract": address,
    }


def typed_data(struct: str, domain: dict[str, str], message: Mapping[str, Any]) -> dict[str, Any]:
    """What a wallet takes for `eth_signTypedData_v4`: integers are decimal strings, bytes `0x` hex."""
    primary = struct[: struct.index("(")]
    types = {"EIP712Domain": _FIELDS, primary: fields(struct)}
    return {
        "domain": domain,
        "types": {name: [{"name": n, "type": t} for n, t in parts.items()] for name, parts in types.items()},
        "primaryType": primary,
        "message": {name: shown(message[name]) for name in fields(struct)},
    }


def shown(value: Any) -> Any:
    """A value of a message as JSON."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _word(kind: str, value: Any) -> tuple[str, Any]:
    if kind == "string":
        return "bytes32", keccak(value.encode())
    return ("bytes32", keccak(value)) if kind == "bytes" else (kind, value)


@cache
def _type(struct: str) -> bytes:
    return keccak(struct.encode())


@cache
def separator(contract: str, chain_id: int, address: str, version: str = VERSION) -> bytes:
    """The hash of a contract's domain."""
    types = ("bytes32", "bytes32", "bytes32", "uint256", "address")
    words = (_DOMAIN, keccak(contract.encode()), keccak(version.encode()), chain_id, address)
    return keccak(encode(types, words))
