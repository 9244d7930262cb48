"""One network for all tests, deployed once; every test begins in the same block of it.

People are roles: `w.steward`, `w.verifier`, `w.moderator`, `w.partner`, `w.sponsor`, `w.citizen`,
`w.stranger` and more, see `kit/people.py`; `w.other_steward` and so on belong to the other city.
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
def network(node):
    """A network as `World.settle` leaves it. Its periods begin in the middle of a day."""
    (project,) = brownie.project.get_loaded_projects()
    return World(node, project).deploy(node.now // DAY * DAY + 10 * DAY + DAY // 2).settle()


@pytest.fixture
def w(network, node):
    """The network; what a test does to it is undone."""
    snapshot = node.snapshot()
    yield network
    node.restore(snapshot)
