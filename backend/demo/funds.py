"""The funds of the play: launched, committed to, paid, invested, marked, distributed, ended."""

from collections.abc import Callable

from backend.demo import avatars
from backend.demo.avatars import AVATARS, Avatar
from backend.demo.office import EXTEND_LIFE, WIND_UP, Fund, Office, fund_at
from backend.demo.purse import Purse
from backend.demo.stage import Events
from backend.demo.works import Story, Works


class Funds(Office):
    """What the funds do, day by day."""

    def __init__(self, works: Works, purse: Purse):
        super().__init__(works, purse)
        self.funds: dict[str, Fund] = {}
        lives: dict[str, Callable[[Fund], Story]] = {
            "seed": self._seed, "pilot": self._pilot, "roads": self._roads,
            "rvc": self._venture, "rvi": self._infrastructure, "craft": self._forming,
        }  # fmt: skip
        works.noting.append(self.note)
        for plan in AVATARS:
            works.begin(plan.begins, self._life(plan, lives[plan.key]))

    def note(self, events: Events) -> None:
        """Takes the addresses of the funds launched."""
        by_content = {fund.content: fund for fund in self.funds.values()}
        for event in events.get("FundLaunched", []):
            by_content[event["content"]].avatar = fund_at(event["fund"])

    # ----------------------------------------------------------------- lives

    def _life(self, plan: Avatar, further: Callable[[Fund], Story]) -> Story:
        """Launched, known to the operator, committed to; then what becomes of it."""
        fund = self.funds[plan.key] = self._launch(plan)
        yield 1
        self._identify(fund)
        self._manage(fund, "admit", [partner.address for partner in fund.partners], True)
        yield 1
        for partner, roubles in zip(fund.partners, plan.partners, strict=True):
            self._do(partner, fund, "commit", roubles * self.unit, 0)
        yield 2
        yield from further(fund)

    def _seed(self, fund: Fund) -> Story:
        """Invests in four companies; a partner in default, one late, a transfer of units; a call runs."""
        self._manage(fund, "close")
        yield self.works.until(34)
        self._call(fund, 525_000, days=12)
        yield self.works.until(40)
        self._pay(fund, *range(5))
        yield self.works.until(49)
        self._manage(fund, "admit", [self.funds["rvc"].address], True)
        yield self.works.until(55)
        self._invest(fund, "chip", 150_000)
        yield self.works.until(62)
        self._invest(fund, "roof", 60_000)
        yield self.works.until(70)
        self._manage(fund, "close")
        yield self.works.until(95)
        self._call(fund, 400_000, days=12)
        yield 1
        self._pay(fund, 0, 4)
        self._pay(fund, 1, part=2)
        self._invest(fund, "seal", 100_000)
        yield self.works.until(100)
        self._mark(fund, self._campaign("roof"), 63_000, company=330_000)
        self._mark(fund, self._campaign("chip"), 170_000, company=700_000)
        yield self.works.until(109)
        self._pay(fund, 2)
        yield self.works.until(112)
        self._manage(fund, "declareDefault", fund.partners[3].address)
        yield self.works.until(121)
        self._collect(fund, self._campaign("chip"))
        yield 1
        self._anybody(fund, "takeFee")
        yield 2
        self._manage(fund, "distribute", 450_000 * self.unit)
        yield 2
        self._claim(fund, 0, 4)
        self._manage(fund, "takeCredit", fund.manager.address)
        yield self.works.until(140)
        self._do(fund.partners[2], fund, "transfer", fund.partners[4].address, 20_000 * self.unit)
        for day, holding in ((152, "roof"), (166, "seal"), (186, "roof")):
            yield self.works.until(day)
            self._collect(fund, self._campaign(holding))
        yield self.works.until(188)
        self._mark(fund, self._campaign("seal"), 130_000, company=600_000)
        yield 1
        self._manage(fund, "distribute", 60_000 * self.unit)
        yield 1
        self._call(fund, 190_000, days=20)
        yield 2
        self._pay(fund, 0)
        yield 2
        self._propose(fund, 0, EXTEND_LIFE, avatars.LONGER)
        yield 1
        self._do(fund.partners[4], fund, "consent", 1)
        yield 1

    def _pilot(self, fund: Fund) -> Story:
        """A sale that pays carry, then a loss: it ends early, and the carry was too much."""
        self._manage(fund, "close")
        yield self.works.until(34)
        self._call(fund, 150_000, days=10)
        yield 2
        self._pay(fund, 0, 1, 2)
        yield self.works.until(55)
        self._invest(fund, "chip", 100_000)
        yield self.works.until(121)
        self._collect(fund, self._campaign("chip"))
        yield 1
        self._anybody(fund, "takeFee")
        yield 1
        self._manage(fund, "distribute", self._cash(fund))
        yield 1
        self._claim(fund, 0, 1)
        self._do(fund.organisation, fund, "takeCredit", fund.organisation.address)
        self._call(fund, 120_000, days=8)
        yield 1
        self._pay(fund, 0, 1, 2)
        yield 1
        self._invest(fund, "drone", 110_000)
        yield self.works.until(150)
        self._mark(fund, self._campaign("drone"), 55_000, company=90_000)
        yield self.works.until(172)
        self._manage(fund, "writeOff", self._campaign("drone"), self._keep(avatars.FALLEN))
        yield 3
        self._propose(fund, 0, WIND_UP, avatars.WOUND_UP)
        yield 1
        self._do(fund.partners[1], fund, "consent", 1)
        yield 1
        self._anybody(fund, "takeFee")
        yield 2
        self._anybody(fund, "distribute", self._cash(fund))
        yield 2
        self._anybody(fund, "conclude")
        yield 3
        self._claim(fund, 0, 1, 2)
        yield 2
        owed = self._books(fund)["clawback"] // 2
        self.purse.allow(fund.organisation, fund.address, owed)
        self._do(fund.organisation, fund, "returnCarry", owed)
        yield 1

    def _roads(self, fund: Fund) -> Story:
        """Lends; its investment period is over by now."""
        self._manage(fund, "close")
        yield 2
        self._call(fund, 180_000, days=10)
        yield 2
        self._pay(fund, 0, 1, 2)
        yield self.works.until(49)
        self._manage(fund, "admit", [self.funds["rvi"].address], True)
        yield self.works.until(55)
        self._invest(fund, "bakery", 100_000)
        yield self.works.until(64)
        self._manage(fund, "close")
        for day in (108, 138):
            yield self.works.until(day)
            self._collect(fund, self._campaign("bakery"))
            self._mark(fund, self._campaign("bakery"), 75_000 if day < 120 else 50_000, company=300_000)
        yield 1
        self._anybody(fund, "takeFee")
        yield 1
        self._manage(fund, "distribute", 40_000 * self.unit)
        yield 2
        self._claim(fund, 0)
        yield self.works.until(160)
        self._call(fund, 250_000, days=14)
        yield 1
        self._pay(fund, 0, 1)
        yield self.works.until(178)
        self._pay(fund, 2)
        yield 2
        self._invest(fund, "bikes", 150_000)
        yield 1

    def _venture(self, fund: Fund) -> Story:
        """Commits to the seed fund after its first closing, and holds a patent of its own."""
        self._manage(fund, "close")
        yield 2
        self._call(fund, 500_000, days=10)
        yield 1
        self._pay(fund, 0, 1)
        yield self.works.until(50)
        self._commit_to(fund, self.funds["seed"], 400_000)
        yield self.works.until(97)
        self._invest(fund, "seal", 50_000)
        yield 1
        self._pay_to(fund, self.funds["seed"])
        yield self.works.until(127)
        self._collect(fund, self.funds["seed"].address)
        yield 3
        self._anybody(fund, "takeFee")
        yield 2
        self._manage(fund, "distribute", 30_000 * self.unit)
        yield 2
        self._claim(fund, 0)
        yield self.works.until(167)
        self._collect(fund, self._campaign("seal"))
        yield self.works.until(191)
        self._collect(fund, self.funds["seed"].address)
        self._mark(fund, self.funds["seed"].address, 190_000)
        yield 1

    def _infrastructure(self, fund: Fund) -> Story:
        """Commits to the fund of city works."""
        self._manage(fund, "close")
        yield 2
        self._call(fund, 300_000, days=10)
        yield 1
        self._pay(fund, 0, 1)
        yield self.works.until(50)
        self._commit_to(fund, self.funds["roads"], 250_000)
        yield self.works.until(143)
        self._collect(fund, self.funds["roads"].address)
        yield self.works.until(162)
        self._pay_to(fund, self.funds["roads"])
        yield self.works.until(175)
        self._mark(fund, self.funds["roads"].address, 150_000)
        yield 1

    def _forming(self, fund: Fund) -> Story:
        """One partner thinks better of it."""
        yield 5
        self._do(fund.partners[2], fund, "withdrawCommitment")
        yield 1
