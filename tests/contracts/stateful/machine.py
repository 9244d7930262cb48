"""What the stateful test stands on: network, model and record, taken forward together."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.contracts.kit.contract import Contract, Function, Receipt, Record
from tests.contracts.kit.people import Person
from tests.contracts.kit.world import World
from tests.contracts.model import record
from tests.contracts.model.cities import Cities
from tests.contracts.model.merits import Merits
from tests.contracts.model.rewards import Rewards
from tests.contracts.stateful.game import Game

CITIES = (1, 2)


class Machine(Game):
    """The network beside its model, both taken forward by the same steps."""

    token: Contract
    begun: list[tuple[list[Any], int]]  # events of the network up to the first step, with their time

    @classmethod
    def prepare(cls, w: World) -> None:
        super().prepare(w)
        cls.token = w.money(w.sponsor, 10_000)
        cls.begun = history(w)

    def begin(self) -> None:
        w = self.w
        self.cities = Cities(w.recovery_delay)
        self.merits = Merits(self.cities, w.origin, w.length, now=w.now)
        self.rewards = Rewards(self.merits)
        self.record = record.Record()
        for events, time in self.begun:
            self.record.fold(events, time)
        self.copy_beginning()
        self.batches: list[dict[str, Any]] = []  # as a moderator gives them
        self.trees: list[tuple[int, int, Any]] = []  # city, epoch, tree
        self.vouchers: list[Record] = []
        self.signatures: list[tuple[Any, ...]] = []  # sent once, to be sent again
        self.last, self.stale = None, True
        self.seen: dict[str, Any] = {}
        self.before: dict[str, Any] = {}  # the look before, empty where time has passed since

    def copy_beginning(self) -> None:
        """The model of what `World.settle` did."""
        w, begun = self.w, self.record
        self.cities.stewards = dict(begun.stewards)
        self.cities.roles = dict(begun.roles)
        self.cities.owner = dict(begun.nullifiers)
        self.cities.wallet = dict(begun.wallets)
        self.merits.kinds = dict(begun.kinds)
        for city in CITIES:
            self.merits.rules[city].cap = w.cap
        self.merits.per_period[1, w.verifier] = self.merits.per_period[2, w.other_verifier] = w.budget

    # ------------------------------------------------------------------- steps

    def took(self, receipt: Receipt) -> None:
        self.record.fold(receipt.events, self.merits.now)

    def travel_to(self, time: int) -> None:
        self.last, self.stale = None, True
        if time > self.merits.now:
            self.seen = {}
            self.w.node.travel_to(time)
            self.merits.now = time

    def verifier(self, city: int) -> str:
        return self.w.verifier if city == 1 else self.w.other_verifier

    def moderator(self, city: int) -> str:
        return self.w.moderator if city == 1 else self.w.other_moderator

    def somebody(self, city: int, number: int) -> Person:
        """A citizen of the city; by a number of 8 or more anybody."""
        citizens = [wallet for (of, _), wallet in self.cities.wallet.items() if of == city]
        wallet = citizens[number % len(citizens)] if number < 8 else self.wallets[-number % 8]
        return next(person for person in self.wallets if person == wallet)

    @property
    def wallets(self) -> list[Person]:
        w = self.w
        citizens = [w.citizen, w.neighbour, w.third, w.guest]
        return [*citizens, w.new_wallet, w.newer_wallet, w.newest_wallet, w.stranger]

    # -------------------------------------------------------------------- sight

    def look(self) -> dict[str, Any]:
        """What the contracts answer now, in one request; the sight before is kept in `before`."""
        w = self.w
        asked: list[tuple[str, Any, Function, tuple[Any, ...]]] = [
            ("earned", None, w.market.earnedOf, (w.partner, self.token.address)),
            ("money", None, self.token.balanceOf, (w.market.address,)),
        ]
        homes = [(city, wallet) for city in CITIES for wallet in self.wallets]
        for kind, function, keys in (
            ("balance", w.ledger.balanceOf, homes),
            ("nullifier", w.registry.nullifierOf, homes),
            ("current", w.registry.currentWallet, self.cities.owner),
            ("wallet", w.registry.walletOf, self.cities.wallet),
            ("epoch", w.ledger.epochOf, self.merits.epochs),
            ("offer", w.market.offerOf, [(number,) for number in self.rewards.offers]),
            ("pool", w.market.poolOf, [(number,) for number in self.rewards.offers]),
            ("voucher", w.market.voucherOf, [(number,) for number in self.rewards.vouchers]),
        ):
            asked += [(kind, key if len(key) > 1 else key[0], function, key) for key in keys]
        answers = w.node.requests([function.request(*args) for _, _, function, args in asked])
        seen: dict[str, Any] = defaultdict(dict)
        for (kind, key, function, _), answer in zip(asked, answers, strict=True):
            value = function.answer(answer)
            if key is None:
                seen[kind] = value
            else:
                seen[kind][key] = tuple(value.values()) if kind == "balance" else value
        self.before, self.seen, self.stale = self.seen, seen, False
        return seen


def history(w: World) -> list[tuple[list[Any], int]]:
    """All events of the network so far, by block, with its time."""
    logs = w.node.request("eth_getLogs", {"fromBlock": hex(w.first_block), "toBlock": "latest"})
    blocks: dict[str, list[Any]] = {}
    for log in logs:
        if event := w.book.event(log):
            blocks.setdefault(log["blockNumber"], []).append(event)
    headers = w.node.requests(("eth_getBlockByNumber", [number, False]) for number in blocks)
    times = [int(header["timestamp"], 16) for header in headers]
    return list(zip(blocks.values(), times, strict=True))
