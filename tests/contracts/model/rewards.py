"""Offers, vouchers and the pools behind them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.contracts.model.cities import PARTNER
from tests.contracts.model.merits import Merits
from tests.contracts.model.rules import Reasons

NONE, OPEN, FULFILLED, REFUNDED = range(4)


@dataclass
class Offer:
    partner: str
    city: int
    price: int
    stock: int
    limit: int
    opens: int
    closes: int
    term: int
    token: str | None
    per_voucher: int
    accepted: set[int]
    sponsor: str | None = None
    pool: int = 0
    vouchers: int = 0
    settled: int = 0
    redeemed_by: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass
class Voucher:
    offer: int
    wallet: str
    city: int
    parts: dict[int, int]  # merits by period of earning
    period: int
    expires: int
    seal: bytes
    status: int = OPEN


@dataclass
class Rewards:
    merits: Merits
    offers: dict[int, Offer] = field(default_factory=dict)
    vouchers: dict[int, Voucher] = field(default_factory=dict)
    earned: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))  # partner, token

    @property
    def now(self) -> int:
        return self.merits.now

    # --------------------------------------------------------------- business

    def publish(self, offer: Offer) -> int:
        why = Reasons()
        self.merits.cities.need_role(why, offer.city, offer.partner, PARTNER)
        why.settle()
        self.offers[len(self.offers) + 1] = offer
        return len(self.offers)

    def close(self, number: int, by: str) -> None:
        why = Reasons()
        offer = self.offers[number]
        why(by != offer.partner, "RewardMarket_NotPartner", number, by)
        over = self.now >= offer.closes
        why(over, "RewardMarket_NotOpen", number, offer.opens, offer.closes, self.now)
        why.settle()
        offer.closes = min(offer.closes, self.now)

    def fulfil(self, voucher_id: int, by: str, right_code: bool = True) -> int:
        """What the business earned of the pool."""
        why = Reasons()
        voucher = self.vouchers[voucher_id]
        offer = self.offers[voucher.offer]
        why(by != offer.partner, "RewardMarket_NotPartner", voucher.offer, by)
        why(voucher.status != OPEN, "RewardMarket_NotThisVoucher", voucher_id, voucher.status)
        why(not right_code, "RewardMarket_WrongCode", voucher_id)
        late = self.now >= voucher.expires
        why(late, "RewardMarket_VoucherExpired", voucher_id, voucher.expires, self.now)
        why.settle()
        voucher.status = FULFILLED
        offer.settled += 1
        paid = offer.per_voucher if offer.pool >= offer.per_voucher else 0
        offer.pool -= paid
        if offer.token:
            self.earned[offer.partner, offer.token] += paid
        return paid

    def withdraw(self, partner: str, token: str) -> int:
        why = Reasons()
        why(not self.earned[partner, token], "RewardMarket_NothingToWithdraw", partner, token)
        why.settle()
        return self.earned.pop((partner, token))

    # ---------------------------------------------------------------- sponsor

    def fund(self, number: int, sponsor: str, amount: int) -> None:
        why = Reasons()
        offer = self.offers[number]
        strange = offer.token is None or offer.sponsor not in (None, sponsor)
        why(strange, "RewardMarket_NoPool", number, sponsor)
        small = amount < offer.per_voucher
        why(small, "RewardMarket_BadTerms", b"amount".ljust(32, b"\0"))
        why.settle()
        offer.sponsor = sponsor
        offer.pool += amount

    def reclaim(self, number: int, by: str) -> int:
        why = Reasons()
        offer = self.offers[number]
        why(offer.sponsor is None or offer.sponsor != by, "RewardMarket_NoPool", number, by)
        open_ = offer.vouchers - offer.settled
        running = self.now < offer.closes
        why(bool(running or open_), "RewardMarket_PoolInUse", number, open_)
        why(offer.pool == 0, "RewardMarket_NothingToWithdraw", by, offer.token)
        why.settle()
        amount, offer.pool = offer.pool, 0
        return amount

    # ---------------------------------------------------------------- citizen

    def redeem(self, number: int, wallet: str, city: int, seal: bytes) -> tuple[int, Voucher]:
        why = Reasons()
        offer = self.offers[number]
        open_ = offer.opens <= self.now < offer.closes
        why(not open_, "RewardMarket_NotOpen", number, offer.opens, offer.closes, self.now)
        why(offer.stock == 0, "RewardMarket_SoldOut", number)
        reached = offer.limit and offer.redeemed_by[wallet] >= offer.limit
        why(bool(reached), "RewardMarket_LimitReached", number, wallet, offer.limit)
        accepted = city == offer.city or city in offer.accepted
        why(not accepted, "RewardMarket_CityNotAccepted", number, city)
        why(not any(seal), "RewardMarket_NoSeal")
        old, fresh = self.merits.spend(why, city, wallet, offer.price)
        offer.stock -= 1
        offer.redeemed_by[wallet] += 1
        offer.vouchers += 1
        period = self.merits.period
        parts = {period - 1: old, period: fresh}
        voucher = Voucher(number, wallet, city, parts, period, self.now + offer.term, seal)
        voucher_id = number << 24 | offer.vouchers
        self.vouchers[voucher_id] = voucher
        return voucher_id, voucher

    def refund(self, voucher_id: int) -> dict[str, Any]:
        why = Reasons()
        voucher = self.vouchers[voucher_id]
        why(voucher.status != OPEN, "RewardMarket_NotThisVoucher", voucher_id, voucher.status)
        early = self.now < voucher.expires
        why(early, "RewardMarket_VoucherRunning", voucher_id, voucher.expires, self.now)
        why.settle()
        voucher.status = REFUNDED
        offer = self.offers[voucher.offer]
        offer.settled += 1
        offer.stock += 1
        return self.merits.give_back(voucher.city, voucher.wallet, voucher.parts)
