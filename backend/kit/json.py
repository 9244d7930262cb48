"""JSON out, fast."""

from typing import Any

import orjson
from fastapi.responses import Response


def dumps(value: Any) -> bytes:
    """JSON in UTF-8; bytes become 0x hex."""
    return orjson.dumps(value, default=_default)


def _default(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return "0x" + bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no JSON form")


class JSONResponse(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return dumps(content)
