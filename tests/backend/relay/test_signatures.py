"""Signatures that are not what they should be: each is answered with what is wrong, and nothing changes."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from eth_account import Account
from eth_utils import keccak, to_checksum_address
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.chain.contract import Contract
from tests.backend.anvil import ROOT
from tests.backend.relay.town import Town

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
DAY = 86_400

Body = dict[str, Any]


@pytest.fixture(scope="module")
def town(anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """With limits that these tests do not reach."""
    folder = Path(tmp_path_factory.mktemp("town"))
    limits = dict.fromkeys(("relay_origin_limit", "relay_account_limit", "relay_city_limit"), 100_000)
    with Town.opened(anvil, database, folder, **limits) as town:
        yield town


@pytest.fixture(scope="module")
def citizen(town: Town) -> str:
    return town.citizens[0]


@pytest.fixture(scope="module")
def data(town: Town, citizen: str) -> Body:
    """What the citizen's wallet is asked to sign."""
    return town.prepare(citizen).json()["data"]["typed_data"]


def signed(town: Town, who: str, data: Body) -> bytes:
    return bytes(Account.sign_typed_data(town.key(who), full_message=data).signature)


def altered(data: Body, domain: Body | None = None, **message: Any) -> Body:
    return data | {"domain": data["domain"] | (domain or {}), "message": data["message"] | message}


@pytest.fixture(scope="module")
def relayer(town: Town) -> str:
    """Key of the account that the relay sends from."""
    return town.relayer("of signatures")


def hex_(data: bytes) -> str:
    return "0x" + data.hex()


@cache
def connected(database: str) -> psycopg.Connection:
    return psycopg.connect(database, autocommit=True)


def state(town: Town) -> Any:
    """All that an action could change: the queue, what is signed for it, the chain."""
    db = connected(town.database)
    queue = db.execute("SELECT id, state, tx_hash FROM app.action ORDER BY id").fetchall()
    attempts = db.execute("SELECT tx_hash FROM app.attempt ORDER BY 1").fetchall()
    pending = town.chain.call("eth_getBlockByNumber", "pending", False)["transactions"]
    return queue, attempts, town.chain.head, pending


def refused(town: Town, body: Any, status: int = 422, field: str = "signature") -> Body:
    """The problem that is answered; nothing has changed."""
    before = state(town)
    answer = town.client.post("/v1/actions/redeem", json=body)
    problem = answer.json()
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if status == 422:
        assert field in [error["field"] for error in problem["errors"]], problem
        assert all(error["message"] for error in problem["errors"])
    assert state(town) == before
    return problem


# ------------------------------------------------------- of something else

ELSEWHERE: dict[str, Callable[[Town], Body]] = {
    "another chain": lambda town: {"chainId": "1"},
    "another contract": lambda town: {"verifyingContract": town.network.contracts["MeritLedger"].address},
    "another name": lambda town: {"name": "MeritLedger"},
    "another version": lambda town: {"version": "2"},
}


@pytest.mark.parametrize("domain", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_signature_of_another_domain_is_refused(
    town: Town, citizen: str, data: Body, domain: Callable[[Town], Body]
) -> None:
    signature = signed(town, citizen, altered(data, domain(town)))
    problem = refused(town, {"message": data["message"], "signature": hex_(signature)})
    assert town.network.wallet(citizen) in problem["errors"][0]["message"]


def test_another_persons_signature_is_refused(town: Town, data: Body) -> None:
    signature = signed(town, town.citizens[1], data)
    problem = refused(town, {"message": data["message"], "signature": hex_(signature)})
    assert town.network.wallet(town.citizens[1]) in problem["errors"][0]["message"]


@pytest.mark.parametrize(
    "message",
    [{"price": "9"}, {"nonce": "1"}, {"offerId": "2"}, {"cityId": "2"}, {"seal": "0x" + "11" * 32}],
    ids=lambda message: next(iter(message)),
)
def test_a_message_that_was_changed_after_signing_is_refused(
    town: Town, citizen: str, data: Body, message: Body
) -> None:
    signature = signed(town, citizen, data)
    refused(town, {"message": data["message"] | message, "signature": hex_(signature)})


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ({"price": "9"}, "RewardMarket_BadSignature"),
        ({"price": "11"}, "RewardMarket_BadSignature"),
        ({"nonce": "1"}, "RewardMarket_BadSignature"),
        ({"offerId": "2"}, "RewardMarket_UnknownOffer"),
        ({"cityId": "2"}, "RewardMarket_CityNotAccepted"),
        ({"seal": "0x" + "00" * 32}, "RewardMarket_NoSeal"),
    ],
    ids=["less", "more", "nonce", "offer", "city", "seal"],
)
def test_what_the_contract_would_refuse_is_refused_with_its_reason(
    town: Town, citizen: str, data: Body, message: Body, name: str
) -> None:
    other = altered(data, **message)
    body = {"message": other["message"], "signature": hex_(signed(town, citizen, other))}
    problem = refused(town, body, 409)
    assert problem["reason"]["name"] == name
    assert problem["reason"]["text"]["ru"] != problem["reason"]["text"]["en"] == problem["detail"]


