"""Steps of the stateful test: awards, epochs, reversals, the city's rules, recoveries, time."""

from __future__ import annotations

from typing import ClassVar

from tests.contracts.kit.merkle import Tree
from tests.contracts.kit.world import DAY, h
from tests.contracts.model.merits import CityRules
from tests.contracts.stateful.game import Several
from tests.contracts.stateful.machine import Machine


class MeritRules(Machine):
    draws: ClassVar = {
        "city": (1, 1, 2),
        "kind": (1, 1, 1, 2, 2, 9),
        "who": range(11),
        "some": Several((0, 1, 2, 3, 4), most=5),
        "citizens": Several((0, 0, 1, 1, 2), most=4),
        "which": range(6),
        "times": range(5),
        "less": (0, 0, 0, 1, 2),
        "days": (1, 2, 3, 4),
        "right": (True, True, True, True, True, False),
        "jump": ("second", "day", "day", "week", "eve", "period", "two periods"),
        "cap": (100, 100, 45, 20),
        "budget": (1_000, 1_000, 200, 60),
    }
    often: ClassVar = {
        "rule_award": 6,
        "rule_award_batch": 4,
        "rule_claim": 5,
        "rule_open_epoch": 4,
        "rule_reverse": 3,
        "rule_reverse_epoch_award": 3,
        "rule_propose_recovery": 2,
        "rule_execute_recovery": 2,
        "rule_travel": 3,
    }

    # ------------------------------------------------------------------- awards

    def rule_award(self, city, kind, who, right):
        w, wallet = self.w, self.somebody(city, who)
        by = self.verifier(city if right else 3 - city)
        batch = self.attempt(
            lambda: self.merits.award(city, kind, [wallet], by),
            lambda: w.ledger.award(city, kind, wallet, h("e"), by=by),
        )
        self.keep_batch(batch)

    def rule_award_batch(self, city, kind, citizens, right):
        w, wallets = self.w, [self.somebody(city, i) for i in citizens]
        if not right:
            wallets.append(w.stranger)
        by = self.verifier(city)
        batch = self.attempt(
            lambda: self.merits.award(city, kind, wallets, by),
            lambda: w.ledger.awardBatch(city, kind, h("list"), wallets, by=by),
        )
        self.keep_batch(batch)

    def keep_batch(self, batch):
        if batch:
            self.batches.append(self.w.batch_of(self.last))
            batch.id = self.last.one("BatchAwarded").batchId

    def rule_reverse(self, which, times, right):
        """`times` is the index in the batch, sometimes beyond its end."""
        place = self.pick(range(len(self.batches)), which)
        if place is None:
            return
        given, batch = self.batches[place], self.merits.batches[place]
        by = self.moderator(batch.city if right else 3 - batch.city)
        done = self.attempt(
            lambda: self.merits.reverse(batch, times, by),
            lambda: self.w.ledger.reverseAward(given, times, h("reason"), by=by),
        )
        self.compare_reversal(done)

    def compare_reversal(self, done, unclaimed=False):
        if done:
            event = self.last.one("AwardReversed")
            assert (event.points, event.taken, event.unclaimed) == (*done, unclaimed)

    # ------------------------------------------------------------------- epochs

    def rule_open_epoch(self, city, kind, some, times, less, days):
        """An honest list: a person once. It may hold more acts than are paid for, or somebody unknown."""
        w, today = self.w, self.merits.today
        leaves = {}
        for place, i in enumerate(some):
            wallet = w.stranger if i == 4 else self.somebody(city, i)
            person = self.cities.owner.get((city, wallet), wallet)
            leaves.setdefault(person, (wallet, 1 + (times + place) % 4, h(f"act {place}")))
        if not leaves:
            return
        tree = Tree(list(leaves.values()))
        acts = max(tree.acts - less, 0)
        first = max(self.merits.covered[city, kind], today - days)
        by = self.verifier(city)
        number = self.attempt(
            lambda: self.merits.open_epoch(city, kind, acts, first, today - 1, by),
            lambda: w.ledger.openEpoch(city, kind, acts, first, today - 1, tree.root, h("leaves"), by=by),
        )
        if number is not None:
            assert self.last.one("EpochOpened").epochId == number
            self.trees.append((city, number, tree))

    def leaf(self, which, who):
        """Somebody's leaf in some epoch: city, epoch, wallet, times, what is given."""
        picked = self.pick(self.trees, which)
        if picked is None:
            return None
        city, number, tree = picked
        index = who % len(tree.leaves)
        wallet, times, _ = tree.leaves[index]
        return city, number, wallet, times, self.w.leaf(number, tree, index, cityId=city)

    def rule_claim(self, which, who, right):
        picked = self.leaf(which, who)
        if picked is None:
            return
        city, number, wallet, times, leaf = picked
        if not right:
            leaf = leaf | {"evidence": h("forged")}
        points = self.attempt(
            lambda: self.merits.claim(city, number, wallet, times, proven=right),
            lambda: self.w.ledger.claim(wallet, leaf, by=self.w.relayer),
        )
        if points is not None:
            assert self.last.one("EpochClaimed").points == points

    def rule_cancel_epoch(self, which, days):
        picked = self.pick(self.trees, which)
        if picked is None or days > 1:
            return
        city, number, _ = picked
        by = self.moderator(city)
        self.attempt(
            lambda: self.merits.cancel_epoch(city, number, by),
            lambda: self.w.ledger.cancelEpoch(city, number, h("reason"), by=by),
        )

    def rule_reverse_epoch_award(self, which, who, right):
        picked = self.leaf(which, who)
        if picked is None:
            return
        city, number, wallet, times, leaf = picked
        by = self.moderator(city if right else 3 - city)
        done = self.attempt(
            lambda: self.merits.reverse_epoch(city, number, wallet, times, by),
            lambda: self.w.ledger.reverseEpochAward(wallet, leaf, h("reason"), by=by),
        )
        if done:
            self.compare_reversal(done[:2], unclaimed=done[2])

    # ------------------------------------------------------------ the city's rules

    def rule_set_cap(self, city, cap):
        steward = self.cities.stewards[city]
        self.attempt(
            lambda: setattr(self.merits.rules[city], "cap", cap),
            lambda: self.w.ledger.setCap(city, cap, by=steward),
        )

    def rule_set_budget(self, city, budget):
        steward, verifier = self.cities.stewards[city], self.verifier(city)
        self.attempt(
            lambda: self.merits.per_period.__setitem__((city, verifier), budget),
            lambda: self.w.ledger.setBudget(city, verifier, budget, by=steward),
        )

    def rule_pause(self, city, right, times):
        """Mostly ends a pause, so that there is something to see."""
        w, paused = self.w, times == 0
        by_city: CityRules = self.merits.rules[city]
        if right:
            self.attempt(
                lambda: setattr(by_city, "paused_by_city", paused),
                lambda: w.ledger.setPaused(city, paused, by=self.cities.stewards[city]),
            )
        else:
            self.attempt(
                lambda: setattr(self.merits.rules[0], "paused_by_operator", paused),
                lambda: w.ledger.setPausedByOperator(0, paused, by=w.operator),
            )

    # ---------------------------------------------------------------- recoveries

    def rule_propose_recovery(self, city, who, which):
        w, old, new = self.w, self.somebody(city, who), self.wallets[4 + which % 3]
        by = self.verifier(city)
        self.attempt(
            lambda: self.cities.propose_recovery(city, old, new, by, self.merits.now),
            lambda: w.registry.proposeRecovery(city, old, new, h("seen"), by=by),
        )

    def rule_cancel_recovery(self, which, who, right):
        picked = self.pick(list(self.cities.pending), which)
        if picked is None or who < 4:
            return
        city, old = picked
        by = old if right else self.w.stranger
        self.attempt(
            lambda: self.cities.cancel_recovery(city, old, by),
            lambda: self.w.registry.cancelRecovery(city, old, by=by),
        )

    def rule_execute_recovery(self, which, right):
        picked = self.pick(list(self.cities.pending), which)
        if picked is None:
            return
        city, old = picked
        if right:
            self.travel_to(self.cities.pending[picked][1])
        self.attempt(
            lambda: self.cities.execute_recovery(city, old, self.merits.now),
            lambda: self.w.registry.executeRecovery(city, old, by=self.w.relayer),
        )

    # ---------------------------------------------------------------------- time

    def rule_travel(self, jump):
        now, period = self.merits.now, self.merits.period
        turn = self.w.origin + (period + 1) * self.w.length
        self.travel_to(
            {
                "second": now + 1,
                "day": (now // DAY + 1) * DAY,
                "week": now + 7 * DAY,
                "eve": turn - 1,
                "period": turn,
                "two periods": turn + self.w.length,
            }[jump]
        )
