"""Projects and requests are found by their texts."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE content ADD words tsvector GENERATED ALWAYS AS (to_tsvector('russian', translate(
            coalesce(document->'title'->>'ru', '') || ' ' || coalesce(document->'title'->>'en', '') || ' ' ||
            coalesce(document->'summary'->>'ru', '') || ' ' || coalesce(document->'summary'->>'en', '') ||
            ' ' || coalesce(document->'description'->>'ru', '') || ' ' ||
            coalesce(document->'description'->>'en', ''), 'Ёё', 'Ее'
        ))) STORED;
        CREATE INDEX content_words ON content USING gin (words) WHERE document ? 'title';
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE content DROP words")
