"""Supporting and backing projects in a browser: by permit, approval or signature; and money back again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from backend.chain.contract import Contract
from backend.chain.deployment import Deployment, artifact
from backend.demo import people, token
from backend.demo.signing import address_of, key_of
from backend.kit.hashing import keccak
from backend.kit.types import checksum
from scripts.running import Site
from tests.e2e.conftest import Town, Visit, Watched
from tests.e2e.counter import Chain, until
from tests.e2e.test_pages import violations
from tests.e2e.wallets import Wallet

pytestmark = pytest.mark.browser

DAY = 86_400
ROUBLE = token.UNIT
RICH = 10_000
"""Roubles that a backer of the tests begins with."""
PATIENCE = 60_000
"""Milliseconds until something stands in the ledger, on a machine that has much else to do."""


class Fair:
    """A project of the demo that looks for money, whose author opens campaigns for the tests."""

    def __init__(self, site: Site, town: Town):
        self.site, self.town, self.chain = site, town, Chain(site)
        deployment = Deployment.read(site.folder / "deployment.json")
        at = {name: deployment.place(name).address for name in ("CampaignFactory", "ProjectRegistry")}
        self.factory = Contract("CampaignFactory", at["CampaignFactory"], artifact("CampaignFactory")["abi"])
        self.cast = {checksum(found): persona.name for found, persona in people.cast().items()}
        listed = [found for page in ("financing", "implementation") for found in self._listed(page)]
        self.project = next(found for found in listed if found["author"] in self.cast and found["campaigns"])
        self.author = self.cast[self.project["author"]]
        self.token = self.project["campaigns"][0]["token"]
        self.money = token.at(self.token)
        self._serial = 0

    def _listed(self, stage: str) -> list[dict[str, Any]]:
        return self.site.get(f"/projects?stage={stage}&limit=500")

    def campaign(self) -> str:
        """A new donation that takes pledges for ten days, indexed; its address."""
        known = {found["contract"] for found in self._campaigns()}
        now = int(self.chain.rpc.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
        terms = (
            self.project["author"], now, now + 10 * DAY, 2 * DAY, 100 * ROUBLE, 5000 * ROUBLE, 3333, DAY,
            30 * DAY, [10_000], keccak(b"terms of the tests"), [], (0, 0, 0, 0, 0), 0,
        )  # fmt: skip
        wanted = (self.project["project_id"], 0, 0, self.token, terms)
        self.chain.do(self.author, self.factory.call("create", *wanted))
        return until(lambda: next(iter({f["contract"] for f in self._campaigns()} - known), None))

    def _campaigns(self) -> list[dict[str, Any]]:
        return self.site.get(f"/projects/{self.project['project_id']}")["campaigns"]

    def at(self, campaign: str) -> Contract:
        return Contract("Campaign", campaign, artifact("ICampaign")["abi"])

    def backer(self, visit: Visit, person: str, **how: Any) -> tuple[Wallet, Watched]:
        """A person of the demo with money, in a browser of their own."""
        wallet = Wallet(self.site, person)
        self.chain.rpc.call("anvil_setBalance", wallet.address, hex(10**18))
        self.chain.do(person, self.money.call("mint", wallet.address, RICH * ROUBLE))
        return wallet, visit(wallet, **how)

    def pledged(self, campaign: str, backer: Wallet) -> int:
        """Roubles of a backer in a campaign, as its contract has it."""
        call = self.at(campaign).call("positionOf", backer.address)
        there = {"to": campaign, "data": "0x" + bytes(call.data).hex()}
        return int(self.chain.rpc.call("eth_call", there, "latest")[2:66], 16) // ROUBLE

    def give(self, campaign: str, person: str, roubles: int) -> None:
        """A pledge without a browser, indexed."""
        self.chain.do(person, self.money.call("approve", campaign, roubles * ROUBLE))
        self.chain.do(person, self.at(campaign).call("pledge", (roubles * ROUBLE, 0, 0, 0, 1)))
        until(lambda: self.site.get(f"/campaigns/{campaign}")["raised"] != "0")

    @contextmanager
    def no_blocks(self) -> Iterator[None]:
        self.chain.rpc.call("evm_setAutomine", False)
        try:
            yield
        finally:
            self.chain.rpc.call("evm_setAutomine", True)
            self.chain.rpc.call("evm_mine")


@pytest.fixture(scope="module")
def fair(site: Site, town: Town) -> Fair:
    return Fair(site, town)


def form(page: Page, action: str) -> Locator:
    return page.locator(f'form[data-action="{action}"]').first


def said(page: Page, action: str) -> Locator:
    return form(page, action).locator("output")


def pledge(page: Page, amount: str) -> None:
    form(page, "pledge").locator("[name=amount]").fill(amount)
    form(page, "pledge").locator("[type=submit]").click()


def quiet(seen: Watched) -> bool:
    return not seen.complaints and not seen.foreign


@pytest.mark.parametrize(
    ("language", "amount", "have"),
    [("ru", "1 250,5", "У вас в этой кампании"), ("en", "1250.5", "in this campaign")],
)
def test_investor_pledges_in_one_transaction_by_permit(
    visit: Visit, fair: Fair, town: Town, language: str, amount: str, have: str
) -> None:
    campaign = fair.campaign()
    wallet, seen = fair.backer(visit, f"backer {1 if language == 'ru' else 2} of {town.name}")
    page = seen.open(f"/{language}/campaigns/{campaign}")
    with fair.no_blocks():
        pledge(page, amount)
        expect(said(page, "pledge")).to_have_attribute("data-step", "sent", timeout=PATIENCE)
    own = page.locator('[id^="campaign-"][id$="-own"]')
    expect(own).to_contain_text(have, timeout=PATIENCE)
    assert len(wallet.sent) == 1
    assert wallet.asked.count("eth_signTypedData_v4") == 1
    assert fair.pledged(campaign, wallet) == 1250
    page.reload()
    expect(own.locator(".progress")).to_contain_text("Внести" if language == "ru" else "Pledge")
    assert violations(page) == []
    assert quiet(seen)


def test_wallet_that_signs_no_permission_approves_first(visit: Visit, fair: Fair, town: Town) -> None:
    campaign = fair.campaign()
    wallet, seen = fair.backer(visit, f"backer 1 of {town.name}")
    wallet.cannot = {"eth_signTypedData_v4"}
    page = seen.open(f"/en/campaigns/{campaign}")
    pledge(page, "300")
    expect(page.locator('[id$="-own"]')).to_contain_text("in this campaign", timeout=PATIENCE)
    assert len(wallet.sent) == 2
    assert fair.pledged(campaign, wallet) == 300


def test_backer_may_choose_the_approval(visit: Visit, fair: Fair, town: Town) -> None:
    campaign = fair.campaign()
    wallet, seen = fair.backer(visit, f"backer 2 of {town.name}")
    page = seen.open(f"/ru/campaigns/{campaign}")
    form(page, "pledge").locator("summary").click()
    form(page, "pledge").locator("[name=permit]").check()
    pledge(page, "200")
    expect(page.locator('[id$="-own"]')).to_contain_text("У вас в этой кампании", timeout=PATIENCE)
    assert "eth_signTypedData_v4" not in wallet.asked
    assert len(wallet.sent) == 2
    assert fair.pledged(campaign, wallet) == 200


@pytest.mark.parametrize(
    ("language", "why", "unclear"),
    [
        ("ru", "Кампания примет ещё", "Напишите сумму цифрами"),
        ("en", "The campaign takes", "Write the sum in figures"),
    ],
)
def test_what_the_campaign_refuses_is_said_before_anything_is_signed(
    visit: Visit, fair: Fair, town: Town, language: str, why: str, unclear: str
) -> None:
    campaign = fair.campaign()
    wallet, seen = fair.backer(visit, f"backer 1 of {town.name}")
    page = seen.open(f"/{language}/campaigns/{campaign}")
    pledge(page, "much")
    expect(said(page, "pledge")).to_contain_text(unclear)
    pledge(page, "5001")
    expect(said(page, "pledge")).to_contain_text(why, timeout=PATIENCE)
    expect(said(page, "pledge")).to_have_attribute("data-step", "failed")
    assert wallet.sent == []
    assert "eth_signTypedData_v4" not in wallet.asked


def test_a_no_in_the_wallet_changes_nothing(visit: Visit, fair: Fair, town: Town) -> None:
    campaign = fair.campaign()
    wallet, seen = fair.backer(visit, f"backer 1 of {town.name}")
    wallet.refuses = {"eth_signTypedData_v4"}
    page = seen.open(f"/ru/campaigns/{campaign}")
    pledge(page, "100")
    expect(said(page, "pledge")).to_have_attribute("data-step", "refused", timeout=PATIENCE)
    assert wallet.sent == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pledge_is_withdrawn_by_signature(visit: Visit, fair: Fair, town: Town, language: str) -> None:
    campaign = fair.campaign()
    wallet, seen = fair.backer(visit, f"backer 2 of {town.name}")
    fair.give(campaign, wallet.person, 150)
    page = seen.open(f"/{language}/campaigns/{campaign}")
    form(page, "withdraw_pledge").locator("[type=submit]").click()
    expect(form(page, "withdraw_pledge")).to_have_count(0, timeout=PATIENCE)
    assert fair.pledged(campaign, wallet) == 0
    assert wallet.sent == []
    assert quiet(seen)


def test_backer_of_a_stopped_campaign_pulls_the_refund(visit: Visit, fair: Fair, town: Town) -> None:
    campaign = fair.campaign()
    wallet, seen = fair.backer(visit, f"backer 1 of {town.name}")
    fair.give(campaign, wallet.person, 150)
    fair.chain.do(fair.author, fair.at(campaign).call("stop", keccak(b"why")))
    until(lambda: fair.site.get(f"/campaigns/{campaign}")["phase"] == "stopped")
    page = seen.open(f"/en/campaigns/{campaign}")
    form(page, "refund_pledge").locator("[type=submit]").click()
    expect(form(page, "refund_pledge")).to_have_count(0, timeout=PATIENCE)
    assert fair.pledged(campaign, wallet) == 0
    assert (wallet.sent, "eth_signTypedData_v4" in wallet.asked) == ([], False)
    assert quiet(seen)


@pytest.mark.parametrize(("language", "done"), [("ru", "вы поддержали"), ("en", "you support it")])
def test_citizen_supports_a_project_by_signature(
    visit: Visit, fair: Fair, site: Site, town: Town, language: str, done: str
) -> None:
    person = f"supporter of the tests, {language}"
    wallet = Wallet(site, person)
    verifier, address = town.verifier, address_of(key_of(person))
    fair.chain.do(
        verifier, fair.chain.registry.call("registerCitizen", town.number, address, keccak(person.encode()))
    )
    projects = site.get(f"/projects?city={town.number}&limit=500")
    number = next(p["project_id"] for p in projects if p["stage"] in ("assessment", "financing"))
    before = site.get(f"/projects/{number}")["support"]
    seen = visit(wallet)
    until(lambda: site.get(f"/citizens/{address}")["cities"])
    page = seen.open(f"/{language}/projects/{number}")
    form(page, "support").locator("[type=submit]").click()
    expect(page.locator("#own-support")).to_contain_text(done, timeout=PATIENCE)
    assert site.get(f"/projects/{number}")["support"] == before + 1
    assert wallet.sent == []
    assert violations(page) == []
    assert quiet(seen)
