"""Keccak-256, the chain's hash."""

from Crypto.Hash import keccak as _keccak


def keccak(data: bytes) -> bytes:
    """Keccak-256 of `data`, 32 bytes."""
    return _keccak.new(digest_bits=256, data=data).digest()
