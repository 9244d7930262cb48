"""What backers' positions hold beside their sums: what is in its cooling-off time, as whose citizen, and
which tier.

These follow from the order of a position's facts, so they are read from them, for the positions asked for.
"""

from backend.kit.moment import Moment

STATE, NATIONAL_PROGRAMME = 3, 4
_ORDER = "PARTITION BY contract, backer ORDER BY block_number, log_index"


def standing(moment: Moment, only: str = "true") -> str:
    """Relation `(contract, backer, cooling, cooling_until, city_id, tier)` of the positions that `only` (a
    condition on `contract` and `backer`) chooses.

    As the contract keeps it: `cooling` is what was pledged since it last ran out, withdrawn or not.
    """
    return f"""(
        WITH step AS (
            SELECT * FROM ({_steps(moment)}) s WHERE {only}
        ), run AS (
            SELECT *, count(*) FILTER (WHERE resets) OVER ({_ORDER}) AS epoch,
                coalesce(count(*) FILTER (WHERE total = 0) OVER (
                    {_ORDER} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ), 0) AS life
            FROM (SELECT *, sum(change) OVER ({_ORDER}) AS total FROM step) s
        ), pile AS (
            SELECT *, count(*) FILTER (WHERE block_time >= before) OVER ({_ORDER}) AS pile FROM (
                SELECT *, coalesce(max(until) OVER (
                    PARTITION BY contract, backer, epoch ORDER BY block_number, log_index
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ), 0) AS before FROM run
            ) s
        ), cooled AS (
            SELECT DISTINCT ON (contract, backer) contract, backer, sum(cooling) AS cooling,
                max(until) AS cooling_until
            FROM pile GROUP BY contract, backer, epoch, pile ORDER BY contract, backer, epoch DESC, pile DESC
        ), citizen AS (
            SELECT DISTINCT ON (contract, backer) contract, backer,
                (array_agg(citizen_of ORDER BY block_number, log_index))[1] AS city_id
            FROM run GROUP BY contract, backer, life ORDER BY contract, backer, life DESC
        ), tier AS (
            SELECT DISTINCT ON (contract, backer) contract, backer, tier
            FROM {tier_steps(moment)} s WHERE {only}
            ORDER BY contract, backer, block_number DESC, log_index DESC
        )
        SELECT contract, backer, cooling,
            CASE WHEN cooling > 0 THEN cooling_until ELSE 0 END AS cooling_until,
            coalesce(city_id, 0) AS city_id, coalesce(tier, 0) AS tier
        FROM cooled LEFT JOIN citizen USING (contract, backer) LEFT JOIN tier USING (contract, backer)
    )"""


def _steps(moment: Moment) -> str:
    """All that changes positions. `resets`: nothing is in cooling-off afterwards, but `cooling` of this
    step."""
    return f"""
        SELECT contract, backer, block_number, log_index, block_time, amount AS change, amount AS cooling,
            cooling_until AS until, false AS resets,
            CASE WHEN source NOT IN ({STATE}, {NATIONAL_PROGRAMME}) THEN nullif(city_id, 0) END AS citizen_of
        FROM {moment.of("pledged")} p
        UNION ALL SELECT contract, backer, block_number, log_index, block_time, -amount, 0, 0, true, NULL
        FROM {moment.of("pledge_withdrawn")} w
        UNION ALL SELECT contract, backer, block_number, log_index, block_time, -principal, 0, 0, true, NULL
        FROM {moment.of("pledge_refunded")} r
        UNION ALL SELECT contract, old_wallet, block_number, log_index, block_time, -amount, 0, 0, true, NULL
        FROM {moment.of("pledge_moved")} m
        UNION ALL SELECT m.contract, m.new_wallet, m.block_number, m.log_index, m.block_time, m.amount,
            m.cooling,
            m.cooling_until, false, c.city_id
        FROM {moment.of("pledge_moved")} m CROSS JOIN LATERAL ({_city_of_moved(moment)}) c
    """


def _city_of_moved(moment: Moment) -> str:
    """The city of what was moved: the one as whose citizen the old wallet pledged last, else where it was
    recovered."""
    return f"""
        SELECT coalesce(
            (
                SELECT p.city_id FROM {moment.of("pledged")} p
                WHERE p.contract = m.contract AND p.backer = m.old_wallet AND p.city_id > 0
                    AND p.source NOT IN ({STATE}, {NATIONAL_PROGRAMME})
                    AND (p.block_number, p.log_index) < (m.block_number, m.log_index)
                ORDER BY p.block_number DESC, p.log_index DESC LIMIT 1
            ),
            (
                SELECT r.city_id FROM {moment.of("recovered")} r
                WHERE r.old_wallet = m.old_wallet
                    AND (r.block_number, r.log_index) < (m.block_number, m.log_index)
                ORDER BY r.block_number DESC, r.log_index DESC LIMIT 1
            )
        ) AS city_id
    """


def tier_steps(moment: Moment) -> str:
    """Relation `(contract, backer, block_number, log_index, tier)`: which tier a position holds after a
    fact."""
    return f"""(
        SELECT contract, backer, block_number, log_index, tier FROM {moment.of("pledged")} p WHERE tier > 0
        UNION ALL SELECT contract, backer, block_number, log_index, 0
        FROM {moment.of("pledge_withdrawn")} w WHERE tier > 0
        UNION ALL SELECT contract, backer, block_number, log_index, 0 FROM {moment.of("pledge_refunded")} r
        UNION ALL SELECT contract, old_wallet, block_number, log_index, 0 FROM {moment.of("pledge_moved")} o
        UNION ALL SELECT contract, new_wallet, block_number, log_index, tier
        FROM {moment.of("pledge_moved")} n WHERE tier > 0
    )"""
