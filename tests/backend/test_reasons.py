"""Every reason for which a contract can refuse is said in both languages, with its values."""

import json
import re
from itertools import count
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend import errors, reasons
from backend.chain import reasons as standard
from backend.chain.contract import Contract, Reverted, signature
from backend.chain.deploy import Terms, created_address, deploy
from backend.chain.deployment import abi
from backend.domains import domains
from backend.kit.hashing import keccak
from backend.relay import reasons as relay
from backend.web.i18n import catalogue

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
OPERATOR = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
NONCES = count()
CONTRACTS = deploy(
    lambda *_: created_address(OPERATOR, next(NONCES)), OPERATOR, Terms(0), deployer=OPERATOR, nonce=0
)
"""Whatever a deployment makes, by name."""
DOMAINS = {
    *(name for domain in domains() for name in domain.contracts),
    *(factory.contract for domain in domains() for factory in domain.factories),
}
ABIS = {name: abi(name) for name in sorted({*CONTRACTS, *DOMAINS})}
ERRORS = {e["name"]: e for abi in ABIS.values() for e in abi if e["type"] == "error"}
KNOWN = (
    ERRORS
    | {entry["name"]: entry for entry in standard.ABI}
    | {name: {"name": name, "inputs": []} for name in relay.REASONS}
)
SAMPLES = {"address": OPERATOR, "string": "no", "bytes32": b"\x01" * 32, "bytes4": b"\x01" * 4}


def sample(entry: dict, **given: object) -> dict[str, object]:
    return {i["name"]: given.get(i["name"], SAMPLES.get(i["type"], 1)) for i in entry["inputs"]}


@pytest.mark.parametrize("contract", ABIS)
def test_every_error_of_a_contract_has_a_text(contract: str) -> None:
    lacking = [
        e["name"] for e in ABIS[contract] if e["type"] == "error" and e["name"] not in reasons.reasons()
    ]
    assert lacking == []


def test_no_text_is_of_an_error_that_does_not_exist() -> None:
    assert {name.partition(":")[0] for name in reasons.reasons()} - set(KNOWN) == set()


def test_texts_name_only_values_that_their_error_has() -> None:
    for name, text in reasons.reasons().items():
        values = {value["name"] for value in KNOWN[name.partition(":")[0]]["inputs"]}
        assert set(PLACEHOLDER.findall(text)) <= values, name
        assert text.replace("%(", "").count("%") == 0, name


def test_every_text_is_translated_with_the_same_values() -> None:
    for name, text in (*reasons.reasons().items(), ("", standard.NO_REASON)):
        russian = catalogue("ru").gettext(text)
        assert re.search("[а-я]", russian), name
        assert sorted(PLACEHOLDER.findall(russian)) == sorted(PLACEHOLDER.findall(text)), name


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_error_is_said_with_its_values_filled_in(name: str) -> None:
    said = reasons.text(name, sample(KNOWN[name]))
    assert said.ru != said.en
    assert "%(" not in said.ru + said.en
    assert said == reasons.text(name, reasons.shown(Reverted(name, sample(KNOWN[name]))))


def test_values_are_written_for_people() -> None:
    wallet = SAMPLES["address"]
    few = reasons.text(
        "MeritLedger_TooFewMerits", {"cityId": 1234, "citizen": wallet, "held": 5, "asked": 1200}
    )
    assert few.en.startswith("There are 5 merits of city 1234 to spend and 1,200 are needed.")
    assert few.ru.startswith("Заслуг города № 1234 можно потратить 5, а нужно 1\xa0200.")
    late = reasons.text("RewardMarket_SignatureExpired", {"deadline": 1767225600, "time": 1767225601})
    assert "1 Jan 2026, 00:00:00 UTC" in late.en
    days = {"firstDay": 20454, "lastDay": 20455, "from": 20460, "today": 20462}
    assert "1 January 2026" in reasons.text("MeritLedger_BadDays", days).en
    taken = reasons.text("CityRegistry_WalletTaken", {"cityId": 1, "wallet": wallet})
    assert "0x7099…79C8" in taken.ru
    code = {"code": b"geonames:1".ljust(32, b"\0"), "cityId": 3}
    assert "geonames:1 " in reasons.text("CityRegistry_CodeTaken", code).en
    huge = reasons.text("CityRegistry_RecoveryTooEarly", {"executableAt": 2**40 - 1, "time": 2**256 - 1})
    assert "9999" in huge.en


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        (
            "CityRegistry_MissingRole",
            {"cityId": 1, "account": SAMPLES["address"], "role": 8},
            "partners of city 1",
        ),
        ("CityRegistry_MissingRole", {"cityId": 1, "account": SAMPLES["address"], "role": 3}, "lacks a role"),
        ("RewardMarket_BadTerms", {"field": b"accepts".ljust(32, b"\0")}, "named twice"),
        ("RewardMarket_BadTerms", {"field": "0x" + b"price".ljust(32, b"\0").hex()}, "one merit at least"),
        (
            "RewardMarket_NotThisVoucher",
            {"voucherId": 16777217, "status": 2},
            "16777217 was fulfilled already",
        ),
    ],
)
def test_an_error_of_several_meanings_is_said_by_its_value(name: str, values: dict, said: str) -> None:
    assert said in reasons.text(name, values).en


@pytest.mark.parametrize("values", [{}, {"data": "0xdeadbeef"}])
def test_what_nobody_can_read_is_said_to_be_without_reason(values: dict) -> None:
    assert reasons.text("", values).en == standard.NO_REASON
    assert reasons.text("Unheard_Of", values).en == standard.NO_REASON


def test_errors_of_tokens_and_of_solidity_are_read_without_their_abi() -> None:
    token = next(entry for entry in standard.ABI if entry["name"] == "ERC20InsufficientBalance")
    wallet = SAMPLES["address"]
    words = bytes.fromhex(wallet[2:]).rjust(32, b"\0") + (3).to_bytes(32, "big") + (9).to_bytes(32, "big")
    error = Contract("", None, []).revert(keccak(signature(token).encode())[:4] + words)
    assert (error.name, error.values) == (token["name"], {"sender": wallet, "balance": 3, "needed": 9})


def test_a_refusal_is_answered_with_its_reason() -> None:
    app = FastAPI()
    errors.install(app)

    @app.get("/v1/refused")
    async def refuse() -> None:
        raise Reverted("MeritLedger_Paused", {"cityId": 7})

    @app.get("/v1/wide")
    async def wide() -> None:
        raise Reverted("RewardMarket_PoolInUse", {"offerId": 7, "open": 2**200})

    with TestClient(app) as client:
        answer = client.get("/v1/refused")
        assert client.get("/v1/wide").json()["reason"]["values"] == {"offerId": 7, "open": str(2**200)}
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert problem["reason"]["name"] == "MeritLedger_Paused"
    assert problem["reason"]["values"] == {"cityId": 7}
    assert problem["detail"] == problem["reason"]["text"]["en"]
    assert "приостановлены" in problem["reason"]["text"]["ru"]
    assert errors.ProblemDocument.model_validate(json.loads(answer.content)).reason


def test_mocks_are_no_part_of_this() -> None:
    assert not {path.stem for path in Path("contracts/mocks").glob("*.sol")} & set(CONTRACTS)
