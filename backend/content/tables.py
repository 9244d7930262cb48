"""The table of content. The migrations make it; this says the same in SQLAlchemy Core."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from backend.kit.tables import metadata

content = Table(
    "content",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("body", LargeBinary),
    Column("document", JSONB(none_as_null=True)),
    Column("size", Integer, nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("erased_at", DateTime(timezone=True)),
    Column("reason", Text),
    Column(
        "names",
        TSVECTOR,
        Computed(
            "to_tsvector('simple', translate(coalesce(document->'name'->>'ru', '') || ' ' ||"
            " coalesce(document->'name'->>'en', ''), 'Ёё', 'Ее'))",
            persisted=True,
        ),
    ),
    Column(
        "words",
        TSVECTOR,
        Computed(
            "to_tsvector('russian', translate(coalesce(document->'title'->>'ru', '') || ' ' ||"
            " coalesce(document->'title'->>'en', '') || ' ' ||"
            " coalesce(document->'summary'->>'ru', '') || ' ' || coalesce(document->'summary'->>'en', '') ||"
            " ' ' || coalesce(document->'description'->>'ru', '') || ' ' ||"
            " coalesce(document->'description'->>'en', ''), 'Ёё', 'Ее'))",
            persisted=True,
        ),
    ),
    CheckConstraint("length(hash) = 32"),
    CheckConstraint("(body IS NULL) = (erased_at IS NOT NULL)"),
)
"""`body`: the exact bytes, null once erased; `document`: the body read, null for long lists and once erased;
`size`: bytes of the body; `names`: to find cities by name; `words`: to find what
has a title by its texts (words in Latin letters are read as English); `reason`: why it was erased.
"""

Index(
    "content_names",
    content.c.names,
    postgresql_using="gin",
    postgresql_where=content.c.document.has_key("name"),
)

Index(
    "content_words",
    content.c.words,
    postgresql_using="gin",
    postgresql_where=content.c.document.has_key("title"),
)
