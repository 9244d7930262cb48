"""What people fill in: forms as pages and programs send them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Form(BaseModel):
    """Fields of an action. A field that does not exist is refused.

    Pages send flat fields, all of them text: `title.ru` is the same as `ru` in `title`, and a field left
    empty the same as one left out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _nested(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        nested: dict[str, Any] = {}
        for name, value in data.items():
            outer, dot, inner = str(name).partition(".")
            if value == "":
                continue
            if dot and isinstance(nested.setdefault(outer, {}), dict):
                nested[outer][inner] = value
            else:
                nested[name] = dict(value) if isinstance(value, dict) else value
        return nested
