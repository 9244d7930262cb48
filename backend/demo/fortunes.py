"""Campaigns and rounds of the play: one of each form, and one in each phase."""

from collections.abc import Callable

from backend.demo import ideas
from backend.demo.purse import Purse, campaign_at
from backend.demo.raising import LOAN, LOAN_TERMS, REWARD, SHARE, Plan, Raising
from backend.demo.stage import Events, Person
from backend.demo.town import DAY, Town
from backend.demo.works import Story, Work, Works

HOUR = 3600
FIRST_ROUND, SECOND_ROUND = 1, 2


class Fortunes(Raising):
    """What becomes of the projects' money."""

    def __init__(self, works: Works, purse: Purse, now: int):
        super().__init__(works, purse, now)
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
