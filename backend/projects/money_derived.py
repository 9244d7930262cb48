"""Derived tables of campaigns, positions and rounds. Amounts are base units of the token.

A campaign's phase is no column: it follows from these and the time at which one looks (`campaigns.phase`).
"""

from backend.chain.derived import State, Total

_RANGE = "block_number BETWEEN %(lo)s AND %(hi)s"
_AMOUNT = "numeric(78,0)"


def _touched(column: str, *facts: str) -> str:
    return " UNION ALL ".join(f"SELECT {column} AS contract FROM {fact} WHERE {_RANGE}" for fact in facts)


def _last(fact: str, columns: str) -> str:
    """The latest fact of each touched campaign."""
    return f"""(
        SELECT DISTINCT ON (f.contract) f.contract, {columns} FROM touched JOIN {fact} f USING (contract)
        WHERE f.block_number <= %(hi)s ORDER BY f.contract, f.block_number DESC, f.log_index DESC
    )"""


CAMPAIGN = State(
    name="campaign",
    key={"contract": "bytea"},
    columns={
        "project_id": "bigint", "city_id": "bigint", "form": "integer", "token": "bytea",
        "round_id": "bigint", "fee_share": "integer", "created_at": "bigint",
        "edition": "integer", "payee": "bytea", "opens": "bigint", "closes": "bigint",
        "cooling_off": "bigint",
        "goal": _AMOUNT, "cap": _AMOUNT, "veto_share": "integer", "veto_window": "bigint",
        "milestone_term": "bigint", "milestones": "jsonb", "content": "bytea",
        "rate": "integer", "instalments": "integer", "interval": "bigint", "grace": "bigint",
        "default_after": "bigint",  # a loan's, null for other forms
        "unit_price": _AMOUNT,  # a share's, null for other forms
        "milestone": "integer",  # how many are released
        "first_release": "bigint", "last_release": "bigint",  # when, null before
        "stopped_at": "bigint", "to_backers": _AMOUNT, "to_pool": _AMOUNT, "defaulted_at": "bigint",
    },
    touched=f"""
        {_touched("campaign", "campaign_created")}
        UNION ALL {_touched(
            "contract", "terms_set", "tranche_released", "campaign_stopped", "loan_defaulted"
        )}
    """,
    latest=f"""
        SELECT contract, c.project_id, c.city_id, c.form, c.token, c.round_id, c.fee_share,
            c.block_time AS created_at,
            t.edition, t.payee, t.opens, t.closes, t.cooling_off, t.goal, t.cap, t.veto_share, t.veto_window,
            t.milestone_term, t.milestones, t.content,
            l.rate, l.instalments, l."interval", l.grace, l.default_after, u.unit_price,
            coalesce(r.milestone, 0) AS milestone, r.first_release, r.last_release,
            s.block_time AS stopped_at, s.to_backers, s.to_pool, d.block_time AS defaulted_at
        FROM touched
        JOIN campaign_created c ON c.campaign = contract AND c.block_number <= %(hi)s
        JOIN {_last("terms_set", '''f.edition, f.payee, f.opens, f.closes, f.cooling_off, f.goal, f.cap,
            f.veto_share, f.veto_window, f.milestone_term, f.milestones, f.content''')} t USING (contract)
        LEFT JOIN {_last("loan_terms_set", 'f.rate, f.instalments, f."interval", f.grace, f.default_after')} l
            USING (contract)
        LEFT JOIN {_last("unit_price_set", "f.unit_price")} u USING (contract)
        LEFT JOIN (
            SELECT contract, max(milestone) AS milestone, min(block_time) AS first_release,
                max(block_time) AS last_release
            FROM touched JOIN tranche_released USING (contract) WHERE block_number <= %(hi)s GROUP BY contract
        ) r USING (contract)
        LEFT JOIN {_last("campaign_stopped", "f.block_time, f.to_backers, f.to_pool")} s USING (contract)
        LEFT JOIN {_last("loan_defaulted", "f.block_time")} d USING (contract)
    """,
)  # fmt: skip

