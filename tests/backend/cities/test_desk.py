"""The desk of a city: lists are checked, kept as drafts, sent part by part, and leave a receipt."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from eth_account import Account
from eth_utils import keccak

from backend import db
from backend.cities.drafts import MOST_BYTES
from backend.cities.schemas import VERIFIER
from backend.content import queries as contents
from backend.errors import Problem
from backend.kit.types import checksum
from backend.merits import epochs
from backend.migrations import upgrade
from backend.settings import Settings
from tests.backend.acting import Acting
from tests.backend.anvil import Anvil
from tests.backend.auth.people import Site
from tests.backend.network import DAY, Network
from tests.backend.server import serving

CITIZENS = 6
HASH = "0x" + "11" * 32


@dataclass
class Desk:
    """City 1 with its verifier signed in, and city 2 with another one."""

    site: Site
    acting: Acting
    verifier: httpx.Client

    @property
    def network(self) -> Network:
        return self.acting.network

    def browser(self, who: str) -> httpx.Client:
        """Somebody's browser, signed in."""
        browser = self.site.browser()
        answer = self.site.sign_in(browser, Account.from_key(keccak(text=who)))
        browser.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return browser

    def check(
        self, place: str, text: str | bytes, by: httpx.Client | None = None, **form: str
    ) -> httpx.Response:
        body = text.encode() if isinstance(text, str) else text
        files = {"list": ("list.csv", body, "text/csv")}
        return (by or self.verifier).post(f"/en/cities/1/desk/{place}", files=files, data=form)

    def kept(self, place: str, text: str, **form: str) -> int:
        """The number of the draft that a list in order becomes."""
        answer = self.check(place, text, **form)
        assert answer.status_code == 200, answer.text
        assert "All lines are in order" in answer.text, answer.text
        return int(re.search(r"/lists/(\d+)", answer.text)[1])  # type: ignore[index]

    def send(self, name: str, draft: int, part: int, who: str = "verifier 1") -> None:
        self.acting.send(who, name, city_id=1, draft_id=draft, part=part)
        self.network.index(self.acting.database)

    def prepare(
        self, name: str, draft: int, part: int, who: str = "verifier 1", city: int = 1
    ) -> httpx.Response:
        fields = {"city_id": city, "draft_id": draft, "part": part}
        body = {"account": self.network.wallet(who), "fields": fields}
        return self.verifier.post(f"/v1/actions/{name}/prepare", json=body)

    def receipt(self, draft: int) -> list[dict[str, str]]:
        answer = self.verifier.get(f"/en/cities/1/desk/receipts/{draft}.csv")
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    def citizen(self, number: int) -> str:
        return self.network.wallet(f"citizen 1.{number}")


