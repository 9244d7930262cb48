"""Companies of the play that live on funds: one is sold, one earns royalties, one ends with nothing."""

from backend.demo.purse import Purse
from backend.demo.raising import SHARE, Plan, Raising
from backend.demo.town import DAY
from backend.demo.works import Story, Work, Works

SOLD_FOR = 3
"""Times what was raised."""


class Companies(Raising):
    """What becomes of companies in which funds hold shares."""

    def __init__(self, works: Works, purse: Purse, now: int):
        super().__init__(works, purse, now)
        works.further |= {"sold": self._sold, "licensed": self._licensed, "over": self._over}

    def _sold(self, work: Work) -> Story:
        """The buyer's money goes to the holders of units."""
        yield from self._found(work, 200_000)
        yield self.works.until(120)
        self._distribute(work, SOLD_FOR * work.raised)
        yield 1

    def _licensed(self, work: Work) -> Story:
        """Royalties, twice."""
        yield from self._found(work, 150_000)
        for day, roubles in ((165, 28_000), (190, 31_000)):
            yield self.works.until(day)
            self._distribute(work, roubles * self.unit)
            yield 1

    def _over(self, work: Work) -> Story:
        """The money is spent, and nothing comes of it."""
        yield from self._found(work, 120_000)

    def _found(self, work: Work, goal: int) -> Story:
        """Three weeks of pledges, five days of cooling off, all of it released at once."""
        plan = Plan(self._hence(1), self._hence(20), goal, 600_000, 5 * DAY, SHARE, (10_000,))
        yield from self._raise(work, plan, until=20, every=8, citizens=0, most=0, each=25_000)
        yield from self._implement(work, plan)
        self._do(self.works.relay, self.at.projects.call("advance", work.number, bytes(32)))
        yield 1

    def _distribute(self, work: Work, amount: int) -> None:
        self.purse.allow(work.author, str(work.money.address), amount)
        self._do(work.author, work.money.call("distribute", amount))
