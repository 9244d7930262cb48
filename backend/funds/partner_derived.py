"""Derived tables of partners. Amounts are base units of the fund's token, units as many.

What a partner can claim is no column: what is credited runs with the fund (`partners.positions`).
"""

from backend.chain.derived import State
from backend.funds.credits import credits

_RANGE = "block_number BETWEEN %(lo)s AND %(hi)s"
_AMOUNT = "numeric(78,0)"
_NOBODY = "'\\x" + "00" * 20 + "'::bytea"
_FACTS = (
    "partner_admitted", "capital_committed", "commitment_withdrawn", "call_paid", "partner_defaulted",
    "distribution_claimed", "motion_supported",
)  # fmt: skip


def _until(fact: str) -> str:
    return f"(SELECT * FROM {fact} WHERE block_number <= %(hi)s)"


def _sum(fact: str, **columns: str) -> str:
    sums = ", ".join(f"sum({column}) AS {name}" for name, column in columns.items())
    return f"""(
        SELECT contract, partner, {sums}, max(f.block_number) AS block FROM touched
        JOIN {_until(fact)} f USING (contract, partner) GROUP BY contract, partner
    )"""


PARTNER = State(
    name="partner",
    key={"contract": "bytea", "partner": "bytea"},
    columns={
        "admitted": "boolean",
        "defaulted_at": "bigint",  # null unless a default was declared
        "commitment": _AMOUNT,  # after a default nothing
        "paid": _AMOUNT,  # capital, for earlier calls and on calls
        "premium": _AMOUNT,  # paid on top for earlier calls
        "late_fee": _AMOUNT,
        "lost": _AMOUNT,  # units burned by a default
        "units": _AMOUNT,
        "got": _AMOUNT, "gave": _AMOUNT,  # units, by transfer from and to others
        "settled": _AMOUNT,  # credited up to the last settlement
        "per_unit": _AMOUNT,  # what was credited per unit at that time
        "claimed": _AMOUNT,
        "locked_until": "bigint",  # first second at which units can leave after consent to a motion; 0: free
    },
    touched=" UNION ALL ".join(
        [f"SELECT contract, partner FROM {fact} WHERE {_RANGE}" for fact in _FACTS]
        + [
            f'SELECT contract, "{side}" AS partner FROM transfer WHERE {_RANGE} AND "{side}" <> {_NOBODY}'
            for side in ("from", "to")
        ]
    ),
    latest=f"""
        SELECT contract, partner, a.admitted, d.defaulted_at,
            CASE WHEN d.defaulted_at IS NULL
                THEN coalesce(c.commitment, 0) - coalesce(w.amount, 0) ELSE 0 END AS commitment,
            coalesce(c.capital, 0) + coalesce(p.amount, 0) AS paid, coalesce(c.premium, 0) AS premium,
            coalesce(p.late_fee, 0) AS late_fee, coalesce(d.units, 0) AS lost, coalesce(u.units, 0) AS units,
            coalesce(m.got, 0) AS got, coalesce(m.gave, 0) AS gave, coalesce(u.settled, 0) AS settled,
            coalesce(u.per_unit, 0) AS per_unit, coalesce(x.amount, 0) AS claimed,
            coalesce(l.until, 0) AS locked_until
        FROM touched
        JOIN (
            SELECT DISTINCT ON (contract, partner) contract, partner, f.admitted
            FROM touched JOIN {_until("partner_admitted")} f USING (contract, partner)
            ORDER BY contract, partner, f.block_number DESC, f.log_index DESC
        ) a USING (contract, partner)
        LEFT JOIN {_sum(
            "capital_committed", commitment="amount", capital="capital", premium="premium"
        )} c USING (contract, partner)
        LEFT JOIN {_sum("commitment_withdrawn", amount="amount")} w USING (contract, partner)
        LEFT JOIN {_sum("call_paid", amount="amount", late_fee="late_fee")} p USING (contract, partner)
        LEFT JOIN {_sum("distribution_claimed", amount="amount")} x USING (contract, partner)
        LEFT JOIN (
            SELECT contract, partner, min(block_time) AS defaulted_at, sum(units) AS units
            FROM touched JOIN {_until("partner_defaulted")} f USING (contract, partner)
            GROUP BY contract, partner
        ) d USING (contract, partner)
        LEFT JOIN (
            SELECT k.contract, k.partner,
                sum(f.value) FILTER (WHERE f."to" = k.partner AND f."from" <> {_NOBODY}) AS got,
                sum(f.value) FILTER (WHERE f."from" = k.partner AND f."to" <> {_NOBODY}) AS gave
            FROM touched k JOIN {_until("transfer")} f
                ON f.contract = k.contract AND k.partner IN (f."from", f."to") AND f."from" <> f."to"
            GROUP BY k.contract, k.partner
        ) m USING (contract, partner)
        LEFT JOIN (
            SELECT contract, partner, max(q.until) AS until
            FROM touched JOIN {_until("motion_supported")} s USING (contract, partner)
            JOIN {_until("motion_proposed")} q USING (contract, number) GROUP BY contract, partner
        ) l USING (contract, partner)
        LEFT JOIN (
            SELECT DISTINCT ON (contract, partner) contract, partner, units, per_unit, settled
            FROM {credits("touched", _until)} s WHERE settles
            ORDER BY contract, partner, block_number DESC, log_index DESC
        ) u USING (contract, partner)
    """,
)  # fmt: skip

DERIVED = (PARTNER,)