@pytest.fixture(scope="module")
def desk(anvil: Anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    network = Network(anvil)
    network.settle(network.open_city("geonames:1"), citizens=CITIZENS, budget=1_000)
    network.open_city("geonames:2")
    network.send("steward 2", "CityRegistry", "setRoles", 2, network.wallet("verifier 2"), VERIFIER)
    network.pass_time(2 * DAY)
    network.index(database)
    upgrade(database)
    folder = tmp_path_factory.mktemp("desk")
    network.deployment.write(folder / "deployment.json")
    settings = Settings(
        rpc_url=anvil.url, database_url=database, deployment=folder / "deployment.json", data_dir=folder
    )
    with serving(settings) as client:
        made = Desk(Site(client, database, anvil), Acting(network, database), client)
        made.verifier = made.browser("verifier 1")
        yield made


def faults(page: str) -> list[tuple[str, str, str]]:
    """Line, column and reason of each fault that a preview shows."""
    rows = re.findall(
        r"<tr>\s*<th scope=\"row\">(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>", page
    )
    return [tuple(field.strip() for field in row) for row in rows]  # type: ignore[misc]


def wallets(count: int, seed: str) -> list[tuple[str, str]]:
    return [
        (checksum(keccak(text=f"{seed} {n}")[:20]), "0x" + keccak(text=f"{seed}/{n}").hex())
        for n in range(count)
    ]


# ------------------------------------------------------------- registrations


def test_every_bad_line_of_a_list_of_citizens_is_named_and_nothing_is_kept_to_be_sent(desk: Desk) -> None:
    (new, nullifier), (other, another) = wallets(2, "bad")
    lines = [
        "wallet;nullifier",
        f"0x12;{nullifier}",
        "",
        f"{new};?",
        f"{desk.citizen(0)};{nullifier}",
        f"{new};0x{keccak(text='1/citizen 1.1').hex()}",
        f"{other};{another}",
        f"{other};{another}",
    ]
    read = faults(desk.check("register/list", "\r\n".join(lines[:4])).text)
    assert [fault[:2] for fault in read] == [("Line 2", "wallet"), ("Line 4", "nullifier")]
    page = desk.check("register/list", "\n".join([lines[0], *lines[4:]])).text
    assert [fault[:2] for fault in faults(page)] == [
        ("Line 2", "wallet"), ("Line 3", "nullifier"), ("Line 5", "wallet"), ("Line 5", "nullifier"),
    ]  # fmt: skip
    assert "Nothing can be sent yet: 4 faults are in the list." in page
    assert "Go to sending" not in page
    assert checksum(bytes.fromhex(desk.citizen(1)[2:])) in page


def test_a_list_of_citizens_is_registered_and_leaves_a_receipt(desk: Desk) -> None:
    people = wallets(201, "newcomer")
    text = "\n".join(["wallet,nullifier", *(",".join(person) for person in people)])
    draft = desk.kept("register/list", text)
    assert desk.receipt(draft) == []

    desk.send("send_registrations", draft, 1)
    assert [row["line"] for row in desk.receipt(draft)] == ["202"]
    assert "1 of 2" in desk.verifier.get(f"/en/cities/1/desk/receipts/{draft}").text
    with pytest.raises(Problem, match="in the ledger already"):
        desk.send("send_registrations", draft, 1)
    desk.send("send_registrations", draft, 0)

    rows = desk.receipt(draft)
    assert [row["citizen"] for row in rows] == [wallet for wallet, _ in people]
    assert len({row["tx_hash"] for row in rows}) == 2
    assert (
        desk.network.read("CityRegistry", "walletOf", 1, bytes.fromhex(people[200][1][2:])) == people[200][0]
    )
    page = desk.verifier.get(f"/en/cities/1/desk/receipts/{draft}").text
    assert "and 1 more, in the file" in page
    assert "Not all of it" not in page
    assert "data-send" not in desk.verifier.get(f"/en/cities/1/desk/lists/{draft}").text


# -------------------------------------------------------------------- awards


def test_awards_are_sent_once_each_and_their_evidence_is_kept(desk: Desk) -> None:
    text = "Двор на Баумана, 14 человек"
    lines = ["citizen,kind,times,evidence", f"{desk.citizen(0)},1,2,{HASH}", f'{desk.citizen(1)},2,,"{text}"']
    draft = desk.kept("award/list", "\n".join(lines))

    desk.send("send_awards", draft, 1)
    assert desk.prepare("send_awards", draft, 1).status_code == 409
    given = desk.prepare("send_awards", draft, 0)
    assert [call["label"] for call in given.json()["data"]["calls"]] == ["MeritLedger.awardBatch"]
    desk.send("send_awards", draft, 0)

    rows = desk.receipt(draft)
    assert [(row["line"], row["merits"]) for row in rows] == [("2", "40"), ("2", "40"), ("3", "10")]
    assert {row["citizen"] for row in rows} == {desk.citizen(0), desk.citizen(1)}
    (named,) = desk.acting.rows("SELECT evidence FROM batch_awarded WHERE kind_id = 2")
    hash = named["evidence"]
    said = desk.acting.ledger(lambda conn, _: contents.texts(conn, [hash], "description"))
    assert said[hash].ru == text


def test_nothing_is_awarded_while_the_ledger_lacks_a_batch_that_the_contract_knows(desk: Desk) -> None:
    draft = desk.kept("award/list", f"citizen,kind,evidence\n{desk.citizen(2)},2,{HASH}")
    desk.network.send(
        "verifier 1", "MeritLedger", "awardBatch", 1, 2, bytes.fromhex(HASH[2:]), [desk.citizen(2)]
    )
    # The very batch of the draft is on chain, as after a report that was lost.
    early = desk.prepare("send_awards", draft, 0)
    assert (early.status_code, early.headers["retry-after"]) == (409, "2")
    desk.network.index(desk.acting.database)
    late = desk.prepare("send_awards", draft, 0)
    assert (late.status_code, "retry-after" in late.headers) == (409, False)
    assert [row["citizen"] for row in desk.receipt(draft)] == [desk.citizen(2)]


def test_of_equal_batches_each_stands_for_one_part(desk: Desk) -> None:
    other = desk.kept("award/list", f"citizen,kind,evidence\n{desk.citizen(3)},2,same words")
    first = desk.kept("award/list", f"citizen,kind,evidence\n{desk.citizen(3)},2,same words")
    desk.send("send_awards", first, 0)
    # A list that was checked before the award, with the same in it, is not sent a second time.
    assert desk.prepare("send_awards", other, 0).status_code == 409


def test_faults_of_awards_are_told_in_both_languages(desk: Desk) -> None:
    lines = [
        "citizen,kind,times,evidence",
        f"{desk.citizen(0)},9,1,x",
        f"{desk.citizen(1)},1,30,x",
        "0x1,1,0,",
    ]
    read = faults(desk.check("award/list", "\n".join(lines)).text)
    assert [fault[:2] for fault in read] == [
        ("Line 4", "citizen"),
        ("Line 4", "times"),
        ("Line 4", "evidence"),
    ]
    english = desk.check("award/list", "\n".join(lines[:3]))
    assert [fault[:2] for fault in faults(english.text)] == [
        ("Line 2", "kind"), ("Line 3", "times"), ("The whole list", "—"),
    ]  # fmt: skip
    assert "over the verifier&#39;s budget" in english.text
    files = {"list": ("list.csv", "\n".join(lines[:3]).encode())}
    russian = desk.verifier.post("/ru/cities/1/desk/award/list", files=files).text
    assert "город не начисляет заслуг за вид дел 9" in russian
    number = re.search(r"lists/(\d+)/faults.csv", russian)
    assert number
    kept = desk.verifier.get(f"/ru/cities/1/desk/lists/{number[1]}/faults.csv").text
    assert "2,kind,город не начисляет заслуг за вид дел 9" in kept


def test_an_epoch_is_opened_of_a_list_and_its_leaves_can_be_claimed(desk: Desk) -> None:
    today = datetime.fromtimestamp(desk.network.time, UTC).date()
    day = str(today.fromordinal(today.toordinal() - 1))
    lines = [
        "citizen,kind,times,evidence",
        f"{desk.citizen(4)},2,3,three hours",
        f"{desk.citizen(5)},2,1,{HASH}",
    ]
    over = desk.check("award/epoch", "\n".join(lines), first_day=day, last_day=str(today))
    assert [fault[0] for fault in faults(over.text)] == ["The whole list"]
    assert desk.check("award/epoch", "\n".join(lines), first_day="today", last_day=day).status_code == 422
    draft = desk.kept("award/epoch", "\n".join(lines), first_day=day, last_day=day)

    desk.send("send_epoch", draft, 0)

    assert [row["merits"] for row in desk.receipt(draft)] == ["30", "10"]
    wallet = bytes.fromhex(desk.citizen(4)[2:])
    (leaf,) = desk.acting.ledger(lambda conn, moment: epochs.claimable(conn, moment, wallet))
    assert (leaf.times, leaf.points) == (3, 30)
    assert desk.prepare("send_epoch", draft, 0).status_code == 409


# ---------------------------------------------------------------- whose it is


def test_a_draft_is_its_accounts_and_its_citys_alone(desk: Desk) -> None:
    draft = desk.kept("award/list", f"citizen,kind,evidence\n{desk.citizen(0)},2,{HASH}")
    assert desk.prepare("send_awards", draft, 0, city=2).status_code == 404
    assert desk.prepare("send_awards", draft, 0, who="verifier 2").status_code == 404
    assert desk.prepare("send_epoch", draft, 0).status_code == 404
    assert desk.prepare("send_awards", draft, 7).status_code == 404
    other = desk.browser("verifier 2")
    for page in (f"receipts/{draft}.csv", f"lists/{draft}/faults.csv"):
        assert other.get(f"/en/cities/1/desk/{page}").status_code == 404
    assert "no role in this city" in other.get(f"/en/cities/1/desk/lists/{draft}").text
    assert desk.check("award/list", "citizen,kind,evidence", by=other).status_code == 403
    stranger = desk.site.browser()
    assert desk.check("award/list", "citizen,kind,evidence", by=stranger).status_code == 401
    assert "Sign in" in stranger.get("/en/cities/1/desk").text
    assert stranger.get(f"/en/cities/1/desk/receipts/{draft}.csv").status_code == 401
    without = desk.site.browser(cookie=f"session={desk.verifier.cookies['session']}")
    assert desk.check("award/list", "citizen,kind,evidence", by=without).status_code == 403


def test_drafts_go_after_their_time(desk: Desk) -> None:
    draft = desk.kept("award/list", f"citizen,kind,evidence\n{desk.citizen(0)},2,{HASH}")
    with db.connect(desk.acting.database) as conn:
        conn.execute("UPDATE draft SET created_at = now() - interval '31 days' WHERE draft_id = %s", (draft,))
    assert desk.prepare("send_awards", draft, 0).status_code == 404
    desk.kept("award/list", f"citizen,kind,evidence\n{desk.citizen(0)},2,{HASH}")
    with db.connect(desk.acting.database) as conn:
        assert conn.execute("SELECT count(*) FROM draft_part WHERE draft_id = %s", (draft,)).fetchone() == (
            0,
        )


# ---------------------------------------------------------------------- size


def test_twenty_thousand_lines_are_checked_and_their_faults_capped(desk: Desk) -> None:
    people = wallets(20_000, "many")
    answer = desk.check("register/list", "\n".join(["wallet,nullifier", *(",".join(p) for p in people)]))
    assert '<dt>Transactions</dt><dd class="number">100</dd>' in answer.text
    rows = (f"{wallet},2,x" for wallet, _ in people[:5_000])
    page = desk.check("award/list", "\n".join(["citizen,kind,evidence", *rows])).text
    assert len(faults(page)) == 50
    # Each is no citizen, and the sum is over the budget.
    assert "5,001 faults are in the list" in page
    assert "and 4,951 more" in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "the file is empty"),
        ("citizen,kind,evidence\n", "the list has no rows"),
        ("citizen,kind\n", "there is no column `evidence`"),
        ("citizen,kind,evidence\n" + "1," * 9, "10 fields, the header has 3"),
        ("горожанин".encode("cp1251"), "not UTF-8"),
        ("citizen,kind,evidence\n" + "\n" * 30_000, "30001 lines; a list has at most 30000"),
    ],
)
def test_what_is_no_list_is_said_in_one_line(desk: Desk, text: str | bytes, words: str) -> None:
    answer = desk.check("award/list", text)
    assert answer.status_code == 200
    assert words in answer.text.replace("&#39;", "'")


def test_lists_may_be_larger_than_other_bodies_but_not_endless(desk: Desk) -> None:
    assert desk.check("award/list", b"x" * (MOST_BYTES + 1)).status_code == 413
    assert desk.verifier.post("/v1/actions/award/prepare", content=b"x" * 70_000).status_code == 413
    no_file = desk.verifier.post("/en/cities/1/desk/award/list", data={"list": "text"}, files={"x": b""})
    assert no_file.status_code == 422
