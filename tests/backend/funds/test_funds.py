"""What is answered and shown of funds is what their contracts say, at every block."""

from typing import Any

import httpx
import pytest

from backend import db
from backend.audit import audit
from backend.funds.names import MATTERS, PHASES
from backend.projects.names import FORMS
from tests.backend.funds_play import Lives
from tests.backend.funds_world import ROUBLE
from tests.backend.money_world import SHARE
from tests.backend.network import Played

NOWHERE = "0x" + "11" * 20
NEWEST_FIRST = ["growth", "early", "feeder", "harvest", "winding", "young", "lapsed"][::-1]


@pytest.fixture(scope="module")
def lives(played: Played) -> Lives:
    assert played.lives
    return played.lives


def get(client: httpx.Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def fund(client: httpx.Client, lives: Lives, name: str, **query: Any) -> Any:
    return get(client, f"funds/{lives.funds.at(name)}", **query)


def blocks(played: Played) -> list[int]:
    """Blocks in which something happened to the money of funds, a few of them, and the last one."""
    facts = (
        "call_paid", "invested", "fund_paid", "proceeds_collected", "proceeds_distributed", "fee_taken",
        "holding_marked", "carry_returned",
    )  # fmt: skip
    each = " UNION ".join(f"SELECT block_number FROM {fact}" for fact in facts)
    with db.connect(played.database) as conn:
        found = [number for (number,) in conn.execute(f"{each} ORDER BY 1").fetchall()]
    return [*found[:: len(found) // 6], played.block]


# ------------------------------------------------------------------------ lists


def listed(client: httpx.Client, lives: Lives, **query: Any) -> set[str]:
    names = {address: name for name, address in lives.funds.launched.items()}
    return {names[found["contract"]] for found in get(client, "funds", **query)}


def test_all_funds_are_listed_page_by_page_the_last_one_launched_first(
    client: httpx.Client, lives: Lives
) -> None:
    seen, cursor = [], None
    while True:
        answer = client.get("/v1/funds", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [found["contract"] for found in answer["data"]]
        cursor = answer["next"]
        if not cursor:
            break
    launched = [found["launched_at"] for found in get(client, "funds")]
    assert launched == sorted(launched, reverse=True)
    assert sorted(seen) == sorted(lives.funds.launched.values())


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "grow"}, {"growth"}),
        ({"q": "fund"}, set(NEWEST_FIRST)),
        ({"q": "nothing"}, set()),
        ({"kind": "startup"}, set(NEWEST_FIRST) - {"feeder"}),
        ({"kind": "charity"}, set(NEWEST_FIRST) - {"feeder", "growth", "young"}),
        ({"form": "donation"}, set(NEWEST_FIRST) - {"feeder", "growth"}),
        ({"city": 1, "form": "loan"}, set(NEWEST_FIRST) - {"feeder"}),
        ({"city": 77, "form": "loan"}, set(NEWEST_FIRST) - {"feeder", "growth"}),
        ({"vintage": 2023}, set(NEWEST_FIRST) - {"young", "lapsed"}),
        ({"vintage": 2022}, set()),
        ({"phase": "forming"}, {"young"}),
    ],
)
def test_funds_are_found_by_name_mandate_vintage_and_phase(
    client: httpx.Client, lives: Lives, asked: dict[str, Any], found: set[str]
) -> None:
    assert listed(client, lives, **asked) == found


def test_funds_are_found_by_their_organisation(client: httpx.Client, lives: Lives) -> None:
    organisation = lives.funds.network.wallet("organisation of early")
    assert listed(client, lives, organisation=organisation) == {"early"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "bank"),
        ("form", "gift"),
        ("city", "0"),
        ("vintage", "0"),
        ("phase", "dead"),
        ("organisation", "0x1"),
    ],
)
def test_a_filter_that_is_not_understood_is_named(client: httpx.Client, field: str, value: str) -> None:
    answer = client.get("/v1/funds", params={field: value})
    assert answer.status_code == 422
    assert field in answer.text


def test_an_address_of_no_fund_is_none(client: httpx.Client) -> None:
    assert client.get(f"/v1/funds/{NOWHERE}").status_code == 404
    assert client.get(f"/en/funds/{NOWHERE}").status_code == 404


# ------------------------------------------------------------------------ books


def test_phases_mandates_and_terms_are_the_contracts(client: httpx.Client, lives: Lives) -> None:
    for name in lives.funds.launched:
        found = fund(client, lives, name)
        assert found["phase"] == PHASES[lives.funds.read(name, "phase")]
        largest, may_commit, cities = lives.funds.read(name, "mandate")[2:]
        mandate = found["mandate"]
        assert (mandate["largest_share"], mandate["may_commit"], mandate["cities"]) == (
            largest, may_commit, list(cities),
        )  # fmt: skip
        assert [int(value) for value in found["terms"].values()] == list(lives.funds.read(name, "terms"))


