"""Migrations run when they are due, and only then is Alembic imported."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.script import ScriptDirectory

from backend import db, migrations

STARTED = """
import sys
from backend.migrations import upgrade
import backend.app
upgrade(sys.argv[1])
print("alembic" in sys.modules)
"""


def imports_alembic(database: str) -> bool:
    command = [sys.executable, "-c", STARTED, database]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "True"


def test_alembic_is_imported_only_when_a_migration_is_due(database: str) -> None:
    assert [imports_alembic(database), imports_alembic(database)] == [True, False]
    with db.connect(database) as connection:
        assert migrations.version(connection) == migrations.newest()


def test_the_last_file_is_the_newest_revision() -> None:
    assert ScriptDirectory(str(Path(migrations.__file__).parent)).get_heads() == [migrations.newest()]


def test_an_empty_database_has_no_version_and_many_may_upgrade_it_at_once(new_database) -> None:
    database = new_database()
    with db.connect(database) as connection:
        assert migrations.version(connection) is None
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: migrations._upgrade(database), range(2)))
    with db.connect(database) as connection:
        assert migrations.version(connection) == migrations.newest()
