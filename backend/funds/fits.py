"""Which funds could invest in a project: what their mandates say of its kind and its home city."""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds.fund_derived import HOLDING
from backend.funds.funds import funds, mandate_of
from backend.funds.waterfall import WHOLE
from backend.kit.moment import Moment
from backend.kit.rows import rows
from backend.projects.answer_schemas import FundFit

Conn = AsyncConnection

SHOWN = 6


async def of_project(conn: Conn, moment: Moment, project_id: int, kind: int, city_id: int) -> list[FundFit]:
    """Funds that invest, or will, and whose mandate has projects of this kind and city, most room first."""
    found = await rows(
        conn,
        dict,
        f"""
        SELECT f.contract, f.name, t.document->'title' AS title, f.organisation, f.phase, f.token, f.kinds,
            f.forms, f.largest_share, f.may_commit, f.cities,
            greatest(div(f.committed * f.largest_share, {WHOLE}) - coalesce(h.principal, 0), 0) AS room
        FROM {funds(moment)} f LEFT JOIN content t ON t.hash = f.content
        LEFT JOIN (
            SELECT contract, sum(principal) AS principal FROM {moment.of(HOLDING)} x
            WHERE project_id = %(project)s GROUP BY contract
        ) h ON h.contract = f.contract
        WHERE f.phase IN ('forming', 'investing') AND (f.kinds >> %(kind)s) & 1 = 1 AND f.forms > 0
            AND (f.cities = '[]' OR f.cities @> to_jsonb(%(city)s::bigint))
        ORDER BY f.phase DESC, room DESC, f.contract LIMIT {SHOWN}
        """,
        {"project": project_id, "kind": kind, "city": city_id},
    )
    return [
        FundFit(
            **{name: fund[name] for name in FundFit.model_fields if name in fund and name != "forms"},
            forms=mandate_of(fund).forms,
        )
        for fund in found
    ]
