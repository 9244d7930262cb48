"""Keeping and erasing content."""

from collections.abc import Sequence

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.content import queries
from backend.content.documents import read
from backend.content.tables import content
from backend.errors import Problem, bad_field
from backend.kit.hashing import keccak


async def store(conn: AsyncConnection, body: bytes) -> bytes:
    """Keeps a document of the backend's own making (an import, the demo); its 32-byte hash.

    Raises a Problem where the body is no document, or was erased.
    """
    return (await store_all(conn, [body]))[0]


async def store_all(conn: AsyncConnection, bodies: list[bytes]) -> list[bytes]:
    """Keeps many documents; their hashes in the same order. What is already kept stays as it is."""
    hashes = [keccak(body) for body in bodies]
    new = [
        {"hash": hash, "body": body, "document": read(body).model_dump(exclude_none=True), "size": len(body)}
        for hash, body in zip(hashes, bodies, strict=True)
    ]
    if new:
        await conn.execute(insert(content).on_conflict_do_nothing(), new)
    return hashes


async def store_list(conn: AsyncConnection, body: bytes) -> bytes:
    """Keeps a list of any size that the backend itself made (the leaves of an epoch); its 32-byte hash."""
    hash = keccak(body)
    row = {"hash": hash, "body": body, "size": len(body)}
    await conn.execute(insert(content).values(row).on_conflict_do_nothing())
    return hash


async def put(conn: AsyncConnection, hash: bytes, body: bytes, block: int) -> bool:
    """Keeps a document that a client sent; whether it is new.

    Raises a Problem where the body does not have this hash, is no document, is named by no fact up to `block`
    (so that nobody fills the disk), or was erased.
    """
    found = keccak(body)
    if found != hash:
        raise bad_field("hash", f"is not that of the body, which is 0x{found.hex()}")
    read(body)
    before = await queries.stored(conn, hash)
    if before and before.erased_at:
        raise gone()
    if not before and not await queries.references(conn, hash, block, limit=1):
        raise Problem(
            409,
            "No fact on chain names this hash yet. Send the transaction that does first.",
            [("hash", "is named by no fact")],
        )
    await store(conn, body)
    return before is None


async def keep(conn: AsyncConnection, bodies: Sequence[bytes], block: int) -> None:
    """Keeps those of many documents that a fact up to `block` names; the others are let go.

    What is kept already stays, and what was erased stays erased.
    """
    by_hash = {keccak(body): body for body in bodies}
    named = await queries.named(conn, list(by_hash), block)
    await store_all(conn, [by_hash[hash] for hash in named])


async def erase(conn: AsyncConnection, hash: bytes, reason: str) -> bool:
    """Erases a document that holds personal data, for good; False where there is none left to erase.

    The hash stays, on chain and here, with the reason and the time.
    """
    found = await conn.execute(
        update(content)
        .where(content.c.hash == hash, content.c.erased_at.is_(None))
        .values(body=None, document=None, erased_at=func.now(), reason=reason)
    )
    return found.rowcount == 1


def gone() -> Problem:
    """What is answered for an erased document."""
    return Problem(410, "This document held personal data and has been erased. Its hash remains on chain.")
