"""The migrations make exactly the tables that the code names."""

from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from backend.auth import tables as auth
from backend.cities import tables as cities
from backend.content import tables as content
from backend.kit.quota import quota
from backend.kit.tables import metadata
from backend.merits import tables as merits
from backend.migrations import upgrade
from backend.relay import tables as relay

# All that PostgreSQL knows of the tables of schema `app`, in its own words.
EVERYTHING = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
        a.attgenerated, a.attstorage, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'app'::regnamespace AND a.attnum > 0 AND c.relname <> 'alembic_version'
    UNION ALL
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid), contype::text, true, '', '', '', ''
    FROM pg_constraint
    WHERE connamespace = 'app'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
    UNION ALL
    SELECT tablename, indexname, indexdef, true, '', '', '', ''
    FROM pg_indexes WHERE schemaname = 'app' AND tablename <> 'alembic_version'
    ORDER BY 1, 2, 3
"""


@pytest.fixture
def connection(new_database: Callable[[], str]):
    """Makes connections to databases of their own whose schema `app` is what `make` leaves there."""

    def connect(make: Callable[[str], None]) -> Connection:
        database = new_database()
        make(database)
        made = create_engine(_url(database), poolclass=NullPool).connect()
        made.execute(text("SET search_path = app"))
        return made

    return connect


def test_alembic_finds_no_difference(connection) -> None:
    with connection(upgrade) as migrated:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(migrated, opts=options)
        assert set(metadata.tables.values()) == {
            *(content.content, merits.epoch_tree, merits.epoch_leaf),
            *(auth.sign_in_nonce, auth.session, quota),
            *(relay.action, relay.attempt, relay.relayer),
            *(cities.draft, cities.draft_part),
        }
        assert compare_metadata(context, metadata) == []


def test_postgresql_finds_no_difference(connection) -> None:
    """Generated columns, checks, partial indexes and storage too, which alembic does not compare."""

    def make(database: str) -> None:
        with create_engine(_url(database), poolclass=NullPool).begin() as conn:
            conn.execute(text("CREATE SCHEMA app"))
            conn.execute(text("SET search_path = app"))
            metadata.create_all(conn)

    with connection(upgrade) as migrated, connection(make) as made:
        found = migrated.execute(text(EVERYTHING)).all()
        assert len(found) > 20
        assert found == made.execute(text(EVERYTHING)).all()


def _url(database: str):
    return make_url(database).set(drivername="postgresql+psycopg")
