"""Statements as text and of SQLAlchemy Core give the same rows, in one transaction of one snapshot."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from backend import db
from backend.kit.rows import row, rows, values

T = TypeVar("T")


@dataclass(frozen=True)
class Pair:
    number: int
    word: str


PAIRS = "SELECT * FROM (VALUES (1, 'one'), (2, 'two')) p (number, word)"


def within(database: str, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    async def run() -> T:
        async with db.engine(database, size=1) as engine, engine.begin() as conn:
            return await work(conn)

    return asyncio.run(run())


@pytest.mark.parametrize("statement", [PAIRS, text(PAIRS)], ids=["text", "core"])
def test_rows_are_objects_or_tuples(database: str, statement) -> None:
    async def read(conn: AsyncConnection) -> tuple:
        return (
            await rows(conn, Pair, statement),
            await row(conn, Pair, statement),
            await values(conn, statement),
        )

    found = within(database, read)
    assert found == ([Pair(1, "one"), Pair(2, "two")], Pair(1, "one"), [(1, "one"), (2, "two")])


def test_no_row_is_none(database: str) -> None:
    assert within(database, lambda conn: row(conn, Pair, f"{PAIRS} WHERE number = %s", (3,))) is None


def test_both_kinds_of_statement_share_one_transaction(database: str) -> None:
    with psycopg.connect(database) as conn:
        conn.execute("CREATE SCHEMA app CREATE TABLE shared (number integer)")

    async def write_and_fail(conn: AsyncConnection) -> None:
        await conn.execute(text("INSERT INTO shared VALUES (1)"))
        await db.driver(conn).execute("INSERT INTO shared VALUES (2)")
        assert await values(conn, "SELECT * FROM shared") == await values(conn, text("TABLE shared"))
        raise LookupError

    with pytest.raises(LookupError):
        within(database, write_and_fail)
    assert within(database, lambda conn: values(conn, "SELECT count(*) FROM shared")) == [(0,)]


def test_a_transaction_sees_one_snapshot(database: str) -> None:
    async def look_twice(conn: AsyncConnection) -> list:
        before = await values(conn, "SELECT count(*) FROM pg_class WHERE relname = 'later'")
        with psycopg.connect(database) as other:
            other.execute("CREATE TABLE later ()")
        return [before, await values(conn, text("SELECT count(*) FROM pg_class WHERE relname = 'later'"))]

    assert within(database, look_twice) == [[(0,)], [(0,)]]


def test_a_connection_that_died_while_idle_is_replaced(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "IDLE", 0)

    async def run() -> tuple[int, int]:
        async with db.engine(database, size=1) as engine:
            async with engine.begin() as conn:
                before = await values(conn, "SELECT pg_backend_pid()")
            with psycopg.connect(database) as other:
                other.execute("SELECT pg_terminate_backend(%s)", before[0])
            async with engine.begin() as conn:
                return before[0][0], (await values(conn, "SELECT pg_backend_pid()"))[0][0]

    before, after = asyncio.run(run())
    assert before != after
