"""The money of the demo: the test rouble, which anybody can make."""

import json
from functools import cache
from typing import Any

from backend.chain.contract import Call, Contract
from backend.chain.deployment import DeploymentError
from backend.demo.node import ROOT

BUILD = ROOT / "build" / "contracts" / "TestToken.json"
UNIT = 10**18
"""Base units of a test rouble."""


@cache
def _built() -> dict[str, Any]:
    try:
        return json.loads(BUILD.read_text())
    except (FileNotFoundError, ValueError):
        raise DeploymentError(f"{BUILD} is missing: run 'make contracts'") from None


def require() -> None:
    """Raises DeploymentError where the token is not compiled."""
    _built()


def creation() -> Call:
    """The transaction that makes the token."""
    return Contract("TestToken", None, _built()["abi"]).deploy(_built()["bytecode"])


def at(address: str) -> Contract:
    """The token at an address."""
    return Contract("TestToken", address, _built()["abi"])
