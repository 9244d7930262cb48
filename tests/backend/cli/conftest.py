"""Commands run in this process against a network of its own: real chain, real database."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from eth_account import Account
from eth_utils import keccak

from backend.cli import main
from backend.settings import settings
from tests.backend.anvil import KEYS, Anvil
from tests.backend.network import Network

OPERATOR_KEY = KEYS[0]


@dataclass(frozen=True)
class Done:
    """What a command answered: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Citynet = Callable[..., Done]


@pytest.fixture(scope="module")
def network(anvil: Anvil, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """Deployed contracts and one city with its people; `deployment_file` names the contracts."""
    made = Network(anvil)
    city = made.open_city("geonames:551487")
    made.citizens = made.settle(city, citizens=6, budget=5_000)
    made.deployment_file = tmp_path_factory.mktemp("network") / "deployment.json"
    made.deployment.write(made.deployment_file)
    return made


@pytest.fixture
def citynet(
    network: Network,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Citynet]:
    """Runs `citynet …` with the operator's key, unless another is named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CITYNET_DATABASE_URL", database)
    monkeypatch.setenv("CITYNET_RPC_URL", network.chain.url)
    monkeypatch.setenv("CITYNET_DEPLOYMENT", str(network.deployment_file))

    def run(*words: str, key: str = OPERATOR_KEY) -> Done:
        settings.cache_clear()
        monkeypatch.setenv("CITYNET_KEY", key)
        monkeypatch.setattr(sys, "argv", ["citynet", *words])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert key not in said.out + said.err
        return Done(code, said.out, said.err)

    yield run
    settings.cache_clear()


@pytest.fixture
def verifier_key() -> str:
    """The key of the verifier of city 1, as `Network` makes it."""
    return Account.from_key(keccak(text="verifier 1")).key.hex()
