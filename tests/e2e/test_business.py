"""A business at its desk: fulfils vouchers by code and by camera, and publishes offers."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from backend.demo import token
from backend.demo.signing import address_of, key_of
from scripts.running import Site
from scripts.toolchain import browser as chromium
from tests.e2e.conftest import QUIET, Town, Visit, Watched
from tests.e2e.counter import Chain, code_of, film, grouped
from tests.e2e.test_pages import violations
from tests.e2e.wallets import Wallet

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Ticket:
    """A voucher that waits at the business, and the code that its citizen has."""

    number: int
    code: str


class Counter:
    """A business of the demo with vouchers to fulfil; each is given to one test."""

    def __init__(self, site: Site, town: Town):
        self.chain, self.town = Chain(site), town
        offers = site.get(f"/offers?limit=500&open=true&city={town.number}")
        mine = Wallet(site, town.business).address
        self.offer = next(offer for offer in offers if offer["partner"] == mine)
        self.sponsored = next(offer for offer in offers if offer["token"])
        self.foreign = next(offer for offer in offers if offer["partner"] != mine and offer["price"] <= 40)
        self._serial, self._purse = 0, 0

    def ticket(self, offer: dict[str, Any] | None = None) -> Ticket:
        """A new voucher, of this business unless told."""
        offer = offer or self.offer
        self._serial += 1
        if self._purse < offer["price"]:
            self.citizen = f"customer {self._serial} of the tests at the counter"
            self.chain.customer(self.town.number, self.town.name, self.citizen)
            self._purse = 40
        self._purse -= offer["price"]
        code = code_of(f"counter {self._serial}")
        number = self.chain.redeem(self.citizen, offer["offer_id"], self.town.number, code)
        return Ticket(number, code)

    def fund(self, offer: dict[str, Any]) -> None:
        """The demo's sponsor pays for one more voucher of an offer."""
        money, amount = token.at(offer["token"]), int(offer["per_voucher"])
        market = self.chain.market
        self.chain.do("sponsor", money.call("mint", address_of(key_of("sponsor")), amount))
        self.chain.do("sponsor", money.call("approve", market.address, amount))
        self.chain.do("sponsor", market.call("fund", offer["offer_id"], amount))

    @contextmanager
    def no_blocks(self) -> Iterator[None]:
        """Meanwhile transactions are in no block; then all are in one."""
        self.chain.rpc.call("evm_setAutomine", False)
        try:
            yield
        finally:
            self.chain.rpc.call("evm_setAutomine", True)
            self.chain.rpc.call("evm_mine")


@pytest.fixture(scope="module")
def counter(site: Site, town: Town) -> Counter:
    return Counter(site, town)


@pytest.fixture
def wallet(site: Site, town: Town) -> Wallet:
    return Wallet(site, town.business)


@pytest.fixture
def desk(visit: Visit, wallet: Wallet) -> Watched:
    """The business signed in, on a computer."""
    return visit(wallet)


def type_in(page: Page, number: object, code: str) -> None:
    page.locator("#till [name=voucher_id]").fill(str(number))
    page.locator("#till [name=code]").fill(code)


def submit(page: Page, patience: int = 5_000) -> None:
    """Sends the form by the keyboard and waits (milliseconds) until it can be sent again."""
    page.keyboard.press("Enter")
    expect(page.locator("#till")).to_have_attribute("aria-busy", "false", timeout=patience)


def said(page: Page) -> Locator:
    return page.locator("#till output")


def quiet(seen: Watched) -> bool:
    return not seen.complaints and not seen.foreign


# ------------------------------------------------------------------- fulfil


@pytest.mark.parametrize(
    ("language", "right", "done"),
    [("ru", "Код верный: ", "Исполнено: выдайте"), ("en", "The code is right: ", "Fulfilled: hand over")],
)
def test_voucher_is_fulfilled_by_its_typed_code(
    desk: Watched, counter: Counter, language: str, right: str, done: str
):
    ticket = counter.ticket()
    page = desk.open(f"/{language}/business")
    page.evaluate("window.loadedOnce = true")
    expect(page.locator("#waiting")).to_contain_text(str(ticket.number))
    type_in(page, ticket.number, grouped(ticket.code).lower().replace("-", " "))
    expect(said(page)).to_contain_text(right + counter.offer["title"][language])
    page.locator("#till [type=submit]").click()
    served = page.locator("#served .served.good")
    expect(served).to_contain_text(done, timeout=30_000)
    expect(served).to_contain_text(counter.offer["title"][language])
    expect(page.locator("#waiting")).not_to_contain_text(str(ticket.number))
    # Ready for the next customer.
    expect(page.locator("#till [name=code]")).to_have_value("")
    expect(page.locator("#till [data-scan]")).to_be_focused()
    assert page.evaluate("window.loadedOnce") is True
    # What became of it is still there after a reload.
    page.reload()
    expect(page.locator("#served .served.good")).to_contain_text(done)
    assert quiet(desk)


