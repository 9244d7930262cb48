"""A small world for the engine's tests: the contract Probe, tables of every kind, and ways to compare
ledgers.
"""

import hashlib
import json
import random
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from eth_utils import to_checksum_address

from backend import db
from backend.chain.contract import Call, Contract
from backend.chain.definition import Definition
from backend.chain.deployment import Deployment, Place
from backend.chain.derived import State, Total
from backend.chain.facts import Factory, Index, fact_of
from backend.chain.send import Sender
from tests.backend.anvil import KEYS, ROOT, Anvil

SOURCE = Path(__file__).parent / "probe" / "Probe.sol"
GAS = 3_000_000

RANGE = "block_number BETWEEN %(lo)s AND %(hi)s"

POINTS = Total(
    name="points",
    key={"city": "bigint", "to": "bytea"},
    sums={"points": "bigint", "moves": "bigint"},
    # The third of four points goes away again, so that sums return to zero and rows disappear.
    delta=f"""
        SELECT city, "to", CASE WHEN points = 3 THEN -3 WHEN points = 4 THEN 3 ELSE points END AS points,
            CASE WHEN points = 3 THEN -1 ELSE 1 END AS moves
        FROM moved WHERE {RANGE}
    """,
)

NAME = State(
    name="name",
    key={"id": "bigint"},
    columns={"name": "text", "note": "bytea", "block_number": "bigint"},
    touched=f"SELECT id FROM named WHERE {RANGE}",
    # An empty name takes the row away.
    latest="""
        SELECT id, name, note, block_number FROM (
            SELECT DISTINCT ON (id) id, name, note, block_number FROM touched JOIN named USING (id)
            WHERE block_number <= %(hi)s ORDER BY id, block_number DESC, log_index DESC
        ) n WHERE name <> ''
    """,
)

PING_SUM = Total(
    name="ping_sum",
    key={"contract": "bytea"},
    sums={"value": "numeric(78,0)"},
    delta=f"SELECT contract, value FROM pinged WHERE {RANGE}",
)


@cache
def compiled() -> dict[str, Any]:
    """Compile the probe: contract name → {"abi", "bytecode"}."""
    task = {
        "language": "Solidity",
        "sources": {"Probe.sol": {"content": SOURCE.read_text()}},
        "settings": {
            "evmVersion": "cancun",
            "optimizer": {"enabled": True},
            "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object"]}},
        },
    }
    solc = ROOT / "scripts/toolchain/solc-v0.8.37"
    answer = json.loads(
        subprocess.run(
            [solc, "--standard-json"], input=json.dumps(task), capture_output=True, text=True, check=True
        ).stdout
    )
    contracts = answer["contracts"]["Probe.sol"]
    return {
        name: {"abi": made["abi"], "bytecode": made["evm"]["bytecode"]["object"]}
        for name, made in contracts.items()
    }


def contract(name: str, address: str | None = None) -> Contract:
    return Contract(name, address, compiled()[name]["abi"])


def definition(address: str, block: int, derived: tuple[Any, ...] = (POINTS, NAME, PING_SUM)) -> Definition:
    """The probe's facts and tables."""
    facts = tuple(
        fact_of(name, entry, from_factory=name == "Child")
        for name in ("Probe", "Child")
        for entry in compiled()[name]["abi"]
        if entry["type"] == "event"
    )
    return Definition(
        Deployment(31337, {"Probe": Place(to_checksum_address(address), block)}),
        ("Probe",),
        facts,
        derived,
        (Factory("ChildMade", "child", "Child"),),
        (Index("moved", '"to"'),),
    )


class World:
    """A probe on a chain, and things that happen to it, by a seed."""

    def __init__(self, chain: Anvil):
        self.chain = chain
        self.sender = Sender(chain.rpc, KEYS)
        self.block = 0
        made = self.sender.send(contract("Probe").deploy(compiled()["Probe"]["bytecode"]), gas=GAS)
        assert made.contract
        self.block, self.probe = made.block, contract("Probe", made.contract)
        self.definition = definition(made.contract, made.block)

    def moved_to(self, chain: Anvil) -> "World":
        """Return this world on another chain that has its past."""
        there = object.__new__(World)
        there.__dict__ = self.__dict__ | {"chain": chain, "sender": Sender(chain.rpc, KEYS)}
        return there

    def play(self, seed: int, blocks: int) -> None:
        """Mine blocks that hold what the seed says, some of them nothing."""
        random_ = random.Random(seed)
        self.sender.forget()
        self.chain.call("evm_setAutomine", False)
        for _ in range(blocks):
            self.sender.submit(list(self._calls(random_)), gas=GAS)
            self.chain.mine()
        self.chain.call("evm_setAutomine", True)

    def _calls(self, random_: random.Random) -> Iterable[Call]:
        for _ in range(random_.randrange(3)):
            to = [_address(random_.randrange(20)) for _ in range(random_.randrange(1, 12))]
            yield self.probe.call("move", random_.randrange(3), to, random_.randrange(1, 5))
        if random_.random() < 0.4:
            text = random_.choice(["", "Пермь", "a\0b", "Санкт-Петербург " * 4])
            yield self.probe.call(
                "name", random_.randrange(6), text, random_.randbytes(random_.randrange(40))
            )
        if random_.random() < 0.1:
            yield self.probe.call("make", random_.randrange(1 << 32), random_.randrange(1 << 256))


def _address(number: int) -> str:
    return to_checksum_address(f"0x{number + 1:040x}")


def tables(definition: Definition) -> list[str]:
    """Names of all tables of a ledger that must be the same however it was made."""
    return [f.table for f in definition.facts] + [d.name for d in definition.derived] + ["cursor", "block"]


def dump(database: str, definition: Definition, schema: str = "ledger") -> dict[str, str]:
    """Return a hash of each table's rows in order."""
    with db.connect(database, schema) as connection:
        return {name: _hash(connection, f'SELECT * FROM "{name}"') for name in tables(definition)}


def hash_of(database: str, query: str) -> str:
    """Return a hash of a query's rows in order."""
    with db.connect(database) as connection:
        return _hash(connection, query)


def count(database: str, table: str) -> int:
    with db.connect(database) as connection:
        return connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # type: ignore[arg-type,index]


def _hash(connection: psycopg.Connection, query: str) -> str:
    digest = hashlib.sha256()
    statement = f"COPY (SELECT q::text FROM ({query}) q ORDER BY 1) TO STDOUT"
    with connection.cursor().copy(statement) as copy:  # type: ignore[arg-type]
        for part in copy:
            digest.update(part)
    return digest.hexdigest()
