"""A small network of cities on a chain of its own, through the real contracts: what the tests of domains and
API play on.
"""

import json
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
from eth_abi import decode
from eth_account import Account
from eth_utils import keccak, to_checksum_address
from web3 import HTTPProvider, Web3

from backend.chain.contract import Contract, Reverted
from backend.chain.definition import Definition
from backend.chain.deploy import Terms, deploy, steps
from backend.chain.deployment import Deployment, Place, artifact
from backend.chain.send import Receipt, Sender
from backend.chain.sync import Indexer
from backend.domains import domains
from backend.merits.epochs import Award, Tree, tree
from backend.settings import Settings
from tests.backend.anvil import KEYS, ROOT, Anvil

if TYPE_CHECKING:
    from tests.backend.funds_play import Lives

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
        self._web3, self._views = Web3(HTTPProvider(chain.url)), {}
        self.deployment = self._deploy()
        self.wallets: dict[str, str] = {}
        self.cities: list[int] = []
        self.batches: list[tuple[Any, ...]] = []
        self.epochs: dict[tuple[int, int], Tree] = {}
        self.named: dict[tuple[int, int], list[str]] = {}
        self.codes: dict[int, bytes] = {}
        self._redeemed: dict[int, Receipt] = {}

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
        """What a function answers, by web3.py: what is compared with it owes nothing to our own decoding."""
        return self._view(contract).functions[function](*arguments).call(block_identifier=block)

    def _view(self, name: str) -> Any:
        if name not in self._views:
            made = self.contracts[name]
            self._views[name] = self._web3.eth.contract(address=made.address, abi=made.abi)
        return self._views[name]

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
        self.epochs[city, epoch], self.named[city, epoch] = made, list(awards)
        return epoch

    def leaf(self, city: int, epoch: int, name: str) -> tuple[Any, ...]:
        made, place = self.epochs[city, epoch], self.named[city, epoch].index(name)
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
        receipt = self.send(name, "RewardMarket", "redeem", offer, city, keccak(code))
        voucher = offer << 24 | self.read("RewardMarket", "offerOf", offer)[4]
        self.codes[voucher] = code
        self._redeemed[voucher] = receipt
        return voucher

    def content(self, voucher: int) -> tuple[Any, ...]:
        """A voucher's content, as the log of its redemption says it."""
        market = self.deployment.place("RewardMarket").address.lower()
        log = next(log for log in self._redeemed[voucher].logs if log["address"].lower() == market)
        types = ["uint56", "uint32", "uint32", "uint16", "uint40", "bytes32"]
        number, previous, current, period, expires, seal = decode(types, bytes.fromhex(log["data"][2:]))
        _, _, citizen, city = log["topics"]
        return (
            number,
            to_checksum_address("0x" + citizen[-40:]),
            int(city, 16),
            previous,
            current,
            period,
            expires,
            seal,
        )

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


@dataclass(frozen=True)
class Played:
    """A network on which a `Play` ran, its database at the chain's head, and its deployment's file.

    `untouched` is a second such database, that nobody connects to. `lives` are those of its funds.
    """

    network: Network
    play: "Play"
    database: str
    deployment: Path
    untouched: str = ""
    lives: "Lives | None" = None

    @property
    def block(self) -> int:
        return self.network.chain.head

    def settings(self, database: str | None = None) -> Settings:
        return Settings(
            rpc_url=self.network.chain.url, database_url=database or self.database, deployment=self.deployment
        )

    @contextmanager
    def copy(self) -> Iterator[str]:
        """URL of a database that is the same and may be changed."""
        with cloned(self.untouched) as url:
            yield url


