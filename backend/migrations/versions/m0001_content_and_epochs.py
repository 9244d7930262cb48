"""Content by hash, and the leaves of epochs with their trees."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE content (
            hash bytea PRIMARY KEY,
            body bytea,                 -- the exact bytes; null once erased
            document jsonb,             -- the body read; null for long lists and once erased
            size integer NOT NULL,      -- bytes of the body
            stored_at timestamptz NOT NULL DEFAULT now(),
            erased_at timestamptz,
            reason text,                -- why it was erased
            names tsvector GENERATED ALWAYS AS (to_tsvector('simple', translate(
                coalesce(document->'name'->>'ru', '') || ' ' || coalesce(document->'name'->>'en', ''), 'Ёё',
                    'Ее'
            ))) STORED,                 -- to find cities by name
            CHECK (length(hash) = 32),
            CHECK ((body IS NULL) = (erased_at IS NOT NULL))
        );
        CREATE INDEX content_names ON content USING gin (names) WHERE document ? 'name';

        CREATE TABLE epoch_tree (
            tree_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            root bytea NOT NULL UNIQUE,
            leaves integer NOT NULL,
            content bytea NOT NULL REFERENCES content (hash),
            nodes bytea NOT NULL        -- 32 bytes each, see kit/merkle.py
        );
        -- Neither compressed nor in the row, so that one node is read without the others.
        ALTER TABLE epoch_tree ALTER nodes SET STORAGE EXTERNAL;

        CREATE TABLE epoch_leaf (
            citizen bytea NOT NULL,
            tree_id bigint NOT NULL REFERENCES epoch_tree ON DELETE CASCADE,
            node integer NOT NULL,      -- index of the leaf among the tree's nodes
            times integer NOT NULL,
            evidence bytea NOT NULL,
            PRIMARY KEY (citizen, tree_id)
        );
    """)


def downgrade() -> None:
    op.execute("DROP TABLE epoch_leaf, epoch_tree, content")
