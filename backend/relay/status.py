"""How the relay stands: its accounts, and what waits."""

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.rows import rows, values
from backend.kit.types import Address, Amount
from backend.relay.tables import UNFINISHED

TYPICAL_GAS = 300_000
"""Gas of an action, as long as none was sent: a redemption with an award that is claimed with it."""

AWAY = 3600
"""Seconds after which an account that no worker has looked at is not shown any more."""


class RelayAccount(BaseModel):
    """An account that the relay sends from."""

    address: Address
    balance: Amount = Field(description="Wei.")
    actions: int = Field(description="Typical actions that it can still pay for.", examples=[41000])
    seen_seconds: int = Field(description="Since its worker last looked.", examples=[4])


class RelayStatus(BaseModel):
    """`low`: no account has money for `CITYNET_RELAY_LOW` typical actions, or no worker runs."""

    accounts: list[RelayAccount]
    waiting: int = Field(description="Actions that are not in a block yet.", examples=[0])
    oldest_seconds: int | None = Field(description="How long the oldest of them waits.", examples=[None])
    low: bool
    warning: str | None = Field(examples=[None])


async def relay_status(conn: AsyncConnection, enough: int) -> RelayStatus:
    """The relay now. `enough`: typical actions for which there should be money."""
    accounts = await rows(
        conn,
        RelayAccount,
        "SELECT address, balance, extract(epoch FROM now() - checked_at)::bigint AS seen_seconds,"
        " least(floor(balance / greatest(fee * (SELECT coalesce(avg(gas), %(gas)s)::bigint FROM"
        " (SELECT gas FROM attempt WHERE action IS NOT NULL ORDER BY sent_at DESC LIMIT 100) g), 1)),"
        " 1000000000)::bigint AS actions"
        " FROM relayer WHERE checked_at > now() - %(away)s * interval '1 second' ORDER BY address",
        {"gas": TYPICAL_GAS, "away": AWAY},
    )
    ((waiting, oldest),) = await values(
        conn,
        "SELECT count(*), extract(epoch FROM now() - min(created_at))::bigint FROM action"
        f" WHERE {UNFINISHED} AND state <> 'included' AND part IS NULL",
    )
    most = max((account.actions for account in accounts), default=0)
    return RelayStatus(
        accounts=accounts,
        waiting=waiting,
        oldest_seconds=oldest,
        low=most < enough,
        warning=_warning(accounts, most, enough),
    )


def _warning(accounts: list[RelayAccount], most: int, enough: int) -> str | None:
    if not accounts:
        return "No relay runs: what people sign waits. Start `citynet relay`."
    if most >= enough:
        return None
    names = ", ".join(account.address for account in accounts)
    return f"There is money for {most} actions left. Send ether to {names}."
