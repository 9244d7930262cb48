"""The network that every test begins in: cities at work in the middle of a period, and who lives there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eth_utils import keccak

from backend.chain import deploy as network
from backend.chain.deploy import Terms
from tests.contracts.kit.contract import ZERO, Book, Contract, Receipt, Record, deploy, transact
from tests.contracts.kit.merkle import Tree
from tests.contracts.kit.node import Node
from tests.contracts.kit.people import Person, everybody
from tests.contracts.kit.signing import REDEEM, Domain, sign
from tests.contracts.model.cities import EXPERT, MODERATOR, PARTNER, TREASURER, VERIFIER

DAY = 86_400
CODE = bytes.fromhex("c0de" * 16)
SEAL = keccak(CODE)  # keccak256(abi.encode(bytes32))


def h(text: str) -> bytes:
    """Some hash, always the same for the same text."""
    return keccak(text=text)


def seal_of(code: bytes) -> bytes:
    return keccak(code)


class World:
    """Contracts and people by name (`w.market`, `w.verifier`), and the steps that many tests begin with.

    Kind 1 gives 10 merits, kind 2 gives 25; the daily cap is 100; a verifier's budget 1,000 per period.
    """

    city, other_city, quiet_city, nowhere = 1, 2, 3, 77
    kind, big_kind = 1, 2
    cap, budget = 100, 1_000
    recovery_delay = 3 * DAY
    length = 30 * DAY

    def __init__(self, node: Node, project: Any):
        self.node, self.project, self.book = node, project, Book()
        self.people = everybody()
        self.codes = {1: h("kazan"), 2: h("perm"), 3: h("ufa")}
        for name, person in self.people.items():
            setattr(self, name, person)

    # -------------------------------------------------------------- beginning

    def deploy(self, origin: int) -> World:
        """The contracts, made as on any network: by `backend.chain.deploy`."""

        def create(name: str, *arguments: Any) -> str:
            made = deploy(self.node, self.book, getattr(self.project, name), *arguments, by=self.deployer)
            found[name] = made
            return made.address

        found: dict[str, Contract] = {}
        terms = Terms(origin, self.recovery_delay, self.length)
        nonce = int(self.node.request("eth_getTransactionCount", self.deployer, "latest"), 16)
        first_block = self.node.height + 1
        addresses = network.deploy(create, self.operator, terms, deployer=self.deployer, nonce=nonce)
        self.manager, self.registry = found["NetworkManager"], found["CityRegistry"]
        self.ledger, self.market = found["MeritLedger"], found["RewardMarket"]
        self.projects, self.pool = found["ProjectRegistry"], found["MatchingPool"]
        self.factory, self.funds = found["CampaignFactory"], found["FundFactory"]
        self.forms = [found[name] for name in network.FORMS]
        self.avatar, self.holdings = found["FundAvatar"], found["FundHoldings"]
        self.origin, self.first_block = origin, first_block
        for step in network.steps(addresses):
            getattr(found[step.contract], step.function)(*step.arguments, by=self.operator)
        return self

    def settle(self) -> World:
        """Open the cities, give roles, register people: the state that each test finds."""
        self.registry.openCities(
            [
                {"code": code, "steward": steward, "content": h("about")}
                for code, steward in zip(
                    self.codes.values(), (self.steward, self.other_steward, self.steward), strict=True
                )
            ],
            by=self.operator,
        )
        for account, role in (
            (self.verifier, VERIFIER),
            (self.moderator, MODERATOR),
            (self.partner, PARTNER),
            (self.expert, EXPERT),
            (self.treasurer, TREASURER),
        ):
            self.registry.setRoles(self.city, account, role, by=self.steward)
        for account, role in (
            (self.other_verifier, VERIFIER),
            (self.other_moderator, MODERATOR),
            (self.other_partner, PARTNER),
        ):
            self.registry.setRoles(self.other_city, account, role, by=self.other_steward)
        self.enrol(self.city, self.verifier, [self.citizen, self.neighbour, self.third])
        self.enrol(self.other_city, self.other_verifier, [self.citizen, self.guest])
        for city, steward, verifier in (
            (self.city, self.steward, self.verifier),
            (self.other_city, self.other_steward, self.other_verifier),
        ):
            self.ledger.publishKind(city, self.kind, 10, h("tree planted"), by=steward)
            self.ledger.publishKind(city, self.big_kind, 25, h("day of help"), by=steward)
            self.ledger.setCap(city, self.cap, by=steward)
            self.ledger.setBudget(city, verifier, self.budget, by=steward)
        self.node.travel_to(self.origin + 2 * self.length + 10 * DAY)
        return self

    def enrol(self, city: int, verifier: Person, people: list[Person]) -> Receipt:
        rows = [{"wallet": one, "nullifier": self.nullifier(city, one)} for one in people]
        return self.registry.registerCitizens(city, rows, by=verifier)

    @staticmethod
    def nullifier(city: int, person: Person) -> bytes:
        return h(f"{city} {person.name}")

    def open_city(self) -> None:
        """The first city alone, with one citizen: enough for a network that has not begun."""
        self.registry.openCities(
            [{"code": self.codes[1], "steward": self.steward, "content": h("about")}], by=self.operator
        )
        self.registry.setRoles(self.city, self.verifier, VERIFIER, by=self.steward)
        self.registry.setRoles(self.city, self.partner, PARTNER, by=self.steward)
        self.enrol(self.city, self.verifier, [self.citizen])
        self.ledger.publishKind(self.city, self.kind, 10, h("tree planted"), by=self.steward)
        self.ledger.setCap(self.city, self.cap, by=self.steward)
        self.ledger.setBudget(self.city, self.verifier, self.budget, by=self.steward)

    # ------------------------------------------------------------------- time

    @property
    def now(self) -> int:
        return self.node.now

    @property
    def today(self) -> int:
        return self.now // DAY

    @property
    def period(self) -> int:
        return (self.now - self.origin) // self.length

    def to_period(self, period: int, offset: int = 0) -> None:
        """Travel to the first second of a period, or some seconds on."""
        self.node.travel_to(self.origin + period * self.length + offset)

    # ----------------------------------------------------------------- awards

    def earn(self, citizen: str, merits: int, city: int = 1) -> Receipt:
        """A citizen earns merits today, in acts of 10."""
        verifier = self.verifier if city == self.city else self.other_verifier
        acts, rest = divmod(merits, 10)
        assert not rest
        return self.ledger.awardBatch(city, self.kind, h("evidence"), [citizen] * acts, by=verifier)

    def batch_of(self, tx: Receipt) -> dict[str, Any]:
        """What a moderator gives to reverse an award of this transaction's batch, rebuilt from its events."""
        opened = tx.one("BatchAwarded")
        names = ("cityId", "verifier", "serial", "kindId", "points", "period", "evidence")
        return {name: opened[name] for name in names} | {
            "citizens": [award.citizen for award in tx.all("Awarded")]
        }

    def open_epoch(
        self,
        leaves: list[tuple[str, int, bytes]],
        kind: int = 1,
        acts: int | None = None,
        first: int | None = None,
        last: int | None = None,
    ) -> tuple[int, Tree]:
        tree = Tree(leaves)
        first = self.today - 3 if first is None else first
        last = self.today - 1 if last is None else last
        acts = tree.acts if acts is None else acts
        tx = self.ledger.openEpoch(
            self.city, kind, acts, first, last, tree.root, h("leaves"), by=self.verifier
        )
        return tx.one("EpochOpened").epochId, tree

    def leaf(self, epoch: int, tree: Tree, index: int, **changes: Any) -> dict[str, Any]:
        _, times, evidence = tree.leaves[index]
        proof = tree.proof(tree.leaves[index])
        return {
            "cityId": self.city,
            "epochId": epoch,
            "times": times,
            "evidence": evidence,
            "proof": proof,
        } | changes

    def merits(self, citizen: str, city: int = 1) -> tuple[int, int, int]:
        """Expiring, fresh, lifetime."""
        return tuple(self.ledger.balanceOf(city, citizen).values())  # type: ignore[return-value]

    # ---------------------------------------------------------------- rewards

    def terms(self, **changes: Any) -> dict[str, Any]:
        """Terms of an offer: 30 merits, three vouchers, two a citizen, open for 30 days, a week each."""
        return {
            "cityId": self.city,
            "price": 30,
            "stock": 3,
            "limit": 2,
            "opens": self.now,
            "closes": self.now + 30 * DAY,
            "term": 7 * DAY,
            "terms": h("terms"),
            "token": ZERO,
            "perVoucher": 0,
            "accepts": [],
        } | changes

    def publish(self, **changes: Any) -> int:
        tx = self.market.publish(self.terms(**changes), by=self.partner)
        return tx.one("OfferPublished").offerId

    def redeem(self, offer: int, citizen: str, city: int = 1, seal: bytes = SEAL) -> dict[str, Any]:
        """The voucher's content, as it stands in the event."""
        return self.voucher_of(self.market.redeem(offer, city, seal, by=citizen))

    @staticmethod
    def voucher_of(tx: Receipt) -> dict[str, Any]:
        event = tx.one("Redeemed")
        names = ("voucherId", "citizen", "cityId", "fromPrevious", "fromCurrent", "period", "expires", "seal")
        return Record({name: event[name] for name in names})

    def to_sign(self, offer: int, citizen: str, **changes: Any) -> dict[str, Any]:
        """What a citizen is shown for signing a redemption."""
        return {
            "citizen": citizen,
            "offerId": offer,
            "cityId": self.city,
            "price": self.market.offerOf(offer).price,
            "seal": SEAL,
            "nonce": self.market.redemptionsOf(offer, citizen),
            "deadline": self.now + 3600,
        } | changes

    def signed(self, message: dict[str, Any], key: str, **domain: Any) -> bytes:
        return sign(key, Domain(**(self.market_domain.__dict__ | domain)), REDEEM, message)

    @property
    def market_domain(self) -> Domain:
        return Domain("RewardMarket", "1", self.node.chain_id, self.market.address)

    @property
    def registry_domain(self) -> Domain:
        return Domain("CityRegistry", "1", self.node.chain_id, self.registry.address)

    # -------------------------------------------------------------- the others

    def recover(self, old: str, new: str, city: int = 1) -> Receipt:
        """Propose, wait, execute."""
        verifier = self.verifier if city == self.city else self.other_verifier
        self.registry.proposeRecovery(city, old, new, h("seen"), by=verifier)
        self.node.travel(self.recovery_delay)
        return self.registry.executeRecovery(city, old, by=self.stranger)

    @contextmanager
    def acting_as(self, address: str) -> Iterator[str]:
        """Send from a contract's own address, which only a test chain can."""
        self.node.request("anvil_impersonateAccount", address)
        yield address
        self.node.request("anvil_stopImpersonatingAccount", address)

    def send(self, contract: Contract, data: bytes, by: str) -> Receipt:
        """Send call data made by `function.data(…)`."""
        return transact(self.node, self.book, by, contract.address, data)

    def mock(self, name: str, *args: Any) -> Contract:
        return deploy(self.node, self.book, getattr(self.project, name), *args, by=self.deployer)

    def contract_wallet(self, owner: str) -> Contract:
        return self.mock("ContractWallet", owner)

    def money(self, holder: str, amount: int, token: str = "TestToken") -> Contract:
        """A new token of which the holder has an amount and lets the market take it."""
        made = self.mock(token)
        made.mint(holder, amount, by=self.deployer)
        made.approve(self.market.address, amount, by=holder)
        return made
