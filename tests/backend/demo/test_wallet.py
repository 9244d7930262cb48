"""The demo wallet signs as the demo's people, on the demo's chain, and nowhere else."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data

from backend.chain.deployment import Deployment
from backend.demo.signing import address_of, key_of
from backend.settings import Settings
from tests.backend.anvil import Anvil
from tests.backend.auth.people import Site
from tests.backend.server import serving

CITIZEN = address_of(key_of("citizen 1 of Kazan"))
STEWARD = address_of(key_of("steward of Kazan"))
STRANGER = "0x00000000000000000000000000000000000057A6"
TYPED: dict[str, Any] = {
    "domain": {
        "name": "RewardMarket",
        "version": "1",
        "chainId": "31337",
        "verifyingContract": "0x" + "11" * 20,
    },
    "types": {
        "EIP712Domain": [
            {"name": "name", "type": "string"},
            {"name": "version", "type": "string"},
            {"name": "chainId", "type": "uint256"},
            {"name": "verifyingContract", "type": "address"},
        ],
        "Redeem": [{"name": "citizen", "type": "address"}, {"name": "price", "type": "uint32"}],
    },
    "primaryType": "Redeem",
    "message": {"citizen": CITIZEN, "price": "12"},
}


def site_of(folder: Path, database: str, chain: Anvil, chain_id: int) -> Any:
    Deployment(chain_id, {}).write(folder / "deployment.json")
    return serving(Settings(data_dir=folder, database_url=database, rpc_url=chain.url))


@pytest.fixture(scope="module")
def client(anvil: Anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with site_of(tmp_path_factory.mktemp("demo"), database, anvil, 31337) as client:
        yield client


def ask(client: httpx.Client, account: str | None, method: str, *params: Any) -> dict[str, Any]:
    answer = client.post(
        "/v1/demo/wallet", json={"account": account, "method": method, "params": list(params)}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def code(said: dict[str, Any]) -> int:
    assert said["result"] is None
    return said["error"]["code"]


def test_it_holds_the_account_of_who_is_chosen(client: httpx.Client) -> None:
    assert ask(client, CITIZEN, "eth_requestAccounts")["result"] == [CITIZEN]
    assert ask(client, CITIZEN.lower(), "eth_accounts")["result"] == [CITIZEN]
    assert ask(client, STRANGER, "eth_accounts")["result"] == []
    assert ask(client, None, "eth_requestAccounts")["result"] == []
    assert ask(client, CITIZEN, "eth_chainId")["result"] == hex(31337)


def test_it_signs_texts_and_typed_data_as_any_wallet_does(client: httpx.Client) -> None:
    text = "Вход в CityNet"
    signature = ask(client, CITIZEN, "personal_sign", "0x" + text.encode().hex(), CITIZEN)["result"]
    assert Account.recover_message(encode_defunct(text=text), signature=signature) == CITIZEN
    signature = ask(client, CITIZEN, "eth_signTypedData_v4", CITIZEN, json.dumps(TYPED))["result"]
    plain = TYPED | {
        "domain": TYPED["domain"] | {"chainId": 31337},
        "message": TYPED["message"] | {"price": 12},
    }
    assert Account.recover_message(encode_typed_data(full_message=plain), signature=signature) == CITIZEN


def test_its_people_sign_in_with_it(client: httpx.Client, database: str, anvil: Anvil) -> None:
    site = Site(client, database, anvil)
    text = site.message(CITIZEN)
    signature = ask(client, CITIZEN, "personal_sign", "0x" + text.encode().hex(), CITIZEN)["result"]
    with site.browser() as browser:
        answer = browser.post("/v1/auth/session", json={"message": text, "signature": signature})
    assert (answer.status_code, answer.json()["account"]) == (201, CITIZEN)


def test_it_sends_transactions_and_pays_for_those_who_have_nothing(
    client: httpx.Client, anvil: Anvil
) -> None:
    assert int(anvil.call("eth_getBalance", CITIZEN, "latest"), 16) == 0
    asked = {"from": CITIZEN, "to": STRANGER, "value": "0x5", "chainId": "0x7a69"}
    hash = ask(client, CITIZEN, "eth_sendTransaction", asked)["result"]
    receipt = ask(client, CITIZEN, "eth_getTransactionReceipt", hash)["result"]
    assert (receipt["status"], receipt["from"]) == ("0x1", CITIZEN.lower())
    assert anvil.call("eth_getBalance", STRANGER, "latest") == "0x5"


def test_two_transactions_at_once_are_both_sent(client: httpx.Client, anvil: Anvil) -> None:
    asked = {
        "account": STEWARD,
        "method": "eth_sendTransaction",
        "params": [{"from": STEWARD, "to": CITIZEN, "value": "0x1"}],
    }

    async def both() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=str(client.base_url)) as browser:
            return await asyncio.gather(*(browser.post("/v1/demo/wallet", json=asked) for _ in range(4)))

    hashes = {answer.json()["result"] for answer in asyncio.run(both())}
    assert len(hashes) == 4
    assert int(anvil.call("eth_getTransactionCount", STEWARD, "latest"), 16) == 4


@pytest.mark.parametrize(
    ("account", "method", "params", "expected"),
    [
        (STRANGER, "personal_sign", ["0x61", STRANGER], 4100),
        (None, "personal_sign", ["0x61", CITIZEN], 4100),
        (CITIZEN, "personal_sign", ["0x61", STEWARD], 4100),
        (CITIZEN, "eth_sendTransaction", [{"from": STEWARD, "to": CITIZEN}], 4100),
        (CITIZEN, "eth_signTypedData_v4", [STRANGER, json.dumps(TYPED)], 4100),
        (CITIZEN, "anvil_setBalance", [CITIZEN, "0x1"], 4200),
        (CITIZEN, "eth_sign", [CITIZEN, "0x61"], 4200),
        (CITIZEN, "personal_sign", [], -32602),
        (CITIZEN, "personal_sign", ["hello", CITIZEN], -32602),
        (CITIZEN, "personal_sign", ["0x61", "nobody"], -32602),
        (CITIZEN, "eth_sendTransaction", [[]], -32602),
        (CITIZEN, "eth_sendTransaction", [{"from": CITIZEN}], -32602),
        (CITIZEN, "eth_sendTransaction", [{"from": CITIZEN, "to": STEWARD, "value": "much"}], -32602),
        (CITIZEN, "eth_signTypedData_v4", [CITIZEN, "{"], -32602),
        (CITIZEN, "eth_signTypedData_v4", [CITIZEN, {"types": {}}], -32602),
        (CITIZEN, "eth_getTransactionReceipt", ["no hash"], -32602),
        (CITIZEN, "wallet_switchEthereumChain", [{"chainId": "0x1"}], 4902),
        (CITIZEN, "eth_sendTransaction", [{"from": CITIZEN, "to": STEWARD, "chainId": "0x1"}], 4901),
        (
            CITIZEN,
            "eth_signTypedData_v4",
            [CITIZEN, TYPED | {"domain": TYPED["domain"] | {"chainId": 1}}],
            4901,
        ),
    ],
)
def test_what_it_does_not_do_it_says_as_wallets_do(
    client: httpx.Client, anvil: Anvil, account: str | None, method: str, params: list[Any], expected: int
) -> None:
    before = anvil.head
    assert code(ask(client, account, method, *params)) == expected
    assert anvil.head == before


def test_another_sites_page_cannot_ask_it(client: httpx.Client) -> None:
    asked = {"account": CITIZEN, "method": "personal_sign", "params": ["0x61", CITIZEN]}
    answer = client.post("/v1/demo/wallet", json=asked, headers={"Origin": "https://other.example"})
    assert answer.status_code == 403


def test_without_a_node_it_says_that_it_is_disconnected(database: str, tmp_path: Path) -> None:
    Deployment(31337, {}).write(tmp_path / "deployment.json")
    settings = Settings(data_dir=tmp_path, database_url=database, rpc_url="http://127.0.0.1:1")
    with serving(settings) as client:
        assert code(ask(client, CITIZEN, "personal_sign", "0x61", CITIZEN)) == 4900


SIGNING = [
    ("personal_sign", ["0x61", CITIZEN]),
    ("eth_signTypedData_v4", [CITIZEN, json.dumps(TYPED)]),
    ("eth_sendTransaction", [{"from": CITIZEN, "to": STRANGER, "value": "0x1"}]),
]


@pytest.mark.parametrize("chain_id", [1, 31337])
def test_on_another_chain_it_refuses_whatever_the_deployment_says(
    database: str, tmp_path: Path, new_anvil: Any, chain_id: int
) -> None:
    """With a deployment of another chain, and with the demo's but a node of another."""
    chain = new_anvil("--chain-id", "1")
    with site_of(tmp_path, database, chain, chain_id) as client:
        for method, params in SIGNING:
            asked = {"account": CITIZEN, "method": method, "params": params}
            answer = client.post("/v1/demo/wallet", json=asked)
            assert answer.status_code == 403
            assert "demonstrations alone" in answer.json()["detail"]
        if chain_id == 1:
            assert client.get("/v1/demo/people").status_code == 403
            assert client.get("/en/demo").status_code == 404
    assert chain.head == 0
    assert chain.call("eth_getBalance", CITIZEN, "latest") == "0x0"
