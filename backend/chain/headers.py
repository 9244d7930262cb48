"""Block headers, and what their blooms say of the logs in a block."""

from dataclasses import dataclass
from typing import Any

from eth_utils import keccak

from backend.chain.rpc import RpcError


class Inconsistent(RpcError):
    """The node disagrees with itself, as one does that is in the midst of taking a block: ask again."""

    retry = True


@dataclass(frozen=True)
class Header:
    """A block's header. Hashes of 32 bytes, time in seconds; the bloom as a number of 2048 bits."""

    number: int
    hash: bytes
    parent: bytes
    time: int
    bloom: int = 0

    @classmethod
    def of(cls, answer: dict[str, Any] | None) -> "Header":
        """Take an answer of eth_getBlockBy…. Raises Inconsistent where the node has no such block."""
        try:
            return cls(
                int(answer["number"], 16),  # type: ignore[index]
                bytes.fromhex(answer["hash"][2:]),  # type: ignore[index]
                bytes.fromhex(answer["parentHash"][2:]),  # type: ignore[index]
                int(answer["timestamp"], 16),  # type: ignore[index]
                int(answer.get("logsBloom") or "0x0", 16),  # type: ignore[union-attr]
            )
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise Inconsistent(f"the node gave no whole header: {str(answer)[:100]}") from error


def bloom_bits(*values: str) -> int:
    """Return the bits that addresses or topics (hex) set in a block's bloom (Yellow Paper, 4.3.1)."""
    bits = 0
    for value in values:
        digest = keccak(hexstr=value)
        for i in (0, 2, 4):
            bits |= 1 << (int.from_bytes(digest[i : i + 2]) & 2047)
    return bits
