"""A project on a network of cities at financing and campaigns of it: what tests of acting begin with."""

from typing import Any

from eth_utils import keccak

from backend.chain.contract import Contract
from backend.chain.deployment import abi
from tests.backend.network import DAY, Network

EXPERT, TREASURER = 4, 16
ROUBLE = 10**18
"""Base units of a test rouble."""


class Venture:
    """A city with citizens, and a project of its author (`author 1`) at financing.

    People by name: `author 1`, `expert 1`, `treasurer 1`, and those of `Network`.
    """

    def __init__(self, network: Network, citizens: int = 6):
        self.network = network
        self.city = city = network.open_city("geonames:9001")
        self.citizens = network.settle(city, citizens)
        for name, role in (("expert 1", EXPERT), ("treasurer 1", TREASURER)):
            network.send(f"steward {city}", "CityRegistry", "setRoles", city, network.wallet(name), role)
        network.send(f"steward {city}", "ProjectRegistry", "setThresholds", city, (1, 1, 50, 0, 0))
        self.token = network.token()
        network.send("operator", "CampaignFactory", "setToken", self.token, ROUBLE)

    def project(self, stage: int = 9) -> int:
        """A new project at a stage, by its number; 4 is assessment, 9 financing."""
        text = keccak(text="text")
        self._registry("author 1", "openProject", self.city, 6, 0, text)
        number = self.network.read("ProjectRegistry", "projectCount")
        before = {
            5: lambda: self._registry(self.citizens[-1], "support", number, self.city),
            6: lambda: self._registry("expert 1", "score", number, self.city, 80, text),
        }
        for reached in range(2, stage + 1):
            if reached in before:
                before[reached]()
            if reached == 4:
                self._registry(f"moderator {self.city}", "pass", number, text)
            else:
                self._registry("author 1", "advance", number, bytes(32) if reached in before else text)
        return number

    def _registry(self, who: str, function: str, *arguments: Any) -> None:
        self.network.send(who, "ProjectRegistry", function, *arguments)

    def terms(self, **changed: Any) -> tuple[Any, ...]:
        """Terms of a donation that opens now: goal 100 roubles, cap 1,000, two milestones."""
        now = self.network.time
        filled = {
            "payee": self.network.wallet("author 1"), "opens": now, "closes": now + 10 * DAY,
            "coolingOff": 2 * DAY, "goal": 100 * ROUBLE, "cap": 1000 * ROUBLE, "vetoShare": 3333,
            "vetoWindow": DAY, "milestoneTerm": 30 * DAY, "milestones": [4000, 6000],
            "content": keccak(text="terms"), "tiers": [], "loan": (0, 0, 0, 0, 0), "unitPrice": 0,
        } | changed  # fmt: skip
        return tuple(filled.values())

    def campaign(self, project: int, form: int = 0, token: str | None = None, **terms: Any) -> str:
        """A new campaign of the project; its address."""
        wanted = (project, form, 0, token or self.token, self.terms(**terms))
        receipt = self.network.send("author 1", "CampaignFactory", "create", *wanted)
        factory = self.network.deployment.place("CampaignFactory").address.lower()
        log = next(log for log in receipt.logs if log["address"].lower() == factory)
        return "0x" + log["topics"][1][-40:]

    def rich(self, name: str, roubles: int = 1000) -> str:
        """Somebody with money; their name."""
        self.network.send("operator", "TestToken", "mint", self.network.wallet(name), roubles * ROUBLE)
        return name

    def at(self, campaign: str) -> Contract:
        contract = Contract("Campaign", campaign, abi("Campaign"))
        return contract.with_errors_of(*self.network.contracts.values())

    def read(self, campaign: str, function: str, *arguments: Any) -> Any:
        return self.network.sender.read_all([self.at(campaign).call(function, *arguments)], "latest")[0]

    def send(self, who: str, campaign: str, function: str, *arguments: Any) -> Any:
        call = self.at(campaign).call(function, *arguments)
        return self.network.sender.send(call, self.network.wallet(who))
