"""Campaigns and rounds of the play: one of each form, and one in each phase."""

from collections.abc import Callable
from dataclasses import dataclass

from backend.demo import ideas
from backend.demo.purse import CROWD, FUND, PRIVATE, STATE, Purse, campaign_at
from backend.demo.stage import Events, Person
from backend.demo.town import DAY, Town
from backend.demo.works import Story, Work, Works
from backend.projects.names import FORMS

HOUR = 3600
DONATION, REWARD, LOAN, SHARE = range(len(FORMS))
NO_LOAN = (0, 0, 0, 0, 0)
LOAN_TERMS = (1_400, 4, 30 * DAY, 10 * DAY, 60 * DAY)
"""14 % a year in four instalments, a month apart; ten days of grace, default after sixty."""
TIERS = ((1_000, 200), (3_000, 40), (10_000, 5))
"""Price in roubles and stock."""
UNIT_PRICE = 5_000
FIRST_ROUND, SECOND_ROUND = 1, 2


@dataclass(frozen=True)
class Plan:
    """The terms of a campaign: times in seconds since 1970, sums in roubles, shares in basis points."""

    opens: int
    closes: int
    goal: int
    cap: int
    cooling_off: int = 7 * DAY
    form: int = DONATION
    milestones: tuple[int, ...] = (4_000, 4_000, 2_000)
    round: int = 0


