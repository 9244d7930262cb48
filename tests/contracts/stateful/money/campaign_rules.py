"""Steps of the games of money: campaigns of every form, from their terms to their last claim."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.contracts.kit.contract import Contract
from tests.contracts.kit.signing import OBJECT, PLEDGE, WITHDRAW, Domain, sign
from tests.contracts.kit.world import DAY, h
from tests.contracts.model.campaigns import (
    COMPLETED,
    COOLING,
    FAILED,
    FUNDED,
    LOAN,
    OPEN,
    REWARD,
    SHARE,
    STOPPED,
    UPCOMING,
    Campaign,
)
from tests.contracts.model.money_record import MoneyRecord
from tests.contracts.model.returns import campaign
from tests.contracts.stateful.money.machine import MANNERS, MoneyMachine

MOST = 9  # campaigns in a game
FORMS = ("DonationCampaign", "RewardCampaign", "LoanCampaign", "ShareCampaign")


class CampaignRules(MoneyMachine):
    draws: ClassVar = {
        "form": (0, 1, 2, 3),
        "coin": (0, 0, 0, 1),
        "which": range(7),
        "who": range(8),
        "amount": (7, 70, 99, 343, 490, 700, 999, 1_000, 2_100, 3_500, 5_999),
        "way": ("self", "self", "signature"),
        "source": (0, 0, 0, 0, 1, 2, 3, 4),
        "home": (0, 1, 1, 1, 1, 2),
        "tier": (0, 1, 2, 3),
        "goal": (1, 70, 500, 1_000),
        "few": (True, True, False),
        "right": (True, True, True, True, False),
        "edge": (0, 0, 0, 0, 1, 2),
        "off": (-1, 0, 0, 1),
        "manner": MANNERS[1:],
        "action": range(7),
        "later": (0, 0, 0, DAY),
    }
    often: ClassVar = {
        "rule_create": 6,
        "rule_pledge": 40,
        "rule_withdraw": 8,
        "rule_refund": 8,
        "rule_release": 10,
        "rule_report": 8,
        "rule_object": 8,
        "rule_collect": 3,
        "rule_repay": 5,
        "rule_distribute": 4,
        "rule_claim": 8,
        "rule_misbehave": 3,
        "rule_travel_to_an_edge": 9,
    }

    # --------------------------------------------------------------- the author's

    def rule_create(self, form, coin, which, goal, later, few):
        if len(self.campaigns) >= MOST:
            return
        token, project = self.tokens[coin], self.projects[which % 2]
        changes: dict[str, Any] = {"goal": goal, "opens": self.house.now + later}
        if few:
            changes["milestones"] = [6_667, 3_333]
        terms = self.terms(form, **changes)
        number = self.fitting_round(token.address, form, terms)
        self.open_campaign(project, form, number, token, terms)

    def open_campaign(self, project, form, number, token, terms) -> Campaign:
        w = self.w
        made = w.factory.create(project, form, number, token.address, terms, by=self.raising.author)
        address = made.one("CampaignCreated").campaign
        contract = Contract(w.node, w.book, address, getattr(w.project, FORMS[form]).abi)
        mine = campaign(
            form, self.house, self.pool, address, form, project, number, self.house.tokens[token.address]
        )
        mine.take_terms(terms)
        self.pool.enter(number, mine)
        self.campaigns.append(mine)
        self.contracts[address] = contract
        self.records[address] = MoneyRecord(form)
        self.touched, self.last, self.stale = mine, None, True
        self.took(made)
        return mine

    initialize_campaigns = rule_create

    def fitting_round(self, token: str, form: int, terms: dict[str, Any]) -> int:
        ends = terms["closes"] + terms["coolingOff"]
        for number, kept in self.pool.rounds.items():
            if form < LOAN and kept.terms["token"] == token and kept.terms["closes"] >= ends:
                return number
        return 0

    def rule_set_terms(self, which, goal, right):
        one = self.campaign(which, UPCOMING, OPEN)
        if one is None:
            return
        by = self.raising.author if right else self.w.relayer
        terms = one.terms | {"goal": goal, "vetoShare": 2_000}
        self.on(one, lambda: one.set_terms(terms, by), lambda c: c.setTerms(terms, by=by))

    # --------------------------------------------------------------------- backers

    def rule_pledge(self, which, who, amount, way, source, home, tier, right):
        one, backer = self.campaign(which, OPEN), self.backer(who)
        if one is None:
            return
        if one.form == SHARE and right:
            amount = amount // 7 * 7 or 7
        if one.form != REWARD and right:
            tier = 0
        if right and source and not (source == 1 or backer == self.w.treasurer):
            source = 0
        if right and not self.cities.is_citizen(home, backer):
            home = 0
        if right and one.of(backer).amount:
            home = one.of(backer).city
        edition = one.edition if right or way == "self" else one.edition + 1
        given = {"amount": amount, "cityId": home, "tier": tier, "source": source, "edition": edition}
        self.allow(one, backer)
        if way == "self":
            self.on(one, lambda: one.pledge(backer, given), lambda c: c.pledge(given, by=backer))
        else:
            self.on(
                one,
                lambda: one.pledge(backer, given),
                lambda c: self.pledge_by_signature(c, one, backer, given),
            )
            if self.last:
                one.nonces[backer] += 1

    def pledge_by_signature(self, contract: Contract, one: Campaign, backer, given):
        message = {"backer": backer, **given, "nonce": one.nonces[backer], "deadline": self.house.now}
        signature = self.signed(one, PLEDGE, message, backer)
        args = (backer, given, self.house.now, signature, self.no_permit())
        return contract.pledgeBySig(*args, by=self.w.relayer)

    def rule_withdraw(self, which, who, way):
        one = self.campaign(which, OPEN, COOLING)
        if one is None:
            return
        backer = self.holder(one, who, lambda kept: kept.cooling and kept.until > self.house.now)
        if way == "self":
            to = self.w.spare_wallet
            paid = self.on(one, lambda: one.withdraw(backer, to), lambda c: c.withdraw(to, by=backer))
        else:
            paid = self.on(
                one,
                lambda: one.withdraw(backer, backer),
                lambda c: self.withdraw_by_signature(c, one, backer),
            )
            one.nonces[backer] += 1 if self.last else 0
        if paid is not None:
            assert self.last.one("PledgeWithdrawn").amount == paid

    def withdraw_by_signature(self, contract: Contract, one: Campaign, backer):
        amount = contract.positionOf(backer).cooling
        message = {
            "backer": backer,
            "amount": amount,
            "nonce": one.nonces[backer],
            "deadline": self.house.now,
        }
        signature = self.signed(one, WITHDRAW, message, backer)
        return contract.withdrawBySig(backer, self.house.now, signature, by=self.w.relayer)

    def signed(self, one: Campaign, types: dict[str, Any], message: dict[str, Any], backer) -> bytes:
        return sign(backer.key, Domain("Campaign", "1", self.w.node.chain_id, one.address), types, message)

    def rule_refund(self, which, who, way):
        one = self.campaign(which, FAILED, STOPPED)
        if one is None:
            return
        backer = self.holder(one, who, lambda kept: kept.amount)
        if way == "self":
            to = self.w.spare_wallet
            self.on(one, lambda: one.refund(backer, to), lambda c: c.refundTo(to, by=backer))
        else:
            self.on(one, lambda: one.refund(backer, backer), lambda c: c.refund(backer, by=self.w.relayer))

    def rule_object(self, which, who, way):
        one = self.pick([one for one in self.campaigns if one.report_.until], which)
        one = one or self.campaign(which, FUNDED)
        if one is None:
            return
        backer = self.holder(one, who, lambda kept: kept.amount)
        if way == "self":
            self.on(one, lambda: one.object(backer), lambda c: c.object(by=backer))
            return
        attempt, milestone = one.report_.attempt, one.milestone + 1
        if one.report_.until:
            message = {
                "backer": backer,
                "milestone": milestone,
                "attempt": attempt,
                "deadline": self.house.now,
            }
            args = (backer, self.house.now, self.signed(one, OBJECT, message, backer))
            self.on(one, lambda: one.object(backer), lambda c: c.objectBySig(*args, by=self.w.relayer))

    def rule_claim(self, which, who, way):
        one = self.pick([one for one in self.campaigns if one.proceeds], which) or self.campaign(which, OPEN)
        if one is None:
            return
        backer = self.holder(one, who, lambda kept: kept.amount)
        if way == "self":
            to = self.w.spare_wallet
            self.on(one, lambda: one.claim(backer, to), lambda c: c.claimTo(to, by=backer))
        else:
            self.on(one, lambda: one.claim(backer, backer), lambda c: c.claim(backer, by=self.w.relayer))

    # ------------------------------------------------------------------ milestones

    def rule_report(self, which, right):
        begun = [
            one for one in self.campaigns if one.phase == FUNDED and one.milestone and not one.report_.until
        ]
        one = self.pick(begun, which) or self.campaign(which, FUNDED)
        if one is None:
            return
        by = self.raising.author if right else self.w.other_sponsor if which % 2 else self.w.relayer
        self.on(one, lambda: one.report(by), lambda c: c.report(h("evidence"), by=by))

    def rule_release(self, which, right):
        begun = [one for one in self.campaigns if one.phase == FUNDED]
        ready = [one for one in begun if one.milestone == 0 or one.report_.until]
        one = self.pick(ready, which) or self.campaign(which, FUNDED, COMPLETED)
        if one is None:
            return
        if right and one.report_.until and which % 2:
            self.travel_to(one.report_.until)
        released = self.on(one, one.release, lambda c: c.release(by=self.w.relayer))
        if released:
            event = self.last.one("TrancheReleased")
            assert (event.amount, event.fee) == released

    def rule_stop(self, which, who, right):
        one = self.campaign(which, UPCOMING, OPEN, COOLING, FUNDED)
        if one is None:
            return
        by = (self.raising.author, self.w.moderator, self.w.relayer, self.w.other_moderator)[who % 4]
        parts = self.on(one, lambda: one.stop(by), lambda c: c.stop(h("reason"), by=by))
        if parts:
            event = self.last.one("CampaignStopped")
            assert (event.toBackers, event.toPool) == parts

    def rule_collect(self, which, right):
        one = self.pick([one for one in self.campaigns if one.uncollected], which) or self.campaign(
            which, OPEN
        )
        if one is None:
            return
        by, to = (self.w.other_sponsor if right else self.raising.author), self.w.spare_wallet
        self.on(one, lambda: one.collect(by, to), lambda c: c.collect(to, by=by))

    def rule_collect_fees(self, which):
        one = self.pick([one for one in self.campaigns if one.fees], which) or self.campaign(which, OPEN)
        if one is None:
            return
        self.on(one, one.collect_fees, lambda c: c.collectFees(by=self.w.relayer))

    # ------------------------------------------------------------- loans and shares

    def of_form(self, form: int, which: int) -> Campaign | None:
        return self.pick([one for one in self.campaigns if one.form == form], which)

    def rule_repay(self, which, amount, right):
        one = self.of_form(LOAN, which)
        if one is None:
            return
        if right:
            amount = min(amount, one.principal + one.interest_due) or amount
        by = self.raising.author
        self.allow(one, by)
        interest = self.on(one, lambda: one.repay(by, amount), lambda c: c.repay(amount, by=by))
        if interest is not None:
            assert self.last.one("LoanRepaid").interest == interest

    def rule_declare_default(self, which):
        one = self.of_form(LOAN, which)
        if one is None:
            return
        owed = self.on(one, one.declare_default, lambda c: c.declareDefault(by=self.w.relayer))
        if owed is not None:
            assert self.last.one("LoanDefaulted").owed == owed

    def rule_distribute(self, which, amount):
        one, by = self.of_form(SHARE, which), self.raising.author
        if one is not None:
            self.allow(one, by)
            self.on(one, lambda: one.distribute(by, amount), lambda c: c.distribute(amount, by=by))

    # ------------------------------------------------------------------------ world

    def rule_misbehave(self, manner, action, which, who, amount, right):
        """The tokens misbehave for one step."""
        for token in self.tokens:
            token.behave(MANNERS.index(manner), by=self.w.deployer)
            self.house.tokens[token.address].manner = manner
        steps = (
            lambda: self.rule_pledge(which, who, amount, "self", 0, 1, 0, True),
            lambda: self.rule_withdraw(which, who, "self"),
            lambda: self.rule_refund(which, who, "other"),
            lambda: self.rule_claim(which, who, "self"),
            lambda: self.rule_collect(which, right),
            lambda: self.rule_collect_fees(which),
            lambda: self.rule_repay(which, amount, True),
        )
        steps[action]()
        for token in self.tokens:
            token.behave(0, by=self.w.deployer)
            self.house.tokens[token.address].manner = "Good"

    def rule_travel_to_an_edge(self, edge, off):
        edges = self.edges()
        if edges:
            self.travel_to(edges[min(edge, len(edges) - 1)] + off)

    def rule_travel_far(self, which):
        self.travel_to(self.house.now + (1 + which) * DAY)

    def rule_recover(self, which, who):
        """The citizen's wallet is lost; afterwards what it had follows, or not yet."""
        w, one = self.w, self.campaign(which)
        for old, new in ((w.citizen, w.new_wallet), (w.new_wallet, w.newer_wallet)):
            if self.cities.is_citizen(1, old) and who == 0:
                w.recover(old, new)
                self.house.now = w.now
                person = self.cities.owner[1, old]
                self.cities.owner[1, new] = person
                self.cities.wallet[1, person] = new
                self.house.lifetime[1, new] = self.house.lifetime.pop((1, old))
                self.travel_to(self.house.now)
                break
        old = self.pick([backer for backer, kept in one.positions.items() if kept.amount], who)
        if old is not None:
            self.on(one, lambda: one.follow(old), lambda c: c.followRecovery(old, by=w.relayer))
