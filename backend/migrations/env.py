"""Alembic's environment: runs on the connection that `backend.migrations.upgrade` made."""

from alembic import context

from backend.migrations import SCHEMA

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema=SCHEMA)
connection.exec_driver_sql(f"SET LOCAL search_path = {SCHEMA}")
with context.begin_transaction():
    context.run_migrations()
