"""What a business's desk reads and writes down, beside what the contracts say."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from backend import db
from backend.cities.schemas import Duties
from backend.kit.moment import Moment, at, head
from backend.kit.rows import values
from backend.kit.types import checksum
from backend.merits import publishing, rewards
from backend.merits.publishing import Draft
from backend.merits.schemas import Voucher
from backend.merits.tokens import tokens
from backend.migrations import upgrade
from backend.relay.chain import Chain
from tests.backend.network import Network, Played

T = TypeVar("T")
OPEN = 1
NOW = 1_767_225_600
GOOD = {
    "city_id": "1", "title.ru": "Кофе", "title.en": "Coffee", "price": "12", "stock": "1 000", "term": "30",
    "closes": "2026-03-31",
}  # fmt: skip
PARTNER = [Duties(city_id=1, steward=False, roles=8), Duties(city_id=2, steward=False, roles=8)]


@pytest.fixture(scope="module", autouse=True)
def _with_content(played: Played) -> None:
    upgrade(played.database)


def look(played: Played, work: Callable[[AsyncConnection, Moment], Awaitable[T]]) -> T:
    async def run() -> T:
        async with db.engine(played.database, size=1) as engine, engine.begin() as conn:
            return await work(conn, await head(conn))

    return asyncio.run(run())


def written(played: Played, **fields: str) -> Draft:
    """The draft of the good form with some fields in place of its own."""
    return look(played, lambda conn, moment: publishing.read(conn, moment, GOOD | fields, PARTNER, NOW))


def partners(network: Network) -> list[bytes]:
    return [bytes.fromhex(network.wallet(f"partner {city}")[2:]) for city in network.cities]


def test_vouchers_that_wait_are_those_the_contract_has_open(played: Played):
    async def waiting(conn: AsyncConnection, _: Moment) -> tuple[Moment, list[Voucher], list[Voucher]]:
        blocks = await values(conn, "SELECT block_number FROM redeemed ORDER BY 1 OFFSET 9 LIMIT 1")
        moment = await at(conn, blocks[0][0])
        offers = await rewards.offers(conn, moment, limit=500)
        redeemed = [v for o in offers for _, v in await rewards.vouchers_at(conn, moment, o.offer_id)]
        whose = [await rewards.waiting(conn, moment, p, limit=500) for p in partners(played.network)]
        for own in whose:
            assert [v.expires for v in own] == sorted(v.expires for v in own)
        return moment, redeemed, [voucher for own in whose for voucher in own]

    moment, redeemed, found = look(played, waiting)
    read = partial(played.network.read, "RewardMarket", "voucherOf", block=moment.number)
    still = {v.voucher_id for v in redeemed if v.expires > moment.time and read(v.voucher_id)[0] == OPEN}
    assert {voucher.voucher_id for voucher in found} == still
    assert still


def test_vouchers_that_wait_come_in_pages_and_by_offer(played: Played):
    async def pages(conn: AsyncConnection, _: Moment) -> None:
        blocks = await values(conn, "SELECT block_number FROM redeemed ORDER BY 1 OFFSET 9 LIMIT 1")
        moment = await at(conn, blocks[0][0])
        for partner in partners(played.network):
            whole = await rewards.waiting(conn, moment, partner, limit=500)
            seen, after = [], None
            while page := await rewards.waiting(conn, moment, partner, after=after, limit=2):
                seen += page
                after = (page[-1].expires, page[-1].voucher_id)
            assert seen == whole
            for offer_id in {voucher.offer_id for voucher in whole}:
                only = await rewards.waiting(conn, moment, partner, offer_id, limit=500)
                assert only == [voucher for voucher in whole if voucher.offer_id == offer_id]

    look(played, pages)


def test_earnings_are_what_the_contract_would_pay(played: Played):
    for partner in partners(played.network):
        address = checksum(partner)
        found = look(played, lambda conn, moment, p=partner: rewards.earnings(conn, moment, p))
        for earning in found:
            there = played.network.read("RewardMarket", "earnedOf", address, earning.token)
            assert earning.amount == there > 0


def test_offer_that_is_filled_in_well_means_what_was_typed(played: Played):
    draft = written(played, accepts="2, 3\n1")
    assert draft.faults == {}
    assert draft.fields == {
        "city_id": 1, "title.ru": "Кофе", "title.en": "Coffee", "price": 12, "stock": 1000, "limit": 0,
        "term": 30 * 86_400, "closes": 1775001600, "accepts": [2, 3],
    }  # fmt: skip
    assert draft.cities == [1, 2, 3]


@pytest.mark.parametrize(
    ("field", "typed", "fault"),
    [
        ("city_id", "3", "Choose a city"),
        ("price", "0", "A whole number from"),
        ("price", "4294967296", "A whole number from"),
        ("price", "1.5", "A whole number from"),
        ("price", "٣", "A whole number from"),
        ("stock", "", "A whole number from"),
        ("limit", "65536", "A whole number from"),
        ("term", "9" * 30, "A whole number from"),
        ("closes", "31.03.2026", "Give a day"),
        ("closes", "2025-12-31", "This day is over"),
        ("opens", "2026-04-01", "The last day lies before"),
        ("opens", "2026-02-30", "Give a day"),
        ("accepts", "Atlantis", "No city of the network"),
        ("terms.en", "x" * 4001, "At most %(most)s letters"),
    ],
    ids=lambda value: value[:20],
)
def test_fault_of_an_offer_is_told_of_its_field(played: Played, field: str, typed: str, fault: str):
    draft = written(played, **{field: typed})
    place = "closes" if field == "opens" and fault.startswith("The last") else field
    assert set(draft.faults) == {place}
    assert draft.faults[place][0].startswith(fault)
    assert draft.typed[field] == typed


def test_title_in_one_language_is_enough(played: Played):
    draft = written(played, **{"title.ru": "", "title.en": " Coffee "})
    assert (draft.faults, draft.fields["title.en"]) == ({}, "Coffee")
    assert set(written(played, **{"title.ru": "", "title.en": ""}).faults) == {"title.ru"}


def test_tokens_say_who_they_are_and_a_lost_node_holds_nothing_up(played: Played):
    network = played.network
    token = network.contracts["TestToken"].address
    market = network.contracts["RewardMarket"].address
    nobody = "0x" + "11" * 20

    async def ask(rpc: str) -> dict[str, Any]:
        chain = Chain(rpc, network.deployment)
        return await tokens(chain, [token, market, nobody, None])

    known = asyncio.run(ask(network.chain.url))
    assert set(known) == {token}
    assert (known[token].symbol, known[token].decimals) == ("TRUB", 18)
    assert asyncio.run(ask("http://127.0.0.1:9")) == {}
