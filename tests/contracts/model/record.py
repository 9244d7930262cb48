"""The ledger rebuilt from its events, as any outsider could: without a call to a contract."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from eth_abi import encode
from eth_utils import keccak

VOUCHER = ["uint56", "address", "uint32", "uint32", "uint32", "uint16", "uint40", "bytes32"]
OPEN, FULFILLED, REFUNDED = 1, 2, 3


def voucher_hash(redeemed: dict[str, Any]) -> bytes:
    """`keccak256(abi.encode(voucher))` of the content that stands in `Redeemed`."""
    names = ("voucherId", "citizen", "cityId", "fromPrevious", "fromCurrent", "period", "expires", "seal")
    return keccak(encode(VOUCHER, [redeemed[name] for name in names]))


@dataclass
class Account:
    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # by period of earning
    lifetime: int = 0
    day: int = 0
    today: int = 0


@dataclass
class Record:
    """State by event. Feed it every event of the three contracts in order, with its block's time."""

    stewards: dict[int, str] = field(default_factory=dict)
    codes: dict[bytes, int] = field(default_factory=dict)
    roles: dict[tuple[int, str], int] = field(default_factory=dict)
    nullifiers: dict[tuple[int, str], bytes] = field(default_factory=dict)
    wallets: dict[tuple[int, bytes], str] = field(default_factory=dict)
    successors: dict[tuple[int, str], str] = field(default_factory=dict)
    recoveries: dict[tuple[int, str], tuple[str, int]] = field(default_factory=dict)
    followers: list[str] = field(default_factory=list)
    origin: int = 0
    length: int = 0
    recovery_delay: int = 0

    caps: dict[int, int] = field(default_factory=dict)
    pauses: dict[int, int] = field(default_factory=dict)
    kinds: dict[tuple[int, int], int] = field(default_factory=dict)
    covered: dict[tuple[int, int], int] = field(default_factory=dict)
    budgets: dict[tuple[int, str], int] = field(default_factory=dict)
    used: dict[tuple[int, str, int], int] = field(default_factory=lambda: defaultdict(int))
    serials: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    batches: dict[bytes, dict[str, Any]] = field(default_factory=dict)
    epochs: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    settled: set[tuple[int, int, str]] = field(default_factory=set)  # city, epoch, wallet
    accounts: dict[tuple[int, str], Account] = field(default_factory=lambda: defaultdict(Account))

    offers: dict[int, dict[str, Any]] = field(default_factory=dict)
    accepted: set[tuple[int, int]] = field(default_factory=set)
    pools: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    sponsors: dict[int, str] = field(default_factory=dict)
    earned: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    redemptions: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    vouchers: dict[int, tuple[int, bytes]] = field(default_factory=dict)

    # Sums of all time per city, for the books.
    issued: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    spent: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    reversed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    reversals: list[tuple[bytes | int, str]] = field(default_factory=list)

    def fold(self, events: list[tuple[str, dict[str, Any]]], time: int) -> None:
        for name, fields in events:
            step = getattr(self, f"on_{name}", None)
            if step:
                step(fields, time)

    # ------------------------------------------------------------------ cities

    def on_RegistryOpened(self, e: Any, time: int) -> None:
        self.recovery_delay = e["recoveryDelay"]

    def on_CityOpened(self, e: Any, time: int) -> None:
        self.stewards[e["cityId"]] = e["steward"]
        self.codes[e["code"]] = e["cityId"]

    def on_StewardSet(self, e: Any, time: int) -> None:
        self.stewards[e["cityId"]] = e["steward"]

    def on_RolesSet(self, e: Any, time: int) -> None:
        self.roles[e["cityId"], e["account"]] = e["roles"]

    def on_CitizenRegistered(self, e: Any, time: int) -> None:
        self.nullifiers[e["cityId"], e["wallet"]] = e["nullifier"]
        self.wallets[e["cityId"], e["nullifier"]] = e["wallet"]

    def on_FollowersSet(self, e: Any, time: int) -> None:
        self.followers = e["followers"]

    def on_RecoveryProposed(self, e: Any, time: int) -> None:
        self.recoveries[e["cityId"], e["oldWallet"]] = (e["newWallet"], e["executableAt"])

    def on_RecoveryCancelled(self, e: Any, time: int) -> None:
        del self.recoveries[e["cityId"], e["oldWallet"]]

    def on_Recovered(self, e: Any, time: int) -> None:
        city, old, new = e["cityId"], e["oldWallet"], e["newWallet"]
        self.recoveries.pop((city, old), None)
        self.nullifiers[city, new] = self.nullifiers.pop((city, old))
        assert self.nullifiers[city, new] == e["nullifier"]
        self.wallets[city, e["nullifier"]] = new
        self.successors[city, old] = new
        for of, epoch, _ in [one for one in self.settled if one[0] == city and one[2] == old]:
            self.settled.add((of, epoch, new))

    # ------------------------------------------------------------------ merits

    def on_LedgerOpened(self, e: Any, time: int) -> None:
        self.origin, self.length = e["origin"], e["periodLength"]

    def on_CapSet(self, e: Any, time: int) -> None:
        self.caps[e["cityId"]] = e["dailyCap"]

    def on_KindPublished(self, e: Any, time: int) -> None:
        self.kinds[e["cityId"], e["kindId"]] = e["points"]

    def on_BudgetSet(self, e: Any, time: int) -> None:
        self.budgets[e["cityId"], e["verifier"]] = e["perPeriod"]

    def on_PauseSet(self, e: Any, time: int) -> None:
        self.pauses[e["cityId"]] = e["pauses"]

    def on_BatchAwarded(self, e: Any, time: int) -> None:
        self.batches[e["batchId"]] = e
        self.used[e["cityId"], e["verifier"], e["period"]] += e["points"] * e["count"]
        self.serials[e["cityId"], e["verifier"]] += 1

    def on_Awarded(self, e: Any, time: int) -> None:
        account = self.accounts[e["cityId"], e["citizen"]]
        account.held[self.batches[e["batchId"]]["period"]] += e["points"]
        account.lifetime += e["points"]
        day = time // 86_400
        account.today = (account.today if account.day == day else 0) + e["points"]
        account.day = day
        self.issued[e["cityId"]] += e["points"]

    def on_EpochOpened(self, e: Any, time: int) -> None:
        most = self.caps[e["cityId"]] * (e["lastDay"] - e["firstDay"] + 1)
        self.epochs[e["cityId"], e["epochId"]] = dict(e, left=e["acts"], most=most, cancelled=False)
        self.covered[e["cityId"], e["kindId"]] = e["lastDay"] + 1
        self.used[e["cityId"], e["verifier"], e["period"]] += e["points"] * e["acts"]

    def on_EpochClaimed(self, e: Any, time: int) -> None:
        city, wallet = e["cityId"], e["citizen"]
        epoch = self.epochs[city, e["epochId"]]
        epoch["left"] -= e["points"] // epoch["points"]
        self.accounts[city, wallet].held[e["period"]] += e["points"]
        self.accounts[city, wallet].lifetime += e["points"]
        self.settled.add((city, e["epochId"], wallet))
        self.issued[city] += e["points"]

    def on_EpochCancelled(self, e: Any, time: int) -> None:
        self.epochs[e["cityId"], e["epochId"]]["cancelled"] = True

    def on_AwardReversed(self, e: Any, time: int) -> None:
        city, wallet = e["cityId"], e["citizen"]
        number = int.from_bytes(e["source"], "big")
        if (city, number) in self.epochs:
            self.settled.add((city, number, wallet))
        self.reversals.append((e["source"], wallet))
        if not e["unclaimed"]:
            self.accounts[city, wallet].held[e["period"]] -= e["taken"]
            self.accounts[city, wallet].lifetime -= e["points"]
            self.reversed[city] += e["taken"]

    def on_AccountMoved(self, e: Any, time: int) -> None:
        city, period = e["cityId"], e["period"]
        account = self.accounts.pop((city, e["oldWallet"]), None) or Account()
        assert account.held[period] == e["current"]
        assert account.held[period - 1] == e["previous"]
        assert account.lifetime == e["lifetime"]
        self.accounts[city, e["newWallet"]] = account

    # ----------------------------------------------------------------- rewards

    def on_OfferPublished(self, e: Any, time: int) -> None:
        self.offers[e["offerId"]] = dict(e, published=e["stock"], serial=0, settled=0)
        self.accepted.add((e["offerId"], e["cityId"]))

    def on_CityAccepted(self, e: Any, time: int) -> None:
        self.accepted.add((e["offerId"], e["cityId"]))

    def on_OfferClosed(self, e: Any, time: int) -> None:
        self.offers[e["offerId"]]["closes"] = time

    def on_PoolFunded(self, e: Any, time: int) -> None:
        self.pools[e["offerId"]] += e["amount"]
        self.sponsors[e["offerId"]] = e["sponsor"]

    def on_PoolReclaimed(self, e: Any, time: int) -> None:
        self.pools[e["offerId"]] -= e["amount"]

    def on_Redeemed(self, e: Any, time: int) -> None:
        offer, account = self.offers[e["offerId"]], self.accounts[e["cityId"], e["citizen"]]
        offer["stock"] -= 1
        offer["serial"] += 1
        account.held[e["period"] - 1] -= e["fromPrevious"]
        account.held[e["period"]] -= e["fromCurrent"]
        self.redemptions[e["offerId"], e["citizen"]] += 1
        self.vouchers[e["voucherId"]] = (OPEN, voucher_hash(e))
        self.spent[e["cityId"]] += e["fromPrevious"] + e["fromCurrent"]

    def on_VoucherFulfilled(self, e: Any, time: int) -> None:
        offer = self.offers[e["offerId"]]
        offer["settled"] += 1
        self.vouchers[e["voucherId"]] = (FULFILLED, bytes(32))
        self.pools[e["offerId"]] -= e["reimbursed"]
        self.earned[offer["partner"], offer["token"]] += e["reimbursed"]

    def on_VoucherRefunded(self, e: Any, time: int) -> None:
        offer, account = self.offers[e["offerId"]], self.accounts[e["cityId"], e["citizen"]]
        offer["settled"] += 1
        offer["stock"] += 1
        account.held[e["period"] - 1] += e["toPrevious"]
        account.held[e["period"]] += e["toCurrent"]
        self.vouchers[e["voucherId"]] = (REFUNDED, bytes(32))
        self.spent[e["cityId"]] -= e["toPrevious"] + e["toCurrent"]

    def on_Withdrawn(self, e: Any, time: int) -> None:
        self.earned[e["partner"], e["token"]] -= e["amount"]
