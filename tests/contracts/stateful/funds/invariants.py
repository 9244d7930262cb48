"""The invariants of funds, by number and name: docs/invariants.md, F."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from tests.contracts.kit.contract import Receipt
from tests.contracts.model.funds import Fund
from tests.contracts.model.money import WHOLE
from tests.contracts.model.partners import ENDED, ONE
from tests.contracts.stateful.funds.machine import FundMachine

ALL_EVERY = 25  # steps; between, only the fund that a step touched is looked at
PROBE = 1_000  # a sum of which all are asked how it would be split


class FundInvariants(FundMachine):
    def begin(self) -> None:
        super().begin()
        self.sight: dict[str, dict[str, Any]] = {}  # what each fund answers
        self.earlier: dict[str, dict[str, Any]] = {}  # before the step, where it was one alone
        self.taken = self.looked_at = 0  # steps since the last look, and its second
        self.wrote: set[str] = set()  # funds that wrote events since
        self.settlements: Counter[str] = Counter()  # fund: times that somebody's credit was rounded
        self.given: Counter[str] = Counter()  # fund: distributed, by its events
        self.burned: Counter[str] = Counter()

    # -------------------------------------------------------------------- sight

    def look(self) -> None:
        """What the contracts answer after a step; once a step."""
        if not self.stale:
            return
        self.stale = False
        self.steps += 1
        everything = self.steps % ALL_EVERY == 0
        near = self.funds if everything else [self.near_fund] if self.near_fund else []
        touched = self.touched.address if self.touched else None
        also = {*self.wrote, *(one.address for one in self.funds if touched in one.holdings)}
        near = [one for one in self.funds if one in near or one.address in also]
        self.wrote = set()
        self.near_funds, self.near_fund, self.touched = near, None, None
        if self.looked_at != self.house.now:
            self.sight = {}
        self.earlier = dict(self.sight) if self.last and self.taken == 1 else {}
        self.taken, self.looked_at = 0, self.house.now
        asked = [question for fund in near for question in self.ask(fund)]
        answers = self.w.node.requests([function.request(*args) for _, _, _, function, args in asked])
        for fund in near:
            self.sight[fund.address] = defaultdict(dict)
        for (address, kind, key, function, _), answer in zip(asked, answers, strict=True):
            self.sight[address][kind][key] = function.answer(answer)

    def ask(self, fund: Fund) -> list[tuple[str, str, Any, Any, tuple[Any, ...]]]:
        avatar, token = self.avatars[fund.address], self.tokens[0]
        asked: list[tuple[str, Any, Any, tuple[Any, ...]]] = [
            ("books", 0, avatar.booksOf, ()),
            ("phase", 0, avatar.phase, ()),
            ("nav", 0, avatar.navOf, ()),
            ("units", 0, avatar.totalSupply, ()),
            ("split", 0, avatar.splitOf, (PROBE,)),
            ("roles", 0, avatar.manager, ()),
            ("roles", 1, avatar.appraiser, ()),
            ("held", 0, token.balanceOf, (fund.address,)),
        ]
        for partner in fund.seats:
            for name in ("partnerOf", "dueOf", "claimableOf"):
                asked.append((name, partner, getattr(avatar, name), (partner,)))
        for account in {*fund.credits, fund.organisation}:
            asked.append(("creditOf", account, avatar.creditOf, (account,)))
        for address, holding in fund.holdings.items():
            asked.append(("holdingOf", address, avatar.holdingOf, (address,)))
            if not holding.is_fund:
                project = self.sought_project(address)
                asked.append(("exposureTo", project, avatar.exposureTo, (project,)))
        asked += [("motionOf", n, avatar.motionOf, (n,)) for n in range(1, len(fund.motions) + 1)]
        return [(fund.address, *question) for question in asked]

    def sought_project(self, campaign: str) -> int:
        one = self.target(campaign)
        return next(number for number, kept in self.house.projects.items() if kept is one.project)

    def took(self, receipt: Receipt) -> None:
        super().took(receipt)
        self.taken += 1

    def note(self, fund: str, name: str, e: Any) -> None:
        self.wrote.add(fund)
        if name in ("Transfer", "DistributionClaimed"):
            self.settlements[fund] += 2
        elif name == "ProceedsDistributed":
            self.given[fund] += e.amount
        elif name == "PartnerDefaulted":
            self.burned[fund] += e.units

    def seen(self, fund: Fund) -> tuple[dict[str, Any], Any]:
        sight = self.sight[fund.address]
        return sight, sight["books"][0]

    # --------------------------------------------------------------- invariants

    def invariant_f1_the_books_balance(self):
        self.look()
        for fund in self.near_funds:
            _, books = self.seen(fund)
            spent = books.cash + books.cost + books.fees + books.toPartners + books.toOrganisation
            assert spent == books.contributed + books.gains - books.losses

    def invariant_f2_a_fund_holds_all_that_can_still_be_taken_out(self):
        self.look()
        for fund in self.near_funds:
            sight, books = self.seen(fund)
            due = books.cash + books.escrow + sum(sight["creditOf"].values())
            due += sum(sight["claimableOf"].values())
            waiting = self.uncollected(fund)
            assert (
                0 <= sight["held"][0] - due - waiting <= self.settlements[fund.address] + len(fund.seats) + 1
            )

    def uncollected(self, fund: Fund) -> int:
        """Paid here by a campaign by somebody else's call, and not in the books yet."""
        waiting = 0
        for holding in fund.holdings.values():
            if holding.is_fund:
                continue
            position = holding.target.of(fund.address)
            waiting += position.drawn - holding.drawn if position.amount else 0
            if not position.amount and holding.principal:
                waiting += self.refund_of(holding)
        return waiting

    @staticmethod
    def refund_of(holding) -> int:
        one = holding.target
        return (one.to_backers * holding.principal // one.raised) if one.stopped else holding.principal

    def invariant_f3_no_carry_before_capital_and_hurdle(self):
        self.look()
        for fund in self.near_funds:
            _, books = self.seen(fund)
            for e in self.last.all("ProceedsDistributed") if self.last else []:
                if e.carry:
                    assert books.unreturned == books.preferred == books.accruing == 0
                    profit = books.toPartners + books.toOrganisation - books.contributed
                    assert books.toOrganisation * WHOLE <= fund.terms["carry"] * profit

    def invariant_f4_a_distribution_is_split_to_the_last_unit(self):
        self.look()
        for fund in self.near_funds:
            sight, books = self.seen(fund)
            split = sight["split"][0]
            assert split.capital + split.hurdle + split.catchUp + split.rest == PROBE
            assert split.carry <= split.catchUp + split.rest
            assert self.given[fund.address] == books.toPartners + books.toOrganisation
        for e in self.last.all("ProceedsDistributed") if self.last else []:
            assert e.capital + e.hurdle + e.catchUp + e.rest == e.amount
            assert e.escrowed <= e.carry <= e.catchUp + e.rest

    def invariant_f5_units_are_the_capital_paid_in(self):
        self.look()
        for fund in self.near_funds:
            sight, books = self.seen(fund)
            partners = sight["partnerOf"].values()
            assert sight["units"][0] == books.contributed - self.burned[fund.address]
            assert sight["units"][0] == sum(one.units for one in partners)
            assert books.contributed == sum(one.paid for one in partners)

    def invariant_f6_nobody_is_called_for_more_than_they_committed(self):
        self.look()
        for fund in self.near_funds:
            sight, books = self.seen(fund)
            assert books.called <= ONE
            assert books.committed == sum(one.commitment for one in sight["partnerOf"].values())
            for partner, one in sight["partnerOf"].items():
                due, late = sight["dueOf"][partner].values()
                assert late <= due
                if not one.defaulted:
                    assert one.paid + due == max(one.paid, one.commitment * books.called // ONE)
                    assert one.paid <= one.commitment * books.called // ONE

    def invariant_f7_units_times_their_worth_make_what_partners_would_get(self):
        self.look()
        for fund in self.near_funds:
            sight, _ = self.seen(fund)
            nav, partners, per_unit = sight["nav"][0].values()
            units = sight["units"][0]
            assert partners <= nav
            if units:
                assert 0 <= partners * ONE - per_unit * units < units

    def invariant_f8_the_mandate_is_never_exceeded(self):
        self.look()
        if not self.last:
            return
        for fund in self.near_funds:
            sight, books = self.seen(fund)
            most = fund.mandate["largestShare"] * books.committed
            mine = [
                self.w.book.event(log)
                for log in self.last.logs
                if log["address"].lower() == fund.address.lower()
            ]
            for name, e in filter(None, mine):
                if name == "Invested":
                    campaign = self.target(e.campaign)
                    assert fund.mandate["kinds"] >> campaign.project.kind & 1
                    assert fund.mandate["forms"] >> campaign.form & 1
                    assert campaign.project.city in (fund.mandate["cities"] or [campaign.project.city])
                    assert sight["exposureTo"][e.projectId] * WHOLE <= most
                elif name == "FundCommitted":
                    assert fund.mandate["mayCommit"]
                    assert not self.target(e.fund).mandate["mayCommit"]
                    assert sight["holdingOf"][e.fund].commitment * WHOLE <= most

    def invariant_f9_a_transfer_moves_every_right_exactly_once(self):
        self.look()
        for fund in self.near_funds:
            before = self.earlier.get(fund.address)
            if not before or not self.last or [name for name, _ in self.last.events] != ["Transfer"]:
                continue
            after, _ = self.seen(fund)
            for partner, claimable in before["claimableOf"].items():
                assert after["claimableOf"][partner] == claimable
            for partner, was in before["partnerOf"].items():
                now = after["partnerOf"][partner]
                kept = ("commitment", "paid", "admitted", "defaulted", "lockedUntil")
                assert [now[name] for name in kept] == [was[name] for name in kept]
                assert now.units >= was.units or was.lockedUntil <= self.house.now
            assert sum(one.units for one in after["partnerOf"].values()) == before["units"][0]

    def invariant_f10_nobody_gains_by_entering_and_leaving_at_once(self):
        for gained, due, distributed in self.entered:
            assert gained <= due + 2
            assert distributed is None

    def invariant_f11_a_mark_moves_no_money(self):
        self.look()
        marked = self.last and [name for name, _ in self.last.events] == ["HoldingMarked"]
        for fund in self.near_funds if marked else []:
            before, after = self.earlier.get(fund.address), self.sight[fund.address]
            if before:
                kept = ("phase", "units", "split", "held", "partnerOf", "dueOf", "claimableOf", "creditOf")
                assert {kind: after[kind] for kind in kept} == {kind: before[kind] for kind in kept}
                books = after["books"][0] | {"value": before["books"][0].value}
                assert books == before["books"][0]

    def invariant_f12_holdings_make_cost_and_value(self):
        self.look()
        for fund in self.near_funds:
            sight, books = self.seen(fund)
            holdings = sight["holdingOf"].values()
            assert books.cost == sum(one.cost for one in holdings)
            assert books.value == sum(one.value for one in holdings)
            assert all(one.cost <= one.principal for one in holdings)
            for project, exposure in sight["exposureTo"].items():
                there = [one.principal for one in holdings if one.projectId == project and not one.isFund]
                assert exposure == sum(there)

    def invariant_f14_funds_agree_with_the_rules(self):
        self.look()
        for fund in self.near_funds:
            sight, books = self.seen(fund)
            assert books == fund.books()
            assert sight["phase"][0] == fund.phase
            assert tuple(sight["nav"][0].values()) == fund.nav()
            assert sight["units"][0] == fund.units
            assert sight["held"][0] == fund.token.held[fund.address]
            assert (sight["roles"][0], sight["roles"][1]) == (fund.manager, fund.appraiser)
            split = fund.waterfall.split(PROBE, self.house.now)
            assert tuple(sight["split"][0].values()) == (
                split.capital,
                split.hurdle,
                split.catch_up,
                split.rest,
                split.carry,
            )
            self.compare_partners(fund, fund, sight)
            self.compare_holdings(fund, fund, sight)

    def compare_partners(self, fund: Fund, mine: Fund, sight: dict[str, Any]) -> None:
        for partner, said in sight["partnerOf"].items():
            seat = mine.of(partner)
            assert (said.commitment, said.paid, said.units) == (seat.commitment, seat.paid, seat.units)
            assert (said.admitted, said.defaulted) == (seat.admitted, seat.defaulted)
            assert sight["claimableOf"][partner] == mine.claimable(partner)
            assert tuple(sight["dueOf"][partner].values()) == mine.dues(partner)
            if mine is fund:
                assert said.lockedUntil == seat.locked_until
        for account, credit in sight["creditOf"].items():
            assert credit == mine.credits.get(account, 0)

    def compare_holdings(self, fund: Fund, mine: Fund, sight: dict[str, Any]) -> None:
        for address, said in sight["holdingOf"].items():
            one = mine.holdings[address]
            assert (said.principal, said.cost, said.value) == (one.principal, one.cost, one.value)
            assert (said.commitment, said.drawn) == (one.commitment, one.drawn)
            assert said.markedAsOf == one.marked
        for number, said in sight["motionOf"].items() if mine is fund else ():
            motion = fund.motions[number - 1]
            assert (said.matter, said.subject, said.until) == (motion.matter, motion.subject, motion.until)
            assert (said.carried, said.consents) == (motion.carried, motion.consents)

    def invariant_f15_returned_carry_leaves_the_organisation_its_share_at_most(self):
        self.look()
        for fund in self.near_funds:
            sight, books = self.seen(fund)
            concluded = self.last and self.last.all("FundConcluded")
            if sight["phase"][0] == ENDED and not books.clawback and concluded and sight["units"][0]:
                profit = books.toPartners + books.toOrganisation - books.contributed
                assert books.toOrganisation * WHOLE <= fund.terms["carry"] * max(0, profit)
                owed = books.unreturned + books.preferred + books.accruing
                assert not owed or not books.toOrganisation

    # ------------------------------------------------------------------ the end

    def check_f13_events_alone_rebuild_a_fund(self) -> None:
        for fund in self.funds:
            record, (sight, books) = self.fund_records[fund.address].fund, self.seen(fund)
            assert record.books() == books
            assert (record.manager, record.appraiser) == (fund.manager, fund.appraiser)
            self.compare_partners(fund, record, sight)
            self.compare_holdings(fund, record, sight)

    def teardown(self) -> None:
        self.steps, self.stale, self.last = ALL_EVERY - 1, True, None
        for name in dir(self):
            if name.startswith("invariant_"):
                getattr(self, name)()
        self.check_f13_events_alone_rebuild_a_fund()
