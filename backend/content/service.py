"""Keeping and erasing content."""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.content import queries
from backend.content.documents import read
from backend.errors import Problem, bad_field
from backend.kit.hashing import keccak
from backend.kit.json import dumps


async def store(conn: AsyncConnection, body: bytes) -> bytes:
    """Keeps a document of the backend's own making (an import, the demo); its 32-byte hash.

    Raises a Problem where the body is no document, or was erased.
    """
    return (await store_all(conn, [body]))[0]


async def store_all(conn: AsyncConnection, bodies: list[bytes]) -> list[bytes]:
    """Keeps many documents; their hashes in the same order. What is already kept stays as it is."""
    documents = [dumps(read(body).model_dump(exclude_none=True)).decode() for body in bodies]
    hashes = [keccak(body) for body in bodies]
    await conn.exec_driver_sql(
        "INSERT INTO content (hash, body, document, size) SELECT hash, body, document::jsonb, length(body)"
        " FROM unnest(%s::bytea[], %s::bytea[], %s::text[]) AS t (hash, body, document) ON CONFLICT DO"
        " NOTHING",
        (hashes, bodies, documents),
    )
    return hashes


async def store_list(conn: AsyncConnection, body: bytes) -> bytes:
    """Keeps a list of any size that the backend itself made (the leaves of an epoch); its 32-byte hash."""
    hash = keccak(body)
    await conn.exec_driver_sql(
        "INSERT INTO content (hash, body, size) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (hash, body, len(body)),
    )
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


async def erase(conn: AsyncConnection, hash: bytes, reason: str) -> bool:
    """Erases a document that holds personal data, for good; False where there is none left to erase.

    The hash stays, on chain and here, with the reason and the time.
    """
    found = await conn.exec_driver_sql(
        "UPDATE content SET body = NULL, document = NULL, erased_at = now(), reason = %s"
        " WHERE hash = %s AND erased_at IS NULL",
        (reason, hash),
    )
    return found.rowcount == 1


def gone() -> Problem:
    """What is answered for an erased document."""
    return Problem(410, "This document held personal data and has been erased. Its hash remains on chain.")
