"""The invariants of docs/invariants.md, by number and name, checked after every step."""

from __future__ import annotations

from collections import Counter

from tests.contracts.model.rewards import FULFILLED, OPEN
from tests.contracts.stateful.machine import CITIES, Machine
from tests.contracts.stateful.rebuilt import compare


class Invariants(Machine):
    def begin(self) -> None:
        super().begin()
        self.awarded: Counter = Counter()  # source and person: awards
        self.earned_on: Counter = Counter()  # city, person, day: merits of direct awards
        self.standing: Counter = Counter()  # city, person: points awarded less reversed
        self.claimed: Counter = Counter()  # city, epoch: acts
        self.ended: Counter = Counter()  # voucher: times

    def count(self) -> None:
        """A look at the contracts, and tallies of the last step's events by person. Once a step."""
        if not self.stale:
            return
        self.look()
        if self.last is None:
            return
        day = self.merits.now // 86_400
        for name, e in self.last.events:
            if name in ("Awarded", "EpochClaimed", "AwardReversed"):
                person = (e.cityId, self.cities.owner[e.cityId, e.citizen])
            if name == "Awarded":
                self.awarded[e.cityId, e.batchId, person] += 1
                self.earned_on[person, day] += e.points
                self.standing[person] += e.points
            elif name == "EpochClaimed":
                self.awarded[e.cityId, e.epochId.to_bytes(32, "big"), person] += 1
                self.claimed[e.cityId, e.epochId] += (
                    e.points // self.record.epochs[e.cityId, e.epochId]["points"]
                )
                self.standing[person] += e.points
            elif name == "AwardReversed":
                self.awarded[e.cityId, e.source, person] -= 0 if e.unclaimed else 1
                self.standing[person] -= 0 if e.unclaimed else e.points
                assert e.taken <= e.points
            elif name in ("VoucherFulfilled", "VoucherRefunded"):
                self.ended[e.voucherId] += 1

    # ------------------------------------------------------------------ merits

    def invariant_m1_issued_merits_are_held_spent_expired_or_reversed(self):
        self.count()
        for city in CITIES:
            held = sum(
                expiring + fresh
                for (of, _), (expiring, fresh, _) in self.seen["balance"].items()
                if of == city
            )
            elsewhere = self.record.spent[city] + self.merits.expired(city) + self.record.reversed[city]
            assert self.record.issued[city] == held + elsewhere

    def invariant_m4_only_recovery_moves_merits_between_wallets(self):
        self.count()
        if self.last is None or not self.before:
            return
        moved = {(e.cityId, e.oldWallet): (e.cityId, e.newWallet) for e in self.last.all("Recovered")}
        named = {(e["cityId"], e["citizen"]) for _, e in self.last.events if "citizen" in e and "cityId" in e}
        for key, balance in self.seen["balance"].items():
            if key in moved:
                assert balance == (0, 0, 0)
                assert self.seen["balance"][moved[key]] == self.before["balance"][key]
            elif key not in named and key not in moved.values():
                assert balance == self.before["balance"][key]

    def invariant_m5_a_budget_is_never_exceeded(self):
        if self.last is None:
            return
        for name in ("BatchAwarded", "EpochOpened"):
            for e in self.last.all(name):
                used = self.record.used[e.cityId, e.verifier, e.period]
                assert used <= self.record.budgets[e.cityId, e.verifier]

    def invariant_m6_an_award_is_reversed_at_most_once(self):
        self.count()
        assert min(self.awarded.values(), default=0) >= 0

    def invariant_m9_claimed_acts_never_exceed_the_acts_opened(self):
        self.count()
        for key, epoch in self.seen["epoch"].items():
            assert self.claimed[key] + epoch.acts == self.merits.epochs[key].opened

    def invariant_m11_direct_awards_stay_within_the_daily_cap(self):
        self.count()
        if self.last is None:
            return
        day = self.merits.now // 86_400
        for e in self.last.all("Awarded"):
            person = (e.cityId, self.cities.owner[e.cityId, e.citizen])
            assert self.earned_on[person, day] <= self.record.caps[e.cityId]

    def invariant_m15_standing_is_what_was_earned_less_what_was_reversed(self):
        self.count()
        for (city, person), wallet in self.seen["wallet"].items():
            assert self.seen["balance"][city, wallet][2] == self.standing[city, person]

    # ----------------------------------------------------------------- persons

    def invariant_m2_a_person_has_one_wallet_in_a_city(self):
        self.count()
        for (city, person), wallet in self.seen["wallet"].items():
            holders = [
                one for (of, one), whose in self.seen["nullifier"].items() if (of, whose) == (city, person)
            ]
            assert holders == [wallet]

    def invariant_m12_a_wallet_never_changes_hands(self):
        self.count()
        for (city, wallet), current in self.seen["current"].items():
            assert current == self.seen["wallet"][city, self.cities.owner[city, wallet]]

    # ----------------------------------------------------------------- rewards

    def invariant_m3_stock_left_and_vouchers_out_make_the_stock_published(self):
        self.count()
        for number, offer in self.seen["offer"].items():
            states = [
                kept.status for voucher, kept in self.seen["voucher"].items() if voucher >> 24 == number
            ]
            out = states.count(OPEN) + states.count(FULFILLED)
            assert offer.stock >= 0
            assert offer.stock + out == self.record.offers[number]["published"]
            assert offer.serial == len(states)
            assert offer.settled == len(states) - states.count(OPEN)
            if offer.limit:
                assert max(self.rewards.offers[number].redeemed_by.values(), default=0) <= offer.limit

    def invariant_m7_a_voucher_ends_once_and_gives_back_what_it_took(self):
        self.count()
        assert max(self.ended.values(), default=0) <= 1
        if self.last is None:
            return
        for e in self.last.all("VoucherRefunded"):
            (taken,) = [voucher for voucher in self.vouchers if voucher.voucherId == e.voucherId]
            assert e.toPrevious + e.toCurrent == taken.fromPrevious + taken.fromCurrent
            assert e.toCurrent == (taken.fromCurrent if e.period == taken.period else 0)
            assert e.citizen == self.cities.current(e.cityId, taken.citizen)

    def invariant_m8_the_market_holds_its_pools_and_what_businesses_earned(self):
        self.count()
        pools = sum(pool.balance for pool in self.seen["pool"].values())
        assert self.seen["money"] == pools + self.seen["earned"]

    # -------------------------------------------------------------- the record

    def invariant_m16_the_contracts_agree_with_the_rules(self):
        self.count()
        for (city, wallet), balance in self.seen["balance"].items():
            assert balance == self.merits.balance(city, wallet)
        for number, offer in self.seen["offer"].items():
            mine = self.rewards.offers[number]
            assert (offer.stock, offer.serial, offer.closes) == (mine.stock, mine.vouchers, mine.closes)
            assert self.seen["pool"][number].balance == mine.pool
        for number, voucher in self.seen["voucher"].items():
            assert voucher.status == self.rewards.vouchers[number].status
        assert self.seen["earned"] == self.rewards.earned[self.w.partner, self.token.address]

    def check_m10_events_alone_rebuild_the_ledger(self):
        compare(self.w, self.record, self.wallets)

    def teardown(self) -> None:
        self.check_m10_events_alone_rebuild_the_ledger()
