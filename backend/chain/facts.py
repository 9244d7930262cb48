"""Facts: one table per event, made from the ABI. `docs/architecture.md` has the table of types."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_utils import keccak

from backend.chain import deployment
from backend.chain.contract import kind, signature

HEADER = {
    "block_number": "bigint",
    "log_index": "integer",
    "block_hash": "bytea",
    "tx_hash": "bytea",
    "block_time": "bigint",
}
"""The columns that every fact begins with."""

EMITTER = "contract"
"""Column (address) that facts of contracts found through a factory have besides: which of them wrote it."""


class DefinitionError(Exception):
    """Facts or derived tables are not well defined: a mistake in the program, found at start."""


@dataclass(frozen=True)
class Column:
    """One parameter of an event.

    Args:
        name: Snake case; quoted in SQL where it is a reserved word (`"limit"`, `"to"`).
        abi_type: As in the ABI, tuples written out.
        indexed: It stands in a topic.
        components: Names of a tuple's parts do not matter: it is stored as a list.
    """

    name: str
    abi_type: str
    indexed: bool

    @property
    def sql_type(self) -> str:
        """The PostgreSQL type."""
        if (self.indexed and self.abi_type in ("string", "bytes")) or (self.indexed and self.is_composite):
            return "bytea"  # the topic is a hash of the value
        return sql_type(self.abi_type)

    @property
    def is_composite(self) -> bool:
        return self.abi_type.endswith((")", "]"))


@dataclass(frozen=True)
class Fact:
    """An event as a table.

    Args:
        contract: The contract that writes it, by its name in the deployment or of its factory.
        event: As in the ABI.
        columns: Its parameters in the ABI's order.
        topic0: `0x` and the hash of its signature, lower case.
        from_factory: The contract is one of many, so the table says which (`contract`).
    """

    contract: str
    event: str
    columns: tuple[Column, ...]
    topic0: str
    from_factory: bool = False

    @cached_property
    def table(self) -> str:
        return snake(self.event)

    @cached_property
    def sql_columns(self) -> dict[str, str]:
        """All columns of the table with their types, in order."""
        emitter = {EMITTER: "bytea"} if self.from_factory else {}
        return HEADER | emitter | {column.name: column.sql_type for column in self.columns}

    def ddl(self) -> str:
        """Return the statement that makes the table."""
        columns = ",\n  ".join(f'"{name}" {type_} NOT NULL' for name, type_ in self.sql_columns.items())
        return f'CREATE TABLE "{self.table}" (\n  {columns},\n  PRIMARY KEY (block_number, log_index)\n)'


@dataclass(frozen=True)
class Factory:
    """How contracts are found that the deployment does not name: each `event` makes one more `contract`.

    Args:
        event: Event of a contract of the deployment (or of another factory), as in the ABI.
        column: Its parameter with the new contract's address, snake case.
        contract: Name of the ABI of the contracts found.
    """

    event: str
    column: str
    contract: str


@dataclass(frozen=True)
class Index:
    """A further index, made when the ledger has caught up with the chain: `Index("awarded", "citizen",
    "city_id")`.

    Args:
        table: A fact or derived table.
        columns: Columns or expressions, as in `CREATE INDEX`.
    """

    table: str
    columns: tuple[str, ...]

    def __init__(self, table: str, *columns: str):
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "columns", columns)

    @property
    def name(self) -> str:
        return re.sub(r"\W+", "_", f"{self.table}_by_{'_'.join(self.columns)}")[:63]

    def ddl(self) -> str:
        return f'CREATE INDEX IF NOT EXISTS "{self.name}" ON "{self.table}" ({", ".join(self.columns)})'


def facts_of(contracts: Iterable[str], factories: Iterable[Factory] = ()) -> tuple[Fact, ...]:
    """Return the facts of the contracts of the deployment and of those that factories find, by their ABIs.

    Raises DefinitionError where two contracts name an event alike, an event is anonymous, or a parameter
    has no name or one that is taken.
    """
    facts: dict[str, Fact] = {}
    found = {factory.contract for factory in factories}
    for contract in dict.fromkeys([*contracts, *sorted(found)]):
        for entry in deployment.events(contract):
            fact = fact_of(contract, entry, contract in found)
            if fact.table in facts:
                raise DefinitionError(
                    f"{facts[fact.table].contract} and {contract} both have an event {fact.event}"
                )
            facts[fact.table] = fact
    return tuple(facts.values())


def fact_of(contract: str, entry: dict[str, Any], from_factory: bool = False) -> Fact:
    """Return the fact that an event entry of an ABI defines."""
    event = entry["name"]
    if entry.get("anonymous"):
        raise DefinitionError(f"event {event} of {contract} is anonymous")
    columns = tuple(Column(snake(p["name"]), kind(p), p["indexed"]) for p in entry["inputs"])
    taken = set(HEADER) | ({EMITTER} if from_factory else set())
    for column in columns:
        if not column.name or column.name in taken:
            raise DefinitionError(
                f"event {event} of {contract}: parameter name {column.name!r} is empty or taken"
            )
        taken.add(column.name)
    topic0 = "0x" + keccak(text=signature(entry)).hex()
    return Fact(contract, event, columns, topic0, from_factory)


def snake(name: str) -> str:
    """Return a Solidity name in snake case: `CitizenRegistered` is `citizen_registered`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().strip("_")


def sql_type(abi_type: str) -> str:
    """Return the PostgreSQL type of an ABI type."""
    if abi_type.endswith((")", "]")):
        return "jsonb"
    if abi_type.startswith("bytes") or abi_type == "address":
        return "bytea"
    if abi_type in ("bool", "string"):
        return {"bool": "boolean", "string": "text"}[abi_type]
    if match := re.fullmatch(r"(u?)int(\d+)", abi_type):
        bits = int(match[2]) - (0 if match[1] else 1)  # what the magnitude needs
        return "integer" if bits <= 31 else "bigint" if bits <= 63 else "numeric(78,0)"
    raise DefinitionError(f"no column type for {abi_type}")
