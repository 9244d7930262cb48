"""Pledges over HTTP and through the relay, which acts on contracts that the deployment does not name, too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from eth_account import Account

from backend.chain.contract import Call
from backend.chain.send import Sender
from tests.backend.auth.people import Site
from tests.backend.projects.venture import ROUBLE, Venture
from tests.backend.relay.town import Town


@pytest.fixture(scope="module")
def town(anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Town.opened(anvil, database, Path(tmp_path_factory.mktemp("fair"))) as town:
        yield town


@pytest.fixture(scope="module")
def venture(town: Town) -> Venture:
    return Venture(town.network)


@pytest.fixture
def campaign(town: Town, venture: Venture) -> str:
    made = venture.campaign(venture.project())
    town.index()
    return made


def prepared(town: Town, who: str, name: str, fields: dict[str, Any]) -> dict[str, Any]:
    answer = town.prepare(who, name, **fields)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def signature(town: Town, who: str, data: dict[str, Any]) -> str:
    return "0x" + bytes(Account.sign_typed_data(town.key(who), full_message=data).signature).hex()


def signed_in(town: Town, who: str) -> httpx.Client:
    """A browser in which somebody is signed in."""
    site = Site(town.client, town.database, town.chain)
    browser = site.browser()
    session = site.sign_in(browser, Account.from_key(town.key(who))).json()
    browser.headers["X-CSRF-Token"] = session["csrf"]
    return browser


def test_a_pledge_by_signature_and_permit_goes_through_the_relay(
    town: Town, venture: Venture, campaign: str
) -> None:
    who, key = venture.rich("backer a"), town.relayer("pledges")
    fields = {"campaign": campaign, "amount": str(70 * ROUBLE), "edition": 1}
    asked = prepared(town, who, "pledge_signed", fields)
    assert (asked["kind"], asked["typed_data"]["primaryType"]) == ("permit", "Permit")
    allowed = asked["fields"] | {"permit": signature(town, who, asked["typed_data"])}
    data = prepared(town, who, "pledge_signed", allowed)
    assert data["typed_data"]["domain"]["name"] == "Campaign"
    assert data["typed_data"]["domain"]["verifyingContract"].lower() == campaign
    assert "permit" not in data["typed_data"]["message"]
    body = {"message": data["message"], "signature": signature(town, who, data["typed_data"])}
    first, again = (town.submit(body, "pledge_signed") for _ in range(2))
    assert (first.status_code, first.json()["data"]["id"]) == (202, again.json()["data"]["id"])
    town.settle(key)
    assert town.action(first.json()["data"]["id"])["state"] == "confirmed"
    assert venture.read(campaign, "positionOf", town.network.wallet(who))[0] == 70 * ROUBLE


def test_a_signature_for_another_contract_than_a_campaign_is_refused(
    town: Town, venture: Venture, campaign: str
) -> None:
    who = venture.rich("backer b")
    venture.network.send(who, "TestToken", "approve", campaign, 70 * ROUBLE)
    fields = {"campaign": campaign, "amount": str(70 * ROUBLE), "edition": 1}
    data = prepared(town, who, "pledge_signed", fields)
    typed = data["typed_data"] | {
        "domain": data["typed_data"]["domain"] | {"verifyingContract": venture.token}
    }
    body = {
        "message": data["message"] | {"contract": venture.token},
        "signature": signature(town, who, typed),
    }
    refused = town.submit(body, "pledge_signed")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "contract")
    moved = {"message": body["message"], "signature": signature(town, who, data["typed_data"])}
    assert town.submit(moved, "pledge_signed").json()["errors"][0]["field"] == "signature"


def test_an_approval_that_is_in_a_block_already_is_followed(
    town: Town, venture: Venture, campaign: str
) -> None:
    who = venture.rich("backer c")
    browser = signed_in(town, who)
    fields = {"campaign": campaign, "amount": str(20 * ROUBLE), "edition": 1, "permit": "0x"}
    calls = prepared(town, who, "pledge", fields)["calls"]
    assert [call["label"] for call in calls] == ["ERC20.approve", "Campaign.pledge"]
    wallet, key = Sender(town.chain.rpc, [town.key(who)]), town.relayer("approvals")
    for part, call in enumerate(calls):
        sent = wallet.send(Call(call["to"], bytes.fromhex(call["data"][2:])))
        body = {"fields": fields, "part": part, "tx_hash": sent.tx_hash}
        followed = browser.post("/v1/actions/pledge/sent", json=body)
        assert followed.status_code == 202, followed.text
    town.settle(key)
    assert town.action(followed.json()["data"]["id"])["state"] == "confirmed"
    elsewhere = town.network.contracts["TestToken"].call("approve", town.network.wallet("stranger"), 1)
    sent = wallet.send(elsewhere)
    body = {"fields": fields, "part": 0, "tx_hash": sent.tx_hash}
    assert browser.post("/v1/actions/pledge/sent", json=body).status_code == 422


def test_what_anybody_may_do_again_is_another_action(town: Town, venture: Venture, campaign: str) -> None:
    who, key = venture.rich("backer d"), town.relayer("refunds")
    browser = signed_in(town, who)
    ids = []
    for made in (campaign, venture.campaign(venture.project())):
        venture.network.send(who, "TestToken", "approve", made, 50 * ROUBLE)
        venture.send(who, made, "pledge", (50 * ROUBLE, 0, 0, 0, 1))
        venture.send("author 1", made, "stop", b"\x01" * 32)
        town.index()
        message = prepared(town, who, "refund_pledge", {"campaign": made})["message"]
        answer = browser.post("/v1/actions/refund_pledge", json={"message": message})
        assert answer.status_code == 202, answer.text
        ids.append(answer.json()["data"]["id"])
        town.settle(key)
        assert town.action(ids[-1])["state"] == "confirmed"
        assert venture.read(made, "positionOf", town.network.wallet(who))[0] == 0
    assert ids[0] != ids[1]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_offer_what_one_may_do_now(town: Town, venture: Venture, campaign: str, language: str) -> None:
    who = venture.rich(venture.citizens[0])
    project = venture.read(campaign, "projectId")
    strange = town.client.get(f"/{language}/projects/{project}").text
    assert "data-sign-in" in strange
    assert 'data-action="' not in strange
    browser = signed_in(town, who)
    for page in (f"projects/{project}", f"campaigns/{campaign}"):
        text = browser.get(f"/{language}/{page}").text
        assert 'data-action="pledge"' in text
        assert f'<option value="{venture.city}" selected' in text
        assert ('data-action="support"' in text) == page.startswith("projects")
        assert 'data-action="withdraw_pledge"' not in text
    venture.network.send(who, "TestToken", "approve", campaign, 50 * ROUBLE)
    venture.send(who, campaign, "pledge", (50 * ROUBLE, 0, 0, 0, 1))
    town.index()
    assert 'data-action="withdraw_pledge"' in browser.get(f"/{language}/campaigns/{campaign}").text
    venture.send("author 1", campaign, "stop", b"\x01" * 32)
    town.index()
    stopped = browser.get(f"/{language}/campaigns/{campaign}").text
    assert 'data-action="refund_pledge"' in stopped
    assert 'data-action="pledge"' not in stopped
