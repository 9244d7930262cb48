"""A network as a command sees it: the node, the deployed contracts, and who signs."""

from dataclasses import dataclass
from pathlib import Path

from eth_account.signers.local import LocalAccount

from backend.chain.contract import Contract
from backend.chain.deployment import Deployment
from backend.chain.rpc import Rpc
from backend.chain.send import Sender
from backend.cli.console import REFUSED, UNREACHABLE, USAGE, Failure
from backend.settings import settings

CONTRACTS = (
    "CityRegistry", "MeritLedger", "RewardMarket", "ProjectRegistry", "CampaignFactory", "MatchingPool",
    "FundFactory",
)  # fmt: skip


@dataclass(frozen=True)
class Network:
    """The contracts of a deployment on a node that was checked to be of the same chain."""

    deployment: Deployment
    sender: Sender
    registry: Contract
    ledger: Contract
    market: Contract
    projects: Contract
    factory: Contract
    pool: Contract
    funds: Contract

    def city(self, named: str) -> int:
        """Number of a city given by its number or code. Raises `Failure`."""
        if named.isdigit():
            number = int(named) if len(named) < 11 else 0
            if not number or not int(self.sender.read(self.registry.call("stewardOf", number)), 16):
                raise Failure(f"--city: there is no city number {named}", REFUSED)
            return number
        number = self.sender.read(self.registry.call("cityOf", code(named)))
        if not number:
            raise Failure(f"--city: there is no city with the code {named}", REFUSED)
        return int(number)


def code(text: str) -> bytes:
    """A city's code as the registry keeps it: ASCII, left aligned in 32 bytes. Raises `Failure`."""
    if not text.isascii() or not 0 < len(text) <= 32:
        raise Failure(f"`{text}` is no city's code: 1 to 32 ASCII characters", USAGE)
    return text.encode().ljust(32, b"\0")


def open_network(key: LocalAccount | None = None, rpc: str | None = None) -> Network:
    """The configured network, for a command. Raises what `connect` raises."""
    try:
        node = Rpc(rpc or settings().rpc_url, attempts=3)
    except ValueError as error:
        raise Failure(str(error), USAGE) from None
    return connect(Sender(node, [key] if key else []), settings().deployment_file)


def connect(sender: Sender, deployment: Path) -> Network:
    """The contracts of a deployment. Raises `Failure` where the node is of another chain, RpcError where it
    does not answer, DeploymentError where no contracts are known.
    """
    places = Deployment.read(deployment)
    node, url = sender.rpc, sender.rpc.url
    if sender.chain_id != places.chain_id:
        raise Failure(
            f"the node at {url} is of chain {sender.chain_id}, the deployment of chain {places.chain_id}: "
            "set CITYNET_RPC_URL or CITYNET_DEPLOYMENT",
            UNREACHABLE,
        )
    contracts = [places.contract(name) for name in CONTRACTS]
    for contract in contracts:
        if node.call("eth_getCode", contract.address, "latest") == "0x":
            raise Failure(
                f"{contract.name} is not at {contract.address} on the chain of {url}: "
                "another chain of the same number? Set CITYNET_RPC_URL or CITYNET_DEPLOYMENT",
                UNREACHABLE,
            )
    for contract in contracts:
        contract.with_errors_of(*contracts)
    return Network(places, sender, *contracts)
