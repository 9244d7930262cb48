"""A small network of cities on a chain of its own, through the real contracts: what the tests of domains and
API play on.
"""

import json
import random
from typing import Any

from eth_account import Account
from eth_utils import keccak, to_checksum_address

from backend.chain.contract import Contract
from backend.chain.definition import Definition
from backend.chain.deploy import Terms, deploy, steps
from backend.chain.deployment import Deployment, Place, artifact
from backend.chain.send import Receipt, Sender
from backend.chain.sync import Indexer
from backend.domains import domains
from backend.merits.epochs import Award, Tree, tree
from tests.backend.anvil import KEYS, ROOT, Anvil

DAY = 86_400
PERIOD = 10 * DAY
CAP = 500
MOCKS = ("TestToken",)
VERIFIER, MODERATOR, PARTNER = 1, 2, 8


class Network:
    """Deployed contracts and the people who use them. Roles: `operator`, and per city a steward, verifier,
    moderator, partner.
    """

    def __init__(self, chain: Anvil, seed: int = 1):
        self.chain, self.random = chain, random.Random(seed)
        self.sender = Sender(chain.rpc, [KEYS[0]])
        self.operator = self.sender.addresses[0]
        self.origin = self.time - 2 * PERIOD - DAY
        self.contracts: dict[str, Contract] = {}
        self.deployment = self._deploy()
        self.wallets: dict[str, str] = {}
        self.cities: list[int] = []
        self.batches: list[tuple[Any, ...]] = []
        self.epochs: dict[tuple[int, int], Tree] = {}
        self.codes: dict[int, bytes] = {}

    # ----------------------------------------------------------------- people

    def wallet(self, name: str) -> str:
        """Address of somebody, made and given gas when first named."""
        if name not in self.wallets:
            self.wallets[name] = self.sender.add(Account.from_key(keccak(text=name)))
            self.chain.call("anvil_setBalance", self.wallets[name], hex(10**20))
        return self.wallets[name]

    def send(self, who: str, contract: str, function: str, *arguments: Any) -> Receipt:
        call = self.contracts[contract].call(function, *arguments)
        sender = self.operator if who == "operator" else self.wallet(who)
        return self.sender.send(call, sender)

    def read(self, contract: str, function: str, *arguments: Any, block: int | str = "latest") -> Any:
        return self.sender.read(self.contracts[contract].call(function, *arguments), block)

    # --------------------------------------------------------------- cities

    def open_city(self, code: str, content: bytes = bytes(32)) -> int:
        number = self.read("CityRegistry", "cityCount") + 1
        steward = self.wallet(f"steward {number}")
        self.send(
            "operator", "CityRegistry", "openCities", [(code.encode().ljust(32, b"\0"), steward, content)]
        )
        self.cities.append(number)
        return number

    def settle(self, city: int, citizens: int = 3, budget: int = 100_000) -> list[str]:
        """Gives a city its roles, rules and two act kinds (1: 40 merits, 2: 10 merits), and registers
        citizens; their names.
        """
        steward = f"steward {city}"
        for role, mask in (("verifier", VERIFIER), ("moderator", MODERATOR), ("partner", PARTNER)):
            self.send(steward, "CityRegistry", "setRoles", city, self.wallet(f"{role} {city}"), mask)
        self.send(steward, "MeritLedger", "setCap", city, CAP)
        self.send(steward, "MeritLedger", "setBudget", city, self.wallet(f"verifier {city}"), budget)
        for kind, points in ((1, 40), (2, 10)):
            self.send(steward, "MeritLedger", "publishKind", city, kind, points, keccak(text=f"kind {kind}"))
        names = [f"citizen {city}.{n}" for n in range(citizens)]
        registrations = [(self.wallet(name), keccak(text=f"{city}/{name}")) for name in names]
        self.send(f"verifier {city}", "CityRegistry", "registerCitizens", city, registrations)
        return names

    def recover(self, city: int, old: str, new: str, wait: bool = True) -> None:
        self.send(
            f"verifier {city}",
            "CityRegistry",
            "proposeRecovery",
            city,
            self.wallet(old),
            self.wallet(new),
            keccak(text=old),
        )
        if wait:
            self.pass_time(DAY)
            self.send("operator", "CityRegistry", "executeRecovery", city, self.wallet(old))

    # --------------------------------------------------------------- merits

    def award(
        self, city: int, names: list[str], kind: int = 1, evidence: bytes = keccak(text="seen")
    ) -> Receipt:
        verifier, citizens = f"verifier {city}", [self.wallet(name) for name in names]
        serial = self.read("MeritLedger", "budgetOf", city, self.wallet(verifier))[3] + 1
        points = self.read("MeritLedger", "kindOf", city, kind)[0]
        period = self.read("MeritLedger", "period")
        receipt = self.send(verifier, "MeritLedger", "awardBatch", city, kind, evidence, citizens)
        self.batches.append((city, self.wallet(verifier), serial, kind, points, period, evidence, citizens))
        return receipt

    def reverse(self, batch: tuple[Any, ...], index: int = 0) -> Receipt:
        return self.send(
            f"moderator {batch[0]}", "MeritLedger", "reverseAward", batch, index, keccak(text="why")
        )

    def open_epoch(self, city: int, awards: dict[str, int], kind: int = 2) -> int:
        """Opens an epoch over the first free days, `awards` by name; its number."""
        made = tree(
            [
                Award(bytes.fromhex(self.wallet(n)[2:]), t, keccak(text=f"acts of {n}"))
                for n, t in awards.items()
            ]
        )
        today = self.time // DAY
        first = max(self.read("MeritLedger", "kindOf", city, kind)[1], today - 1)
        self.send(
            f"verifier {city}", "MeritLedger", "openEpoch",
            city, kind, made.acts, first, max(first, today - 1), made.root, keccak(made.content),
        )  # fmt: skip
        period = self.read("MeritLedger", "period")
        epoch = period << 8 | self.read("MeritLedger", "cityOf", city)[3] - 1
        self.epochs[city, epoch] = made
        return epoch

    def leaf(self, city: int, epoch: int, name: str) -> tuple[Any, ...]:
        made, wallet = self.epochs[city, epoch], bytes.fromhex(self.wallet(name)[2:])
        place = next(i for i, award in enumerate(made.awards) if award.citizen == wallet)
        award = made.awards[place]
        return (city, epoch, award.times, award.evidence, made.proof(place))

    def claim(self, city: int, epoch: int, name: str) -> Receipt:
        return self.send("operator", "MeritLedger", "claim", self.wallet(name), self.leaf(city, epoch, name))

    # -------------------------------------------------------------- rewards

    def token(self) -> str:
        if "TestToken" not in self.contracts:
            self._create("TestToken")
        return self.contracts["TestToken"].address or ""

    def publish(self, city: int, price: int = 30, stock: int = 5, **terms: Any) -> int:
        filled = {
            "limit": 0, "opens": 0, "closes": 2**40 - 1, "term": DAY, "terms": keccak(text="terms"),
            "token": "0x" + "0" * 40,
            "per_voucher": 0, "accepts": [],
        } | terms  # fmt: skip
        self.send(f"partner {city}", "RewardMarket", "publish", _terms(city, price, stock, filled))
        return self.read("RewardMarket", "offerCount")

    def redeem(self, name: str, offer: int, city: int) -> int:
        code = keccak(text=f"code of {name} {len(self.codes)}")
        self.send(name, "RewardMarket", "redeem", offer, city, keccak(code))
        voucher = offer << 24 | self.read("RewardMarket", "offerOf", offer)[4]
        self.codes[voucher] = code
        return voucher

    # ----------------------------------------------------------------- time

    @property
    def time(self) -> int:
        return int(self.chain.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def pass_time(self, seconds: int) -> None:
        self.chain.call("evm_increaseTime", seconds)
        self.chain.mine()

    # -------------------------------------------------------------- the rest

    def definition(self) -> Definition:
        return Definition.of(self.deployment, domains())

    def index(self, database: str, until: int | None = None) -> int:
        """Brings the database to the chain's head; the block."""
        target = self.chain.head if until is None else until
        Indexer(self.chain.url, self.definition(), database, poll_seconds=0.02).run(until=target)
        return target

    def _deploy(self) -> Deployment:
        nonce = int(self.chain.call("eth_getTransactionCount", self.operator, "latest"), 16)
        block = self.chain.head + 1
        terms = Terms(self.origin, recovery_delay=DAY, period_length=PERIOD)
        addresses = deploy(self._create, self.operator, terms, deployer=self.operator, nonce=nonce)
        for step in steps(addresses):
            self.send("operator", step.contract, step.function, *step.arguments)
        return Deployment(
            int(self.chain.call("eth_chainId"), 16),
            {name: Place(to, block) for name, to in addresses.items()},
        )

    def _create(self, name: str, *arguments: Any) -> str:
        mock = ROOT / "build" / "contracts" / f"{name}.json"
        found = json.loads(mock.read_text()) if name in MOCKS else artifact(name)
        made = Contract(name, None, found["abi"])
        receipt = self.sender.send(made.deploy(found["bytecode"], *arguments))
        address = to_checksum_address(receipt.contract or "")
        self.contracts[name] = Contract(name, address, found["abi"])
        self.contracts[name].with_errors_of(*self.contracts.values())
        return address


def _terms(city: int, price: int, stock: int, rest: dict[str, Any]) -> tuple[Any, ...]:
    order = ("limit", "opens", "closes", "term", "terms", "token", "per_voucher", "accepts")
    return (city, price, stock, *(rest[name] for name in order))