_SUMS = {
    "pledges": "bigint",
    "raised": _AMOUNT,  # pledged and not withdrawn
    "withdrawn": _AMOUNT,
    "settled": _AMOUNT,  # of what was raised, what refunds were paid for
    "refunded": _AMOUNT,  # what they paid
    "matched": _AMOUNT,  # from the pool, less what went back
    "returned": _AMOUNT,
    "released": _AMOUNT,  # fees included
    "fees": _AMOUNT,
    "collected": _AMOUNT,  # by the payee
    "fees_collected": _AMOUNT,
    "repaid": _AMOUNT,  # interest included
    "interest": _AMOUNT,
    "distributed": _AMOUNT,
    "claimed": _AMOUNT,
}


def _sums(fact: str, **values: str) -> str:
    columns = ", ".join(f"{values.get(name, '0')} AS {name}" for name in _SUMS)
    return f"SELECT contract, {columns} FROM {fact} WHERE {_RANGE}"


CAMPAIGN_SUM = Total(
    name="campaign_sum",
    key={"contract": "bytea"},
    sums=_SUMS,
    delta=" UNION ALL ".join(
        (
            _sums("pledged", pledges="1", raised="amount"),
            _sums("pledge_withdrawn", raised="-amount", withdrawn="amount"),
            _sums("pledge_refunded", settled="principal", refunded="amount"),
            _sums("match_received", matched="amount"),
            _sums("match_returned", matched="-amount", returned="amount"),
            _sums("tranche_released", released="amount", fees="fee"),
            _sums("tranche_collected", collected="amount"),
            _sums("fee_collected", fees_collected="amount"),
            _sums("loan_repaid", repaid="amount", interest="interest"),
            _sums("income_distributed", distributed="amount"),
            _sums("proceeds_claimed", claimed="amount"),
        )
    ),
)

# A withdrawal takes all that is in its cooling-off time: the newest pledges of the backer, and of the wallets
# that stood for the same person before.
WITHDRAWN_BY_SOURCE = f"""
    WITH RECURSIVE withdrawal AS (
        SELECT contract, backer, amount, block_number, log_index, block_time, tx_hash FROM pledge_withdrawn
        WHERE {_RANGE}
    ), whose AS (
        SELECT *, backer AS wallet FROM withdrawal
        UNION SELECT w.contract, w.backer, w.amount, w.block_number, w.log_index, w.block_time, w.tx_hash,
            m.old_wallet
            FROM whose w JOIN pledge_moved m ON m.contract = w.contract AND m.new_wallet = w.wallet
                AND (m.block_number, m.log_index) < (w.block_number, w.log_index)
    ), newest AS (
        SELECT w.contract, w.backer, w.block_number, w.log_index, w.block_time, w.tx_hash, p.source, p.amount,
            w.amount AS whole, sum(p.amount) OVER (
                PARTITION BY w.block_number, w.log_index ORDER BY p.block_number DESC, p.log_index DESC
            ) AS upto
        FROM whose w JOIN pledged p ON p.contract = w.contract AND p.backer = w.wallet
            AND (p.block_number, p.log_index) < (w.block_number, w.log_index)
    )
    SELECT contract, backer, block_number, log_index, block_time, tx_hash, source, 0 AS pledges,
        -least(amount, whole - upto + amount) AS raised
    FROM newest WHERE upto - amount < whole
"""

CAMPAIGN_SOURCE = Total(
    name="campaign_source",
    key={"contract": "bytea", "source": "integer"},
    sums={"pledges": "bigint", "raised": _AMOUNT},
    delta=f"""
        SELECT contract, source, 1 AS pledges, amount AS raised FROM pledged WHERE {_RANGE}
        UNION ALL SELECT contract, source, pledges, raised FROM ({WITHDRAWN_BY_SOURCE}) w
    """,
)

_POSITION_SUMS = {
    "amount": _AMOUNT,  # pledged and not withdrawn or refunded
    "drawn": _AMOUNT,  # of what came in for the backers
    "settled": _AMOUNT,  # what refunds were paid for
    "refunded": _AMOUNT,  # what they paid
}


def _position(fact: str, backer: str = "backer", **values: str) -> str:
    columns = ", ".join(f"{values.get(name, '0')} AS {name}" for name in _POSITION_SUMS)
    return f"SELECT contract, {backer} AS backer, {columns} FROM {fact} WHERE {_RANGE}"


