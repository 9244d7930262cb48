"""Whether a signed message may be taken: in time, and really signed by the account that it names."""

from backend.chain.signatures import HALF, signer_of, wallet_accepts
from backend.errors import bad_field
from backend.kit.types import checksum
from backend.relay.action import Message
from backend.relay.chain import Chain

MOST_AHEAD = 86_400
"""Seconds from now to the latest deadline."""
MOST_BYTES = 8192
"""The longest signature; that of a contract wallet holds those of its owners."""


def in_time(message: Message, now: int) -> None:
    """Raises Problem (422) where the deadline has passed or is more than a day away.

    `now`: time of the chain's next block, seconds since 1970.
    """
    deadline = message["deadline"]
    if deadline < now:
        raise bad_field("message.deadline", f"has passed: it is {now} on the chain. Sign anew")
    if deadline > now + MOST_AHEAD:
        raise bad_field("message.deadline", "is more than a day ahead")


async def signed(chain: Chain, account: bytes, digest: bytes, signature: bytes) -> None:
    """Raises Problem (422) unless the account signed the digest: with its key, or as a contract (ERC-1271).

    Raises Problem (503) where a contract would have to be asked and the node does not answer.
    """
    if signer_of(digest, signature) == account:
        return
    rpc = chain.sender.rpc
    code = await chain.ask(rpc.call, "eth_getCode", checksum(account), "latest")
    if len(code) <= 2:
        raise bad_field("signature", _fault(account, digest, signature))
    if len(signature) > MOST_BYTES:
        raise bad_field("signature", f"has more than {MOST_BYTES} bytes")
    if not await chain.ask(wallet_accepts, rpc, account, digest, signature):
        raise bad_field("signature", f"is not accepted by the contract wallet {checksum(account)}")


def _fault(account: bytes, digest: bytes, signature: bytes) -> str:
    if len(signature) != 65:
        return f"has {len(signature)} bytes, not 65"
    if signature[64] not in (27, 28):
        return f"ends in {signature[64]}, not in 27 or 28"
    if int.from_bytes(signature[32:64], "big") > HALF:
        return "has its s in the upper half: it is the twin of a signature, and the contracts refuse it"
    signer = signer_of(digest, signature)
    if signer is None:
        return "is no signature"
    # Of another message, chain, contract or person: what is recovered does not tell which.
    return f"is not that of {checksum(account)} over this message on this chain, but of {checksum(signer)}"
