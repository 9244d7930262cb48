"""The tests' world of funds is what it says it is: every phase is there, and every fact."""

from backend import db
from backend.chain.facts import facts_of
from backend.domains import domains
from tests.backend.funds_world import ENDED, FORMING, HARVESTING, INVESTING, LAPSED, WINDING
from tests.backend.network import Played

PHASES = {
    "growth": INVESTING, "early": ENDED, "feeder": INVESTING, "harvest": HARVESTING, "winding": WINDING,
    "young": FORMING, "lapsed": LAPSED,
}  # fmt: skip


def test_there_is_a_fund_in_every_phase(played: Played) -> None:
    funds = played.lives.funds
    assert {name: funds.read(name, "phase") for name in funds.launched} == PHASES


def test_partners_are_late_in_default_later_and_buyers_of_units(played: Played) -> None:
    funds, wallet = played.lives.funds, played.network.wallet
    assert funds.read("growth", "dueOf", wallet("partner 3"))[1] > 0
    commitment, paid, units, _, defaulted, _ = funds.read("growth", "partnerOf", wallet("partner 4"))
    assert (commitment, defaulted, units) == (0, True, paid - paid // 2)
    assert funds.read("growth", "partnerOf", wallet("partner 8"))[:3] == (0, 0, 77 * 10**18 + 7)
    assert funds.books("early")["clawback"] > 0


def test_every_fact_of_funds_has_happened(played: Played) -> None:
    mine = next(domain for domain in domains() if domain.name == "funds")
    facts = [fact.table for fact in facts_of(mine.contracts, mine.factories)]
    with db.connect(played.database) as conn:
        tables = [*facts, *(table.name for table in mine.derived)]
        empty = [t for t in tables if not conn.execute(f'SELECT EXISTS (SELECT FROM "{t}")').fetchone()[0]]
    assert len(facts) > 25
    assert empty == []
