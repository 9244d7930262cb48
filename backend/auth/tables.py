"""The tables of sessions and of nonces. The migrations make them; this says the same in SQLAlchemy Core.

Times are seconds since 1970.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, Table, Text

from backend.kit.tables import metadata

sign_in_nonce = Table(
    "sign_in_nonce",
    metadata,
    Column("nonce", Text, primary_key=True),
    Column("expires", BigInteger, nullable=False),
)
"""Nonces given out and not used yet."""

session = Table(
    "session",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("account", LargeBinary, nullable=False),
    Column("chain", BigInteger, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    CheckConstraint("length(key) = 32"),
    CheckConstraint("length(account) = 20"),
)
"""`key`: SHA-256 of the id that the cookie carries; who reads the table cannot make the cookie."""

Index("sign_in_nonce_expires", sign_in_nonce.c.expires)
Index("session_expires", session.c.expires)
