"""Whose signature it is: a key's, or a contract wallet's (ERC-1271)."""

from eth_abi import encode
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils import ValidationError

from backend.chain.rpc import Refused, Rpc
from backend.kit.hashing import keccak

HALF = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
"""The largest s of a signature: each has a twin with a larger one, which the contracts refuse."""
IS_VALID = bytes.fromhex("1626ba7e")
"""Selector of `isValidSignature(bytes32,bytes)`, and what it answers where the signature is valid."""
GAS = 5_000_000
"""How much gas a contract wallet may use to look at a signature."""


def personal_digest(message: bytes) -> bytes:
    """What a wallet signs where it is shown a message (EIP-191, `personal_sign`), 32 bytes."""
    return keccak(b"\x19Ethereum Signed Message:\n%d%b" % (len(message), message))


def signer_of(digest: bytes, signature: bytes) -> bytes | None:
    """The account (20 bytes) whose key signed a digest, None where it is no signature.

    As in the contracts: 65 bytes, s in the lower half, v of 27 or 28.
    """
    if len(signature) != 65 or signature[64] not in (27, 28):
        return None
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    if s > HALF:
        return None
    try:
        key = Signature(vrs=(signature[64] - 27, r, s)).recover_public_key_from_msg_hash(digest)
    except (BadSignature, ValidationError):
        return None
    return key.to_canonical_address()


def wallet_accepts(rpc: Rpc, account: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether the contract at an account says that it signed a digest; False where there is no contract.

    Raises RpcError where the node does not answer.
    """
    data = IS_VALID + encode(["bytes32", "bytes"], [digest, signature])
    call = {"to": "0x" + account.hex(), "data": "0x" + data.hex(), "gas": hex(GAS)}
    try:
        answer = bytes.fromhex(rpc.call("eth_call", call, "latest")[2:])
    except Refused as error:
        if error.retry:
            raise
        return False
    return len(answer) == 32 and answer[:4] == IS_VALID