@pytest.mark.parametrize("ahead", [-1, -DAY, 2 * DAY, 2**64], ids=["just", "long", "far", "never"])
def test_a_deadline_that_has_passed_or_is_too_far_is_refused(
    town: Town, citizen: str, data: Body, ahead: int
) -> None:
    other = altered(data, deadline=str(town.network.time + ahead))
    body = {"message": other["message"], "signature": hex_(signed(town, citizen, other))}
    refused(town, body, field="message.deadline")


# ------------------------------------------------------------ of a bad form


def test_every_truncated_signature_is_refused(town: Town, citizen: str, data: Body) -> None:
    signature = signed(town, citizen, data)
    for length in range(65):
        refused(town, {"message": data["message"], "signature": hex_(signature[:length])})


def twin(signature: bytes) -> bytes:
    """The other signature that recovers to the same key, with s in the upper half."""
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "longer": lambda s: s + b"\0",
    "twice": lambda s: s + s,
    "high s": twin,
    "v of 0 or 1": lambda s: s[:64] + bytes([s[64] - 27]),
    "v of 29": lambda s: s[:64] + b"\x1d",
    "other v": lambda s: s[:64] + bytes([55 - s[64]]),
    "zero": lambda s: bytes(65),
    "zero but v": lambda s: bytes(64) + b"\x1b",
    "r of zero": lambda s: bytes(32) + s[32:],
    "r of the order": lambda s: ORDER.to_bytes(32, "big") + s[32:],
    "all ones": lambda s: b"\xff" * 65,
    "compact (EIP-2098)": lambda s: s[:32] + bytes([s[32] | (s[64] - 27) << 7]) + s[33:64],
    "one bit": lambda s: bytes([s[0] ^ 1]) + s[1:],
    "huge": lambda s: s * 100,
}  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_signature_is_refused(
    town: Town, citizen: str, data: Body, spoil: Callable[[bytes], bytes]
) -> None:
    signature = signed(town, citizen, data)
    refused(town, {"message": data["message"], "signature": hex_(spoil(signature))})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(signature=st.binary(max_size=200) | st.binary(min_size=65, max_size=65))
def test_bytes_that_are_no_signature_are_refused(town: Town, data: Body, signature: bytes) -> None:
    refused(town, {"message": data["message"], "signature": hex_(signature)})


@pytest.mark.parametrize("signature", ["", "0x1", "zz", "00" * 65, 5, None, [], {}, True, "0x" + "0g" * 65])
def test_what_is_not_even_bytes_is_refused(town: Town, data: Body, signature: Any) -> None:
    refused(town, {"message": data["message"], "signature": signature})


# --------------------------------------------------------- of a bad message

WRONG: dict[str, tuple[Any, ...]] = {
    "citizen": ("", "0x", "0x" + "1" * 39, "0x" + "1" * 42, "0x" + "0" * 64, 1, None, [], "not an address"),
    "offerId": (-1, "-1", 2**32, str(2**32), "1.0", 1.5, "0x1", "", " 1", "1 ", "one", None, True, [1], {}),
    "price": (-1, 2**32, "1e3", "٣", "1_000", "9" * 5000),
    "seal": ("0x", "0x" + "11" * 31, "0x" + "11" * 33, "11" * 32, 1, None, "0x" + "gg" * 32),
    "nonce": (-1, 2**256, str(2**256), "", None, 1e30, False),
    "deadline": (-1, 2**256, "soon", None, 1.5),
}


@pytest.mark.parametrize("field", WRONG)
def test_a_field_out_of_its_range_is_named(town: Town, data: Body, field: str) -> None:
    for wrong in WRONG[field]:
        body = {"message": data["message"] | {field: wrong}, "signature": "0x" + "11" * 65}
        refused(town, body, field=f"message.{field}")


def test_every_missing_field_is_named(town: Town, data: Body) -> None:
    message = data["message"]
    for field in message:
        fewer = {name: value for name, value in message.items() if name != field}
        refused(town, {"message": fewer, "signature": "0x" + "11" * 65}, field=f"message.{field}")


