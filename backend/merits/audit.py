"""What an audit asks about merits, offers and vouchers. The rules stand in words in `docs/invariants.md`."""

from eth_abi import encode

from backend.cities import queries as cities
from backend.kit.checks import Audit, Confirm, Row, Rule
from backend.kit.hashing import keccak
from backend.kit.moment import Moment
from backend.merits.derived import (
    ACCOUNT,
    BUDGET,
    BUDGET_USE,
    CITY_MERITS,
    CLEARING,
    EARNING,
    EPOCH_USE,
    KIND,
    OFFER_USE,
    POOL,
)
from backend.merits.derived import (
    RULES as RULES_TABLE,
)
from backend.merits.queries import clock
from backend.merits.rewards import VOUCHER

NOBODY = "'\\x" + "00" * 20 + "'::bytea"


def _kinds(moment: Moment) -> str:
    return f"""
        SELECT k.city_id, k.kind_id, k.points, coalesce(max(e.last_day) + 1, 0)
        FROM {moment.of(KIND)} k LEFT JOIN {moment.of("epoch_opened")} e USING (city_id, kind_id)
        GROUP BY k.city_id, k.kind_id, k.points
    """


def _balances(moment: Moment) -> str:
    """Of every wallet that is or was a citizen's, and of any other that the tables give merits."""
    return f"""
        SELECT city_id, wallet, coalesce(expiring, 0), coalesce(fresh, 0), coalesce(standing, 0)
        FROM {cities.registered(moment)} c FULL JOIN (
            SELECT city_id, citizen AS wallet, sum(held) FILTER (WHERE period = now - 1) AS expiring,
                sum(held) FILTER (WHERE period = now) AS fresh, sum(standing) AS standing
            FROM {moment.of(ACCOUNT)} a CROSS JOIN {clock(moment)} p GROUP BY city_id, citizen
        ) a USING (city_id, wallet)
    """


def _rules(moment: Moment) -> str:
    """The last period with an epoch and how many it has, beside cap and pauses."""
    return f"""
        SELECT r.city_id, r.daily_cap, r.pauses, coalesce(e.period, 0), coalesce(e.epochs, 0)
        FROM {moment.of(RULES_TABLE)} r LEFT JOIN (
            SELECT DISTINCT ON (city_id) city_id, period, count(*) AS epochs FROM {moment.of("epoch_opened")}
                x
            GROUP BY city_id, period ORDER BY city_id, period DESC
        ) e USING (city_id)
    """


def _budgets(moment: Moment) -> str:
    return f"""
        SELECT b.city_id, b.verifier, b.per_period, coalesce(u.used, 0), coalesce(u.period, 0),
            coalesce(u.serial, 0)
        FROM {moment.of(BUDGET)} b LEFT JOIN (
            SELECT DISTINCT ON (city_id, verifier) city_id, verifier, used, period,
                sum(batches) OVER (PARTITION BY city_id, verifier) AS serial
            FROM {moment.of(BUDGET_USE)} x ORDER BY city_id, verifier, period DESC
        ) u USING (city_id, verifier)
    """


def _epochs(moment: Moment) -> str:
    """The most that a leaf may give is the city's cap when the epoch was opened, times its days."""
    return f"""
        SELECT e.city_id, e.epoch_id, e.root, e.acts - coalesce(u.claimed, 0) / e.points, e.points,
            coalesce(c.daily_cap, 0)::bigint * (e.last_day - e.first_day + 1), e.kind_id, x.epoch_id IS NOT
                NULL
        FROM {moment.of("epoch_opened")} e
        LEFT JOIN {moment.of(EPOCH_USE)} u USING (city_id, epoch_id)
        LEFT JOIN {moment.of("epoch_cancelled")} x USING (city_id, epoch_id)
        LEFT JOIN LATERAL (
            SELECT daily_cap FROM cap_set s
            WHERE s.city_id = e.city_id AND (s.block_number, s.log_index) < (e.block_number, e.log_index)
            ORDER BY s.block_number DESC, s.log_index DESC LIMIT 1
        ) c ON true
    """


def _offers(moment: Moment) -> str:
    return f"""
        SELECT o.offer_id, o.partner, o.city_id, o.price, o.stock - coalesce(u.opened, 0) +
            coalesce(u.refunded, 0),
            coalesce(u.opened, 0), coalesce(u.fulfilled, 0) + coalesce(u.refunded, 0), o."limit", o.opens,
            least(o.closes, x.block_time), o.term
        FROM {moment.of("offer_published")} o
        LEFT JOIN {moment.of("offer_closed")} x USING (offer_id)
        LEFT JOIN {moment.of(OFFER_USE)} u USING (offer_id)
    """


