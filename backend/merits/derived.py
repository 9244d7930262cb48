"""Derived tables of merits. `period` is the one in which merits were earned, unless said otherwise.

What is held, spent, expired or reversed at a moment follows from sums per period and the period of that
moment: nothing here knows what time it is.
"""

from backend.chain.derived import State, Total

_RANGE = "block_number BETWEEN %(lo)s AND %(hi)s"

_AWARD_PERIOD = "((awarded.block_time - o.origin) / o.period_length)::integer"

_SPENT = f"""
    redeemed f CROSS JOIN LATERAL
        (VALUES (f.period - 1, f.from_previous), (f.period, f.from_current)) p (period, merits)
    WHERE p.merits <> 0 AND {_RANGE}
"""

_GIVEN_BACK = f"""
    voucher_refunded f CROSS JOIN LATERAL
        (VALUES (f.period - 1, f.to_previous), (f.period, f.to_current)) p (period, merits)
    WHERE p.merits <> 0 AND {_RANGE}
"""

ACCOUNT = Total(
    name="merit_account",
    key={"citizen": "bytea", "city_id": "bigint", "period": "integer"},
    sums={
        "held": "bigint",  # earned in this period and not yet spent or reversed
        "standing": "bigint",  # its sum over all periods is the citizen's lifetime merits
    },
    delta=f"""
        SELECT citizen, city_id, {_AWARD_PERIOD} AS period, points AS held, points AS standing
            FROM awarded CROSS JOIN ledger_opened o WHERE awarded.{_RANGE}
        UNION ALL SELECT citizen, city_id, period, points, points FROM epoch_claimed WHERE {_RANGE}
        UNION ALL SELECT citizen, city_id, period, -taken, -points FROM award_reversed
            WHERE NOT unclaimed AND {_RANGE}
        UNION ALL SELECT citizen, city_id, p.period, -p.merits, 0 FROM {_SPENT}
        UNION ALL SELECT citizen, city_id, p.period, p.merits, 0 FROM {_GIVEN_BACK}
        UNION ALL SELECT p.citizen, city_id, p.period, p.held, p.standing
            FROM account_moved m CROSS JOIN LATERAL (VALUES
                (old_wallet, m.period, -current, -lifetime), (old_wallet, m.period - 1, -previous, 0),
                (new_wallet, m.period, current, lifetime), (new_wallet, m.period - 1, previous, 0)
            ) p (citizen, period, held, standing)
            WHERE {_RANGE}
    """,
)

CITY_MERITS = Total(
    name="city_merits",
    key={"city_id": "bigint", "period": "integer"},
    sums={
        "issued": "bigint",  # awarded and claimed
        "spent": "bigint",  # taken by redemptions
        "given_back": "bigint",  # by refunds; `period` is the one they count as earned in
        "reversed": "bigint",  # taken by reversals
        "shortfall": "bigint",  # reversed too, but spent or expired before
    },
    delta=f"""
        SELECT city_id, {_AWARD_PERIOD} AS period,
                points AS issued, 0 AS spent, 0 AS given_back, 0 AS reversed, 0 AS shortfall
            FROM awarded CROSS JOIN ledger_opened o WHERE awarded.{_RANGE}
        UNION ALL SELECT city_id, period, points, 0, 0, 0, 0 FROM epoch_claimed WHERE {_RANGE}
        UNION ALL SELECT city_id, period, 0, 0, 0, taken, points - taken FROM award_reversed
            WHERE NOT unclaimed AND {_RANGE}
        UNION ALL SELECT city_id, p.period, 0, p.merits, 0, 0, 0 FROM {_SPENT}
        UNION ALL SELECT city_id, p.period, 0, 0, p.merits, 0, 0 FROM {_GIVEN_BACK}
    """,
)

RULES = State(
    name="merit_rules",
    key={"city_id": "bigint"},  # 0: all cities
    columns={"daily_cap": "integer", "pauses": "integer"},
    touched=f"""
        SELECT city_id FROM cap_set WHERE {_RANGE} UNION ALL SELECT city_id FROM pause_set WHERE {_RANGE}
    """,
    latest="""
        SELECT city_id, coalesce(c.daily_cap, 0) AS daily_cap, coalesce(p.pauses, 0) AS pauses
        FROM touched
        LEFT JOIN (
            SELECT DISTINCT ON (city_id) city_id, daily_cap FROM cap_set WHERE block_number <= %(hi)s
            ORDER BY city_id, block_number DESC, log_index DESC
        ) c USING (city_id)
        LEFT JOIN (
            SELECT DISTINCT ON (city_id) city_id, pauses FROM pause_set WHERE block_number <= %(hi)s
            ORDER BY city_id, block_number DESC, log_index DESC
        ) p USING (city_id)
        WHERE c.city_id IS NOT NULL OR p.city_id IS NOT NULL
    """,
)

