"""A fund is run by the code of two contracts on one storage: both find everything in the same place."""

import json
from functools import cache
from pathlib import Path
from typing import Any

BUILD = Path(__file__).parents[3] / "build" / "contracts"


@cache
def definition(name: str) -> dict[str, Any]:
    """A contract as the compiler read it."""
    unit = json.loads((BUILD / f"{name}.json").read_text())["ast"]
    return next(node for node in unit["nodes"] if node.get("name") == name)


def lineage(name: str) -> list[str]:
    """A contract and its parents, the most derived first, in the order that Solidity gives them (C3)."""
    bases = [base["baseName"]["name"] for base in definition(name)["baseContracts"]][::-1]
    lists = [*map(lineage, bases), bases]
    found = [name]
    while lists := [left for left in lists if left]:
        following = next(left[0] for left in lists if not any(left[0] in other[1:] for other in lists))
        found.append(following)
        lists = [[each for each in left if each != following] for left in lists]
    return found


def stored(name: str) -> list[tuple[str, str, str]]:
    """What a contract stores, in the order of its slots: of which parent, which type and name."""
    return [
        (parent, part["typeDescriptions"]["typeString"], part["name"])
        for parent in reversed(lineage(name))
        for part in definition(parent)["nodes"]
        if part["nodeType"] == "VariableDeclaration" and part["mutability"] == "mutable"
    ]


def test_both_contracts_of_a_fund_begin_with_the_same_storage():
    avatar, holdings = stored("FundAvatar"), stored("FundHoldings")
    assert len(holdings) > 30
    assert avatar[: len(holdings)] == holdings
    assert len(avatar) > len(holdings), "units and partners are the avatar's alone"
