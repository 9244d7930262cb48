"""Drafts: lists that somebody at a city's desk means to send, kept from the check to the receipt.

A draft is its account's and its city's alone. What of it has been sent is not noted here: the facts on chain
say it (docs/decisions/0076-drafts-of-lists.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities.tables import draft, draft_part
from backend.errors import Problem
from backend.kit.rows import row, rows, values
from backend.kit.table import Fault
from backend.kit.types import Hash, checksum

Conn = AsyncConnection

KEPT = timedelta(days=30)
"""How long a draft is kept, with its receipt. What it wrote on chain stays."""
MOST_DRAFTS = 100
"""Of one account in one city; the oldest go."""
MOST_BYTES = 8 * 1024 * 1024
MOST_LINES = 30_000
MOST_FAULTS = 10_000
"""Faults that are kept with a draft; further ones are counted."""
MOST_PARTS = 500
"""Transactions of one list."""

Body = dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """A list that was read and checked: its faults, or else the transactions that it takes."""

    kind: str
    lines: int
    about: dict[str, Any]
    parts: Sequence[Body] = ()
    faults: Sequence[Fault] = ()


@dataclass(frozen=True)
class Draft:
    draft_id: int
    account: bytes
    city_id: int
    kind: str
    lines: int
    parts: int
    about: dict[str, Any]
    fault_count: int
    since: int
    created_at: datetime
    faults: list[Fault] = field(default_factory=list)

    @property
    def created(self) -> int:
        """Seconds since 1970."""
        return int(self.created_at.timestamp())

    @property
    def kept_until(self) -> int:
        """Seconds since 1970."""
        return int((self.created_at + KEPT).timestamp())


class Landed(BaseModel):
    """A part of a draft that is in the ledger."""

    part: int
    tx_hash: Hash
    block_number: int
    time: int


async def keep(conn: Conn, account: bytes, city_id: int, block: int, checked: Checked) -> int:
    """Keeps a list that was checked at a block; its number. Drafts whose time is over go."""
    await conn.execute(delete(draft).where(draft.c.created_at < func.now() - KEPT))
    mine = (draft.c.account == account) & (draft.c.city_id == city_id)
    recent = select(draft.c.draft_id).where(mine).order_by(draft.c.draft_id.desc()).offset(MOST_DRAFTS - 1)
    await conn.execute(delete(draft).where(draft.c.draft_id.in_(recent)))
    sendable = not checked.faults
    made = await conn.execute(
        insert(draft)
        .values(
            account=account,
            city_id=city_id,
            kind=checked.kind,
            lines=checked.lines,
            parts=len(checked.parts) if sendable else 0,
            about=checked.about,
            faults=[[f.line, f.column, f.text, dict(f.values)] for f in checked.faults[:MOST_FAULTS]],
            fault_count=len(checked.faults),
            since=block,
        )
        .returning(draft.c.draft_id)
    )
    number: int = made.scalar_one()
    if sendable:
        bodies = [{"draft_id": number, "part": n, "body": body} for n, body in enumerate(checked.parts)]
        await conn.execute(insert(draft_part), bodies)
    return number


async def mine(conn: Conn, account: bytes, city_id: int, draft_id: int, kind: str | None = None) -> Draft:
    """A draft of this account and city (and kind). Raises Problem (404) where there is none."""
    columns = draft.c
    found = await row(
        conn,
        _with_faults,
        select(draft).where(
            columns.draft_id == draft_id,
            columns.account == account,
            columns.city_id == city_id,
            columns.kind == (kind or columns.kind),
            columns.created_at >= func.now() - KEPT,
        ),
    )
    if found is None:
        raise Problem(
            404, f"{checksum(account)} has no such list in this city.", [("draft_id", "names no list")]
        )
    return found


async def listed(conn: Conn, account: bytes, city_id: int, limit: int = 20) -> list[Draft]:
    """The account's newest drafts in a city that can be sent, newest first, without their faults."""
    columns = [column for column in draft.c if column.name != "faults"]
    return await rows(
        conn,
        Draft,
        select(*columns)
        .where(
            draft.c.account == account,
            draft.c.city_id == city_id,
            draft.c.parts > 0,
            draft.c.created_at >= func.now() - KEPT,
        )
        .order_by(draft.c.draft_id.desc())
        .limit(limit),
    )


async def parts(conn: Conn, draft_id: int) -> list[Body]:
    """What the draft's transactions say, in order."""
    found = await values(
        conn, select(draft_part.c.body).where(draft_part.c.draft_id == draft_id).order_by(draft_part.c.part)
    )
    return [body for (body,) in found]


async def part(conn: Conn, draft_id: int, number: int) -> Body:
    """What one of the draft's transactions says. Raises Problem (404)."""
    found: Body | None = await conn.scalar(
        select(draft_part.c.body).where(draft_part.c.draft_id == draft_id, draft_part.c.part == number)
    )
    if found is None:
        raise Problem(404, f"The list has no part {number}.", [("part", "names no part of the list")])
    return found


def _with_faults(faults: list[list[Any]], **columns: Any) -> Draft:
    return Draft(**columns, faults=[Fault(*fault) for fault in faults])
