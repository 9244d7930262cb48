"""The network's board: the figures by which the network wants to be measured, by year, city and kind. Every
one is a sum of what `board_facts.py` lists.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds import board_facts
from backend.funds.board_schemas import Board, CityFigures, Figures, FundTotals, KindFigures, YearFigures
from backend.funds.fund_derived import FUND, FUND_SUM, HOLDING
from backend.funds.partner_derived import PARTNER
from backend.kit.moment import Moment
from backend.kit.rows import row, rows
from backend.projects.names import KINDS, Kind

Conn = AsyncConnection


async def board(
    conn: Conn, moment: Moment, year: int | None = None, city: int | None = None, kind: Kind | None = None
) -> Board:
    """The board of a year, unless told that of the block; of a home city and a kind, unless of all."""
    now = year_at(moment)
    year = min(year or now, now)
    only = {"city": city, "kind": KINDS.index(kind) if kind else None}
    years = await _grouped(conn, moment, "year", YearFigures, only)
    shown = {found.year: found for found in years}
    return Board(
        year=year,
        city_id=city,
        kind=kind,
        figures=Figures(**shown[year].model_dump()) if year in shown else Figures(),
        years=[shown.get(each) or YearFigures(year=each) for each in range(min(shown, default=now), now + 1)],
        cities=await _grouped(conn, moment, "city_id", CityFigures, only | {"city": None, "year": year}),
        kinds=await _grouped(conn, moment, "kind", KindFigures, only | {"kind": None, "year": year}),
        funds=await totals(conn, moment),
    )


def year_at(moment: Moment) -> int:
    """The calendar year (UTC) of a block."""
    return datetime.fromtimestamp(moment.time, UTC).year


async def _grouped(conn: Conn, moment: Moment, by: str, made: type, only: dict[str, Any]) -> list[Any]:
    """Figures by year, home city or kind, most value first; by year, the earliest first."""
    order = "year" if by == "year" else f"companies_value + ip_value DESC, invested DESC, {by}"
    return await rows(
        conn,
        made,
        f"""
        SELECT * FROM (SELECT {by},
            coalesce(sum(count) FILTER (WHERE figure = 'companies_value'), 0)::bigint AS companies,
            coalesce(sum(kopecks) FILTER (WHERE figure = 'companies_value'), 0) AS companies_value,
            coalesce(sum(count) FILTER (WHERE figure = 'invested'), 0)::bigint AS investments,
            coalesce(sum(kopecks) FILTER (WHERE figure = 'invested'), 0) AS invested,
            coalesce(sum(count) FILTER (WHERE figure = 'ip'), 0)::bigint AS ip,
            coalesce(sum(kopecks) FILTER (WHERE figure = 'ip_value'), 0) AS ip_value
        FROM (
            SELECT {by}, figure, sum(count) AS count,
                coalesce(div(sum(amount) * 100, per_rouble), 0) AS kopecks
            FROM {board_facts.cells(moment)} c LEFT JOIN {board_facts.rates(moment)} r USING (token)
            WHERE (%(city)s::bigint IS NULL OR city_id = %(city)s)
                AND (%(kind)s::integer IS NULL OR kind = %(kind)s)
                AND (%(year)s::integer IS NULL OR year = %(year)s)
            GROUP BY {by}, figure, token, per_rouble
        ) f GROUP BY {by}) g ORDER BY {order}
        """,
        {"city": None, "kind": None, "year": None} | only,
    )


async def totals(conn: Conn, moment: Moment) -> FundTotals:
    """All funds together, every sum once."""
    sums = {
        "committed": "s.committed - coalesce(b.commitment, 0)",
        "contributed": "s.contributed - coalesce(b.paid, 0)",
        "invested": "coalesce(h.invested, 0)",
        "value": "coalesce(h.value, 0)",
        "distributed": "s.claimed - coalesce(b.claimed, 0)",
        "fees": "s.fees",
        "carry": "s.to_organisation",
        "between": "coalesce(b.commitment, 0)",
    }
    each = ", ".join(f"sum({column}) AS {name}" for name, column in sums.items())
    kopecks = ", ".join(f"coalesce(sum(div({name} * 100, per_rouble)), 0) AS {name}" for name in sums)
    funds, partners = moment.of(FUND), moment.of(PARTNER)
    found = await row(
        conn,
        FundTotals,
        f"""
        SELECT (SELECT count(*) FROM {funds} f) AS funds, (
                SELECT count(DISTINCT partner) FROM {partners} p WHERE (commitment > 0 OR units > 0)
                    AND partner NOT IN (SELECT contract FROM {funds} f)
            ) AS partners, {kopecks}
        FROM (
            SELECT f.token, {each} FROM {funds} f JOIN {moment.of(FUND_SUM)} s USING (contract)
            LEFT JOIN (
                SELECT contract, sum(commitment) AS commitment, sum(paid) AS paid, sum(claimed) AS claimed
                FROM {partners} p WHERE partner IN (SELECT contract FROM {funds} f) GROUP BY contract
            ) b USING (contract)
            LEFT JOIN (
                SELECT contract, sum(invested) AS invested, sum(value) AS value FROM {moment.of(HOLDING)} h
                WHERE NOT is_fund GROUP BY contract
            ) h USING (contract)
            GROUP BY f.token
        ) t LEFT JOIN {board_facts.rates(moment)} r USING (token)
        """,
    )
    assert found is not None
    return found
