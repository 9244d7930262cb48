"""Facts of all tables in the chain's order, as the stream tells them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.facts import HEADER, Column
from backend.domains import domains, facts
from backend.kit.rows import rows
from backend.kit.types import checksum


@dataclass(frozen=True)
class FactEvent:
    """A fact with its parameters as JSON shows them. `cities` and `addresses` (20 bytes) are those that it
    concerns.
    """

    fact: str
    block_number: int
    log_index: int
    block_hash: bytes
    block_time: int
    tx_hash: bytes
    data: dict[str, Any]
    cities: frozenset[int]
    addresses: frozenset[str]


async def facts_after(conn: AsyncConnection, block: int, log: int, last: int, limit: int) -> list[FactEvent]:
    """At most `limit` facts after fact `log` of a block up to the block `last`, in the chain's order."""
    return await rows(conn, _event, _all(), {"block": block, "log": log, "last": last, "limit": limit})


@cache
def _all() -> str:
    related = {fact: query for domain in domains() for fact, query in domain.related.items()}
    tables = " UNION ALL ".join(
        f"(SELECT '{table}' AS fact, {', '.join(f'f.{name}' for name in HEADER)}, to_jsonb(f) AS data,"
        f" {_json(related.get(table))}"
        f' FROM "{table}" f WHERE (f.block_number, f.log_index) > (%(block)s, %(log)s) AND f.block_number <='
        f" %(last)s"
        " ORDER BY f.block_number, f.log_index LIMIT %(limit)s)"
        for table in facts()
    )
    return f"{tables} ORDER BY block_number, log_index LIMIT %(limit)s"


def _json(query: str | None) -> str:
    return f"(SELECT to_jsonb(r) FROM ({query}) r) AS related" if query else "NULL::jsonb AS related"


def _event(
    fact: str,
    block_number: int,
    log_index: int,
    block_hash: bytes,
    tx_hash: bytes,
    block_time: int,
    data: dict[str, Any],
    related: dict[str, Any] | None,
) -> FactEvent:
    columns = facts()[fact].columns
    shown = {column.name: _shown(column)(data[column.name]) for column in columns}
    further = {name: _by_value(value) for name, value in (related or {}).items()}
    everything = [*shown.items(), *further.items()]
    return FactEvent(
        fact,
        block_number,
        log_index,
        bytes(block_hash),
        block_time,
        bytes(tx_hash),
        shown,
        frozenset(value for name, value in everything if name in ("city_id", "home_id")),
        frozenset(value for _, value in everything if isinstance(value, str) and len(value) == 42),
    )


def _shown(column: Column) -> Callable[[Any], Any]:
    """How the JSON that PostgreSQL makes of a column becomes the JSON that is answered."""
    if column.sql_type == "bytea":
        return _address if column.abi_type == "address" else _hex
    return str if column.sql_type.startswith("numeric") else _same


def _by_value(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("\\x"):
        return _address(value) if len(value) == 42 else _hex(value)
    return value


def _address(value: str) -> str:
    return checksum(bytes.fromhex(value[2:]))


def _hex(value: str) -> str:
    return "0x" + value[2:]


def _same(value: Any) -> Any:
    return value
