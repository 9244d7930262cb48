"""One leader among the indexers of a schema: an advisory lock, held as long as its connection lives."""

import zlib

import psycopg

NAMESPACE = 0x4C656467
"""First half of the lock's key, so that nobody else's locks in the database are met."""


def try_to_lead(connection: psycopg.Connection, schema: str) -> bool:
    """Try to become the schema's leader; commits. It ends with the connection, a killed process's too."""
    key = zlib.crc32(schema.encode()) - (1 << 31)
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (NAMESPACE, key)).fetchone()
    connection.commit()
    return bool(row and row[0])
