"""A rehearsal of the network's first season at full size, on a chain and a database of its own.

All cities of a file are opened on chain; 100,000 citizens are registered in the 91 cities that the network
starts with, and awarded by one epoch in each city; 20,000 of them claim and redeem by signature; businesses
fulfil, and what is not fetched is refunded. Then the chain is indexed from nothing and audited.

    .venv/bin/python scripts/rehearsal.py
    .venv/bin/python scripts/rehearsal.py --citizens 2000 --redemptions 400 --keep-report

Before that all projects of Paris' participatory budget pass through the contracts to the stage they have,
their budgets raised by 100,000 pledges (scripts/rehearsal_paris.py), and five funds live for ten years on
them (scripts/rehearsal_funds.py).

The files are russian-cities/city.csv and paris-projects/bp_projets_gagnants.csv in the folder that
CITYNET_SHARED names, or in ../shared/data; without the first the project's own directory takes its place,
without the second its part and the funds' are left out. The printed report is kept in docs/rehearsal.md.
"""

import argparse
import os
import platform
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import Pool
from pathlib import Path
from threading import Event
from typing import Any

from eth_keys.datatypes import PrivateKey

from backend import db, directory
from backend.chain.contract import Call
from backend.chain.deploy import Terms
from backend.chain.deployment import Deployment
from backend.chain.send import Sender
from backend.cities import importer
from backend.cli.audit import examine
from backend.cli.cities import open_cities
from backend.cli.console import say
from backend.cli.deploy import deploy_contracts
from backend.cli.network import Network, code, connect
from backend.cli.run import follow, indexer
from backend.cli.storing import store_documents, store_trees
from backend.demo import catalogue
from backend.demo.database import Database
from backend.demo.folder import Folder
from backend.demo.node import PHRASE, Node, free_port, require
from backend.demo.signing import Redemption, address_of, key_of, seal_of, sign
from backend.demo.stage import Stage
from backend.demo.town import voucher
from backend.kit.hashing import keccak
from backend.merits.epochs import Award, Tree, tree
from backend.settings import settings
from scripts import rehearsal_funds, rehearsal_paris, rehearsal_totals

DAY = 86_400
ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "rehearsal.md"
BLOCK_GAS = 200_000_000
REGISTERED_AT_ONCE = 250
SENT_AT_ONCE = 500
POINTS, PRICE, MOST_TIMES = 6, 12, 9
VERIFIER, PARTNER = 1, 8
"""Roles as bits, see CityRoles."""


@dataclass
class Step:
    """A line of the report."""

    title: str
    count: int = 0
    unit: str = ""
    seconds: float = 0.0
    gas: int = 0
    transactions: int = 0

    def add(self, other: "Step") -> None:
        """The same, done once more."""
        self.count += other.count
        self.seconds += other.seconds
        self.gas += other.gas
        self.transactions += other.transactions


@dataclass
class Town:
    """A city with its citizens' keys, its epoch and its offer."""

    number: int
    name: str
    people: int
    keys: list[bytes] = field(default_factory=list)
    wallets: list[str] = field(default_factory=list)
    epoch: int = 0
    tree: Tree | None = None
    offer: int = 0


