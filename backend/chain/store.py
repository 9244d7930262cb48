"""The ledger's schema and what is written to it. Every method is a part of the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg import sql

from backend.chain import derived as tables
from backend.chain.decode import COPY_HEAD, COPY_TAIL, copy_columns
from backend.chain.definition import Definition
from backend.chain.derived import State, Total
from backend.chain.facts import Fact
from backend.chain.headers import Header
from backend.chain.windows import Window

ENGINE_TABLES = """
    CREATE TABLE cursor (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        number bigint NOT NULL,
        hash bytea NOT NULL,
        time bigint NOT NULL,
        head_number bigint NOT NULL,
        head_time bigint NOT NULL,
        finalized_number bigint NOT NULL,
        chain_id bigint NOT NULL,
        fingerprint text NOT NULL
    );
    CREATE TABLE block (
        number bigint PRIMARY KEY,
        hash bytea NOT NULL,
        parent_hash bytea NOT NULL,
        time bigint NOT NULL
    );
"""


@dataclass(frozen=True)
class Cursor:
    """How far the ledger is, and what it last saw of the chain. Times in seconds, hashes of 32 bytes."""

    number: int
    hash: bytes
    time: int
    head_number: int
    head_time: int
    finalized_number: int


class Store:
    """The tables of one definition in one schema.

    Args:
        connection: With the schema first in its search path.
        schema: `ledger` or `audit`; also the channel that new blocks are told on.
    """

    def __init__(self, connection: psycopg.Connection, definition: Definition, schema: str):
        self.connection, self.definition, self.schema = connection, definition, schema
        self._copy = {fact.table: _copy_statement(fact) for fact in definition.facts}

    def execute(self, statement: str, parameters: Any = None) -> psycopg.Cursor[Any]:
        return self.connection.execute(statement, parameters)

    # ------------------------------------------------------------------------------ schema

    def fingerprint(self) -> str | None:
        """Return the fingerprint that the schema was made with, None where there is no schema of ours."""
        ((found,),) = self.execute("SELECT to_regclass(%s)", (f"{self.schema}.cursor",)).fetchall()
        if found is None:
            return None
        try:
            with self.connection.transaction():
                row = self.execute("SELECT fingerprint FROM cursor").fetchone()
        except psycopg.errors.UndefinedColumn:
            return ""
        return row[0] if row else ""

    def create(self, before: Header) -> None:
        """Make the schema anew, empty, at the block before the first of ours."""
        name = sql.Identifier(self.schema)
        self.connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(name))
        self.execute(ENGINE_TABLES)
        for fact in self.definition.facts:
            self.execute(fact.ddl())
        for derived in self.definition.derived:
            self.execute(tables.ddl(derived))
        self.execute(
            "INSERT INTO cursor"
            " (number, hash, time, head_number, head_time, finalized_number, chain_id, fingerprint)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(before.number, before.hash, before.time, before.number, before.time, 0),
                *(self.definition.deployment.chain_id, self.definition.fingerprint),
            ),
        )
        self._put_blocks([before])

    def create_indexes(self) -> None:
        """Make the further indexes, where they are not there yet, and let the planner look at all tables."""
        for index in self.definition.indexes:
            self.execute(index.ddl())
        self.analyze()

    def analyze(self) -> None:
        """Let the planner look at all tables."""
        names = [fact.table for fact in self.definition.facts] + [d.name for d in self.definition.derived]
        for name in names:
            self.connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))

    # ----------------------------------------------------------------------------- reading

    def cursor(self) -> Cursor:
        columns = "number, hash, time, head_number, head_time, finalized_number"
        (row,) = self.execute(f"SELECT {columns} FROM cursor").fetchall()
        return Cursor(*row)

    def blocks(self) -> dict[int, bytes]:
        """Return the hashes of the recent blocks by number, newest first."""
        return dict(self.execute("SELECT number, hash FROM block ORDER BY number DESC").fetchall())

    def addresses(self) -> dict[str, set[str]]:
        """Return the addresses of every contract by name, `0x` and lower case, those found too."""
        found = {
            name: {self.definition.deployment.place(name).address.lower()}
            for name in self.definition.contracts
        }
        for factory in self.definition.factories:
            fact = self.definition.fact(factory.event)
            query = sql.SQL("SELECT DISTINCT encode({}, 'hex') FROM {}").format(
                sql.Identifier(factory.column), sql.Identifier(fact.table)
            )
            rows = self.connection.execute(query).fetchall()
            found.setdefault(factory.contract, set()).update("0x" + row[0] for row in rows)
        return found

    # ----------------------------------------------------------------------------- writing

    def put(self, windows: list[Window], before: Cursor, head: Header, depth: int) -> Cursor:
        """Write windows that follow each other and the cursor; returns the cursor."""
        self._put_facts(windows)
        self._put_blocks(header for window in windows for header in window.headers.values())
        lo, last = windows[0].lo, windows[-1].headers[windows[-1].hi]
        touched = set().union(*(window.rows for window in windows))
        if touched:
            for derived in self.definition.derived:
                derived.apply(self.execute, lo, last.number)
        return self._move(before, last, head, depth)

    def remove_above(self, ancestor: Header, before: Cursor) -> Cursor:
        """Take back all blocks above an ancestor; returns the cursor."""
        lo, hi = ancestor.number + 1, before.number
        states = [d for d in self.definition.derived if isinstance(d, State)]
        for derived in self.definition.derived:
            if isinstance(derived, Total):
                derived.unapply(self.execute, lo, hi)
        for state in states:
            state.mark(self.execute, lo, hi)
        for fact in self.definition.facts:
            self.execute(f'DELETE FROM "{fact.table}" WHERE block_number >= %s', (lo,))
        for state in states:
            state.unapply(self.execute, ancestor.number)
        self.execute("DELETE FROM block WHERE number >= %s", (lo,))
        after = replace(before, number=ancestor.number, hash=ancestor.hash, time=ancestor.time)
        self._set_cursor(after)
        return after

    def _put_facts(self, windows: list[Window]) -> None:
        rows: dict[str, list[bytes]] = {}
        for window in windows:
            for table, parts in window.rows.items():
                rows.setdefault(table, []).extend(parts)
        for table, parts in rows.items():
            with self.connection.cursor() as cursor, cursor.copy(self._copy[table]) as copy:
                copy.write(b"".join([COPY_HEAD, *parts, COPY_TAIL]))

    def _put_blocks(self, headers: Iterable[Header]) -> None:
        rows = [(h.number, h.hash, h.parent, h.time) for h in headers]
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO block (number, hash, parent_hash, time) VALUES (%s, %s, %s, %s)", rows
            )

    def _move(self, before: Cursor, last: Header, head: Header, depth: int) -> Cursor:
        finalized = max(before.finalized_number, head.number - depth, 0)
        after = Cursor(last.number, last.hash, last.time, head.number, head.time, finalized)
        # What stays: every block above the final one, and the highest that is not above it.
        self.execute(
            "DELETE FROM block WHERE number < (SELECT max(number) FROM block WHERE number <= %s)",
            (finalized,),
        )
        self._set_cursor(after)
        return after

    def _set_cursor(self, cursor: Cursor) -> None:
        self.execute(
            "UPDATE cursor SET number = %s, hash = %s, time = %s,"
            " head_number = %s, head_time = %s, finalized_number = %s",
            (
                *(cursor.number, cursor.hash, cursor.time),
                *(cursor.head_number, cursor.head_time, cursor.finalized_number),
            ),
        )
        self.execute("SELECT pg_notify(%s, %s)", (self.schema, str(cursor.number)))


def _copy_statement(fact: Fact) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, copy_columns(fact)))
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(sql.Identifier(fact.table), columns)
