"""Sign-in messages (EIP-4361), read and checked by the library siwe."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from backend.chain.rpc import Rpc, RpcError
from backend.chain.signatures import personal_digest, signer_of, wallet_accepts
from backend.errors import Problem
from backend.kit.types import parse_address

if TYPE_CHECKING:
    from siwe import SiweMessage

MOST_CHARACTERS = 1000
"""Of a message: the grammar takes time that grows with the square of its length."""
AHEAD = timedelta(minutes=5)
"""How much a wallet's clock may be ahead of ours."""


@dataclass(frozen=True)
class Site:
    """Where one signs in: `origin` as `https://host`, and the chain."""

    origin: str
    chain_id: int


@dataclass(frozen=True)
class Signed:
    """A message that its account (20 bytes) has signed for this site; its nonce is not looked at yet."""

    account: bytes
    nonce: str


def warm() -> None:
    """Imports what `read` needs, which takes seconds: done beside the start, lest the first person waits."""
    import siwe  # noqa: F401


def read(text: str, signature: bytes, site: Site, rpc: Rpc) -> Signed:
    """What a message and its signature say. Blocks while it waits for the node.

    Raises Problem: 422 names what is wrong, 503 where the node is needed and does not answer.
    """
    message = _parsed(text)
    _for_this_site(message, site)
    _in_time(message)
    account = parse_address(message.address)
    digest = personal_digest(text.encode())
    try:
        if signer_of(digest, signature) != account and not wallet_accepts(rpc, account, digest, signature):
            raise refused("signature", "is not that of the account for this message")
    except RpcError as error:
        raise Problem(
            503, "The chain's node does not answer at the moment.", headers={"Retry-After": "5"}
        ) from error
    return Signed(account, message.nonce)


def refused(field: str, why: str) -> Problem:
    """422 of somebody who cannot be signed in."""
    return Problem(422, "This does not sign you in.", [(field, why)])


def _parsed(text: str) -> "SiweMessage":
    from siwe import SiweMessage

    try:
        message = SiweMessage.from_message(text)
        same = message.prepare_message() == text
    except ValueError:  # also the library's own errors
        same = False
    if not same:
        raise refused("message", "is not a sign-in message (EIP-4361)")
    return message


def _for_this_site(message: "SiweMessage", site: Site) -> None:
    scheme, _, domain = site.origin.partition("://")
    if message.domain != domain or (message.scheme or scheme) != scheme:
        raise refused("domain", f"is {message.domain}, this site is {domain}")
    uri = urlsplit(message.uri)
    if (uri.scheme, uri.netloc) != (scheme, domain):
        raise refused("uri", "is of another site")
    if message.chain_id != site.chain_id:
        raise refused("chain_id", f"is {message.chain_id}, this site is on chain {site.chain_id}")


def _in_time(message: "SiweMessage") -> None:
    now = datetime.now(UTC)
    if _moment(message.issued_at) > now + AHEAD:
        raise refused("issued_at", "is in the future")
    if message.expiration_time and _moment(message.expiration_time) <= now:
        raise refused("expiration_time", "is over: ask for a new message")
    if message.not_before and _moment(message.not_before) > now:
        raise refused("not_before", "is in the future")


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)
