"""The tables of epochs' leaves. The migrations make them; this says the same in SQLAlchemy Core."""

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    event,
)

from backend.kit.tables import metadata

epoch_tree = Table(
    "epoch_tree",
    metadata,
    Column("tree_id", BigInteger, Identity(always=True), primary_key=True),
    Column("root", LargeBinary, nullable=False, unique=True),
    Column("leaves", Integer, nullable=False),
    Column("content", LargeBinary, ForeignKey("content.hash"), nullable=False),
    Column("nodes", LargeBinary, nullable=False),
)
"""`leaves`: how many; `content`: hash of their list; `nodes`: 32 bytes each, see kit/merkle.py."""

# Neither compressed nor in the row, so that one node is read without the others.
event.listen(epoch_tree, "after_create", DDL("ALTER TABLE %(fullname)s ALTER nodes SET STORAGE EXTERNAL"))

epoch_leaf = Table(
    "epoch_leaf",
    metadata,
    Column("citizen", LargeBinary, primary_key=True),
    Column("tree_id", ForeignKey(epoch_tree.c.tree_id, ondelete="CASCADE"), primary_key=True),
    Column("node", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("evidence", LargeBinary, nullable=False),
)
"""`node`: index of the leaf among the tree's nodes; `times`: acts (1 to 65535)."""
