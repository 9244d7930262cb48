"""`deploy`, `index`, `audit`, `content erase`, help, exit codes."""

import json
from pathlib import Path

import psycopg
import pytest

from backend.content.documents import EvidenceDocument, Text, encode
from backend.demo.node import free_port
from tests.backend.cli.conftest import Citynet
from tests.backend.network import Network

COMMANDS = [
    name.split()
    for name in (
        *("demo", "deploy", "index", "serve", "cities import", "projects import"),
        *("award", "audit", "content erase"),
    )
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example_and_is_documented(
    citynet: Citynet, command: list[str]
) -> None:
    done = citynet(*command, "--help")
    assert done.code == 0
    assert f"citynet {' '.join(command)}" in done.out
    assert "Example" in done.out
    assert f"citynet {' '.join(command)}" in Path(__file__).parents[3].joinpath("docs/cli.md").read_text()


def test_usage_errors_end_with_2(citynet: Citynet) -> None:
    assert citynet("award").code == 2
    assert citynet("award", "--csv", "none.csv", "--city", "1").code == 2
    assert citynet("fly").code == 2


def test_deploy_writes_the_deployment_once(citynet: Citynet, network: Network, tmp_path: Path) -> None:
    file = tmp_path / "new" / "deployment.json"
    done = citynet("deploy", "--output", str(file), "--origin", "2024-01-01", "--period-days", "30")
    assert done.code == 0, done.err
    made = json.loads(file.read_text())
    assert (made["chain_id"], len(made["contracts"])) == (31337, 8)
    ledger = network.deployment.contract("MeritLedger")
    ledger.address = made["contracts"]["MeritLedger"]["address"]
    assert network.sender.read(ledger.call("ORIGIN")) == 1_704_067_200
    assert network.sender.read(ledger.call("PERIOD_LENGTH")) == 30 * 86_400

    again = citynet("deploy", "--output", str(file))
    assert (again.code, "--again" in again.err) == (1, True)
    assert citynet("deploy", "--output", "x.json", "--origin", "yesterday").code == 2
    other = network.wallet("multisig")
    foreign = citynet("deploy", "--output", "other.json", "--operator", other)
    assert "the operator is still to send: CityRegistry.setFollowers" in foreign.out


def test_index_follows_to_a_block_and_audit_finds_a_difference_that_is_there(
    citynet: Citynet, network: Network, database: str
) -> None:
    assert citynet("audit").code == 3  # nothing is indexed yet
    head = network.chain.head
    assert f"indexed to block {head}" in citynet("index", "--until", str(head)).err
    clean = citynet("audit")
    assert clean.code == 0, clean.out
    assert "no difference" in clean.out
    assert "citizen" in clean.out

    with psycopg.connect(database) as connection:
        connection.execute(
            "UPDATE ledger.city SET steward = decode(repeat('ab', 20), 'hex') WHERE city_id = 1"
        )
    wrong = citynet("audit")
    assert wrong.code == 1
    assert "city.steward" in wrong.out
    assert "city_id=1" in wrong.out
    rebuilt = citynet("index", "--until", str(head), "--rebuild")
    assert rebuilt.code == 0
    assert citynet("audit").code == 0


def test_a_database_that_is_away_ends_with_3(citynet: Citynet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYNET_DATABASE_URL", f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    for command in (["audit"], ["index", "--until", "1"], ["serve", "--port", str(free_port())]):
        done = citynet(*command)
        assert (done.code, "no database" in done.err) == (3, True), done.err


def test_content_is_erased_once_with_its_reason(citynet: Citynet, database: str) -> None:
    from backend.cli.storing import store_documents
    from backend.settings import settings

    settings.cache_clear()
    digest, body = encode(EvidenceDocument(description=Text(ru="Личное", en="Personal")))
    store_documents([body])
    hash_ = "0x" + digest.hex()
    assert citynet("content", "erase", hash_, "--reason", " ").code == 2
    assert citynet("content", "erase", "0x12", "--reason", "letter 17").code == 2
    assert citynet("content", "erase", hash_, "--reason", "letter 17").code == 0
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT body, reason FROM app.content WHERE hash = %s", [digest]).fetchone()
    assert row == (None, "letter 17")
    assert citynet("content", "erase", hash_, "--reason", "letter 17").code == 1
