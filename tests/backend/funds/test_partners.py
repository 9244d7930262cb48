"""What is answered and shown of partners is what the contracts say, at every block."""

import csv
import io
from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx
import pytest

from backend import db
from backend.funds.periods import Period
from backend.funds.statements import LINES
from backend.kit.types import checksum
from tests.backend.funds_play import Lives
from tests.backend.funds_world import WHOLE
from tests.backend.network import Played

NOBODY = "0x" + "11" * 20
SINCE_INCEPTION = 2


@pytest.fixture(scope="module")
def lives(played: Played) -> Lives:
    return played.lives  # type: ignore[return-value]


def get(client: httpx.Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def partners_of(played: Played, block: int | None = None) -> list[tuple[str, str]]:
    """All pairs of a fund and a wallet that was ever its partner, funds among these."""
    with db.connect(played.database) as conn:
        found = conn.execute(
            "SELECT contract, partner FROM partner_admitted WHERE block_number <= %s"
            " UNION SELECT contract, partner FROM capital_committed WHERE block_number <= %s ORDER BY 1, 2",
            (block or played.block, block or played.block),
        ).fetchall()
    return [(checksum(fund), checksum(partner)) for fund, partner in found]


def blocks_of(played: Played, *facts: str) -> list[int]:
    each = " UNION ".join(f"SELECT block_number FROM {fact}" for fact in facts)
    with db.connect(played.database) as conn:
        return [number for (number,) in conn.execute(f"{each} ORDER BY 1").fetchall()]


def position(client: httpx.Client, wallet: str, fund: str, **query: Any) -> Any:
    held = get(client, f"partners/{wallet}", **query)["positions"]
    return next(one for one in held if one["contract"] == fund)


def test_what_a_partner_has_owes_and_can_claim_is_what_the_contract_says(
    played: Played, client: httpx.Client
) -> None:
    happened = blocks_of(
        played, "capital_committed", "call_paid", "partner_defaulted", "proceeds_distributed", "transfer",
        "distribution_claimed", "carry_returned", "motion_supported",
    )  # fmt: skip
    for block in [*happened[len(happened) // 4 :: len(happened) // 3], played.block]:
        for fund, wallet in partners_of(played, block)[:: 1 if block == played.block else 5]:
            found = position(client, wallet, fund, at_block=block)
            read = played.network.read
            commitment, paid, units, admitted, defaulted, locked = read(
                fund, "partnerOf", wallet, block=block
            )
            assert (int(found["commitment"]), int(found["paid"])) == (commitment, paid)
            assert (int(found["units"]), found["admitted"]) == (units, admitted)
            assert (found["defaulted_at"] is not None, found["locked_until"]) == (defaulted, locked)
            due = [int(found["due"]), int(found["late"])]
            assert due == list(read(fund, "dueOf", wallet, block=block))
            assert int(found["claimable"]) == read(fund, "claimableOf", wallet, block=block)


def test_units_are_worth_their_part_of_what_is_the_partners(played: Played, client: httpx.Client) -> None:
    worth: dict[str, list[int]] = {}
    for fund, wallet in partners_of(played):
        worth.setdefault(fund, []).append(int(position(client, wallet, fund)["nav"]))
    for fund, parts in worth.items():
        _, partners, per_unit = played.network.read(fund, "navOf")
        units = played.network.read(fund, "totalSupply")
        assert partners - len(parts) <= sum(parts) <= partners
        assert abs(sum(parts) - units * per_unit // WHOLE) <= len(parts) + units // WHOLE + 1


def test_who_bought_or_sold_units_has_no_rate_and_others_have_one(
    lives: Lives, played: Played, client: httpx.Client
) -> None:
    growth, wallet = lives.funds.at("growth"), played.network.wallet
    for name in ("partner 1", "partner 8"):
        assert position(client, wallet(name), growth)["net"] is None
    second = position(client, wallet("partner 2"), growth)
    assert second["net"]["rate"] is not None or second["net"]["reason"]
    paid, back = int(second["paid"]) + int(second["late_fee"]), int(second["credited"]) + int(second["nav"])
    assert second["tvpi"] == f"{back * 10_000 // paid // 10_000}.{back * 10_000 // paid % 10_000:04}"
    young = position(client, wallet("partner 1"), lives.funds.at("young"))
    assert (young["tvpi"], young["net"]["reason"]) == (None, "nothing_paid")


def test_a_loss_has_a_rate_below_zero(lives: Lives, played: Played, client: httpx.Client) -> None:
    found = position(client, played.network.wallet("partner 2"), lives.funds.at("early"))
    back = int(found["credited"]) + int(found["nav"])
    assert found["net"]["rate"] is not None
    assert (found["net"]["rate"] > 0) == (back > int(found["paid"]) + int(found["late_fee"]))


def test_sums_are_over_all_funds_of_a_token(lives: Lives, played: Played, client: httpx.Client) -> None:
    for name in lives.partners:
        found = get(client, f"partners/{played.network.wallet(name)}")
        for total in found["sums"]:
            held = [one for one in found["positions"] if one["token"] == total["token"]]
            for figure in ("commitment", "paid", "due", "late", "nav", "credited", "claimable", "unfunded"):
                assert int(total[figure]) == sum(int(one[figure]) for one in held)


def test_notices_of_calls_ask_for_what_is_due(lives: Lives, played: Played, client: httpx.Client) -> None:
    growth, wallet = lives.funds.at("growth"), played.network.wallet("partner 2")
    calls = [c for c in get(client, f"partners/{wallet}/notices")["calls"] if c["contract"] == growth]
    found = position(client, wallet, growth)
    assert [call["number"] for call in calls] == [3, 2, 1]
    assert sum(int(call["amount"]) for call in calls) == int(found["paid"]) + int(found["due"])
    newest = calls[0]
    assert int(newest["unfunded"]) == int(found["commitment"]) - int(newest["called"])
    assert newest["due_at"] == played.network.read(growth, "booksOf")[5]
    # Who came after a call has no notice of it: what it had asked of the others was paid at once.
    late = played.network.wallet("partner 7")
    assert [c["number"] for c in get(client, f"partners/{late}/notices")["calls"]] == [3, 2]
    # A default ends them.
    fourth = played.network.wallet("partner 4")
    assert 3 not in [
        c["number"] for c in get(client, f"partners/{fourth}/notices")["calls"] if c["contract"] == growth
    ]


def test_notices_of_credits_add_up_to_what_is_credited(played: Played, client: httpx.Client) -> None:
    seen = set()
    for fund, wallet in partners_of(played):
        credits = get(client, f"partners/{wallet}/notices")["credits"]
        mine = [credit for credit in credits if credit["contract"] == fund]
        found = position(client, wallet, fund)
        assert sum(int(credit["amount"]) for credit in mine) == int(found["credited"])
        assert not mine or mine[0]["credited"] == found["credited"]
        for credit in mine:
            seen.add(credit["notice"])
            if credit["notice"] == "distribution":
                parts = sum(int(credit[part]) for part in ("capital", "hurdle", "catch_up", "rest"))
                assert parts == int(credit["whole"]) >= int(credit["amount"])
    assert seen >= {"distribution", "premium", "carry_returned"}


def test_notices_come_as_a_table(lives: Lives, played: Played, client: httpx.Client) -> None:
    wallet = played.network.wallet("partner 2")
    told = get(client, f"partners/{wallet}/notices")
    lines = list(table(client.get(f"/v1/partners/{wallet}/notices.csv")))
    assert len(lines) == len(told["calls"]) + len(told["credits"])
    assert {line["symbol"] for line in lines} == {"TRUB"}
    assert lines == sorted(lines, key=lambda line: int(line["block_number"]), reverse=True)


def test_every_column_of_a_statement_foots(lives: Lives, played: Played, client: httpx.Client) -> None:
    now = Period.of(played.network.time)
    for name, fund in (("partner 1", "growth"), ("partner 4", "growth"), ("partner 2", "early")):
        for period in (now, now.last):
            path = f"partners/{played.network.wallet(name)}/funds/{lives.funds.at(fund)}/statement.csv"
            answer = client.get(f"/v1/{path}", params={"year": period.year, "quarter": period.quarter})
            lines = {line["heading"]: line for line in table(answer)}
            assert list(lines) == [heading for _, heading, _, _ in LINES]
            for column in columns():
                sums = {name: int(lines[heading][column]) for _, heading, name, _ in LINES}
                result = sums["operating"] + sums["realised"] + sums["unrealised"]
                carried = sums["carry"] + sums["carry_change"]
                assert sums["beginning"] + sums["flows"] + result + carried == sums["ending"]
                assert sums["flows"] == sums["contributions"] + sums["distributions"]
                assert sums["ending"] + sums["carry_accrued"] == sums["gross"]
                changed = sums["less_contributions"] + sums["released"] + sums["committed"]
                assert sums["unfunded_before"] + changed == sums["unfunded"]


def test_a_statement_is_the_funds_books_and_the_partners_position(
    lives: Lives, played: Played, client: httpx.Client
) -> None:
    growth, wallet = lives.funds.at("growth"), played.network.wallet("partner 2")
    books = lives.funds.books("growth")
    answer = client.get(f"/v1/partners/{wallet}/funds/{growth}/statement.csv")
    lines = {line["heading"]: line for line in table(answer)}
    whole = {name: int(lines[h]["fund_since_inception_base_units"]) for _, h, name, _ in LINES}
    mine = {name: int(lines[h]["partner_since_inception_base_units"]) for _, h, name, _ in LINES}
    _, partners, _ = played.network.read(growth, "navOf")
    assert (whole["ending"], whole["contributions"]) == (partners, books["contributed"])
    assert (-whole["distributions"], -whole["fees"]) == (books["toPartners"], books["fees"] + books["feeDue"])
    assert whole["realised"] + whole["other"] == books["gains"] - books["losses"]
    assert whole["unrealised"] == books["value"] - books["cost"]
    found = position(client, wallet, growth)
    assert (mine["ending"], mine["contributions"]) == (int(found["nav"]), int(found["paid"]))
    assert mine["premiums_got"] - mine["distributions"] == int(found["credited"])
    assert mine["claimable"] == int(found["claimable"])
    # A partner from the first day on has almost nothing that is not theirs by their units.
    assert abs(mine["other"]) < mine["contributions"] // 10


def test_a_quarter_ends_where_the_next_begins(lives: Lives, played: Played, client: httpx.Client) -> None:
    wallet, now = played.network.wallet("partner 2"), Period.of(played.network.time)
    path = f"/v1/partners/{wallet}/funds/{lives.funds.at('growth')}/statement.csv"
    ended, begun = (
        {
            line["heading"]: line
            for line in table(client.get(path, params={"year": one.year, "quarter": one.quarter}))
        }
        for one in (now.last, now)
    )
    for whose in ("partner", "fund"):
        column = f"{whose}_quarter_to_date_base_units"
        for end, begin in (("ending", "beginning"), ("unfunded", "unfunded_before")):
            last, first = (next(h for _, h, name, _ in LINES if name == one) for one in (end, begin))
            assert ended[last][column] == begun[first][column]


def test_a_fund_is_looked_through_to_its_campaigns(lives: Lives, client: httpx.Client) -> None:
    growth = lives.funds.at("growth")
    beneath = get(client, f"funds/{growth}/beneath")
    assert {one["campaign"] for one in beneath} == {
        lives.campaigns[n] for n in ("earning", "patent", "lent", "fresh")
    }
    for one in beneath:
        held = lives.funds.read("growth", "holdingOf", one["campaign"])
        assert (int(one["cost"]), int(one["value"])) == (held[4], held[5])
        assert one["path"] == [growth]
        assert one["stale"] == (one["campaign"] != lives.campaigns["patent"])
        assert one["project_id"] in (lives.startup, lives.invention)


def test_a_fund_of_funds_is_looked_through_to_the_projects(
    lives: Lives, played: Played, client: httpx.Client
) -> None:
    growth, feeder = lives.funds.at("growth"), lives.funds.at("feeder")
    units = lives.funds.read("growth", "balanceOf", feeder)
    everybody = lives.funds.read("growth", "totalSupply")
    direct = {one["campaign"]: one for one in get(client, f"funds/{growth}/beneath")}
    beneath = get(client, f"funds/{feeder}/beneath")
    assert {one["campaign"] for one in beneath} == set(direct)
    for one in beneath:
        assert one["path"] == [feeder, growth]
        assert int(one["value"]) == int(direct[one["campaign"]]["value"]) * units // everybody
    sixth = get(client, f"partners/{played.network.wallet('partner 6')}")["beneath"]
    of_feeder = lives.funds.read("feeder", "balanceOf", played.network.wallet("partner 6"))
    for one in sixth:
        through = next(b for b in beneath if b["campaign"] == one["campaign"])
        whole = int(through["value"]) * of_feeder // lives.funds.read("feeder", "totalSupply")
        assert int(one["value"]) == whole


def test_a_wallet_without_funds_has_nothing(client: httpx.Client) -> None:
    found = get(client, f"partners/{NOBODY}")
    assert (found["positions"], found["sums"], found["beneath"]) == ([], [], [])
    assert get(client, f"partners/{NOBODY}/notices") == {"calls": [], "credits": []}


def test_what_is_not_there_is_said(lives: Lives, played: Played, client: httpx.Client) -> None:
    growth, wallet = lives.funds.at("growth"), played.network.wallet("partner 2")
    for path in (
        f"partners/{NOBODY}/funds/{growth}/statement", f"partners/{wallet}/funds/{NOBODY}/statement",
        f"partners/{wallet}/funds/{growth}/calls/9", f"partners/{wallet}/funds/{growth}/credits/1/1",
    ):  # fmt: skip
        assert client.get(f"/en/{path}").status_code == 404, path
    assert client.get(f"/v1/partners/{NOBODY}/funds/{growth}/statement.csv").status_code == 404
    assert client.get(f"/v1/funds/{NOBODY}/beneath").status_code == 404
    assert client.get(f"/v1/partners/{wallet}/funds/{growth}/statement.csv?quarter=5").status_code == 422


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_shows_it(lives: Lives, played: Played, client: httpx.Client, language: str) -> None:
    growth, early = lives.funds.at("growth"), lives.funds.at("early")
    second, third = (played.network.wallet(name) for name in ("partner 2", "partner 3"))
    words = {
        "ru": ("просрочено", "Отчёт партнёру", "Уведомление о востребовании капитала № 1"),
        "en": ("overdue", "Statement of a partner", "Notice of capital call no. 1"),
    }[language]
    shown = client.get(f"/{language}/partners/{third}")
    assert shown.status_code == 200
    assert words[0] in shown.text
    statement = client.get(f"/{language}/partners/{second}/funds/{growth}/statement")
    assert words[1] in statement.text
    notice = client.get(f"/{language}/partners/{second}/funds/{growth}/calls/1")
    assert words[2] in notice.text
    credit = get(client, f"partners/{second}/notices")["credits"][0]
    place = f"{credit['block_number']}/{credit['log_index']}"
    credited = client.get(f"/{language}/partners/{second}/funds/{credit['contract']}/credits/{place}")
    assert (credited.status_code, "TRUB" in credited.text) == (200, True)
    assert client.get(f"/{language}/partners/{second}/notices").status_code == 200
    assert client.get(f"/{language}/partners/{second}/funds/{early}/statement").status_code == 200
    assert client.get(f"/{language}/partners/{NOBODY}").status_code == 200


def columns() -> list[str]:
    spans = ("quarter_to_date", "year_to_date", "since_inception")
    return [f"{whose}_{span}_base_units" for whose, span in product(("partner", "fund"), spans)]


def table(answer: httpx.Response) -> Iterator[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return csv.DictReader(io.StringIO(answer.text))
