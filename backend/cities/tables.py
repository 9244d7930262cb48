"""The tables of a city desk's drafts. The migrations make them; this says the same in SQLAlchemy Core."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from backend.kit.tables import metadata

draft = Table(
    "draft",
    metadata,
    Column("draft_id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", LargeBinary, nullable=False),
    Column("city_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("about", JSONB, nullable=False),
    Column("faults", JSONB, nullable=False),
    Column("fault_count", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("length(account) = 20", name="draft_account"),
    CheckConstraint("parts = 0 OR fault_count = 0", name="draft_sendable"),
)
"""A list that somebody at a city's desk means to send.

`kind`: `registrations`, `awards`, `epoch`; `lines`: rows of the list; `parts`: transactions that it takes, 0
while it has faults; `about`: what its domain says of it; `faults`: `[line, column, text, values]`, the first
ones; `since`: the ledger's block at which it was checked.
"""

Index("draft_of_account", draft.c.account, draft.c.city_id, draft.c.draft_id)
Index("draft_created", draft.c.created_at)

draft_part = Table(
    "draft_part",
    metadata,
    Column("draft_id", ForeignKey(draft.c.draft_id, ondelete="CASCADE"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("body", JSONB, nullable=False),
)
"""A transaction of a draft, counted from 0. `body`: what it says, in its domain's words."""