KIND = State(
    name="act_kind",
    key={"city_id": "bigint", "kind_id": "bigint"},
    columns={"points": "integer", "content": "bytea"},
    touched=f"SELECT city_id, kind_id FROM kind_published WHERE {_RANGE}",
    latest="""
        SELECT DISTINCT ON (k.city_id, k.kind_id) k.city_id, k.kind_id, k.points, k.content
        FROM touched JOIN kind_published k USING (city_id, kind_id) WHERE k.block_number <= %(hi)s
        ORDER BY k.city_id, k.kind_id, k.block_number DESC, k.log_index DESC
    """,
)

BUDGET = State(
    name="verifier_budget",
    key={"city_id": "bigint", "verifier": "bytea"},
    columns={"per_period": "bigint"},
    touched=f"SELECT city_id, verifier FROM budget_set WHERE {_RANGE}",
    latest="""
        SELECT DISTINCT ON (b.city_id, b.verifier) b.city_id, b.verifier, b.per_period
        FROM touched JOIN budget_set b USING (city_id, verifier) WHERE b.block_number <= %(hi)s
        ORDER BY b.city_id, b.verifier, b.block_number DESC, b.log_index DESC
    """,
)

BUDGET_USE = Total(
    name="budget_use",
    key={"city_id": "bigint", "verifier": "bytea", "period": "integer"},  # the period of the award
    sums={"used": "bigint", "batches": "bigint"},
    delta=f"""
        SELECT city_id, verifier, period, points * count AS used, 1 AS batches FROM batch_awarded WHERE
            {_RANGE}
        UNION ALL SELECT city_id, verifier, period, acts * points, 0 FROM epoch_opened WHERE {_RANGE}
    """,
)

EPOCH_USE = Total(
    name="epoch_use",
    key={"city_id": "bigint", "epoch_id": "bigint"},
    sums={
        "claims": "bigint",
        "claimed": "bigint",  # merits
        "reversed": "bigint",  # merits that nobody had claimed and nobody will
    },
    delta=f"""
        SELECT city_id, epoch_id, 1 AS claims, points AS claimed, 0 AS reversed FROM epoch_claimed WHERE
            {_RANGE}
        UNION ALL SELECT city_id, ('x' || right(encode(source, 'hex'), 8))::bit(32)::bigint, 0, 0, points
            FROM award_reversed WHERE unclaimed AND {_RANGE}
    """,
)

OFFER_USE = Total(
    name="offer_use",
    key={"offer_id": "bigint"},
    sums={"opened": "bigint", "fulfilled": "bigint", "refunded": "bigint"},
    delta=f"""
        SELECT offer_id, 1 AS opened, 0 AS fulfilled, 0 AS refunded FROM redeemed WHERE {_RANGE}
        UNION ALL SELECT offer_id, 0, 1, 0 FROM voucher_fulfilled WHERE {_RANGE}
        UNION ALL SELECT offer_id, 0, 0, 1 FROM voucher_refunded WHERE {_RANGE}
    """,
)

CLEARING = Total(
    name="merit_clearing",
    key={"home_id": "bigint", "city_id": "bigint"},  # the offer's city, and the city whose merits were spent
    sums={"opened": "bigint", "fulfilled": "bigint", "refunded": "bigint"},  # merits
    delta=f"""
        SELECT o.city_id AS home_id, r.city_id, r.from_previous + r.from_current AS opened, 0 AS fulfilled, 0
            AS refunded
            FROM redeemed r JOIN offer_published o USING (offer_id) WHERE r.{_RANGE}
        UNION ALL SELECT o.city_id, r.city_id, 0, r.from_previous + r.from_current, 0
            FROM voucher_fulfilled f JOIN redeemed r USING (voucher_id) JOIN offer_published o ON o.offer_id =
                f.offer_id
            WHERE f.{_RANGE}
        UNION ALL SELECT o.city_id, f.city_id, 0, 0, f.to_previous + f.to_current
            FROM voucher_refunded f JOIN offer_published o USING (offer_id) WHERE f.{_RANGE}
    """,
)

POOL = Total(
    name="sponsor_pool",
    key={"offer_id": "bigint"},
    sums={"balance": "numeric(78,0)"},  # base units of the offer's token
    delta=f"""
        SELECT offer_id, amount AS balance FROM pool_funded WHERE {_RANGE}
        UNION ALL SELECT offer_id, -amount FROM pool_reclaimed WHERE {_RANGE}
        UNION ALL SELECT offer_id, -reimbursed FROM voucher_fulfilled WHERE reimbursed <> 0 AND {_RANGE}
    """,
)

EARNING = Total(
    name="partner_earning",
    key={"partner": "bytea", "token": "bytea"},
    sums={"amount": "numeric(78,0)"},  # base units of the token, not yet drawn
    delta=f"""
        SELECT o.partner, o.token, f.reimbursed AS amount
            FROM voucher_fulfilled f JOIN offer_published o USING (offer_id) WHERE f.reimbursed <> 0 AND
                f.{_RANGE}
        UNION ALL SELECT partner, token, -amount FROM withdrawn WHERE {_RANGE}
    """,
)

DERIVED = (
    ACCOUNT, CITY_MERITS, RULES, KIND, BUDGET, BUDGET_USE, EPOCH_USE, OFFER_USE, CLEARING, POOL, EARNING,
)  # fmt: skip
