"""A project at financing, made once for a file of tests."""

import pytest

from tests.contracts.kit.raising import Raising


@pytest.fixture(scope="module")
def raising(network, node):
    snapshot = node.snapshot()
    yield Raising(network)
    node.restore(snapshot)
