"""What an audit asks about cities."""

from backend.cities.derived import CITIZENS, CITY, ROLE
from backend.cities.queries import current
from backend.kit.checks import Audit, Confirm, Rule
from backend.kit.moment import Moment

NOBODY = "'\\x" + "00" * 20 + "'::bytea"
NOTHING = "'\\x" + "00" * 32 + "'::bytea"


def last(moment: Moment, fact: str, key: str) -> str:
    """Relation of a fact's newest row per key."""
    return f"""(
        SELECT DISTINCT ON ({key}) * FROM {moment.of(fact)} f
        ORDER BY {key}, block_number DESC, log_index DESC
    )"""


def _recoveries(moment: Moment) -> str:
    """Every wallet ever proposed for a recovery, with the one under way or zeros."""
    ended = f"""(
        SELECT city_id, old_wallet, block_number, log_index FROM {moment.of("recovery_cancelled")} x
        UNION ALL SELECT city_id, old_wallet, block_number, log_index FROM {moment.of("recovered")} x
    )"""
    return f"""
        SELECT p.city_id, p.old_wallet,
            CASE WHEN over THEN {NOBODY} ELSE p.new_wallet END, CASE WHEN over THEN 0 ELSE p.executable_at END
        FROM {last(moment, "recovery_proposed", "city_id, old_wallet")} p
        CROSS JOIN LATERAL (SELECT EXISTS (
            SELECT FROM {ended} e WHERE e.city_id = p.city_id AND e.old_wallet = p.old_wallet
                AND (e.block_number, e.log_index) > (p.block_number, p.log_index)
        ) AS over) o
    """


CONFIRMS = (
    Confirm(
        "cities",
        "CityRegistry",
        "cityCount",
        (),
        ("count",),
        lambda m: f"SELECT count(*) FROM {m.of(CITY)} c",
    ),
    Confirm(
        "city",
        "CityRegistry",
        "stewardOf",
        ("city_id",),
        ("steward",),
        lambda m: f"SELECT city_id, steward FROM {m.of(CITY)} c",
    ),
    Confirm(
        "city",
        "CityRegistry",
        "cityOf",
        ("code",),
        ("city_id",),
        lambda m: f"SELECT code, city_id FROM {m.of(CITY)} c",
    ),
    Confirm(
        "role",
        "CityRegistry",
        "rolesOf",
        ("city_id", "account"),
        ("roles",),
        lambda m: (
            f"""
            SELECT city_id, account, coalesce(r.roles, 0)
            FROM {last(m, "roles_set", "city_id, account")} s LEFT JOIN {m.of(ROLE)} r USING (city_id,
                account)
        """
        ),
    ),
    Confirm(
        "citizen",
        "CityRegistry",
        "nullifierOf",
        ("city_id", "wallet"),
        ("nullifier",),
        lambda m: f"SELECT city_id, wallet, nullifier FROM {current(m)} c",
    ),
    Confirm(
        "citizen",
        "CityRegistry",
        "walletOf",
        ("city_id", "nullifier"),
        ("wallet",),
        lambda m: f"SELECT city_id, nullifier, wallet FROM {current(m)} c",
    ),
    Confirm(
        "former citizen",
        "CityRegistry",
        "nullifierOf",
        ("city_id", "wallet"),
        ("nullifier",),
        lambda m: f"SELECT city_id, old_wallet, {NOTHING} FROM {m.of('recovered')} r",
    ),
    Confirm(
        "former citizen",
        "CityRegistry",
        "currentWallet",
        ("city_id", "wallet"),
        ("successor",),
        lambda m: (
            f"""
            SELECT r.city_id, r.old_wallet, c.wallet
            FROM {m.of("recovered")} r JOIN {current(m)} c USING (city_id, nullifier)
        """
        ),
    ),
    Confirm(
        "recovery",
        "CityRegistry",
        "recoveryOf",
        ("city_id", "old_wallet"),
        ("new_wallet", "executable_at"),
        _recoveries,
    ),
)

RULES = (
    Rule(
        "a nullifier has one wallet",
        ("city_id", "nullifier"),
        "wallets",
        "one",
        lambda m: (
            f"""
            SELECT city_id, nullifier, count(*), 1 FROM {current(m)} c GROUP BY 1, 2 HAVING count(*) > 1
        """
        ),
    ),
    Rule(
        "citizens are counted",
        ("city_id",),
        "citizens",
        "registrations",
        lambda m: (
            f"""
            SELECT city_id, coalesce(n.citizens, 0), coalesce(c.citizens, 0)
            FROM {m.of(CITIZENS)} n FULL JOIN (
                SELECT city_id, count(*) AS citizens FROM {current(m)} c GROUP BY city_id
            ) c USING (city_id)
            WHERE n.citizens IS DISTINCT FROM c.citizens
        """
        ),
    ),
)

AUDIT = Audit(CONFIRMS, RULES)
