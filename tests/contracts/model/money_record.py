"""A campaign rebuilt from its events, with their blocks' times: without a call to a contract."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

LOAN, SHARE = 2, 3
STATE, NATIONAL = 3, 4


@dataclass
class Holding:
    amount: int = 0
    cooling: int = 0
    until: int = 0
    city: int = 0
    tier: int = 0
    drawn: int = 0


@dataclass
class MoneyRecord:
    form: int
    edition: int = 0
    frozen: bool = False
    raised: int = 0
    matched: int = 0
    released: int = 0
    milestone: int = 0
    uncollected: int = 0
    fees: int = 0
    proceeds: int = 0
    toBackers: int = 0
    balance: int = 0
    stock: dict[int, int] = field(default_factory=dict)
    holdings: dict[str, Holding] = field(default_factory=lambda: defaultdict(Holding))

    def fold(self, name: str, e: Any, time: int) -> None:
        getattr(self, f"on_{name}", lambda *_: None)(e, time)

    def on_TermsSet(self, e: Any, time: int) -> None:
        self.edition = e.edition
        self.stock = {}

    def on_TierSet(self, e: Any, time: int) -> None:
        self.stock[e.tier] = e.stock

    def on_Pledged(self, e: Any, time: int) -> None:
        kept = self.holdings[e.backer]
        if time >= kept.until:
            kept.cooling = 0
        kept.amount += e.amount
        kept.cooling += e.amount
        kept.until = e.coolingUntil
        kept.city = 0 if e.source in (STATE, NATIONAL) else e.cityId
        if e.tier and not kept.tier:
            kept.tier = e.tier
            self.stock[e.tier] -= 1
        self.raised += e.amount
        self.balance += e.amount
        self.frozen = True

    def on_PledgeWithdrawn(self, e: Any, time: int) -> None:
        kept = self.holdings[e.backer]
        kept.amount -= e.amount
        kept.cooling = 0
        if e.tier:
            kept.tier = 0
            self.stock[e.tier] += 1
        if kept.amount == 0:
            del self.holdings[e.backer]
        self.raised -= e.amount
        self.balance -= e.amount

    def on_PledgeRefunded(self, e: Any, time: int) -> None:
        assert self.holdings.pop(e.backer).amount == e.principal
        self.balance -= e.amount

    def on_PledgeMoved(self, e: Any, time: int) -> None:
        old, new = self.holdings.pop(e.oldWallet), self.holdings[e.newWallet]
        assert (old.amount, old.drawn) == (e.amount, e.drawn)
        if old.tier and not e.tier:
            self.stock[old.tier] += 1
        if time >= new.until:
            new.cooling = new.until = 0
        new.amount += e.amount
        new.cooling += e.cooling
        new.until = max(new.until, e.coolingUntil)
        new.city, new.tier, new.drawn = new.city or old.city, new.tier or e.tier, new.drawn + e.drawn

    def on_TrancheReleased(self, e: Any, time: int) -> None:
        self.released += e.amount
        self.fees += e.fee
        self.uncollected += e.amount - e.fee
        self.milestone = e.milestone

    def on_TrancheCollected(self, e: Any, time: int) -> None:
        self.uncollected -= e.amount
        self.balance -= e.amount

    def on_FeeCollected(self, e: Any, time: int) -> None:
        self.fees -= e.amount
        self.balance -= e.amount

    def on_CampaignStopped(self, e: Any, time: int) -> None:
        self.toBackers = e.toBackers
        if self.form in (LOAN, SHARE) and self.released:
            self.proceeds += e.toBackers

    def on_MatchReceived(self, e: Any, time: int) -> None:
        self.matched += e.amount
        self.balance += e.amount

    def on_MatchReturned(self, e: Any, time: int) -> None:
        self.matched -= e.amount
        self.balance -= e.amount

    def on_LoanRepaid(self, e: Any, time: int) -> None:
        self.proceeds += e.amount
        self.balance += e.amount

    on_IncomeDistributed = on_LoanRepaid

    def on_ProceedsClaimed(self, e: Any, time: int) -> None:
        self.holdings[e.backer].drawn += e.amount
        self.balance -= e.amount
