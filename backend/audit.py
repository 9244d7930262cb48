"""The audit: what the tables say, against the contracts, against the chain read anew, and against the
ledger's rules.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from typing import Any

import psycopg

from backend import db
from backend.chain.contract import Contract
from backend.chain.definition import Definition
from backend.chain.deployment import Deployment
from backend.chain.headers import Header
from backend.chain.rpc import Rpc
from backend.chain.send import Sender
from backend.chain.sync import Indexer
from backend.domains import domains
from backend.kit.checks import Confirm, Row, Rule
from backend.kit.moment import Moment
from backend.kit.types import checksum
from backend.migrations import upgrade
from backend.settings import Settings

BATCH = 250
"""Calls in one request."""

IN_FLIGHT = 4
"""Requests at once."""

NAMED = 20
"""Differing rows of one table that are named; more are counted."""

Tell = Callable[[str, int, int], None]
"""Is told what is being checked, how much of it is done and how much there is (0 where nobody knows)."""


class AuditError(Exception):
    """The audit cannot be made; the message is one line."""


@dataclass(frozen=True)
class Difference:
    """Something that does not agree.

    `what` is compared (a view, a table or a rule), `key` says where, `stored` is what the ledger's tables say
    and `found` what it was compared with.
    """

    what: str
    key: str
    stored: str
    found: str

    def __str__(self) -> str:
        return f"{self.what} {self.key}: the tables say {self.stored}, {self.found}"


def audit(
    settings: Settings,
    block: int | None = None,
    progress: Tell | None = None,
    database: str | None = None,
) -> list[Difference]:
    """Compare the ledger at a block (the last one indexed unless told) with the contracts, the chain and its
    rules.

    Makes the schema `audit` anew. Raises AuditError, DatabaseError, DeploymentError, and RpcError where the
    node fails.
    """
    tell = progress or (lambda what, done, all: None)
    url = database or settings.database_url or db.embedded(settings.data_dir)
    upgrade(url)
    definition = Definition.of(Deployment.read(settings.deployment_file), domains())
    rpc = Rpc(settings.rpc_url, timeout=60)
    try:
        with db.connect(url) as conn:
            conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            moment = _moment(conn, rpc, block)
            differences = [
                *_confirmed(conn, definition, rpc, moment, tell),
                *_kept(conn, moment, tell),
            ]
        _read_anew(settings, definition, url, moment, tell)
        with db.connect(url) as conn:
            conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            differences += _same(conn, definition, _moment(conn, rpc, moment.number), tell)
    finally:
        rpc.close()
    return differences


def _moment(conn: psycopg.Connection, rpc: Rpc, block: int | None) -> Moment:
    """The block to be audited, as the chain knows it."""
    try:
        row = conn.execute("SELECT number, hash FROM cursor").fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    if row is None:
        raise AuditError("there is no ledger yet: run 'citynet index' first")
    number = row[0] if block is None else block
    if number > row[0]:
        raise AuditError(f"block {number} is not indexed yet; the last one is {row[0]}")
    header = Header.of(rpc.call("eth_getBlockByNumber", hex(number), False))
    known = conn.execute("SELECT hash FROM block WHERE number = %s", [number]).fetchone()
    if known and known[0] != header.hash:
        raise AuditError(f"block {number} is another on the node: the chain is being reorganised, try again")
    return Moment(number, header.hash, header.time, past=number < row[0])


# ------------------------------------------------------------------ the contracts


def _confirmed(
    conn: psycopg.Connection, definition: Definition, rpc: Rpc, moment: Moment, tell: Tell
) -> Iterator[Difference]:
    """What contracts answer otherwise than the tables."""
    sender = Sender(rpc)
    done: Counter[str] = Counter()  # by name, which several checks may share
    with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="audit") as pool:
        for check in _of_domains("confirms"):
            one = None if check.each else definition.deployment.contract(check.contract)
            ask = partial(_ask, sender, one, check, moment.number)
            with conn.cursor(name="audit") as rows:
                rows.itersize = BATCH * IN_FLIGHT
                rows.execute(check.query(moment))
                for many in _chunks(rows, BATCH * IN_FLIGHT):
                    answers = chain.from_iterable(pool.map(ask, _chunks(many, BATCH)))
                    for row, found in zip(many, answers, strict=True):
                        yield from _compared(check, row, found)
                    done[check.name] += len(many)
                    tell(check.name, done[check.name], 0)


def _ask(sender: Sender, one: Contract | None, check: Confirm, block: int, rows: Sequence[Row]) -> list[Row]:
    calls = []
    for row in rows:
        contract, arguments = one, row[: len(check.key)]
        if check.each:
            contract, arguments = check.each(_plain(arguments[0])), arguments[1:]
        assert contract
        calls.append(contract.call(check.function, *map(_argument, arguments)))
    return [_flat(answer) for answer in sender.read_all(calls, block)]


def _compared(check: Confirm, row: Row, found: Row) -> Iterator[Difference]:
    width = len(check.key)
    key = _named(check.key, row[:width])
    expected = check.expected(row[width:])
    for name, stored, answer in zip(check.values, expected, found, strict=True):
        if _plain(answer) < _plain(stored) if check.at_least else _plain(answer) != _plain(stored):
            yield Difference(
                f"{check.name}.{name}",
                key,
                _shown(stored),
                f"{check.contract}.{check.function} says {_shown(answer)}",
            )


# ---------------------------------------------------------------------- the rules


def _kept(conn: psycopg.Connection, moment: Moment, tell: Tell) -> Iterator[Difference]:
    """Where the tables break a rule."""
    rules: list[Rule] = _of_domains("rules")
    for done, rule in enumerate(rules, 1):
        for row in conn.execute(rule.query(moment)):
            yield Difference(
                rule.name,
                _named(rule.key, row[:-2]),
                f"{rule.left} {_shown(row[-2])}",
                f"{rule.right} is {_shown(row[-1])}",
            )
        tell("rules", done, len(rules))


# ---------------------------------------------------------------- the chain anew


def _read_anew(settings: Settings, definition: Definition, url: str, moment: Moment, tell: Tell) -> None:
    """Makes the schema `audit` from the chain, up to the moment."""
    indexer = Indexer(
        settings.rpc_url, definition, url, schema="audit", depth=settings.finality_depth, rebuild=True
    )
    indexer.run(until=moment.number, progress=lambda p: tell("chain read anew", p.number, p.target))


def _same(
    conn: psycopg.Connection, definition: Definition, moment: Moment, tell: Tell
) -> Iterator[Difference]:
    """Rows of the ledger and of the second ledger that the other does not have."""
    facts = {fact.table: list(fact.sql_columns) for fact in definition.facts}
    derived = {table.name: list(table.columns_sql) for table in definition.derived}
    tables = {table.name: table for table in definition.derived}
    for done, (name, names) in enumerate({**facts, **derived}.items(), 1):
        if moment.past:
            conn.execute(
                f"CREATE TEMPORARY TABLE compared ON COMMIT DROP AS SELECT * FROM"
                f" {moment.of(tables.get(name, name))} t"
            )
        ours = "compared" if moment.past else f'ledger."{name}"'
        yield from _unmatched(conn, name, names, ours, f'audit."{name}"')
        if moment.past:
            conn.execute("DROP TABLE compared")
        tell("tables", done, len(facts) + len(derived))


def _unmatched(
    conn: psycopg.Connection, name: str, columns: list[str], ours: str, theirs: str
) -> Iterator[Difference]:
    listed = ", ".join(f'"{column}"' for column in columns)
    ways = {
        "which reading the chain anew does not give": (ours, theirs),
        "which the tables lack": (theirs, ours),
    }
    for verdict, (left, right) in ways.items():
        rows = conn.execute(
            f"SELECT *, count(*) OVER () FROM (SELECT {listed} FROM {left} EXCEPT ALL SELECT {listed} FROM"
            f" {right}) d LIMIT {NAMED}"
        ).fetchall()
        for row in rows:
            yield Difference(
                f"table {name}", _named(columns, row[:-1]), "so" if left is ours else "nothing", verdict
            )
        if rows and rows[0][-1] > NAMED:
            yield Difference(f"table {name}", f"and {rows[0][-1] - NAMED} rows more", "", verdict)


# ------------------------------------------------------------------------ helpers


def _of_domains(part: str) -> list[Any]:
    return [check for domain in domains() if domain.audit for check in getattr(domain.audit, part)]


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def _argument(value: Any) -> Any:
    """A column's value as a contract takes it."""
    plain = _plain(value)
    return checksum(plain) if isinstance(plain, bytes) and len(plain) == 20 else plain


def _flat(answer: Any) -> Row:
    """What a view answered as one row: a struct's fields one by one."""
    return answer if isinstance(answer, tuple) else (answer,)


def _plain(value: Any) -> Any:
    """One spelling of what database and contract say each in their own way."""
    if isinstance(value, memoryview | bytearray):
        return bytes(value)
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, str) and value.startswith("0x"):
        return bytes.fromhex(value[2:])
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _shown(value: Any) -> str:
    plain = _plain(value)
    if isinstance(plain, bytes):
        return checksum(plain) if len(plain) == 20 else "0x" + plain.hex()
    return str(plain)


def _named(names: Sequence[str], values: Sequence[Any]) -> str:
    return " ".join(f"{name}={_shown(value)}" for name, value in zip(names, values, strict=False))
