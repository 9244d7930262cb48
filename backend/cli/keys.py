"""The key that signs a command's transactions: from the environment or an encrypted file, never printed."""

import json
import os
from pathlib import Path

import typer
from eth_account import Account
from eth_account.signers.local import LocalAccount

from backend.cli.console import USAGE, Failure
from backend.settings import Settings


def account(keystore: Path | None) -> LocalAccount:
    """The account of `CITYNET_KEY` (hex), or of a keystore file whose password is `CITYNET_KEYSTORE_PASSWORD`
    or asked for. Raises `Failure`, without a word of the key.
    """
    if keystore is not None:
        return decrypted(keystore, os.environ.get("CITYNET_KEYSTORE_PASSWORD"))
    key = os.environ.get("CITYNET_KEY", "")
    if not key:
        raise Failure("no key: set CITYNET_KEY, or name an encrypted file with --keystore", USAGE)
    return read(key, "CITYNET_KEY")


def relay(settings: Settings, keystore: Path | None) -> LocalAccount:
    """The account of the relay: of a keystore file, of the configured one, or of `CITYNET_RELAY_KEY`. Raises
    `Failure`, without a word of the key.
    """
    if path := keystore or settings.relay_keystore:
        return decrypted(path, settings.relay_keystore_password.get_secret_value() or None)
    key = settings.relay_key.get_secret_value()
    if not key:
        raise Failure(
            "no key: set CITYNET_RELAY_KEY, or CITYNET_RELAY_KEYSTORE (or --keystore) for an encrypted file",
            USAGE,
        )
    return read(key, "CITYNET_RELAY_KEY")


def read(key: str, name: str) -> LocalAccount:
    """The account of a private key in hex. `name`: where it stands. Raises `Failure`."""
    try:
        return Account.from_key(key.strip())
    except Exception:  # the library's own messages repeat the key
        raise Failure(f"{name} is not a private key (0x and 64 hexadecimal digits)", USAGE) from None


def decrypted(path: Path, password: str | None) -> LocalAccount:
    """The account of a keystore file; the password is asked for unless given. Raises `Failure`."""
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        raise Failure(f"{path}: there is no such keystore", USAGE) from None
    except (OSError, ValueError):
        raise Failure(f"{path}: not a keystore (JSON, version 3)", USAGE) from None
    if password is None:
        password = typer.prompt(f"Password of {path}", hide_input=True, err=True)
    try:
        return Account.from_key(Account.decrypt(content, password))
    except Exception as error:
        wrong = "MAC" in str(error)
        what = "the password is wrong" if wrong else "not a keystore (JSON, version 3)"
        raise Failure(f"{path}: {what}", USAGE) from None