def _pools(moment: Moment) -> str:
    return f"""
        SELECT o.offer_id, o.token, coalesce(s.sponsor, {NOBODY}), o.per_voucher, coalesce(p.balance, 0)
        FROM {moment.of("offer_published")} o LEFT JOIN {moment.of(POOL)} p USING (offer_id)
        LEFT JOIN (
            SELECT DISTINCT offer_id, sponsor FROM {moment.of("pool_funded")} f
        ) s USING (offer_id)
    """


def _vouchers(moment: Moment) -> str:
    return f"""
        SELECT r.voucher_id,
            CASE WHEN f.voucher_id IS NOT NULL THEN 2 WHEN b.voucher_id IS NOT NULL THEN 3 ELSE 1 END,
            r.voucher_id, r.citizen, r.city_id, r.from_previous, r.from_current, r.period, r.expires, r.seal
        FROM {moment.of("redeemed")} r
        LEFT JOIN {moment.of("voucher_fulfilled")} f USING (voucher_id)
        LEFT JOIN {moment.of("voucher_refunded")} b USING (voucher_id)
    """


def _status_and_hash(row: Row) -> Row:
    """Of an open voucher the market keeps the hash of its content."""
    status, *content = row
    return status, keccak(encode(VOUCHER, content)) if status == 1 else bytes(32)


CONFIRMS = (
    Confirm(
        "balance",
        "MeritLedger",
        "balanceOf",
        ("city_id", "citizen"),
        ("expiring", "fresh", "lifetime"),
        _balances,
    ),
    Confirm(
        "rules",
        "MeritLedger",
        "cityOf",
        ("city_id",),
        ("daily_cap", "pauses", "epoch_period", "epochs"),
        _rules,
    ),
    Confirm("kind", "MeritLedger", "kindOf", ("city_id", "kind_id"), ("points", "epochs_until"), _kinds),
    Confirm(
        "budget",
        "MeritLedger",
        "budgetOf",
        ("city_id", "verifier"),
        ("per_period", "used", "period", "serial"),
        _budgets,
    ),
    Confirm(
        "epoch",
        "MeritLedger",
        "epochOf",
        ("city_id", "epoch_id"),
        ("root", "acts", "points", "most", "kind_id", "cancelled"),
        _epochs,
    ),
    Confirm(
        "offers",
        "RewardMarket",
        "offerCount",
        (),
        ("count",),
        lambda m: f"SELECT count(*) FROM {m.of('offer_published')} o",
    ),
    Confirm(
        "offer",
        "RewardMarket",
        "offerOf",
        ("offer_id",),
        ("partner", "city_id", "price", "stock", "opened", "settled", "limit", "opens", "closes", "term"),
        _offers,
    ),
    Confirm(
        "offer",
        "RewardMarket",
        "accepts",
        ("offer_id", "city_id"),
        ("accepts",),
        lambda m: f"SELECT offer_id, city_id, true FROM {m.of('city_accepted')} a",
    ),
    Confirm(
        "pool",
        "RewardMarket",
        "poolOf",
        ("offer_id",),
        ("token", "sponsor", "per_voucher", "balance"),
        _pools,
    ),
    Confirm(
        "voucher",
        "RewardMarket",
        "voucherOf",
        ("voucher_id",),
        ("status", "content_hash"),
        _vouchers,
        _status_and_hash,
    ),
    Confirm(
        "redemptions",
        "RewardMarket",
        "redemptionsOf",
        ("offer_id", "citizen"),
        ("count",),
        lambda m: f"SELECT offer_id, citizen, count(*) FROM {m.of('redeemed')} r GROUP BY 1, 2",
    ),
    Confirm(
        "earning",
        "RewardMarket",
        "earnedOf",
        ("partner", "token"),
        ("amount",),
        lambda m: (
            f"""
            SELECT o.partner, o.token, coalesce(e.amount, 0)
            FROM (SELECT DISTINCT partner, token FROM {m.of("offer_published")} x WHERE token <> {NOBODY}) o
            LEFT JOIN {m.of(EARNING)} e USING (partner, token)
        """
        ),
    ),
)

