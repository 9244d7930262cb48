"""One network for all tests, deployed once; every test begins in the same block of it.

People are roles: `w.steward`, `w.verifier`, `w.moderator`, `w.partner`, `w.sponsor`, `w.citizen`, `w.stranger`
and more, see `kit/people.py`; `w.other_steward` and so on belong to the other city.
"""

import os

import brownie
import pytest
from hypothesis import HealthCheck, settings

from tests.contracts.kit.node import Node
from tests.contracts.kit.world import DAY, World

FUZZ = bool(os.environ.get("FUZZ"))
settings.register_profile(
    "ledger",
    deadline=None,
    derandomize=not FUZZ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
settings.load_profile("ledger")


@pytest.fixture(scope="session")
def node():
    return Node(brownie.web3.provider.endpoint_uri)


@pytest.fixture(scope="session")
def fresh_network(node):
    """A network that nobody has used yet. Its periods begin in the middle of a day, ten days from now."""
    (project,) = brownie.project.get_loaded_projects()
    origin = node.now // DAY * DAY + 10 * DAY + DAY // 2
    return World(node, project).deploy(origin)


@pytest.fixture(scope="session")
def settled_network(fresh_network):
    return fresh_network.settle()


@pytest.fixture
def w(settled_network, node):
    """The network, as `World.settle` leaves it."""
    snapshot = node.snapshot()
    yield settled_network
    node.restore(snapshot)
