"""The facts of the domain: what `MeritLedger` and `RewardMarket` write."""

from backend.chain.facts import Index

CONTRACTS = ("MeritLedger", "RewardMarket")

INDEXES = (
    Index("awarded", "citizen"),
    Index("batch_awarded", "batch_id"),
    Index("batch_awarded", "evidence"),
    Index("epoch_opened", "root"),
    Index("epoch_claimed", "citizen"),
    Index("epoch_claimed", "evidence"),
    Index("award_reversed", "citizen"),
    Index("account_moved", "old_wallet"),
    Index("account_moved", "new_wallet"),
    Index("offer_published", "offer_id"),
    Index("offer_published", "city_id"),
    Index("offer_published", "partner"),
    Index("city_accepted", "offer_id"),
    Index("city_accepted", "city_id"),
    Index("redeemed", "citizen"),
    Index("redeemed", "voucher_id"),
    Index("voucher_fulfilled", "voucher_id"),
    Index("voucher_refunded", "voucher_id"),
    Index("voucher_refunded", "citizen"),
)

_OFFER = "SELECT o.city_id AS home_id, o.partner FROM offer_published o WHERE o.offer_id = f.offer_id"

RELATED = {
    "city_accepted": _OFFER,
    "offer_closed": _OFFER,
    "pool_funded": _OFFER,
    "pool_reclaimed": _OFFER,
    "redeemed": _OFFER,
    "voucher_refunded": _OFFER,
    "voucher_fulfilled": """
        SELECT o.city_id AS home_id, o.partner, r.city_id, r.citizen
        FROM offer_published o JOIN redeemed r ON r.voucher_id = f.voucher_id WHERE o.offer_id = f.offer_id
    """,
}