RULES = (
    Rule(
        "issued = held + spent + expired + reversed",
        ("city_id", "period"),
        "issued less spent, given back and reversed",
        "what citizens have left",
        lambda m: (
            f"""
            SELECT city_id, period, coalesce(c.left_over, 0), coalesce(a.held, 0)
            FROM (
                SELECT city_id, period, issued - spent + given_back - reversed AS left_over FROM
                    {m.of(CITY_MERITS)} x
            ) c
            FULL JOIN (
                SELECT city_id, period, sum(held) AS held FROM {m.of(ACCOUNT)} x GROUP BY city_id, period
            ) a USING (city_id, period)
            WHERE coalesce(c.left_over, 0) <> coalesce(a.held, 0)
        """
        ),
    ),
    Rule(
        "standing = issued - reversed - shortfall",
        ("city_id",),
        "the citizens' standing",
        "the city's sums",
        lambda m: (
            f"""
            SELECT city_id, coalesce(a.standing, 0), coalesce(c.standing, 0)
            FROM (SELECT city_id, sum(standing) AS standing FROM {m.of(ACCOUNT)} x GROUP BY city_id) a
            FULL JOIN (
                SELECT city_id, sum(issued - reversed - shortfall) AS standing FROM {m.of(CITY_MERITS)} x
                    GROUP BY city_id
            ) c USING (city_id)
            WHERE coalesce(a.standing, 0) <> coalesce(c.standing, 0)
        """
        ),
    ),
    Rule(
        "merits held are never negative",
        ("city_id", "citizen", "period"),
        "held",
        "the least",
        lambda m: f"SELECT city_id, citizen, period, held, 0 FROM {m.of(ACCOUNT)} a WHERE held < 0",
    ),
    Rule(
        "stock is never negative, nor more than published",
        ("offer_id",),
        "opened less refunded",
        "the stock published",
        lambda m: (
            f"""
            SELECT o.offer_id, u.opened - u.refunded, o.stock
            FROM {m.of("offer_published")} o JOIN {m.of(OFFER_USE)} u USING (offer_id)
            WHERE u.opened - u.refunded NOT BETWEEN 0 AND o.stock
        """
        ),
    ),
    Rule(
        "every redemption is of a published offer, at its price",
        ("voucher_id",),
        "merits taken",
        "the price",
        lambda m: (
            f"""
            SELECT r.voucher_id, r.from_previous + r.from_current, o.price
            FROM {m.of("redeemed")} r LEFT JOIN {m.of("offer_published")} o USING (offer_id)
            WHERE r.from_previous + r.from_current IS DISTINCT FROM o.price
        """
        ),
    ),
    Rule(
        "what cities honour is what citizens spend",
        ("city_id",),
        "opened in the clearing",
        "spent",
        lambda m: (
            f"""
            SELECT city_id, coalesce(c.opened, 0), coalesce(s.spent, 0)
            FROM (SELECT city_id, sum(opened) AS opened FROM {m.of(CLEARING)} x GROUP BY city_id) c
            FULL JOIN (SELECT city_id, sum(spent) AS spent FROM {m.of(CITY_MERITS)} x GROUP BY city_id) s
                USING (city_id)
            WHERE coalesce(c.opened, 0) <> coalesce(s.spent, 0)
        """
        ),
    ),
    Rule(
        "what refunds give back was spent",
        ("city_id",),
        "refunded in the clearing",
        "given back",
        lambda m: (
            f"""
            SELECT city_id, coalesce(c.refunded, 0), coalesce(s.given_back, 0)
            FROM (SELECT city_id, sum(refunded) AS refunded FROM {m.of(CLEARING)} x GROUP BY city_id) c
            FULL JOIN (SELECT city_id, sum(given_back) AS given_back FROM {m.of(CITY_MERITS)} x GROUP BY
                city_id) s
                USING (city_id)
            WHERE coalesce(c.refunded, 0) <> coalesce(s.given_back, 0)
        """
        ),
    ),
    Rule(
        "an epoch gives no more than it was opened with",
        ("city_id", "epoch_id"),
        "claimed",
        "all its merits",
        lambda m: (
            f"""
            SELECT city_id, epoch_id, u.claimed, e.acts * e.points
            FROM {m.of("epoch_opened")} e JOIN {m.of(EPOCH_USE)} u USING (city_id, epoch_id)
            WHERE u.claimed > e.acts * e.points
        """
        ),
    ),
    Rule(
        "a pool is never negative",
        ("offer_id",),
        "the pool",
        "the least",
        lambda m: f"SELECT offer_id, balance, 0 FROM {m.of(POOL)} p WHERE balance < 0",
    ),
    Rule(
        "an earning is never negative",
        ("partner", "token"),
        "the earning",
        "the least",
        lambda m: f"SELECT partner, token, amount, 0 FROM {m.of(EARNING)} e WHERE amount < 0",
    ),
)

AUDIT = Audit(CONFIRMS, RULES)
