"""Lists in pages: `?limit=` and an opaque `?cursor=` that holds the key of the last row.

A page reads from that key on, so its cost does not grow with its depth, and rows that arrive meanwhile move
nothing.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import Query

from backend.errors import bad_field

MOST = 500
_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,1000}")
_BOUND = 2**63


@dataclass(frozen=True)
class Page:
    """What the client asked for: at most `limit` rows after the key in `cursor`."""

    limit: int
    cursor: str | None

    def after(self, order: str, *types: type) -> tuple[Any, ...] | None:
        """Key of the last row seen, None on the first page.

        `order` names the list and its order; a cursor of another list is refused, as is one whose values are
        not of `types`. Raises a Problem that names the field `cursor`.
        """
        if self.cursor is None:
            return None
        values = _decode(self.cursor)
        fits = len(values) == len(types) + 1 and values[0] == order
        if not fits or any(not _is(value, kind) for value, kind in zip(values[1:], types, strict=True)):
            raise _broken()
        return tuple(values[1:])

    def next(self, order: str, rows: Sequence[Any], key: Any) -> tuple[list[Any], str | None]:
        """The page's rows out of at most `limit + 1` read, and the cursor of the next page, None on the last
        one.

        `key(row)` is the tuple that `after` gives back.
        """
        shown = list(rows[: self.limit])
        return shown, _encode([order, *key(shown[-1])]) if len(rows) > self.limit else None


def page(
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows in the answer.")] = 50,
    cursor: Annotated[str | None, Query(description="`next` of the page before.", max_length=1000)] = None,
) -> Page:
    return Page(limit, cursor)


def _encode(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _decode(cursor: str) -> list[Any]:
    if not _CURSOR.fullmatch(cursor):
        raise _broken()
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, orjson.JSONDecodeError):
        raise _broken() from None
    if not isinstance(values, list) or not values:
        raise _broken()
    return values


def _is(value: Any, kind: type) -> bool:
    if kind is int:
        return type(value) is int and -_BOUND <= value < _BOUND
    return isinstance(value, kind) and "\x00" not in str(value)


def _broken() -> Exception:
    return bad_field("cursor", "is not a cursor of this list: take `next` of a former page")
