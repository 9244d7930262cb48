"""What is credited to the units of funds, partner by partner, to the base unit.

A fund keeps what was credited per unit (in 2^96ths), and settles a partner's part whenever their units
change or they claim: rounded down from one settlement to the next. So credits follow from the order of the
facts, which is told here once, for the derived table and for readers.
"""

from collections.abc import Callable

Of = Callable[[str], str]
"""What to write after FROM to read a fact."""

PER_UNIT = 2**96
"""What is credited per unit is counted in such parts."""
_NOBODY = "'\\x" + "00" * 20 + "'::bytea"
_ORDER = "PARTITION BY contract, partner ORDER BY block_number, log_index"

CREDITS = {
    "capital_committed": "premium",
    "proceeds_distributed": "distribution",
    "fund_concluded": "escrow",
    "carry_returned": "carry_returned",
}
"""The facts that credit units, and what they credit."""


def prices(of: Of) -> str:
    """Relation `(contract, block_number, log_index, block_time, tx_hash, credit, per_unit)`: what is
    credited per unit after each fact that credits.

    A premium is credited before the units are made that it is paid for: it stands where they are made.
    """
    each = {
        fact: f"""
            SELECT contract, block_number, log_index, block_time, tx_hash, '{credit}' AS credit, per_unit
            FROM {of(fact)} f"""
        for fact, credit in CREDITS.items()
    }
    each["capital_committed"] = f"""
        SELECT f.contract, f.block_number, coalesce(m.log_index, f.log_index) AS log_index, f.block_time,
            f.tx_hash, 'premium' AS credit, f.per_unit
        FROM {of("capital_committed")} f LEFT JOIN LATERAL (
            SELECT max(log_index) AS log_index FROM {of("transfer")} t
            WHERE t.contract = f.contract AND t.block_number = f.block_number AND t.log_index < f.log_index
                AND t.tx_hash = f.tx_hash AND t."from" = {_NOBODY} AND t."to" = f.partner
                AND t.value = f.capital
        ) m ON true
        WHERE f.per_unit > 0"""
    return f"({' UNION ALL '.join(each.values())})"


def per_unit(of: Of) -> str:
    """Relation `(contract, per_unit)`: what is credited per unit by now, of funds that ever credited."""
    facts = " UNION ALL ".join(f"SELECT contract, per_unit FROM {of(fact)} f" for fact in CREDITS)
    return f"(SELECT contract, max(per_unit) AS per_unit FROM ({facts}) p GROUP BY contract)"


def credits(keys: str, of: Of) -> str:
    """Relation of all that changes or settles what partners are credited: `(contract, partner, block_number,
    log_index, block_time, tx_hash, credit, settles, units, per_unit, settled, credited)`.

    `keys` is a relation `(contract, partner)`. `credit` is null where a fact credits nothing; `settles` says
    that the partner was settled. After it `units` are held, `settled` is what was settled so far, and
    `credited` that and what is credited since, rounded down as a claim would be.
    """
    return f"""(
        WITH wanted AS MATERIALIZED (SELECT contract, partner FROM {keys} k), change AS (
            SELECT contract, partner, block_number, log_index, block_time, tx_hash, sum(change) AS change
            FROM (
                SELECT w.*, block_number, log_index, block_time, tx_hash, -value AS change
                FROM wanted w JOIN {of("transfer")} f ON f.contract = w.contract AND f."from" = w.partner
                UNION ALL SELECT w.*, block_number, log_index, block_time, tx_hash, value
                FROM wanted w JOIN {of("transfer")} f ON f.contract = w.contract AND f."to" = w.partner
                UNION ALL SELECT w.*, block_number, log_index, block_time, tx_hash, 0
                FROM wanted w JOIN {of("distribution_claimed")} f USING (contract, partner)
            ) c GROUP BY contract, partner, block_number, log_index, block_time, tx_hash
        ), step AS (
            SELECT contract, partner, block_number, log_index, block_time, tx_hash, NULL AS credit,
                true AS settles, change, 0 AS per_unit, 1 AS place
            FROM change
            UNION ALL SELECT contract, w.partner, block_number, log_index, block_time, tx_hash, credit,
                false, 0, per_unit, 0
            FROM wanted w JOIN {prices(of)} p USING (contract)
        ), run AS (
            SELECT contract, partner, block_number, log_index, block_time, tx_hash, credit, settles, place,
                change, sum(change) OVER ({_ORDER}, place) AS units,
                max(per_unit) OVER ({_ORDER}, place) AS per_unit
            FROM step
        ), part AS (
            SELECT *, coalesce(max(per_unit) FILTER (WHERE settles) OVER ({_ORDER}, place
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS last
            FROM run
        ), settled AS (
            SELECT *, coalesce(sum(div((units - change) * (per_unit - last), {PER_UNIT}))
                FILTER (WHERE settles) OVER ({_ORDER}, place), 0) AS settled
            FROM part
        )
        SELECT contract, partner, block_number, log_index, block_time, tx_hash, credit, settles, units,
            per_unit, settled, CASE WHEN settles THEN settled
                ELSE settled + div(units * (per_unit - last), {PER_UNIT}) END AS credited
        FROM settled
    )"""
