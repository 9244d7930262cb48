"""Typed data (EIP-712) with flat structs: of addresses, integers, bytesN, bytes, bool and string."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from eth_abi import encode

from backend.kit.hashing import keccak

VERSION = "1"
"""Of the domains of all contracts."""

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
    return keccak(b"\x19\x01" + _separator(contract, chain_id, address) + hashed)


def _word(kind: str, value: Any) -> tuple[str, Any]:
    if kind == "string":
        return "bytes32", keccak(value.encode())
    return ("bytes32", keccak(value)) if kind == "bytes" else (kind, value)


@cache
def _type(struct: str) -> bytes:
    return keccak(struct.encode())


@cache
def _separator(contract: str, chain_id: int, address: str) -> bytes:
    types = ("bytes32", "bytes32", "bytes32", "uint256", "address")
    name, version = keccak(contract.encode()), keccak(VERSION.encode())
    return keccak(encode(types, (_DOMAIN, name, version, chain_id, address)))
