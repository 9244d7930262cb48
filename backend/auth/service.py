"""Nonces and sessions in the database. Connections are of `db.brief`; times are seconds since 1970."""

import hashlib
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.auth.message import refused
from backend.auth.tables import session, sign_in_nonce
from backend.kit.rows import row

NONCE_SECONDS = 10 * 60
SESSION_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Session:
    """Who is looking: an account (20 bytes) that has signed in, until `expires`.

    `csrf` is what a request sends as `X-CSRF-Token` that changes something by right of the session.
    """

    account: bytes
    csrf: str
    expires: int


async def give_nonce(conn: AsyncConnection) -> str:
    """A new nonce, to be used once within `NONCE_SECONDS`."""
    nonce = secrets.token_hex(16)
    await conn.execute(insert(sign_in_nonce).values(nonce=nonce, expires=int(time.time()) + NONCE_SECONDS))
    return nonce


async def use_nonce(conn: AsyncConnection, nonce: str) -> None:
    """Uses up a nonce. Raises Problem (422) where it was not given out here, was used, or has expired."""
    mine = (sign_in_nonce.c.nonce == nonce) & (sign_in_nonce.c.expires > int(time.time()))
    if (
        await conn.execute(delete(sign_in_nonce).where(mine).returning(sign_in_nonce.c.nonce))
    ).first() is None:
        raise refused("nonce", "was used already, has expired, or is not of this site: ask for a new one")


async def open_session(conn: AsyncConnection, account: bytes, chain: int) -> tuple[str, Session]:
    """A new session, and the id by which it is found."""
    id, now = secrets.token_urlsafe(32), int(time.time())
    made = Session(account, secrets.token_urlsafe(24), now + SESSION_SECONDS)
    row = {"key": _key(id), "chain": chain, "created": now, **vars(made)}
    await conn.execute(insert(session).values(row))
    return id, made


async def find_session(conn: AsyncConnection, id: str, chain: int) -> Session | None:
    """The session of this id on this chain, None where there is none or it has expired."""
    c = session.c
    mine = (c.key == _key(id)) & (c.chain == chain) & (c.expires > int(time.time()))
    return await row(conn, Session, select(c.account, c.csrf, c.expires).where(mine))


async def close_session(conn: AsyncConnection, id: str) -> None:
    """Ends a session, where there is one."""
    await conn.execute(delete(session).where(session.c.key == _key(id)))


async def forget_past(conn: AsyncConnection) -> None:
    """Deletes nonces and sessions that have expired, some at a time; rows that others delete are passed
    over.
    """
    for table in (sign_in_nonce, session):
        await _forget(conn, table, table.primary_key.columns[0])


async def _forget(conn: AsyncConnection, table: Table, key: ColumnElement[object]) -> None:
    over = select(key).where(table.c.expires <= int(time.time())).limit(1000)
    await conn.execute(delete(table).where(key.in_(over.with_for_update(skip_locked=True))))


def _key(id: str) -> bytes:
    return hashlib.sha256(id.encode()).digest()
