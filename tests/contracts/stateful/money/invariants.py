"""The invariants of money, by number and name: docs/invariants.md, C and Q."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from tests.contracts.model.campaigns import COMPLETED, FAILED, STOPPED, Campaign
from tests.contracts.model.money import WHOLE
from tests.contracts.stateful.money.machine import MoneyMachine

ALL_EVERY = 20  # steps; between, only what a step touched is looked at


class MoneyInvariants(MoneyMachine):
    def begin(self) -> None:
        super().begin()
        self.seen: dict[str, Any] = defaultdict(dict)
        self.requests: dict[tuple[str, Any], Any] = {}
        self.put_in: Counter = Counter()  # campaign and person or wallet: pledged
        self.got_out: Counter = Counter()  # withdrawn, refunded, claimed
        self.tranches: Counter = Counter()
        self.frozen: dict[str, Any] = {}
        self.moved: dict[tuple[str, str], str] = {}  # campaign, wallet of today: wallet that pledged
        self.paid_match: Counter = Counter()
        self.came_back: Counter = Counter()
        self.reclaimed: Counter = Counter()

    # -------------------------------------------------------------------- sight

    def look(self) -> None:
        """What the contracts answer after a step, and what its events add up to; once a step."""
        if not self.stale:
            return
        self.stale = False
        self.steps += 1
        everything = self.steps % ALL_EVERY == 0
        near = self.campaigns if everything else [self.touched] if self.touched else []
        rounds = list(self.pool.rounds) if everything else [self.round] if self.round else []
        if self.touched and self.touched.round:
            rounds = list({*rounds, self.touched.round})
        self.near, self.near_rounds = near, rounds
        tokens = {one.token.address for one in near}
        self.touched = self.round = None
        asked: list[tuple[str, Any, Any, tuple[Any, ...]]] = []
        for one in self.campaigns:
            contract = self.contracts[one.address]
            asked.append(("phase", one.address, contract.phase, ()))
        for token in self.tokens:
            if everything or not near or token.address in tokens:
                for holder in self.holders(everything):
                    asked.append(("held", (token.address, holder), token.balanceOf, (holder,)))
        for one in near:
            asked += self.questions(one)
        for number in rounds:
            asked.append(("round", number, self.w.pool.roundOf, (number,)))
            for one in self.pool.rounds[number].campaigns:
                key = (number, one.address)
                asked.append(("tally", key, self.w.pool.tallyOf, key))
        for person, year in self.house.used:
            asked.append(("used", (person, year), self.w.factory.usedBy, (person, year)))
        for kind, key, function, args in asked:
            if (kind, key) not in self.requests:
                self.requests[kind, key] = function.request(*args)
        answers = self.w.node.requests([self.requests[kind, key] for kind, key, _, _ in asked])
        for (kind, key, function, _), answer in zip(asked, answers, strict=True):
            self.seen[kind][key] = function.answer(answer)
        self.add_up()

    def holders(self, everything: bool) -> list[str]:
        own = [one.address for one in (self.campaigns if everything else self.near)]
        return [*self.everybody(), self.w.spare_wallet, self.w.pool.address, *own]

    def questions(self, one: Campaign) -> list[tuple[str, Any, Any, tuple[Any, ...]]]:
        contract, address = self.contracts[one.address], one.address
        asked: list[tuple[str, Any, Any, tuple[Any, ...]]] = [
            ("state", address, contract.stateOf, ()),
            ("report", address, contract.reportOf, ()),
            ("loan", address, contract.loanOf, ()),
            ("terms", address, contract.terms, ()),
        ]
        for backer in one.positions:
            key = (address, backer)
            asked.append(("position", key, contract.positionOf, (backer,)))
            asked.append(("refundable", key, contract.refundableOf, (backer,)))
            asked.append(("claimable", key, contract.claimableOf, (backer,)))
        asked += [("stock", (address, tier), contract.stockOf, (tier,)) for tier in one.stock]
        return asked

    def add_up(self) -> None:
        if not self.last:
            return
        for log in self.last.logs:
            if not (event := self.w.book.event(log)):
                continue
            (name, e), address = event, log["address"].lower()
            if name == "Pledged":
                self.put_in[address, self.origin_of(address, e.backer)] += e.amount
            elif name in ("PledgeWithdrawn", "PledgeRefunded", "ProceedsClaimed"):
                self.got_out[address, self.origin_of(address, e.backer)] += e.amount
            elif name == "PledgeMoved":
                self.moved[address, e.newWallet] = self.origin_of(address, e.oldWallet)
            elif name == "TrancheReleased":
                self.tranches[address] += e.amount
            elif name == "MatchPaid":
                self.paid_match[e.roundId, e.campaign] += e.amount
            elif name == "MatchReturned":
                self.came_back[address] += e.amount
            elif name == "RestReclaimed":
                self.reclaimed[e.roundId] += e.amount

    def origin_of(self, address: str, wallet: str) -> str:
        """The wallet that a position was begun with, over recoveries."""
        return self.moved.get((address, wallet), wallet)

    # ---------------------------------------------------------------- campaigns

    def invariant_c1_a_campaign_holds_all_that_can_still_be_taken_out(self):
        self.look()
        for one in self.near:
            address, state = one.address, self.seen["state"][one.address]
            held = self.seen["held"][one.token.address, address]
            backers = sum(self.due_to(one, backer) for backer in one.positions)
            assert held >= backers + state.uncollected + state.fees + one.to_pool
            if state.phase in (COMPLETED, STOPPED, FAILED):
                draws = sum(1 for backer in one.positions) + 1
                unreleased = state.raised + state.matched - state.released if state.phase == COMPLETED else 0
                dust = held - backers - state.uncollected - state.fees - one.to_pool - unreleased
                assert dust <= draws

    def due_to(self, one: Campaign, backer: str) -> int:
        """What a backer can take out sooner or later as things stand, by the contract's own answers."""
        key = (one.address, backer)
        phase = self.seen["phase"][one.address]
        if phase in (FAILED, STOPPED):
            claims = one.is_limited and one.released
            return self.seen["claimable" if claims else "refundable"][key]
        if phase < 3:  # until it is funded, all of it may have to go back
            return self.seen["position"][key].amount
        return self.seen["claimable"][key]

    def invariant_c2_tranches_make_up_what_was_raised_and_matched(self):
        self.look()
        for one in self.near:
            state, phase = self.seen["state"][one.address], self.seen["phase"][one.address]
            tranches = self.tranches[one.address.lower()]
            whole = state.raised + state.matched
            assert tranches == state.released <= whole
            if phase == STOPPED:
                assert tranches + one.to_backers + one.to_pool == whole
            for milestone in [state.milestone] if phase == 3 else []:
                assert state.released <= whole * sum(one.terms["milestones"][:milestone]) // WHOLE

    def invariant_c3_nobody_takes_out_more_than_they_put_in_and_what_came_back(self):
        self.look()
        for (address, backer), out in self.got_out.items():
            one = next(one for one in self.campaigns if one.address.lower() == address)
            share = one.proceeds if one.is_limited else 0
            mine = max(
                (
                    kept.amount
                    for holder, kept in one.positions.items()
                    if self.origin_of(address, holder) == backer
                ),
                default=0,
            )
            assert out <= self.put_in[address, backer] + (share * mine // one.raised if one.raised else 0)

    def invariant_c4_no_round_trip_profits(self):
        self.look()
        for (address, backer), out in self.got_out.items():
            one = next(one for one in self.campaigns if one.address.lower() == address)
            if not (one.is_limited and one.proceeds):
                assert out <= self.put_in[address, backer]

    def invariant_c6_no_two_of_pledge_refund_and_release_are_open_at_once(self):
        self.look()
        for one in self.near:
            contract = self.contracts[one.address]
            given = {"amount": 7, "cityId": 0, "tier": 0, "source": 0, "edition": one.edition}
            backers = [backer for backer, kept in one.positions.items() if kept.amount]
            pledged, released, *refunded = self.w.node.succeed(
                [
                    contract.pledge.request(given, by=self.w.third),
                    contract.release.request(by=self.w.relayer),
                    *[contract.refund.request(backer, by=self.w.relayer) for backer in backers],
                ]
            )
            assert pledged + released + any(refunded) <= 1

    def invariant_c7_terms_stand_from_the_first_pledge_on(self):
        self.look()
        for one in self.near:
            if self.seen["state"][one.address].frozen:
                terms = self.seen["terms"][one.address]
                assert self.frozen.setdefault(one.address, terms) == terms

    def invariant_c8_stock_left_and_tiers_held_make_the_stock_of_each_tier(self):
        self.look()
        for one in self.near:
            held = Counter(self.seen["position"][one.address, backer].tier for backer in one.positions)
            refunds = self.seen["phase"][one.address] in (FAILED, STOPPED)
            for number, tier in enumerate([] if refunds else one.terms["tiers"], 1):
                assert self.seen["stock"][one.address, number] + held[number] == tier["stock"]
            for backer in one.positions:
                position = self.seen["position"][one.address, backer]
                if position.tier:
                    assert position.amount >= one.terms["tiers"][position.tier - 1]["price"]

    def invariant_c9_a_yearly_limit_is_what_the_standing_pledges_of_a_person_take(self):
        self.look()
        standing: Counter = Counter()
        for one in self.campaigns:
            for backer, position in one.positions.items():
                if position.year:
                    person = self.house.investors[backer][0]
                    standing[person, position.year] += position.fresh + position.settled
        for (person, year), used in self.seen["used"].items():
            assert standing[person, year] <= used <= self.house.year_limit
            if year == self.house.year:  # a pledge of a later year no longer knows what it took before
                assert used == standing[person, year]

    def invariant_c11_campaigns_agree_with_the_rules(self):
        self.look()
        for (token, holder), held in self.seen["held"].items():
            assert held == self.house.tokens[token].held[holder], holder
        for one in self.campaigns:
            assert self.seen["phase"][one.address] == one.phase
        for one in self.near:
            self.compare(one)

    def compare(self, one: Campaign) -> None:
        state, report = self.seen["state"][one.address], self.seen["report"][one.address]
        assert state == {
            "phase": one.phase,
            "edition": one.edition,
            "frozen": one.frozen,
            "raised": one.raised,
            "matched": one.matched,
            "released": one.released,
            "milestone": one.milestone,
            "uncollected": one.uncollected,
            "fees": one.fees,
            "proceeds": one.proceeds,
            "toBackers": one.to_backers,
        }
        mine = one.report_
        if mine.until and one.phase == 3:
            assert (report.attempt, report.vetoUntil, report.objections) == (
                mine.attempt,
                mine.until,
                mine.objections,
            )
        for backer, position in one.positions.items():
            key = (one.address, backer)
            said = self.seen["position"][key]
            assert (said.amount, said.tier, said.drawn) == (position.amount, position.tier, position.drawn)
            if position.amount:
                assert said.cityId == position.city
            if self.house.now < position.until and position.cooling:
                assert (said.cooling, said.coolingUntil) == (position.cooling, position.until)
            assert self.seen["refundable"][key] == one.refundable(backer)
            assert self.seen["claimable"][key] == one.claimable(backer)
        for tier, left in one.stock.items():
            assert self.seen["stock"][one.address, tier] == left
        if one.form == 2:
            said = self.seen["loan"][one.address]
            interest = one.interest_due if one.released else 0
            late = one.late_since if one.released else 0
            assert said == {
                "principal": one.principal,
                "interest": interest,
                "lateSince": late,
                "defaulted": one.defaulted,
            }

    def invariant_c13_what_was_objected_to_is_not_paid(self):
        self.look()
        if self.last:
            for e in self.last.all("TrancheReleased"):
                assert e.milestone in [one.milestone for one in self.near]
                assert not self.last.all("ReportVoided")
        for one in self.campaigns:
            assert one.report_.objections * WHOLE <= one.terms["vetoShare"] * one.raised

    def check_c10_events_alone_rebuild_a_campaign(self):
        for one in self.campaigns:
            record, state = self.records[one.address], self.seen["state"][one.address]
            names = set(state) - {"phase"}
            assert {name: getattr(record, name) for name in names} == {name: state[name] for name in names}
            assert record.balance == self.seen["held"][one.token.address, one.address]
            for tier, left in record.stock.items():
                assert self.seen["stock"][one.address, tier] == left
            for backer in one.positions:
                said, mine = self.seen["position"][one.address, backer], record.holdings[backer]
                assert (said.amount, said.drawn) == (mine.amount, mine.drawn)
                if mine.amount:
                    assert (said.tier, said.cityId) == (mine.tier, mine.city)
                    if self.house.now < mine.until:
                        assert said.cooling == mine.cooling

    # ----------------------------------------------------------------- matching

    def invariant_q1_the_match_never_exceeds_the_budget(self):
        self.look()
        for number in self.near_rounds:
            kept = self.seen["round"][number]
            tallies = [self.seen["tally"][number, one.address] for one in self.pool.rounds[number].campaigns]
            assert sum(tally.assigned for tally in tallies) == kept.assigned <= kept.budget
            assert all(tally.assigned <= tally.weight for tally in tallies)
            paid = sum(amount for (of, _), amount in self.paid_match.items() if of == number)
            assert paid <= kept.assigned

    def invariant_q2_the_pool_holds_what_is_not_paid_out(self):
        self.look()
        for token in self.tokens:
            due = 0
            for number, kept in self.pool.rounds.items():
                if kept.terms["token"] == token.address:
                    paid = sum(amount for (of, _), amount in self.paid_match.items() if of == number)
                    back = sum(self.came_back[one.address.lower()] for one in kept.campaigns)
                    due += kept.budget - paid + back - self.reclaimed[number]
            assert self.seen["held"][token.address, self.w.pool.address] == due

    def invariant_q3_a_tally_is_the_sum_over_the_people_who_count(self):
        self.look()
        for number in self.near_rounds:
            mine = self.pool.rounds[number]
            for one in mine.campaigns:
                tally = self.seen["tally"][number, one.address]
                assert (tally.roots, tally.sum, tally.people) == mine.tally(one.address)

    def invariant_q4_a_settled_round_is_accounted_for_to_the_last_unit(self):
        self.look()
        for number in self.near_rounds:
            kept, mine = self.seen["round"][number], self.pool.rounds[number]
            if kept.step == 3:
                tallies = [self.seen["tally"][number, one.address] for one in mine.campaigns]
                waiting = sum(tally.assigned for tally in tallies if not tally.paid)
                paid = sum(amount for (of, _), amount in self.paid_match.items() if of == number)
                back = sum(self.came_back[one.address.lower()] for one in mine.campaigns)
                assert kept.rest + waiting + paid + self.reclaimed[number] == kept.budget + back

    def invariant_q5_a_campaign_that_failed_gets_nothing(self):
        self.look()
        for one in self.campaigns:
            if self.seen["phase"][one.address] == FAILED:
                assert one.matched == 0 == self.paid_match[one.round, one.address]
        if self.last:
            for e in self.last.all("MatchPaid"):
                assert self.seen["phase"][e.campaign] in (3, COMPLETED)

    def invariant_q6_rounds_agree_with_the_rules(self):
        self.look()
        for number in self.near_rounds:
            kept, mine = self.seen["round"][number], self.pool.rounds[number]
            assert (kept.step, kept.budget) == (mine.step, mine.budget)
            assert kept.step == 3 or kept.next == mine.next
            assert (kept.rest, kept.campaigns) == (mine.rest, len(mine.campaigns))
            for one in mine.campaigns:
                tally = self.seen["tally"][number, one.address]
                assert tally.weight == mine.weights.get(one.address, 0)
                assert tally.assigned == mine.assigned.get(one.address, 0)
                assert tally.paid == (one.address in mine.paid)

    def teardown(self) -> None:
        self.steps, self.stale = ALL_EVERY - 1, True
        self.last = None
        for name in dir(self):
            if name.startswith("invariant_"):
                getattr(self, name)()
        self.check_c10_events_alone_rebuild_a_campaign()