POSITION = Total(
    name="position",
    key={"contract": "bytea", "backer": "bytea"},
    sums=_POSITION_SUMS,
    delta=" UNION ALL ".join(
        (
            _position("pledged", amount="amount"),
            _position("pledge_withdrawn", amount="-amount"),
            _position("pledge_refunded", amount="-principal", settled="principal", refunded="amount"),
            _position("proceeds_claimed", drawn="amount"),
            _position("pledge_moved", "old_wallet", amount="-amount", drawn="-drawn"),
            _position("pledge_moved", "new_wallet", amount="amount", drawn="drawn"),
        )
    ),
)

_ROUND_SUMS = {
    "campaigns": "bigint",
    "budget": _AMOUNT,  # all that was paid in
    "weighed": "bigint",  # how many campaigns are
    "weight": _AMOUNT,
    "given": "bigint",  # how many campaigns were assigned a match
    "assigned": _AMOUNT,
    "paid": _AMOUNT,
    "forfeited": _AMOUNT,  # not paid, or given back, since the campaign was stopped
    "reclaimed": _AMOUNT,
    "rest": _AMOUNT,  # what the city can reclaim
}


def _round(fact: str, **values: str) -> str:
    columns = ", ".join(f"{values.get(name, '0')} AS {name}" for name in _ROUND_SUMS)
    return f"SELECT round_id, {columns} FROM {fact} WHERE {_RANGE}"


ROUND_SUM = Total(
    name="round_sum",
    key={"round_id": "bigint"},
    sums=_ROUND_SUMS,
    delta=" UNION ALL ".join(
        (
            _round("campaign_entered", campaigns="1"),
            _round("round_funded", budget="amount"),
            _round("campaign_weighed", weighed="1", weight="weight"),
            _round("match_assigned", given="1", assigned="amount"),
            _round("round_settled", rest="rest"),
            _round("match_paid", paid="amount"),
            _round("match_forfeited", forfeited="amount", rest="amount"),
            _round("rest_reclaimed", reclaimed="amount", rest="-amount"),
        )
    ),
)


def _first(fact: str) -> str:
    return f"LEFT JOIN (SELECT * FROM {fact} WHERE block_number <= %(hi)s)"


TALLY = State(
    name="tally",
    key={"contract": "bytea"},
    columns={
        "round_id": "bigint",
        "roots": _AMOUNT,  # sum of floor(√(c × 2^64))
        "counted": _AMOUNT,  # sum of what counts
        "people": "bigint",
        "funded": "boolean", "weight": _AMOUNT,  # null until weighed
        "assigned": _AMOUNT,  # null until assigned
        "paid": _AMOUNT,  # null until paid
        "forfeited": _AMOUNT,  # null unless the campaign was stopped
    },
    touched=_touched(
        "campaign", "campaign_entered", "pledge_counted", "campaign_weighed", "match_assigned", "match_paid",
        "match_forfeited",
    ),
    latest=f"""
        SELECT contract, e.round_id, coalesce(p.roots, 0) AS roots, coalesce(p.counted, 0) AS counted,
            coalesce(p.people, 0) AS people, w.funded, w.weight, a.amount AS assigned, m.amount AS paid,
            f.amount AS forfeited
        FROM touched
        JOIN campaign_entered e ON e.campaign = contract AND e.block_number <= %(hi)s
        LEFT JOIN (
            SELECT campaign, count(*) FILTER (WHERE counted > 0) AS people,
                (array_agg(roots ORDER BY block_number DESC, log_index DESC))[1] AS roots,
                (array_agg(sum ORDER BY block_number DESC, log_index DESC))[1] AS counted
            FROM (
                SELECT DISTINCT ON (c.campaign, c.person) c.campaign, c.counted, c.roots, c.sum,
                    c.block_number, c.log_index
                FROM touched JOIN pledge_counted c ON c.campaign = contract WHERE c.block_number <= %(hi)s
                ORDER BY c.campaign, c.person, c.block_number DESC, c.log_index DESC
            ) last GROUP BY campaign
        ) p ON p.campaign = contract
        {_first("campaign_weighed")} w ON w.campaign = contract
        {_first("match_assigned")} a ON a.campaign = contract
        {_first("match_paid")} m ON m.campaign = contract
        LEFT JOIN (
            SELECT campaign, sum(amount) AS amount FROM match_forfeited WHERE block_number <= %(hi)s
            GROUP BY campaign
        ) f ON f.campaign = contract
    """,
)  # fmt: skip

DERIVED = (CAMPAIGN, CAMPAIGN_SUM, CAMPAIGN_SOURCE, POSITION, ROUND_SUM, TALLY)
