"""Lists that a city's desk means to send."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE draft (
            draft_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            account bytea NOT NULL,
            city_id bigint NOT NULL,
            kind text NOT NULL,             -- registrations, awards, epoch
            lines integer NOT NULL,         -- rows of the list
            parts integer NOT NULL,         -- transactions that it takes; 0 while it has faults
            about jsonb NOT NULL,
            faults jsonb NOT NULL,          -- the first ones: line, column, text, values
            fault_count integer NOT NULL,
            since bigint NOT NULL,          -- the ledger's block at which it was checked
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT draft_account CHECK (length(account) = 20),
            CONSTRAINT draft_sendable CHECK (parts = 0 OR fault_count = 0)
        );
        CREATE INDEX draft_of_account ON draft (account, city_id, draft_id);
        CREATE INDEX draft_created ON draft (created_at);

        CREATE TABLE draft_part (
            draft_id bigint NOT NULL REFERENCES draft ON DELETE CASCADE,
            part integer NOT NULL,          -- one transaction, counted from 0
            body jsonb NOT NULL,
            PRIMARY KEY (draft_id, part)
        );
    """)


def downgrade() -> None:
    op.execute("DROP TABLE draft_part, draft")
