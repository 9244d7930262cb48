"""The folder of a demo: who holds it, and how far its ledger has come."""

import fcntl
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO


class FolderError(Exception):
    """The demo's folder cannot be used as it is; one line that says what to do."""


@dataclass(frozen=True)
class Mark:
    """That a ledger was made here. `block`, `hash`: the play's last block; -1 and empty until then.

    `pages`: what is worth a look, by name, as paths of the site without the language.
    """

    block: int = -1
    hash: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return self.block >= 0


class Folder:
    """`.citynet` of one demo: chain, database, logs, and the mark that says whether the play was played."""

    def __init__(self, path: Path):
        self.path = path.resolve()
        self.chain = self.path / "chain" / "state.json"
        self.deployment = self.path / "deployment.json"
        self.database = self.path / "postgres"
        self._mark = self.path / "demo.json"
        self._lock: IO[str] | None = None

    def lock(self, about: str) -> None:
        """Takes the folder for as long as this process lives. Raises `FolderError` where another has it."""
        self.path.mkdir(parents=True, exist_ok=True)
        file = (self.path / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            file.close()
            raise FolderError(
                f"a demo runs in {self.path} already ({holder}): end it, or set CITYNET_DATA_DIR"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, {about}")
        file.flush()
        self._lock = file

    def unlock(self) -> None:
        """Gives the folder back."""
        if self._lock:
            self._lock.close()
            self._lock = None

    @property
    def mark(self) -> Mark | None:
        """What is known of the ledger here, None where there never was a demo's."""
        try:
            return Mark(**json.loads(self._mark.read_text()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            return Mark()

    @mark.setter
    def mark(self, mark: Mark) -> None:
        draft = self._mark.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(mark)))
        draft.replace(self._mark)

    def clear(self) -> None:
        """Removes what was made here: chain, database, deployment, mark. Nothing may run on them."""
        self._mark.unlink(missing_ok=True)
        self.deployment.unlink(missing_ok=True)
        for place in (self.chain.parent, self.database, self.path / "logs", self.path / "run"):
            with suppress(FileNotFoundError):
                shutil.rmtree(place)

    def check(self) -> None:
        """Raises `FolderError` where the ledger that was made here cannot be taken up."""
        again = "'citynet demo --fresh' (or 'make demo FRESH=1') begins anew"
        if not self.chain.exists():
            raise FolderError(f"the chain of this demo is gone ({self.chain}): {again}")
        try:
            with self.chain.open("rb") as file:
                first = file.read(1)
                file.seek(-1, os.SEEK_END)
                whole = first == b"{" and file.read(1) == b"}"
        except OSError:
            whole = False
        if not whole:
            raise FolderError(f"the chain of this demo is damaged ({self.chain}): {again}")
        if not self.deployment.exists():
            raise FolderError(f"{self.deployment} is gone: {again}")
