"""The one way in which the contracts are deployed: by Brownie's tests, by scripts and by `citynet deploy`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rlp
from eth_utils import keccak, to_canonical_address, to_checksum_address

DAY = 86_400

Create = Callable[..., str]
"""`create(name, *arguments)` makes the contract of this name in one transaction and returns its address."""


class WrongAddress(Exception):
    """The market is not where the ledger was told: something else used the deployer's nonces."""


@dataclass(frozen=True)
class Terms:
    """What is fixed for ever when the contracts are made.

    Args:
        recovery_delay: Seconds between a recovery's proposal and its execution, below 2^32.
        origin: The second (since 1970) at which period 0 begins, below 2^40.
        period_length: Seconds in a period, a day at least, below 2^32.
    """

    origin: int
    recovery_delay: int = 7 * DAY
    period_length: int = 91 * DAY


@dataclass(frozen=True)
class Step:
    """A transaction that the operator still has to send: `contract.function(*arguments)`."""

    contract: str
    function: str
    arguments: tuple[Any, ...]


def deploy(create: Create, operator: str, terms: Terms, *, deployer: str, nonce: int) -> dict[str, str]:
    """Make the contracts and return their addresses by name.

    Args:
        create: See `Create`; it sends from `deployer`, which sends nothing else meanwhile.
        operator: The account that may call the operator's functions, a multisig in production.
        terms: What is fixed for ever.
        deployer: The account that `create` sends from; it keeps no rights.
        nonce: The deployer's nonce now.

    Raises:
        WrongAddress: Something else used the deployer's nonces meanwhile; deploy again.
    """
    manager = create("NetworkManager", operator)
    registry = create("CityRegistry", manager, terms.recovery_delay)
    market = created_address(deployer, nonce + 3)  # manager, registry and ledger come before it
    ledger = create("MeritLedger", manager, registry, market, terms.origin, terms.period_length)
    made = create("RewardMarket", registry, ledger)
    if to_checksum_address(made) != market:
        raise WrongAddress(f"the market is at {made}, the ledger knows it at {market}: deploy again")
    return {
        "NetworkManager": manager,
        "CityRegistry": registry,
        "MeritLedger": ledger,
        "RewardMarket": made,
    }


def steps(addresses: dict[str, str]) -> list[Step]:
    """Return what the operator has to send before anybody can use the contracts."""
    return [Step("CityRegistry", "setFollowers", ([addresses["MeritLedger"]],))]


def created_address(deployer: str, nonce: int) -> str:
    """Return the address of the contract that an account makes with this nonce (Yellow Paper, section 7)."""
    return to_checksum_address(keccak(rlp.encode([to_canonical_address(deployer), nonce]))[12:])
