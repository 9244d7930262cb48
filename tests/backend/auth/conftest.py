"""A served site on a chain of its own, and people who sign in there."""

from collections.abc import Iterator

import pytest

from backend.chain.deployment import Deployment
from backend.settings import Settings
from tests.backend.anvil import Anvil
from tests.backend.auth.people import CHAIN, Site
from tests.backend.server import serving


@pytest.fixture(scope="module")
def site(anvil: Anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("data")
    Deployment(CHAIN, {}).write(folder / "deployment.json")
    settings = Settings(data_dir=folder, database_url=database, rpc_url=anvil.url)
    with serving(settings) as client:
        yield Site(client, database, anvil)