def test_books_and_values_are_the_contracts_at_every_block(
    client: httpx.Client, lives: Lives, played: Played
) -> None:
    for block in blocks(played):
        for name in ("growth", "early", "feeder"):
            found = fund(client, lives, name, at_block=block)
            books = {word.replace("_", ""): value for word, value in found["books"].items()}
            chain = lives.funds.books(name, block)
            for field in set(map(str.lower, chain)) & set(books):
                written = next(word for word in chain if word.lower() == field)
                assert int(books[field]) == chain[written], (block, name, field)
            nav, partners, per_unit = lives.funds.read(name, "navOf", block=block)
            assert (int(found["nav"]), int(found["nav_of_partners"])) == (nav, partners)
            assert int(found["books"]["per_unit"]) == per_unit
            assert found["finally_closed"] == chain["finallyClosed"]


def test_a_split_of_any_sum_and_all_else_is_confirmed_by_the_contracts(played: Played) -> None:
    assert audit(played.settings()) == []
    assert audit(played.settings(), block=blocks(played)[4]) == []


# --------------------------------------------------------------------- holdings


def test_holdings_are_looked_through_to_stage_and_milestones(client: httpx.Client, lives: Lives) -> None:
    held = {one["holding"]: one for one in fund(client, lives, "growth")["holdings"]}
    lent = held[lives.campaigns["lent"]]
    assert (lent["project_id"], lent["kind"], lent["form"], lent["stage"]) == (
        lives.startup, "startup", "loan", "financing",
    )  # fmt: skip
    assert (lent["campaign_phase"], lent["milestone"], lent["milestones"]) == ("funded", 1, 2)
    assert held[lives.campaigns["failed"]]["campaign_phase"] == "failed"
    assert held[lives.campaigns["patent"]]["kind"] == "intellectual_property"


def test_a_holding_says_how_old_its_mark_is(client: httpx.Client, lives: Lives) -> None:
    found = fund(client, lives, "growth")
    held = {one["holding"]: one for one in found["holdings"]}
    old, new, never = (held[lives.campaigns[name]] for name in ("earning", "patent", "fresh"))
    assert (old["stale"], new["stale"], never["stale"]) == (True, False, False)
    assert old["mark_age"] > found["terms"]["mark_term"] >= new["mark_age"]
    assert (never["marked_as_of"], never["value"]) == (None, never["cost"])
    assert found["stale_marks"] == 1
    assert int(new["company"]) == 2_000 * ROUBLE
    assert [mark["holding"] for mark in found["marks"]] == [new["holding"], old["holding"]]


def test_a_fund_of_funds_holds_a_fund(client: httpx.Client, lives: Lives) -> None:
    (held,) = fund(client, lives, "feeder")["holdings"]
    assert (held["is_fund"], held["name"], held["fund_phase"]) == (True, "Fund growth", "investing")
    assert (held["holding"], int(held["commitment"])) == (lives.funds.at("growth"), 150 * ROUBLE)


def test_what_came_back_and_is_left_makes_the_multiple(client: httpx.Client, lives: Lives) -> None:
    for held in fund(client, lives, "early")["holdings"]:
        whole = (int(held["collected"]) + int(held["value"])) * 10**4 // int(held["invested"])
        assert held["multiple"] == f"{whole // 10**4}.{whole % 10**4:04}"


# ------------------------------------------------------------ flows, performance


def test_flows_add_up_to_the_books(client: httpx.Client, lives: Lives) -> None:
    for name in lives.funds.launched:
        found = fund(client, lives, name)
        sums = dict.fromkeys(("paid_in", "to_partners", "to_organisation", "fee", "collected"), 0)
        for flow in found["flows"]:
            sums[flow["what"]] = sums.get(flow["what"], 0) + int(flow["amount"])
        books = found["books"]
        assert sums["paid_in"] == int(books["contributed"]) == int(found["paid"])
        assert sums["to_partners"] == int(books["to_partners"]) == int(found["distributed"])
        assert sums["to_organisation"] == int(books["to_organisation"])
        assert sums["fee"] == int(books["fees"])
        assert sums["collected"] == sum(int(one["collected"]) for one in found["holdings"])