class Fortunes:
    """What becomes of the projects' money. `now` is the second at which the play ends."""

    def __init__(self, works: Works, purse: Purse, now: int):
        self.works, self.purse, self.now = works, purse, now
        self.stage, self.at, self.unit = works.stage, works.at, works.unit
        self.random = works.random
        stories: dict[str, Callable[[Work], Story]] = {
            "completed": self._completed,
            "failed": self._failed,
            "late": self._late,
            "share": self._share,
            "stopped": self._stopped,
            "reported": self._reported,
            "cooling": self._cooling,
            "open": self._open,
            "tiers": self._tiers,
            "lending": self._lending,
            "upcoming": self._upcoming,
        }
        works.further |= stories
        works.noting.append(self.note)
        works.begin(20, self._rounds())

    def note(self, events: Events) -> None:
        """Takes the addresses of the campaigns made."""
        by_number = {work.number: work for work in self.works.works.values()}
        for event in events.get("CampaignCreated", []):
            by_number[event["projectId"]].campaign = campaign_at(event["campaign"])

    def follow(self, old: Person, new: Person) -> None:
        """What a recovered citizen has in campaigns follows them."""
        for work in self.works.works.values():
            if old in work.backers:
                self._do(self.works.relay, work.money.call("followRecovery", old.address))
                work.backers[work.backers.index(old)] = new

    # ----------------------------------------------------------------- rounds

    def _rounds(self) -> Story:
        """A round that is over by now, and one that runs."""
        town = self.works.town(0)
        yield self.works.until(30)
        self._open_round(town, 0, self.works.now + 62 * DAY, 150_000, redistribute=False)
        yield self.works.until(93)
        pool = self.at.pool
        self._do(self.works.relay, pool.call("settle", FIRST_ROUND, 1))
        yield 1
        self._do(self.works.relay, pool.call("settle", FIRST_ROUND, 10))
        yield 1
        paid = self.works.works["garden"].money
        self._do(self.works.relay, pool.call("payMatch", FIRST_ROUND, paid.address))
        yield 1
        self._do(town.treasurer, pool.call("reclaimRest", FIRST_ROUND, town.treasurer.address))
        yield self.works.until(118)
        self._open_round(town, 1, self.now + 40 * DAY, 400_000, redistribute=True)
        yield 10
        self.purse.allow(town.treasurer, str(pool.address), 100_000 * self.unit)
        self._do(town.treasurer, pool.call("fundRound", SECOND_ROUND, 100_000 * self.unit))
        yield 1

    def _open_round(self, town: Town, text: int, closes: int, budget: int, redistribute: bool) -> None:
        content = town.library.keep(ideas.ROUNDS[text])
        terms = (town.number, self.works.token, 10, 20_000 * self.unit, closes, redistribute, content)
        self.purse.allow(town.treasurer, str(self.at.pool.address), budget * self.unit)
        self._do(town.treasurer, self.at.pool.call("openRound", terms, budget * self.unit))

    # -------------------------------------------------------- ended campaigns

    def _completed(self, work: Work) -> Story:
        """Funded, matched, released by three milestones, all of it collected."""
        plan = Plan(self._hence(1), self._hence(26), 120_000, 260_000, round=FIRST_ROUND)
        yield from self._raise(work, plan, until=26, every=3, citizens=3, most=9_000)
        yield from self._implement(work, plan)
        yield self.works.until(100)
        for _ in plan.milestones[1:]:
            yield from self._milestone(work)
        self._do(work.author, work.money.call("collect", work.author.address))
        self._do(self.works.relay, work.money.call("collectFees"))
        self._do(self.works.relay, self.at.projects.call("advance", work.number, bytes(32)))
        yield 1

    def _failed(self, work: Work) -> Story:
        """Short of its goal; one backer has taken theirs back, the others can."""
        plan = Plan(self._hence(1), self._hence(25), 300_000, 400_000, round=FIRST_ROUND)
        yield from self._raise(work, plan, until=25, every=5, citizens=2, most=6_000, fill=False)
        yield self._until(plan.closes + plan.cooling_off)
        self._do(self.works.relay, work.money.call("refund", work.backers.pop().address))
        yield 1

    def _stopped(self, work: Work) -> Story:
        """Stopped after the first milestone: what was not released goes back by shares."""
        plan = Plan(self._hence(1), self._hence(28), 90_000, 150_000, milestones=(3_000, 4_000, 3_000))
        yield from self._raise(work, plan, until=28, every=4, citizens=3, most=6_000)
        yield from self._implement(work, plan)
        yield self.works.until(150)
        reason = work.town.library.keep(ideas.STOPPED)
        self._do(work.town.moderator, work.money.call("stop", reason))
        yield 3
        self._do(self.works.relay, work.money.call("refund", work.backers.pop().address))
        yield 1

    # ------------------------------------------------------ loans and shares

    def _late(self, work: Work) -> Story:
        """A loan repaid twice, whose third instalment is late."""
        plan = Plan(self._hence(1), self._hence(18), 200_000, 320_000, 4 * DAY, LOAN, (10_000,))
        yield from self._raise(work, plan, until=18, every=6, citizens=0, most=0, each=50_000)
        yield from self._implement(work, plan)
        released = self.works.now - DAY
        for instalment in (1, 2):
            yield self._until(released + instalment * LOAN_TERMS[2] - 2 * DAY)
            amount = work.raised // LOAN_TERMS[1] + 3_000 * self.unit
            self.purse.allow(work.author, str(work.money.address), amount)
            self._do(work.author, work.money.call("repay", amount))
            yield 1
            self._do(self.works.relay, work.money.call("claim", work.backers[-1].address))

    def _share(self, work: Work) -> Story:
        """Units whose holders get income twice."""
        plan = Plan(self._hence(1), self._hence(28), 250_000, 400_000, 5 * DAY, SHARE, (6_000, 4_000))
        yield from self._raise(work, plan, until=28, every=7, citizens=0, most=0, each=60_000)
        yield from self._implement(work, plan)
        yield from self._milestone(work)
        self._do(self.works.relay, self.at.projects.call("advance", work.number, bytes(32)))
        for day, roubles in ((150, 20_000), (185, 15_000)):
            yield self.works.until(day)
            self.purse.allow(work.author, str(work.money.address), roubles * self.unit)
            self._do(work.author, work.money.call("distribute", roubles * self.unit))
            yield 1
            self._do(self.works.relay, work.money.call("claim", work.backers[-1].address))

    def _lending(self, work: Work) -> Story:
        """A loan that takes pledges now."""
        plan = Plan(self._hence(1), self.now + 21 * DAY, 600_000, 900_000, 4 * DAY, LOAN, (10_000,))
        yield from self._raise(work, plan, until=28, every=9, citizens=0, most=0, each=40_000, fill=False)

    # --------------------------------------------------------- under way now

    def _reported(self, work: Work) -> Story:
        """The second milestone is reported and can be objected to; one backer does."""
        plan = Plan(self._hence(1), self._hence(28), 100_000, 200_000)
        yield from self._raise(work, plan, until=28, every=3, citizens=3, most=7_000)
        yield from self._implement(work, plan)
        yield self.works.until(197)
        self._do(work.author, work.money.call("report", work.town.library.keep(ideas.REPORT)))
        yield 1
        objector = next(b for b in work.backers if b.address in self.stage.sender.addresses)
        self._do(objector, work.money.call("object"))
        yield 1

    def _cooling(self, work: Work) -> Story:
        """Closed yesterday; pledges can be withdrawn, none made."""
        plan = Plan(self._hence(1), self.now - 30 * HOUR, 150_000, 400_000, 5 * DAY)
        yield from self._raise(work, plan, until=self.works.until(198), every=5, citizens=3, most=9_000)

    def _open(self, work: Work) -> Story:
        """Takes donations now, in the round that runs; what was pledged of late can be withdrawn."""
        plan = Plan(self._hence(1), self.now + 14 * DAY, 400_000, 1_000_000, 14 * DAY, round=SECOND_ROUND)
        again = self._raise(
            work, plan, until=self.works.until(199), every=3, citizens=3, most=8_000, fill=False
        )
        regretted = False
        for count, days in enumerate(again):
            if count >= 9 and not regretted:
                regretted = self._regret(work)
            yield days

    def _regret(self, work: Work) -> bool:
        """A backer who can still do so thinks better of it; False where there is none today."""
        own = [b for b in work.backers if b.address in self.stage.sender.addresses]
        held = self.stage.sender.read_all([work.money.call("positionOf", b.address) for b in own], "latest")
        for backer, (_, cooling, until, *_) in zip(own, held, strict=True):
            if cooling and self.works.now + HOUR < until:
                self._do(backer, work.money.call("withdraw", backer.address))
                return True
        return False

    def _tiers(self, work: Work) -> Story:
        """Takes pledges for presents, in the same round."""
        plan = Plan(
            self._hence(1), self.now + 10 * DAY, 250_000, 500_000, 10 * DAY, REWARD, round=SECOND_ROUND
        )
        yield from self._raise(
            work, plan, until=self.works.until(199), every=4, citizens=2, most=11_000, fill=False
        )

    def _upcoming(self, work: Work) -> Story:
        plan = Plan(self.now + 5 * DAY, self.now + 35 * DAY, 80_000, 160_000)
        yield from self._create(work, plan)

    # ------------------------------------------------------------------ steps

    def _create(self, work: Work, plan: Plan) -> Story:
        library = work.town.library
        tiers = [
            (price * self.unit, stock, library.keep(document))
            for (price, stock), document in zip(TIERS, ideas.TIERS, strict=True)
        ]
        terms = (
            work.author.address,
            plan.opens,
            plan.closes,
            plan.cooling_off,
            plan.goal * self.unit,
            plan.cap * self.unit,
            3_000,
            7 * DAY,
            90 * DAY,
            list(plan.milestones),
            library.keep(ideas.campaign(work.idea, len(plan.milestones))),
            tiers if plan.form == REWARD else [],
            LOAN_TERMS if plan.form == LOAN else NO_LOAN,
            UNIT_PRICE * self.unit if plan.form == SHARE else 0,
        )
        made = self.at.factory.call("create", work.number, plan.form, plan.round, self.works.token, terms)
        self._do(work.author, made)
        yield 2

    def _raise(
        self,
        work: Work,
        plan: Plan,
        until: int,
        every: int,
        citizens: int,
        most: int,
        each: int = 0,
        fill: bool = True,
    ) -> Story:
        """Pledges every so many days for so many days: of citizens up to `most` roubles each, and of
        investors, of whom in turn one pledges `each` (or about `most`); at last the city adds what is missing
        to the goal, unless `fill` says no.
        """
        yield from self._create(work, plan)
        last, turn = self.works.today + until - 3, 0
        investors = work.town.backers
        while self.works.today < last:
            for citizen in self.random.sample(work.town.citizens[: 2 * citizens + 6], citizens):
                amount = self.random.randrange(1, 1 + most // 500) * 500
                self._pledge(work, plan, citizen, amount, city=work.town.number)
            if turn % 2 == 0 or each:
                backer = investors[turn // (1 if each else 2) % len(investors)]
                source = FUND if backer is investors[-1] else (CROWD, PRIVATE)[turn % 2]
                self._pledge(work, plan, backer, each or most, source=source)
            turn += 1
            yield min(every, self.works.until(last))
        missing = plan.goal * self.unit - work.raised
        if fill and missing > 0:
            whole = -(-missing // (UNIT_PRICE * self.unit)) * UNIT_PRICE
            if plan.form in (LOAN, SHARE):
                self._pledge(work, plan, investors[-1], whole, source=FUND)
            else:
                self._pledge(work, plan, work.town.treasurer, whole, city=work.town.number, source=STATE)
            yield 1

    def _pledge(
        self, work: Work, plan: Plan, backer: Person, roubles: int, city: int = 0, source: int = CROWD
    ) -> None:
        tier = 0
        if plan.form == REWARD and backer not in work.backers:
            tier = max((n for n, (price, _) in enumerate(TIERS, 1) if roubles >= price), default=0)
        amount = roubles * self.unit
        self.purse.pledge(work.money, backer, amount, self.works.now + 10 * DAY, city, tier, source)
        work.raised += amount
        if backer in work.backers:
            work.backers.remove(backer)
        work.backers.append(backer)

    def _implement(self, work: Work, plan: Plan) -> Story:
        """Funded: it begins, the first milestone is released and collected."""
        yield self._until(plan.closes + plan.cooling_off)
        begin = self.at.projects.call("beginImplementation", work.number, work.money.address)
        self._do(self.works.relay, begin)
        self._do(self.works.relay, work.money.call("release"))
        self._do(work.author, work.money.call("collect", work.author.address))
        yield 1

    def _milestone(self, work: Work) -> Story:
        """The next milestone is reported, and released when nobody objected."""
        self._do(work.author, work.money.call("report", work.town.library.keep(ideas.REPORT)))
        yield 8
        self._do(self.works.relay, work.money.call("release"))
        yield 1

    def _do(self, who: Person, call: object) -> None:
        self.stage.do(who, call)  # type: ignore[arg-type]

    def _hence(self, days: int) -> int:
        return self.works.now + days * DAY

    def _until(self, time: int) -> int:
        """Days until the first evening after that second."""
        return max(-(-(time - self.works.now) // DAY), 1)
