"""Facts over HTTP: which there are, and each as CSV."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from psycopg import AsyncConnection
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Receive, Scope, Send

from backend import db
from backend.chain.facts import Fact
from backend.domains import facts
from backend.errors import Problem, bad_field
from backend.kit.answers import Answer, Reading, problems
from backend.kit.moment import head
from backend.kit.types import BlockNumber

router = APIRouter(prefix="/v1", tags=["facts"])

AT_ONCE = 3
"""Exports that run at once; each holds a connection as long as its reader takes."""
WAIT = 2
"""Seconds for which one more waits: the end of an export reaches its reader before its place is free."""

_running = asyncio.BoundedSemaphore(AT_ONCE)


class FactColumn(BaseModel):
    name: str = Field(examples=["citizen"])
    solidity: str | None = Field(
        default=None, description="Missing for what every fact has.", examples=["address"]
    )
    postgresql: str = Field(examples=["bytea"])


class FactTable(BaseModel):
    """An event of a contract as a table."""

    fact: str = Field(examples=["awarded"])
    contract: str = Field(examples=["MeritLedger"])
    event: str = Field(examples=["Awarded"])
    columns: list[FactColumn]


@router.get("/facts", responses=problems(503))
async def list_facts(view: Reading) -> Answer[list[FactTable]]:
    """Every fact with its columns."""
    return Answer(at_block=view.at_block, data=[_table(fact) for fact in facts().values()])


@router.get(
    "/export/{fact}.csv",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "CSV with a header. Bytes and addresses are 0x and lower-case hex. `At-Block`"
            " names the block.",
            "content": {
                "text/csv": {
                    "example": "block_number,log_index,block_hash,tx_hash,block_time,city_id,citizen,…\n"
                }
            },
        },
        **problems(404, 422, 503),
    },
)
async def export(
    request: Request,
    fact: str,
    from_block: Annotated[BlockNumber, Query(description="First block.")] = 0,
    to_block: Annotated[
        BlockNumber | None, Query(description="Last block; unless told, the last one indexed.")
    ] = None,
) -> StreamingResponse:
    """All facts of a kind in the order of the chain."""
    table = facts().get(fact)
    if table is None:
        raise Problem(404, "There is no such fact.", [("fact", "is none of those under /v1/facts")])
    if to_block is not None and to_block < from_block:
        raise bad_field("to_block", "lies before from_block")
    return Export(request.app.state.engine, table, from_block, to_block)


class Export(StreamingResponse):
    """Rows of a fact as CSV, from one transaction that lasts as long as the sending does."""

    def __init__(self, engine: AsyncEngine, fact: Fact, first: int, last: int | None):
        super().__init__(
            iter(()),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{fact.table}.csv"'},
        )
        self._engine, self._fact, self._first, self._last = engine, fact, first, last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.wait_for(_running.acquire(), WAIT)
        except TimeoutError:
            raise Problem(
                503, f"{AT_ONCE} exports are running already.", headers={"Retry-After": "10"}
            ) from None
        try:
            async with self._engine.begin() as conn:
                now = await head(conn)
                self.headers["At-Block"] = f"{now.number}:0x{now.hash.hex()}"
                last = now.number if self._last is None else self._last
                self.body_iterator = _rows(db.driver(conn), self._fact, self._first, last)
                await super().__call__(scope, receive, send)
        finally:
            _running.release()


async def _rows(conn: AsyncConnection[Any], fact: Fact, first: int, last: int) -> AsyncIterator[bytes]:
    columns = ", ".join(_column(name, kind) for name, kind in fact.sql_columns.items())
    statement = (
        f'COPY (SELECT {columns} FROM "{fact.table}" WHERE block_number BETWEEN {first} AND {last}'
        " ORDER BY block_number, log_index) TO STDOUT WITH (FORMAT csv, HEADER)"
    )
    async with conn.cursor() as cur, cur.copy(statement) as copy:
        async for part in copy:
            yield bytes(part)


def _column(name: str, kind: str) -> str:
    return f"'0x' || encode(\"{name}\", 'hex') AS \"{name}\"" if kind == "bytea" else f'"{name}"'


def _table(fact: Fact) -> FactTable:
    solidity = {column.name: column.abi_type for column in fact.columns}
    return FactTable(
        fact=fact.table,
        contract=fact.contract,
        event=fact.event,
        columns=[
            FactColumn(name=name, solidity=solidity.get(name), postgresql=kind)
            for name, kind in fact.sql_columns.items()
        ],
    )
