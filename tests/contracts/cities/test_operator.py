"""The operator's functions through the access manager: scheduled, waited for, executed."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import DAY, h

ROLE = 7
DELAY = 2 * DAY

FUNCTIONS = {
    "openCities": lambda w: (w.registry, ([{"code": h("omsk"), "steward": w.steward, "content": h("c")}],)),
    "setSteward": lambda w: (w.registry, (w.city, w.stranger)),
    "setFollowers": lambda w: (w.registry, ([w.ledger.address],)),
    "setPausedByOperator": lambda w: (w.ledger, (w.city, True)),
}


@pytest.fixture
def delayed(w):
    """The stranger may call each of the operator's functions, two days after saying so."""
    w.manager.grantRole(ROLE, w.stranger, DELAY, by=w.operator)
    for name, what in FUNCTIONS.items():
        contract, args = what(w)
        selector = getattr(contract, name).data(*args)[:4]
        w.manager.setTargetFunctionRole(contract.address, [selector], ROLE, by=w.operator)
    return w


@pytest.mark.parametrize("name", FUNCTIONS)
def test_operator_function_is_executed_after_its_delay_and_not_before(delayed, name):
    w = delayed
    contract, args = FUNCTIONS[name](w)
    function = getattr(contract, name)
    data = function.data(*args)
    operation = keccak(encode(["address", "address", "bytes"], [w.stranger, contract.address, data]))
    with reverts("AccessManagerNotScheduled", operation):
        function(*args, by=w.stranger)
    w.manager.schedule(contract.address, data, 0, by=w.stranger)
    w.node.travel(DELAY - 1)
    with reverts("AccessManagerNotReady", operation):
        w.manager.execute(contract.address, data, by=w.stranger)
    w.node.travel(1)
    w.manager.execute(contract.address, data, by=w.stranger)
    with reverts("AccessManagerNotScheduled", operation):
        w.manager.execute(contract.address, data, by=w.stranger)


def test_operator_function_scheduled_may_be_called_directly_after_the_delay(delayed):
    w = delayed
    contract, args = FUNCTIONS["setSteward"](w)
    w.manager.schedule(contract.address, contract.setSteward.data(*args), 0, by=w.stranger)
    w.node.travel(DELAY)
    contract.setSteward(*args, by=w.stranger)
    assert w.registry.stewardOf(w.city) == w.stranger


def test_operator_function_scheduled_can_be_cancelled_by_the_administrator(delayed):
    w = delayed
    contract, args = FUNCTIONS["setSteward"](w)
    data = contract.setSteward.data(*args)
    w.manager.schedule(contract.address, data, 0, by=w.stranger)
    w.manager.cancel(w.stranger, contract.address, data, by=w.operator)
    operation = keccak(encode(["address", "address", "bytes"], [w.stranger, contract.address, data]))
    w.node.travel(DELAY)
    with reverts("AccessManagerNotScheduled", operation):
        w.manager.execute(contract.address, data, by=w.stranger)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_operator_function_reverts_when_the_role_is_anothers(delayed, name):
    w = delayed
    contract, args = FUNCTIONS[name](w)
    with reverts("AccessManagedUnauthorized", w.deployer):
        getattr(contract, name)(*args, by=w.deployer)


def test_deployer_keeps_no_rights(w):
    administrators = w.manager.hasRole(0, w.deployer)
    assert administrators == {"isMember": False, "executionDelay": 0}
    assert w.manager.hasRole(0, w.operator).isMember


@pytest.mark.parametrize("name", ["registry", "ledger"])
def test_authority_is_the_manager_and_only_it_can_name_another(w, name):
    contract = getattr(w, name)
    assert contract.authority() == w.manager.address
    with reverts("AccessManagedUnauthorized", w.operator):
        contract.setAuthority(w.stranger, by=w.operator)
    other = w.mock("NetworkManager", w.stranger)
    tx = w.manager.updateAuthority(contract.address, other.address, by=w.operator)
    tx.shows("AuthorityUpdated", authority=other.address)
    assert contract.isConsumingScheduledOp() == bytes(4)
