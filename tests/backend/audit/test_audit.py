"""The audit is silent about a true ledger and names every false row."""

import psycopg
import pytest

from backend import db
from backend.audit import AuditError, audit
from backend.domains import domains, facts
from tests.backend.network import Played

# One change per derived table, of a row that the network has, so that nothing else than this row is false.
TAMPER = {
    "city": "steward = decode(repeat('11', 20), 'hex')",
    "city_role": "roles = roles # 4",
    "citizen_count": "citizens = citizens + 1",
    "merit_account": "held = held + 1",
    "city_merits": "issued = issued + 1",
    "merit_rules": "daily_cap = daily_cap + 1",
    "act_kind": "points = points + 1",
    "verifier_budget": "per_period = per_period + 1",
    "budget_use": "used = used + 1",
    "epoch_use": "claims = claims + 1",
    "offer_use": "fulfilled = fulfilled + 1",
    "merit_clearing": "fulfilled = fulfilled + 1",
    "sponsor_pool": "balance = balance + 1",
    "partner_earning": "amount = amount + 1",
    "project": "kind = kind + 1",
    "request": "closes = closes + 1",
    "project_thresholds": "score = score + 1",
    "participation": "since = since + 1",
    "membership": "since = since + 1",
    "project_support": "supporters = supporters + 1",
    "project_scores": "score_sum = score_sum + 1",
    "project_courses": "courses = courses + 1",
    "campaign": "goal = goal + 1",
    "campaign_sum": "released = released + 1",
    "campaign_source": "raised = raised + 1",
    "position": "drawn = drawn + 1",
    "round_sum": "assigned = assigned + 1",
    "tally": "counted = counted + 1",
    "fund": "carry = carry + 1",
    "fund_sum": "fees = fees + 1",
    "fund_holding": "cost = cost + 1",
    "partner": "premium = premium + 1",
    "venture": "invested = invested + 1",
}


def tampered(database: str, *statements: str) -> None:
    with db.connect(database) as conn:
        for statement in statements:
            assert conn.execute(statement).rowcount == 1, statement


def test_a_true_ledger_differs_nowhere(played: Played) -> None:
    told = []
    assert audit(played.settings(), progress=lambda *said: told.append(said)) == []
    assert {what for what, _, _ in told} >= {"balance", "voucher", "tables", "rules", "chain read anew"}


def test_an_earlier_block_differs_nowhere(played: Played) -> None:
    assert audit(played.settings(), block=played.block // 2) == []


def test_the_network_fills_every_table(played: Played) -> None:
    """Else the audit's silence would say nothing about those that are empty."""
    with db.connect(played.database) as conn:
        tables = [*facts(), *(table.name for domain in domains() for table in domain.derived)]
        empty = [t for t in tables if not conn.execute(f'SELECT EXISTS (SELECT FROM "{t}")').fetchone()[0]]
    assert empty == []


def test_a_changed_row_of_any_derived_table_is_named(played: Played) -> None:
    assert set(TAMPER) == {table.name for domain in domains() for table in domain.derived}
    with played.copy() as database:
        changes = (
            f'UPDATE "{table}" SET {change} WHERE ctid = (SELECT max(ctid) FROM "{table}")'
            for table, change in TAMPER.items()
        )
        tampered(database, *changes)
        found = audit(played.settings(database))
    assert {f"table {table}" for table in TAMPER} <= {difference.what for difference in found}
    confirmed = {difference.what for difference in found if not difference.what.startswith("table")}
    assert confirmed >= {
        "city.steward", "role.roles", "rules.daily_cap", "kind.points", "budget.per_period", "budget.used",
        "offer.settled", "pool.balance", "earning.amount", "issued = held + spent + expired + reversed",
        "citizens are counted", "project.kind", "campaign.goal", "campaign.released", "campaign.drawn",
        "round.assigned", "tally.sum", "all that was raised came from somewhere", "fund.carry",
        "holding.cost", "a fund's books balance",
    }  # fmt: skip


def test_a_changed_row_is_named_at_an_earlier_block_too(played: Played) -> None:
    """The ledger goes on while it is audited, so most audits are of a block that is no longer the last."""
    with played.copy() as database:
        changes = (
            f'UPDATE "{table}" SET {change} WHERE ctid = (SELECT max(ctid) FROM "{table}")'
            for table, change in TAMPER.items()
        )
        tampered(database, *changes)
        found = audit(played.settings(database), block=played.block - 1)
    assert {f"table {table}" for table in TAMPER} <= {difference.what for difference in found}


def test_a_lost_row_of_any_fact_is_named(played: Played) -> None:
    with played.copy() as database:
        lost = (
            f'DELETE FROM "{t}" WHERE ctid = (SELECT max(ctid) FROM "{t}")'
            for t in facts()
            if t != "ledger_opened"
        )
        tampered(database, *lost)
        found = audit(played.settings(database))
    assert {f"table {t}" for t in facts() if t != "ledger_opened"} <= {
        difference.what for difference in found
    }


def test_a_forged_balance_is_named_with_city_citizen_and_both_figures(played: Played) -> None:
    with played.copy() as database:
        with db.connect(database) as conn:
            city, citizen, period = conn.execute(
                "SELECT city_id, citizen, period FROM merit_account ORDER BY period DESC, standing DESC"
                " LIMIT 1"
            ).fetchone()
        tampered(
            database,
            f"UPDATE merit_account SET standing = standing + 5"
            f" WHERE city_id = {city} AND period = {period} AND citizen = '\\x{citizen.hex()}'",
        )
        found = audit(played.settings(database))
    difference = next(d for d in found if d.what == "balance.lifetime")
    address = next(w for w in played.network.wallets.values() if w.lower() == "0x" + citizen.hex())
    true = played.network.read("MeritLedger", "balanceOf", city, address)[2]
    assert (difference.key, difference.stored) == (f"city_id={city} citizen={address}", str(true + 5))
    assert difference.found == f"MeritLedger.balanceOf says {true}"


def test_a_voucher_of_another_content_is_named(played: Played) -> None:
    with played.copy() as database:
        tampered(
            database,
            "UPDATE redeemed SET expires = expires + 1 WHERE voucher_id = (SELECT max(voucher_id) FROM"
            " redeemed"
            " WHERE voucher_id NOT IN (SELECT voucher_id FROM voucher_fulfilled UNION SELECT voucher_id FROM"
            " voucher_refunded))",
        )
        found = audit(played.settings(database))
    assert "voucher.content_hash" in {difference.what for difference in found}


def test_a_block_not_indexed_cannot_be_audited(played: Played) -> None:
    with pytest.raises(AuditError, match=f"block {played.block + 1} is not indexed yet"):
        audit(played.settings(), block=played.block + 1)


def test_an_empty_database_cannot_be_audited(played: Played, new_database) -> None:
    with pytest.raises(AuditError, match="no ledger yet"):
        audit(played.settings(new_database()))


def test_the_audit_leaves_the_ledger_as_it_was(played: Played) -> None:
    def state(conn: psycopg.Connection) -> list:
        return (
            conn.execute("SELECT * FROM merit_account ORDER BY 1, 2, 3").fetchall()
            + conn.execute("SELECT * FROM cursor").fetchall()
        )

    with played.copy() as database:
        with db.connect(database) as conn:
            before = state(conn)
        audit(played.settings(database))
        with db.connect(database) as conn:
            assert state(conn) == before
