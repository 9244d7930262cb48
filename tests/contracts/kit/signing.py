"""EIP-712 signatures as a wallet makes them, and the ways in which they go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

REDEEM = {
    "Redeem": [
        {"name": "citizen", "type": "address"},
        {"name": "offerId", "type": "uint32"},
        {"name": "cityId", "type": "uint32"},
        {"name": "price", "type": "uint32"},
        {"name": "seal", "type": "bytes32"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ]
}
VETO_RECOVERY = {
    "VetoRecovery": [
        {"name": "cityId", "type": "uint32"},
        {"name": "oldWallet", "type": "address"},
        {"name": "newWallet", "type": "address"},
        {"name": "executableAt", "type": "uint40"},
        {"name": "deadline", "type": "uint256"},
    ]
}
SUPPORT = {
    "Support": [
        {"name": "citizen", "type": "address"},
        {"name": "projectId", "type": "uint32"},
        {"name": "cityId", "type": "uint32"},
        {"name": "version", "type": "uint16"},
        {"name": "deadline", "type": "uint256"},
    ]
}
ACCEPT_INVITATION = {
    "AcceptInvitation": [
        {"name": "member", "type": "address"},
        {"name": "projectId", "type": "uint32"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ]
}
PLEDGE = {
    "Pledge": [
        {"name": "backer", "type": "address"},
        {"name": "amount", "type": "uint96"},
        {"name": "cityId", "type": "uint32"},
        {"name": "tier", "type": "uint8"},
        {"name": "source", "type": "uint8"},
        {"name": "edition", "type": "uint16"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ]
}
WITHDRAW = {
    "Withdraw": [
        {"name": "backer", "type": "address"},
        {"name": "amount", "type": "uint96"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ]
}
PERMIT = {
    "Permit": [
        {"name": "owner", "type": "address"},
        {"name": "spender", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ]
}
OBJECT = {
    "Object": [
        {"name": "backer", "type": "address"},
        {"name": "milestone", "type": "uint8"},
        {"name": "attempt", "type": "uint16"},
        {"name": "deadline", "type": "uint256"},
    ]
}


@dataclass(frozen=True)
class Domain:
    """What binds a signature to one contract on one chain."""

    name: str
    version: str
    chainId: int
    verifyingContract: str


def digest(domain: Domain, types: dict[str, Any], message: dict[str, Any]) -> bytes:
    """The 32 bytes that are signed."""
    signable = encode_typed_data(domain.__dict__, types, message)
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def sign(key: str, domain: Domain, types: dict[str, Any], message: dict[str, Any]) -> bytes:
    """Signature of 65 bytes, r, s, v."""
    return bytes(Account.sign_typed_data(key, domain.__dict__, types, message).signature)


def malleable(signature: bytes) -> bytes:
    """The other signature over the same digest by the same key, with a high s."""
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    return r + (ORDER - s).to_bytes(32, "big") + bytes([27 + 28 - v])
