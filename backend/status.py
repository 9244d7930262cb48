"""The state of the ledger over HTTP: which chain, how far, how far behind, which versions."""

from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.deployment import Deployment
from backend.kit.answers import Answer, Reading, problems
from backend.kit.rows import rows
from backend.relay.status import RelayStatus, relay_status

router = APIRouter(prefix="/v1", tags=["ledger"])


class ContractPlace(BaseModel):
    """Where a contract is, and the block that it was made in."""

    address: str = Field(examples=["0x5FbDB2315678afecb367f032d93F642f64180aa3"])
    block: int = Field(examples=[1])


class Versions(BaseModel):
    """`ledger` is the fingerprint of the tables' definitions, `app` the revision of what the backend adds."""

    backend: str = Field(examples=["0.1.0"])
    postgresql: str = Field(examples=["18.1"])
    ledger: str = Field(examples=["a3f5"])
    app: str = Field(examples=["0001"])


class Status(BaseModel):
    """How far the ledger is. Block times are seconds since 1970."""

    chain_id: int = Field(examples=[31337])
    head_number: int = Field(
        description="The chain's last block when the indexer last looked.", examples=[50]
    )
    head_time: int = Field(examples=[1767225604])
    indexed_number: int = Field(examples=[48])
    indexed_time: int = Field(examples=[1767225600])
    finalized_number: int = Field(description="Blocks up to this one stay.", examples=[0])
    lag_blocks: int = Field(examples=[2])
    lag_seconds: int = Field(description="Between the two blocks' times.", examples=[4])
    contracts: dict[str, ContractPlace] = Field(
        examples=[{"CityRegistry": {"address": "0x5FbDB2315678afecb367f032d93F642f64180aa3", "block": 1}}]
    )
    relay: RelayStatus
    versions: Versions


async def status(conn: AsyncConnection, deployment: Deployment, enough: int) -> Status:
    """The state of the ledger now. `enough`: typical actions for which the relay should have money."""
    found: list[dict[str, Any]] = await rows(
        conn,
        dict,
        "SELECT c.chain_id, c.head_number, c.head_time, c.number AS indexed_number, c.time AS indexed_time,"
        " c.finalized_number, greatest(c.head_number - c.number, 0) AS lag_blocks,"
        " greatest(c.head_time - c.time, 0) AS lag_seconds, c.fingerprint,"
        " current_setting('server_version') AS server,"
        " (SELECT version_num FROM app.alembic_version) AS revision FROM cursor c",
    )
    row = found[0]
    return Status(
        **row,
        contracts={
            name: ContractPlace(address=p.address, block=p.block) for name, p in deployment.contracts.items()
        },
        relay=await relay_status(conn, enough),
        versions=Versions(
            backend=release(),
            postgresql=row["server"].split()[0],
            ledger=row["fingerprint"],
            app=row["revision"],
        ),
    )


@router.get("/status", responses=problems(503))
async def read_status(request: Request, view: Reading) -> Answer[Status]:
    """Which chain is read, how far the ledger is, and where the contracts are."""
    state = request.app.state
    found = await status(view.conn, state.deployment, state.settings.relay_low)
    return Answer(at_block=view.at_block, data=found)


@cache
def release() -> str:
    return version("citynet-ledger")
