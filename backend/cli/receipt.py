"""The receipt of an awarded list: one JSON line for each step, written before and after it is taken.

It lies beside the list and makes a second run of the same list refuse, or go on where the first broke off.
"""

import fcntl
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Any

from backend.cli.console import Failure
from backend.kit.hashing import keccak


class Receipt:
    """What was done with a list so far. Locked while open; a step is on disk when `write` returns."""

    def __init__(self, path: Path, about: dict[str, Any]):
        self.path = path
        self.about = about
        self.steps: list[dict[str, Any]] = []

    def __enter__(self) -> "Receipt":
        self._file = self.path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise Failure(f"{self.path}: another run is awarding this list") from None
        try:
            self._read()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        empty = self._file.seek(0, os.SEEK_END) == 0
        if empty:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def write(self, **step: Any) -> None:
        """Adds a step; the first one is preceded by what the receipt is about."""
        lines = ([self.about] if not self.steps else []) + [step]
        self._file.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.steps.append(step)

    def of(self, batch: int) -> dict[str, Any]:
        """All that is known of a batch, the latest step first."""
        known: dict[str, Any] = {}
        for step in self.steps:
            if step.get("batch") == batch:
                known |= step
        return known

    def _read(self) -> None:
        self._file.seek(0)
        content = self._file.read()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):  # a line that a kill cut off
            self._file.truncate(len(whole))
        try:
            lines = [json.loads(line) for line in whole.splitlines()]
        except ValueError:
            raise Failure(f"{self.path} is not a receipt: name another file with --receipt") from None
        if not lines:
            return
        about, self.steps = lines[0], lines[1:]
        for key, value in self.about.items():
            if about.get(key) != value:
                raise Failure(
                    f"{self.path} is the receipt of another run ({key} was {about.get(key)}): awards of "
                    "a list that was changed would double. Put new rows into a new file"
                )


def fingerprint(path: Path) -> str:
    """Hash of the list as it is."""
    return "0x" + keccak(path.read_bytes()).hex()
