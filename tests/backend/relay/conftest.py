"""What the tests of the relay share: citizens with merits, an offer, and the backend."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.relay.town import Town


@pytest.fixture(scope="module")
def town(anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Town.opened(anvil, database, Path(tmp_path_factory.mktemp("town"))) as town:
        yield town
