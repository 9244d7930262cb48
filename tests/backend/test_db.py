"""The embedded server runs as long as a process uses it, and no longer, however the processes end."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

USE = """
import sys
from pathlib import Path
from backend import db
print(db.embedded(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses the embedded server of a folder until it is told to leave."""

    def __init__(self, folder: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout.readline().startswith("postgresql://")

    def leave(self) -> None:
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ledger-test-") as name:
        yield Path(name)


def runs(folder: Path) -> bool:
    return (folder / "postgres" / "postmaster.pid").exists()


def test_it_stops_with_its_last_user_and_no_sooner_whoever_was_killed(folder: Path) -> None:
    first, second = User(folder), User(folder)
    second.kill()
    User(folder).leave()
    assert runs(folder)
    first.leave()
    assert not runs(folder)


def test_it_stops_with_the_user_who_joined_what_a_killed_one_left(folder: Path) -> None:
    User(folder).kill()
    assert runs(folder)
    User(folder).leave()
    assert not runs(folder)
