"""What happens to funds in a lived-in network: everything that their factory and avatars can write, once at
least. It takes two steps of time, of a day and some hours at least each.
"""

from dataclasses import dataclass

from tests.backend.funds_world import (
    EXTEND_LIFE,
    REPLACE_APPRAISER,
    REPLACE_MANAGER,
    ROUBLE,
    WIND_UP,
    Funds,
)
from tests.backend.money_world import HOUR, LOAN, SHARE, Money
from tests.backend.network import DAY
from tests.backend.projects_world import FINANCING

STEP = DAY + 6 * HOUR
"""Seconds of a step at least: a call is due in a day and an hour, a default declared an hour later."""
INTELLECTUAL_PROPERTY, STARTUP = 0, 1


@dataclass
class Lives:
    """The funds by name, what they hold by name, the projects, and their partners by name.

    - `early`: concluded, half of what was too much of its carry returned;
    - `growth`: investing, with holdings marked of late, long ago and never; a call runs; `partner 3` is late,
      `partner 4` in default, `partner 7` and `feeder` came later, `partner 8` bought units of `partner 1`; a
      motion runs, its life was extended;
    - `feeder`: a fund of funds, holds units of `growth`;
    - `harvest`: its investment period is over; holds a loan;
    - `winding`: winding up with cash;
    - `young`: forming, `lapsed`: was never closed.
    """

    funds: Funds
    campaigns: dict[str, str]
    startup: int
    invention: int
    partners: list[str]


def play_funds(money: Money, city: int, citizens: list[str], step: int = STEP) -> Lives:
    """Plays in a city of `Projects`, with its citizens as supporters of two projects."""
    projects, funds = money.projects, Funds(money)
    startup, invention = (
        projects.reach(projects.open(city, kind=kind), FINANCING, citizens)
        for kind in (STARTUP, INTELLECTUAL_PROPERTY)
    )
    partners = [f"partner {n}" for n in range(1, 9)]
    lives = Lives(funds, {}, startup, invention, partners)
    _launch(funds, city, step)
    _first_step(lives)
    money.network.pass_time(step)
    _second_step(lives)
    money.network.pass_time(step)
    _third_step(lives)
    return lives


