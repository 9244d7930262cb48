"""Typed messages (EIP-712): read from JSON, shown to wallets, hashed, and as parameters of SQL.

Structs are flat: addresses, integers, bytesN, bytes, bool and string.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from backend.chain import eip712
from backend.chain.eip712 import fields
from backend.errors import Problem
from backend.kit.types import checksum, parse_address
from backend.relay.action import Message, SignedAction
from backend.relay.chain import Chain

MOST_BYTES = 8192
"""The longest `bytes` or `string` taken."""

_HEX = re.compile(r"0[xX]([0-9a-fA-F]{2})*")
_DIGITS = re.compile(r"-?\d{1,78}")


def read(struct: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """The message of a struct from its JSON: integers, also as decimal strings, `0x` bytes, bool, text.

    Raises Problem (422) that names every field at fault: missing, unknown, out of its type's range.
    """
    types, faults, found = fields(struct), [], {}
    for name in message:
        if name not in types:
            faults.append((f"message.{name[:40]}", "is no field of this message"))
    for name, kind in types.items():
        if name not in message:
            faults.append((f"message.{name}", "is missing"))
            continue
        try:
            found[name] = _reader(kind)(message[name])
        except ValueError as error:
            faults.append((f"message.{name}", str(error)))
    if faults:
        raise Problem(422, "The request is not understood.", faults)
    return found


def shown(message: Message) -> dict[str, Any]:
    """The message as JSON: integers as decimal strings, bytes as `0x` hex."""
    return {name: eip712.shown(value) for name, value in message.items()}


def typed_data(action: SignedAction, chain: Chain, message: Message) -> dict[str, Any]:
    """What a wallet takes for `eth_signTypedData_v4`."""
    domain = eip712.domain(action.contract, chain.chain_id, _verifier(action, chain, message))
    return eip712.typed_data(action.struct, domain, message)


def digest(action: SignedAction, chain: Chain, message: Message) -> bytes:
    """The 32 bytes that are signed."""
    values = [message[name] for name in fields(action.struct)]
    verifier = _verifier(action, chain, message)
    return eip712.digest(action.struct, values, action.contract, chain.chain_id, verifier)


def _verifier(action: SignedAction, chain: Chain, message: Message) -> str:
    """The contract that checks the signature: the message's own where a factory makes many."""
    return message.get("contract") or chain[action.contract].address or ""


@cache
def columns(struct: str) -> dict[str, str]:
    """SQL that gives each field of a message kept as JSON in `a.fields`."""
    return {name: _column(name, kind) for name, kind in fields(struct).items()}


def _column(name: str, kind: str) -> str:
    text = f"(a.fields->>'{name}')"
    if kind == "address" or kind.startswith("bytes"):
        return f"decode(substr({text}, 3), 'hex')"
    if "int" in kind:
        return f"{text}::{'bigint' if _bits(kind) <= 56 else 'numeric'}"
    return f"{text}::boolean" if kind == "bool" else text


@cache
def _reader(kind: str) -> Callable[[Any], Any]:
    if kind == "address":
        return lambda value: checksum(parse_address(value))
    if kind == "bool":
        return _bool
    if kind == "string":
        return _text
    if kind.startswith("bytes"):
        return lambda value: _bytes(value, int(kind[5:]) if kind[5:] else None)
    bits = _bits(kind)
    least, most = (0, 2**bits - 1) if kind.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return lambda value: _integer(value, least, most, kind)


def _bits(kind: str) -> int:
    return int(kind.rpartition("int")[2] or 256)


def _integer(value: Any, least: int, most: int, kind: str) -> int:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not text.isascii() or not _DIGITS.fullmatch(text):
        raise ValueError("is no whole number, as a decimal string")
    if not least <= int(text) <= most:
        raise ValueError(f"is out of the range of {kind}")
    return int(text)


def _bytes(value: Any, length: int | None) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise ValueError("is not 0x and pairs of hexadecimal digits")
    found = bytes.fromhex(value[2:])
    if len(found) != length if length is not None else len(found) > MOST_BYTES:
        raise ValueError(f"has {len(found)} bytes, not {length or f'up to {MOST_BYTES}'}")
    return found


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_BYTES or not storable(value):
        raise ValueError(f"is no text of up to {MOST_BYTES} characters")
    return value


def storable(text: str) -> bool:
    """Whether PostgreSQL takes a text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any(0xD800 <= ord(c) < 0xE000 for c in text)