def test_wrong_code_never_reaches_the_wallet(desk: Watched, counter: Counter, wallet: Wallet):
    ticket = counter.ticket()
    page = desk.open("/en/business")
    type_in(page, ticket.number, "K" * 16)
    expect(said(page)).to_contain_text(f"This is not the code of voucher {ticket.number}")
    submit(page)
    expect(said(page)).to_have_attribute("data-step", "failed")
    type_in(page, ticket.number, "K" * 15)
    submit(page)
    expect(said(page)).to_contain_text("The code has 16 letters and digits")
    expect(page.locator("#till [name=code]")).to_be_focused()
    type_in(page, "12x", ticket.code)
    submit(page)
    expect(said(page)).to_contain_text("Type the number of the voucher")
    assert wallet.sent == []
    assert "eth_sendTransaction" not in wallet.asked
    assert quiet(desk)


def test_vouchers_that_cannot_be_fulfilled_are_named(desk: Watched, counter: Counter, wallet: Wallet):
    strange = counter.ticket(counter.foreign)
    site = desk.url
    page = desk.open("/en/business")
    # A link pasted into the field for the code gives both.
    page.locator("#till [name=code]").fill(f"{site}/vouchers/{strange.number}#{strange.code}")
    expect(page.locator("#till [name=voucher_id]")).to_have_value(str(strange.number))
    expect(said(page)).to_contain_text(f"Voucher {strange.number} is another business’s")
    served = next(
        voucher
        for voucher in counter.chain.site.get(f"/offers/{counter.offer['offer_id']}/vouchers?limit=500")
        if voucher["status"] == "fulfilled"
    )
    type_in(page, served["voucher_id"], strange.code)
    expect(said(page)).to_contain_text("This voucher was fulfilled already")
    assert wallet.sent == []
    # The browser itself writes an unknown voucher's 404 into its console.
    assert quiet(desk)
    type_in(page, 999, strange.code)
    expect(said(page)).to_contain_text("There is no voucher 999")


def test_voucher_opened_by_the_phones_own_camera_is_fulfilled_there(
    visit: Visit, wallet: Wallet, counter: Counter
):
    ticket = counter.ticket()
    phone = visit(wallet, width=360)
    page = phone.open(f"/vouchers/{ticket.number}#{ticket.code}")
    expect(said(page)).to_have_attribute("data-step", "good")
    page.locator("#till [type=submit]").click()
    expect(page.locator("#served .served.good")).to_be_visible(timeout=30_000)
    assert quiet(phone)


def test_fulfilment_is_pending_until_it_counts_and_says_when_the_chain_undid_it(
    desk: Watched, wallet: Wallet, counter: Counter
):
    ticket = counter.ticket()
    page = desk.open("/en/business")
    type_in(page, ticket.number, ticket.code)
    served = page.locator("#served .served")
    with counter.no_blocks():
        page.locator("#till [type=submit]").click()
        expect(served).to_contain_text("Wait with handing over", timeout=30_000)
        expect(served).to_contain_text("on its way to the chain")
        page.reload()
        expect(served).to_contain_text("Wait with handing over")
        expect(page.locator("#under-way")).to_contain_text("Fulfil a voucher")
    expect(served).to_contain_text("Fulfilled: hand over", timeout=30_000)
    rpc = counter.chain.rpc
    block = rpc.call("eth_getTransactionReceipt", wallet.sent[-1])["blockNumber"]
    with counter.no_blocks():
        rpc.call("anvil_reorg", int(rpc.call("eth_blockNumber"), 16) - int(block, 16) + 1, [])
        expect(served).to_contain_text("undone by the chain", timeout=30_000)
        expect(served).not_to_contain_text("Fulfilled")
    assert quiet(desk)


# ------------------------------------------------------------------- camera


