"""`citynet projects import`: a city's record of projects, opened once and handed to its moderators."""

from pathlib import Path

import psycopg
import pytest
from eth_account import Account
from eth_utils import keccak

from backend.chain.send import Sender
from tests.backend.cli.conftest import Citynet
from tests.backend.network import Network

SAMPLE = str(Path(__file__).parents[1] / "projects" / "paris.csv")
PREMODERATION = 3


def test_projects_are_opened_once_and_a_broken_off_import_goes_on(
    citynet: Citynet, network: Network, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = network.read("ProjectRegistry", "projectCount")
    sent, calls = Sender.send_all, 0

    def killed(self: Sender, *arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return sent(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "send_all", killed)
        assert citynet("projects", "import", SAMPLE, "--city", "1", "--limit", "3").code == 130
    assert network.read("ProjectRegistry", "projectCount") == before + 3

    done = citynet("projects", "import", SAMPLE, "--city", "geonames:551487")
    assert done.code == 0, done.err
    assert "4 projects opened, 3 were there already; 7 handed in" in done.out
    assert "7 projects; 0 doubts, 2 remarks" in done.err
    projects = [
        network.read("ProjectRegistry", "projectOf", number) for number in range(before + 1, before + 8)
    ]
    assert [(p[0], p[1], p[3]) for p in projects] == [(network.operator, 1, PREMODERATION)] * 7
    assert [p[2] for p in projects] == [8, 6, 7, 10, 9, 6, 8]

    head = network.chain.head
    again = citynet("projects", "import", SAMPLE, "--city", "1")
    assert "0 projects opened, 7 were there already; 0 handed in" in again.out
    assert network.chain.head == head
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT count(*) FROM app.content WHERE document->>'type' = 'project'"
        ).fetchone()
    assert row == (7,)


def test_another_author_opens_their_own(citynet: Citynet, network: Network) -> None:
    before = network.read("ProjectRegistry", "projectCount")
    network.wallet("another author")
    key = Account.from_key(keccak(text="another author")).key.hex()
    assert citynet("projects", "import", SAMPLE, "--city", "1", "--limit", "1", key=key).code == 0
    assert network.read("ProjectRegistry", "projectCount") == before + 1


def test_what_is_wrong_is_said_and_nothing_sent(citynet: Citynet, network: Network, tmp_path: Path) -> None:
    head = network.chain.head
    dry = citynet("projects", "import", SAMPLE, "--city", "1", "--dry-run", "--report", "report.csv")
    assert (dry.code, "nothing sent" in dry.err) == (0, True)
    report = (tmp_path / "report.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in report] == ["line", "4", "8"]
    nowhere = citynet("projects", "import", SAMPLE, "--city", "geonames:1")
    assert (nowhere.code, "--city: there is no city" in nowhere.err) == (1, True)
    other = citynet("projects", "import", str(tmp_path / "report.csv"), "--city", "1")
    assert (other.code, "there is no column `thematique`" in other.err) == (2, True)
    assert network.chain.head == head
