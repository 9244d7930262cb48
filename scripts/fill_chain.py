"""Fill a development chain with the ledger's own events, through its own contracts.

    .venv/bin/python scripts/fill_chain.py --events 200000 --seed 1 --state chain.json
    .venv/bin/python scripts/fill_chain.py --events 200000 --seed 1 --rpc http://127.0.0.1:8545

The same numbers give the same chain, to the hash of its head: keys, times and choices come from the seed
alone. So anybody can measure an indexer on it: start `anvil --load-state chain.json`, read the logs of the
contracts that `chain.deployment.json` names, and compare with the counts that are printed.

What happens: 10 cities with 5,000 citizens between them, whose activity is skewed (Zipf, exponent 1). Blocks
six hours apart, each with some 240 events: two batches of 75 to 150 awards, 4 claims from epochs (each city
opens one every 20 days), up to 6 redemptions (half sent by the citizen, half by a relay with the citizen's
signature), 2 vouchers fulfilled. Of 200,000 events 92 in 100 are `Awarded`. It takes about two minutes.

Without --rpc an anvil is started on a free port, and ended when its state is written. A chain of one's own
must be an empty anvil that mines on demand: `anvil --no-mining --order fifo --hardfork cancun
--timestamp 1735689600 --gas-limit 200000000 --base-fee 0 --gas-price 0`.
"""

import argparse
import gzip
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, count
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_keys.datatypes import PrivateKey
from eth_utils import keccak, to_checksum_address

from backend.chain.contract import Call, Contract
from backend.chain.deploy import DAY, Terms, deploy, steps
from backend.chain.deployment import DEVELOPMENT_CHAIN, Deployment, Place, artifact
from backend.chain.facts import facts_of
from backend.chain.rpc import Rpc, Unreachable
from backend.chain.send import Sender
from backend.demo.node import free_port
from backend.demo.signing import Redemption, sign
from backend.kit import merkle

ROOT = Path(__file__).resolve().parents[1]
GENESIS = 1_735_689_600  # 2025-01-01
STEP = 6 * 3600  # seconds between two blocks
CITIES = 10
WALLETS = 5_000
LEAST = 10_000
SIGNERS = 40  # the most active wallets of each city: they have keys and redeem
BATCH = 150  # the most citizens awarded at once
PERIOD = 90 * DAY
DEADLINE = (1 << 40) - 1
NOBODY = "0x" + "00" * 20
KINDS = {1: 5, 2: 10, 3: 25, 4: 40, 5: 60}  # act kind → points
PRICE = 20
EPOCH_EVERY = 80  # blocks: 20 days
CONTRACTS = ("CityRegistry", "MeritLedger", "RewardMarket")
ANVIL = [
    *("--no-mining", "--order", "fifo", "--hardfork", "cancun", "--chain-id", str(DEVELOPMENT_CHAIN)),
    *(
        "--timestamp",
        str(GENESIS),
        "--gas-limit",
        "200000000",
        "--base-fee",
        "0",
        "--gas-price",
        "0",
        "--quiet",
    ),
]


@dataclass
class City:
    """A city as the script keeps it in mind."""

    id: int
    wallets: list[str]
    signers: list[LocalAccount]
    weights: list[float]
    claimable: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    redemptions: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)  # at least: by awards of this period


