"""`citynet award`: whole lists, bad rows, runs that were broken off."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from eth_account import Account
from eth_utils import keccak

from backend.chain.send import Sender
from tests.backend.cli.conftest import Citynet
from tests.backend.network import DAY, Network

EVIDENCE = "0x" + "11" * 32
KIND_40, KIND_10 = 1, 2


@pytest.fixture(autouse=True)
def tomorrow(network: Network) -> None:
    """Every test has a day of its own: caps are counted by day."""
    network.pass_time(DAY)


@pytest.fixture
def who(network: Network) -> list[str]:
    return [network.wallet(name) for name in network.citizens]


def held(network: Network, wallet: str) -> int:
    expiring, fresh, _ = network.read("MeritLedger", "balanceOf", 1, wallet)
    return expiring + fresh


def write(path: Path, *rows: str, header: str = "citizen,kind,times,evidence") -> str:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_a_list_is_awarded_in_a_batch_per_kind_and_evidence(
    citynet: Citynet, network: Network, who: list[str], verifier_key: str, tmp_path: Path
) -> None:
    (tmp_path / "yard.txt").write_text("Двор на Баумана, 14 человек", encoding="utf-8")
    file = write(
        tmp_path / "acts.csv",
        f"{who[0]},{KIND_40},2,{EVIDENCE}",
        f"{who[1]},{KIND_40},,{EVIDENCE}",
        f"{who[1]},{KIND_10},1,yard.txt",
    )
    before = [held(network, wallet) for wallet in who]

    checked = citynet("award", "--csv", file, "--city", "1", "--dry-run", key=verifier_key)
    assert (checked.code, "nothing sent" in checked.out) == (0, True)
    assert not (tmp_path / "acts.csv.receipt.jsonl").exists()
    done = citynet("award", "--csv", file, "--city", "geonames:551487", key=verifier_key)

    assert done.code == 0, done.err
    assert "130 merits to 2 citizens in 2 transactions" in done.out
    assert [held(network, w) - b for w, b in zip(who, before, strict=True)] == [80, 50, 0, 0, 0, 0]
    steps = [json.loads(line) for line in (tmp_path / "acts.csv.receipt.jsonl").read_text().splitlines()]
    assert [step["batch"] for step in steps if "tx" in step] == [0, 1]
    ids = [bytes.fromhex(id_) for step in steps for id_ in step.get("ids", [])]
    assert [network.read("MeritLedger", "isBatch", id_) for id_ in ids] == [True, False] * 2

    again = citynet("award", "--csv", file, "--city", "1", key=verifier_key)
    assert (again.code, "awarded already" in again.err) == (1, True)
    write(tmp_path / "acts.csv", f"{who[2]},{KIND_40},1,{EVIDENCE}")
    changed = citynet("award", "--csv", file, "--city", "1", key=verifier_key)
    assert (changed.code, "Put new rows into a new file" in changed.err) == (1, True)
    assert held(network, who[2]) == before[2]


def test_byte_order_mark_semicolons_quotes_empty_lines_and_windows_line_ends_are_read(
    citynet: Citynet, network: Network, who: list[str], verifier_key: str, tmp_path: Path
) -> None:
    text = f'\ufeffcitizen;kind;evidence\r\n\r\n"{who[3].lower()}";"2";{EVIDENCE}\r\n;;\r\n'
    (tmp_path / "excel.csv").write_bytes(text.encode())
    done = citynet("award", "--csv", str(tmp_path / "excel.csv"), "--city", "1", key=verifier_key)
    assert done.code == 0, done.err
    assert held(network, who[3]) == 10


def test_every_bad_row_is_named_with_line_and_column_and_nothing_is_sent(
    citynet: Citynet, network: Network, who: list[str], verifier_key: str, tmp_path: Path
) -> None:
    stranger = network.wallet("stranger")
    misspelt = write(
        tmp_path / "misspelt.csv",
        f"0x123,{KIND_40},1,{EVIDENCE}",
        f"{who[0]},forty,0,{EVIDENCE}",
        f"{who[0]},{KIND_40},1,missing.txt",
        f"{who[0][:-1]}{'0' if who[0][-1] != '0' else '1'},{KIND_40},-1,",
    )
    refused = write(
        tmp_path / "refused.csv",
        f"{stranger},{KIND_40},1,{EVIDENCE}",
        f"{who[0]},9,1,{EVIDENCE}",
        f"{who[1]},{KIND_40},10,{EVIDENCE}",
        f"{who[1]},{KIND_10},20,{EVIDENCE}",
        f"{who[2]},{KIND_10},1,{EVIDENCE}",
        f"{who[2]},{KIND_10},1,{EVIDENCE}",
    )
    head = network.chain.head

    done = citynet("award", "--csv", misspelt, "--city", "1", key=verifier_key)
    assert done.code == 1
    found = [tuple(line.split()[:2]) for line in done.err.splitlines() if line[:1].isdigit()]
    assert found == [
        ("2", "citizen"), ("3", "kind"), ("3", "times"), ("4", "evidence"),
        ("5", "citizen"), ("5", "times"), ("5", "evidence"),
    ]  # fmt: skip

    done = citynet("award", "--csv", refused, "--city", "1", key=verifier_key)
    assert done.code == 1
    for words in (
        ("2", "citizen", "is no citizen of this city"),
        ("3", "kind", "awards no act kind 9"),
        ("5", "times", "over the cap: 600 merits, 500 are allowed (lines 4, 5)"),
        ("7", "citizen", "already in line 6"),
    ):
        assert any(all(word in line for word in words) for line in done.err.splitlines()), words
    assert network.chain.head == head
    assert not list(tmp_path.glob("*.receipt.jsonl"))


def test_a_list_over_the_budget_is_refused_as_a_whole(
    citynet: Citynet, network: Network, who: list[str], verifier_key: str, tmp_path: Path
) -> None:
    network.send("steward 1", "MeritLedger", "setBudget", 1, network.wallet("verifier 1"), 30)
    head = network.chain.head
    file = write(tmp_path / "acts.csv", f"{who[0]},{KIND_40},1,{EVIDENCE}")
    done = citynet("award", "--csv", file, "--city", "1", key=verifier_key)
    network.send("steward 1", "MeritLedger", "setBudget", 1, network.wallet("verifier 1"), 5_000)
    assert (done.code, "over the verifier's budget" in done.err) == (1, True)
    assert network.chain.head == head + 1


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("citizen,kind,time,evidence", "column `time` is none of"),
        ("citizen,kind,evidence,evidence", "two columns are named `evidence`"),
        ("citizen,kind", "no column `evidence`"),
    ],
)
def test_a_wrong_header_is_named(citynet: Citynet, tmp_path: Path, header: str, words: str) -> None:
    file = write(tmp_path / "acts.csv", "a,b,c,d", header=header)
    done = citynet("award", "--csv", file, "--city", "1")
    assert (done.code, words in done.err) == (2, True), done.err


def test_a_run_that_broke_off_goes_on_without_doubling(
    citynet: Citynet,
    network: Network,
    who: list[str],
    verifier_key: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [f"{wallet},{KIND_10},1,0x{bytes([i] * 32).hex()}" for i, wallet in enumerate(who, 1)]
    file = write(tmp_path / "acts.csv", *rows)
    before = [held(network, wallet) for wallet in who]
    monkeypatch.setattr(sys.modules["backend.cli.award"], "IN_FLIGHT", 2)
    waited = Sender.wait
    calls = 0

    def killed(self: Sender, hashes: list[str], calls_: list) -> list:
        nonlocal calls
        calls += 1
        if calls == 2:  # the second pair of batches is sent, its receipts are never seen
            raise KeyboardInterrupt
        return waited(self, hashes, calls_)

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "wait", killed)
        assert citynet("award", "--csv", file, "--city", "1", key=verifier_key).code == 130
    journal = tmp_path / "acts.csv.receipt.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"batch": 3, "tx')  # and a kill in the midst of a line

    done = citynet("award", "--csv", file, "--city", "1", key=verifier_key)

    assert done.code == 0, done.err
    assert "4 of 6 batches are awarded" in done.err
    assert [held(network, w) - b for w, b in zip(who, before, strict=True)] == [10] * 6
    assert citynet("award", "--csv", file, "--city", "1", key=verifier_key).code == 1


def test_an_epoch_is_one_transaction_and_its_leaves_are_kept(
    citynet: Citynet, network: Network, who: list[str], verifier_key: str, tmp_path: Path, database: str
) -> None:
    import psycopg

    file = write(tmp_path / "epoch.csv", *(f"{w},{KIND_10},3,{EVIDENCE}" for w in who))
    today = datetime.fromtimestamp(network.time, UTC).date()
    days = ["--from", str(today - timedelta(2)), "--to", str(today - timedelta(1))]
    head = network.chain.head

    two = write(tmp_path / "two.csv", f"{who[0]},{KIND_10},1,{EVIDENCE}", f"{who[0]},{KIND_40},1,{EVIDENCE}")
    wrong = ["--from", days[1], "--to", str(today)]
    bad = citynet("award", "--csv", two, "--city", "1", "--epoch", *wrong, key=verifier_key)
    assert bad.code == 1
    for words in (
        "one row for each citizen in an epoch",
        "an epoch is of one kind",
        "last day is not over yet",
    ):
        assert words in bad.err
    done = citynet("award", "--csv", file, "--city", "1", "--epoch", *days, key=verifier_key)

    assert done.code == 0, done.err
    assert network.chain.head == head + 1
    with psycopg.connect(database) as connection:
        root, leaves = connection.execute("SELECT root, leaves FROM app.epoch_tree").fetchone()
        kept = connection.execute("SELECT count(*) FROM app.epoch_leaf").fetchone()[0]
    assert (leaves, kept) == (6, 6)
    epoch = network.read("MeritLedger", "period") << 8 | network.read("MeritLedger", "cityOf", 1)[3] - 1
    assert network.read("MeritLedger", "epochOf", 1, epoch)[0] == root
    assert citynet("award", "--csv", file, "--city", "1", "--epoch", *days, key=verifier_key).code == 1


def test_who_may_not_or_cannot_sign_is_told_so(
    citynet: Citynet, network: Network, who: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "acts.csv", f"{who[0]},{KIND_40},1,{EVIDENCE}")
    asked = ("award", "--csv", file, "--city", "1")
    assert "no verifier's of this city" in citynet(*asked).err
    broken = citynet(*asked, key="0xhello")
    assert (broken.code, "not a private key" in broken.err) == (2, True)
    keystore = tmp_path / "key.json"
    keystore.write_text(json.dumps(Account.encrypt(keccak(text="verifier 1"), "right", iterations=2)))
    monkeypatch.setenv("CITYNET_KEYSTORE_PASSWORD", "wrong")
    wrong = citynet(*asked, "--keystore", str(keystore))
    assert (wrong.code, "the password is wrong" in wrong.err) == (2, True)
    monkeypatch.setenv("CITYNET_KEYSTORE_PASSWORD", "right")
    assert citynet(*asked, "--keystore", str(keystore), "--dry-run").code == 0
    assert "no city number 77" in citynet("award", "--csv", file, "--city", "77").err
    assert "no city with the code" in citynet("award", "--csv", file, "--city", "geonames:1").err


def test_a_node_that_is_away_or_of_another_chain_ends_with_3(
    citynet: Citynet, network: Network, who: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "acts.csv", f"{who[0]},{KIND_40},1,{EVIDENCE}")
    away = citynet("award", "--csv", file, "--city", "1", "--rpc", "http://127.0.0.1:9")
    assert away.code == 3
    other = json.loads(network.deployment_file.read_text()) | {"chain_id": 1}
    (tmp_path / "other.json").write_text(json.dumps(other))
    monkeypatch.setenv("CITYNET_DEPLOYMENT", str(tmp_path / "other.json"))
    foreign = citynet("award", "--csv", file, "--city", "1")
    assert (foreign.code, "of chain 31337, the deployment of chain 1" in foreign.err) == (3, True)
    monkeypatch.setenv("CITYNET_DEPLOYMENT", str(tmp_path / "none.json"))
    assert citynet("award", "--csv", file, "--city", "1").code == 3