@pytest.fixture
def filming(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Starts a browser of its own whose camera sees a text's QR code; without a text it has no camera."""
    with ExitStack() as stack:

        def start(text: str = "", allowed: bool = True) -> Visit:
            arguments = ["--use-fake-ui-for-media-stream" + ("" if allowed else "=deny")]
            if text:
                seen = film(tmp_path / "camera.y4m", text)
                arguments += [
                    "--use-fake-device-for-media-stream",
                    f"--use-file-for-fake-video-capture={seen}",
                ]
            own = chromium.options()
            arguments += [*own.get("args", []), *QUIET]
            started = browser.browser_type.launch(**(own | {"args": arguments}))
            stack.callback(started.close)
            return Visit(site, started, stack)

        yield start


def scan(seen: Watched, language: str = "en") -> Page:
    page = seen.open(f"/{language}/business")
    page.locator("#till [data-scan]").click()
    return page


def test_voucher_is_fulfilled_by_the_camera(
    filming: Callable[..., Visit], site: Site, wallet: Wallet, counter: Counter
):
    ticket = counter.ticket()
    phone = filming(f"{site.url}/vouchers/{ticket.number}#{ticket.code}")(wallet, width=360)
    page = scan(phone)
    expect(page.locator("#till [name=voucher_id]")).to_have_value(str(ticket.number), timeout=20_000)
    expect(said(page)).to_contain_text("The code is right")
    expect(page.locator(".scanner")).to_be_hidden()
    assert page.evaluate("document.querySelector('.scanner video').srcObject") is None
    expect(page.locator("#till [type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#served .served.good")).to_contain_text("hand over", timeout=30_000)
    assert quiet(phone)


def test_foreign_code_before_the_camera_is_named_and_it_looks_on(
    filming: Callable[..., Visit], wallet: Wallet
):
    phone = filming("https://example.org/menu")(wallet, width=360)
    page = scan(phone)
    expect(said(page)).to_contain_text("This code is not a voucher’s", timeout=20_000)
    expect(page.locator(".scanner video")).to_be_visible()
    page.get_by_role("button", name="Stop the camera").click()
    expect(page.locator(".scanner")).to_be_hidden()
    expect(page.locator("#till [data-scan]")).to_be_focused()
    assert quiet(phone)


@pytest.mark.parametrize(
    ("text", "language", "says"),
    [("", "ru", "Камера не найдена"), ("anything", "en", "The browser may not use the camera")],
    ids=["none", "denied"],
)
def test_camera_that_cannot_be_used_is_said(
    filming: Callable[..., Visit], wallet: Wallet, text: str, language: str, says: str
):
    desk = filming(text, allowed=not text)(wallet)
    page = scan(desk, language)
    expect(said(page)).to_contain_text(says)
    expect(page.locator(".scanner")).to_be_hidden()
    assert quiet(desk)


# ------------------------------------------------------------------- offers


def test_offer_is_published_and_closed(desk: Watched, wallet: Wallet):
    page = desk.open("/en/business")
    page.get_by_role("link", name="Publish an offer").click()
    page.locator("[name='title.ru']").fill("Экскурсия по пекарне")
    page.get_by_role("button", name="Look at it in words").click()
    assert page.locator("[role=alert]").inner_text().startswith("Nothing is published yet: 3 fields")
    expect(page.locator("[name=price]")).to_be_focused()
    assert page.locator("[name='title.ru']").input_value() == "Экскурсия по пекарне"
    page.locator("[name='title.en']").fill("A tour of the bakery")
    page.locator("[name=price]").fill("7")
    page.locator("[name=stock]").fill("20")
    page.locator("[name=closes]").fill("2099-12-31")
    page.get_by_role("button", name="Look at it in words").click()
    words = page.locator("section", has=page.get_by_role("heading", name="This is what will be published"))
    for text in ("A tour of the bakery", "Экскурсия по пекарне", "7 merits", "20 vouchers", "30 days"):
        expect(words).to_contain_text(text)
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(re.compile("/en/business"), timeout=30_000)
    row = page.locator("#current tr").filter(has_text="A tour of the bakery")
    expect(row).to_contain_text("available")
    row.locator("summary").click()
    row.get_by_role("button", name="Close for good").click()
    expect(page.locator("#current")).not_to_contain_text("A tour of the bakery", timeout=30_000)
    assert len(wallet.sent) == 2
    assert quiet(desk)


def test_earnings_from_a_sponsors_pool_are_drawn(visit: Visit, site: Site, town: Town, counter: Counter):
    counter.fund(counter.sponsored)
    ticket = counter.ticket(counter.sponsored)
    museum = Wallet(site, f"museum of {town.name}")
    assert museum.address == counter.sponsored["partner"]
    page = visit(museum).open("/en/business")
    type_in(page, ticket.number, ticket.code)
    submit(page, 30_000)
    earned = page.locator("#earned")
    expect(earned).to_contain_text("150 TRUB", timeout=30_000)
    earned.get_by_role("button", name="Draw to this wallet").click()
    expect(earned).to_contain_text("Nothing to draw", timeout=30_000)
    money = token.at(counter.sponsored["token"])
    balance = {"to": money.address, "data": "0x" + money.call("balanceOf", museum.address).data.hex()}
    assert int(counter.chain.rpc.call("eth_call", balance, "latest"), 16) >= 150 * token.UNIT


# --------------------------------------------------------------- as a whole


def test_desk_says_what_there_is_to_do_first(visit: Visit, town: Town, watched: Watched):
    page = watched.open("/ru/business")
    expect(page.locator(".empty")).to_contain_text("Войдите с кошельком")
    seen = visit(Wallet(visit.site, town.citizen(2)))
    page = seen.open("/en/business")
    expect(page.locator(".empty")).to_contain_text("This wallet is not a partner of any city")
    assert quiet(seen)


def test_counter_is_accessible_on_the_page_of_a_voucher_and_while_publishing(desk: Watched, counter: Counter):
    page = desk.open(f"/ru/vouchers/{counter.ticket().number}")
    assert page.locator("#till").is_visible()
    assert violations(page) == []
    page = desk.open("/ru/business/publish")
    page.locator("form.publish [type=submit]").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []


def test_voucher_is_fulfilled_by_keyboard_alone(desk: Watched, counter: Counter):
    ticket = counter.ticket()
    page = desk.open("/en/business")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "voucher_id":
            break
    page.keyboard.type(str(ticket.number))
    page.keyboard.press("Tab")
    page.keyboard.type(ticket.code)
    page.keyboard.press("Enter")
    expect(page.locator("#served .served.good")).to_be_visible(timeout=30_000)
    assert quiet(desk)
