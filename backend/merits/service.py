"""Putting together what several domains know of a citizen."""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities import queries as cities
from backend.kit.moment import Moment
from backend.kit.types import checksum
from backend.merits import accounts, epochs, rewards
from backend.merits.schemas import Citizen, CitizenCity, PendingRecovery

SHOWN = 50
"""How many vouchers and lines of history a citizen's overview names."""


async def citizen(conn: AsyncConnection, moment: Moment, wallet: bytes) -> Citizen:
    """All that a citizen's page shows; empty lists where the wallet is unknown."""
    registered = {c.city_id: c for c in await cities.citizenships(conn, moment, wallet)}
    held = {b.city_id: b for b in await accounts.balances(conn, moment, wallet)}
    numbers = list(dict.fromkeys([*held, *registered]))
    names = await cities.names(conn, moment, numbers)
    former = await cities.former_wallets(conn, moment, wallet)
    return Citizen(
        address=checksum(wallet),
        cities=[
            CitizenCity(
                name=names.get(number),
                **(
                    registered[number].model_dump(include={"nullifier", "since", "successor"})
                    if number in registered
                    else {}
                ),
                **(held[number].model_dump() if number in held else {"city_id": number}),
            )
            for number in numbers
        ],
        claimable=await epochs.claimable(conn, moment, wallet),
        vouchers=[v for _, v in await rewards.vouchers_of(conn, moment, wallet, former, limit=SHOWN)],
        history=await accounts.entries(conn, moment, wallet, limit=SHOWN),
        recoveries=[
            PendingRecovery(**r.model_dump(exclude={"evidence"}))
            for r in await cities.recoveries(conn, moment, wallet)
        ],
    )
