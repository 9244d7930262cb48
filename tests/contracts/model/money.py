"""Tokens, investors and what holds for all campaigns, by the words of `ICampaignFactory`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.contracts.model.cities import MODERATOR, TREASURER, Cities
from tests.contracts.model.rules import Reasons

WHOLE = 10_000  # basis points
Person = bytes


def up(value: int, by: int) -> int:
    """Quotient, rounded up."""
    return -(-value // by)


@dataclass
class Token:
    """Money, and how it misbehaves just now."""

    address: str
    per_rouble: int
    held: Counter[str] = field(default_factory=Counter)
    manner: str = "Good"
    blocked: set[str] = field(default_factory=set)

    def check_out(self, why: Reasons, giver: str, to: str, amount: int) -> None:
        """Why a contract cannot pay."""
        assert self.held[giver] >= amount, "a contract pays more than it has"
        self.check_manner(why, giver, to)

    def check_manner(self, why: Reasons, giver: str, to: str) -> None:
        why(self.manner == "Reverts", "BadToken_Refused")
        why(bool(self.blocked & {giver, to}), "BadToken_Refused")
        why(self.manner == "SaysFalse", "SafeERC20FailedOperation", self.address)

    def check_in(self, why: Reasons, short: str, giver: str, to: str, amount: int) -> None:
        """Why a contract cannot be paid; `short` is its error for less than it was told."""
        self.check_manner(why, giver, to)
        why(self.manner == "TakesFee", short, self.address, amount, amount - 1)

    def move(self, giver: str, to: str, amount: int) -> None:
        """A fee is one unit of what arrives."""
        self.held[giver] -= amount
        self.held[to] += amount - (self.manner == "TakesFee")


@dataclass
class Project:
    author: str
    city: int
    joined: set[int] = field(default_factory=set)
    kind: int = 0


@dataclass
class House:
    """What the campaigns stand in."""

    cities: Cities
    now: int
    fee_share: int
    treasury: str
    year_limit: int
    lifetime: dict[tuple[int, str], int] = field(default_factory=dict)  # merits by city and wallet
    projects: dict[int, Project] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    investors: dict[str, tuple[Person, bool]] = field(default_factory=dict)
    used: Counter[tuple[Person, int]] = field(default_factory=Counter)  # kopecks by person and year

    @property
    def year(self) -> int:
        return datetime.fromtimestamp(self.now, UTC).year

    def is_moderator(self, city: int, account: str) -> bool:
        return bool(self.cities.roles.get((city, account), 0) & MODERATOR)

    def is_treasurer(self, city: int, account: str) -> bool:
        return bool(self.cities.roles.get((city, account), 0) & TREASURER)

    def is_qualified(self, wallet: str) -> bool:
        return self.investors.get(wallet, (b"", False))[1]

    def check_limit(self, why: Reasons, wallet: str, kopecks: int) -> None:
        if why(wallet not in self.investors, "CampaignFactory_UnknownInvestor", wallet):
            return
        person, qualified = self.investors[wallet]
        left = max(0, self.year_limit - self.used[person, self.year])
        if not qualified:
            why(kopecks > left, "CampaignFactory_OverYearLimit", person, self.year, left, kopecks)

    def free(self, wallet: str, year: int, kopecks: int) -> None:
        """Gives back to whom the wallet is known as now, as far as it goes."""
        if wallet in self.investors:
            key = self.investors[wallet][0], year
            self.used[key] -= min(kopecks, self.used[key])
