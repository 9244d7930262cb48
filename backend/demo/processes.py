"""Child processes: each in a group of its own, its output in a log, its identity in a file."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

GRACE = 8.0
"""Seconds that a child has to end by itself."""
TAIL = 12
"""Lines of a log that are shown when its process died."""


class Died(Exception):
    """A process that should run does not; the message is for people."""


class Child:
    """A process that ends with the demo.

    The file `<folder>/run/<name>.json` tells who it is, so that the next demo finds it if this one is killed.
    """

    def __init__(self, name: str, folder: Path):
        self.name = name
        self.identity = folder / "run" / f"{name}.json"
        self.log = folder / "logs" / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Starts the command, in a group of its own: the terminal's Ctrl-C is the supervisor's to act on."""
        for place in (self.identity, self.log):
            place.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        started = psutil.Process(self.process.pid).create_time()
        self.identity.write_text(
            json.dumps({"pid": self.process.pid, "started": started, "command": list(command)})
        )

    def check(self) -> None:
        """Raises `Died`, with the end of its log, where the process has ended."""
        if self.process is not None and self.process.poll() is not None:
            raise Died(f"{self.name} has stopped ({_ending(self.process.returncode)}). {self.tail()}")

    def tail(self) -> str:
        """The last lines of its log, and where the log is."""
        lines = self.log.read_text(errors="replace").splitlines()[-TAIL:] if self.log.exists() else []
        return "\n".join([f"The end of {self.log}:", *(f"  {line}" for line in lines)])

    def stop(self, grace: float = GRACE) -> None:
        """Ends the process and all that it started: asks first, then kills the group."""
        if self.process is None:
            return
        _end_group(self.process.pid, grace, self.process.poll)
        self.process.wait()
        self.process = None
        self.identity.unlink(missing_ok=True)

    def end_stale(self, grace: float = GRACE) -> bool:
        """Ends what an earlier demo left running under this name; whether there was anything.

        Only a process with the same id, start and command line as recorded is touched.
        """
        process = self.stale()
        if process is not None:
            _end_group(process.pid, grace, lambda: None if _runs(process) else 0)
        self.identity.unlink(missing_ok=True)
        return process is not None

    def stale_option(self, option: str) -> str | None:
        """The value of an option of the process that an earlier demo left running."""
        process = self.stale()
        command = process.cmdline() if process else []
        return command[command.index(option) + 1] if option in command[:-1] else None

    def stale(self) -> psutil.Process | None:
        """The process that an earlier demo left running under this name."""
        try:
            known = json.loads(self.identity.read_text())
            process = psutil.Process(known["pid"])
            same = abs(process.create_time() - known["started"]) < 1 and process.cmdline() == known["command"]
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
            return None
        return process if same and _runs(process) else None


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _end_group(pid: int, grace: float, ended: Callable[[], object]) -> None:
    """SIGTERM to the group led by `pid`; after `grace` seconds, or for what it leaves behind, SIGKILL."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGTERM)
    until = time.monotonic() + grace
    while ended() is None and time.monotonic() < until:
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
