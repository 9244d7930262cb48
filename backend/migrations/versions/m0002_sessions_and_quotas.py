"""Sessions, nonces of sign-in messages, and counts of what is limited."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE sign_in_nonce (
            nonce text PRIMARY KEY,
            expires bigint NOT NULL     -- seconds since 1970, as all times here
        );
        CREATE INDEX sign_in_nonce_expires ON sign_in_nonce (expires);

        CREATE TABLE session (
            key bytea PRIMARY KEY,      -- hash of the id in the cookie, which stands nowhere here
            account bytea NOT NULL,
            chain bigint NOT NULL,
            csrf text NOT NULL,
            created bigint NOT NULL,
            expires bigint NOT NULL,
            CHECK (length(key) = 32),
            CHECK (length(account) = 20)
        );
        CREATE INDEX session_expires ON session (expires);

        CREATE TABLE quota (
            kind text NOT NULL,         -- what is counted: `nonce`
            subject bytea NOT NULL,     -- whose: an account, a hash of an address
            ends bigint NOT NULL,       -- of the window
            taken integer NOT NULL,
            PRIMARY KEY (kind, subject, ends)
        );
        CREATE INDEX quota_ends ON quota (ends);
    """)


def downgrade() -> None:
    op.execute("DROP TABLE quota, session, sign_in_nonce")
