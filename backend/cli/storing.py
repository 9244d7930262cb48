"""Documents and leaves, kept in the configured database."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from backend import db
from backend.content import service
from backend.merits.epochs import Tree, store_epoch
from backend.migrations import upgrade

T = TypeVar("T")


def ready() -> str:
    """URL of the configured database, which answers and has the newest schema `app`. Raises DatabaseError."""
    url = db.url()
    db.connect(url).close()
    upgrade(url)
    return url


def store_documents(bodies: Sequence[bytes]) -> list[bytes]:
    """Keeps documents; their hashes in the same order. Raises DatabaseError, Problem."""
    return run(lambda conn: service.store_all(conn, list(bodies)))


def store_trees(trees: Sequence[Tree]) -> list[bytes]:
    """Keeps epochs' trees and lists; the hashes of the lists."""

    async def store(conn: AsyncConnection) -> list[bytes]:
        return [await store_epoch(conn, tree) for tree in trees]

    return run(store)


def run(action: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
    """Runs an action in one transaction."""
    url = ready()

    async def within() -> T:
        async with db.engine(url, size=1) as engine, engine.begin() as conn:
            return await action(conn)

    try:
        return asyncio.run(within())
    except OperationalError as error:
        raise db.DatabaseError(f"no database: {' '.join(str(error.orig).split())}") from error
