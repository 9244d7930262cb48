"""A fund and its partners: what the rows of funds begin with."""

from typing import Any

from backend.chain.contract import Contract
from backend.chain.deployment import artifact
from scripts.gasreport.chain import Sent
from scripts.gasreport.raising import SHARE, UNIT, Raising
from scripts.gasreport.world import DAY, World, some, wallet

YEAR = 365 * DAY
COMMITMENT = 100_000 * UNIT
ANY_KIND, ANY_FORM = (1 << 11) - 1, 15


class Funding:
    """Funds of one organisation in roubles of 18 decimals; each partner commits `COMMITMENT`."""

    def __init__(self, world: World):
        self.world, self.raising = world, Raising(world)
        self.token, self.do, self.give = self.raising.token, self.raising.do, self.raising.give
        self.organisation, self.manager = wallet("organisation"), wallet("manager of the fund")
        self.appraiser = wallet("appraiser of the fund")
        self.partners = [wallet(f"partner {i} of the fund") for i in range(3)]
        self.avatar = Contract("FundAvatar", None, artifact("FundAvatar")["abi"]).with_errors_of(
            world.funds, world.factory, self.token
        )

    def mandate(self, **changes: Any) -> tuple[Any, ...]:
        fields = {
            "kinds": ANY_KIND,
            "forms": ANY_FORM,
            "largestShare": 10_000,
            "mayCommit": False,
            "cities": [],
        }
        return tuple((fields | changes).values())

    def terms(self, **changes: Any) -> tuple[Any, ...]:
        """Ten years, five of them to invest; two and twenty over a hurdle of eight."""
        fields = {
            "minimum": UNIT,
            "cap": 10**9 * UNIT,
            "finalClosing": self.world.chain.now + YEAR,
            "investmentPeriod": 5 * YEAR,
            "life": 10 * YEAR,
            "extension": YEAR,
            "extensions": 2,
            "managementFee": 200,
            "hurdle": 800,
            "catchUp": 10_000,
            "carry": 2_000,
            "escrow": 3_000,
            "equalisation": 800,
            "callNotice": 10 * DAY,
            "grace": 30 * DAY,
            "lateFee": 500,
            "forfeit": 5_000,
            "markTerm": 180 * DAY,
        }
        return tuple((fields | changes).values())

    def launching(self, mandate: dict[str, Any] | None = None, **changes: Any) -> tuple[Any, ...]:
        """Arguments of `launch`; `changes` are of terms."""
        return (
            *("City fund", "CITY", self.token.address, self.manager, self.appraiser),
            *(self.mandate(**(mandate or {})), self.terms(**changes), some("a fund")),
        )

    def made(self, sent: Sent) -> Contract:
        """The avatar that a launch made."""
        (log,) = (log for log in sent.logs if log["address"] == str(self.world.funds.address).lower())
        return self.avatar.at("0x" + log["topics"][1][-40:])

    def launch(self, mandate: dict[str, Any] | None = None, **changes: Any) -> Contract:
        arguments = self.launching(mandate, **changes)
        fund = self.made(self.do(self.organisation, self.world.funds, "launch", *arguments))
        self.do(self.manager, fund, "admit", self.partners, True)
        return fund

    def closed(self, mandate: dict[str, Any] | None = None, **changes: Any) -> Contract:
        """After the first closing."""
        fund = self.launch(mandate, **changes)
        for partner in self.partners:
            self.do(partner, fund, "commit", COMMITMENT, 0)
        self.do(self.manager, fund, "close")
        return fund

    def called(self, fund: Contract, amount: int) -> None:
        """A call, and the money to pay it in allowances."""
        due = self.world.chain.now + 11 * DAY
        self.do(self.manager, fund, "callCapital", amount, due, some("notice"))
        for partner in self.partners:
            self.give(partner, amount, str(fund.address))

    def paid(self, fund: Contract, amount: int) -> None:
        """A call that all have paid and whose due date is over."""
        self.called(fund, amount)
        for partner in self.partners:
            due, _ = self.world.chain.read(fund.call("dueOf", partner))
            self.do(partner, fund, "pay", partner, due)
        self.world.chain.travel(12 * DAY)

    def qualify(self, fund: Contract) -> None:
        """The operator identifies the avatar, so that campaigns take its pledges."""
        rows = [(some(f"fund {fund.address}"), True)]
        self.do(self.world.operator, self.world.factory, "setInvestors", [fund.address], rows)

    def earn(self, fund: Contract, cost: int, amount: int) -> Contract:
        """The fund put so much in a share campaign, in which it is alone, and got so much from it."""
        self.qualify(fund)
        campaign = self.raising.campaign(SHARE)
        self.do(self.manager, fund, "invest", campaign.address, cost, 0, 1)
        self.raising.funded(campaign)
        self.do(self.world.stranger, campaign, "release")
        self.give(self.world.partner, amount, str(campaign.address))
        self.do(self.world.partner, campaign, "distribute", amount)
        self.do(self.world.stranger, fund, "collect", campaign.address)
        return campaign
