"""Looking through funds to the projects that their money is in: of a partner's units, or of a whole fund;
through a fund of funds too. Parts are of what a fund holds, before its fees and carry, rounded down in
each fund.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds.fund_derived import FUND, FUND_SUM, HOLDING
from backend.funds.partner_derived import PARTNER
from backend.funds.partner_schemas import Beneath
from backend.kit.moment import Moment
from backend.kit.rows import rows
from backend.projects.money_derived import CAMPAIGN
from backend.projects.registry_derived import PROJECT

Conn = AsyncConnection


async def of_partner(conn: Conn, moment: Moment, partner: bytes) -> list[Beneath]:
    """The projects beneath all units that a wallet holds, most value first."""
    held = f"SELECT contract, units FROM {moment.of(PARTNER)} p WHERE partner = %(whose)s AND units > 0"
    return await _beneath(conn, moment, held, partner)


async def of_fund(conn: Conn, moment: Moment, fund: bytes) -> list[Beneath]:
    """The projects beneath a fund as a whole."""
    held = f"SELECT contract, units FROM {moment.of(FUND_SUM)} s WHERE contract = %(whose)s AND units > 0"
    return await _beneath(conn, moment, held, fund)


async def _beneath(conn: Conn, moment: Moment, held: str, whose: bytes) -> list[Beneath]:
    funds, sums, holdings = moment.of(FUND), moment.of(FUND_SUM), moment.of(HOLDING)
    return await rows(
        conn,
        _made,
        f"""
        WITH held AS MATERIALIZED ({held}), part AS (
            SELECT ARRAY[h.contract] AS path, h.contract, h.holding, h.marked_as_of,
                div(h.cost * k.units, s.units) AS cost, div(h.value * k.units, s.units) AS value
            FROM held k JOIN {sums} s USING (contract) JOIN {holdings} h USING (contract)
            WHERE NOT h.is_fund
            UNION ALL SELECT ARRAY[k.contract, g.contract], g.contract, g.holding, g.marked_as_of,
                div(div(g.cost * p.units, t.units) * k.units, s.units),
                div(div(g.value * p.units, t.units) * k.units, s.units)
            FROM held k JOIN {sums} s USING (contract)
            JOIN {holdings} h ON h.contract = k.contract AND h.is_fund
            JOIN {moment.of(PARTNER)} p ON p.contract = h.holding AND p.partner = k.contract AND p.units > 0
            JOIN {sums} t ON t.contract = h.holding
            JOIN {holdings} g ON g.contract = h.holding AND NOT g.is_fund
        )
        SELECT p.path, (
                SELECT array_agg(n.name ORDER BY w.place)
                FROM unnest(p.path) WITH ORDINALITY w (fund, place) JOIN {funds} n ON n.contract = w.fund
            ) AS names,
            p.holding AS campaign, c.form, c.project_id, j.city_id, j.kind, j.stage,
            d.document->'title' AS title, c.milestone, jsonb_array_length(c.milestones) AS milestones,
            c.token, p.cost, p.value, p.marked_as_of,
            p.marked_as_of IS NULL OR p.marked_as_of + f.mark_term < {moment.time} AS stale
        FROM part p JOIN {funds} f USING (contract)
        JOIN {moment.of(CAMPAIGN)} c ON c.contract = p.holding
        JOIN {moment.of(PROJECT)} j ON j.project_id = c.project_id LEFT JOIN content d ON d.hash = j.content
        WHERE p.cost > 0 OR p.value > 0 ORDER BY p.value DESC, p.cost DESC, p.holding, p.path
        """,
        {"whose": whose},
    )


def _made(path: list[bytes], **columns: object) -> Beneath:
    return Beneath(path=[bytes(fund) for fund in path], **columns)  # type: ignore[arg-type]
