"""`d`: the desk at which the tests of the project registry work; its people are those of `w`."""

import pytest

from tests.contracts.projects.registry.desk import Desk


@pytest.fixture
def d(w):
    return Desk(w)
