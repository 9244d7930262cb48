"""Reading what a citizen has: balances, history. Every function takes a connection and the moment at which to
look.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import Moment
from backend.kit.rows import rows, values
from backend.merits.derived import ACCOUNT, KIND
from backend.merits.queries import clock
from backend.merits.schemas import Balance, Entry, Expiry

Conn = AsyncConnection


async def balances(conn: Conn, moment: Moment, wallet: bytes) -> list[Balance]:
    """A citizen's merits in every city where they ever earned any, most first."""
    held = await values(
        conn,
        f"""
        SELECT a.city_id, coalesce(sum(held) FILTER (WHERE period = now - 1), 0)::bigint AS expiring,
            coalesce(sum(held) FILTER (WHERE period = now), 0)::bigint AS fresh,
            sum(standing)::bigint AS standing,
            min(origin + (now + 1) * period_length) AS ends,
            min(origin + (now + 2) * period_length) AS next_ends
        FROM {moment.of(ACCOUNT)} a CROSS JOIN {clock(moment)} p WHERE a.citizen = %s GROUP BY a.city_id
        """,
        (wallet,),
    )
    found = [
        Balance(
            city_id=city_id,
            held=expiring + fresh,
            standing=standing,
            expires=[Expiry(merits=m, at=at) for m, at in ((expiring, ends), (fresh, next_ends)) if m],
        )
        for city_id, expiring, fresh, standing, ends, next_ends in held
    ]
    return sorted(found, key=lambda balance: (-balance.held, balance.city_id))


async def entries(
    conn: Conn, moment: Moment, wallet: bytes, after: tuple[int, int] | None = None, limit: int = 50
) -> list[Entry]:
    """The history of a wallet, newest first. `after` is the key (block, log) of the last entry seen."""
    block, log = after or (2**63 - 1, 0)
    lines = " UNION ALL ".join(
        f"(SELECT {_line(columns)} FROM {relation.format_map(_Facts(moment))} WHERE {mine}"
        " AND (f.block_number, f.log_index) < (%(block)s, %(log)s)"
        " ORDER BY f.block_number DESC, f.log_index DESC LIMIT %(limit)s)"
        for relation, mine, columns in _LINES
    )
    return await rows(
        conn,
        Entry,
        f"""
        WITH entry AS MATERIALIZED (
            SELECT * FROM ({lines}) line ORDER BY block_number DESC, log_index DESC LIMIT %(limit)s
        )
        SELECT entry.*, t.document->'title' AS title FROM entry
        LEFT JOIN {moment.of(KIND)} k ON k.city_id = entry.city_id AND k.kind_id = entry.kind_id
        LEFT JOIN {moment.of("offer_published")} o ON o.offer_id = entry.offer_id
        LEFT JOIN content t ON t.hash = coalesce(k.content, o.terms)
        ORDER BY block_number DESC, log_index DESC
        """,
        {"wallet": wallet, "block": block, "log": log, "limit": limit},
    )


# The columns of an entry that not every fact has, and their types.
_OPTIONAL = {
    "kind_id": "bigint",
    "epoch_id": "bigint",
    "batch_id": "bytea",
    "offer_id": "bigint",
    "voucher_id": "bigint",
    "wallet": "bytea",
    "evidence": "bytea",
    "reason": "bytea",
}

# Facts that change what a citizen holds: relation (`f` the fact), whose it is, and the columns of the entry.
_LINES: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "{awarded} f JOIN {batch_awarded} b ON b.batch_id = f.batch_id",
        "f.citizen = %(wallet)s",
        {
            "type": "'award'", "merits": "f.points", "kind_id": "b.kind_id", "batch_id": "b.batch_id",
            "evidence": "b.evidence",
        },
    ),
    (
        "{epoch_claimed} f JOIN {epoch_opened} e ON e.city_id = f.city_id AND e.epoch_id = f.epoch_id",
        "f.citizen = %(wallet)s",
        {
            "type": "'claim'", "merits": "f.points", "kind_id": "e.kind_id", "epoch_id": "f.epoch_id",
            "evidence": "f.evidence",
        },
    ),
    (
        "{award_reversed} f",
        "f.citizen = %(wallet)s",
        {"type": "'reversal'", "merits": "-f.taken", "reason": "f.reason"},
    ),
    (
        "{redeemed} f",
        "f.citizen = %(wallet)s",
        {
            "type": "'redemption'", "merits": "-(f.from_previous + f.from_current)", "offer_id": "f.offer_id",
            "voucher_id": "f.voucher_id",
        },
    ),
    (
        "{voucher_refunded} f",
        "f.citizen = %(wallet)s",
        {
            "type": "'refund'", "merits": "f.to_previous + f.to_current", "offer_id": "f.offer_id",
            "voucher_id": "f.voucher_id",
        },
    ),
    (
        "{account_moved} f",
        "f.old_wallet = %(wallet)s",
        {"type": "'recovery'", "merits": "-(f.current + f.previous)", "wallet": "f.new_wallet"},
    ),
    (
        "{account_moved} f",
        "f.new_wallet = %(wallet)s",
        {"type": "'recovery'", "merits": "f.current + f.previous", "wallet": "f.old_wallet"},
    ),
)  # fmt: skip


def _line(columns: dict[str, str]) -> str:
    optional = (f"{columns.get(name, 'NULL')}::{type_} AS {name}" for name, type_ in _OPTIONAL.items())
    return (
        f"{columns['type']} AS type, f.city_id, ({columns['merits']})::bigint AS merits, f.block_time AS"
        f" time,"
        f" f.block_number, f.tx_hash, f.log_index, {', '.join(optional)}"
    )


class _Facts(dict[str, str]):
    def __init__(self, moment: Moment):
        super().__init__()
        self.moment = moment

    def __missing__(self, fact: str) -> str:
        return self.moment.of(fact)
