"""The folder of a demo: who holds it, and how far its ledger has come."""

import fcntl
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


class FolderError(Exception):
    """The demo's folder cannot be used as it is; one line that says what to do."""


@dataclass(frozen=True)
class Mark:
    """That a ledger was made here. `block`, `hash`: the play's last block; -1 and empty until then."""

    block: int = -1
    hash: str = ""

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

    def lock(self, about: str) -> None:
        """Takes the folder for as long as this process lives. Raises `FolderError` where another has it."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock = (self.path / "lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            holder = self._lock.read().strip() or "another process"
            raise FolderError(
                f"a demo runs in {self.path} already ({holder}): end it, or set CITYNET_DATA_DIR"
            ) from None
        self._lock.truncate(0)
        self._lock.write(f"process {os.getpid()}, {about}")
        self._lock.flush()

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
