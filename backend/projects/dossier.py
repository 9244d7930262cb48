"""Reading what belongs to a project: its way through the stages, team, judgements, cities, courses, history.
Every function takes a connection and the moment at which to look.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import Moment
from backend.kit.rows import rows
from backend.projects.names import STAGES
from backend.projects.registry_derived import IDEA, MEMBERSHIP, PARTICIPATION, PROJECT, SUPPORT
from backend.projects.schemas import (
    CityPart,
    Course,
    Member,
    Opinion,
    Project,
    ProjectEntry,
    StagePlace,
    Visit,
)

Conn = AsyncConnection

_NOTHING = "'\\x" + "00" * 32 + "'::bytea"
_SAID = "coalesce(t.document->'description', t.document->'text', t.document->'title')"
"""What a document says, whatever it is."""


async def visits(conn: Conn, moment: Moment, project_id: int) -> list[Visit]:
    """Every stage that a project came to, oldest first."""
    place = "block_time AS time, block_number, tx_hash, log_index"
    return await rows(
        conn,
        Visit,
        f"""
        SELECT v.how, v.stage, v.by, v.documents, v.time, v.block_number, v.tx_hash, {_SAID} AS text
        FROM (
            SELECT 'opened' AS how, 1 AS stage, author AS by, NULL::bytea AS documents, {place}
                FROM {moment.of("project_opened")} a WHERE project_id = %(project)s
            UNION ALL SELECT 'reached', stage, by, nullif(documents, {_NOTHING}), {place}
                FROM {moment.of("stage_reached")} b WHERE project_id = %(project)s
            UNION ALL SELECT 'sent_back', "to", by, reason, {place}
                FROM {moment.of("sent_back")} c WHERE project_id = %(project)s
            UNION ALL SELECT 'pivoted', {IDEA}, NULL, reason, {place}
                FROM {moment.of("pivoted")} d WHERE project_id = %(project)s
        ) v LEFT JOIN content t ON t.hash = v.documents ORDER BY v.block_number, v.log_index
        """,
        {"project": project_id},
    )


def track(project: Project, visits: list[Visit]) -> list[StagePlace]:
    """All stages in their order, each with the last visit to it. What lies ahead may have been visited."""
    present = STAGES.index(project.stage)
    return [
        StagePlace(
            stage=stage,
            state="done" if place < present else "present" if place == present else "ahead",
            visit=next((visit for visit in reversed(visits) if visit.stage == stage), None),
            visits=sum(visit.stage == stage for visit in visits),
        )
        for place, stage in enumerate(STAGES)
    ]


async def team(conn: Conn, moment: Moment, project_id: int) -> list[Member]:
    """Members, then who is invited, in the order in which they came."""
    return await rows(
        conn,
        Member,
        f"SELECT m.member, m.membership, m.role, t.document->'title' AS title, m.since"
        f" FROM {moment.of(MEMBERSHIP)} m LEFT JOIN content t ON t.hash = m.role"
        " WHERE m.project_id = %s ORDER BY m.membership DESC, m.since, m.member",
        (project_id,),
    )


async def opinions(conn: Conn, moment: Moment, project_id: int) -> list[Opinion]:
    """What experts said, newest first."""
    return await rows(
        conn,
        Opinion,
        f"SELECT s.expert, s.city_id, s.score, s.panel, s.panel = p.panel AS counts, s.opinion,"
        f" t.document->'text' AS text, s.block_time AS time"
        f" FROM {moment.of('scored')} s JOIN {moment.of(PROJECT)} p USING (project_id)"
        " LEFT JOIN content t ON t.hash = s.opinion"
        " WHERE s.project_id = %s ORDER BY s.block_number DESC, s.log_index DESC",
        (project_id,),
    )


async def cities(conn: Conn, moment: Moment, project_id: int) -> list[CityPart]:
    """The home city, then the others with a part in the project, with the support of each."""
    return await rows(
        conn,
        CityPart,
        f"""
        SELECT c.city_id, c.part, c.since, coalesce(s.supporters, 0) AS supporters
        FROM (
            SELECT city_id, 'home' AS part, opened_at AS since, version, 0 AS place
                FROM {moment.of(PROJECT)} p WHERE project_id = %(project)s
            UNION ALL SELECT j.city_id, CASE j.participation WHEN 2 THEN 'joined' ELSE 'invited' END,
                j.since, q.version, 3 - j.participation
                FROM {moment.of(PARTICIPATION)} j JOIN {moment.of(PROJECT)} q USING (project_id)
                WHERE project_id = %(project)s
        ) c
        LEFT JOIN {moment.of(SUPPORT)} s
            ON s.project_id = %(project)s AND s.version = c.version AND s.city_id = c.city_id
        ORDER BY c.place, supporters DESC, c.city_id
        """,
        {"project": project_id},
    )


async def courses(conn: Conn, moment: Moment, project_id: int) -> list[Course]:
    """The courses that the team completed, oldest first."""
    return await rows(
        conn,
        Course,
        f"SELECT c.course, t.document->'title' AS title, c.by, c.evidence, c.block_time AS time"
        f" FROM {moment.of('course_completed')} c LEFT JOIN content t ON t.hash = c.course"
        " WHERE c.project_id = %s ORDER BY c.block_number, c.log_index",
        (project_id,),
    )


# One line for each fact that a project's history is made of: type, by, account, city, stage, score, document.
_HISTORY = {
    "project_opened": "'opened' AS type, author AS by, NULL::bytea AS account, NULL::bigint AS city_id,"
    " 1 AS stage, NULL::integer AS score, NULL::bytea AS document",
    "project_described": "'described', NULL, NULL, NULL, NULL, NULL, NULL",
    "stage_reached": "'reached', by, NULL, NULL, stage, NULL, documents",
    "funded_by": "'funded', NULL, campaign, NULL, NULL, NULL, NULL",
    "sent_back": "'sent_back', by, NULL, NULL, \"to\", NULL, reason",
    "pause_changed": "CASE paused WHEN 0 THEN 'resumed' ELSE 'paused' END, by, NULL, NULL, NULL, NULL,"
    " reason",
    "pivoted": f"'pivoted', NULL, NULL, NULL, {IDEA}, NULL, reason",
    "author_changed": '\'new_author\', "from", "to", NULL, NULL, NULL, NULL',
    "author_offered": "'offered', NULL, \"to\", NULL, NULL, NULL, NULL",
    "participation_changed": "CASE participation WHEN 2 THEN 'city_joined' ELSE 'city_invited' END, by, NULL,"
    " city_id, NULL, NULL, NULL",
    "membership_changed": "CASE membership WHEN 2 THEN 'joined_team' WHEN 1 THEN 'invited'"
    " ELSE 'left_team' END, NULL, member, NULL, NULL, NULL, role",
    "scored": "'scored', expert, NULL, city_id, NULL, score, opinion",
    "course_completed": "'course', by, NULL, NULL, NULL, NULL, course",
}


async def history(
    conn: Conn, moment: Moment, project_id: int, after: tuple[int, int] | None = None, limit: int = 50
) -> list[ProjectEntry]:
    """What happened to a project, newest first; support is counted and not listed. `after` is the place of
    the last entry seen, block and log.
    """
    before = "AND (block_number, log_index) < (%(block)s, %(log)s)" if after else ""
    block, log = after or (None, None)
    each = " UNION ALL ".join(
        f"(SELECT {columns}, block_time AS time, block_number, tx_hash, log_index FROM {moment.of(fact)} f"
        f" WHERE project_id = %(project)s {before}"
        " ORDER BY block_number DESC, log_index DESC LIMIT %(limit)s)"
        for fact, columns in _HISTORY.items()
    )
    return await rows(
        conn,
        ProjectEntry,
        f"""
        SELECT e.type, e.by, e.account, e.city_id, e.stage, e.score, e.time, e.block_number, e.tx_hash,
            e.log_index, {_SAID} AS text
        FROM (
            SELECT * FROM ({each}) x ORDER BY block_number DESC, log_index DESC LIMIT %(limit)s
        ) e LEFT JOIN content t ON t.hash = e.document ORDER BY e.block_number DESC, e.log_index DESC
        """,
        {"project": project_id, "block": block, "log": log, "limit": limit},
    )
