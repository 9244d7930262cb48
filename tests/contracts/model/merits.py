"""Merits, kept as naively as the rules are told: what each person earned in each period and still has.

Nothing rolls over here. What a period's merits are worth follows from the time at which one asks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.contracts.model.cities import MODERATOR, VERIFIER, Cities, Person
from tests.contracts.model.rules import Reasons

DAY = 86_400
EPOCHS_PER_PERIOD = 48


@dataclass
class Holding:
    """A person's merits in one city."""

    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # by period of earning
    lifetime: int = 0
    earned_on: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # by day, direct awards
    settled: set[int] = field(default_factory=set)  # epochs claimed or reversed


@dataclass
class Epoch:
    period: int
    kind: int
    points: int
    most: int
    opened: int  # acts
    left: int  # acts
    cancelled: bool = False


@dataclass
class Batch:
    city: int
    period: int
    points: int
    wallets: list[str]
    id: bytes = b""  # the contract's name for it, known when it is awarded
    reversed: set[int] = field(default_factory=set)  # indices


@dataclass
class CityRules:
    cap: int = 0
    paused_by_city: bool = False
    paused_by_operator: bool = False
    epochs: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # opened, by period


@dataclass
class Merits:
    cities: Cities
    origin: int
    length: int
    now: int = 0
    rules: dict[int, CityRules] = field(default_factory=lambda: defaultdict(CityRules))
    kinds: dict[tuple[int, int], int] = field(default_factory=dict)
    covered: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))  # first free day
    per_period: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    used: dict[tuple[int, str, int], int] = field(default_factory=lambda: defaultdict(int))
    holdings: dict[tuple[int, Person], Holding] = field(default_factory=lambda: defaultdict(Holding))
    epochs: dict[tuple[int, int], Epoch] = field(default_factory=dict)
    epoch_reversals: set[tuple[int, int, Person]] = field(default_factory=set)
    batches: list[Batch] = field(default_factory=list)
    # Per city, all time: what was ever issued, and where it went besides being held or expiring.
    issued: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    spent: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    reversed: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    # ------------------------------------------------------------------ views

    @property
    def period(self) -> int:
        return (self.now - self.origin) // self.length

    @property
    def today(self) -> int:
        return self.now // DAY

    def of(self, city: int, wallet: str) -> Holding:
        return self.holdings[city, self.cities.owner[city, wallet]]

    def balance(self, city: int, wallet: str) -> tuple[int, int, int]:
        """Expiring, fresh, lifetime: nothing for a wallet that stands for nobody."""
        if not self.cities.is_citizen(city, wallet):
            return 0, 0, 0
        holding = self.of(city, wallet)
        return holding.held[self.period - 1], holding.held[self.period], holding.lifetime

    def held(self, city: int) -> int:
        return sum(
            amount
            for (of, _), holding in self.holdings.items()
            if of == city
            for period, amount in holding.held.items()
            if period >= self.period - 1
        )

    def expired(self, city: int) -> int:
        return sum(
            amount
            for (of, _), holding in self.holdings.items()
            if of == city
            for period, amount in holding.held.items()
            if period < self.period - 1
        )

    def paused(self, city: int) -> bool:
        rules = self.rules[city]
        return rules.paused_by_city or rules.paused_by_operator

    # ---------------------------------------------------------------- reasons

    def need_running(self, why: Reasons, city: int) -> None:
        why(self.paused(city) or self.paused(0), "MeritLedger_Paused", city)

    def need_budget(self, why: Reasons, city: int, verifier: str, asked: int) -> None:
        left = max(self.per_period[city, verifier] - self.used[city, verifier, self.period], 0)
        why(asked > left, "MeritLedger_BudgetExceeded", city, verifier, left, asked)

    # ----------------------------------------------------------------- awards

    def award(self, city: int, kind: int, wallets: list[str], by: str) -> Batch:
        why = Reasons()
        points = self.kinds.get((city, kind), 0)
        self.cities.need_role(why, city, by, VERIFIER)
        self.need_running(why, city)
        why(points == 0, "MeritLedger_UnknownKind", city, kind)
        why(not wallets, "MeritLedger_EmptyBatch")
        self.need_budget(why, city, by, points * len(wallets))
        asked: dict[str, int] = defaultdict(int)
        for wallet in wallets:
            if self.cities.need_citizen(why, city, wallet):
                left = self.rules[city].cap - self.of(city, wallet).earned_on[self.today] - asked[wallet]
                why(points > left, "MeritLedger_CapExceeded", city, wallet, max(left, 0), points)
                asked[wallet] += points
        why.settle()
        for wallet in wallets:
            holding = self.of(city, wallet)
            holding.held[self.period] += points
            holding.lifetime += points
            holding.earned_on[self.today] += points
        self.used[city, by, self.period] += points * len(wallets)
        self.issued[city] += points * len(wallets)
        self.batches.append(Batch(city, self.period, points, wallets))
        return self.batches[-1]

    def open_epoch(self, city: int, kind: int, acts: int, first: int, last: int, by: str) -> int:
        why = Reasons()
        points = self.kinds.get((city, kind), 0)
        rules = self.rules[city]
        self.cities.need_role(why, city, by, VERIFIER)
        self.need_running(why, city)
        why(points == 0, "MeritLedger_UnknownKind", city, kind)
        why(acts == 0, "MeritLedger_EmptyEpoch")
        start = self.covered[city, kind]
        bad = first > last or first < start or last >= self.today
        why(bad, "MeritLedger_BadDays", first, last, start, self.today)
        full = rules.epochs[self.period] == EPOCHS_PER_PERIOD
        why(full, "MeritLedger_TooManyEpochs", city, self.period)
        self.need_budget(why, city, by, points * acts)
        why.settle()
        number = self.period << 8 | rules.epochs[self.period]
        rules.epochs[self.period] += 1
        self.covered[city, kind] = last + 1
        self.used[city, by, self.period] += points * acts
        most = rules.cap * (last - first + 1)
        self.epochs[city, number] = Epoch(self.period, kind, points, most, acts, acts)
        return number

    def why_no_claim(
        self, why: Reasons, city: int, number: int, wallet: str, times: int, proven: bool
    ) -> None:
        """What a claim and a reversal of an epoch's award have in common."""
        epoch = self.epochs.get((city, number))
        if why(epoch is None, "MeritLedger_UnknownEpoch", city, number):
            return
        assert epoch is not None
        why(self.period > epoch.period + 1, "MeritLedger_EpochOver", city, number, epoch.period)
        why(not proven, "MeritLedger_BadProof", city, number, wallet)
        if (city, wallet) not in self.cities.owner:
            why(True, "CityRegistry_NotCitizen", city, wallet)

    def claim(self, city: int, number: int, wallet: str, times: int, proven: bool = True) -> int:
        why = Reasons()
        self.need_running(why, city)
        self.why_no_claim(why, city, number, wallet, times, proven)
        epoch = self.epochs.get((city, number))
        if epoch:
            points = times * epoch.points
            why(epoch.cancelled, "MeritLedger_EpochCancelled", city, number)
            why(times > epoch.left, "MeritLedger_EpochExhausted", city, number, epoch.left, times)
            why(points > epoch.most, "MeritLedger_CapExceeded", city, wallet, epoch.most, points)
            if (city, wallet) in self.cities.owner:
                settled = number in self.of(city, wallet).settled
                why(settled, "MeritLedger_AlreadyClaimed", city, number, wallet)
        why.settle()
        assert epoch is not None
        holding = self.of(city, wallet)
        holding.held[epoch.period] += points
        holding.lifetime += points
        holding.settled.add(number)
        epoch.left -= times
        self.issued[city] += points
        return points

    def cancel_epoch(self, city: int, number: int, by: str) -> None:
        why = Reasons()
        self.cities.need_role(why, city, by, MODERATOR)
        epoch = self.epochs.get((city, number))
        if not why(epoch is None, "MeritLedger_UnknownEpoch", city, number):
            why(epoch.cancelled, "MeritLedger_EpochCancelled", city, number)
        why.settle()
        epoch.cancelled = True

    # --------------------------------------------------------------- reversal

    def _take(self, holding: Holding, city: int, period: int, points: int) -> int:
        """Takes back what is still there of the period's merits; the rest is the shortfall."""
        alive = holding.held[period] if period >= self.period - 1 else 0
        taken = min(points, alive)
        holding.held[period] -= taken
        holding.lifetime -= points
        self.reversed[city] += taken
        return taken

    def reverse(self, batch: Batch, index: int, by: str) -> tuple[int, int]:
        """Points and what was taken of them."""
        why = Reasons()
        batch_id = batch.id
        self.cities.need_role(why, batch.city, by, MODERATOR)
        if not why(index >= len(batch.wallets), "MeritLedger_BadIndex", batch_id, index, len(batch.wallets)):
            wallet = batch.wallets[index]
            why(index in batch.reversed, "MeritLedger_AlreadyReversed", batch_id, wallet)
        why.settle()
        batch.reversed.add(index)
        holding = self.of(batch.city, wallet)
        return batch.points, self._take(holding, batch.city, batch.period, batch.points)

    def reverse_epoch(
        self, city: int, number: int, wallet: str, times: int, by: str, proven: bool = True
    ) -> tuple[int, int, bool]:
        """Points, what was taken of them, and whether nobody had claimed them."""
        why = Reasons()
        self.cities.need_role(why, city, by, MODERATOR)
        self.why_no_claim(why, city, number, wallet, times, proven)
        if (city, number) in self.epochs:
            epoch = self.epochs[city, number]
            points = times * epoch.points
            why(points > epoch.most, "MeritLedger_CapExceeded", city, wallet, epoch.most, points)
        if (city, wallet) in self.cities.owner:
            person = self.cities.owner[city, wallet]
            done = (city, number, person) in self.epoch_reversals
            why(done, "MeritLedger_AlreadyReversed", number.to_bytes(32, "big"), wallet)
        why.settle()
        holding = self.of(city, wallet)
        self.epoch_reversals.add((city, number, person))
        if number not in holding.settled:
            holding.settled.add(number)
            return points, 0, True
        return points, self._take(holding, city, epoch.period, points), False

    # ----------------------------------------------------------------- market

    def spend(self, why: Reasons, city: int, wallet: str, amount: int) -> tuple[int, int]:
        """From the previous period and from this one."""
        self.need_running(why, city)
        expiring, fresh, _ = self.balance(city, wallet)
        why(amount > expiring + fresh, "MeritLedger_TooFewMerits", city, wallet, expiring + fresh, amount)
        why.settle()
        old = min(expiring, amount)
        holding = self.of(city, wallet)
        holding.held[self.period - 1] -= old
        holding.held[self.period] -= amount - old
        self.spent[city] += amount
        return old, amount - old

    def give_back(self, city: int, wallet: str, parts: dict[int, int]) -> dict[str, Any]:
        """`parts`: merits by period of earning. What died meanwhile lives until the end of this period."""
        holding = self.of(city, wallet)
        for period, amount in parts.items():
            holding.held[max(period, self.period - 1)] += amount
            self.spent[city] -= amount
        fresh = sum(amount for period, amount in parts.items() if period >= self.period)
        return {
            "wallet": self.cities.current(city, wallet),
            "toPrevious": sum(parts.values()) - fresh,
            "toCurrent": fresh,
        }
