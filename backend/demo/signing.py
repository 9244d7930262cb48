"""What a citizen's wallet does: a key, a sealed code, and the EIP-712 signature of a redemption."""

from typing import NamedTuple

from eth_keys.datatypes import PrivateKey

from backend.chain.eip712 import digest
from backend.kit.hashing import keccak
from backend.kit.types import checksum
from backend.merits.actions.vouchers import REDEEM


class Redemption(NamedTuple):
    """What a citizen signs. `price` in merits, `nonce` their redemptions of the offer so far, `deadline` in
    seconds since 1970.
    """

    citizen: str
    offer: int
    city: int
    price: int
    seal: bytes
    nonce: int
    deadline: int


def key_of(name: str) -> PrivateKey:
    """The key of a person of the demo: anybody can make it from the name, so it guards nothing."""
    return PrivateKey(keccak(f"CityNet demo: {name}".encode()))


def address_of(key: PrivateKey) -> str:
    """The key's address, checksummed."""
    return checksum(key.public_key.to_canonical_address())


def seal_of(code: bytes) -> bytes:
    """What seals a voucher whose code (32 bytes) only the citizen knows: `keccak256(abi.encode(code))`."""
    return keccak(code)


def sign(key: PrivateKey, redemption: Redemption, chain_id: int, market: str) -> bytes:
    """The signature that `redeemBySig` and `claimAndRedeemBySig` take, 65 bytes."""
    return signature(key, digest(REDEEM.struct, redemption, "RewardMarket", chain_id, market))


def signature(key: PrivateKey, hashed: bytes) -> bytes:
    """The key's signature of 32 bytes as contracts take it: r, s, v, together 65 bytes."""
    made = key.sign_msg_hash(hashed)
    return made.r.to_bytes(32, "big") + made.s.to_bytes(32, "big") + bytes([27 + made.v])
