"""Contracts that the deployment does not name: which of them factories of the ledger made."""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.facts import snake
from backend.domains import domains
from backend.kit.rows import values


async def by_factory(conn: AsyncConnection, address: bytes, name: str | None = None) -> bool:
    """Whether the ledger has the fact that a factory made this contract, of this name where one is given."""
    each = " UNION ALL ".join(
        f"SELECT 1 FROM {snake(factory.event)} WHERE {factory.column} = %(address)s"
        for domain in domains()
        for factory in domain.factories
        if name in (None, factory.contract)
    )
    return bool(each and await values(conn, f"{each} LIMIT 1", {"address": address}))
