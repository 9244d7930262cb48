"""A city's merits over time, and its latest entries. Every function takes a connection and the moment."""

from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.content.documents import Text
from backend.kit.moment import Moment
from backend.kit.rows import rows
from backend.kit.types import Address, Hash
from backend.merits.derived import CITY_MERITS, KIND
from backend.merits.queries import clock
from backend.merits.schemas import Period

Conn = AsyncConnection


class PeriodMerits(Period):
    """What became of the merits earned in a period: issued, and spent less what refunds gave back."""

    issued: int
    spent: int


class CityEntry(BaseModel):
    """Something that happened in a city.

    `merits` is signed as its citizens' holdings changed; for an epoch it is what can be claimed.
    `count`: citizens of a batch, acts of an epoch, vouchers of an offer.
    """

    type: Literal["batch", "epoch", "reversal", "redemption", "refund", "offer"]
    merits: int
    count: int | None
    citizen: Address | None
    offer_id: int | None
    voucher_id: int | None
    title: Text | None = Field(description="Of the act kind or the offer.")
    time: int = Field(description="Seconds since 1970.")
    block_number: int
    tx_hash: Hash
    log_index: int


async def periods(conn: Conn, moment: Moment, city_id: int, most: int = 12) -> list[PeriodMerits]:
    """The last periods up to the present one, oldest first; none before the city issued any merits."""
    return await rows(
        conn,
        PeriodMerits,
        f"""
        SELECT n AS number, origin + n * period_length AS begins,
            origin + (n + 1) * period_length AS ends,
            coalesce(m.issued, 0) AS issued, coalesce(m.spent - m.given_back, 0) AS spent
        FROM {clock(moment)} p
        CROSS JOIN LATERAL generate_series(
            greatest(
                now - %(most)s + 1,
                (SELECT min(period) FROM {moment.of(CITY_MERITS)} f WHERE f.city_id = %(city)s)
            ), now
        ) n
        LEFT JOIN {moment.of(CITY_MERITS)} m ON m.city_id = %(city)s AND m.period = n
        WHERE EXISTS (SELECT FROM {moment.of(CITY_MERITS)} f WHERE f.city_id = %(city)s)
        ORDER BY n
        """,
        {"city": city_id, "most": most},
    )


# One line for each fact that a city's log is made of. A batch stands for its awards: a city's awards are too
# many to look through, its batches are not.
_LOG = {
    "batch_awarded": """'batch' AS type, points * count AS merits, count, NULL::bytea AS citizen,
        NULL::bigint AS offer_id, NULL::bigint AS voucher_id, kind_id""",
    "epoch_opened": "'epoch', acts * points, acts, NULL, NULL, NULL, kind_id",
    "award_reversed": "'reversal', -taken, NULL, citizen, NULL, NULL, NULL",
    "redeemed": "'redemption', -(from_previous + from_current), NULL, citizen, offer_id, voucher_id, NULL",
    "voucher_refunded": "'refund', to_previous + to_current, NULL, citizen, offer_id, voucher_id, NULL",
    "offer_published": "'offer', 0, stock, NULL, offer_id, NULL, NULL",
}


async def latest(conn: Conn, moment: Moment, city_id: int, limit: int = 12) -> list[CityEntry]:
    """The latest entries of a city, newest first."""
    place = "block_time AS time, block_number, tx_hash, log_index"
    each = " UNION ALL ".join(
        f"(SELECT {columns}, {place} FROM {moment.of(fact)} f WHERE city_id = %(city)s"
        " ORDER BY f.block_number DESC, f.log_index DESC LIMIT %(limit)s)"
        for fact, columns in _LOG.items()
    )
    return await rows(
        conn,
        CityEntry,
        f"""
        SELECT e.type, e.merits, e.count, e.citizen, e.offer_id, e.voucher_id, e.time, e.block_number,
            e.tx_hash, e.log_index, t.document->'title' AS title
        FROM (
            SELECT * FROM ({each}) x ORDER BY block_number DESC, log_index DESC LIMIT %(limit)s
        ) e
        LEFT JOIN {moment.of(KIND)} k ON k.city_id = %(city)s AND k.kind_id = e.kind_id
        LEFT JOIN {moment.of("offer_published")} o ON o.offer_id = e.offer_id
        LEFT JOIN content t ON t.hash = coalesce(k.content, o.terms)
        ORDER BY e.block_number DESC, e.log_index DESC
        """,
        {"city": city_id, "limit": limit},
    )
