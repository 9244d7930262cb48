"""Reading requests. Every function takes a connection and the moment at which to look."""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities.queries import words_of
from backend.kit.moment import Moment
from backend.kit.rows import row, rows
from backend.projects.names import KINDS, Kind
from backend.projects.registry_derived import PROJECT, REQUEST
from backend.projects.schemas import Request, RequestSummary

Conn = AsyncConnection


async def listed(
    conn: Conn,
    moment: Moment,
    search: str = "",
    city: int | None = None,
    kind: Kind | None = None,
    open_only: bool = False,
    after: int | None = None,
    limit: int = 50,
) -> list[RequestSummary]:
    """Requests, newest first. Unless all are wanted: those whose texts, in either language, have words that
    begin as those of `search`; of a city, of a kind, that ideas can answer now. `after` is the number of the
    last one seen.
    """
    words = words_of(search)
    if search and not words:
        return []
    conditions = {
        "t.words @@ to_tsquery('russian', %(words)s)": words,
        "r.city_id = %(city)s": city,
        "r.kind = %(kind)s": kind,
        f"r.closes > {moment.time}": open_only,
        "r.request_id < %(after)s": after,
    }
    where = " AND ".join(condition for condition, wanted in conditions.items() if wanted) or "true"
    number = KINDS.index(kind) if kind else None
    return await rows(
        conn,
        RequestSummary,
        f"SELECT {_summary(moment)} WHERE {where} ORDER BY r.request_id DESC LIMIT %(limit)s",
        {"words": words, "city": city, "kind": number, "after": after, "limit": limit},
    )


async def request(conn: Conn, moment: Moment, request_id: int) -> Request | None:
    """One request, None where there is none with this number."""
    return await row(
        conn,
        Request,
        f"SELECT t.document->'description' AS description, r.content, {_summary(moment)}"
        " WHERE r.request_id = %s",
        (request_id,),
    )


def _summary(moment: Moment) -> str:
    """Columns of `RequestSummary` and the relations that they are of."""
    return f"""
        r.request_id, r.city_id, r.author, r.kind, t.document->'title' AS title,
        t.document->'summary' AS summary, r.token, r.budget, r.closes, r.closed,
        r.closes > {moment.time} AS open, r.published_at,
        (SELECT count(*) FROM {moment.of(PROJECT)} p WHERE p.request_id = r.request_id) AS answers
        FROM {moment.of(REQUEST)} r LEFT JOIN content t ON t.hash = r.content
    """
