"""Reading actions."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from backend import reasons
from backend.domains import actions
from backend.kit.json import dumps
from backend.kit.rows import row, rows
from backend.kit.texts import Texts
from backend.relay.schemas import ActionState
from backend.relay.tables import UNFINISHED
from backend.web.i18n import LANGUAGES, catalogue

_COLUMNS = (
    "id, name, account, fields, state, held, tx_hash, block_number, undone, path, reason,"
    " extract(epoch FROM created_at)::bigint AS created_at,"
    " extract(epoch FROM updated_at)::bigint AS updated_at"
)


async def action(conn: AsyncConnection, id: UUID) -> ActionState | None:
    """One action, None where there is none with this id."""
    return await row(conn, _state, f"SELECT {_COLUMNS} FROM action WHERE id = %(id)s", {"id": id})


async def by_digest(conn: AsyncConnection, digest: bytes) -> ActionState | None:
    """The action with this digest, None where there is none."""
    return await row(conn, _state, f"SELECT {_COLUMNS} FROM action WHERE digest = %(d)s", {"d": digest})


async def unfinished_in_slot(conn: AsyncConnection, name: str, account: bytes, slot: str) -> UUID | None:
    """The account's unfinished action of this name and slot."""
    found = await row(
        conn,
        dict,
        "SELECT id FROM action WHERE name = %(name)s AND account = %(account)s AND slot = %(slot)s"
        f" AND {UNFINISHED} LIMIT 1",
        {"name": name, "account": account, "slot": slot},
    )
    return found["id"] if found else None


async def of_account(
    conn: AsyncConnection,
    account: bytes,
    unfinished: bool | None = None,
    name: str | None = None,
    fields: dict[str, Any] | None = None,
    after: tuple[int, UUID] | None = None,
    limit: int = 50,
) -> list[tuple[int, ActionState]]:
    """An account's actions, newest first, each after the time that orders it (microseconds since 1970).

    `unfinished`: only those that are, or are not. `name`, `fields`: only those of this name whose fields hold
    these. `after`: time and id of the last one seen.
    """
    where = ["account = %(account)s"]
    if unfinished is not None:
        where.append(f"({UNFINISHED}) = %(unfinished)s")
    if name is not None:
        where.append("name = %(name)s")
    if fields is not None:
        where.append("fields @> %(fields)s::jsonb")
    if after is not None:
        where.append("(created_at, id) < (to_timestamp(0) + %(time)s * interval '1 microsecond', %(id)s)")
    time, id = after or (None, None)
    return await rows(
        conn,
        lambda at, **columns: (at, _state(**columns)),
        f"SELECT (extract(epoch FROM created_at) * 1000000)::bigint AS at, {_COLUMNS} FROM action"
        f" WHERE {' AND '.join(where)} ORDER BY action.created_at DESC, id DESC LIMIT %(limit)s",
        {
            "account": account,
            "unfinished": unfinished,
            "name": name,
            "fields": dumps(fields).decode(),
            "time": time,
            "id": id,
            "limit": limit,
        },
    )


def _state(name: str, reason: dict[str, Any] | None, **columns: Any) -> ActionState:
    known = actions().get(name)
    return ActionState(
        name=name,
        title=_texts(known.title if known else name),
        reason=reasons.of(**reason) if reason else None,
        **columns,
    )


def _texts(text: str) -> Texts:
    return Texts(**{language: catalogue(language).gettext(text) for language in LANGUAGES})
