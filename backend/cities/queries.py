"""Reading cities and citizens. Every function takes a connection and the moment at which to look."""

import re
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities.derived import CITIZENS, CITY, ROLE
from backend.cities.schemas import Citizenship, City, CityPoint, CitySummary, Duties, Newcomer, Recovery, Role
from backend.content.documents import Text
from backend.kit.moment import Moment
from backend.kit.rows import row, rows, values

Conn = AsyncConnection
Order = Literal["population", "merits", "citizens", "id"]

_COLUMNS = """
    c.city_id, c.code, t.document->'name' AS name, t.document->'region' AS region,
    (t.document->>'latitude')::float8 AS latitude, (t.document->>'longitude')::float8 AS longitude,
    (t.document->>'population')::bigint AS population,
    coalesce(n.citizens, 0) AS citizens, coalesce(m.issued, 0) AS issued
"""
_FURTHER = """,
    c.steward, c.content, t.document->'description' AS description, t.document->>'time_zone' AS time_zone,
    c.opened_at
"""
_RANK = {
    "population": "coalesce((t.document->>'population')::bigint, 0)",
    "merits": "coalesce(m.issued, 0)",
    "citizens": "coalesce(n.citizens, 0)",
    "id": "(-c.city_id)",
}


def registered(moment: Moment) -> str:
    """Relation `(city_id, wallet, nullifier, since)`: every wallet that is or was a citizen's."""
    return f"""(
        SELECT city_id, wallet, nullifier, block_time AS since FROM {moment.of("citizen_registered")} r
        UNION ALL SELECT city_id, new_wallet, nullifier, block_time FROM {moment.of("recovered")} r
    )"""


def current(moment: Moment) -> str:
    """Relation `(city_id, wallet, nullifier, since)`: every wallet that is a citizen's."""
    return f"""(
        SELECT * FROM {registered(moment)} c WHERE NOT EXISTS (
            SELECT FROM {moment.of("recovered")} r WHERE r.old_wallet = c.wallet AND r.city_id = c.city_id
        )
    )"""


