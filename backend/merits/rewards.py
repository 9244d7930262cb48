"""Reading offers and vouchers. Every function takes a connection and the moment at which to look."""

from typing import Any

from eth_abi import encode
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.content.documents import Text
from backend.kit.hashing import keccak
from backend.kit.moment import Moment
from backend.kit.rows import row, rows, values
from backend.merits.derived import EARNING, OFFER_USE, POOL
from backend.merits.schemas import Earning, Offer, Voucher

Conn = AsyncConnection

NO_TOKEN = bytes(20)
VOUCHER = ("uint56", "address", "uint32", "uint32", "uint32", "uint16", "uint40", "bytes32")


async def offers(
    conn: Conn,
    moment: Moment,
    city_id: int | None = None,
    partner: bytes | None = None,
    open_only: bool = False,
    over: bool | None = None,
    payable: dict[int, int] | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[Offer]:
    """Offers, newest first. Unless all are wanted: those that accept a city's merits, of one business, that
    are open at the moment, whose time is over or is not, that a citizen can pay for with merits held
    (`payable`, by city).

    `after` is the number of the last offer seen.
    """
    where = ["true"]
    if city_id is not None:
        where.append(
            f"(o.city_id = %(city)s OR o.offer_id IN"
            f" (SELECT offer_id FROM {moment.of('city_accepted')} x WHERE city_id = %(city)s))"
        )
    if partner is not None:
        where.append("o.partner = %(partner)s")
    if open_only:
        where.append(f"({is_open(moment)})")
    if over is not None:
        where.append(f"({_closes(moment)} <= {moment.time}) = %(over)s")
    if payable is not None:
        where.append(
            f"EXISTS (SELECT FROM unnest(%(cities)s::bigint[], %(merits)s::bigint[]) h (city_id, merits)"
            f" WHERE o.price <= h.merits AND (o.city_id = h.city_id OR EXISTS (SELECT"
            f" FROM {moment.of('city_accepted')} x WHERE x.offer_id = o.offer_id AND x.city_id = h.city_id)))"
        )
    if after is not None:
        where.append("o.offer_id < %(after)s")
    parameters: dict[str, Any] = {
        "city": city_id,
        "partner": partner,
        "over": over,
        "after": after,
        "limit": limit,
    }
    if payable is not None:
        parameters |= {"cities": list(payable), "merits": list(payable.values())}
    return await rows(
        conn,
        Offer,
        f"{offer_rows(moment)} WHERE {' AND '.join(where)} ORDER BY o.offer_id DESC LIMIT %(limit)s",
        parameters,
    )


async def offer(conn: Conn, moment: Moment, offer_id: int) -> Offer | None:
    """One offer, None where there is none with this number."""
    return await row(conn, Offer, f"{offer_rows(moment)} WHERE o.offer_id = %(offer)s", {"offer": offer_id})


async def voucher(conn: Conn, moment: Moment, voucher_id: int) -> Voucher | None:
    """One voucher, None where there is none with this number."""
    found = await _vouchers(conn, moment, "r.voucher_id = %(voucher)s", {"voucher": voucher_id}, 1)
    return found[0] if found else None


async def sealed(conn: Conn, moment: Moment, wallet: bytes, seal: bytes) -> Voucher | None:
    """The newest voucher of a wallet with this seal."""
    where = "r.citizen = %(wallet)s AND r.seal = %(seal)s"
    found = await _vouchers(conn, moment, where, {"wallet": wallet, "seal": seal}, 1)
    return found[0] if found else None


async def titles(conn: Conn, moment: Moment, offer_ids: list[int]) -> dict[int, Text]:
    """Titles of offers by number; those whose terms are not kept are left out."""
    found = await values(
        conn,
        f"SELECT o.offer_id, t.document->'title' FROM {moment.of('offer_published')} o"
        " JOIN content t ON t.hash = o.terms WHERE o.offer_id = ANY(%s) AND t.document ? 'title'",
        (offer_ids,),
    )
    return {offer_id: Text(**title) for offer_id, title in found}


async def vouchers_of(
    conn: Conn,
    moment: Moment,
    wallet: bytes,
    former: list[tuple[int, bytes]],
    after: tuple[int, int] | None = None,
    limit: int = 50,
    settled: bool | None = None,
) -> list[tuple[tuple[int, int], Voucher]]:
    """Vouchers of a citizen with their keys, newest first: of their wallet, and of the wallets (city,
    address) before it. Unless all are wanted: those that are settled, or those that are not.

    `after` is the key (block, log) of the last one seen.
    """
    only = "" if settled is None else f"{'' if settled else 'NOT '}({_SETTLED}) AND "
    return await _keyed_vouchers(
        conn,
        moment,
        f"{only}(r.citizen = %(wallet)s OR r.citizen = ANY(%(former)s::bytea[]) AND (r.city_id, r.citizen) IN"
        " (SELECT * FROM unnest(%(cities)s::bigint[], %(former)s::bytea[])))",
        {"wallet": wallet, "cities": [c for c, _ in former], "former": [w for _, w in former]},
        limit,
        after,
    )


async def vouchers_at(
    conn: Conn, moment: Moment, offer_id: int, after: tuple[int, int] | None = None, limit: int = 50
) -> list[tuple[tuple[int, int], Voucher]]:
    """Vouchers of an offer with their keys, newest first. `after` is the key of the last one seen."""
    return await _keyed_vouchers(
        conn,
        moment,
        "r.voucher_id BETWEEN %(offer)s::bigint << 24 AND (%(offer)s::bigint << 24) | 16777215",
        {"offer": offer_id},
        limit,
        after,
    )


async def waiting(
    conn: Conn,
    moment: Moment,
    partner: bytes,
    offer_id: int | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[Voucher]:
    """Open vouchers of a business (of one offer of it, unless all are wanted) that it can still fulfil,
    soonest to expire first.

    `after` is (expires, voucher_id) of the last one seen.
    """
    where = ["o.partner = %(partner)s", "f.voucher_id IS NULL", "b.voucher_id IS NULL"]
    where.append(f"r.expires > {moment.time}")
    if offer_id is not None:
        where.append("o.offer_id = %(offer)s")
    if after is not None:
        where.append("(r.expires, r.voucher_id) > (%(expires)s, %(voucher)s)")
    expires, voucher_id = after or (None, None)
    found = await rows(
        conn,
        _keyed,
        f"{_redeemed(moment)} WHERE {' AND '.join(where)} ORDER BY r.expires, r.voucher_id LIMIT %(limit)s",
        {"partner": partner, "offer": offer_id, "expires": expires, "voucher": voucher_id, "limit": limit},
    )
    return [voucher for _, voucher in found]


async def earnings(conn: Conn, moment: Moment, partner: bytes) -> list[Earning]:
    """What a business earned from sponsors' pools and has not drawn, by token."""
    return await rows(
        conn,
        Earning,
        f"SELECT token, amount FROM {moment.of(EARNING)} e WHERE partner = %s ORDER BY token",
        (partner,),
    )


def content(voucher: Voucher) -> tuple[Any, ...]:
    """A voucher as the market takes it (`IRewardMarket.Voucher`)."""
    return (
        voucher.voucher_id, voucher.citizen, voucher.city_id, voucher.from_previous, voucher.from_current,
        voucher.period, voucher.expires, bytes.fromhex(voucher.seal[2:]),
    )  # fmt: skip


def content_hash(voucher: Voucher) -> bytes:
    """What the market keeps of an open voucher: `keccak256(abi.encode(voucher))`."""
    return keccak(encode(VOUCHER, content(voucher)))


async def _vouchers(
    conn: Conn, moment: Moment, where: str, parameters: dict[str, Any], limit: int
) -> list[Voucher]:
    return [found for _, found in await _keyed_vouchers(conn, moment, where, parameters, limit, None)]


async def _keyed_vouchers(
    conn: Conn,
    moment: Moment,
    where: str,
    parameters: dict[str, Any],
    limit: int,
    after: tuple[int, int] | None,
) -> list[tuple[tuple[int, int], Voucher]]:
    before = "AND (r.block_number, r.log_index) < (%(block)s, %(log)s)" if after else ""
    block, log = after or (None, None)
    return await rows(
        conn,
        _keyed,
        f"{_redeemed(moment)} WHERE {where} {before}"
        " ORDER BY r.block_number DESC, r.log_index DESC LIMIT %(limit)s",
        {**parameters, "limit": limit, "block": block, "log": log},
    )


_SETTLED = "f.voucher_id IS NOT NULL OR b.voucher_id IS NOT NULL"


def _redeemed(moment: Moment) -> str:
    return f"""
        SELECT r.block_number, r.log_index, r.voucher_id, r.offer_id, r.citizen, r.city_id,
            r.from_previous, r.from_current, r.period, r.expires, r.seal, r.tx_hash,
            r.block_time AS redeemed_at,
            CASE WHEN f.voucher_id IS NOT NULL THEN 'fulfilled' WHEN b.voucher_id IS NOT NULL THEN 'refunded'
                ELSE 'open' END AS status,
            f.voucher_id IS NULL AND b.voucher_id IS NULL AND r.expires <= {moment.time} AS refundable,
            coalesce(f.block_time, b.block_time) AS settled_at, coalesce(f.reimbursed, 0) AS reimbursed,
            t.document->'title' AS offer_title
        FROM {moment.of("redeemed")} r
        LEFT JOIN {moment.of("voucher_fulfilled")} f ON f.voucher_id = r.voucher_id
        LEFT JOIN {moment.of("voucher_refunded")} b ON b.voucher_id = r.voucher_id
        LEFT JOIN {moment.of("offer_published")} o ON o.offer_id = r.offer_id
        LEFT JOIN content t ON t.hash = o.terms
    """


def _keyed(block_number: int, log_index: int, **columns: Any) -> tuple[tuple[int, int], Voucher]:
    voucher = Voucher(**columns)
    if voucher.status == "open":
        voucher.content_hash = "0x" + content_hash(voucher).hex()
    return (block_number, log_index), voucher


def _closes(moment: Moment) -> str:
    return "least(o.closes, x.block_time)"


def is_open(moment: Moment) -> str:
    """Condition on a row of `offer_rows`: it can be redeemed at the moment, pauses aside."""
    return (
        f"o.opens <= {moment.time} AND {moment.time} < {_closes(moment)}"
        " AND o.stock - coalesce(u.opened, 0) + coalesce(u.refunded, 0) > 0"
    )


def offer_rows(moment: Moment) -> str:
    """Statement that gives the columns of `Offer`; a condition may follow it (`o` is `offer_published`)."""
    return f"""
        SELECT o.offer_id, o.partner, o.city_id, o.price,
            o.stock - coalesce(u.opened, 0) + coalesce(u.refunded, 0) AS stock, o."limit", o.opens,
            {_closes(moment)} AS closes, o.term, x.offer_id IS NOT NULL AS closed, {is_open(moment)} AS open,
            o.terms, t.document->'title' AS title, t.document->'description' AS description, o.city_id ||
            ARRAY(
                SELECT a.city_id FROM {moment.of("city_accepted")} a WHERE a.offer_id = o.offer_id
                ORDER BY a.log_index
            ) AS accepts,
            coalesce(u.opened, 0) AS opened, coalesce(u.fulfilled, 0) AS fulfilled,
            coalesce(u.refunded, 0) AS refunded,
            nullif(o.token, '\\x{NO_TOKEN.hex()}') AS token, o.per_voucher, coalesce(p.balance, 0) AS pool, (
                SELECT sponsor FROM {moment.of("pool_funded")} s WHERE s.offer_id = o.offer_id
                ORDER BY s.block_number DESC, s.log_index DESC LIMIT 1
            ) AS sponsor
        FROM {moment.of("offer_published")} o
        LEFT JOIN {moment.of("offer_closed")} x ON x.offer_id = o.offer_id
        LEFT JOIN {moment.of(OFFER_USE)} u ON u.offer_id = o.offer_id
        LEFT JOIN {moment.of(POOL)} p ON p.offer_id = o.offer_id
        LEFT JOIN content t ON t.hash = o.terms
    """
