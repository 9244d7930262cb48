"""The demo as a user runs it: a process of its own, stopped, killed and started again in one folder."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from backend.chain import deployment
from backend.cli import explain
from backend.cli.console import UNREACHABLE
from backend.demo import node
from backend.demo.folder import Folder
from backend.demo.node import free_port
from backend.demo.supervisor import Demo

READY = "Ctrl-C stops everything"


class Run:
    """A demo process in a folder."""

    def __init__(self, folder: Path, *options: str):
        self.folder, self.port = folder, free_port()
        self.log = folder.parent / f"run-{self.port}.log"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "backend.cli", "demo", "--small"),
                *("--port", str(self.port), "--rpc-port", str(free_port()), *options),
            ],
            env=environment(folder),
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self) -> "Run":
        until = time.monotonic() + 120
        while READY not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.1)
        return self

    def ended(self) -> int:
        return self.process.wait(60)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.ended()

    def status(self) -> dict:
        return httpx.get(f"http://127.0.0.1:{self.port}/v1/status", timeout=10).json()


def environment(folder: Path) -> dict[str, str]:
    hidden = ("DATABASE_URL", "CITYNET_DATABASE_URL", "CITYNET_RPC_URL", "CITYNET_DEPLOYMENT")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"CITYNET_DATA_DIR": str(folder)}


def processes(folder: Path) -> list[psutil.Process]:
    """Everything that runs for the folder: by its command line or environment."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.environ().get("CITYNET_DATA_DIR", "")]
        except psutil.Error:
            continue
        if any(str(folder) in word for word in words) and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return [process for process in found if process.pid != os.getpid()]


def explained(folder: Path, port: int = 0) -> str:
    """What a demo says that cannot start. It is one line, and no process is left."""
    demo = Demo(Folder(folder), port or free_port(), None, small=True)
    with pytest.raises(Exception) as refusal:  # noqa: PT011 (whatever it is, `explain` has a line for it)
        demo.run(fresh=False)
    line, code = explain(refusal.value)
    assert code == UNREACHABLE
    assert "\n" not in line
    return line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("demo") / "data"
    place.parent.chmod(0o755)
    yield place
    for process in processes(place):
        process.kill()


@pytest.fixture(scope="module")
def played(folder: Path) -> dict:
    """The status of a first start that was ended by Ctrl-C. The other tests go on from its ledger."""
    run = Run(folder).wait_until_ready()
    status = run.status()
    assert "a demo runs in" in explained(folder)
    assert run.stop(signal.SIGINT) == 0, run.said
    return status


def test_the_first_start_plays_a_lived_in_network_and_ctrl_c_leaves_no_process(
    folder: Path, played: dict
) -> None:
    assert played["data"]["indexed_number"] > 300
    assert processes(folder) == []
    assert json.loads((folder / "demo.json").read_text())["block"] == played["at_block"]["number"]


def test_the_next_start_goes_on_with_the_same_ledger_whatever_was_killed(folder: Path, played: dict) -> None:
    run = Run(folder).wait_until_ready()
    assert run.status()["at_block"] == played["at_block"]
    run.stop(signal.SIGKILL)
    assert processes(folder), "a kill of the supervisor alone leaves the others running"

    run = Run(folder).wait_until_ready()
    assert "that an earlier demo left running" in run.said
    assert run.status()["at_block"] == played["at_block"]
    for process in [run.process, *processes(folder)]:
        process.kill()
    run.ended()

    run = Run(folder).wait_until_ready()
    assert run.status()["at_block"] == played["at_block"]
    indexer = json.loads((folder / "run" / "indexer.json").read_text())["pid"]
    os.kill(indexer, signal.SIGKILL)
    assert run.ended() == UNREACHABLE
    assert "indexer has stopped (signal SIGKILL)" in run.said
    assert processes(folder) == []


def test_a_taken_port_is_named_with_the_option_to_change_it(folder: Path, played: dict) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = explained(folder, port)
    assert f"port {port} is taken" in said
    assert "--port" in said


def test_a_damaged_or_missing_chain_is_named_with_what_to_do(folder: Path, played: dict) -> None:
    state = folder / "chain" / "state.json"
    whole = state.read_bytes()
    try:
        state.write_bytes(whole[: len(whole) // 2])
        said = explained(folder)
        assert "is damaged" in said
        assert "--fresh" in said
        state.unlink()
        said = explained(folder)
        assert "is gone" in said
        assert "--fresh" in said
    finally:
        state.write_bytes(whole)


def test_a_database_of_another_version_is_named(folder: Path, played: dict) -> None:
    version = folder / "postgres" / "PG_VERSION"
    ours = version.read_text()
    try:
        version.write_text("16\n")
        assert "PostgreSQL 16" in explained(folder)
    finally:
        version.write_text(ours)


def test_a_folder_that_is_no_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "deployment.json").write_text("{}")
    assert "of no demo" in explained(tmp_path)
    assert (tmp_path / "deployment.json").read_text() == "{}"


def test_a_missing_package_or_contract_asks_for_the_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(deployment, "ABI", tmp_path)
    deployment.artifact.cache_clear()
    assert "run 'make contracts'" in explained(tmp_path / "data")
    monkeypatch.setattr(node, "ROOT", tmp_path)
    monkeypatch.setenv("PATH", "")
    assert "run 'make install'" in explained(tmp_path / "data")
    deployment.artifact.cache_clear()
