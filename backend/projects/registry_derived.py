"""Derived tables of what `ProjectRegistry` wrote. Kinds, stages, pauses, memberships and
participations are the numbers of the contract's enumerations (`names.py` says them).
"""

from backend.chain.derived import State, Total

_RANGE = "block_number BETWEEN %(lo)s AND %(hi)s"
_NOBODY = "'\\x" + "00" * 20 + "'::bytea"
IDEA = 2
"""The stage that a pivot leads back to."""


def _touched(key: str, *facts: str) -> str:
    return " UNION ALL ".join(f"SELECT {key} FROM {fact} WHERE {_RANGE}" for fact in facts)


def _last(key: str, columns: str, *facts: str, where: str = "true") -> str:
    """The latest of these facts for each touched key. `columns`: for each fact, separated by semicolons."""
    each = " UNION ALL ".join(
        f"SELECT {key}, block_number, log_index, {chosen} FROM touched JOIN {fact} f USING ({key})"
        f" WHERE block_number <= %(hi)s AND {where}"
        for fact, chosen in zip(facts, columns.split(";"), strict=True)
    )
    return f"(SELECT DISTINCT ON ({key}) * FROM ({each}) e ORDER BY {key}, block_number DESC, log_index DESC)"


PROJECT = State(
    name="project",
    key={"project_id": "bigint"},
    columns={
        "city_id": "bigint",
        "author": "bytea",
        "kind": "integer",
        "stage": "integer",
        "paused": "integer",
        "version": "integer",
        "panel": "integer",
        "request_id": "bigint",  # 0: answers none
        "campaign": "bytea",  # that funded it, null before implementation
        "offered_to": "bytea",  # who may take it over, null: nobody
        "content": "bytea",
        "opened_at": "bigint",
        "staged_at": "bigint",  # when it reached the stage
    },
    touched=_touched(
        "project_id", "project_opened", "project_described", "stage_reached", "funded_by", "sent_back",
        "pause_changed", "pivoted", "author_changed", "author_offered",
    ),
    latest=f"""
        SELECT o.project_id, o.city_id, coalesce(a.author, o.author) AS author,
            coalesce(v.kind, o.kind) AS kind, coalesce(s.stage, 1) AS stage, coalesce(p.paused, 0) AS paused,
            coalesce(v.version, 1) AS version, coalesce(j.panel, 1) AS panel, o.request_id, f.campaign,
            x.offered_to, coalesce(d.content, o.content) AS content, o.block_time AS opened_at,
            coalesce(s.staged_at, o.block_time) AS staged_at
        FROM touched JOIN project_opened o USING (project_id)
        LEFT JOIN {_last("project_id", 'f."to" AS author', "author_changed")} a USING (project_id)
        LEFT JOIN {_last("project_id", "f.kind, f.version", "pivoted")} v USING (project_id)
        LEFT JOIN {_last(
            "project_id",
            f'''f.stage, f.block_time AS staged_at; f."to", f.block_time; {IDEA}, f.block_time''',
            "stage_reached", "sent_back", "pivoted",
        )} s USING (project_id)
        LEFT JOIN {_last("project_id", "f.paused", "pause_changed")} p USING (project_id)
        LEFT JOIN {_last("project_id", "f.panel; f.panel", "sent_back", "pivoted")} j USING (project_id)
        LEFT JOIN {_last("project_id", "f.campaign", "funded_by")} f USING (project_id)
        LEFT JOIN {_last(
            "project_id", f'nullif(f."to", {_NOBODY}) AS offered_to; NULL',
            "author_offered", "author_changed",
        )} x USING (project_id)
        LEFT JOIN {_last("project_id", "f.content; f.content", "project_described", "pivoted")} d
            USING (project_id)
        WHERE o.block_number <= %(hi)s
    """,
)  # fmt: skip

REQUEST = State(
    name="request",
    key={"request_id": "bigint"},
    columns={
        "city_id": "bigint",
        "author": "bytea",
        "kind": "integer",
        "token": "bytea",  # null: no budget
        "budget": "numeric(78,0)",  # base units of `token`
        "closes": "bigint",
        "closed": "boolean",  # by its author
        "content": "bytea",
        "published_at": "bigint",
    },
    touched=_touched("request_id", "request_published", "request_closed"),
    latest=f"""
        SELECT r.request_id, r.city_id, r.author, r.kind, nullif(r.token, {_NOBODY}) AS token, r.budget,
            coalesce(c.block_time, r.closes) AS closes, c.request_id IS NOT NULL AS closed, r.content,
            r.block_time AS published_at
        FROM touched JOIN request_published r USING (request_id)
        LEFT JOIN request_closed c ON c.request_id = r.request_id AND c.block_number <= %(hi)s
        WHERE r.block_number <= %(hi)s
    """,
)

THRESHOLDS = State(
    name="project_thresholds",
    key={"city_id": "bigint"},
    columns={
        "support": "bigint",
        "experts": "integer",
        "score": "integer",
        "team": "integer",
        "courses": "integer",
    },
    touched=_touched("city_id", "thresholds_set"),
    latest=f"""
        SELECT city_id, support, experts, score, team, courses FROM
        {_last("city_id", "f.support, f.experts, f.score, f.team, f.courses", "thresholds_set")} t
    """,
)  # fmt: skip

PARTICIPATION = State(
    name="participation",
    key={"project_id": "bigint", "city_id": "bigint"},
    columns={"participation": "integer", "since": "bigint"},
    touched=_touched("project_id, city_id", "participation_changed"),
    latest=f"""
        SELECT project_id, city_id, participation, since FROM
        {_last("project_id, city_id", "f.participation, f.block_time AS since", "participation_changed")} p
        WHERE participation <> 0
    """,
)

MEMBERSHIP = State(
    name="membership",
    key={"project_id": "bigint", "member": "bytea"},
    columns={"membership": "integer", "role": "bytea", "since": "bigint"},
    touched=_touched("project_id, member", "membership_changed"),
    latest=f"""
        SELECT project_id, member, m.membership, i.role, m.since FROM
        {_last("project_id, member", "f.membership, f.block_time AS since", "membership_changed")} m
        LEFT JOIN {_last("project_id, member", "f.role", "membership_changed", where="f.membership = 1")} i
            USING (project_id, member)
        WHERE m.membership <> 0
    """,
)

SUPPORT = Total(
    name="project_support",
    key={"project_id": "bigint", "version": "integer", "city_id": "bigint"},
    sums={"supporters": "bigint"},
    delta=f"SELECT project_id, version, city_id, 1 AS supporters FROM supported WHERE {_RANGE}",
)

SCORES = Total(
    name="project_scores",
    key={"project_id": "bigint", "panel": "integer"},
    sums={"scores": "bigint", "score_sum": "bigint"},
    delta=f"SELECT project_id, panel, 1 AS scores, score AS score_sum FROM scored WHERE {_RANGE}",
)

COURSES = Total(
    name="project_courses",
    key={"project_id": "bigint"},
    sums={"courses": "bigint"},
    delta=f"SELECT project_id, 1 AS courses FROM course_completed WHERE {_RANGE}",
)

DERIVED = (PROJECT, REQUEST, THRESHOLDS, PARTICIPATION, MEMBERSHIP, SUPPORT, SCORES, COURSES)
