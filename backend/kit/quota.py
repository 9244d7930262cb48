"""How often somebody may do something: counts in fixed windows of time."""

import hashlib
import hmac
import time
from ipaddress import IPv6Address, ip_address

from fastapi import Request
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, delete, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.errors import Problem
from backend.kit.tables import metadata

quota = Table(
    "quota",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", LargeBinary, primary_key=True),
    Column("ends", BigInteger, primary_key=True, autoincrement=False),
    Column("taken", Integer, nullable=False),
)
"""How many of a kind were taken by a subject in the window that ends at this second since 1970."""

Index("quota_ends", quota.c.ends)


async def take(conn: AsyncConnection, kind: str, subject: bytes, most: int, seconds: int) -> None:
    """Count one more of a kind for a subject.

    `conn` is of `db.brief`: under `REPEATABLE READ` two requests at once would refuse each other. What is
    counted must be committed even where the request fails later.

    Args:
        kind: What is counted: `nonce`.
        subject: Whose count it is: an account, `origin_of` a request.
        most: How many there may be in a window.
        seconds: Length of the windows, which begin at its multiples since 1970.

    Raises Problem (429) with `Retry-After` in seconds.
    """
    now = int(time.time())
    ends = (now // seconds + 1) * seconds
    count = insert(quota).values(kind=kind, subject=subject, ends=ends, taken=1)
    counted = count.on_conflict_do_update(
        index_elements=[quota.c.kind, quota.c.subject, quota.c.ends], set_={"taken": quota.c.taken + 1}
    ).returning(quota.c.taken)
    if (await conn.execute(counted)).scalar_one() > most:
        raise too_often(ends - now)


def too_often(seconds: int) -> Problem:
    """429 that says after how many seconds it can be tried again."""
    wait = f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
    return Problem(
        429, f"Too many requests. Try again in {wait}.", headers={"Retry-After": str(max(seconds, 1))}
    )


def origin_of(request: Request) -> bytes:
    """The address that a request comes from, as a keyed hash (32 bytes): no address is kept.

    Of an IPv6 address the first 64 bits count, since whoever has one has all of these.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:  # a socket of this machine
        place = host.encode()
    else:
        place = address.packed[:8] if isinstance(address, IPv6Address) else address.packed
    return hmac.digest(request.app.state.secret, b"origin\0" + place, hashlib.sha256)


async def forget_past(conn: AsyncConnection, most: int = 1000) -> None:
    """Deletes counts of windows that are over, `most` at a time; rows that others delete are passed over."""
    key = (quota.c.kind, quota.c.subject, quota.c.ends)
    over = quota.select().with_only_columns(*key).where(quota.c.ends <= int(time.time()))
    await conn.execute(
        delete(quota).where(tuple_(*key).in_(over.limit(most).with_for_update(skip_locked=True)))
    )
