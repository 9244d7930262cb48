"""What an indexer is to make of a chain: the contracts, their facts and the tables derived from them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from backend.chain.deployment import Deployment
from backend.chain.derived import Derived
from backend.chain.facts import DefinitionError, Fact, Factory, Index, facts_of

VERSION = 1
"""Of the engine's own tables: raised where these change, so that existing ledgers are made anew."""


class Part(Protocol):
    """What a domain brings."""

    @property
    def contracts(self) -> tuple[str, ...]: ...
    @property
    def derived(self) -> tuple[Derived, ...]: ...
    @property
    def factories(self) -> tuple[Factory, ...]: ...
    @property
    def indexes(self) -> tuple[Index, ...]: ...


@dataclass(frozen=True)
class Definition:
    """A deployment and all that is read from it."""

    deployment: Deployment
    contracts: tuple[str, ...]
    facts: tuple[Fact, ...]
    derived: tuple[Derived, ...] = ()
    factories: tuple[Factory, ...] = ()
    indexes: tuple[Index, ...] = ()

    @classmethod
    def of(cls, deployment: Deployment, parts: Iterable[Part]) -> "Definition":
        """Put the domains together. A domain of which the deployment has nothing (it was made before) keeps
        its tables empty. Raises DefinitionError; DeploymentError where some of a domain's contracts are
        missing.
        """
        parts = tuple(parts)
        wanted = tuple(dict.fromkeys(name for part in parts for name in part.contracts))
        there = [part for part in parts if any(name in deployment.contracts for name in part.contracts)]
        contracts = tuple(dict.fromkeys(name for part in there or parts for name in part.contracts))
        factories = tuple(factory for part in parts for factory in part.factories)
        for name in contracts:
            deployment.place(name)
        made = cls(
            deployment,
            contracts,
            facts_of(wanted, factories),
            tuple(derived for part in parts for derived in part.derived),
            factories,
            tuple(index for part in parts for index in part.indexes),
        )
        made._check()
        return made

    @property
    def first_block(self) -> int:
        """The first block with anything of ours."""
        return min((self.deployment.place(name).block for name in self.contracts), default=0)

    @cached_property
    def fact_by_topic(self) -> dict[str, Fact]:
        return {fact.topic0: fact for fact in self.facts}

    def fact(self, event: str) -> Fact:
        """Return a fact by its event."""
        return next(fact for fact in self.facts if fact.event == event)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of all that the tables depend on: with another one they are made anew from the chain."""
        parts = [VERSION, self.deployment.chain_id, self.facts, self.derived, self.factories, self.indexes]
        places = sorted((name, self.deployment.place(name)) for name in self.contracts)
        return hashlib.sha256(repr((parts, places)).encode()).hexdigest()

    def _check(self) -> None:
        taken = {fact.table for fact in self.facts} | {"block", "cursor"}
        for derived in self.derived:
            if derived.name in taken:
                raise DefinitionError(f"two tables are named {derived.name}")
            taken.add(derived.name)
        events = {fact.event: fact for fact in self.facts}
        for factory in self.factories:
            columns = (
                {c.name: c.abi_type for c in events[factory.event].columns} if factory.event in events else {}
            )
            if columns.get(factory.column) != "address":
                raise DefinitionError(
                    f"{factory.event} has no address {factory.column} for {factory.contract}"
                )
