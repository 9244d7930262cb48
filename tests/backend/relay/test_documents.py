"""The texts of an action become content when a fact names them, and not before."""

from typing import Any

import psycopg
import pytest
from eth_account import Account

from tests.backend.auth.people import Site
from tests.backend.relay.town import Town


class Verifier:
    """Awards from a wallet of their own, and reports it."""

    def __init__(self, town: Town, who: str = "verifier 1"):
        self.town, self.who, self.relayer = town, who, town.relayer("of documents")
        site = Site(town.client, town.database, town.chain)
        self.browser = site.browser()
        session = site.sign_in(self.browser, Account.from_key(town.key(who))).json()
        self.browser.headers["X-CSRF-Token"] = session["csrf"]

    def fields(self, evidence: str) -> dict[str, Any]:
        citizen = self.town.network.wallet(self.town.citizens[0])
        return {"city_id": 1, "kind_id": 1, "citizen": citizen, "evidence": evidence}

    def award(self, evidence: str, reported: str = "") -> str:
        """Id of the action, reported with the same evidence unless told."""
        prepared = self.town.prepare(self.who, "award", **self.fields(evidence)).json()["data"]
        (call,) = prepared["calls"]
        sent = self.town.chain.call(
            "eth_sendTransaction",
            {"from": self.town.network.wallet(self.who), "to": call["to"], "data": call["data"]},
        )
        body = {"fields": self.fields(reported or evidence), "part": 0, "tx_hash": sent}
        answer = self.browser.post("/v1/actions/award/sent", json=body)
        assert answer.status_code == 202, answer.text
        return answer.json()["data"]["id"]

    def kept(self, text: str) -> bool:
        with psycopg.connect(self.town.database) as db:
            found = db.execute("SELECT FROM app.content WHERE document->'description'->>'ru' = %s", (text,))
            return found.rowcount == 1

    def noted(self, id: str) -> dict[str, Any]:
        """The form that waits with an action."""
        with psycopg.connect(self.town.database) as db:
            return db.execute("SELECT fields FROM app.action WHERE id = %s", (id,)).fetchone()[0]


@pytest.fixture(scope="module")
def verifier(town: Town) -> Verifier:
    town.chain.call("anvil_autoImpersonateAccount", True)
    return Verifier(town)


def test_evidence_is_kept_when_the_award_is_confirmed_and_waits_nowhere_else_when_it_is_final(
    town: Town, verifier: Verifier
) -> None:
    id = verifier.award("Посадила дерево")
    assert (verifier.kept("Посадила дерево"), verifier.noted(id)["evidence"]) == (False, "Посадила дерево")
    town.settle(verifier.relayer)
    assert town.action(id)["state"] == "confirmed"
    assert verifier.kept("Посадила дерево")
    town.chain.mine(70)
    town.settle(verifier.relayer)
    assert (town.action(id)["state"], verifier.noted(id)) == ("final", {})


def test_a_text_that_the_transaction_did_not_name_is_not_kept(town: Town, verifier: Verifier) -> None:
    id = verifier.award("Помогла соседу", reported="Что угодно")
    town.settle(verifier.relayer)
    assert town.action(id)["state"] == "confirmed"
    assert not verifier.kept("Что угодно")
    assert not verifier.kept("Помогла соседу")
