"""Reading rows: one shape for statements as text and for those of SQLAlchemy Core.

Text has psycopg's placeholders (`%s` and a tuple, or `%(name)s` and a mapping). It runs on the driver's
connection under SQLAlchemy's, in the same transaction: there is nothing in it for SQLAlchemy to compile, and
an answer of ten statements is a quarter faster so (docs/decisions/0035-sqlalchemy-and-psycopg.md).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from psycopg.rows import AsyncRowFactory, class_row, tuple_row
from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from backend import db

T = TypeVar("T")

Parameters = Mapping[str, Any] | tuple[Any, ...] | None


async def rows(
    conn: AsyncConnection, kind: Callable[..., T], statement: str | Executable, parameters: Parameters = None
) -> list[T]:
    """Every row as a `kind`, which takes the columns by their names."""
    if isinstance(statement, str):
        return await _read(conn, class_row(kind), statement, parameters)  # type: ignore[arg-type]
    found = await conn.execute(statement, parameters)  # type: ignore[arg-type]
    return [kind(**row) for row in found.mappings()]  # type: ignore[misc]


async def row(
    conn: AsyncConnection, kind: Callable[..., T], statement: str | Executable, parameters: Parameters = None
) -> T | None:
    """The first row as a `kind`, None where there is none."""
    found = await rows(conn, kind, statement, parameters)
    return found[0] if found else None


async def values(
    conn: AsyncConnection, statement: str | Executable, parameters: Parameters = None
) -> Sequence[Any]:
    """Every row as the tuple of its columns."""
    if isinstance(statement, str):
        return await _read(conn, tuple_row, statement, parameters)
    return (await conn.execute(statement, parameters)).all()  # type: ignore[arg-type]


async def _read(
    conn: AsyncConnection, factory: AsyncRowFactory[T], statement: str, parameters: Parameters
) -> list[T]:
    async with db.driver(conn).cursor(row_factory=factory) as cur:
        await cur.execute(statement, parameters)
        return await cur.fetchall()