class Filler:
    """Writes the chain. `counts` are the ledger's events so far, by name."""

    def __init__(self, rpc: Rpc, events: int, seed: int):
        self.rpc, self.events, self.seed = rpc, events, seed
        self.random = random.Random(seed)
        self.sender = Sender(rpc, tip=0)
        roles = ("operator", "steward", "verifier", "partner", "relay")
        self.operator, self.steward, self.verifier, self.partner, self.relay = (
            self.sender.add(self._bytes(role)) for role in roles
        )
        self.time, self.number, self.period = GENESIS, 0, 0
        self.counts: Counter[str] = Counter()
        self.topics = {fact.topic0: fact.event for fact in facts_of(CONTRACTS)}
        self.places: dict[str, Place] = {}
        self.cities: list[City] = []
        self.codes: dict[str, bytes] = {}
        self.vouchers: list[tuple[Any, ...]] = []

    @property
    def left(self) -> int:
        return self.events - self.counts.total()

    def fill(self) -> None:
        """Write until the chain has so many events."""
        self._deploy()
        self._open_cities()
        for block in count(1):
            if self.left <= 0:
                break
            if block % EPOCH_EVERY == 0 and self.left > 2 * BATCH:
                self._open_epochs()
            self._ordinary_block()
            if block % 20 == 0:
                print(f"\r{self.counts.total():,} of {self.events:,} events", end="", file=sys.stderr)
        print(f"\r{self.counts.total():,} events in {self.number} blocks", file=sys.stderr)

    # ----------------------------------------------------------------------------- beginning

    def _deploy(self) -> None:
        terms = Terms(origin=GENESIS, recovery_delay=DAY, period_length=PERIOD)
        addresses = deploy(self._create, self.operator, terms, deployer=self.operator, nonce=0)
        self.places = {name: self.places[name] for name in addresses}
        self.registry, self.ledger, self.market = (
            Contract(name, addresses[name], artifact(name)["abi"]) for name in CONTRACTS
        )
        contracts = {contract.name: contract for contract in (self.registry, self.ledger, self.market)}
        calls = [contracts[s.contract].call(s.function, *s.arguments) for s in steps(addresses)]
        self._submit(calls, self.operator)
        self._mine()

    def _create(self, name: str, *arguments: Any) -> str:
        made = Contract(name, None, artifact(name)["abi"]).deploy(artifact(name)["bytecode"], *arguments)
        hashes = self.sender.submit([made], self.operator, gas=12_000_000)
        self._mine()
        address = self.sender.wait(hashes)[0].contract
        self.places[name] = Place(to_checksum_address(address), self.number)
        return self.places[name].address

    def _open_cities(self) -> None:
        openings = [(self._bytes("code", i), self.steward, self._bytes("city", i)) for i in range(CITIES)]
        self._submit([self.registry.call("openCities", openings)], self.operator, gas=10_000_000)
        self._mine()
        for number in range(1, CITIES + 1):
            self._open_city(number)
            self._mine()

    def _open_city(self, number: int) -> None:
        people = WALLETS // CITIES
        signers = [Account.from_key(self._bytes("citizen", number, i)) for i in range(SIGNERS)]
        for signer in signers:
            self.sender.add(signer)
        others = [self._bytes("wallet", number, i)[:20] for i in range(people - SIGNERS)]
        wallets = [signer.address for signer in signers] + [to_checksum_address(other) for other in others]
        weights = list(accumulate(1 / (rank + 1) for rank in range(people)))
        self.cities.append(City(number, wallets, signers, weights))
        kinds = (
            self.ledger.call("publishKind", number, k, p, self._bytes("kind", k)) for k, p in KINDS.items()
        )
        rules = [
            self.registry.call("setRoles", number, self.verifier, 1),
            self.registry.call("setRoles", number, self.partner, 8),
            self.ledger.call("setCap", number, (1 << 24) - 1),
            self.ledger.call("setBudget", number, self.verifier, (1 << 40) - 1),
            *kinds,
        ]
        self._submit(rules, self.steward)
        self._mine()
        terms = self._bytes("terms", number), NOBODY, 0, []
        offer = (number, PRICE, (1 << 24) - 1, 0, GENESIS, (1 << 40) - 1, 30 * DAY, *terms)
        self._submit([self.market.call("publish", offer)], self.partner)
        entries = [(wallet, self._bytes("nullifier", number, i)) for i, wallet in enumerate(wallets)]
        batches = [entries[i : i + 100] for i in range(0, people, 100)]
        calls = [self.registry.call("registerCitizens", number, batch) for batch in batches]
        self._submit(calls, self.verifier, gas=12_000_000)

    def _open_epochs(self) -> None:
        """Open an epoch in every city for the twenty days before; each of its citizens has a leaf in it."""
        last = (self.time + STEP) // DAY - 1
        first = last - EPOCH_EVERY * STEP // DAY + 1
        for city in self.cities:
            leaves = [(w, self.random.randint(1, 3), self._bytes("leaf", last, w)) for w in city.wallets]
            encoded = (
                bytes(12) + bytes.fromhex(w[2:]) + times.to_bytes(32) + evidence
                for w, times, evidence in leaves
            )
            nodes, places = merkle.build([merkle.leaf_hash(leaf) for leaf in encoded])
            acts = sum(times for _, times, _ in leaves)
            listed = self._bytes("list", city.id, last)
            opening = self.ledger.call("openEpoch", city.id, 1, acts, first, last, nodes[:32], listed)
            self._submit([opening], self.verifier)
            proofs = ([nodes[32 * i : 32 * i + 32] for i in merkle.proof_indexes(place)] for place in places)
            city.claimable = [
                (wallet, (times, evidence, proof))
                for (wallet, times, evidence), proof in zip(leaves, proofs, strict=True)
            ]
            self.random.shuffle(city.claimable)
        opened = [log for log in self._mine() if self.topics.get(log["topics"][0]) == "EpochOpened"]
        for city, log in zip(self.cities, opened, strict=True):
            epoch_id = int(log["topics"][2], 16)
            city.claimable = [(wallet, (city.id, epoch_id, *leaf)) for wallet, leaf in city.claimable]

    # -------------------------------------------------------------------------- ordinary days

    def _ordinary_block(self) -> None:
        if (period := (self.time + STEP - GENESIS) // PERIOD) != self.period:
            self.period = period
            for city in self.cities:
                city.held.clear()
        if self.left > 2 * BATCH:
            self._claim()
            self._redeem()
            self._fulfil()
            sizes = [self.random.randint(BATCH // 2, BATCH) for _ in range(2)]
        elif self.left > 1:
            sizes = [min(self.left - 1, BATCH)]
        else:
            sizes = []
            self._submit([self.ledger.call("setCap", 1, (1 << 24) - 1)], self.steward)
        awarded = [self._award(size) for size in sizes]
        self._mine()
        for city, kind, citizens in awarded:
            for citizen in citizens:
                city.held[citizen] += KINDS[kind]

    def _award(self, size: int) -> tuple[City, int, list[str]]:
        city, kind = self.random.choice(self.cities), self.random.choice(list(KINDS))
        citizens = self.random.choices(city.wallets, cum_weights=city.weights, k=size)
        evidence = self._bytes("evidence", self.number, city.id, kind)
        self._submit(
            [self.ledger.call("awardBatch", city.id, kind, evidence, citizens)], self.verifier, 8_000_000
        )
        return city, kind, citizens

    def _claim(self) -> None:
        for city in self.random.sample(self.cities, 4):
            if city.claimable:
                self._submit([self.ledger.call("claim", *city.claimable.pop())], self.relay)

    def _redeem(self) -> None:
        """Redeem in six cities: half sent by the citizens, half with their signature."""
        for i, city in enumerate(self.random.sample(self.cities, 6)):
            weights = city.weights[:SIGNERS]
            citizen = self.random.choices(city.signers, cum_weights=weights, k=1)[0]
            if city.held[citizen.address] < PRICE:
                continue
            city.held[citizen.address] -= PRICE
            code = self._bytes("voucher", self.number, city.id)
            seal = keccak(code)
            self.codes[seal.hex()] = code
            if i % 2:
                self._submit([self.market.call("redeem", city.id, city.id, seal)], citizen.address)
            else:
                signed = self._sign(citizen, city, seal)
                call = self.market.call(
                    "redeemBySig", citizen.address, city.id, city.id, seal, DEADLINE, signed
                )
                self._submit([call], self.relay)
            city.redemptions[citizen.address] += 1

    def _sign(self, citizen: LocalAccount, city: City, seal: bytes) -> bytes:
        nonce = city.redemptions[citizen.address]
        redemption = Redemption(citizen.address, city.id, city.id, PRICE, seal, nonce, DEADLINE)
        return sign(PrivateKey(bytes(citizen.key)), redemption, DEVELOPMENT_CHAIN, self.market.address)

    def _fulfil(self) -> None:
        for voucher in self.vouchers[:2]:
            code = self.codes.pop(voucher[-1].hex())
            self._submit([self.market.call("fulfil", voucher, code)], self.partner)
        self.vouchers = self.vouchers[6:]  # the others never are

    # ---------------------------------------------------------------------------------- chain

    def _submit(self, calls: list[Call], sender: str, gas: int = 500_000) -> None:
        self.sender.submit(calls, sender, gas)

    def _mine(self) -> list[dict[str, Any]]:
        """Mine all that was sent into one block, see that all of it succeeded, and return its logs."""
        self.time += STEP
        self.number += 1
        self.rpc.batch([("evm_setNextBlockTimestamp", [self.time]), ("evm_mine", [])], attempts=1)
        receipts = self.rpc.call("eth_getBlockReceipts", hex(self.number))
        pending = int(self.rpc.call("txpool_status")["pending"], 16)
        failed = [receipt["transactionHash"] for receipt in receipts if receipt["status"] != "0x1"]
        if failed:
            self.sender.wait(failed)  # raises what the first of them says
        if pending:
            raise SystemExit(f"block {self.number}: {pending} transactions were left over")
        logs = [log for receipt in receipts for log in receipt["logs"]]
        self.counts.update(self.topics[log["topics"][0]] for log in logs if log["topics"][0] in self.topics)
        for log in logs:
            if self.topics.get(log["topics"][0]) == "Redeemed":
                self.vouchers.append(_voucher(log))
        return logs

    def _bytes(self, *of: object) -> bytes:
        """Return 32 bytes that follow from the seed and a name."""
        return keccak(text=" ".join(map(str, (self.seed, *of))))


def _voucher(log: dict[str, Any]) -> tuple[Any, ...]:
    """Return the content of a voucher, as `fulfil` takes it, of its `Redeemed`."""
    citizen = to_checksum_address("0x" + log["topics"][2][26:])
    data = bytes.fromhex(log["data"][2:])
    words = [int.from_bytes(data[i : i + 32]) for i in range(0, 160, 32)]
    voucher_id, from_previous, from_current, period, expires = words
    return (
        voucher_id,
        citizen,
        int(log["topics"][3], 16),
        from_previous,
        from_current,
        period,
        expires,
        data[160:],
    )


@contextmanager
def chain(rpc_url: str | None) -> Iterator[Rpc]:
    """Give the chain at a URL, or one of our own."""
    if rpc_url:
        yield Rpc(rpc_url, timeout=120)
        return
    with started(*ANVIL) as url:
        yield Rpc(url, timeout=120)


@contextmanager
def started(*arguments: str) -> Iterator[str]:
    """Start anvil on a free port and give its URL; end it afterwards."""
    port = free_port()
    process = subprocess.Popen([ROOT / ".toolchain/bin/anvil", "--port", str(port), *arguments])
    try:
        rpc = Rpc(f"http://127.0.0.1:{port}", attempts=1)
        while True:
            try:
                rpc.call("eth_chainId")
                break
            except Unreachable:
                if process.poll() is not None:
                    raise SystemExit("anvil ended at once") from None
                time.sleep(0.05)
        rpc.close()
        yield rpc.url
    finally:
        process.terminate()
        process.wait(30)


def fill(rpc: Rpc, events: int, seed: int, state: Path | None = None) -> dict[str, Any]:
    """Fill an empty chain; write its state and `deployment.json` beside it. Returns what `main` prints."""
    if int(rpc.call("eth_blockNumber"), 16):
        raise SystemExit("the chain is not empty")
    filler = Filler(rpc, events, seed)
    filler.fill()
    head = rpc.call("eth_getBlockByNumber", "latest", False)
    if state:
        state.parent.mkdir(parents=True, exist_ok=True)
        dumped = bytes.fromhex(rpc.call("anvil_dumpState", False)[2:])
        state.write_bytes(gzip.decompress(dumped))
        Deployment(DEVELOPMENT_CHAIN, filler.places).write(state.with_suffix(".deployment.json"))
    return {"head": filler.number, "hash": head["hash"], "events": dict(sorted(filler.counts.items()))}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=200_000, help="events of the ledger (at least 10,000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rpc", help="URL of an empty chain; unless given, anvil is started")
    parser.add_argument("--state", type=Path, help="write the chain here, and FILE.deployment.json beside it")
    options = parser.parse_args()
    if options.events < LEAST:
        parser.error(f"--events: at least {LEAST:,}, for 10 cities and their citizens are events too")
    with chain(options.rpc) as rpc:
        print(json.dumps(fill(rpc, options.events, options.seed, options.state), indent=2))


if __name__ == "__main__":
    main()
