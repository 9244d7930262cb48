"""Reading projects. Every function takes a connection and the moment at which to look."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities.queries import words_of
from backend.content.documents import Text
from backend.kit.moment import Moment
from backend.kit.rows import row, rows, values
from backend.projects.money_derived import CAMPAIGN, CAMPAIGN_SUM
from backend.projects.names import FORMS, KINDS, STAGES, Form, Kind, Stage
from backend.projects.registry_derived import PARTICIPATION, PROJECT, THRESHOLDS
from backend.projects.schemas import Project, ProjectSummary
from backend.projects.standing import standing

Conn = AsyncConnection
Order = Literal["newest", "raised", "support", "closing"]
ORDERS: tuple[Order, ...] = ("newest", "raised", "support", "closing")

_JOINED = 2
_NEVER = 2**40
"""Later than any campaign can close."""
_RANK: dict[Order, str] = {
    "newest": "p.project_id",
    "raised": f"least(coalesce(m.raised, 0), {2**62})::bigint",
    "support": "p.support",
    "closing": f"-coalesce(m.closes, {_NEVER})",
}
_SUMMARY = """
    p.project_id, p.city_id, p.kind, p.stage, p.paused, p.author, t.document->'title' AS title,
    t.document->'summary' AS summary, p.version, nullif(p.request_id, 0) AS request_id, p.support,
    h.support AS support_needed, coalesce(m.raised, 0) AS raised, m.closes, p.opened_at, p.staged_at
"""


async def listed(
    conn: Conn,
    moment: Moment,
    search: str = "",
    order: Order = "newest",
    city: int | None = None,
    kind: Kind | None = None,
    stage: Stage | None = None,
    form: Form | None = None,
    author: bytes | None = None,
    request: int | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[tuple[int, ProjectSummary]]:
    """Projects with the figure that they are ordered by, largest first (`closing`: soonest first).

    Unless all are wanted: those whose texts, in either language, have words that begin as those of `search`;
    those in which a city takes part; of a kind, at a stage, with a campaign of a form, of an author,
    that answer a request. `after` is the figure and number of the last project seen.
    """
    words = words_of(search)
    if search and not words:
        return []
    rank = _RANK[order]
    conditions = {
        "t.words @@ to_tsquery('russian', %(words)s)": words,
        f"(p.city_id = %(city)s OR p.project_id IN (SELECT project_id FROM {moment.of(PARTICIPATION)} j"
        f" WHERE j.city_id = %(city)s AND j.participation = {_JOINED}))": city,
        "p.kind = %(kind)s": kind,
        "p.stage = %(stage)s": stage,
        f"p.project_id IN (SELECT project_id FROM {moment.of(CAMPAIGN)} f WHERE f.form = %(form)s)": form,
        "p.author = %(author)s": author,
        "p.request_id = %(request)s": request,
        f"({rank}, p.project_id) < (%(figure)s::bigint, %(project)s::bigint)": after,
    }
    where = " AND ".join(condition for condition, wanted in conditions.items() if wanted) or "true"
    figure, project_id = after or (None, None)
    return await rows(
        conn,
        _ranked,
        f"SELECT {rank} AS rank, {_SUMMARY} {_from(moment)} WHERE {where}"
        " ORDER BY rank DESC, p.project_id DESC LIMIT %(limit)s",
        {
            "words": words,
            "city": city,
            "kind": KINDS.index(kind) if kind else None,
            "stage": STAGES.index(stage) + 1 if stage else None,
            "form": FORMS.index(form) if form else None,
            "author": author,
            "request": request,
            "figure": figure,
            "project": project_id,
            "limit": limit,
        },
    )


async def project(conn: Conn, moment: Moment, project_id: int) -> Project | None:
    """A project without what belongs to it, None where there is none with this number."""
    return await row(
        conn,
        Project,
        f"""
        SELECT {_SUMMARY}, t.document->'description' AS description, p.content, p.offered_to, p.panel,
            p.scores, p.score_sum, p.members, p.courses, p.campaign, CASE WHEN h.city_id IS NOT NULL THEN
            jsonb_build_object('support', h.support, 'experts', h.experts, 'score', h.score, 'team', h.team,
                'courses', h.courses) END AS thresholds
        {_from(moment)} WHERE p.project_id = %s
        """,
        (project_id,),
    )


async def summaries(conn: Conn, moment: Moment, project_ids: Sequence[int]) -> dict[int, ProjectSummary]:
    """These projects by number; those that there are not are left out."""
    found = await rows(
        conn,
        ProjectSummary,
        f"SELECT {_SUMMARY} {_from(moment)} WHERE p.project_id = ANY(%s)",
        (list(project_ids),),
    )
    return {project.project_id: project for project in found}


async def exists(conn: Conn, moment: Moment, project_id: int) -> bool:
    """Whether there is a project with this number."""
    found = f"SELECT 1 FROM {moment.of(PROJECT)} p WHERE project_id = %s"
    return bool(await values(conn, found, (project_id,)))


async def titles(conn: Conn, moment: Moment, project_ids: Sequence[int]) -> dict[int, Text]:
    """Titles of projects by number; those whose description is not kept are left out."""
    found = await values(
        conn,
        f"SELECT p.project_id, t.document->'title' FROM {moment.of(PROJECT)} p"
        " JOIN content t ON t.hash = p.content WHERE p.project_id = ANY(%s) AND t.document ? 'title'",
        (list(project_ids),),
    )
    return {project_id: Text(**title) for project_id, title in found}


async def cities(conn: Conn, moment: Moment) -> list[int]:
    """The cities that take part in a project, by number."""
    found = await values(
        conn,
        f"SELECT city_id FROM {moment.of(PROJECT)} p UNION SELECT city_id FROM {moment.of(PARTICIPATION)} j"
        f" WHERE participation = {_JOINED} ORDER BY 1",
    )
    return [city_id for (city_id,) in found]


async def by_stage(conn: Conn, moment: Moment, city_id: int | None = None) -> dict[Stage, int]:
    """How many projects are at each stage, of one home city or of all."""
    only = "" if city_id is None else "WHERE city_id = %(city)s"
    found = await values(
        conn,
        f"SELECT stage, count(*) FROM {moment.of(PROJECT)} p {only} GROUP BY stage",
        {"city": city_id},
    )
    return {STAGES[stage - 1]: count for stage, count in found}


def money(moment: Moment) -> str:
    """Relation `(project_id, raised, closes)`: what campaigns raised (kopecks by the operator's last rate of
    each token), and when the next of those open closes.
    """
    return f"""(
        SELECT c.project_id, sum(div(s.raised * 100, r.per_rouble)) AS raised,
            min(c.closes) FILTER (WHERE c.closes > {moment.time} AND c.stopped_at IS NULL) AS closes
        FROM {moment.of(CAMPAIGN)} c
        LEFT JOIN {moment.of(CAMPAIGN_SUM)} s USING (contract)
        LEFT JOIN (
            SELECT DISTINCT ON (token) token, per_rouble FROM {moment.of("token_set")} k
            WHERE per_rouble > 0 ORDER BY token, block_number DESC, log_index DESC
        ) r USING (token)
        GROUP BY c.project_id
    )"""


def _from(moment: Moment) -> str:
    return f"""
        FROM {standing(moment)} p LEFT JOIN content t ON t.hash = p.content
        LEFT JOIN {moment.of(THRESHOLDS)} h ON h.city_id = p.city_id
        LEFT JOIN {money(moment)} m ON m.project_id = p.project_id
    """


def _ranked(rank: int, **columns: Any) -> tuple[int, ProjectSummary]:
    return rank, ProjectSummary(**columns)
