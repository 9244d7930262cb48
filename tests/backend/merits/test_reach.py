"""What citizens can spend is what the ledger says and epochs hold; the offers are those it suffices for."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from backend import db
from backend.kit.moment import Moment, head
from backend.kit.types import checksum
from backend.merits import epochs, reach, rewards
from backend.merits.reach import Purse
from backend.migrations import upgrade
from tests.backend.network import Played

T = TypeVar("T")
Ask = Callable[[AsyncConnection, Moment], Awaitable[T]]


@pytest.fixture(scope="module")
def database(played: Played) -> Iterator[str]:
    """The network's ledger with the leaves of its epochs."""

    async def keep(url: str) -> None:
        async with db.engine(url, size=1) as engine, engine.begin() as conn:
            for tree in played.network.epochs.values():
                await epochs.store_epoch(conn, tree)

    with played.copy() as url:
        upgrade(url)
        asyncio.run(keep(url))
        yield url


def asked(database: str, ask: Ask[T]) -> T:
    async def read() -> T:
        async with db.engine(database, size=1) as engine, engine.begin() as conn:
            return await ask(conn, await head(conn))

    return asyncio.run(read())


def wallets(played: Played) -> dict[str, bytes]:
    named = played.network.wallets.items()
    return {name: bytes.fromhex(wallet[2:]) for name, wallet in named if name.startswith("citizen")}


def test_purses_hold_what_the_ledger_says_and_what_waits(played: Played, database: str) -> None:
    async def ask(conn: AsyncConnection, moment: Moment) -> int:
        waiting = 0
        for wallet in wallets(played).values():
            leaves = await epochs.claimable(conn, moment, wallet)
            for purse in await reach.purses(conn, moment, wallet):
                mine = (purse.city_id, checksum(wallet))
                here = [leaf for leaf in leaves if (leaf.city_id, leaf.citizen) == mine]
                a, b, lifetime = played.network.read("MeritLedger", "balanceOf", *mine)
                assert (purse.held, purse.standing) == (a + b, lifetime)
                assert purse.waiting == sum(leaf.points for leaf in here)
                assert purse.merits == sum(expiry.merits for expiry in purse.expires)
                assert [e.at for e in purse.expires] == sorted({e.at for e in purse.expires})
                waiting += purse.waiting > 0
        return waiting

    assert asked(database, ask) > 0


def test_offers_within_reach_are_those_that_the_contract_lets_be_redeemed(
    played: Played, database: str
) -> None:
    async def ask(conn: AsyncConnection, moment: Moment) -> tuple[int, int]:
        every = await rewards.offers(conn, moment, open_only=True, limit=500)
        seen = near = 0
        for wallet in wallets(played).values():
            held = await reach.purses(conn, moment, wallet)
            found = await reach.within_reach(conn, moment, wallet, held, most=500, near=500)
            expected = {}
            for offer in every:
                lacks = [max(0, offer.price - p.merits) for p in held if p.city_id in offer.accepts]
                had = await reach.had(conn, moment, wallet, offer.offer_id)
                counted = played.network.read(
                    "RewardMarket", "redemptionsOf", offer.offer_id, checksum(wallet)
                )
                assert had == counted
                if lacks and not 0 < offer.limit <= had:
                    expected[offer.offer_id] = min(lacks)
            assert {offer.offer_id: offer.lacks for offer in found} == expected
            home = {purse.city_id for purse in held}
            placed = [(offer.lacks, offer.city_id not in home, -offer.offer_id) for offer in found]
            assert placed == sorted(placed), "what one can have first, then what is at home, then the newest"
            seen += sum(not offer.lacks for offer in found)
            near += sum(offer.lacks > 0 for offer in found)
        return seen, near

    assert all(asked(database, ask))


def test_limits_cut_each_list_by_itself(played: Played, database: str) -> None:
    async def ask(conn: AsyncConnection, moment: Moment) -> list[int]:
        wallet = next(iter(wallets(played).values()))
        held = [Purse(city, held=10) for city in played.network.cities]
        found = await reach.within_reach(conn, moment, wallet, held, most=1, near=1)
        return [offer.lacks for offer in found]

    assert asked(database, ask) == [0, 10]


def test_payments_name_the_accepted_cities_that_leave_most_first(played: Played, database: str) -> None:
    async def ask(conn: AsyncConnection, moment: Moment) -> None:
        for offer in await rewards.offers(conn, moment, limit=500):
            held = [Purse(city, held=10 * city) for city in played.network.cities]
            ways = reach.payments(offer, held)
            assert {way.purse.city_id for way in ways} == set(offer.accepts)
            assert [way.left for way in ways] == sorted((way.left for way in ways), reverse=True)
            assert all(way.left == 10 * way.purse.city_id - offer.price for way in ways)

    asked(database, ask)
