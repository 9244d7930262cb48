"""The first start of a demo: contracts, cities and the play, on a new chain."""

import time
from dataclasses import dataclass
from pathlib import Path

from eth_account import Account

from backend import directory
from backend.chain.deploy import CONTRACTS, Terms
from backend.chain.rpc import Rpc
from backend.chain.send import Sender
from backend.cities import importer
from backend.cli.cities import open_cities
from backend.cli.console import track
from backend.cli.deploy import deploy_contracts
from backend.cli.network import Network, code, connect
from backend.cli.storing import store_documents, store_trees
from backend.demo import catalogue
from backend.demo.folder import Folder, Mark
from backend.demo.node import PHRASE
from backend.demo.scenario import DAYS, FULL, SMALL, Clock, Play
from backend.demo.stage import Stage
from backend.demo.town import DAY, Contracts, Library, Town

PERIOD = 91 * DAY
CITIES = Path(directory.__file__).with_name("cities.json")


@dataclass(frozen=True)
class Played:
    """What was played, and how many transactions, citizens and cities."""

    mark: Mark
    transactions: int
    people: int
    cities: int


def origin() -> int:
    """The second at which the play's day 0 begins: midnight, so many days before today."""
    return (int(time.time()) // DAY - DAYS) * DAY


def make(folder: Folder, rpc: Rpc, begins: int, small: bool = False) -> Played:
    """Deploys, opens the cities of the directory and plays. `begins`: time of the chain's first block."""
    Account.enable_unaudited_hdwallet_features()
    operator = Account.from_mnemonic(PHRASE, account_path="m/44'/60'/0'/0/0")
    sender = Sender(rpc, [operator])
    terms = Terms(origin=begins, recovery_delay=7 * DAY, period_length=PERIOD)
    with track("Deploying the contracts", CONTRACTS) as advance:
        made, _ = deploy_contracts(sender, terms, None, advance)
    made.write(folder.deployment)
    network = connect(sender, folder.deployment)
    stage = Stage(rpc, sender)
    rest = stage.person("steward of the other cities")
    found = importer.read(CITIES).cities
    open_cities(network, found, rest.address)
    size = SMALL if small else FULL
    library = Library()
    rpc.call("evm_setAutomine", False)
    towns = _towns(network, stage, library, catalogue.CITIES[: size.cities])
    clock = Clock(begins, PERIOD, int(time.time()))
    at = towns[0].at
    with track(f"Playing {DAYS} days in {len(towns)} cities", DAYS) as advance:
        play = Play(stage, at, towns, size, clock)
        play.run(advance)
    rpc.call("evm_setTime", int(time.time()))
    rpc.call("evm_setAutomine", True)
    store_documents(list(library.documents.values()))
    store_trees(library.trees)
    head = rpc.call("eth_getBlockByNumber", "latest", False)
    people = sum(len(town.citizens) for town in towns)
    mark = Mark(int(head["number"], 16), head["hash"], play.worth_a_look())
    return Played(mark, stage.transactions, people, len(found))


def _towns(network: Network, stage: Stage, library: Library, codes: tuple[str, ...]) -> list[Town]:
    """The towns of the play, each with a steward of its own."""
    names = {city.code: city.name_en for city in directory.load()}
    at = Contracts(
        *(network.registry, network.ledger, network.market),
        *(network.projects, network.factory, network.pool, network.funds),
        network.sender.chain_id,
    )
    numbers = network.sender.read_all([network.registry.call("cityOf", code(c)) for c in codes])
    towns = []
    for city, number in zip(codes, numbers, strict=True):
        towns.append(Town(stage, at, library, number, names[city], seed=number))
        call = network.registry.call("setSteward", number, towns[-1].steward.address)
        stage.do(stage.sender.addresses[0], call)
    return towns
