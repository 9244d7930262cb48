"""The block at which a reader looks at the ledger."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.derived import Derived, source
from backend.domains import facts
from backend.errors import Problem, bad_field
from backend.kit.rows import row
from backend.kit.types import BlockNumber, Hash


@dataclass(frozen=True)
class Moment:
    """A block of the chain as the ledger knows it. `time` is in seconds since 1970.

    `past` says that later blocks are indexed already, so that what has happened since must be left out.
    """

    number: int
    hash: bytes
    time: int
    past: bool = False

    def of(self, relation: Derived | str) -> str:
        """What to write after FROM to read a derived table or a fact table as of this block."""
        return source(relation, self.number if self.past else None)


class AtBlock(BaseModel):
    """The block at which an answer is true."""

    number: int = Field(examples=[48])
    hash: Hash
    time: int = Field(description="Seconds since 1970.", examples=[1767225600])


@dataclass(frozen=True)
class View:
    """What an endpoint reads with: a connection in a transaction, and the block it looks at."""

    conn: AsyncConnection
    moment: Moment

    @property
    def at_block(self) -> AtBlock:
        return AtBlock.model_validate(self.moment, from_attributes=True)


async def head(conn: AsyncConnection) -> Moment:
    """The last block indexed. Raises a Problem (503) where there is none yet."""
    found = await row(conn, Moment, "SELECT number, hash, time FROM cursor")
    if found is None or found.hash is None:
        raise Problem(503, "The ledger has not been indexed yet.", headers={"Retry-After": "5"})
    return found


async def at(conn: AsyncConnection, block: int | None) -> Moment:
    """The moment of a block, the last one indexed unless told.

    Headers of old blocks without facts are not kept. For such a block the answer is that of the last block
    known before it, and says so: nothing happened in between. Raises a Problem that names the field
    `at_block`.
    """
    last = await head(conn)
    if block is None or block == last.number:
        return last
    if block > last.number:
        raise bad_field("at_block", f"is not indexed yet; the last block indexed is {last.number}")
    found = await row(conn, Moment, _last_known(), {"block": block})
    if found is None:
        raise bad_field("at_block", "lies before the first block of the ledger")
    return found


async def reading(
    request: Request,
    at_block: Annotated[
        BlockNumber | None,
        Query(description="The block at which to look; unless told, the last one indexed."),
    ] = None,
) -> AsyncIterator[View]:
    """Dependency of every endpoint that reads: one transaction, one block."""
    async with request.app.state.engine.begin() as conn:
        yield View(conn, await at(conn, at_block))


@cache
def _last_known() -> str:
    """Headers are known of recent blocks, and of every block with a fact."""
    columns = {"block": "number, hash, time"} | dict.fromkeys(facts(), "block_number, block_hash, block_time")
    newest = " UNION ALL ".join(
        f"(SELECT {names} FROM {table} WHERE {names.split(',')[0]} <= %(block)s ORDER BY 1 DESC LIMIT 1)"
        for table, names in columns.items()
    )
    return (
        f"SELECT number, hash, time, true AS past FROM ({newest}) k (number, hash, time)"
        " ORDER BY number DESC LIMIT 1"
    )
