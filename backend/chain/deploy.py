"""The one way in which the contracts are deployed: by Brownie's tests, by scripts and by `citynet deploy`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rlp
from eth_utils import keccak, to_canonical_address, to_checksum_address

DAY = 86_400

Create = Callable[..., str]
"""`create(name, *arguments)` makes the contract of this name in one transaction and returns its address."""


FORMS = ("DonationCampaign", "RewardCampaign", "LoanCampaign", "ShareCampaign")
"""What campaigns are clones of, in the order of `ICampaign.Form`."""

CONTRACTS = 14
"""Transactions that make contracts."""


class WrongAddress(Exception):
    """A contract is not where others were told: something else used the deployer's nonces."""


@dataclass(frozen=True)
class Terms:
    """What the contracts are made with. The first three stand for ever, the operator can change the others.

    Args:
        origin: The second (since 1970) at which period 0 begins, below 2^40.
        recovery_delay: Seconds between a recovery's proposal and its execution, below 2^32.
        period_length: Seconds in a period, a day at least, below 2^32.
        fee_share: The network's fee of what campaigns release, basis points, a tenth at most.
        year_limit: Kopecks that an investor who is not qualified can pledge in a year (Federal Law 259-FZ).
        treasury: Where fees go; the operator's account unless given.
    """

    origin: int
    recovery_delay: int = 7 * DAY
    period_length: int = 91 * DAY
    fee_share: int = 200
    year_limit: int = 600_000 * 100
    treasury: str | None = None


@dataclass(frozen=True)
class Step:
    """A transaction that the operator still has to send: `contract.function(*arguments)`."""

    contract: str
    function: str
    arguments: tuple[Any, ...]


def deploy(create: Create, operator: str, terms: Terms, *, deployer: str, nonce: int) -> dict[str, str]:
    """Make the contracts and return their addresses by name. What campaigns and funds are clones of is not
    among them: their factories name it.

    Args:
        create: See `Create`; it sends from `deployer`, which sends nothing else meanwhile.
        operator: The account that may call the operator's functions, a multisig in production.
        terms: What is fixed for ever.
        deployer: The account that `create` sends from; it keeps no rights.
        nonce: The deployer's nonce now.

    Raises:
        WrongAddress: Something else used the deployer's nonces meanwhile; deploy again.
    """
    market = created_address(deployer, nonce + 3)  # manager, registry and ledger come before it
    factory = created_address(deployer, nonce + 10)  # after market, projects, pool and the forms
    funds = created_address(deployer, nonce + CONTRACTS - 1)
    manager = create("NetworkManager", operator)
    registry = create("CityRegistry", manager, terms.recovery_delay)
    ledger = create("MeritLedger", manager, registry, market, terms.origin, terms.period_length)
    _require(market, create("RewardMarket", registry, ledger))
    projects = create("ProjectRegistry", registry, factory)
    pool = create("MatchingPool", registry, ledger, projects, factory)
    forms = [create(name, factory, projects, registry, pool) for name in FORMS]
    treasury = terms.treasury or operator
    made = create(
        "CampaignFactory", manager, projects, pool, treasury, terms.fee_share, terms.year_limit, forms
    )
    _require(factory, made)
    holdings = create("FundHoldings", funds, factory, projects)
    avatar = create("FundAvatar", funds, factory, projects, holdings)
    _require(funds, create("FundFactory", factory, avatar))
    return {
        "NetworkManager": manager,
        "CityRegistry": registry,
        "MeritLedger": ledger,
        "RewardMarket": market,
        "ProjectRegistry": projects,
        "MatchingPool": pool,
        "CampaignFactory": factory,
        "FundFactory": funds,
    }


def _require(told: str, made: str) -> None:
    if to_checksum_address(made) != told:
        raise WrongAddress(f"a contract is at {made}, the others know it at {told}: deploy again")


def steps(addresses: dict[str, str]) -> list[Step]:
    """Return what the operator has to send before anybody can use the contracts."""
    return [Step("CityRegistry", "setFollowers", ([addresses["MeritLedger"]],))]


def created_address(deployer: str, nonce: int) -> str:
    """Return the address of the contract that an account makes with this nonce (Yellow Paper, section 7)."""
    return to_checksum_address(keccak(rlp.encode([to_canonical_address(deployer), nonce]))[12:])
