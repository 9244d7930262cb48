"""The schema `app`: what the backend itself adds. `upgrade` brings it to the newest version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.pool import NullPool

SCHEMA = "app"


def upgrade(database: str, revision: str = "head") -> None:
    """Bring the schema `app` of a database to a revision. `database` is a libpq URL. Takes no time where
    there is nothing to do.
    """
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        # One at a time: several processes may start at once.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('citynet migrations'))")
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        if version(connection) != ScriptDirectory.from_config(_config()).as_revision_number(revision):
            command.upgrade(_config(connection), revision)


def version(connection: Connection) -> str | None:
    """The revision that the schema is at, None where there is none."""
    return MigrationContext.configure(
        connection, opts={"version_table_schema": SCHEMA}
    ).get_current_revision()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config
