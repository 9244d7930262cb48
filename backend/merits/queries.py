"""Reading a city's merits: figures, rules, act kinds, budgets, epochs, clearing. Every function takes a
connection and the moment.

What is held, expiring or expired is reckoned with the moment's time: merits earned in one period end with the
next.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import Moment
from backend.kit.rows import row, rows, values
from backend.merits.derived import BUDGET, BUDGET_USE, CITY_MERITS, CLEARING, EPOCH_USE, KIND, RULES
from backend.merits.schemas import Budget, CityMerits, Clearing, Epoch, Kind, Period, Rules

Conn = AsyncConnection


def clock(moment: Moment) -> str:
    """Relation of one row: `now`, the period of the moment, with the ledger's `origin` and `period_length`
    (seconds).
    """
    return (
        f"(SELECT greatest(({moment.time} - origin) / period_length, 0)::integer AS now, origin,"
        f" period_length"
        " FROM ledger_opened)"
    )


def issued(moment: Moment) -> str:
    """Relation `(city_id, issued)`: the merits that cities ever issued."""
    return f"(SELECT city_id, sum(issued)::bigint AS issued FROM {moment.of(CITY_MERITS)} x GROUP BY city_id)"


async def period(conn: Conn, moment: Moment) -> Period:
    """The period of the moment."""
    return await row(
        conn,
        Period,
        "SELECT now AS number, origin + now * period_length AS begins, origin + (now + 1) *"
        " period_length AS ends"
        f" FROM {clock(moment)} p",
    ) or Period(number=0, begins=0, ends=0)


async def figures(conn: Conn, moment: Moment, city_ids: list[int] | None = None) -> list[CityMerits]:
    """The merits of cities, of all that have issued any unless told."""
    only = "" if city_ids is None else "WHERE city_id = ANY(%(cities)s)"
    return await rows(
        conn,
        CityMerits,
        f"SELECT city_id, {_FIGURES} FROM {_left(moment)} {only} GROUP BY city_id ORDER BY city_id",
        {"cities": city_ids},
    )


async def figures_of(conn: Conn, moment: Moment, city_id: int) -> CityMerits:
    """The merits of one city, all zero where it has issued none."""
    found = await figures(conn, moment, [city_id])
    return found[0] if found else _none(city_id)


async def network(conn: Conn, moment: Moment) -> CityMerits:
    """The merits of all cities together, as those of city 0."""
    return await row(
        conn, CityMerits, f"SELECT 0 AS city_id, {_FIGURES} FROM {_left(moment)} HAVING count(*) > 0"
    ) or _none(0)


async def rules(conn: Conn, moment: Moment, city_id: int) -> Rules:
    """A city's rules."""
    return await row(
        conn,
        Rules,
        f"""
        SELECT coalesce(max(daily_cap) FILTER (WHERE city_id <> 0), 0) AS daily_cap,
            coalesce(bool_or(pauses & 1 <> 0) FILTER (WHERE city_id <> 0), false) AS paused_by_city,
            coalesce(bool_or(pauses & 2 <> 0) FILTER (WHERE city_id <> 0), false) AS paused_by_operator,
            coalesce(bool_or(pauses <> 0) FILTER (WHERE city_id = 0), false) AS network_paused
        FROM {moment.of(RULES)} r WHERE city_id IN (0, %s)
        """,
        (city_id,),
    ) or Rules(daily_cap=0, paused_by_city=False, paused_by_operator=False, network_paused=False)


async def kinds(conn: Conn, moment: Moment, city_id: int) -> list[Kind]:
    """The act kinds that a city has published, withdrawn ones too."""
    return await rows(
        conn,
        Kind,
        f"SELECT k.*, t.document->'title' AS title FROM {moment.of(KIND)} k LEFT JOIN content t ON"
        f" t.hash = k.content"
        " WHERE city_id = %s ORDER BY kind_id",
        (city_id,),
    )