@pytest.mark.parametrize(
    "name", ["extra", "Citizen", "citizen ", "__proto__", "", "x" * 1000, "\x00", "'; --"]
)
def test_an_unknown_field_is_named(town: Town, data: Body, name: str) -> None:
    body = {"message": data["message"] | {name: "1"}, "signature": "0x" + "11" * 65}
    refused(town, body, field=f"message.{name[:40]}")


@pytest.mark.parametrize("message", [None, [], "message", 1, {}])
def test_a_message_that_is_none_is_refused(town: Town, message: Any) -> None:
    before = state(town)
    answer = town.submit({"message": message, "signature": "0x" + "11" * 65})
    assert answer.status_code == 422
    assert any(error["field"].startswith("message") for error in answer.json()["errors"])
    assert state(town) == before


@pytest.mark.parametrize("name", ["fulfil", "nothing", "../redeem", "redeem%00", "REDEEM"])
def test_an_action_that_nobody_signs_is_not_found(town: Town, data: Body, name: str) -> None:
    before = state(town)
    answer = town.submit({"message": data["message"], "signature": "0x" + "11" * 65}, name)
    assert answer.status_code in (404, 405)
    assert state(town) == before


def test_a_signature_for_one_action_is_none_for_another(town: Town, citizen: str, data: Body) -> None:
    before = state(town)
    body = {"message": data["message"], "signature": hex_(signed(town, citizen, data))}
    assert town.submit(body, "veto_recovery").status_code == 422
    assert state(town) == before


# ------------------------------------------------------------- used again


def test_the_same_again_is_the_same_action_before_and_after_its_inclusion(town: Town, relayer: str) -> None:
    who = town.citizens[2]
    body = town.signed(who)
    first = town.submit(body).json()["data"]["id"]
    assert town.submit(body).json()["data"]["id"] == first
    town.settle(relayer)
    queue = state(town)
    again = town.submit(body)
    assert (again.status_code, again.json()["data"]["id"]) == (202, first)
    assert again.json()["data"]["state"] in ("confirmed", "final")
    town.turn(relayer)
    assert (state(town), town.vouchers(who)) == (queue, 1)


def test_a_signature_that_was_used_without_the_relay_is_refused(town: Town) -> None:
    who = town.citizens[3]
    body = town.signed(who)
    message, signature = body["message"], bytes.fromhex(body["signature"][2:])
    town.network.send(
        "operator", "RewardMarket", "redeemBySig", message["citizen"], 1, 1,
        bytes.fromhex(message["seal"][2:]), int(message["deadline"]), signature,
    )  # fmt: skip
    assert refused(town, body, 409)["reason"]["name"] == "RewardMarket_BadSignature"
    assert town.vouchers(who) == 1


def test_the_twin_of_a_signature_that_was_taken_is_refused(town: Town) -> None:
    body = town.signed(town.citizens[4])
    assert town.submit(body).status_code == 202
    other = twin(bytes.fromhex(body["signature"][2:]))
    refused(town, body | {"signature": hex_(other)})
    refused(town, body | {"signature": hex_(signed(town, town.citizens[5], _whole(town, body)))})


def _whole(town: Town, body: Body) -> Body:
    """Typed data with the message of a body."""
    return town.prepare(town.citizens[5]).json()["data"]["typed_data"] | {"message": body["message"]}


# --------------------------------------------------------- contract wallets


@pytest.fixture(scope="module")
def contract_wallet(town: Town) -> str:
    """Address of a contract that is a citizen with merits; its owner's key is that of `owner`."""
    found = json.loads((ROOT / "build" / "contracts" / "ContractWallet.json").read_text())
    network = town.network
    made = Contract("ContractWallet", None, found["abi"]).deploy(found["bytecode"], network.wallet("owner"))
    address = network.sender.send(made).contract or ""
    network.send("verifier 1", "CityRegistry", "registerCitizen", 1, address, keccak(text=address))
    network.send("verifier 1", "MeritLedger", "award", 1, 1, address, keccak(text="seen"))
    town.index()
    return address


def test_a_contract_wallet_redeems_by_its_owners_signature(
    town: Town, contract_wallet: str, relayer: str
) -> None:
    asked = {"account": contract_wallet, "fields": town.fields()}
    data = town.client.post("/v1/actions/redeem/prepare", json=asked).json()["data"]["typed_data"]
    for wrong in (signed(town, "stranger", data), b"", bytes(65), bytes(9000)):
        refused(town, {"message": data["message"], "signature": hex_(wrong)})
    answer = town.submit({"message": data["message"], "signature": hex_(signed(town, "owner", data))})
    assert answer.status_code == 202, answer.text
    town.settle(relayer)
    assert town.action(answer.json()["data"]["id"])["state"] == "confirmed"
    assert town.network.read("RewardMarket", "redemptionsOf", 1, to_checksum_address(contract_wallet)) == 1
