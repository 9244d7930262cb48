"""What happens to money in a lived-in network: everything that campaigns, their factory and the pool can
write, once at least. It takes a day and some hours.
"""

from dataclasses import dataclass

from tests.backend.money_world import (
    FUND,
    HOUR,
    LOAN,
    NATIONAL_PROGRAMME,
    PRIVATE,
    REWARD,
    ROUBLE,
    SHARE,
    STATE,
    Money,
)
from tests.backend.network import DAY


@dataclass
class Raised:
    """The campaigns by what became of them, and the round. `backers` are names."""

    money: Money
    round_id: int
    campaigns: dict[str, str]
    backers: list[str]


def play_money(money: Money, project: int, city: int, citizens: list[str]) -> Raised:
    """Plays with a project at financing and three citizens of a city that takes part in it. The third of them
    loses their wallet.
    """
    network, send = money.network, money.send
    author, treasurer = money.projects.authors[project], f"treasurer {city}"
    first, second, third = citizens[:3]
    _operator(money)

    # All are open at once, for two hours.
    closes = network.time + 5 * HOUR
    number = money.open_round(city, 300 * ROUBLE, closes)
    money.fund("a friend of the city", number, 50 * ROUBLE)
    tiers = [(10 * ROUBLE, 2, money.text("tier")), (25 * ROUBLE, 1, money.text("tier"))]
    later = {"opens": network.time + 20 * DAY, "closes": network.time + 40 * DAY}
    made = {
        "done": money.campaign(project, round_id=number),
        "missed": money.campaign(project, REWARD, number, goal=500 * ROUBLE, tiers=tiers),
        "stopped": money.campaign(project, round_id=number, goal=60 * ROUBLE),
        "lent": money.campaign(project, LOAN, milestones=[10_000], loan=(1_200, 3, HOUR, HOUR, HOUR)),
        "shared": money.campaign(project, SHARE, unit_price=10 * ROUBLE),
        "changed": money.campaign(project, REWARD, **later, tiers=tiers),
    }
    later["opens"] += DAY
    send(author, made["changed"], "setTerms", money.terms(**later, tiers=tiers[:1]))
    _pledges(money, made, city, first, second, third)

    # They are over: what met its goal is released and matched.
    network.pass_time(closes - network.time + 1)
    for name in ("done", "stopped", "lent", "shared"):
        send("anybody", made[name], "release")
    for steps in (2, 2, 2):
        network.send("anybody", "MatchingPool", "settle", number, steps)
    for name in ("done", "stopped"):
        network.send("anybody", "MatchingPool", "payMatch", number, made[name])
    network.send("anybody", "ProjectRegistry", "beginImplementation", project, made["done"])
    send(author, made["stopped"], "stop", money.text("reason"))
    send("anybody", made["stopped"], "returnMatch")
    send("anybody", made["stopped"], "refund", network.wallet(second))
    network.send(treasurer, "MatchingPool", "reclaimRest", number, network.wallet(treasurer))
    send("anybody", made["missed"], "refund", network.wallet(first))

    # The first report is voided, the second stands; the third citizen's wallet is recovered meanwhile.
    send(author, made["done"], "report", money.text("evidence"))
    send("a rich backer", made["done"], "object")
    send(author, made["done"], "report", money.text("evidence"))
    send(second, made["done"], "object")
    _returns(money, made)
    heir = f"heir of {third}"
    network.recover(city, third, heir)
    citizens[2] = heir
    send("anybody", made["done"], "followRecovery", network.wallet(third))
    network.pass_time(HOUR)
    send("anybody", made["done"], "release")
    send("payee", made["done"], "collect", network.wallet("payee"))
    send("anybody", made["done"], "collectFees")
    send("anybody", made["lent"], "declareDefault")
    send(author, made["shared"], "stop", money.text("reason"))
    send("anybody", made["shared"], "claim", network.wallet("an investor"))
    backers = [first, second, third, heir, treasurer, "a rich backer", "an investor", "a fund"]
    return Raised(money, number, made, backers)


def _operator(money: Money) -> None:
    network = money.network
    network.send("operator", "CampaignFactory", "setFee", 300, network.wallet("treasury"))
    network.send("operator", "CampaignFactory", "setYearLimit", 500_000_00)
    money.identify("an investor")
    money.identify("a fund", qualified=True)


def _pledges(money: Money, made: dict[str, str], city: int, first: str, second: str, third: str) -> None:
    network = money.network
    money.pledge(first, made["done"], 9, city)
    money.pledge(second, made["done"], 16, city)
    money.send(second, made["done"], "withdraw", network.wallet(second))
    money.pledge(second, made["done"], 4, city)
    money.pledge(third, made["done"], 25, city)
    money.pledge("a rich backer", made["done"], 300, source=PRIVATE)
    money.pledge(f"treasurer {city}", made["done"], 40, source=STATE)
    money.pledge(first, made["missed"], 10, city, tier=1)
    money.pledge(second, made["missed"], 30, tier=2)
    money.pledge("a rich backer", made["missed"], 11, tier=1)
    money.send("a rich backer", made["missed"], "withdraw", network.wallet("a rich backer"))
    money.pledge(first, made["stopped"], 36, city)
    money.pledge(second, made["stopped"], 49, city)
    money.pledge(f"treasurer {city}", made["stopped"], 7, source=NATIONAL_PROGRAMME)
    money.pledge("an investor", made["lent"], 90)
    money.pledge("a fund", made["lent"], 60, source=FUND)
    money.pledge("an investor", made["shared"], 50)
    network.pass_time(HOUR + HOUR // 2)  # the first pledges' cooling-off runs out
    money.pledge("an investor", made["shared"], 20)
    money.send("an investor", made["shared"], "withdraw", network.wallet("an investor"))
    money.pledge("an investor", made["shared"], 10)
    money.pledge("a fund", made["shared"], 40, source=FUND)


def _returns(money: Money, made: dict[str, str]) -> None:
    """Repayments and distributions, drawn by some."""
    money.pay("borrower", made["lent"], "repay", 51 * ROUBLE + 7)
    money.send("an investor", made["lent"], "claimTo", money.network.wallet("an investor"))
    money.network.pass_time(HOUR)
    money.pay("borrower", made["lent"], "repay", ROUBLE // 3)
    money.pay("a company", made["shared"], "distribute", 5 * ROUBLE + 3)
    money.send("anybody", made["shared"], "claim", money.network.wallet("a fund"))
