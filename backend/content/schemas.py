"""What is answered about content."""

from pydantic import BaseModel, Field

from backend.kit.types import Hash


class Named(BaseModel):
    """A fact that names a hash: the table, the column, and the fact's key."""

    fact: str = Field(examples=["city_opened"])
    field: str = Field(examples=["content"])
    block_number: int = Field(examples=[12])
    log_index: int = Field(examples=[0])


class Check(BaseModel):
    """Whether what is kept under a hash has this hash, and the facts on chain that name it (the first
    hundred).
    """

    hash: Hash
    kept: bool
    intact: bool | None = Field(description="The body hashes to `hash`; null where no body is kept.")
    size: int | None = Field(default=None, description="Bytes.", examples=[212])
    stored_at: str | None = Field(
        default=None, description="ISO 8601.", examples=["2026-01-01T00:00:00+00:00"]
    )
    erased_at: str | None = Field(default=None, description="ISO 8601.")
    reason: str | None = Field(default=None, description="Why it was erased.")
    named_by: list[Named]
