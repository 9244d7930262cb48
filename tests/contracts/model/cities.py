"""Cities, roles and people, kept by person: a recovery changes which wallet stands for them, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.contracts.model.rules import Reasons

VERIFIER, MODERATOR, EXPERT, PARTNER, TREASURER = 1, 2, 4, 8, 16
Person = bytes  # nullifier


@dataclass
class Cities:
    recovery_delay: int
    stewards: dict[int, str] = field(default_factory=dict)
    roles: dict[tuple[int, str], int] = field(default_factory=dict)
    owner: dict[tuple[int, str], Person] = field(
        default_factory=dict
    )  # of every wallet that ever was a citizen's
    wallet: dict[tuple[int, Person], str] = field(default_factory=dict)  # the one of today
    pending: dict[tuple[int, str], tuple[str, int]] = field(default_factory=dict)

    def fold(self, events: list[tuple[str, Any]]) -> None:
        """Takes over cities, roles and citizens from events of the network."""
        for name, e in events:
            if name == "RolesSet":
                self.roles[e.cityId, e.account] = e.roles
            elif name == "CitizenRegistered":
                self.owner[e.cityId, e.wallet] = e.nullifier
                self.wallet[e.cityId, e.nullifier] = e.wallet
            elif name in ("CityOpened", "StewardSet"):
                self.stewards[e.cityId] = e.steward

    def is_citizen(self, city: int, wallet: str) -> bool:
        person = self.owner.get((city, wallet))
        return person is not None and self.wallet[city, person] == wallet

    def current(self, city: int, wallet: str) -> str:
        return self.wallet[city, self.owner[city, wallet]]

    def need_role(self, why: Reasons, city: int, account: str, role: int) -> None:
        if not why(city not in self.stewards, "CityRegistry_UnknownCity", city):
            held = self.roles.get((city, account), 0)
            why(not held & role, "CityRegistry_MissingRole", city, account, role)

    def need_citizen(self, why: Reasons, city: int, wallet: str) -> bool:
        return not why(not self.is_citizen(city, wallet), "CityRegistry_NotCitizen", city, wallet)

    def register(self, city: int, wallet: str, person: Person, by: str) -> None:
        why = Reasons()
        self.need_role(why, city, by, VERIFIER)
        taken = self.wallet.get((city, person))
        why(taken is not None, "CityRegistry_NullifierTaken", city, person, taken)
        why((city, wallet) in self.owner, "CityRegistry_WalletTaken", city, wallet)
        why.settle()
        self.owner[city, wallet] = person
        self.wallet[city, person] = wallet

    def propose_recovery(self, city: int, old: str, new: str, by: str, now: int) -> None:
        why = Reasons()
        self.need_role(why, city, by, VERIFIER)
        self.need_citizen(why, city, old)
        why((city, new) in self.owner, "CityRegistry_WalletTaken", city, new)
        if (city, old) in self.pending:
            why(True, "CityRegistry_RecoveryPending", city, old, self.pending[city, old][0])
        why.settle()
        self.pending[city, old] = (new, now + self.recovery_delay)

    def cancel_recovery(self, city: int, old: str, by: str) -> None:
        why = Reasons()
        may = by == old or self.roles.get((city, by), 0) & VERIFIER
        why(not may, "CityRegistry_MayNotCancel", city, by)
        why((city, old) not in self.pending, "CityRegistry_NoRecovery", city, old)
        why.settle()
        del self.pending[city, old]

    def execute_recovery(self, city: int, old: str, now: int) -> tuple[str, str]:
        why = Reasons()
        new, at = self.pending.get((city, old), (None, 0))
        if not why(new is None, "CityRegistry_NoRecovery", city, old):
            why(now < at, "CityRegistry_RecoveryTooEarly", at, now)
            why((city, new) in self.owner, "CityRegistry_WalletTaken", city, new)
        why.settle()
        assert new is not None
        person = self.owner[city, old]
        del self.pending[city, old]
        self.owner[city, new] = person
        self.wallet[city, person] = new
        return old, new
