"""Derived tables of cities: who runs them, who has which role, how many citizens they have."""

from backend.chain.derived import State, Total

CITY = State(
    name="city",
    key={"city_id": "bigint"},
    columns={"code": "bytea", "steward": "bytea", "content": "bytea", "opened_at": "bigint"},
    touched="""
        SELECT city_id FROM city_opened WHERE block_number BETWEEN %(lo)s AND %(hi)s
        UNION ALL SELECT city_id FROM steward_set WHERE block_number BETWEEN %(lo)s AND %(hi)s
        UNION ALL SELECT city_id FROM city_described WHERE block_number BETWEEN %(lo)s AND %(hi)s
    """,
    latest="""
        SELECT o.city_id, o.code, coalesce(s.steward, o.steward) AS steward,
            coalesce(d.content, o.content) AS content, o.block_time AS opened_at
        FROM touched
        JOIN city_opened o USING (city_id)
        LEFT JOIN (
            SELECT DISTINCT ON (city_id) city_id, steward FROM steward_set WHERE block_number <= %(hi)s
            ORDER BY city_id, block_number DESC, log_index DESC
        ) s USING (city_id)
        LEFT JOIN (
            SELECT DISTINCT ON (city_id) city_id, content FROM city_described WHERE block_number <= %(hi)s
            ORDER BY city_id, block_number DESC, log_index DESC
        ) d USING (city_id)
        WHERE o.block_number <= %(hi)s
    """,
)

ROLE = State(
    name="city_role",
    key={"city_id": "bigint", "account": "bytea"},
    columns={"roles": "integer"},
    touched="SELECT city_id, account FROM roles_set WHERE block_number BETWEEN %(lo)s AND %(hi)s",
    latest="""
        SELECT city_id, account, roles FROM (
            SELECT DISTINCT ON (r.city_id, r.account) r.city_id, r.account, r.roles
            FROM touched JOIN roles_set r USING (city_id, account) WHERE r.block_number <= %(hi)s
            ORDER BY r.city_id, r.account, r.block_number DESC, r.log_index DESC
        ) last WHERE roles <> 0
    """,
)

CITIZENS = Total(
    name="citizen_count",
    key={"city_id": "bigint"},
    sums={"citizens": "bigint"},
    delta="""
        SELECT city_id, 1 AS citizens FROM citizen_registered WHERE block_number BETWEEN %(lo)s AND %(hi)s
    """,
)

DERIVED = (CITY, ROLE, CITIZENS)
