"""Changing actions: every change is told."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend import reasons
from backend.chain.contract import Reverted
from backend.kit.rows import rows, values
from backend.kit.types import checksum

CHANNEL = "relay"
"""Where each step of an action is told, with its account."""


async def change(conn: AsyncConnection, what: str, where: str, **parameters: Any) -> list[dict[str, Any]]:
    """Changes actions and tells it; id, name, account and fields of each.

    `what`: SQL after SET; `where`: after it, may begin with FROM. The action is `a`.
    """
    changed = await rows(
        conn,
        dict,
        f"UPDATE action a SET {what}, updated_at = now() {where} RETURNING a.id, a.name, a.account, a.fields",
        parameters,
    )
    await tell(conn, {row["account"] for row in changed})
    return changed


async def tell(conn: AsyncConnection, accounts: set[bytes]) -> None:
    """Tells that something became of these accounts' actions, once this transaction is committed."""
    if accounts:
        await values(
            conn,
            "SELECT pg_notify(%s, account) FROM unnest(%s::text[]) account",
            (CHANNEL, [checksum(bytes(account)) for account in accounts]),
        )


def reason(error: Reverted) -> dict[str, Any]:
    """Why a contract refused, as it is kept."""
    return {"name": error.name, "values": reasons.shown(error)}
