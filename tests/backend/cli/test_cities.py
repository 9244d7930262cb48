"""`citynet cities import`: on chain in batches, once."""

import json
import sys
from pathlib import Path

import psycopg
import pytest
from eth_account import Account
from eth_utils import keccak

from backend import directory
from backend.chain.send import Sender
from tests.backend.cli.conftest import Citynet
from tests.backend.network import Network

DIRECTORY = str(Path(directory.__file__).with_name("cities.json"))


def test_cities_are_opened_in_batches_and_a_broken_off_import_goes_on(
    citynet: Citynet, network: Network, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = network.read("CityRegistry", "cityCount")  # Kazan is one of the directory's
    monkeypatch.setattr(sys.modules["backend.cli.cities"], "BATCH", 20)
    sent = Sender.send
    calls = 0

    def killed(self: Sender, *arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return sent(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "send", killed)
        assert citynet("cities", "import", DIRECTORY, "--limit", "50").code == 130
    assert network.read("CityRegistry", "cityCount") == there + 20

    steward = network.wallet("steward of all")
    done = citynet("cities", "import", DIRECTORY, "--steward", steward)
    assert done.code == 0, done.err
    assert "70 cities opened, 21 were there already" in done.out
    assert network.read("CityRegistry", "cityCount") == 91
    assert network.read("CityRegistry", "stewardOf", 91) == steward

    head = network.chain.head
    again = citynet("cities", "import", DIRECTORY)
    assert "0 cities opened, 91 were there already" in again.out
    assert network.chain.head == head
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT count(*) FROM app.content WHERE document->>'type' = 'city'"
        ).fetchone()
    assert row == (91,)


def test_doubts_are_reported_with_their_lines(citynet: Citynet, tmp_path: Path) -> None:
    rows = json.loads(Path(DIRECTORY).read_text(encoding="utf-8"))[:3]
    rows[1]["population"] = 0
    rows[2]["lat"] = 99
    (tmp_path / "few.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")
    done = citynet("cities", "import", str(tmp_path / "few.json"), "--dry-run", "--report", "report.csv")
    assert (done.code, "3 cities; 2 doubts" in done.err) == (0, True)
    report = (tmp_path / "report.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in report] == ["line", "3", "4"]


def test_a_stranger_cannot_open_cities_and_a_bad_steward_is_named(
    citynet: Citynet, network: Network, tmp_path: Path
) -> None:
    row = json.loads(Path(DIRECTORY).read_text(encoding="utf-8"))[0] | {"code": "geonames:1"}
    file = tmp_path / "one.json"
    file.write_text(json.dumps([row]))
    network.wallet("stranger")
    refused = citynet("cities", "import", str(file), key=Account.from_key(keccak(text="stranger")).key.hex())
    assert (refused.code, "openCities" in refused.err) == (1, True)
    bad = citynet("cities", "import", str(file), "--steward", "0x12")
    assert (bad.code, "--steward" in bad.err) == (2, True)
    missing = citynet("cities", "import", "nowhere.csv")
    assert (missing.code, "there is no such file" in missing.err) == (2, True)
