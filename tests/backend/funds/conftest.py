"""What the tests of funds share: a network in which funds have lived for almost two years."""

from collections.abc import Iterator

import httpx
import pytest

from tests.backend import anvil as chains
from tests.backend.conftest import made
from tests.backend.funds_play import play_funds
from tests.backend.money_world import Money
from tests.backend.network import DAY, Network, Played, cloned
from tests.backend.projects_world import Projects
from tests.backend.server import serving

STEP = 300 * DAY


@pytest.fixture(scope="session")
def played(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Funds in all phases (`played.lives`, see `Lives`), indexed. Only to be read: `played.copy()` gives one
    to change.
    """
    with chains.running() as chain, made(postgres) as url:
        network = Network(chain)
        projects = Projects(network)
        city = network.open_city("geonames:1")
        citizens = network.settle(city)
        projects.settle(city)
        lives = play_funds(Money(projects), city, citizens, STEP)
        network.index(url)
        file = tmp_path_factory.mktemp("deployment") / "deployment.json"
        network.deployment.write(file)
        with cloned(url) as untouched:
            yield Played(network, None, url, file, untouched, lives)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def client(played: Played) -> Iterator[httpx.Client]:
    with serving(played.settings()) as client:
        yield client