async def listed(
    conn: Conn,
    moment: Moment,
    issued: str,
    search: str = "",
    order: Order = "population",
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[tuple[int, CitySummary]]:
    """Cities with the figure that they are ordered by, largest first.

    `issued` is a relation `(city_id, issued)` (of the merits domain); `after` the figure and number of the
    last city seen. `search` finds cities one of whose names, in either language, has words that begin so.
    """
    words = words_of(search)
    if search and not words:
        return []
    rank = _RANK[order]
    where = ["true"]
    if words:
        where.append("t.names @@ to_tsquery('simple', %(words)s)")
    if after:
        where.append(f"(-{rank}, c.city_id) > (-%(figure)s::bigint, %(city)s::bigint)")
    figure, city = after or (None, None)
    return await rows(
        conn,
        _ranked,
        f"SELECT {rank} AS rank, {_COLUMNS} {_from(moment, issued)} WHERE {' AND '.join(where)}"
        f" ORDER BY -{rank}, c.city_id LIMIT %(limit)s",
        {"words": words, "figure": figure, "city": city, "limit": limit},
    )


async def city(conn: Conn, moment: Moment, issued: str, city_id: int) -> City | None:
    """One city, None where there is none with this number. `issued` as in `listed`."""
    return await row(
        conn,
        City,
        f"SELECT {_COLUMNS} {_FURTHER} {_from(moment, issued)} WHERE c.city_id = %(city)s",
        {"city": city_id},
    )


async def points(conn: Conn, moment: Moment) -> list[CityPoint]:
    """Every city whose place is known, largest population last (to be drawn on top)."""
    return await rows(
        conn,
        CityPoint,
        f"SELECT {_COLUMNS} {_from(moment, _NOTHING_ISSUED)}"
        " WHERE t.document ? 'latitude' AND t.document ? 'longitude' ORDER BY population NULLS FIRST,"
        " city_id",
    )


async def names(conn: Conn, moment: Moment, city_ids: list[int]) -> dict[int, Text]:
    """Names of cities by number; those whose description is not kept are left out."""
    found = await values(
        conn,
        f"SELECT c.city_id, t.document->'name' FROM {moment.of(CITY)} c JOIN content t ON t.hash = c.content"
        " WHERE c.city_id = ANY(%s) AND t.document ? 'name'",
        (city_ids,),
    )
    return {city_id: Text(**name) for city_id, name in found}


def distances(moment: Moment) -> str:
    """Relation `(city_id, name, km, home_id)`: how far every city is from those of a relation `here`, which
    the statement has. Great circle on a sphere of 6,371 km, rounded; null where a place is not known.
    """
    places = f"""(
        SELECT c.city_id, t.document->'name' AS name, radians((t.document->>'latitude')::float8) AS latitude,
            radians((t.document->>'longitude')::float8) AS longitude
        FROM {moment.of(CITY)} c LEFT JOIN content t ON t.hash = c.content
    )"""
    return f"""(
        SELECT c.city_id, c.name, h.city_id AS home_id, round(12742 * asin(least(1, sqrt(
            sin((c.latitude - h.latitude) / 2) ^ 2
            + cos(c.latitude) * cos(h.latitude) * sin((c.longitude - h.longitude) / 2) ^ 2
        ))))::integer AS km
        FROM {places} c CROSS JOIN {places} h WHERE h.city_id IN (SELECT city_id FROM here)
    )"""


async def called(conn: Conn, moment: Moment, wanted: list[str]) -> dict[str, list[int]]:
    """Numbers of the cities that have a name in either language, or a number, by what was asked for in small
    letters.
    """
    found = await values(
        conn,
        f"""
        SELECT w.wanted, array_agg(c.city_id ORDER BY c.city_id) FROM unnest(%s::text[]) w (wanted)
        JOIN ({moment.of(CITY)} c LEFT JOIN content t ON t.hash = c.content)
            ON w.wanted IN
                (lower(t.document->'name'->>'ru'), lower(t.document->'name'->>'en'), c.city_id::text)
        GROUP BY w.wanted
        """,
        ([text.lower() for text in wanted],),
    )
    return {wanted: list(numbers) for wanted, numbers in found}


async def counts(conn: Conn, moment: Moment) -> tuple[int, int]:
    """How many cities and how many citizens the network has."""
    found = await values(
        conn,
        f"SELECT (SELECT count(*) FROM {moment.of(CITY)} c),"
        f" (SELECT coalesce(sum(citizens), 0)::bigint FROM {moment.of(CITIZENS)} n)",
    )
    ((cities, citizens),) = found
    return cities, citizens


async def roles_in(conn: Conn, moment: Moment, city_id: int) -> list[Role]:
    """Everybody with a role in a city."""
    return await rows(
        conn, Role, f"SELECT * FROM {moment.of(ROLE)} r WHERE city_id = %s ORDER BY account", (city_id,)
    )


async def roles_of(conn: Conn, moment: Moment, account: bytes) -> list[Duties]:
    """The cities that an account runs or has a role in, by number."""
    return await rows(
        conn,
        Duties,
        f"""
        SELECT d.city_id, t.document->'name' AS name, bool_or(d.steward) AS steward, max(d.roles) AS roles
        FROM (
            SELECT city_id, true AS steward, 0 AS roles FROM {moment.of(CITY)} c WHERE steward = %(account)s
            UNION ALL
            SELECT city_id, false, roles FROM {moment.of(ROLE)} r WHERE account = %(account)s
        ) d
        JOIN {moment.of(CITY)} c ON c.city_id = d.city_id LEFT JOIN content t ON t.hash = c.content
        GROUP BY d.city_id, t.document ORDER BY d.city_id
        """,
        {"account": account},
    )


async def citizenships(conn: Conn, moment: Moment, wallet: bytes) -> list[Citizenship]:
    """The cities in which a wallet is, or before a recovery was, a citizen's."""
    return await rows(
        conn,
        Citizenship,
        f"""
        SELECT c.city_id, c.wallet, c.nullifier, c.since, s.new_wallet AS successor
        FROM {registered(moment)} c
        LEFT JOIN {moment.of("recovered")} s ON s.old_wallet = c.wallet AND s.city_id = c.city_id
        WHERE c.wallet = %s ORDER BY c.city_id
        """,
        (wallet,),
    )


async def exists(conn: Conn, moment: Moment, city_id: int) -> bool:
    """Whether there is a city with this number."""
    return bool(await values(conn, f"SELECT 1 FROM {moment.of(CITY)} c WHERE city_id = %s", (city_id,)))


async def newcomers(conn: Conn, moment: Moment, city_id: int, limit: int) -> list[Newcomer]:
    """The last registrations in a city, newest first."""
    return await rows(
        conn,
        Newcomer,
        f"""
        SELECT wallet, verifier, block_time AS time, block_number, tx_hash
        FROM {moment.of("citizen_registered")} r
        WHERE city_id = %s ORDER BY block_number DESC, log_index DESC LIMIT %s
        """,
        (city_id, limit),
    )


async def citizens_among(conn: Conn, moment: Moment, city_id: int, wallets: list[bytes]) -> set[bytes]:
    """Those of the wallets that are citizens' of a city today."""
    found = await values(
        conn,
        f"SELECT wallet FROM {current(moment)} c WHERE city_id = %s AND wallet = ANY(%s)",
        (city_id, wallets),
    )
    return {bytes(wallet) for (wallet,) in found}


async def former_wallets(conn: Conn, moment: Moment, wallet: bytes) -> list[tuple[int, bytes]]:
    """City and address of every wallet that this one took over from, directly or through others."""
    found = await values(
        conn,
        f"""
        WITH RECURSIVE former AS (
            SELECT city_id, old_wallet FROM {moment.of("recovered")} r WHERE new_wallet = %s
            UNION SELECT r.city_id, r.old_wallet
                FROM former f JOIN {moment.of("recovered")} r ON r.new_wallet = f.old_wallet AND r.city_id =
                    f.city_id
        )
        SELECT city_id, old_wallet FROM former ORDER BY 1, 2
        """,
        (wallet,),
    )
    return list(found)


async def recoveries(conn: Conn, moment: Moment, wallet: bytes) -> list[Recovery]:
    """Recoveries under way that would take a wallet's place, or give it another's."""
    where = "%(wallet)s IN (p.old_wallet, p.new_wallet)"
    return await rows(conn, Recovery, _under_way(moment, where), {"wallet": wallet})


async def recoveries_in(conn: Conn, moment: Moment, city_id: int) -> list[Recovery]:
    """Recoveries under way in a city."""
    return await rows(conn, Recovery, _under_way(moment, "p.city_id = %(city)s"), {"city": city_id})


def _under_way(moment: Moment, where: str) -> str:
    proposed, cancelled = moment.of("recovery_proposed"), moment.of("recovery_cancelled")
    return f"""
        SELECT p.city_id, p.old_wallet, p.new_wallet, p.executable_at, p.evidence FROM {proposed} p
        WHERE {where}
          AND NOT EXISTS (
            SELECT FROM (
                SELECT city_id, old_wallet, block_number, log_index FROM {cancelled} x
                UNION ALL SELECT city_id, old_wallet, block_number, log_index FROM
                    {moment.of("recovered")} x
            ) e
            WHERE e.city_id = p.city_id AND e.old_wallet = p.old_wallet
              AND (e.block_number, e.log_index) > (p.block_number, p.log_index)
          )
        ORDER BY p.city_id, p.old_wallet
    """


def words_of(search: str) -> str:
    """What is searched for as a text query: every word may go on."""
    words = re.findall(r"\w+", search.lower().replace("ё", "е"))
    return " & ".join(f"'{word}':*" for word in words)


def _ranked(rank: int, **columns: Any) -> tuple[int, CitySummary]:
    return rank, CitySummary(**columns)


_NOTHING_ISSUED = "(SELECT NULL::bigint AS city_id, 0 AS issued)"


def _from(moment: Moment, issued: str) -> str:
    return (
        f"FROM {moment.of(CITY)} c LEFT JOIN content t ON t.hash = c.content"
        f" LEFT JOIN {moment.of(CITIZENS)} n ON n.city_id = c.city_id LEFT JOIN {issued} m ON m.city_id ="
        f" c.city_id"
    )