class Rehearsal:
    """The season. `steps` are the report's lines."""

    def __init__(self, node: Node, folder: Folder, citizens: int, redemptions: int):
        self.node, self.rpc, self.folder = node, node.rpc, folder
        self.citizens, self.redemptions = citizens, redemptions
        self.random = random.Random(91)
        self.steps: list[Step] = []
        accounts = self.rpc.call("eth_accounts")
        self.operator, self.steward, self.verifier, self.partner, self.relay = accounts[:5]
        self.towns: list[Town] = []

    @contextmanager
    def step(self, title: str, unit: str = "") -> Iterator[Step]:
        """Times a step and adds up its gas."""
        step = Step(title, unit=unit)
        began, first = time.monotonic(), int(self.rpc.call("eth_blockNumber"), 16)
        yield step
        step.seconds = time.monotonic() - began
        last = int(self.rpc.call("eth_blockNumber"), 16)
        for number in range(first + 1, last + 1):
            block = self.rpc.call("eth_getBlockByNumber", hex(number), False)
            step.gas += int(block["gasUsed"], 16)
            step.transactions += len(block["transactions"])
        self.steps.append(step)
        say(f"{title}: {step.count} {unit} in {step.seconds:.1f} s")

    # ----------------------------------------------------------------- cities

    def open(self, begins: int, found: importer.Import) -> None:
        """Contracts and all cities of the file, as the commands do it."""
        sender = Sender(self.rpc, [_operator_key()])
        made, _ = deploy_contracts(sender, Terms(begins, 7 * DAY, 91 * DAY), None)
        made.write(self.folder.deployment)
        self.network: Network = connect(sender, self.folder.deployment)
        self.stage = Stage(self.rpc, sender)
        with self.step("cities opened", "cities") as step:
            step.count = open_cities(self.network, found.cities, self.steward)
        again = open_cities(self.network, found.cities, self.steward)
        if again:
            raise SystemExit(f"a second import opened {again} cities")
        self.rpc.call("evm_setAutomine", False)

    def settle(self) -> None:
        """Roles, rules, an act kind and an offer in each of the first cities; citizens by population."""
        first = directory.load()
        network = self.network
        numbers = network.sender.read_all([network.registry.call("cityOf", code(c.code)) for c in first])
        whole = sum(city.population for city in first)
        least = max(self.citizens // (10 * len(first)), 1)
        spare = self.citizens - least * len(first)
        self.towns = [
            Town(n, c.name_en, least + spare * c.population // whole)
            for n, c in zip(numbers, first, strict=True)
        ]
        self.towns[0].people += self.citizens - sum(town.people for town in self.towns)
        kind = catalogue.KINDS[0]
        plan = catalogue.OFFERS[0]
        contents = store_documents([_body(kind.document), _body(plan.document)])
        calls = []
        for town in self.towns:
            calls += [
                network.registry.call("setRoles", town.number, self.verifier, VERIFIER),
                network.registry.call("setRoles", town.number, self.partner, PARTNER),
                network.ledger.call("setCap", town.number, MOST_TIMES * POINTS),
                network.ledger.call("setBudget", town.number, self.verifier, 2**40 - 1),
                network.ledger.call("publishKind", town.number, 1, POINTS, contents[0]),
            ]
        with self.step("roles, caps, budgets, act kinds set", "acts of stewards") as step:
            self.send(self.steward, calls)
            step.count = len(calls)
        now = self.now()
        terms = [
            (t.number, PRICE, 1_000_000, 0, now, now + 60 * DAY, 10 * DAY, contents[1], _NOBODY, 0, [])
            for t in self.towns
        ]
        with self.step("offers published", "offers") as step:
            events = self.send(self.partner, [network.market.call("publish", t) for t in terms])
            step.count = len(terms)
        for town, event in zip(self.towns, events["OfferPublished"], strict=True):
            town.offer = event["offerId"]

    def register(self) -> None:
        """All citizens, in batches."""
        with self.step("wallets made (keys of their own)", "wallets") as step, Pool() as pool:
            for town in self.towns:
                jobs = [
                    (town.number, first, min(first + 500, town.people))
                    for first in range(0, town.people, 500)
                ]
                for keys, wallets in pool.starmap(_wallets, jobs):
                    town.keys += keys
                    town.wallets += wallets
                step.count += town.people
        calls = []
        for town in self.towns:
            rows = [(w, keccak(f"rehearsal {town.number} {i}".encode())) for i, w in enumerate(town.wallets)]
            calls += [
                self.network.registry.call("registerCitizens", town.number, rows[i : i + REGISTERED_AT_ONCE])
                for i in range(0, len(rows), REGISTERED_AT_ONCE)
            ]
        with self.step("citizens registered, in batches", "citizens") as step:
            self.send(self.verifier, calls, at_once=10)
            step.count = self.citizens

    def award(self) -> None:
        """One epoch in each city: every citizen, one to nine acts over the last 30 days."""
        today = self.now() // DAY
        with self.step("trees of epochs made and kept", "leaves") as step:
            for town in self.towns:
                evidence = keccak(f"rehearsal evidence {town.number}".encode())
                town.tree = tree(
                    [
                        Award(bytes.fromhex(w[2:]), self.random.randint(2, MOST_TIMES), evidence)
                        for w in town.wallets
                    ]
                )
                step.count += town.people
            contents = store_trees([_made(town) for town in self.towns])
        calls = [
            self.network.ledger.call(
                "openEpoch", t.number, 1, _made(t).acts, today - 30, today - 1, _made(t).root, content
            )
            for t, content in zip(self.towns, contents, strict=True)
        ]
        with self.step("epochs opened, one in each city", "epochs") as step:
            events = self.send(self.verifier, calls)
            step.count = len(calls)
        for town, event in zip(self.towns, events["EpochOpened"], strict=True):
            town.epoch = event["epochId"]

    # ----------------------------------------------------------------- market

    def redeem(self) -> list[tuple[Any, ...]]:
        """So many citizens claim their award and redeem in one call, by their signature; their vouchers."""
        everybody = [(town, i) for town in self.towns for i in range(town.people)]
        chosen = self.random.sample(everybody, self.redemptions)
        deadline = self.now() + 30 * DAY
        market = self.network.market.address
        with (
            self.step("redemptions signed and encoded", "signatures") as step,
            Pool(initializer=_load, initargs=(self.folder.deployment,)) as pool,
        ):
            jobs = []
            for town, i in chosen:
                award = _made(town).awards[i]
                claim = (town.number, town.epoch, award.times, award.evidence, _made(town).proof(i))
                jobs.append((town.keys[i], town.wallets[i], town.offer, town.number, claim, deadline, market))
            calls = pool.starmap(_redemption, jobs, chunksize=100)
            step.count = len(calls)
        with self.step("claimed and redeemed by signature", "redemptions") as step:
            events = self.send(self.relay, calls, gas=600_000)
            step.count = len(events["Redeemed"])
        return [voucher(event) for event in events["Redeemed"]]

    def serve(self, vouchers: list[tuple[Any, ...]]) -> None:
        """Seven of ten are fulfilled; after their term half of the others are refunded."""
        market = self.network.market
        self.random.shuffle(vouchers)
        served = len(vouchers) * 7 // 10
        with self.step("vouchers fulfilled by code", "vouchers") as step:
            calls = [market.call("fulfil", v, _code(v[1], v[0] >> 24)) for v in vouchers[:served]]
            step.count = len(self.send(self.partner, calls, gas=300_000)["VoucherFulfilled"])
        late = max(v[6] for v in vouchers)
        self.rpc.batch([("evm_setNextBlockTimestamp", [late]), ("evm_mine", [])])
        left = vouchers[served:]
        with self.step("vouchers refunded after their term", "vouchers") as step:
            calls = [market.call("refund", v) for v in left[: len(left) // 2]]
            step.count = len(self.send(self.relay, calls, gas=300_000)["VoucherRefunded"])

    # ---------------------------------------------------------------- helpers

    def now(self) -> int:
        return int(self.rpc.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def send(
        self, who: str, calls: Sequence[Call], gas: int = 20_000_000, at_once: int = SENT_AT_ONCE
    ) -> dict[str, list[dict[str, Any]]]:
        """Sends calls by a development account, whose key the node has; their events. All must succeed."""
        found: dict[str, list[dict[str, Any]]] = {}
        for start in range(0, len(calls), at_once):
            part = calls[start : start + at_once]
            nonce = int(self.rpc.call("eth_getTransactionCount", who, "latest"), 16)
            message = {"from": who, "gas": hex(gas)}
            requests = [
                (
                    "eth_sendTransaction",
                    [message | {"to": c.to, "data": "0x" + c.data.hex(), "nonce": hex(nonce + i)}],
                )
                for i, c in enumerate(part)
            ]
            hashes = self.rpc.batch(requests)
            while int(self.rpc.call("txpool_status")["pending"], 16):
                self.rpc.call("evm_mine")
            events = self.stage.events(self.network.sender.wait(hashes, part))
            for name, values in events.items():
                found.setdefault(name, []).extend(values)
        return found


# ------------------------------------------------------- work of the other core


def _wallets(city: int, first: int, last: int) -> tuple[list[bytes], list[str]]:
    keys = [key_of(f"rehearsal citizen {i} of {city}") for i in range(first, last)]
    return [key.to_bytes() for key in keys], [address_of(key) for key in keys]


_market: Any = None


def _load(deployment: Path) -> None:
    global _market
    _market = Deployment.read(deployment).contract("RewardMarket")


def _redemption(
    key: bytes, wallet: str, offer: int, city: int, claim: tuple[Any, ...], deadline: int, market: str
) -> Call:
    seal = seal_of(_code(wallet, offer))
    signed = sign(PrivateKey(key), Redemption(wallet, offer, city, PRICE, seal, 0, deadline), 31337, market)
    made = _market.call("claimAndRedeemBySig", [claim], wallet, offer, city, seal, deadline, signed)
    return Call(made.to, made.data, made.label)


def _code(wallet: str, offer: int) -> bytes:
    return keccak(f"rehearsal code {wallet.lower()} {offer}".encode())


_NOBODY = "0x" + "0" * 40


def _made(town: Town) -> Tree:
    assert town.tree is not None
    return town.tree


def _body(document: Any) -> bytes:
    from backend.content.documents import encode

    return encode(document)[1]


def _operator_key() -> Any:
    from eth_account import Account

    Account.enable_unaudited_hdwallet_features()
    return Account.from_mnemonic(PHRASE, account_path="m/44'/60'/0'/0/0")


# ----------------------------------------------------------------------- report


def measured(rehearsal: Rehearsal, configured: Any) -> tuple[list[str], int]:
    """Indexes from nothing and audits; lines of the report, and how many differences there are."""
    began = time.monotonic()
    engine = indexer(configured.rpc_url)
    last = follow(engine, int(rehearsal.rpc.call("eth_blockNumber"), 16), Event())
    seconds = time.monotonic() - began
    counted = " + ".join(f'(SELECT count(*) FROM "{fact.table}")' for fact in engine.definition.facts)
    with db.connect() as connection:
        row = connection.execute(f"SELECT {counted}").fetchone()
    events = row[0] if row else 0
    began = time.monotonic()
    checked, differences = examine(configured)
    audited = time.monotonic() - began
    lines = [
        f"| indexed from nothing to block {last} | {events:,} events | {seconds:.1f} | "
        f"{events / seconds:,.0f} events/s, start and indexes included |",
        f"| audited | {sum(checked.values()):,} rows, blocks and tables | {audited:.1f} | "
        f"{len(differences)} differences |",
    ]
    for difference in differences[:20]:
        say(difference)
    details = [f"| {what} | {count:,} |" for what, count in checked.items()]
    head = ["", "What the audit compared:", "", "| what | how many |", "| --- | ---: |"]
    return [*lines, *head, *details], len(differences)


def report(rehearsal: Rehearsal, source: str, found: importer.Import, rest: list[str], seconds: float) -> str:
    """The whole report in Markdown."""
    lines = [
        "# The rehearsal",
        "",
        "`make rehearsal` runs the network's first season at full size on an empty chain (anvil) and an",
        "empty PostgreSQL, takes all projects of Paris' participatory budget ([paris.md](paris.md)) through",
        "the contracts, lets five funds of 200 partners live for ten years on them, indexes it from nothing",
        "and audits it. This is what its last run printed.",
        "",
        f"Cities: {source}, {found.rows:,} rows, {len(found.cities):,} cities, {len(found.doubts)} doubtful "
        f"figures left out, {len(found.remarks) - len(found.doubts)} rows read with a remark.",
        f"Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}. Whole run: {seconds / 60:.1f} minutes, "
        f"while on average {os.getloadavg()[2]:.1f} processes wanted a core.",
        "",
        "| step | count | seconds | gas |",
        "| --- | ---: | ---: | --- |",
    ]
    for step in rehearsal.steps:
        gas = ""
        if step.gas and step.count:
            each = step.gas // step.count
            gas = f"{step.gas:,} in {step.transactions:,} transactions, {each:,} for each of the {step.unit}"
        lines.append(f"| {step.title} | {step.count:,} | {step.seconds:.1f} | {gas} |")
    lines += rest
    if found.doubts:
        lines += [
            "",
            "Doubtful figures, left out:",
            "",
            "| line | city | figure | value | why |",
            "| ---: | --- | --- | ---: | --- |",
        ]
        lines += [f"| {d.line} | {d.name} | {d.field} | {d.value} | {d.reason} |" for d in found.doubts]
    return "\n".join(lines) + "\n"


def shared(folder: str, name: str) -> Path | None:
    """A file of the shared data, None where it is not on this machine."""
    place = Path(os.environ.get("CITYNET_SHARED", ROOT.parent / "shared" / "data"))
    found = (within / folder / name for within in (place, place / "data"))
    return next((file for file in found if file.exists()), None)


def cities_file() -> tuple[Path, str]:
    """The file of cities, and what the report calls it."""
    file = shared("russian-cities", "city.csv")
    if file:
        return file, "city.csv of github.com/hflabs/city with its match to GeoNames"
    say("no russian-cities/city.csv (CITYNET_SHARED): the project's own directory takes its place")
    return Path(directory.__file__).with_name("cities.json"), "the project's own directory"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--citizens", type=int, default=100_000)
    parser.add_argument("--redemptions", type=int, default=20_000)
    parser.add_argument("--pledges", type=int, default=100_000)
    parser.add_argument("--partners", type=int, default=200, help="of all five funds together")
    parser.add_argument("--investments", type=int, default=300, help="of all five funds together")
    parser.add_argument("--folder", type=Path, default=ROOT / ".citynet" / "rehearsal")
    parser.add_argument("--keep-report", action="store_true", help="leave docs/rehearsal.md as it is")
    options = parser.parse_args()
    if options.redemptions > options.citizens or options.citizens < 1000:
        parser.error("at least 1000 citizens, and at most one redemption for each")
    if not 2_000 <= options.pledges <= 5 * options.citizens:
        parser.error("at least 2000 pledges, and at most five for each citizen")
    if options.partners < 25 or options.investments < 10:
        parser.error("at least 25 partners and 10 investments")
    sys.exit(run(options))


def run(options: argparse.Namespace) -> int:
    began = time.monotonic()
    require()
    for name in ("DATABASE_URL", "CITYNET_DATABASE_URL"):
        os.environ.pop(name, None)
    os.environ["CITYNET_DATA_DIR"] = str(options.folder)
    os.environ["CITYNET_DEPLOYMENT"] = str(options.folder / "deployment.json")
    settings.cache_clear()
    folder = Folder(options.folder)
    folder.lock("a rehearsal")
    database, node = Database(folder.database), Node(folder.path, folder.chain, states=2)
    node.child.end_stale()
    database.end_stale()
    folder.clear()
    file, source = cities_file()
    found = importer.read(file)
    begins = (int(time.time()) // DAY - 60) * DAY
    try:
        database.start()
        node.start(free_port(), begins, BLOCK_GAS)
        rehearsal = Rehearsal(node, folder, options.citizens, options.redemptions)
        rehearsal.open(begins, found)
        rehearsal.rpc.batch([("evm_setNextBlockTimestamp", [begins + 40 * DAY]), ("evm_mine", [])])
        rehearsal.settle()
        rehearsal.register()
        rehearsal.award()
        rehearsal.serve(rehearsal.redeem())
        given, paris = rehearsal_paris.read(), None
        if given:
            paris = rehearsal_paris.Paris(rehearsal, given.projects, options.pledges)
            paris.play()
            ended = int(rehearsal.rpc.call("eth_blockNumber"), 16)
            funds = rehearsal_funds.Funds(rehearsal, paris, options.partners, options.investments)
            funds.play()
        else:
            say("no paris-projects/bp_projets_gagnants.csv (CITYNET_SHARED): without projects and funds")
        configured = settings().model_copy(update={"rpc_url": node.url})
        rest, differences = measured(rehearsal, configured)
        if given and paris:
            lines, wrong = rehearsal_totals.compare(given, paris, configured, ended)
            rest, differences = rest + lines, differences + wrong
            lines, wrong = rehearsal_totals.compare_funds(funds, configured)
            rest, differences = rest + lines, differences + wrong
    finally:
        node.stop()
        database.stop()
    text = report(rehearsal, source, found, rest, time.monotonic() - began)
    print(text)
    if not options.keep_report:
        REPORT.write_text(text, encoding="utf-8")
    return 1 if differences else 0


if __name__ == "__main__":
    main()
