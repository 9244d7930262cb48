"""What the tests of the relay share: citizens with merits, an offer, and the backend."""

from collections.abc import Iterator

import pytest

from tests.backend import anvil as chains
from tests.backend.conftest import made
from tests.backend.relay.town import Town


@pytest.fixture(scope="session")
def town(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """For all tests: each takes citizens of its own, `town.citizens.pop()`, and leaves the chain mining."""
    with (
        chains.running() as chain,
        made(postgres) as database,
        Town.opened(chain, database, tmp_path_factory.mktemp("town")) as town,
    ):
        yield town


@pytest.fixture(autouse=True)
def nonces_as_on_chain(town: Town) -> None:
    """What a test took back by a reorganisation, or sent by another way, is not counted in the next."""
    town.network.sender.forget()
