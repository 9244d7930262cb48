"""A project at financing and who makes funds, made once for a file of tests."""

import pytest

from tests.contracts.kit.funding import Funding


@pytest.fixture(scope="module")
def funding(network, node):
    snapshot = node.snapshot()
    yield Funding(network)
    node.restore(snapshot)


@pytest.fixture
def fund(w, funding):
    """Launched, with its partners admitted; nobody has committed."""
    made = funding.launch()
    funding.admit(made, *funding.partners)
    return made


@pytest.fixture
def closed(w, funding):
    """After the first closing: each of three partners committed 10,000."""
    return funding.closed()
