"""The secret that signs cookies."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from backend.settings import Settings


class SecretError(Exception):
    """The secret cannot be used; the message is one line that says what to do."""


def secret(settings: Settings) -> bytes:
    """The configured secret; unless given, the one kept in the data folder, made when first asked for.

    Raises SecretError.
    """
    given = settings.secret.get_secret_value()
    return given.encode() if given else _kept(settings.data_dir / "secret")


def _kept(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        # Whole from the first moment, and of several processes that start at once the first one's counts.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    kept = path.read_bytes()
    if len(kept) < 32:
        raise SecretError(f"{path} is damaged: remove it, a new one is made and everybody signs in again")
    return kept
