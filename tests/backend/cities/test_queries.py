"""What an account may do in each city is what the registry says."""

import asyncio

import pytest

from backend import db
from backend.cities import queries
from backend.cities.schemas import PARTNER, VERIFIER, Duties
from backend.kit.moment import at
from backend.migrations import upgrade
from tests.backend.network import Played


@pytest.fixture(scope="module", autouse=True)
def names_are_kept(played: Played) -> None:
    upgrade(played.database)


def roles_of(played: Played, wallet: str, block: int | None = None) -> list[Duties]:
    async def read() -> list[Duties]:
        async with db.engine(played.database, size=1) as engine, engine.begin() as conn:
            return await queries.roles_of(conn, await at(conn, block), bytes.fromhex(wallet[2:]))

    return asyncio.run(read())


def test_roles_of_an_account_are_those_of_the_registry(played: Played) -> None:
    network, seen = played.network, 0
    for wallet in network.wallets.values():
        found = {d.city_id: (d.steward, d.roles) for d in roles_of(played, wallet)}
        for city in network.cities:
            steward = network.read("CityRegistry", "stewardOf", city) == wallet
            roles = network.read("CityRegistry", "rolesOf", city, wallet)
            assert found.get(city, (False, 0)) == (steward, roles)
            seen += steward or roles > 0
    assert seen >= 4 * len(network.cities)


def test_roles_are_told_by_name(played: Played) -> None:
    partner, verifier = (played.network.wallets[f"{role} 1"] for role in ("partner", "verifier"))
    (found,) = roles_of(played, partner)
    assert (found.partner, found.verifier, found.steward, found.roles) == (True, False, False, PARTNER)
    assert roles_of(played, verifier)[0].roles == VERIFIER


def test_roles_at_an_earlier_block_are_those_of_then(played: Played) -> None:
    assert roles_of(played, played.network.wallets["partner 1"], block=5) == []
