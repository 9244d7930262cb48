"""Signing in with Ethereum: who gets a session, and every way in which nobody does."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from eth_account import Account

from backend.chain.contract import Contract
from backend.chain.deployment import Deployment
from backend.chain.send import Sender
from backend.settings import Settings
from tests.backend.anvil import KEYS, ROOT
from tests.backend.auth.people import CHAIN, Site, person, sign
from tests.backend.server import serving

CITIZEN, OTHER = person("citizen"), person("other")
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.fixture
def browser(site: Site) -> Iterator[httpx.Client]:
    with site.browser() as client:
        yield client


@pytest.fixture
def nothing_changes(site: Site) -> Iterator[None]:
    """Whatever the test does, nobody is signed in by it."""
    before = site.rows("session")
    yield
    assert site.rows("session") == before


def refused(answer: httpx.Response, status: int, field: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "set-cookie" not in answer.headers
    problem = answer.json()
    assert field is None or [error["field"] for error in problem["errors"]] == [field]
    return problem


def test_who_signs_the_message_is_signed_in(site: Site, browser: httpx.Client) -> None:
    answer = site.sign_in(browser, CITIZEN)
    assert answer.status_code == 201
    assert answer.json()["account"] == CITIZEN.address
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=604800"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert browser.get("/v1/auth/session").json() == answer.json()


def test_nobody_is_signed_in_at_first(browser: httpx.Client) -> None:
    answer = browser.get("/v1/auth/session")
    assert answer.json() == {"account": None, "csrf": None, "expires": None}


def test_the_database_does_not_hold_what_the_cookie_says(site: Site, browser: httpx.Client) -> None:
    site.sign_in(browser, CITIZEN)
    id = browser.cookies["session"].rpartition(".")[0]
    with_id = f"SELECT count(*) FROM session WHERE key::text LIKE '%{id.encode().hex()}%'"
    assert site.rows(f"({with_id}) x WHERE count > 0") == 0


def test_a_nonce_is_used_once(site: Site, browser: httpx.Client) -> None:
    text = site.message(CITIZEN.address)
    body = {"message": text, "signature": sign(CITIZEN, text)}
    assert browser.post("/v1/auth/session", json=body).status_code == 201
    before = site.rows("session")
    refused(browser.post("/v1/auth/session", json=body), 422, "nonce")
    assert site.rows("session") == before


def test_of_two_at_once_with_one_nonce_one_signs_in(site: Site) -> None:
    text = site.message(CITIZEN.address)
    body = {"message": text, "signature": sign(CITIZEN, text)}
    before = site.rows("session")
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda _: httpx.post(f"{site.origin}/v1/auth/session", json=body), range(8))]
    assert sorted(answer.status_code for answer in found) == [201] + [422] * 7
    assert site.rows("session") == before + 1


def test_a_refused_message_leaves_its_nonce(site: Site, browser: httpx.Client) -> None:
    nonce = site.nonce()
    refused(site.sign_in(browser, OTHER, CITIZEN.address, nonce=nonce), 422, "signature")
    assert site.sign_in(browser, CITIZEN, nonce=nonce).status_code == 201


def moment(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("nonce", {"nonce": "0123456789abcdef"}),
        ("domain", {"domain": "other.example"}),
        ("domain", {"domain": "https://127.0.0.1"}),
        ("uri", {"uri": "https://other.example/en/"}),
        ("chain_id", {"chain": 1}),
        ("issued_at", {"issued": moment(hours=-1)}),
        ("expiration_time", {"after": f"\nExpiration Time: {moment(minutes=1)}"}),
        ("not_before", {"after": f"\nNot Before: {moment(hours=-1)}"}),
        ("message", {"version": 2}),
        ("message", {"nonce": "short"}),
        ("message", {"issued": "yesterday"}),
        ("message", {"statement": "Войти"}),
        ("message", {"after": "\nGive me: everything"}),
        ("message", {"statement": "a" * 2000}),
    ],
)
def test_a_message_of_something_else_is_refused(
    site: Site, browser: httpx.Client, nothing_changes: None, field: str, changed: dict[str, Any]
) -> None:
    refused(site.sign_in(browser, CITIZEN, **changed), 422, field)


def test_a_message_of_before_and_until_now_is_taken(site: Site, browser: httpx.Client) -> None:
    after = f"\nExpiration Time: {moment(minutes=-5)}\nNot Before: {moment(minutes=1)}"
    assert site.sign_in(browser, CITIZEN, after=after).status_code == 201


def test_a_nonce_expires(site: Site, browser: httpx.Client, nothing_changes: None) -> None:
    nonce = site.nonce()
    site.run(f"UPDATE sign_in_nonce SET expires = expires - 600 WHERE nonce = '{nonce}'")
    refused(site.sign_in(browser, CITIZEN, nonce=nonce), 422, "nonce")
    site.nonce()
    assert site.rows(f"sign_in_nonce WHERE nonce = '{nonce}'") == 0


@pytest.mark.parametrize("address", [CITIZEN.address.lower(), CITIZEN.address[:-1], "0x" + "0" * 40])
def test_an_account_in_another_spelling_is_refused(
    site: Site, browser: httpx.Client, nothing_changes: None, address: str
) -> None:
    answer = site.sign_in(browser, CITIZEN, address)
    assert refused(answer, 422)["errors"][0]["field"] in ("message", "signature")


def malleable(signature: str) -> str:
    r, s, v = signature[:66], int(signature[66:130], 16), int(signature[130:], 16)
    return f"{r}{ORDER - s:064x}{55 - v:02x}"


@pytest.mark.parametrize(
    "spoil",
    [
        malleable,
        lambda signature: signature[:-2],
        lambda signature: signature[:-2] + "1d",
        lambda signature: signature[:-2] + "00",
        lambda signature: signature + "00",
        lambda signature: signature[:10] + ("0" if signature[10] != "0" else "1") + signature[11:],
        lambda signature: "0x" + "00" * 65,
        lambda signature: "0x" + "ff" * 64 + "1b",
        lambda signature: "0x",
        lambda signature: "0x" + "ab" * 5000,
        lambda signature: signature[2:],
        lambda signature: "0xno",
        lambda signature: 7,
        lambda signature: None,
    ],
)
def test_a_spoilt_signature_is_refused(
    site: Site, browser: httpx.Client, nothing_changes: None, spoil: Any
) -> None:
    text = site.message(CITIZEN.address)
    body = {"message": text, "signature": spoil(sign(CITIZEN, text))}
    refused(browser.post("/v1/auth/session", json=body), 422, "signature")


def test_the_signature_of_another_is_refused(
    site: Site, browser: httpx.Client, nothing_changes: None
) -> None:
    refused(site.sign_in(browser, OTHER, CITIZEN.address), 422, "signature")


@pytest.fixture(scope="module")
def wallet(site: Site) -> Contract:
    """A contract wallet that the citizen owns."""
    made = json.loads((ROOT / "build/contracts/ContractWallet.json").read_text())
    sender = Sender(site.chain.rpc, [KEYS[0]])
    draft = Contract("ContractWallet", None, made["abi"])
    address = sender.send(draft.deploy(made["bytecode"], CITIZEN.address)).contract
    return Contract("ContractWallet", address, made["abi"])


def test_a_contract_wallet_signs_in_by_its_own_word(
    site: Site, browser: httpx.Client, wallet: Contract
) -> None:
    assert wallet.address
    answer = site.sign_in(browser, CITIZEN, wallet.address)
    assert (answer.status_code, answer.json()["account"]) == (201, wallet.address)
    refused(site.sign_in(site.browser(), OTHER, wallet.address), 422, "signature")


def test_a_contract_wallet_that_fails_is_no_failure_of_ours(
    site: Site, browser: httpx.Client, wallet: Contract
) -> None:
    sender = Sender(site.chain.rpc, [KEYS[0]])
    assert wallet.address
    before = site.chain.snapshot()
    sender.send(wallet.call("misbehave", wallet.address, b"\x01\x02\x03\x04"))
    refused(site.sign_in(browser, CITIZEN, wallet.address), 422, "signature")
    site.chain.revert(before)


def test_without_a_node_keys_sign_in_and_contract_wallets_wait(
    database: str, tmp_path: Any, site: Site
) -> None:
    Deployment(CHAIN, {}).write(tmp_path / "deployment.json")
    settings = Settings(data_dir=tmp_path, database_url=database, rpc_url="http://127.0.0.1:1")
    with serving(settings) as client:
        alone = Site(client, database, site.chain)
        before = site.rows("session")
        answer = refused(alone.sign_in(client, CITIZEN, Account.create().address), 503)
        assert "node" in answer["detail"]
        assert site.rows("session") == before
        assert alone.sign_in(client, CITIZEN).status_code == 201


def test_a_site_with_a_public_address_is_that(database: str, tmp_path: Any, site: Site) -> None:
    Deployment(CHAIN, {}).write(tmp_path / "deployment.json")
    settings = Settings(data_dir=tmp_path, database_url=database, origin="https://ledger.example")
    with serving(settings) as client:
        behind = Site(client, database, site.chain)
        refused(behind.sign_in(client, CITIZEN), 422, "domain")
        answer = behind.sign_in(client, CITIZEN, domain="ledger.example", uri="https://ledger.example/en/")
        assert answer.status_code == 201
        assert "Secure" in answer.headers["set-cookie"].split("; ")


@pytest.mark.parametrize(("kind", "path"), [("nonce", "nonce"), ("sign in", "session")])
def test_too_many_tries_are_refused_until_the_window_ends(
    site: Site, nothing_changes: None, kind: str, path: str
) -> None:
    text = site.message(CITIZEN.address)
    body = {"message": text, "signature": sign(CITIZEN, text)} if path == "session" else None
    site.client.post(f"/v1/auth/{path}", json={"message": text, "signature": "0x"} if body else None)
    site.run(f"UPDATE quota SET taken = 300 WHERE kind = '{kind}'")
    # The next window is full too, should it begin just now.
    site.run(f"INSERT INTO quota SELECT kind, subject, ends + 600, 300 FROM quota WHERE kind = '{kind}'")
    nonces = site.rows("sign_in_nonce")
    answer = site.client.post(f"/v1/auth/{path}", json=body)
    wait = int(answer.headers["retry-after"])
    assert 0 < wait <= 600
    assert "Try again in" in refused(answer, 429)["detail"]
    assert site.rows("sign_in_nonce") == nonces
    site.run(f"UPDATE quota SET ends = ends - 1200 WHERE kind = '{kind}'")
    assert site.client.post("/v1/auth/nonce").status_code == 200
    assert site.rows(f"quota WHERE taken >= 300 AND kind = '{kind}'") == 0


def test_many_at_once_are_all_counted(site: Site) -> None:
    site.run("DELETE FROM quota")
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda _: httpx.post(f"{site.origin}/v1/auth/nonce").status_code, range(24))]
    assert found == [200] * 24
    assert site.rows("(SELECT sum(taken) FROM quota HAVING sum(taken) = 24) x") == 1


def test_no_address_of_a_visitor_is_kept(site: Site) -> None:
    site.nonce()
    assert site.rows("quota WHERE position('127.0.0.1' IN encode(subject, 'escape')) > 0") == 0
    assert site.rows("quota WHERE length(subject) = 32") == site.rows("quota") > 0