async def budgets(conn: Conn, moment: Moment, city_id: int) -> list[Budget]:
    """What each verifier of a city may award and has awarded in this period."""
    return await rows(
        conn,
        Budget,
        f"""
        SELECT b.city_id, b.verifier, b.per_period, coalesce(u.used, 0) AS used
        FROM {moment.of(BUDGET)} b CROSS JOIN {clock(moment)} p
        LEFT JOIN {moment.of(BUDGET_USE)} u
            ON u.city_id = b.city_id AND u.verifier = b.verifier AND u.period = p.now
        WHERE b.city_id = %s ORDER BY b.verifier
        """,
        (city_id,),
    )


async def epochs(conn: Conn, moment: Moment, city_id: int, limit: int = 50) -> list[Epoch]:
    """The last epochs of a city, newest first."""
    return await rows(
        conn,
        Epoch,
        f"""
        SELECT e.city_id, e.epoch_id, e.kind_id, e.verifier, e.period, e.first_day, e.last_day, e.acts,
            e.points, coalesce(u.claims, 0) AS claims, coalesce(u.claimed, 0) AS claimed,
            coalesce(u.reversed, 0) AS reversed, c.epoch_id IS NOT NULL AS cancelled,
            p.origin + (e.period + 2) * p.period_length AS claimable_until, e.root, e.content,
            e.block_time AS opened_at, t.document->'title' AS kind_title
        FROM {moment.of("epoch_opened")} e CROSS JOIN {clock(moment)} p
        LEFT JOIN {moment.of("epoch_cancelled")} c ON c.city_id = e.city_id AND c.epoch_id = e.epoch_id
        LEFT JOIN {moment.of(EPOCH_USE)} u ON u.city_id = e.city_id AND u.epoch_id = e.epoch_id
        LEFT JOIN {moment.of(KIND)} k ON k.city_id = e.city_id AND k.kind_id = e.kind_id
        LEFT JOIN content t ON t.hash = k.content
        WHERE e.city_id = %s ORDER BY e.epoch_id DESC LIMIT %s
        """,
        (city_id, limit),
    )


async def batch(conn: Conn, moment: Moment, batch_id: bytes) -> tuple[Any, ...] | None:
    """A batch of direct awards as the contract takes it (`IMeritLedger.Batch`), None where there is none.

    Its last member are the citizens in their order, 20 bytes each.
    """
    found = await values(
        conn,
        f"""
        SELECT b.city_id, b.verifier, b.serial, b.kind_id, b.points, b.period, b.evidence, ARRAY(
            SELECT a.citizen FROM {moment.of("awarded")} a
            WHERE a.batch_id = b.batch_id AND a.block_number = b.block_number ORDER BY a.log_index
        )
        FROM {moment.of("batch_awarded")} b WHERE b.batch_id = %s
        """,
        (batch_id,),
    )
    return found[0] if found else None


async def clearing(conn: Conn, moment: Moment, city_id: int | None = None) -> list[Clearing]:
    """Who honoured how much of whose merits: of one city with the others, or (unless told) of all cities."""
    where = "" if city_id is None else "AND %(city)s IN (home_id, city_id)"
    return await rows(
        conn,
        Clearing,
        f"SELECT * FROM {moment.of(CLEARING)} c WHERE home_id <> city_id {where}"
        " ORDER BY opened DESC, home_id, city_id LIMIT 1000",
        {"city": city_id},
    )


# Merits left of each period, with the clock.
def _left(moment: Moment) -> str:
    return (
        f"(SELECT m.*, issued - spent + given_back - reversed AS left_over, p.now FROM"
        f" {moment.of(CITY_MERITS)} m"
        f" CROSS JOIN {clock(moment)} p) x"
    )


_FIGURES = """
    sum(issued) AS issued,
    coalesce(sum(left_over) FILTER (WHERE period >= now - 1), 0) AS held,
    coalesce(sum(left_over) FILTER (WHERE period = now - 1), 0) AS expiring,
    sum(spent - given_back) AS spent,
    coalesce(sum(left_over) FILTER (WHERE period < now - 1), 0) AS expired,
    sum(reversed) AS reversed, sum(shortfall) AS shortfall
"""


def _none(city_id: int) -> CityMerits:
    return CityMerits(
        city_id=city_id, issued=0, held=0, expiring=0, spent=0, expired=0, reversed=0, shortfall=0
    )
