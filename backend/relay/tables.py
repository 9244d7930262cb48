"""The queue of actions. The migrations make the tables; this says the same in SQLAlchemy Core."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from backend.kit.tables import metadata

action = Table(
    "action",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("name", Text, nullable=False),
    Column("account", LargeBinary, nullable=False),
    Column("city_id", BigInteger),
    Column("slot", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("fields", JSONB, nullable=False),
    Column("part", Integer),
    Column("signature", LargeBinary),
    Column("deadline", BigInteger),
    Column("contract", LargeBinary),
    Column("data", LargeBinary),
    Column("gas", BigInteger),
    Column("state", Text, nullable=False),
    Column("held", Text),
    Column("relayer", LargeBinary),
    Column("nonce", BigInteger),
    Column("tx_hash", LargeBinary),
    Column("block_number", BigInteger),
    Column("block_hash", LargeBinary),
    Column("undone", Integer, nullable=False, server_default=text("0")),
    Column("reason", JSONB(none_as_null=True)),
    Column("path", Text),
    Column("since", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint(
        "state IN ('queued', 'sent', 'included', 'confirmed', 'final', 'failed', 'expired')",
        name="action_state",
    ),
    CheckConstraint("held IN ('funds', 'price', 'node')", name="action_held"),
    CheckConstraint("length(account) = 20", name="action_account"),
    CheckConstraint("length(digest) = 32", name="action_digest"),
    CheckConstraint("part IS NOT NULL OR (contract IS NOT NULL AND data IS NOT NULL)", name="action_call"),
)
"""What accounts do, by signature or from their own wallets.

`digest`: what was signed; the hash of contract, call and message where nothing needs to be; the transaction's
where the account's wallet sent it. `fields`: the message, or for a wallet's transaction the form. `part`:
which of the wallet's transactions, null for what the relay sends. `deadline`: seconds since 1970. `contract`,
`data`: the call that the relay sends. `relayer`, `nonce`: of the transaction; of a wallet's, `nonce` alone.
`since`: the ledger's block when it was taken. `tx_hash`, `block_number`, `block_hash`: of the transaction
that did it, whoever sent it; before that, `tx_hash` is the newest attempt's.
"""

UNFINISHED = "state IN ('queued', 'sent', 'included')"

# What a reorganisation took back keeps nobody out: its slot may have been taken again by then.
Index(
    "action_slot",
    action.c.name,
    action.c.account,
    action.c.slot,
    unique=True,
    postgresql_where=text(f"{UNFINISHED} AND undone = 0"),
)
Index("action_of_account", action.c.account, action.c.created_at, action.c.id)
Index("action_moving", action.c.created_at, postgresql_where=text(UNFINISHED))
Index("action_standing", action.c.block_number, postgresql_where=text("state IN ('confirmed', 'failed')"))

attempt = Table(
    "attempt",
    metadata,
    Column("tx_hash", LargeBinary, primary_key=True),
    Column("action", Uuid, ForeignKey("action.id")),
    Column("relayer", LargeBinary, nullable=False),
    Column("nonce", BigInteger, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("gas", BigInteger, nullable=False),
    Column("max_fee", Numeric(78, 0), nullable=False),
    Column("tip", Numeric(78, 0), nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""A transaction that the relay signed, kept before it is sent. `raw`: the signed bytes; `max_fee`, `tip`: wei
per gas; `action`: null where it only fills a nonce.
"""

Index("attempt_nonce", attempt.c.relayer, attempt.c.nonce)
Index("attempt_action", attempt.c.action)

relayer = Table(
    "relayer",
    metadata,
    Column("address", LargeBinary, primary_key=True),
    Column("balance", Numeric(78, 0), nullable=False),
    Column("fee", Numeric(78, 0), nullable=False),
    Column("checked_at", DateTime(timezone=True), nullable=False),
)
"""An account that sends, as its worker last saw it: `balance` in wei, `fee` in wei per gas that it offers."""
