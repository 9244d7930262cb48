"""What a wallet sends itself, what needs nobody's consent, and what is told of actions meanwhile."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from eth_account import Account

from backend.chain.contract import Call
from backend.chain.send import Sender
from tests.backend.auth.people import Site
from tests.backend.network import DAY
from tests.backend.relay.town import Town

SignIn = Callable[[str], httpx.Client]


@pytest.fixture
def key(town: Town, request: pytest.FixtureRequest) -> str:
    return town.relayer(request.node.name)


@pytest.fixture
def signed_in(town: Town) -> SignIn:
    """A browser in which somebody is signed in."""
    site = Site(town.client, town.database, town.chain)

    def sign_in(who: str) -> httpx.Client:
        browser = site.browser()
        session = site.sign_in(browser, Account.from_key(town.key(who))).json()
        browser.headers["X-CSRF-Token"] = session["csrf"]
        return browser

    return sign_in


def wallet_sends(town: Town, who: str, cap: int, tip: int = 10**9) -> str:
    call = town.network.contracts["MeritLedger"].call("setCap", 1, cap)
    return Sender(town.chain.rpc, [town.key(who)], tip=tip).submit([call], gas=300_000)[0]


def report(browser: httpx.Client, tx_hash: str, cap: int, name: str = "set_cap") -> httpx.Response:
    body = {"fields": {"city_id": 1, "daily_cap": cap}, "part": 0, "tx_hash": tx_hash}
    return browser.post(f"/v1/actions/{name}/sent", json=body)


def test_a_wallets_own_transaction_is_followed(town: Town, key: str, signed_in: SignIn) -> None:
    browser, tx_hash = signed_in("steward 1"), wallet_sends(town, "steward 1", 501)
    first, again = report(browser, tx_hash, 501), report(browser, tx_hash, 501)
    assert (first.status_code, again.json()["data"]) == (202, first.json()["data"])
    action = first.json()["data"]
    assert (action["state"], action["tx_hash"]) == ("sent", tx_hash)
    town.turn(key)
    assert town.action(action["id"])["state"] == "included"
    town.settle(key)
    assert town.action(action["id"])["state"] == "confirmed"


def test_a_reorganisation_takes_a_wallets_transaction_back(town: Town, key: str, signed_in: SignIn) -> None:
    browser, before = signed_in("steward 1"), town.chain.snapshot()
    id = report(browser, wallet_sends(town, "steward 1", 502), 502).json()["data"]["id"]
    town.settle(key)
    assert town.action(id)["state"] == "confirmed"
    town.chain.revert(before)
    town.network.pass_time(5)
    town.chain.mine(3)
    town.index()
    town.turn(key)
    action = town.action(id)
    assert (action["state"], action["undone"], action["block_number"]) == ("sent", 1, None)


def test_only_the_accounts_own_transaction_of_the_action_is_taken(town: Town, signed_in: SignIn) -> None:
    who = "steward 1"
    browser, tx_hash = signed_in(who), wallet_sends(town, who, 503)
    assert report(town.client, tx_hash, 503).status_code == 401
    del (other := signed_in(who)).headers["X-CSRF-Token"]
    assert report(other, tx_hash, 503).status_code == 403
    by_another = report(signed_in("verifier 1"), tx_hash, 503)
    assert (by_another.status_code, by_another.json()["errors"][0]["field"]) == (422, "tx_hash")
    gift = Sender(town.chain.rpc, [town.key(who)]).submit([Call(town.network.wallet("verifier 1"), b"")])[0]
    of_something_else = report(browser, gift, 503)
    assert (of_something_else.status_code, of_something_else.json()["errors"][0]["field"]) == (422, "tx_hash")
    assert report(browser, tx_hash, 503, "redeem").status_code == 404


def test_a_transaction_that_the_wallet_replaced_fails(town: Town, key: str, signed_in: SignIn) -> None:
    browser = signed_in("steward 1")
    town.chain.call("evm_setAutomine", False)
    try:
        tx_hash = wallet_sends(town, "steward 1", 504)
        id = report(browser, tx_hash, 504).json()["data"]["id"]
        town.chain.call("anvil_dropTransaction", tx_hash)
        wallet_sends(town, "steward 1", 505, tip=3 * 10**9)
    finally:
        town.chain.call("evm_setAutomine", True)
        town.chain.mine()
    town.index()
    town.turn(key)
    action = town.action(id)
    assert (action["state"], action["reason"]["name"]) == ("failed", "Replaced")
    assert action["reason"]["text"]["ru"].startswith("Кошелёк отправил вместо неё")


def test_what_needs_no_consent_needs_a_session_and_is_done_once(
    town: Town, key: str, signed_in: SignIn
) -> None:
    who = town.citizens.pop()
    offer = town.network.publish(1, price=10, stock=5, term=DAY)
    town.index()
    redeemed = town.redeem(who, **town.fields(offer))
    town.settle(key)
    assert town.action(redeemed)["state"] == "confirmed"
    voucher = offer << 24 | 1
    early = town.prepare(who, "refund", voucher_id=voucher)
    assert (early.status_code, early.json()["reason"]["name"]) == (409, "RewardMarket_VoucherRunning")
    town.network.pass_time(DAY + 1)
    town.index()
    prepared = town.prepare(who, "refund", voucher_id=voucher).json()["data"]
    assert prepared["kind"] == "plain"
    body = {"message": prepared["message"]}
    assert town.submit(body, "refund").status_code == 401
    browser = signed_in("verifier 1")
    first, again = (browser.post("/v1/actions/refund", json=body) for _ in range(2))
    assert (first.status_code, first.json()["data"]["id"]) == (202, again.json()["data"]["id"])
    town.settle(key)
    assert town.action(first.json()["data"]["id"])["state"] == "confirmed"


def test_the_stream_tells_an_account_of_its_steps(town: Town, key: str) -> None:
    mine, other = town.citizens.pop(), town.citizens.pop()
    address = town.network.wallet(mine)
    told: list[dict[str, Any]] = []
    with town.client.stream("GET", "/v1/stream", params={"account": address, "facts": False}) as answer:
        lines = answer.iter_lines()
        town.redeem(other)
        town.redeem(mine)
        for line in lines:
            if line.startswith("event: action"):
                told.append(json.loads(next(lines).removeprefix("data: ")))
                break
        town.turn(key)
        for line in lines:
            if line.startswith("event: action"):
                told.append(json.loads(next(lines).removeprefix("data: ")))
                break
    assert told == [{"account": address}] * 2


def test_the_status_warns_while_there_is_still_money(
    town: Town, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.turn(key)
    relay = town.client.get("/v1/status").json()["data"]["relay"]
    assert (relay["low"], relay["warning"]) == (False, None)
    monkeypatch.setattr(town.settings, "relay_low", 10**9)
    relay = town.client.get("/v1/status").json()["data"]["relay"]
    assert relay["low"]
    assert "Send ether to 0x" in relay["warning"]
    page = town.client.get("/ru/ledger").text
    assert "деньги на исходе" in page