def test_a_rate_of_return_makes_partners_flows_worth_nothing(client: httpx.Client, lives: Lives) -> None:
    found = fund(client, lives, "early")
    signs = {"paid_in": -1, "late_fee": -1, "to_partners": 1}
    flows = [
        (flow["day"], signs[flow["what"]] * int(flow["amount"]))
        for flow in found["flows"]
        if flow["what"] in signs
    ]
    now = client.get("/v1/funds").json()["at_block"]["time"]
    flows.append((now // 86_400 * 86_400, int(found["nav_of_partners"])))
    net = found["performance"]["net"]
    assert (net["annual"], net["reason"]) == (True, None)
    first = flows[0][0]
    worth = sum(value / (1 + net["rate"]) ** ((day - first) / 86_400 / 365) for day, value in flows)
    assert abs(worth) < sum(abs(value) for _, value in flows) / 10**5


def test_performance_is_what_partners_have_of_what_they_paid(client: httpx.Client, lives: Lives) -> None:
    found = fund(client, lives, "growth")
    paid, back, left = (int(found[name]) for name in ("paid", "distributed", "nav_of_partners"))
    for name, part in {"dpi": back, "rvpi": left, "tvpi": back + left}.items():
        whole = part * 10**4 // paid
        assert found["performance"][name] == f"{whole // 10**4}.{whole % 10**4:04}"
    assert found["multiples"] == {name: found["performance"][name] for name in ("dpi", "rvpi", "tvpi")}


def test_a_fund_that_called_nothing_has_no_rate_and_says_why(client: httpx.Client, lives: Lives) -> None:
    performance = fund(client, lives, "young")["performance"]
    assert performance["tvpi"] is None
    assert performance["net"] == {"rate": None, "annual": True, "reason": "nothing_paid"}


# ------------------------------------------------------------- calls and motions


def test_calls_distributions_and_motions_are_told(client: httpx.Client, lives: Lives) -> None:
    found = fund(client, lives, "growth")
    assert [(call["number"], call["running"]) for call in found["calls"]] == [
        (3, True),
        (2, False),
        (1, False),
    ]
    assert [int(line["amount"]) for line in found["distributions"]] == [60 * ROUBLE]
    assert [(one["matter"], one["carried"]) for one in found["motions"]] == [
        ("replace_appraiser", False), ("extend_life", True),
    ]  # fmt: skip
    assert {one["matter"] for one in fund(client, lives, "early")["motions"]} <= set(MATTERS)
    assert found["partners"] == 5  # three first ones, a later one, and a fund
    assert found["organisation"] == lives.funds.network.wallet("organisation of growth")


def test_a_project_is_told_which_funds_may_invest_in_it(client: httpx.Client, lives: Lives) -> None:
    told = get(client, f"projects/{lives.startup}/answer")["funds"]
    names = {address: name for name, address in lives.funds.launched.items()}
    by_name = {names[one["contract"]]: one for one in told}
    assert set(by_name) == {"growth", "young"}  # the others invest no more, or in funds
    growth = by_name["growth"]
    assert growth["forms"] == [FORMS[2], FORMS[SHARE]]
    committed, used = (
        lives.funds.books("growth")["committed"],
        lives.funds.read("growth", "exposureTo", lives.startup),
    )
    assert int(growth["room"]) == committed * 4_000 // 10_000 - used


# ------------------------------------------------------------------------- pages


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_fund_has_a_page(client: httpx.Client, lives: Lives, language: str) -> None:
    words = {"en": ("Portfolio", "stale", "carried"), "ru": ("Портфель", "устарела", "принято")}[language]
    for address in lives.funds.launched.values():
        assert client.get(f"/{language}/funds/{address}").status_code == 200
    page = client.get(f"/{language}/funds/{lives.funds.at('growth')}").text
    assert [word for word in (*words, "TVPI", "Fund growth") if word not in page] == []


def test_an_address_in_small_letters_leads_to_the_page(client: httpx.Client, lives: Lives) -> None:
    address = lives.funds.at("growth")
    answer = client.get(f"/en/funds/{address.lower()}")
    assert (answer.status_code, answer.headers["location"]) == (301, f"/en/funds/{address}")


def test_the_list_narrows_and_says_where_nothing_fits(client: httpx.Client, lives: Lives) -> None:
    page = client.get("/en/funds", params={"search": "growth", "kind": "", "form": "", "vintage": ""}).text
    assert ("Fund growth" in page, "Fund early" in page) == (True, False)
    assert "No fund is like this" in client.get("/en/funds", params={"search": "nothing"}).text
    assert client.get("/en/funds", params={"kind": "bank"}).status_code == 422
    assert client.get("/en/funds", params={"vintage": "soon"}).status_code == 422
