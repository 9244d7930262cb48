"""Funds in a browser: launched, committed to, paid, invested, distributed, claimed; and why it is refused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from backend.chain.contract import Call, Contract
from backend.chain.deployment import Deployment, artifact
from backend.demo import people
from backend.demo.signing import address_of, key_of
from backend.kit.hashing import keccak
from backend.kit.types import checksum
from scripts.running import Site
from tests.e2e.conftest import Town, Visit, Watched
from tests.e2e.counter import until
from tests.e2e.test_pages import violations
from tests.e2e.test_projects import PATIENCE, ROUBLE, Fair, form, quiet, said
from tests.e2e.wallets import Wallet

pytestmark = pytest.mark.browser

DAY, YEAR = 86_400, 31_536_000
ALL_KINDS, ALL_FORMS = 2**11 - 1, 2**4 - 1
DONE = re.compile("confirmed|final")


class Vehicle:
    """Funds that the tests launch on the demo's chain, with people of their own, and those of the play."""

    def __init__(self, fair: Fair):
        self.fair, self.site, self.chain = fair, fair.site, fair.chain
        deployment = Deployment.read(fair.site.folder / "deployment.json")
        place = deployment.place("FundFactory").address
        self.factory = Contract("FundFactory", place, artifact("FundFactory")["abi"])
        self.cast = {checksum(found): persona.name for found, persona in people.cast().items()}
        self._serial = 0

    def at(self, fund: str) -> Contract:
        return Contract("FundAvatar", fund, artifact("IFundAvatar")["abi"])

    def person(self, role: str) -> str:
        """Somebody new who has ether; their name."""
        self._serial += 1
        name = f"{role} {self._serial} of the tests of funds"
        self.chain.rpc.call("anvil_setBalance", address_of(key_of(name)), hex(10**18))
        return name

    def rich(self, role: str, roubles: int = 10_000) -> str:
        name = self.person(role)
        self.chain.do(name, self.fair.money.call("mint", address_of(key_of(name)), roubles * ROUBLE))
        return name

    def now(self) -> int:
        return int(self.chain.rpc.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def launch(self, manager: str, share: int = 10_000) -> str:
        """A fund for any project, of which `share` goes into one at most; its address."""
        known = {fund["contract"] for fund in self._all()}
        terms = (
            100 * ROUBLE, 5_000 * ROUBLE, self.now() + YEAR, YEAR, 2 * YEAR, 0, 0, 200, 800, 0, 2_000, 0,
            800, DAY, DAY, 200, 5_000, 90 * DAY,
        )  # fmt: skip
        given = (
            "Fund of the tests",
            "TEST",
            self.fair.token,
            address_of(key_of(manager)),
            self.factory.address,
        )
        mandate = (ALL_KINDS, ALL_FORMS, share, False, [])
        self.chain.do(manager, self.factory.call("launch", *given, mandate, terms, keccak(b"fund")))
        return until(lambda: next(iter({fund["contract"] for fund in self._all()} - known), None))

    def _all(self) -> list[dict[str, Any]]:
        return self.site.get("/funds?limit=500")

    def manage(self, manager: str, fund: str, function: str, *arguments: Any) -> None:
        self.chain.do(manager, self.at(fund).call(function, *arguments))

    def admit(self, manager: str, fund: str, *partners: str) -> None:
        self.manage(manager, fund, "admit", [address_of(key_of(partner)) for partner in partners], True)

    def call(self, manager: str, fund: str, roubles: int) -> None:
        due = self.now() + 2 * DAY
        self.manage(manager, fund, "callCapital", roubles * ROUBLE, due, keccak(b"notice"))

    def funded(self, manager: str, roubles: int, share: int = 10_000) -> str:
        """A fund with so much cash, which campaigns take pledges of; indexed."""
        fund, partner = self.launch(manager, share), self.rich("partner")
        self.admit(manager, fund, partner)
        self.chain.do(partner, self.at(fund).call("commit", roubles * ROUBLE, 0))
        self.manage(manager, fund, "close")
        self.call(manager, fund, roubles)
        self.chain.do(partner, self.fair.money.call("approve", fund, roubles * ROUBLE))
        self.chain.do(partner, self.at(fund).call("pay", address_of(key_of(partner)), roubles * ROUBLE))
        self._identify(fund)
        until(lambda: self.site.get(f"/funds/{fund}")["books"]["cash"] == str(roubles * ROUBLE))
        return fund

    def _identify(self, fund: str) -> None:
        """The operator knows the fund as a qualified investor; their key is anvil's first."""
        operator = self.chain.rpc.call("eth_accounts")[0]
        call: Call = self.fair.factory.call("setInvestors", [fund], [(keccak(fund.encode()), True)])
        sent = {"from": operator, "to": call.to, "data": "0x" + bytes(call.data).hex()}
        self.chain.rpc.call("eth_sendTransaction", sent)
        self.chain.rpc.call("evm_mine")

    def read(self, fund: str, function: str, *arguments: Any) -> Any:
        call = self.at(fund).call(function, *arguments)
        asked = {"to": fund, "data": "0x" + bytes(call.data).hex()}
        return call.decode(bytes.fromhex(self.chain.rpc.call("eth_call", asked, "latest")[2:]))

    def of_the_play(self) -> tuple[str, str, str]:
        """A fund of the play whose manager can distribute now, its manager and a partner who is not late."""
        for fund in self._all():
            whole = self.site.get(f"/funds/{fund['contract']}")
            if whole["phase"] not in ("investing", "harvesting") or whole["calls"][0]["running"]:
                continue
            key = self.cast[whole["manager"]].removeprefix("manager of ")
            for number in (1, 2, 3):
                partner = f"partner {number} of {key}"
                units = self.read(fund["contract"], "partnerOf", address_of(key_of(partner)))[2]
                if units and not self.read(fund["contract"], "dueOf", address_of(key_of(partner)))[1]:
                    return fund["contract"], self.cast[whole["manager"]], partner
        raise AssertionError("no fund of the play has cash to distribute")


@pytest.fixture(scope="module")
def fair(site: Site, town: Town) -> Fair:
    return Fair(site, town)


@pytest.fixture(scope="module")
def vehicle(fair: Fair) -> Vehicle:
    return Vehicle(fair)


@pytest.fixture
def enter(visit: Visit, site: Site) -> Callable[[str], tuple[Wallet, Watched]]:
    """A person's browser, in which they are signed in."""

    def entered(person: str) -> tuple[Wallet, Watched]:
        wallet = Wallet(site, person)
        return wallet, visit(wallet)

    return entered


def submit(page: Page, action: str, amount: str = "") -> None:
    if amount:
        form(page, action).locator("[name=amount]").fill(amount)
    form(page, action).locator("[type=submit]").click()


def of_campaign(page: Page, campaign: str) -> Locator:
    """The form that invests in a campaign."""
    return page.locator(f'form[data-action=invest]:has(input[value="{campaign}"])')


@pytest.mark.parametrize(
    ("language", "told", "lacking"),
    [
        ("ru", "17,5\xa0% годовых с капитализацией", "Наибольшая сумма обязательств меньше"),
        ("en", "17.5% a year on it, compounding", "is below the sum from which the fund can begin"),
    ],
)
def test_an_organisation_launches_its_avatar(
    vehicle: Vehicle, enter: Any, language: str, told: str, lacking: str
) -> None:
    wallet, seen = enter(vehicle.person("organisation"))
    page = seen.open(f"/{language}/funds/new")
    words = page.locator("#in-words")
    filled = {
        "name": "Платформа", "symbol": "PLAT", "appraiser": vehicle.factory.address or "", "hurdle": "17,5",
        "minimum": "1 000", "cap": "900", "final_closing": "2099-12-31",
    }  # fmt: skip
    for name, value in filled.items():
        page.locator(f"#field-{name}").fill(value)
    expect(words).to_contain_text(lacking, timeout=PATIENCE)
    page.locator("#field-cap").fill("5 000")
    expect(words).to_contain_text(told, timeout=PATIENCE)
    assert language == "en" or violations(page) == []
    submit(page, "launch_fund")
    page.wait_for_url(f"**/{language}/funds/0x*", timeout=PATIENCE)
    expect(page.locator("h1")).to_have_text("Платформа")
    fund = vehicle.site.get(f"/funds/{page.url.rsplit('/', 1)[1]}")
    assert (fund["organisation"], fund["manager"], fund["phase"]) == (
        wallet.address,
        wallet.address,
        "forming",
    )
    assert (fund["terms"]["hurdle"], fund["terms"]["minimum"]) == (1_750, str(1_000 * ROUBLE))
    assert len(wallet.sent) == 1
    assert quiet(seen)


@pytest.mark.parametrize(
    ("language", "why"), [("ru", "Фонд примет обязательства ещё на"), ("en", "takes commitments of")]
)
def test_a_partner_commits_and_pays_a_call(vehicle: Vehicle, enter: Any, language: str, why: str) -> None:
    manager, partner = vehicle.person("manager"), vehicle.rich("partner")
    fund = vehicle.launch(manager)
    wallet, seen = enter(partner)
    page = seen.open(f"/{language}/funds/{fund}")
    expect(page.locator("#own-commit")).to_contain_text(wallet.address)
    vehicle.admit(manager, fund, partner)
    expect(form(page, "commit_capital")).to_be_visible(timeout=PATIENCE)
    submit(page, "commit_capital", "5 001")
    expect(said(page, "commit_capital")).to_contain_text(why, timeout=PATIENCE)
    submit(page, "commit_capital", "500")
    expect(form(page, "withdraw_commitment")).to_be_visible(timeout=PATIENCE)

    vehicle.manage(manager, fund, "close")
    vehicle.call(manager, fund, 200)
    expect(form(page, "pay_call")).to_be_visible(timeout=PATIENCE)
    if language == "ru":  # a wallet that signs no permission
        form(page, "pay_call").locator("summary").click()
        form(page, "pay_call").locator("[name=permit]").check()
    submit(page, "pay_call")
    expect(form(page, "pay_call")).to_have_count(0, timeout=PATIENCE)
    assert vehicle.read(fund, "partnerOf", wallet.address)[:3] == (500 * ROUBLE, 200 * ROUBLE, 200 * ROUBLE)
    assert wallet.asked.count("eth_signTypedData_v4") == (0 if language == "ru" else 1)
    assert len(wallet.sent) == (3 if language == "ru" else 2)
    assert language == "en" or violations(page) == []


@pytest.mark.parametrize(
    ("language", "why"),
    [("ru", "В одном месте оказалось бы"), ("en", "in one place, and its mandate allows")],
)
def test_a_manager_invests_within_the_mandate(vehicle: Vehicle, enter: Any, language: str, why: str) -> None:
    manager, campaign = vehicle.person("manager"), vehicle.fair.campaign()
    fund = vehicle.funded(manager, 300, share=5_000)
    wallet, seen = enter(manager)
    page = seen.open(f"/{language}/funds/{fund}/desk")
    wanted = of_campaign(page, campaign)
    wanted.locator("[name=amount]").fill("151")
    wanted.locator("[type=submit]").click()
    expect(wanted.locator("output")).to_contain_text(why, timeout=PATIENCE)
    assert wallet.sent == []
    wanted.locator("[name=amount]").fill("120,5")
    wanted.locator("[type=submit]").click()
    expect(wanted.locator("output")).to_have_attribute("data-step", DONE, timeout=PATIENCE)
    assert vehicle.read(fund, "holdingOf", campaign)[2] == 120 * ROUBLE + ROUBLE // 2
    expect(page.locator("#desk-doings .tag.good")).to_be_visible(timeout=PATIENCE)
    assert language == "en" or violations(page) == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_manager_distributes_and_a_partner_claims(vehicle: Vehicle, enter: Any, language: str) -> None:
    fund, manager, partner = vehicle.of_the_play()
    _, seen = enter(manager)
    desk = seen.open(f"/{language}/funds/{fund}/desk")
    before = vehicle.site.get(f"/funds/{fund}")["books"]
    submit(desk, "distribute_proceeds", "1000")
    expect(said(desk, "distribute_proceeds")).to_have_attribute("data-step", DONE, timeout=PATIENCE)
    after = vehicle.site.get(f"/funds/{fund}")["books"]
    given = sum(int(after[to]) - int(before[to]) for to in ("to_partners", "to_organisation"))
    assert given == 1_000 * ROUBLE
    wallet, own = enter(partner)
    page = own.open(f"/{language}/funds/{fund}")
    assert vehicle.read(fund, "claimableOf", wallet.address) > 0
    submit(page, "claim_distribution")
    expect(form(page, "claim_distribution")).to_have_count(0, timeout=PATIENCE)
    assert vehicle.read(fund, "claimableOf", wallet.address) == 0
    assert (wallet.sent, "eth_signTypedData_v4" in wallet.asked) == ([], False)
    assert quiet(seen)
    assert quiet(own)


@pytest.mark.parametrize(
    ("language", "why"), [("ru", "не управляет этим фондом"), ("en", "neither manages this fund")]
)
def test_a_desk_is_for_those_who_run_the_fund(
    vehicle: Vehicle, enter: Any, visit: Visit, language: str, why: str
) -> None:
    fund = vehicle.site.get("/funds?limit=1")[0]["contract"]
    out = visit().open(f"/{language}/funds/{fund}/desk")
    expect(out.locator("#content [data-sign-in]")).to_be_visible()
    _, seen = enter(vehicle.person("stranger"))
    page = seen.open(f"/{language}/funds/{fund}/desk")
    expect(page.locator("#content")).to_contain_text(why)
    expect(page.locator("form[data-action]")).to_have_count(0)
