"""What no test names fails here: errors, events and functions of the contracts, invariants in words."""

import ast
import keyword
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INVARIANTS = HERE.parents[1] / "docs" / "invariants.md"
CONTRACTS = {
    "registry": "ICityRegistry",
    "ledger": "IMeritLedger",
    "market": "IRewardMarket",
    "projects": "IProjectRegistry",
    "funds": "IFundFactory",
    "avatar": "IFundAvatar",
    "holdings": "IFundHoldings",
}
"""What the world names, and the interface behind each."""

# Of OpenZeppelin, and out of reach here.
UNREACHABLE = {
    "AccessManagedInvalidAuthority",  # an authority without code: the manager is a contract
    "AccessManagedRequiredDelay",  # the manager says AccessManagerNotScheduled instead
    "AddressEmptyCode",  # the registry has code; a token without fails before, when asked for a balance
    "ECDSAInvalidSignature",  # `tryRecover` answers instead
    "ECDSAInvalidSignatureLength",
    "ECDSAInvalidSignatureS",
    "ERC20InvalidSender",  # who gives no units approves of it first: ERC20InvalidApprover
    "EIP712DomainChanged",  # the domain never changes
    "FailedDeployment",  # of a clone: nothing runs when it is made
    "InsufficientBalance",  # nor is it sent anything
    "InvalidAccountNonce",  # nonces are taken, never given
    "InvalidShortString",  # the domain's name is short
    "SafeCastOverflowedUintDowncast",  # in the year 2149
    "StringTooLong",
}


class Names(ast.NodeVisitor):
    """Texts, attributes and functions of the tests."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.attributes: set[str] = set()
        self.functions: set[str] = set()

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.texts.add(node.value)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.attributes.add(node.attr)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.functions.add(node.name)
        self.generic_visit(node)


@pytest.fixture(scope="module")
def tests():
    names = Names()
    for path in [*HERE.rglob("test_*.py"), *HERE.rglob("invariants.py")]:
        if path != Path(__file__):
            names.visit(ast.parse(path.read_text()))
    return names


def named(network, kind):
    return {item["name"] for one in CONTRACTS for item in getattr(network, one).abi if item["type"] == kind}


@pytest.mark.parametrize("kind", ["error", "event"])
def test_every_error_and_event_is_asserted(network, tests, kind):
    """`reverts` and `shows` compare all values, so a name in a test means that they were."""
    assert named(network, kind) - tests.texts - UNREACHABLE == set()


def test_every_function_is_called(network, tests):
    by_text = tests.texts & set(keyword.kwlist)  # `getattr(w.projects, "pass")`
    assert named(network, "function") - tests.attributes - by_text == set()


def test_every_interface_is_the_contracts_own(network):
    """Nothing that an interface promises is missing in the contract behind it."""
    for one, interface in CONTRACTS.items():
        promised = getattr(network.project.interface, interface, None) or getattr(network.project, interface)
        kept = {(item["type"], item.get("name")) for item in getattr(network, one).abi}
        assert {(item["type"], item.get("name")) for item in promised.abi} <= kept


def test_every_invariant_is_checked_by_name_and_every_check_is_written_down(tests):
    titles = re.findall(r"^### ([MPCQF]\d+) (.+)$", INVARIANTS.read_text(), re.MULTILINE)
    written = {f"{number.lower()}_{re.sub(r'[^a-z0-9]+', '_', title.lower())}" for number, title in titles}
    assert len(written) == len(titles) == len({number for number, _ in titles})
    checks = {
        match[1]
        for name in tests.functions
        if (match := re.fullmatch(r"(?:test|invariant|check)_([mpcqf]\d+_.+)", name))
    }
    details = {name for name in checks if not any(name == one for one in written)}
    assert written - checks == set(), "written down and not checked"
    assert {re.match(r"[mpcqf]\d+", name)[0] for name in details} <= {name.split("_")[0] for name in written}