def _launch(funds: Funds, city: int, step: int) -> None:
    """All funds are launched and committed to; three are closed."""
    now = funds.network.time
    cities = funds.mandate(kinds=3, forms=2**LOAN | 2**SHARE, largest_share=4_000, cities=[city])
    funds.launch("growth", cities, mark_term=step // 2, final_closing=now + 3 * step)
    funds.launch("early", catch_up=8_000)
    funds.launch("feeder", funds.mandate(kinds=0, forms=0, may_commit=True), hurdle=0, catch_up=0, carry=500)
    funds.launch("harvest", investment_period=step // 2, carry=0, catch_up=0)
    funds.launch("winding")
    funds.launch("young", funds.mandate(kinds=2), final_closing=now + 10 * step)
    funds.launch("lapsed", final_closing=now + step // 2)
    committed = {
        "growth": (400, 300, 200, 100, 50), "early": (100, 100), "feeder": (0, 0, 0, 0, 200, 150),
        "harvest": (0, 120), "winding": (100,), "young": (70, 30), "lapsed": (0, 0, 60, 40),
    }  # fmt: skip
    for name, sums in committed.items():
        those = {f"partner {n}": roubles for n, roubles in enumerate(sums, start=1) if roubles}
        funds.admit(name, *those)
        for partner, roubles in those.items():
            funds.commit(partner, name, roubles)
    funds.send("partner 5", "growth", "withdrawCommitment")
    for name in ("growth", "early", "feeder", "harvest", "winding"):
        funds.manage(name, "close")


def _first_step(lives: Lives) -> None:
    """First calls, first investments; one campaign fails, one investment is withdrawn."""
    funds, made, project = lives.funds, lives.campaigns, lives.startup
    for name, roubles in {"growth": 400, "early": 100, "feeder": 200, "harvest": 90, "winding": 60}.items():
        funds.call(name, roubles)
    paid = {
        "growth": (1, 2, 4), "early": (1, 2), "feeder": (5, 6), "harvest": (2,), "winding": (1,),
    }  # fmt: skip
    for name, numbers in paid.items():
        for number in numbers:
            payer = "a friend" if (name, number) == ("growth", 2) else ""
            funds.pay(f"partner {number}", name, payer=payer)
    loan = {"milestones": [4_000, 6_000], "loan": (1_200, 3, HOUR, HOUR, HOUR)}
    made |= {
        "earning": funds.campaign(project),
        "patent": funds.campaign(lives.invention),
        "lent": funds.campaign(project, LOAN, **loan),
        "failed": funds.campaign(lives.invention, goal=500),
        "regretted": funds.campaign(project, goal=500),
        "sold": funds.campaign(project),
    }
    for name, campaign, roubles in (
        ("growth", "earning", 110), ("growth", "patent", 100), ("growth", "lent", 55),
        ("growth", "failed", 25), ("growth", "regretted", 20), ("early", "sold", 70),
        ("harvest", "lent", 80), ("winding", "earning", 30),
    ):  # fmt: skip
        funds.invest(name, made[campaign], roubles)
    funds.manage("growth", "withdrawInvestment", made["regretted"])
    funds.finish(made["earning"], made["patent"], made["lent"], made["sold"])
    funds.earn(made["sold"], 301)
    funds.collect("early", made["sold"])
    funds.mark("growth", made["earning"], 150, company=5_000)
    funds.mark("early", made["sold"], 5)


def _second_step(lives: Lives) -> None:
    """A late payer, later partners of whom one is a fund, second calls; the first carry of the early fund."""
    funds, made = lives.funds, lives.campaigns
    funds.pay("partner 3", "growth")
    funds.admit("growth", "partner 7", "partner 8")
    funds.manage("growth", "admit", [funds.at("feeder")], True)
    funds.commit("partner 7", "growth", 200)
    amount = 150 * ROUBLE
    most = sum(funds.read("growth", "costOfEntry", amount)) + ROUBLE
    funds.manage("feeder", "commitTo", funds.at("growth"), amount, most)
    funds.manage("growth", "close")
    funds.collect("growth", made["failed"])
    funds.call("growth", 400)
    for number in (1, 2, 7):
        funds.pay(f"partner {number}", "growth")
    funds.pay("partner 3", "growth", share=2)
    funds.manage("feeder", "payTo", funds.at("growth"), funds.read("growth", "dueOf", funds.at("feeder"))[0])

    funds.send("anybody", "early", "takeFee")
    funds.manage("early", "distribute", funds.books("early")["cash"])
    funds.claim("partner 1", "early")
    organisation = "organisation of early"
    funds.send(organisation, "early", "takeCredit", funds.network.wallet(organisation))
    funds.call("early", 100)
    for number in (1, 2):
        funds.pay(f"partner {number}", "early")
    made["lost"] = funds.campaign(lives.startup)
    made["fresh"] = funds.campaign(lives.invention, SHARE)
    funds.invest("early", made["lost"], 90)
    funds.invest("growth", made["fresh"], 130)
    funds.finish(made["lost"], made["fresh"])
    funds.money.pay("borrower", made["lent"], "repay", 30 * ROUBLE)
    funds.collect("harvest", made["lent"])
    funds.collect("growth", made["lent"])
    funds.earn(made["earning"], 100)
    funds.collect("growth", made["earning"])


def _third_step(lives: Lives) -> None:
    """A default, a transfer of units, motions, distributions, an end; a third call runs."""
    funds, made, network = lives.funds, lives.campaigns, lives.funds.network
    funds.manage("growth", "declareDefault", network.wallet("partner 4"))
    funds.send("partner 1", "growth", "approve", network.wallet("partner 8"), 100 * ROUBLE)
    moved = (network.wallet("partner 1"), network.wallet("partner 8"), 77 * ROUBLE + 7)
    funds.send("partner 8", "growth", "transferFrom", *moved)
    funds.decide("growth", EXTEND_LIFE, "partner 1", "partner 2", "partner 7")
    funds.send("anybody", "growth", "takeFee")
    funds.manage("growth", "distribute", 60 * ROUBLE)
    funds.claim("partner 2", "growth")
    funds.collect("feeder", "growth")
    funds.manage("feeder", "distribute", ROUBLE)
    funds.claim("partner 6", "feeder")
    funds.mark("growth", made["patent"], 140, company=2_000, days_ago=0)
    funds.mark("feeder", "growth", 90)
    funds.decide("growth", REPLACE_APPRAISER, "partner 2", subject="another appraiser")
    funds.call("growth", 100, days=20)
    funds.pay("partner 1", "growth")

    funds.decide("early", REPLACE_MANAGER, "partner 1", "partner 2", subject="another manager")
    funds.send("another manager", "early", "writeOff", made["lost"], funds.text("reason"))
    _end(funds)
    funds.decide("winding", WIND_UP, "partner 1")
    funds.collect("winding", made["earning"])
    funds.send("partner 3", "lapsed", "withdrawCommitment")


def _end(funds: Funds) -> None:
    """The early fund ends: what cash it has is distributed, carry that was too much is returned by half."""
    funds.decide("early", WIND_UP, "partner 2", "partner 1")
    funds.send("anybody", "early", "takeFee")
    cash = funds.books("early")["cash"]
    funds.send("anybody", "early", "distribute", cash)
    funds.send("anybody", "early", "conclude")
    owed = funds.books("early")["clawback"]
    funds.money.allow("organisation of early", funds.at("early"), owed // 2)
    funds.send("organisation of early", "early", "returnCarry", owed // 2)
