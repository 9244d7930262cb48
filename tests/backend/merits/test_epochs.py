"""Trees of epochs are those of OpenZeppelin, and what can be claimed is what the contract lets be claimed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import orjson
import pytest
from eth_abi import encode
from sqlalchemy.ext.asyncio import AsyncConnection

from backend import db
from backend.kit import merkle
from backend.kit.hashing import keccak
from backend.kit.moment import at
from backend.merits.epochs import Award, EpochError, Leaf, Tree, claimable, store_epoch, tree
from backend.migrations import upgrade
from tests.backend.network import DAY, PERIOD, Network

T = TypeVar("T")


def award(number: int, times: int = 1) -> Award:
    return Award(number.to_bytes(20, "big"), times, keccak(b"evidence %d" % number))


def test_the_root_is_that_of_openzeppelins_own_example() -> None:
    values = [("0x" + "1" * 40, 5 * 10**18), ("0x" + "2" * 40, 25 * 10**17)]
    nodes, _ = merkle.build([merkle.leaf_hash(encode(["address", "uint256"], value)) for value in values])
    assert nodes[:32].hex() == "d4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77"


def test_a_leaf_is_encoded_as_the_contract_does() -> None:
    leaf = award(7, 3)
    assert leaf.encoded == encode(
        ["address", "uint16", "bytes32"], ["0x" + leaf.citizen.hex(), 3, leaf.evidence]
    )


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 64, 1000])
def test_every_proof_leads_to_the_root(count: int) -> None:
    made = tree([award(n) for n in range(count)])
    for place in {0, count // 2, count - 1}:
        leaf = merkle.leaf_hash(made.awards[place].encoded)
        assert merkle.verify(made.root, leaf, made.proof(place))
        assert not merkle.verify(made.root, leaf[::-1], made.proof(place))


@pytest.mark.parametrize(
    ("awards", "said"),
    [
        ([], "at least one"),
        ([award(1), award(2), award(1)], "award 3: the citizen 0x00"),
        ([award(1, 0)], "award 1: 0 acts"),
        ([award(1), award(2, 65536)], "award 2: 65536 acts"),
        ([Award(b"short", 1, bytes(32))], "wrong length"),
    ],
)
def test_what_makes_no_epoch_is_said_by_line(awards: list[Award], said: str) -> None:
    with pytest.raises(EpochError, match=said):
        tree(awards)


class Ledger:
    """An indexed network, and a way to run queries on it."""

    def __init__(self, network: Network, database: str):
        self.network, self.database = network, database

    def run(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async def run() -> T:
            async with db.engine(self.database, size=1) as engine, engine.begin() as conn:
                return await work(conn)

        return asyncio.run(run())

    def store(self, made: Tree) -> bytes:
        return self.run(lambda conn: store_epoch(conn, made))

    def claimable(self, name: str, block: int | None = None) -> list[Leaf]:
        self.network.index(self.database)
        wallet = bytes.fromhex(self.network.wallet(name)[2:])

        async def work(conn: AsyncConnection) -> list[Leaf]:
            return await claimable(conn, await at(conn, block), wallet)

        return self.run(work)

    def can_claim(self, leaf: Leaf) -> None:
        """Asks the contract; raises where it says no."""
        proof = [bytes.fromhex(node[2:]) for node in leaf.proof]
        claim = (leaf.city_id, leaf.epoch_id, leaf.times, bytes.fromhex(leaf.evidence[2:]), proof)
        self.network.read("MeritLedger", "claim", leaf.citizen, claim)


@pytest.fixture(scope="module")
def ledger(anvil, database: str) -> Iterator[Ledger]:
    network = Network(anvil)
    network.settle(network.open_city("geonames:1"), citizens=6)
    network.index(database)
    upgrade(database)
    return Ledger(network, database)


def names(*numbers: int) -> list[str]:
    return [f"citizen 1.{n}" for n in numbers]


def test_claimable_leaves_are_claimable_until_claimed_reversed_cancelled_or_over(ledger: Ledger) -> None:
    network = ledger.network
    claimer, reversed_, waiting = names(0, 1, 2)
    epoch = network.open_epoch(1, {name: n + 1 for n, name in enumerate(names(0, 1, 2))})
    assert ledger.claimable(waiting) == []  # nobody has given us the list
    made = network.epochs[1, epoch]
    assert ledger.store(made) == ledger.store(made) == keccak(made.content)
    opened = network.chain.head

    for n, name in enumerate((claimer, reversed_, waiting)):
        (leaf,) = ledger.claimable(name)
        assert (leaf.city_id, leaf.epoch_id, leaf.times, leaf.points) == (1, epoch, n + 1, 10 * (n + 1))
        ledger.can_claim(leaf)

    network.claim(1, epoch, claimer)
    leaf = network.leaf(1, epoch, reversed_)
    network.send(
        "moderator 1", "MeritLedger", "reverseEpochAward", network.wallet(reversed_), leaf, keccak(b"why")
    )
    assert (ledger.claimable(claimer), ledger.claimable(reversed_)) == ([], [])
    assert [len(ledger.claimable(name, opened)) for name in (claimer, reversed_)] == [1, 1]

    network.pass_time(PERIOD)
    (leaf,) = ledger.claimable(waiting)
    ledger.can_claim(leaf)
    assert network.time < leaf.claimable_until <= network.time + PERIOD
    network.pass_time(PERIOD)
    assert ledger.claimable(waiting) == []

    second = network.open_epoch(1, {waiting: 1})
    ledger.store(network.epochs[1, second])
    assert [leaf.epoch_id for leaf in ledger.claimable(waiting)] == [second]
    network.send("moderator 1", "MeritLedger", "cancelEpoch", 1, second, keccak(b"why"))
    assert ledger.claimable(waiting) == []


def test_a_recovered_wallet_claims_what_was_meant_for_the_old_one(ledger: Ledger) -> None:
    network = ledger.network
    old, new = *names(4), "a new wallet"
    network.pass_time(DAY)
    epoch = network.open_epoch(1, {old: 5, names(5)[0]: 1}, kind=1)
    ledger.store(network.epochs[1, epoch])
    network.recover(1, old, new)
    assert ledger.claimable(old) == []
    (leaf,) = ledger.claimable(new)
    assert leaf.citizen == network.wallet(old)
    ledger.can_claim(leaf)
    network.claim(1, epoch, old)
    assert ledger.claimable(new) == []
    assert network.read("MeritLedger", "balanceOf", 1, network.wallet(new))[1] == 200


def test_the_list_is_kept_as_content_that_makes_the_same_tree(ledger: Ledger) -> None:
    made = next(iter(ledger.network.epochs.values()))
    ledger.store(made)
    with db.connect(ledger.database) as conn:
        (body,) = conn.execute("SELECT body FROM content WHERE hash = %s", [keccak(made.content)]).fetchone()
    leaves = orjson.loads(body)["leaves"]
    again = tree([Award(bytes.fromhex(c[2:]), times, bytes.fromhex(e[2:])) for c, times, e in leaves])
    assert again.root == made.root
