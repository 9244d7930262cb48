"""The secret that signs cookies is made once and shown to nobody."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from backend.auth.secret import SecretError, secret
from backend.settings import Settings

GIVEN = "the same on all machines of a site"


def test_it_is_made_once_even_by_many_at_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", secret="")
    with ThreadPoolExecutor(16) as pool:
        found = {*pool.map(lambda _: secret(settings), range(64))}
    assert len(found) == 1
    assert len(found.pop()) >= 32
    (kept,) = (tmp_path / "data").iterdir()
    assert (kept.name, kept.stat().st_mode & 0o777) == ("secret", 0o600)


def test_the_one_that_is_given_counts(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret=GIVEN)
    assert secret(settings) == GIVEN.encode()
    assert GIVEN not in repr(settings)
    assert list(tmp_path.iterdir()) == []


def test_a_short_one_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="32 characters or more") as refusal:
        Settings(data_dir=tmp_path, secret="too short")
    assert "too short" not in str(refusal.value)


def test_a_damaged_one_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("")
    with pytest.raises(SecretError, match="is damaged"):
        secret(Settings(data_dir=tmp_path, secret=""))


@pytest.mark.parametrize("origin", ["ledger.example", "https://ledger.example/", "ftp://ledger.example"])
def test_a_public_address_is_a_scheme_and_a_host(origin: str) -> None:
    with pytest.raises(ValidationError, match="origin"):
        Settings(origin=origin)
