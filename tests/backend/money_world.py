"""Campaigns and matching rounds on a test network: who opens, backs and settles them, through the real
contracts.
"""

from typing import Any

from eth_utils import keccak, to_checksum_address

from backend.chain.contract import Contract
from backend.chain.deployment import abi
from backend.chain.send import Receipt
from tests.backend.network import DAY
from tests.backend.projects_world import Projects

DONATION, REWARD, LOAN, SHARE = range(4)
CROWD, PRIVATE, FUND, STATE, NATIONAL_PROGRAMME = range(5)
HOUR = 3_600
ROUBLE = 10**18
"""Base units of a test rouble."""


class Money:
    """What people do with money. Authors, treasurers and citizens are those of `Projects`; backers have
    names.
    """

    def __init__(self, projects: Projects):
        self.projects, self.network = projects, projects.network
        self.token = self.network.token()
        self.network.send("operator", "CampaignFactory", "setToken", self.token, ROUBLE)
        self._abi = abi("ICampaign")

    def text(self, what: str) -> bytes:
        return self.projects.text(what)

    def allow(self, who: str, spender: str, amount: int) -> None:
        """Money for somebody, and leave to take it."""
        self.network.send("operator", "TestToken", "mint", self.network.wallet(who), amount)
        self.network.send(who, "TestToken", "approve", spender, amount)

    # --------------------------------------------------------------- rounds

    def open_round(self, city: int, amount: int, closes: int, **terms: Any) -> int:
        filled = {
            "city": city, "token": self.token, "min_merits": 0, "limit": 50 * ROUBLE, "closes": closes,
            "redistribute": True, "content": self.text("round"),
        } | terms  # fmt: skip
        pool = self.network.deployment.place("MatchingPool").address
        self.allow(f"treasurer {city}", pool, amount)
        self.network.send(f"treasurer {city}", "MatchingPool", "openRound", tuple(filled.values()), amount)
        return self.network.read("MatchingPool", "roundCount")

    def fund(self, who: str, number: int, amount: int) -> None:
        self.allow(who, self.network.deployment.place("MatchingPool").address, amount)
        self.network.send(who, "MatchingPool", "fundRound", number, amount)

    # ------------------------------------------------------------ campaigns

    def terms(self, **changed: Any) -> tuple[Any, ...]:
        """Terms of a campaign that opens now for two hours; goal 100 roubles, cap 1,000, two milestones."""
        now = self.network.time
        filled = {
            "payee": self.network.wallet("payee"), "opens": now, "closes": now + 2 * HOUR,
            "cooling_off": HOUR, "goal": 100 * ROUBLE, "cap": 1_000 * ROUBLE, "veto_share": 5_000,
            "veto_window": DAY, "milestone_term": 10 * DAY, "milestones": [4_000, 6_000],
            "content": self.text("terms"), "tiers": [], "loan": (0, 0, 0, 0, 0), "unit_price": 0,
        } | changed  # fmt: skip
        return tuple(filled.values())

    def campaign(self, project: int, form: int = DONATION, round_id: int = 0, **terms: Any) -> str:
        """A new campaign of a project at financing; its address."""
        author = self.projects.authors[project]
        wanted = (project, form, round_id, self.token, self.terms(**terms))
        receipt = self.network.send(author, "CampaignFactory", "create", *wanted)
        factory = self.network.deployment.place("CampaignFactory").address.lower()
        log = next(log for log in receipt.logs if log["address"].lower() == factory)
        address = to_checksum_address("0x" + log["topics"][1][-40:])
        made = Contract("Campaign", address, self._abi)
        self.network.contracts[address] = made.with_errors_of(*self.network.contracts.values())
        return address

    def pledge(
        self, who: str, campaign: str, roubles: int, city: int = 0, source: int = CROWD, tier: int = 0
    ) -> Receipt:
        self.allow(who, campaign, roubles * ROUBLE)
        return self.send(who, campaign, "pledge", (roubles * ROUBLE, city, tier, source, 1))

    def pay(self, who: str, campaign: str, function: str, amount: int) -> Receipt:
        """`repay` or `distribute`."""
        self.allow(who, campaign, amount)
        return self.send(who, campaign, function, amount)

    def send(self, who: str, campaign: str, function: str, *arguments: Any) -> Receipt:
        return self.network.send(who, campaign, function, *arguments)

    def read(self, campaign: str, function: str, *arguments: Any, block: int | str = "latest") -> Any:
        return self.network.read(campaign, function, *arguments, block=block)

    def identify(self, who: str, qualified: bool = False) -> None:
        wallet, person = self.network.wallet(who), keccak(text=f"document of {who}")
        self.network.send("operator", "CampaignFactory", "setInvestors", [wallet], [(person, qualified)])
