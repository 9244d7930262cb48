"""What a citizen's wallet does: a key, a sealed code, and the EIP-712 signature of a redemption."""

from functools import cache
from typing import NamedTuple

from eth_abi import encode
from eth_keys.datatypes import PrivateKey

from backend.kit.hashing import keccak
from backend.kit.types import checksum

DOMAIN = keccak(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
REDEEM = keccak(
    b"Redeem(address citizen,uint32 offerId,uint32 cityId,uint32 price,bytes32 seal,uint256 nonce,"
    b"uint256 deadline)"
)


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
    types = ["bytes32", "address", "uint32", "uint32", "uint32", "bytes32", "uint256", "uint256"]
    struct = keccak(encode(types, [REDEEM, *redemption]))
    signature = key.sign_msg_hash(keccak(b"\x19\x01" + _separator(chain_id, market) + struct))
    return signature.r.to_bytes(32, "big") + signature.s.to_bytes(32, "big") + bytes([27 + signature.v])


@cache
def _separator(chain_id: int, market: str) -> bytes:
    types = ["bytes32", "bytes32", "bytes32", "uint256", "address"]
    return keccak(encode(types, [DOMAIN, keccak(b"RewardMarket"), keccak(b"1"), chain_id, market]))
