"""What is answered and shown of campaigns, backers and rounds is what the contracts say, at every block."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend import db
from backend.audit import audit
from backend.projects.loans import Standing, Terms, schedule, standing
from backend.projects.money_audit import PHASES
from backend.projects.names import SOURCES
from backend.settings import Settings
from tests.backend.anvil import Anvil
from tests.backend.money_play import Raised, play_money
from tests.backend.money_world import ROUBLE, Money
from tests.backend.network import DAY, Network
from tests.backend.projects_world import FINANCING, Projects
from tests.backend.server import serving

NOWHERE = "campaigns/0x" + "11" * 20


@dataclass
class World:
    network: Network
    raised: Raised
    settings: Settings
    client: httpx.Client

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(f"/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def campaign(self, name: str, **query: Any) -> Any:
        return self.get(f"campaigns/{self.raised.campaigns[name]}", **query)

    def read(self, name: str, function: str, *arguments: Any, block: int | str = "latest") -> Any:
        return self.raised.money.read(self.raised.campaigns[name], function, *arguments, block=block)

    @property
    def blocks(self) -> list[int]:
        """Blocks in which something happened to the money."""
        facts = (
            "campaign_created", "pledged", "pledge_counted", "match_assigned", "tranche_released",
            "proceeds_claimed", "recovered",
        )  # fmt: skip
        each = " UNION ".join(f"SELECT block_number FROM {fact}" for fact in facts)
        with db.connect(self.settings.database_url or "") as conn:
            return [number for (number,) in conn.execute(f"{each} ORDER BY 1").fetchall()]

    def block_of(self, fact: str, last: bool = False) -> int:
        with db.connect(self.settings.database_url or "") as conn:
            return conn.execute(f"SELECT {'max' if last else 'min'}(block_number) FROM {fact}").fetchone()[0]

    def wallet(self, name: str) -> str:
        return self.network.wallet(name)


@pytest.fixture(scope="module")
def world(anvil: Anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    network = Network(anvil)
    projects = Projects(network)
    city = network.open_city("geonames:1")
    citizens = network.settle(city)
    projects.settle(city)
    project = projects.reach(projects.open(city), FINANCING, citizens)
    raised = play_money(Money(projects), project, city, citizens)
    network.send("operator", "TestToken", "mint", raised.campaigns["done"], 5)
    network.index(database)
    file = Path(tmp_path_factory.mktemp("deployment")) / "deployment.json"
    network.deployment.write(file)
    settings = Settings(rpc_url=anvil.url, database_url=database, deployment=file)
    with serving(settings) as client:
        yield World(network, raised, settings, client)


def test_the_audit_finds_no_difference(world: World) -> None:
    told: dict[str, int] = {}
    differences = audit(world.settings, progress=lambda what, done, _: told.update({what: done}))
    assert [str(difference) for difference in differences] == []
    assert all(told[what] for what in ("campaign", "balance", "round", "tally", "limit", "investor", "token"))


def test_an_earlier_block_differs_nowhere(world: World) -> None:
    assert [str(d) for d in audit(world.settings, block=world.blocks[len(world.blocks) // 2])] == []


def test_a_false_balance_is_named(world: World, new_database: Callable[[], str]) -> None:
    """More in a campaign than the tables say is no difference (`world` sent it 5): anybody may send tokens
    to an address.
    """
    url, campaign = new_database(), world.raised.campaigns["done"]
    world.network.index(url)
    with db.connect(url) as conn:
        address = bytes.fromhex(campaign[2:])
        conn.execute("UPDATE campaign_sum SET raised = raised + 6 WHERE contract = %s", [address])
    named = {d.what for d in audit(world.settings.model_copy(update={"database_url": url}))}
    assert named >= {
        "campaign.raised", "balance.balance", "positions are what was raised and not refunded",
        "all that was raised came from somewhere", "table campaign_sum",
    }  # fmt: skip


def test_phases_are_the_contracts_at_any_block(world: World) -> None:
    seen = set()
    told = ("campaign_created", "pledged", "campaign_weighed", "campaign_stopped", "tranche_released")
    for block in (world.block_of(fact, last=True) for fact in told):
        for name, address in world.raised.campaigns.items():
            phase = world.get(f"campaigns/{address}", at_block=block)["phase"]
            assert phase == PHASES[world.read(name, "phase", block=block)], (name, block)
            seen.add(phase)
    assert seen == set(PHASES) - {"cooling"}


def test_what_came_from_where_is_all_that_was_raised(world: World) -> None:
    done = world.campaign("done")
    assert {source["source"]: int(source["raised"]) // ROUBLE for source in done["sources"]} == {
        "private": 300, "state": 40, "crowd": 38,
    }  # fmt: skip
    for name in world.raised.campaigns:
        found = world.campaign(name)
        assert sum(int(source["raised"]) for source in found["sources"]) == int(found["raised"])
        assert {source["source"] for source in found["sources"]} <= set(SOURCES)


def test_tiers_that_a_withdrawal_gave_back_are_left(world: World) -> None:
    tiers = world.campaign("missed")["tiers"]
    assert [(tier["stock"], tier["held"], tier["left"]) for tier in tiers] == [(2, 1, 1), (1, 1, 0)]
    assert [tier["left"] for tier in tiers] == [world.read("missed", "stockOf", number) for number in (1, 2)]


def test_terms_set_anew_are_those_shown(world: World) -> None:
    changed = world.campaign("changed")
    assert (changed["edition"], changed["frozen"], len(changed["tiers"])) == (2, False, 1)
    assert world.campaign("done")["frozen"]


def test_milestones_say_what_each_released_and_which_reports_were_voided(world: World) -> None:
    done = world.campaign("done")
    first, second = done["milestone_list"]
    assert (first["state"], second["state"]) == ("released", "released")
    assert int(first["amount"]) + int(second["amount"]) == int(done["raised"]) + int(done["matched"])
    voided, stood = second["reports"]
    assert (voided["voided_at"] is not None, int(voided["objections"])) == (True, 300 * ROUBLE)
    assert (stood["voided_at"], int(stood["objections"])) == (None, 4 * ROUBLE)
    assert (voided["attempt"], stood["attempt"]) == (1, 2)
    reported = world.campaign("done", at_block=world.block_of("objected", last=True))["milestone_list"][1]
    assert reported["state"] == "reported"
    assert {m["state"] for m in world.campaign("missed")["milestone_list"]} == {"dropped"}


def test_a_stop_says_how_the_rest_was_shared(world: World) -> None:
    stopped = world.campaign("stopped")
    assert int(stopped["stop"]["to_pool"]) > 0
    assert int(stopped["refunded"]) < 92 * ROUBLE - int(stopped["released"])
    left = int(stopped["stop"]["to_backers"]) - int(stopped["refunded"])
    waits = [world.get(f"backers/{world.wallet(name)}")["holdings"] for name in world.raised.backers]
    due = [h["refundable"] for held in waits for h in held if h["contract"] == stopped["contract"]]
    assert 0 <= left - sum(map(int, due)) <= len(due)


def test_a_loan_says_what_is_owed_and_since_when_it_is_late(world: World) -> None:
    loan = world.campaign("lent")["loan"]
    principal, interest, late_since, defaulted = world.read("lent", "loanOf")
    assert defaulted
    assert loan["defaulted_at"]
    assert (int(loan["principal"]), loan["late_since"]) == (principal, late_since)
    assert int(loan["interest"]) <= interest
    assert [part["state"] for part in loan["schedule"]] == ["paid", "late", "late"]
    assert sum(int(part["principal"]) for part in loan["schedule"]) == 150 * ROUBLE


def test_estimate_and_final_match_are_never_confused(world: World) -> None:
    number = world.raised.round_id
    for block in world.blocks[:: max(len(world.blocks) // 8, 1)]:
        answer = world.client.get(f"/v1/rounds/{number}", params={"at_block": block})
        if answer.status_code == 404:
            continue
        found = answer.json()["data"]
        assert (found["estimate"] is None) != (found["final"] is None)
        assert (found["final"] is None) == (found["step"] != "settled")
        for entry in found["entries"]:
            assert (entry["estimate"] is None) != (entry["final"] is None)
    final = world.get(f"rounds/{number}")
    for entry in final["entries"]:
        told = world.network.read("MatchingPool", "tallyOf", number, entry["contract"])
        assert (int(entry["roots"]), int(entry["counted"]), entry["people"]) == told[:3]
        assert int(entry["final"]["amount"]) == told[4]
    assert int(final["final"]["amount"]) == sum(int(e["final"]["amount"]) for e in final["entries"]) > 0


def test_the_last_estimate_is_what_the_settlement_assigned(world: World) -> None:
    number = world.raised.round_id
    before = world.get(f"rounds/{number}", at_block=world.block_of("campaign_weighed") - 1)
    final = world.get(f"rounds/{number}")
    assert before["step"] == "to_settle"
    assert before["estimate"]["amount"] == final["final"]["amount"]
    assert {e["contract"]: e["estimate"]["amount"] for e in before["entries"]} == {
        e["contract"]: e["final"]["amount"] for e in final["entries"]
    }
    assert before["estimate"]["weight"] == final["final"]["weight"]


def test_a_portfolio_says_what_the_contracts_would_pay(world: World) -> None:
    for name in world.raised.backers:
        wallet = world.wallet(name)
        portfolio = world.get(f"backers/{wallet}")
        for holding in portfolio["holdings"]:
            read = world.raised.money.read
            amount, *_, drawn = read(holding["contract"], "positionOf", wallet)
            assert (int(holding["amount"]), int(holding["drawn"])) == (amount, drawn)
            assert int(holding["claimable"]) == read(holding["contract"], "claimableOf", wallet)
            if not (holding["form"] in ("loan", "share") and int(holding["claimable"])):
                assert int(holding["refundable"]) == read(holding["contract"], "refundableOf", wallet)
        for total in portfolio["sums"]:
            assert int(total["pledged"]) == sum(int(h["amount"]) for h in portfolio["holdings"])


def test_what_is_in_its_cooling_off_time_can_be_withdrawn_until_it_runs_out(world: World) -> None:
    wallet, block = world.wallet("a rich backer"), world.block_of("pledged", last=True)
    held = {h["contract"]: h for h in world.get(f"backers/{wallet}", at_block=block)["holdings"]}
    early = held[world.raised.campaigns["done"]]
    assert (int(early["amount"]), early["withdrawable"], early["withdrawable_until"]) == (
        300 * ROUBLE,
        "0",
        None,
    )
    investor = world.get(f"backers/{world.wallet('an investor')}", at_block=block)["holdings"]
    late = next(h for h in investor if h["contract"] == world.raised.campaigns["shared"])
    assert (int(late["amount"]), int(late["withdrawable"])) == (60 * ROUBLE, 10 * ROUBLE)


def test_the_limit_of_the_year_is_the_persons(world: World) -> None:
    limit = world.get(f"backers/{world.wallet('an investor')}")["limit"]
    assert (limit["identified"], limit["qualified"], limit["limit"]) == (True, False, 500_000_00)
    assert limit["used"] == (90 + 50 + 10) * 100
    assert world.get(f"backers/{world.wallet('a fund')}")["limit"]["qualified"]
    assert not world.get(f"backers/{world.wallet('a rich backer')}")["limit"]["identified"]


def test_what_a_recovery_moved_is_the_new_wallets(world: World) -> None:
    *_, third, heir = world.raised.backers[:4]
    done = world.raised.campaigns["done"]
    held = {h["contract"]: h for h in world.get(f"backers/{world.wallet(heir)}")["holdings"]}
    assert int(held[done]["amount"]) == 25 * ROUBLE
    assert [h["amount"] for h in world.get(f"backers/{world.wallet(third)}")["holdings"]] == []


def test_a_statement_is_all_that_was_paid_and_received(world: World) -> None:
    year = 1970 + world.network.time // (365 * DAY + DAY // 4)
    for name in ("an investor", "a fund", "a rich backer"):
        wallet = world.wallet(name)
        lines = list(_csv(world.client.get(f"/v1/backers/{wallet}/statement.csv?year={year}")))
        received = sum(int(line["amount_base_units"]) for line in lines if line["effect"] == "received")
        paid = sum(int(line["amount_base_units"]) for line in lines if line["effect"] == "paid")
        assert received == world.network.read("TestToken", "balanceOf", wallet)
        assert paid > 0
        assert {line["symbol"] for line in lines} == {"TRUB"}
        assert all(int(line["amount_base_units"]) == Decimal(line["amount"]) * ROUBLE for line in lines)
    assert list(_csv(world.client.get(f"/v1/backers/{wallet}/statement.csv?year={year - 1}"))) == []


def test_a_spending_report_is_what_the_city_paid_and_got_back(world: World) -> None:
    year = 1970 + world.network.time // (365 * DAY + DAY // 4)
    lines = list(_csv(world.client.get(f"/v1/cities/1/spending.csv?year={year}")))
    sums: dict[str, int] = {}
    for line in lines:
        sums[line["entry"]] = sums.get(line["entry"], 0) + int(line["amount_base_units"])
    final = world.get(f"rounds/{world.raised.round_id}")["final"]
    assert sums["round_funded"] == 350 * ROUBLE
    assert sums["state_pledge"] == 47 * ROUBLE
    assert sums["match_paid"] == int(final["paid"])
    assert sums["match_returned"] == int(final["forfeited"])
    assert sums["rest_reclaimed"] == int(final["reclaimed"])


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_shows_it(world: World, language: str) -> None:
    investor = world.wallet("an investor")
    pages = [f"campaigns/{address}" for address in world.raised.campaigns.values()]
    pages += [f"backers/{investor}", f"backers/{investor}/statement", "cities/1/spending"]
    for page in [*pages, "rounds", "rounds/1", "portfolio", "projects/1"]:
        answer = world.client.get(f"/{language}/{page}")
        assert answer.status_code == 200, page
        assert ("TRUB" in answer.text) == (page != "portfolio"), page
    words = {"ru": ("оценка на сейчас", "итог"), "en": ("estimated by now", "final")}[language]
    running = world.block_of("pledged", last=True)
    assert words[0] in world.client.get(f"/{language}/rounds/1?at_block={running}").text
    settled = world.client.get(f"/{language}/rounds/1").text
    assert words[0] not in settled
    assert words[1] in settled


def test_lists_of_backers_come_in_pages_most_first(world: World) -> None:
    address = world.raised.campaigns["done"]
    whole = world.client.get(f"/v1/campaigns/{address}/backers").json()["data"]
    seen: list[Any] = []
    cursor = None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = world.client.get(f"/v1/campaigns/{address}/backers", params=asked).json()
        seen += answer["data"]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == whole
    assert [int(b["pledged"]) for b in whole] == sorted((int(b["pledged"]) for b in whole), reverse=True)


@pytest.mark.parametrize("path", [NOWHERE, "rounds/9", f"{NOWHERE}/backers"])
def test_what_is_not_there_is_said(world: World, path: str) -> None:
    assert world.client.get(f"/v1/{path}").status_code == 404
    assert world.client.get(f"/en/{path.removesuffix('/backers')}").status_code == 404


def test_interest_is_simple_rounded_up_and_paid_first() -> None:
    terms = Terms(rate=1_000, instalments=2, interval=100, grace=10, default_after=5)
    year = 365 * DAY
    stands = standing(terms, [(0, 1_000, 0), (year // 2, 0, 60)], year)
    assert (stands.principal, stands.interest, stands.interest_paid) == (990, 50, 50)
    assert stands.late_since == 110
    early = standing(terms, [(1_000, 999, 0)], 1_050)
    assert (early.interest, early.late_since) == (1, 0)
    assert [(part.due, part.principal, part.state) for part in schedule(terms, early, 1_105)] == [
        (1_100, 500, "grace"), (1_200, 499, "due"),
    ]  # fmt: skip
    assert schedule(terms, Standing(0, 0, 0, 0, 0, 0, 0), 5) == []


def _csv(answer: httpx.Response) -> Iterator[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return csv.DictReader(io.StringIO(answer.text))
