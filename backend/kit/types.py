"""Types of the schemas: how what the tables hold becomes JSON, and how what a client sends becomes what the
tables hold.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from backend.kit.hashing import keccak
from backend.kit.texts import N_

_ADDRESS = re.compile(r"0[xX]([0-9a-fA-F]{40})")
_HASH = re.compile(r"0[xX]([0-9a-fA-F]{64})")

EXAMPLE_ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
EXAMPLE_HASH = "0x9c22ff5f21f0b81b113e63f7db6da94fedef11b2119b4088b89664fb9a3cb658"


@lru_cache(maxsize=65536)
def checksum(address: bytes) -> str:
    """The EIP-55 spelling of a 20-byte address."""
    digits = address.hex()
    if len(digits) != 40:
        raise ValueError("an address has 20 bytes")
    marks = keccak(digits.encode()).hex()
    return "0x" + "".join(c.upper() if m >= "8" else c for c, m in zip(digits, marks, strict=False))


def parse_address(text: Any) -> bytes:
    """20 bytes of an address in hex; letters of both cases must be the EIP-55 checksum.

    Raises ValueError, saying what is wrong.
    """
    found = _ADDRESS.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(N_("an address is 0x and 40 hexadecimal digits"))
    digits = found[1]
    address = bytes.fromhex(digits)
    mixed = digits not in (digits.lower(), digits.upper())
    if mixed and checksum(address)[2:] != digits:
        raise ValueError(
            N_("the letters' case does not match the address's checksum: a digit may be mistyped")
        )
    return address


def parse_hash(text: Any) -> bytes:
    """32 bytes of a hash in hex. Raises ValueError."""
    found = _HASH.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(N_("a hash is 0x and 64 hexadecimal digits"))
    return bytes.fromhex(found[1])


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("the text holds a NUL character")
    return text


def _to_address(value: Any) -> Any:
    return checksum(bytes(value)) if isinstance(value, bytes | bytearray | memoryview) else value


def _to_hex(value: Any) -> Any:
    return "0x" + bytes(value).hex() if isinstance(value, bytes | bytearray | memoryview) else value


def _to_int(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) else value


# What answers hold. The Python value is what pages print: a string or an int.
Address = Annotated[
    str, BeforeValidator(_to_address), WithJsonSchema({"type": "string", "examples": [EXAMPLE_ADDRESS]})
]
Hash = Annotated[
    str, BeforeValidator(_to_hex), WithJsonSchema({"type": "string", "examples": [EXAMPLE_HASH]})
]
Integer = Annotated[int, BeforeValidator(_to_int)]
Amount = Annotated[
    int,
    BeforeValidator(_to_int),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]+$", "examples": ["1500000"]}),
]

# What clients send.
AddressIn = Annotated[
    bytes,
    BeforeValidator(parse_address),
    WithJsonSchema({"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$", "examples": [EXAMPLE_ADDRESS]}),
]
HashIn = Annotated[
    bytes,
    BeforeValidator(parse_hash),
    WithJsonSchema({"type": "string", "pattern": "^0x[0-9a-fA-F]{64}$", "examples": [EXAMPLE_HASH]}),
]
Text = Annotated[str, Field(max_length=200), AfterValidator(_no_nul)]
BlockNumber = Annotated[int, Field(ge=0, le=2**63 - 1)]
CityId = Annotated[int, Field(ge=1, le=2**32 - 1)]
EpochId = Annotated[int, Field(ge=0, le=2**32 - 1)]
OfferId = Annotated[int, Field(ge=1, le=2**32 - 1)]
ProjectId = Annotated[int, Field(ge=1, le=2**32 - 1)]
RequestId = Annotated[int, Field(ge=1, le=2**32 - 1)]
VoucherId = Annotated[int, Field(ge=1, le=2**56 - 1)]
