"""What a citizen can have for what they hold: merits in every city, those waiting in epochs included, and the
offers that these suffice for, or almost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities import queries as cities
from backend.kit.moment import Moment
from backend.kit.rows import rows, values
from backend.kit.types import checksum
from backend.merits import accounts, epochs, rewards
from backend.merits.derived import RULES
from backend.merits.schemas import Expiry, NearOffer, Offer

Conn = AsyncConnection


@dataclass
class Purse:
    """A wallet's merits in a city. `waiting` are in epochs and claimed when first spent; `expires` says when
    all that can be spent is lost, soonest first. Paused: nothing can be spent now.
    """

    city_id: int
    held: int = 0
    waiting: int = 0
    standing: int = 0
    citizen: bool = False
    paused: bool = False
    expires: list[Expiry] = field(default_factory=list)

    @property
    def merits(self) -> int:
        """All that can be spent."""
        return self.held + self.waiting


@dataclass(frozen=True)
class Payment:
    """A city whose merits an offer accepts: what the wallet has there, and how many the price leaves over,
    less than zero where it does not suffice.
    """

    purse: Purse
    left: int


async def purses(conn: Conn, moment: Moment, wallet: bytes) -> list[Purse]:
    """What a wallet can spend in each city where it is a citizen's or has merits, most first."""
    found = {c.city_id: Purse(c.city_id, citizen=True) for c in await _own(conn, moment, wallet)}
    for balance in await accounts.balances(conn, moment, wallet):
        purse = found.setdefault(balance.city_id, Purse(balance.city_id))
        purse.held, purse.standing, purse.expires = balance.held, balance.standing, list(balance.expires)
    for leaf in await epochs.claimable(conn, moment, wallet):
        # What an earlier wallet of the person earned is not claimed with a redemption.
        if leaf.citizen == checksum(wallet):
            purse = found[leaf.city_id]
            purse.waiting += leaf.points
            purse.expires = _with(purse.expires, Expiry(merits=leaf.points, at=leaf.claimable_until))
    stopped = await paused(conn, moment, list(found))
    for city_id in stopped:
        found[city_id].paused = True
    return sorted(found.values(), key=lambda purse: (-purse.merits, purse.city_id))


async def paused(conn: Conn, moment: Moment, city_ids: list[int]) -> list[int]:
    """Which of these cities stand still, by themselves or by the operator."""
    found = await values(
        conn,
        f"""
        SELECT c.city_id FROM unnest(%(cities)s::bigint[]) c (city_id) WHERE EXISTS (
            SELECT FROM {moment.of(RULES)} r WHERE r.city_id IN (0, c.city_id) AND r.pauses <> 0
        )
        """,
        {"cities": city_ids},
    )
    return [city_id for (city_id,) in found]


async def within_reach(
    conn: Conn, moment: Moment, wallet: bytes, held: Sequence[Purse], most: int, near: int
) -> list[NearOffer]:
    """Open offers that a wallet may have: `most` that it can pay for, its own cities' first, then the newest;
    and the `near` ones that it lacks least for. Left out are those of which it has had as many as it may.
    """
    return await rows(
        conn,
        NearOffer,
        f"""
        SELECT * FROM (
            SELECT o.*, l.lacks, l.away, row_number() OVER (
                    PARTITION BY l.lacks > 0 ORDER BY l.lacks, l.away, o.offer_id DESC
                ) AS place
            FROM (
                {rewards.offer_rows(moment)} WHERE {rewards.is_open(moment)} AND o.offer_id IN (
                    SELECT offer_id FROM {moment.of("offer_published")} p WHERE city_id = ANY(%(cities)s)
                    UNION ALL
                    SELECT offer_id FROM {moment.of("city_accepted")} p WHERE city_id = ANY(%(cities)s)
                )
            ) o
            CROSS JOIN LATERAL (
                SELECT min(greatest(o.price - h.merits, 0)) AS lacks,
                    o.city_id <> ALL(%(cities)s::bigint[]) AS away
                FROM unnest(%(cities)s::bigint[], %(merits)s::bigint[]) h (city_id, merits)
                WHERE h.city_id = ANY(o.accepts)
            ) l
            WHERE o."limit" = 0 OR o."limit" > (
                SELECT count(*) FROM {moment.of("redeemed")} r
                WHERE r.citizen = %(wallet)s AND r.offer_id = o.offer_id
            )
        ) o
        WHERE place <= CASE WHEN lacks > 0 THEN %(near)s ELSE %(most)s END
        ORDER BY lacks, away, offer_id DESC
        """,
        {
            "wallet": wallet,
            "cities": [purse.city_id for purse in held],
            "merits": [purse.merits for purse in held],
            "most": most,
            "near": near,
        },
    )


async def had(conn: Conn, moment: Moment, wallet: bytes, offer_id: int) -> int:
    """How many vouchers of an offer a wallet has had: what its limit counts."""
    ((count,),) = await values(
        conn,
        f"SELECT count(*) FROM {moment.of('redeemed')} r WHERE citizen = %s AND offer_id = %s",
        (wallet, offer_id),
    )
    return count


def payments(offer: Offer, held: Sequence[Purse]) -> list[Payment]:
    """How a wallet can pay for an offer, or could if it had more; what leaves most first."""
    taken = [Payment(purse, purse.merits - offer.price) for purse in held if purse.city_id in offer.accepts]
    return sorted(taken, key=lambda payment: -payment.left)


async def _own(conn: Conn, moment: Moment, wallet: bytes) -> list[cities.Citizenship]:
    return [c for c in await cities.citizenships(conn, moment, wallet) if c.successor is None]


def _with(expires: list[Expiry], further: Expiry) -> list[Expiry]:
    merits = {expiry.at: expiry.merits for expiry in expires}
    merits[further.at] = merits.get(further.at, 0) + further.merits
    return [Expiry(merits=merits[at], at=at) for at in sorted(merits)]
