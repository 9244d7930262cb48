"""Where the contracts are: `deployment.json` and the ABIs that `make contracts` wrote."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eth_utils import to_checksum_address

from backend.chain.contract import Contract

ABI = Path(__file__).parent / "abi"

DEVELOPMENT_CHAIN = 31337
"""Chain id of anvil and other development nodes."""


class DeploymentError(Exception):
    """`deployment.json` or an ABI is missing or broken; the message is one line that says what to do."""


@cache
def artifact(name: str) -> dict[str, Any]:
    """Return `{"contractName", "abi", "bytecode", …}` of a contract or interface."""
    try:
        return json.loads((ABI / f"{name}.json").read_text())
    except FileNotFoundError:
        raise DeploymentError(f"there is no ABI of {name}: run 'make contracts'") from None


def abi(name: str) -> list[dict[str, Any]]:
    """Return the ABI of a contract, of its interface `I<name>` where it has none of its own."""
    return artifact(name if (ABI / f"{name}.json").exists() else f"I{name}")["abi"]


def events(name: str) -> list[dict[str, Any]]:
    """Return the event entries of the ledger's public record in a contract: those of its interface `I<name>`.

    What a contract inherits from elsewhere (`EIP712DomainChanged`, `AuthorityUpdated`) is no fact. A contract
    without such an interface gives all its events.
    """
    source = f"I{name}" if (ABI / f"I{name}.json").exists() else name
    return [entry for entry in artifact(source)["abi"] if entry["type"] == "event"]


@dataclass(frozen=True)
class Place:
    """Where a contract is: its address (0x, checksummed) and the block that it was made in."""

    address: str
    block: int


@dataclass(frozen=True)
class Deployment:
    """The contracts of one network on one chain."""

    chain_id: int
    contracts: dict[str, Place]

    @property
    def is_demo(self) -> bool:
        """Whether this is a development chain, where anybody has the keys and nothing is real."""
        return self.chain_id == DEVELOPMENT_CHAIN

    @classmethod
    def read(cls, path: Path) -> "Deployment":
        """Read `deployment.json`. Raises DeploymentError where it is missing or not of this form."""
        try:
            content = json.loads(path.read_text())
            places = {
                name: Place(to_checksum_address(entry["address"]), int(entry["block"]))
                for name, entry in content["contracts"].items()
            }
            return cls(int(content["chain_id"]), places)
        except FileNotFoundError:
            raise DeploymentError(
                f"there is no {path}: run 'citynet deploy', or name it by CITYNET_DEPLOYMENT"
            ) from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DeploymentError(f"{path} is not a deployment: {error!r}") from None

    def write(self, path: Path) -> None:
        """Write `deployment.json`, whole or not at all."""
        content = {
            "chain_id": self.chain_id,
            "contracts": {
                name: {"address": p.address, "block": p.block} for name, p in self.contracts.items()
            },
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(content, indent=2) + "\n")
        draft.replace(path)

    @property
    def first_block(self) -> int:
        """The block before which none of the contracts existed."""
        return min((place.block for place in self.contracts.values()), default=0)

    def place(self, name: str) -> Place:
        """Return where a contract is. Raises DeploymentError where the deployment does not name it."""
        if name not in self.contracts:
            raise DeploymentError(f"the deployment names no {name}")
        return self.contracts[name]

    def contract(self, name: str) -> Contract:
        """Return a contract ready to be called through `Sender`."""
        return Contract(name, self.place(name).address, artifact(name)["abi"])
