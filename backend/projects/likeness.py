"""What fits a project: rounds, cities and campaigns, and who did something similar. Each is one statement."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities import queries as network
from backend.cities.schemas import CityName
from backend.kit.moment import Moment
from backend.kit.rows import rows
from backend.projects import campaigns as money
from backend.projects.answer_schemas import CampaignFit, CityFit, Experience, RoundFit, Similar
from backend.projects.money_derived import CAMPAIGN, ROUND_SUM
from backend.projects.registry_derived import PARTICIPATION, PROJECT, REQUEST

Conn = AsyncConnection

NEAR_KM = 400
"""How far a neighbouring city is at most."""
SHOWN = 6
"""How many of each are named."""

_JOINED, _COMPLETED = 2, 11


async def rounds(conn: Conn, moment: Moment, project_id: int) -> list[RoundFit]:
    """Rounds that still run, of the cities that take part in the project."""
    return await _fits(
        conn,
        RoundFit,
        f"""
        {_here(moment)}, part AS (
            SELECT city_id FROM here UNION SELECT city_id FROM {moment.of(PARTICIPATION)} j
            WHERE j.project_id = %(project)s AND j.participation = {_JOINED}
        )
        SELECT o.city_id, n.name, n.km, o.round_id, d.document->'title' AS title, o.token, o.closes,
            coalesce(s.budget, 0) AS budget, coalesce(s.campaigns, 0) AS campaigns,
            EXISTS (
                SELECT FROM {moment.of(CAMPAIGN)} c
                WHERE c.project_id = %(project)s AND c.round_id = o.round_id
            ) AS entered
        FROM {moment.of("round_opened")} o JOIN part USING (city_id)
        JOIN {network.distances(moment)} n USING (city_id)
        LEFT JOIN {moment.of(ROUND_SUM)} s USING (round_id)
        LEFT JOIN content d ON d.hash = o.content
        WHERE o.closes > {moment.time} ORDER BY o.closes, o.round_id LIMIT {SHOWN}
        """,
        project_id,
    )


async def cities(conn: Conn, moment: Moment, project_id: int) -> list[CityFit]:
    """Neighbouring cities that take no part yet."""
    return await _fits(
        conn,
        CityFit,
        f"""
        {_here(moment)}, near AS ({_near(moment)})
        SELECT n.city_id, n.name, n.km, j.city_id IS NOT NULL AS invited,
            coalesce(p.projects, 0) AS projects, coalesce(p.completed, 0) AS completed,
            coalesce(r.requests, 0) AS requests, coalesce(o.rounds, 0) AS rounds
        FROM near n
        LEFT JOIN {moment.of(PARTICIPATION)} j ON j.project_id = %(project)s AND j.city_id = n.city_id
        LEFT JOIN (
            SELECT p.city_id, count(*) AS projects,
                count(*) FILTER (WHERE p.stage = {_COMPLETED}) AS completed
            FROM {moment.of(PROJECT)} p JOIN near USING (city_id) CROSS JOIN here
            WHERE p.kind = here.kind GROUP BY 1
        ) p ON p.city_id = n.city_id
        LEFT JOIN (
            SELECT r.city_id, count(*) AS requests
            FROM {moment.of(REQUEST)} r JOIN near USING (city_id) CROSS JOIN here
            WHERE r.kind = here.kind AND r.closes > {moment.time} GROUP BY 1
        ) r ON r.city_id = n.city_id
        LEFT JOIN (
            SELECT city_id, count(*) AS rounds FROM {moment.of("round_opened")} o JOIN near USING (city_id)
            WHERE o.closes > {moment.time} GROUP BY 1
        ) o ON o.city_id = n.city_id
        WHERE n.km IS NOT NULL AND n.city_id <> (SELECT city_id FROM here)
            AND j.participation IS DISTINCT FROM {_JOINED}
        ORDER BY n.km, n.city_id LIMIT {SHOWN}
        """,
        project_id,
    )


async def campaigns(conn: Conn, moment: Moment, project_id: int) -> list[CampaignFit]:
    """Campaigns of others of the same kind that take pledges, or will."""
    return await _fits(
        conn,
        CampaignFit,
        f"""
        {_here(moment)}, near AS ({_near(moment)})
        SELECT n.city_id, n.name, n.km, c.contract, c.project_id, t.document->'title' AS title, c.form,
            c.phase, c.token, c.raised, c.goal, c.closes
        FROM {moment.of(PROJECT)} p JOIN near n USING (city_id) JOIN here ON here.kind = p.kind
        JOIN {money.campaigns(moment)} c ON c.project_id = p.project_id
        LEFT JOIN content t ON t.hash = p.content
        WHERE p.project_id <> %(project)s AND c.phase IN ('upcoming', 'open')
        ORDER BY n.km NULLS LAST, c.closes, c.contract LIMIT {SHOWN}
        """,
        project_id,
    )


async def experience(conn: Conn, moment: Moment, project_id: int) -> Experience:
    """Projects of the same kind: all of them counted, some named. The largest campaign of each says what it
    raised.
    """
    found = await rows(
        conn,
        dict,
        f"""
        {_here(moment)}, near AS ({_near(moment)}), alike AS (
            SELECT n.city_id, n.name, n.km, p.project_id, p.content, p.stage, p.paused
            FROM {moment.of(PROJECT)} p JOIN near n USING (city_id) JOIN here ON here.kind = p.kind
            WHERE p.project_id <> %(project)s
        ), largest AS (
            SELECT DISTINCT ON (c.project_id) c.project_id, c.token, c.raised, c.goal, c.phase
            FROM alike JOIN {money.campaigns(moment)} c USING (project_id)
            ORDER BY c.project_id, c.raised DESC, c.created_at DESC, c.contract
        ), told AS (
            SELECT a.*, l.token, l.raised, l.goal, CASE
                WHEN a.stage = {_COMPLETED} THEN 'completed'
                WHEN l.phase IN ('stopped', 'failed') THEN l.phase
                WHEN a.paused > 0 THEN 'paused'
                ELSE 'under_way' END AS outcome
            FROM alike a LEFT JOIN largest l USING (project_id)
        )
        SELECT o.*, t.document->'title' AS title, count(*) OVER () AS projects,
            count(*) FILTER (WHERE outcome = 'completed') OVER () AS completed,
            count(*) FILTER (WHERE outcome IN ('stopped', 'failed')) OVER () AS stopped
        FROM told o LEFT JOIN content t ON t.hash = o.content
        ORDER BY o.km NULLS LAST, o.stage DESC, o.raised DESC NULLS LAST, o.project_id LIMIT {SHOWN}
        """,
        {"project": project_id, "reach": NEAR_KM},
    )
    if not found:
        return Experience()
    counts = {name: found[0][name] for name in ("projects", "completed", "stopped")}
    return Experience(**counts, examples=[_placed(Similar, **one) for one in found])


def _here(moment: Moment) -> str:
    return f"""
        WITH here AS (
            SELECT city_id, kind FROM {moment.of(PROJECT)} p WHERE project_id = %(project)s
        )"""


def _near(moment: Moment) -> str:
    """The home city and its neighbours."""
    return f"SELECT * FROM {network.distances(moment)} d WHERE km <= %(reach)s OR city_id = home_id"


async def _fits(conn: Conn, kind: type[Any], statement: str, project_id: int) -> list[Any]:
    found = await rows(conn, dict, statement, {"project": project_id, "reach": NEAR_KM})
    return [_placed(kind, **one) for one in found]


def _placed(kind: type[Any], city_id: int, name: Any, **columns: Any) -> Any:
    return kind(city=CityName(city_id=city_id, name=name), **columns)
