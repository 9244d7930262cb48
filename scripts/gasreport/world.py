"""The network that the actions are measured in: one city at work, another whose merits an offer accepts."""

import json
from typing import Any

from eth_account import Account
from eth_utils import keccak, to_checksum_address

from backend.chain.contract import Call, Contract
from backend.chain.deploy import DAY, Terms, deploy, steps
from backend.chain.deployment import artifact
from scripts.gasreport.chain import ROOT, Chain, Sent

VERIFIER, MODERATOR, PARTNER = 1, 2, 8
CITY, OTHER_CITY, KIND, POINTS = 1, 2, 1, 10
CODE = keccak(text="a code that only the citizen knows")
SEAL = keccak(CODE)
REDEEM = [
    ("citizen", "address"),
    ("offerId", "uint32"),
    ("cityId", "uint32"),
    ("price", "uint32"),
    ("seal", "bytes32"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
]
VETO = [
    ("cityId", "uint32"),
    ("oldWallet", "address"),
    ("newWallet", "address"),
    ("executableAt", "uint40"),
    ("deadline", "uint256"),
]


def some(text: str) -> bytes:
    """A hash without zero bytes to speak of, as real ones are."""
    return keccak(text=text)


def wallet(name: str) -> str:
    """The address of somebody who never signs."""
    return to_checksum_address(some(name)[12:])


class World:
    """Contracts, people and the steps that several actions begin with."""

    def __init__(self, chain: Chain):
        self.chain = chain
        people = [to_checksum_address(one) for one in chain.rpc.call("eth_accounts")]
        self.operator, self.steward, self.verifier, self.moderator, self.partner = people[:5]
        self.sponsor, self.citizen, self.deployer, self.stranger = people[5:9]
        self.signer = Account.from_key(some("a citizen who signs"))
        self.registered = 0
        self._make()
        self._begin()

    def _make(self) -> None:
        made: dict[str, Contract] = {}

        def create(name: str, *arguments: Any) -> str:
            made[name] = self.create(name, artifact(name), *arguments)
            return str(made[name].address)

        self.origin = self.chain.now - 10 * DAY
        addresses = deploy(
            create,
            self.operator,
            Terms(self.origin),
            deployer=self.deployer,
            nonce=self.chain.nonce(self.deployer),
        )
        named = [made[name] for name in addresses if name != "NetworkManager"]
        self.registry, self.ledger, self.market, self.projects, self.pool, self.factory, self.funds = named
        for contract in named:
            contract.with_errors_of(*named)
        token = json.loads((ROOT / "build" / "contracts" / "TestToken.json").read_text())
        self.token = self.create("TestToken", token)
        for step in steps(addresses):
            self.send(made[step.contract].call(step.function, *step.arguments), self.operator)

    def _begin(self) -> None:
        registry, ledger = self.registry, self.ledger
        cities = [(some(f"code {i}"), self.steward, some(f"about {i}")) for i in range(2)]
        self.send(registry.call("openCities", cities), self.operator)
        for account, role in (
            (self.verifier, VERIFIER),
            (self.moderator, MODERATOR),
            (self.partner, PARTNER),
        ):
            self.send(registry.call("setRoles", CITY, account, role), self.steward)
        self.send(ledger.call("publishKind", CITY, KIND, POINTS, some("kind")), self.steward)
        self.send(ledger.call("setCap", CITY, 1_000), self.steward)
        self.send(ledger.call("setBudget", CITY, self.verifier, 1 << 39), self.steward)
        self.register([self.citizen, self.signer.address])
        # Both have merits, of this period, when they come to redeem.
        self.send(
            ledger.call("awardBatch", CITY, KIND, some("first"), [self.citizen, self.signer.address] * 90),
            self.verifier,
        )

    # ------------------------------------------------------------------ steps

    def create(self, name: str, made_of: dict[str, Any], *arguments: Any) -> Contract:
        bare = Contract(name, None, made_of["abi"])
        sent = self.chain.send(bare.deploy(made_of["bytecode"], *arguments), self.deployer, trace=False)
        return Contract(name, sent.made, made_of["abi"])

    def send(self, call: Call, sender: str) -> Sent:
        """Send what is not measured."""
        return self.chain.send(call, sender, trace=False)

    def register(self, wallets: list[str]) -> None:
        for start in range(0, len(wallets), 500):
            rows = [(one, some(f"document of {one}")) for one in wallets[start : start + 500]]
            self.send(self.registry.call("registerCitizens", CITY, rows), self.verifier)

    def newcomers(self, count: int) -> list[str]:
        """Citizens who have no merits yet."""
        wallets = [wallet(f"citizen {self.registered + i}") for i in range(count)]
        self.registered += count
        self.register(wallets)
        return wallets

    def terms(self, token: str = "0x" + "00" * 20, accepts: tuple[int, ...] = ()) -> tuple[Any, ...]:
        now = self.chain.now
        per_voucher = 300 * 10**18 if int(token, 16) else 0
        return (
            *(CITY, 30, 1_000, 0, now - DAY, now + 60 * DAY, 7 * DAY),
            *(some("terms"), token, per_voucher, list(accepts)),
        )

    def publish(self, **changes: Any) -> int:
        self.send(self.market.call("publish", self.terms(**changes)), self.partner)
        return self.chain.read(self.market.call("offerCount"))

    def voucher(self, sent: Sent) -> tuple[Any, ...]:
        """The content of the voucher that a redemption opened."""
        log = sent.logs[-1]
        words = [bytes.fromhex(log["data"][2:])[i : i + 32] for i in range(0, 192, 32)]
        numbers = [int.from_bytes(word, "big") for word in words[:5]]
        citizen, city = to_checksum_address("0x" + log["topics"][2][-40:]), int(log["topics"][3], 16)
        return (numbers[0], citizen, city, *numbers[1:5], words[5])

    def redeemed(self, offer: int) -> tuple[Any, ...]:
        return self.voucher(self.send(self.market.call("redeem", offer, CITY, SEAL), self.citizen))

    def signed_redemption(self, offer: int) -> tuple[int, bytes]:
        """Deadline and signature of the signer's next redemption."""
        deadline = self.chain.now + DAY
        nonce = self.chain.read(self.market.call("redemptionsOf", offer, self.signer.address))
        values = (self.signer.address, offer, CITY, 30, SEAL, nonce, deadline)
        return deadline, self.sign(self.market, "Redeem", REDEEM, values)

    def sign(
        self,
        contract: Contract,
        name: str,
        fields: list[tuple[str, str]],
        values: tuple[Any, ...],
        signer: Any = None,
    ) -> bytes:
        domain = {
            "name": contract.name,
            "version": "1",
            "chainId": self.chain.chain_id,
            "verifyingContract": contract.address,
        }
        types = {name: [{"name": field, "type": kind} for field, kind in fields]}
        message = {field: value for (field, _), value in zip(fields, values, strict=True)}
        return bytes((signer or self.signer).sign_typed_data(domain, types, message).signature)
