"""The queue of actions, what the relay signed for them, and its accounts."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE action (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            name text NOT NULL,
            account bytea NOT NULL,
            city_id bigint,
            slot text NOT NULL,
            digest bytea NOT NULL UNIQUE,   -- what was signed, or the hash of the wallet's transaction
            fields jsonb NOT NULL,
            part integer,                   -- which of the wallet's transactions; null where the relay sends
            signature bytea,
            deadline bigint,                -- seconds since 1970
            contract bytea,                 -- the call that the relay sends
            data bytea,
            gas bigint,
            state text NOT NULL,
            held text,                      -- why it waits
            relayer bytea,
            nonce bigint,
            tx_hash bytea,
            block_number bigint,
            block_hash bytea,
            undone integer NOT NULL DEFAULT 0,
            reason jsonb,                   -- name and values of the contract's error
            path text,                      -- page of what came of it
            since bigint NOT NULL,          -- the ledger's block when it was taken
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT action_state CHECK (
                state IN ('queued', 'sent', 'included', 'confirmed', 'final', 'failed', 'expired')
            ),
            CONSTRAINT action_held CHECK (held IN ('funds', 'price', 'node')),
            CONSTRAINT action_account CHECK (length(account) = 20),
            CONSTRAINT action_digest CHECK (length(digest) = 32),
            CONSTRAINT action_call CHECK (part IS NOT NULL OR (contract IS NOT NULL AND data IS NOT NULL))
        );
        -- What a reorganisation took back keeps nobody out: its slot may have been taken again by then.
        CREATE UNIQUE INDEX action_slot ON action (name, account, slot)
            WHERE state IN ('queued', 'sent', 'included') AND undone = 0;
        CREATE INDEX action_of_account ON action (account, created_at, id);
        CREATE INDEX action_moving ON action (created_at) WHERE state IN ('queued', 'sent', 'included');
        CREATE INDEX action_standing ON action (block_number) WHERE state IN ('confirmed', 'failed');

        CREATE TABLE attempt (
            tx_hash bytea PRIMARY KEY,
            action uuid REFERENCES action (id),     -- null where it only fills a nonce
            relayer bytea NOT NULL,
            nonce bigint NOT NULL,
            raw bytea NOT NULL,                     -- signed, and kept before it is sent
            gas bigint NOT NULL,
            max_fee numeric(78,0) NOT NULL,         -- wei per gas
            tip numeric(78,0) NOT NULL,
            sent_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX attempt_nonce ON attempt (relayer, nonce);
        CREATE INDEX attempt_action ON attempt (action);

        CREATE TABLE relayer (
            address bytea PRIMARY KEY,
            balance numeric(78,0) NOT NULL,         -- wei
            fee numeric(78,0) NOT NULL,             -- wei per gas
            checked_at timestamptz NOT NULL
        );
    """)


def downgrade() -> None:
    op.execute("DROP TABLE relayer, attempt, action")