@contextmanager
def cloned(database: str) -> Iterator[str]:
    """URL of a copy of a database that nobody is connected to."""
    name, parts = f"copy_{uuid.uuid4().hex}", urlsplit(database)
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{parts.path[1:]}"')
        yield parts._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Play:
    """A lived-in network: random acts of everybody, the same for the same seed. What the contracts refuse did
    not happen.
    """

    def __init__(self, network: Network):
        self.network, self.random = network, network.random
        self.done: dict[str, int] = {}
        self.citizens = {network.open_city(f"geonames:{n}", keccak(text=f"city {n}")): [] for n in (1, 2, 3)}
        for city in self.citizens:
            self.citizens[city] = network.settle(city, citizens=4)
        self.offers: dict[int, int] = {}
        self.partners: dict[int, str] = {}
        self.vouchers: list[int] = []

    def run(self, acts: int) -> None:
        """Every act once in a fixed order, so that nothing is missing, then others at random."""
        fixed = [
            self.publish, self.sponsor, self.award, self.award, self.open_epoch, self.claim, self.redeem,
            self.redeem, self.redeem, self.fulfil, self.reverse, self.pause, self.recover,
            self.propose_and_veto, self.withdraw, self.pass_days, self.refund, self.claim, self.reverse_leaf,
            self.close_offer, self.describe, self.new_steward, self.budget, self.kind, self.publish,
            self.award, self.redeem,
        ]  # fmt: skip
        often = [self.award] * 8 + [self.redeem] * 12 + [self.claim] * 4 + [self.fulfil] * 6 + fixed
        last = [self.pass_period, self.open_epoch, self.cancel_epoch, *fixed, self.pause]
        for act in fixed + [self.random.choice(often) for _ in range(acts)] + last:
            try:
                act()
                self.done[act.__name__] = self.done.get(act.__name__, 0) + 1
            except (Reverted, IndexError):
                continue

    def _city(self) -> int:
        return self.random.choice(self.network.cities)

    def award(self) -> None:
        city = self._city()
        names = self.random.choices(self.citizens[city], k=self.random.randint(1, 4))
        self.network.award(city, names, self.random.choice((1, 2)), keccak(text=str(self.random.random())))

    def reverse(self) -> None:
        batch = self.random.choice(self.network.batches)
        self.network.reverse(batch, self.random.randrange(len(batch[-1])))

    def open_epoch(self) -> None:
        city = self._city()
        self.network.open_epoch(city, {name: self.random.randint(1, 9) for name in self.citizens[city]})

    def claim(self) -> None:
        city, epoch = self.random.choice(list(self.network.epochs))
        self.network.claim(city, epoch, self.random.choice(self.network.named[city, epoch]))

    def reverse_leaf(self) -> None:
        city, epoch = list(self.network.epochs)[-1]
        name = self.random.choice(self.network.named[city, epoch])
        leaf, wallet = self.network.leaf(city, epoch, name), self.network.wallet(name)
        self.network.send(
            f"moderator {city}", "MeritLedger", "reverseEpochAward", wallet, leaf, keccak(text="why")
        )

    def cancel_epoch(self) -> None:
        city, epoch = list(self.network.epochs)[-1]
        self.network.send(f"moderator {city}", "MeritLedger", "cancelEpoch", city, epoch, keccak(text="why"))

    def publish(self) -> None:
        city, other = self.random.sample(self.network.cities, 2)
        token = {"token": self.network.token(), "per_voucher": 7} if self.random.random() < 0.7 else {}
        offer = self.network.publish(
            city, self.random.choice((5, 20)), accepts=[other], limit=self.random.choice((0, 2)), **token
        )
        self.offers[offer], self.partners[offer] = city, f"partner {city}"

    def sponsor(self) -> None:
        offer, token = self.random.choice(list(self.offers)), self.network.token()
        wallet = self.network.wallet("sponsor")
        market = self.network.deployment.place("RewardMarket").address
        self.network.send("operator", "TestToken", "mint", wallet, 100)
        self.network.send("sponsor", "TestToken", "approve", market, 100)
        self.network.send("sponsor", "RewardMarket", "fund", offer, 10 + self.random.randrange(50))
        assert token

    def redeem(self) -> None:
        offer, city = self.random.choice(list(self.offers.items())[-4:])
        city = self.random.choice((city, city, self._city()))
        self.vouchers.append(self.network.redeem(self.random.choice(self.citizens[city]), offer, city))

    def fulfil(self) -> None:
        voucher = self.random.choice(self.vouchers)
        partner = self.partners[voucher >> 24]
        self.network.send(
            partner, "RewardMarket", "fulfil", self.network.content(voucher), self.network.codes[voucher]
        )

    def refund(self) -> None:
        for voucher in self.vouchers[-3:-1]:
            self.network.send("operator", "RewardMarket", "refund", self.network.content(voucher))

    def withdraw(self) -> None:
        partner = f"partner {self._city()}"
        self.network.send(
            partner, "RewardMarket", "withdraw", self.network.token(), self.network.wallet(partner)
        )

    def close_offer(self) -> None:
        offer, city = next(iter(self.offers.items()))
        self.network.send(f"partner {city}", "RewardMarket", "close", offer)
        del self.offers[offer]
        self.network.send("sponsor", "RewardMarket", "reclaim", offer, self.network.wallet("sponsor"))

    def recover(self) -> None:
        city = self._city()
        old, new = self.citizens[city][0], f"citizen {city}.{self.random.random()}"
        self.network.recover(city, old, new)
        self.citizens[city][0] = new

    def propose_and_veto(self) -> None:
        city = self._city()
        old = self.citizens[city][1]
        self.network.recover(city, old, f"nobody {self.random.random()}", wait=False)
        if self.random.random() < 0.5:
            self.network.send(old, "CityRegistry", "cancelRecovery", city, self.network.wallet(old))

    def pause(self) -> None:
        city = self._city()
        self.network.send(f"steward {city}", "MeritLedger", "setPaused", city, True)
        for paused in (True, False):
            self.network.send("operator", "MeritLedger", "setPausedByOperator", 0, paused)
        self.network.send(f"steward {city}", "MeritLedger", "setPaused", city, False)

    def describe(self) -> None:
        city = self._city()
        self.network.send(
            f"steward {city}", "CityRegistry", "describe", city, keccak(text=str(self.random.random()))
        )

    def new_steward(self) -> None:
        city = self.network.cities[-1]
        self.network.send(
            "operator", "CityRegistry", "setSteward", city, self.network.wallet(f"steward {city}")
        )
        other = self.network.wallet(f"expert {city}")
        for roles in self.random.sample((0, 4, 16), 2):
            self.network.send(f"steward {city}", "CityRegistry", "setRoles", city, other, roles)

    def budget(self) -> None:
        city = self._city()
        verifier = self.network.wallet(f"verifier {city}")
        self.network.send(f"steward {city}", "MeritLedger", "setBudget", city, verifier, 50_000)

    def kind(self) -> None:
        city = self._city()
        self.network.send(
            f"steward {city}",
            "MeritLedger",
            "publishKind",
            city,
            3,
            self.random.choice((0, 25)),
            keccak(text="3"),
        )

    def pass_days(self) -> None:
        self.network.pass_time(self.random.randint(1, 3) * DAY)

    def pass_period(self) -> None:
        self.network.pass_time(PERIOD)
