"""What the tests of the API share: a client of a backend that serves a lived-in network."""

from collections.abc import Iterator

import httpx
import pytest

from tests.backend.network import Played
from tests.backend.server import serving


@pytest.fixture(scope="session")
def client(played: Played) -> Iterator[httpx.Client]:
    with serving(played.settings()) as client:
        yield client
