"""The contracts as they are now, for requests: reading does not hold up others, and a lost node is a 503."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from backend.chain.contract import Call, Contract
from backend.chain.deployment import Deployment, abi, artifact
from backend.chain.rpc import Rpc, RpcError
from backend.chain.send import Sender
from backend.domains import domains
from backend.errors import Problem
from backend.kit.types import checksum

T = TypeVar("T")


class Chain:
    """A node and the deployment's contracts, by name, and those that factories make.

    Every contract knows the errors of all, so that a refusal deep inside is named too.
    """

    def __init__(self, rpc: Rpc | str, deployment: Deployment):
        self.sender = Sender(rpc)
        self.chain_id = deployment.chain_id
        self._contracts = {
            name: Contract(name, place.address, artifact(name)["abi"])
            for name, place in deployment.contracts.items()
        }
        made = {factory.contract for domain in domains() for factory in domain.factories}
        self._made = {name: Contract(name, None, abi(name)) for name in made}
        for contract in (known := (*self._contracts.values(), *self._made.values())):
            contract.with_errors_of(*known)

    @property
    def addresses(self) -> frozenset[str]:
        """Where the deployment's contracts are, in small letters."""
        return frozenset((contract.address or "").lower() for contract in self._contracts.values())

    def __getitem__(self, name: str) -> Contract:
        return self._contracts[name]

    def at(self, name: str, address: str | bytes) -> Contract:
        """A contract that a factory made. Whether it did is for the caller to know (`Ask.made`)."""
        return self._made[name].at(address)

    def call(self, to: bytes, data: bytes) -> Call:
        """A call that was encoded before. Its label is its contract's name."""
        address = checksum(to)
        contract = next((c for c in self._contracts.values() if c.address == address), None)
        errors = contract or next(iter(self._contracts.values()))
        return Call(address, data, contract.name if contract else "", errors=errors)

    async def read(self, call: Call, account: str | None = None) -> Any:
        """What a call returns on the pending block. Raises Reverted, Problem (503)."""
        return (await self.read_all([call], account))[0]

    async def read_all(self, calls: Iterable[Call], account: str | None = None) -> list[Any]:
        """What calls return on the pending block, as if `account` sent them.

        Raises Reverted for the first that reverts, Problem (503) where the node does not answer.
        """
        return await self.ask(self.sender.read_all, list(calls), "pending", account)

    async def now(self) -> int:
        """Time of the next block at least, seconds since 1970. Raises Problem (503)."""
        block = await self.ask(self.sender.rpc.call, "eth_getBlockByNumber", "pending", False)
        return int(block["timestamp"], 16)

    async def ask(self, work: Callable[..., T], *arguments: Any) -> T:
        """What a function that asks the node returns. Raises Problem (503) where it does not answer."""
        try:
            return await asyncio.to_thread(work, *arguments)
        except RpcError as error:
            raise Problem(
                503, "The chain's node does not answer at the moment.", headers={"Retry-After": "5"}
            ) from error
