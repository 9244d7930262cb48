"""Nothing is lost and nothing done twice, whatever comes together: workers that die at any step, a chain that
turns, forgets, gets dear and stands still. What counts at the end is what the chain says.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from backend import db
from backend.chain.rpc import Rpc
from tests.backend.relay.town import Killed, Town

PEOPLE, OFFERS, STEPS = 4, 6, 60


class Fuse:
    """Ends a worker after so many of its dealings with node and database: before one of them, or after it."""

    def __init__(self) -> None:
        self.left = -1
        self.random = random.Random(5)

    def set(self) -> None:
        self.left = self.random.choice((-1, self.random.randrange(40)))

    def burn(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def dealing(*arguments: Any, **options: Any) -> Any:
            self.burn()
            found = work(*arguments, **options)
            self.burn()
            return found

        return dealing


class Chaos:
    """A town under every kind of trouble. `queued`: ids of actions, by citizen and offer."""

    def __init__(self, town: Town, fuse: Fuse):
        self.town, self.chain, self.fuse, self.random = town, town.chain, fuse, random.Random(5)
        self.keys = [town.relayer("chaos 1"), town.relayer("chaos 2")]
        people = [town.citizens.pop() for _ in range(PEOPLE)]
        offers = [town.network.publish(1, price=10, stock=100) for _ in range(OFFERS)]
        town.index()
        self.due = [(who, offer) for who in people for offer in offers]
        self.random.shuffle(self.due)
        self.queued: dict[tuple[str, int], str] = {}
        self.point = self.chain.snapshot()
        self.killed = 0

    def step(self) -> None:
        often = [self.submit] * 8 + [self.work] * 8 + [self.mine] * 4 + [self.index] * 4
        money = [self.dearer, self.cheaper, self.drain, self.refill]
        chain = [self.forget, self.turn_chain, self.mark, self.stop_mining, self.go_on_mining]
        self.random.choice([*often, *money, *chain])()

    def submit(self) -> None:
        if not self.due:
            return
        who, offer = self.due.pop()
        body = self.town.signed(who, **self.town.fields(offer))
        answers = [self.town.submit(body) for _ in range(self.random.choice((1, 1, 3)))]
        assert {answer.status_code for answer in answers} == {202}
        (self.queued[who, offer],) = {answer.json()["data"]["id"] for answer in answers}

    def work(self) -> None:
        """One or several workers take a turn at once; some die in it."""
        keys = self.random.choices(self.keys, k=self.random.choice((1, 1, 2, 3)))

        async def all_at_once() -> None:
            await asyncio.gather(*(self.one(key) for key in keys), return_exceptions=True)

        self.fuse.set()
        asyncio.run(all_at_once())
        self.fuse.left = -1

    async def one(self, key: str) -> None:
        try:
            async with self.town.worker(key, relay_patience=self.random.choice((1e-9, 60, 60))) as worker:
                await worker.turn()
        except Killed:
            self.killed += 1

    def mine(self) -> None:
        self.chain.mine(self.random.choice((1, 1, 3)))

    def index(self) -> None:
        self.town.index()

    def forget(self) -> None:
        self.chain.call("anvil_dropAllTransactions")

    def dearer(self) -> None:
        self.chain.call("anvil_setNextBlockBaseFeePerGas", hex(self.random.choice((40, 150, 900)) * 10**9))
        self.chain.mine()

    def cheaper(self) -> None:
        self.chain.call("anvil_setNextBlockBaseFeePerGas", hex(10**9))
        self.chain.mine()

    def drain(self) -> None:
        self.town.relayer(f"chaos {self.random.choice((1, 2))}", 10**15)

    def refill(self) -> None:
        self.town.relayer("chaos 1")
        self.town.relayer("chaos 2")

    def mark(self) -> None:
        self.point = self.chain.snapshot()

    def turn_chain(self) -> None:
        """Another chain takes the place of all blocks since the last mark."""
        before = self.chain.head
        self.chain.revert(self.point)
        self.point = self.chain.snapshot()
        self.chain.call("evm_increaseTime", 3)
        self.chain.mine(max(before - self.chain.head, 0) + 1)

    def undo(self) -> None:
        """Whatever else happens: something that counted is taken back."""
        self.mark()
        self.go_on_mining()
        self.submit()
        self.settle()
        self.turn_chain()

    def stop_mining(self) -> None:
        self.chain.call("evm_setAutomine", False)

    def go_on_mining(self) -> None:
        self.chain.call("evm_setAutomine", True)
        self.chain.mine()

    def calm(self) -> None:
        """All troubles end; what was never submitted is."""
        self.go_on_mining()
        while self.due:
            self.submit()
        for _ in range(6):
            self.settle()
            if all(s["state"] in ("confirmed", "final") for s in self.states().values()):
                return

    def settle(self) -> None:
        for _ in range(2):
            self.refill()
            self.cheaper()
            for key in self.keys:
                self.town.turn(key)
            self.index()
        for key in self.keys:
            self.town.turn(key)

    def states(self) -> dict[tuple[str, int], dict[str, Any]]:
        return {pair: self.town.action(id) for pair, id in self.queued.items()}


@pytest.fixture
def fuse(monkeypatch: pytest.MonkeyPatch) -> Fuse:
    fuse = Fuse()
    brief = db.brief

    @asynccontextmanager
    async def brittle(engine: Any) -> AsyncIterator[Any]:
        async with brief(engine) as conn:
            yield conn
            fuse.burn()  # before the commit
        fuse.burn()

    monkeypatch.setattr(db, "brief", brittle)
    for name in ("batch", "ask"):
        monkeypatch.setattr(Rpc, name, fuse.around(getattr(Rpc, name)))
    return fuse


def test_r1_none_is_lost_and_none_done_twice(town: Town, fuse: Fuse) -> None:
    chaos = Chaos(town, fuse)
    for _ in range(STEPS // 2):
        chaos.step()
    chaos.undo()
    for _ in range(STEPS // 2):
        chaos.step()
    chaos.calm()
    states = chaos.states()
    assert len(states) == PEOPLE * OFFERS
    assert {pair: s for pair, s in states.items() if s["state"] not in ("confirmed", "final")} == {}
    assert {pair: town.vouchers(*pair) for pair in states} == dict.fromkeys(states, 1)
    with psycopg.connect(town.database) as connection:
        seals = connection.execute(
            "SELECT a.fields->>'seal', count(r.seal) FROM app.action a LEFT JOIN ledger.redeemed r"
            " ON '0x' || encode(r.seal, 'hex') = a.fields->>'seal' WHERE a.id = ANY(%s) GROUP BY 1",
            ([state["id"] for state in states.values()],),
        ).fetchall()
    assert len(seals) == len(states)
    assert {count for _, count in seals} == {1}
    assert chaos.killed > 0
    assert sum(state["undone"] for state in states.values()) > 0
