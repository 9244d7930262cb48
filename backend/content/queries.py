"""Reading content. Every function takes a connection; nothing here depends on a block but the facts that name
a hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.content.documents import Text
from backend.content.tables import content
from backend.domains import facts
from backend.kit.rows import row, rows, values

NAMES = ("content", "terms", "evidence", "reason", "purpose", "documents", "role", "opinion", "course")


@dataclass(frozen=True)
class Stored:
    """A document as it is kept. `body` is None once it has been erased."""

    hash: bytes
    body: bytes | None
    size: int
    stored_at: datetime
    erased_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Reference:
    """A fact that names a hash in one of its columns."""

    fact: str
    field: str
    block_number: int
    log_index: int


@cache
def naming() -> tuple[tuple[str, str], ...]:
    """The facts and their columns that name content: every hash that is called by one of the names of
    content.
    """
    return tuple(
        (fact.table, column.name)
        for fact in facts().values()
        for column in fact.columns
        if column.name in NAMES and column.abi_type == "bytes32"
    )


async def stored(conn: AsyncConnection, hash: bytes) -> Stored | None:
    """The document with this hash, None where none was ever stored."""
    statement = select(*(content.c[field.name] for field in fields(Stored))).where(content.c.hash == hash)
    return await row(conn, Stored, statement)


async def references(conn: AsyncConnection, hash: bytes, block: int, limit: int = 100) -> list[Reference]:
    """The first facts up to a block that name this hash, oldest first."""
    each = " UNION ALL ".join(
        f"(SELECT '{fact}' AS fact, '{column}' AS field, block_number, log_index FROM {fact}"
        f" WHERE {column} = %(hash)s AND block_number <= %(block)s"
        " ORDER BY block_number, log_index LIMIT %(limit)s)"
        for fact, column in naming()
    )
    return await rows(
        conn,
        Reference,
        f"{each} ORDER BY block_number, log_index LIMIT %(limit)s",
        {"hash": hash, "block": block, "limit": limit},
    )


async def named(conn: AsyncConnection, hashes: Sequence[bytes], block: int) -> list[bytes]:
    """Those of the hashes that a fact up to a block names."""
    each = " UNION ".join(
        f"SELECT {column} AS hash FROM {fact} WHERE {column} = ANY(%(hashes)s) AND block_number <= %(block)s"
        for fact, column in naming()
    )
    found = await values(conn, each, {"hashes": list(hashes), "block": block})
    return [hash for (hash,) in found]


async def texts(conn: AsyncConnection, hashes: list[bytes], field: str) -> dict[bytes, Text]:
    """One text field (`name`, `title`) of many documents, by hash; those unknown or erased are left out."""
    named = content.c.document.has_key(field)
    statement = select(content.c.hash, content.c.document[field]).where(content.c.hash.in_(hashes), named)
    return {hash: Text(**text) for hash, text in await values(conn, statement)}
