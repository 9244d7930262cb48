"""The schema `app`: what the backend itself adds. `upgrade` brings it to the newest version."""

from pathlib import Path

import psycopg

from backend import db

SCHEMA = "app"


def upgrade(database: str) -> None:
    """Bring the schema `app` of a database to the newest revision. `database` is a libpq URL.

    Where there is nothing to do it costs one query: Alembic, which takes longer to import than the rest
    to start, is left alone.

    Raises DatabaseError.
    """
    with db.connect(database) as connection:
        due = version(connection) != newest()
    if due:
        _upgrade(database)


def version(connection: psycopg.Connection) -> str | None:
    """The revision that the schema is at, None where there is none."""
    try:
        row = connection.execute(f"SELECT version_num FROM {SCHEMA}.alembic_version").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        connection.rollback()
        return None
    return row[0] if row else None


def newest() -> str:
    """The newest revision there is: the number in the name of the last file."""
    return max(file.name[1:5] for file in (Path(__file__).parent / "versions").glob("m[0-9]*.py"))


def _upgrade(database: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.pool import NullPool

    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        # One at a time: several processes may start at once. Alembic looks at the version again.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('citynet migrations'))")
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
