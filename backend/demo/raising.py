"""How campaigns of the play come to money: made, pledged to, begun, released by milestones."""

from dataclasses import dataclass

from backend.demo import ideas
from backend.demo.purse import CROWD, FUND, PRIVATE, STATE, Purse
from backend.demo.stage import Person
from backend.demo.town import DAY
from backend.demo.works import Story, Work, Works
from backend.projects.names import FORMS

DONATION, REWARD, LOAN, SHARE = range(len(FORMS))
NO_LOAN = (0, 0, 0, 0, 0)
LOAN_TERMS = (1_400, 4, 30 * DAY, 10 * DAY, 60 * DAY)
"""14 % a year in four instalments, a month apart; ten days of grace, default after sixty."""
TIERS = ((1_000, 200), (3_000, 40), (10_000, 5))
"""Price in roubles and stock."""
UNIT_PRICE = 5_000


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


class Raising:
    """What all stories about money have in common. `now` is the second at which the play ends."""

    def __init__(self, works: Works, purse: Purse, now: int):
        self.works, self.purse, self.now = works, purse, now
        self.stage, self.at, self.unit = works.stage, works.at, works.unit
        self.random = works.random

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
