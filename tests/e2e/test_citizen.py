"""A citizen at their wallet: redeems by one signature, shows the voucher's code, sees what becomes of it."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Request, expect

from backend import db
from backend.demo.signing import address_of, key_of
from backend.kit.hashing import keccak
from backend.merits.epochs import Award, Tree, store_epoch, tree
from scripts.running import Site
from tests.e2e.conftest import Town, Visit, Watched
from tests.e2e.counter import Chain, hash_of, until
from tests.e2e.test_pages import violations
from tests.e2e.wallets import Wallet

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds that the chain, the ledger and the stream may take together on a busy machine."""

DECODE = """
async ([qr, width]) => {
  const { default: decode } = await import(qr);
  const svg = document.querySelector("[data-qr] svg");
  const image = new Image();
  image.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(svg));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = width;
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, width, width);
  paper.drawImage(image, 0, 0, width, width);
  return decode(paper.getImageData(0, 0, width, width));
}
"""


class Citizens:
    """New citizens of the demo with merits to spend, and the chain on which all this happens."""

    def __init__(self, site: Site, town: Town):
        self.site, self.town, self.chain = site, town, Chain(site)
        self.pool = f"pool of {town.name}"
        mine = address_of(key_of(town.business))
        offers = site.get("/offers?limit=500&open=true")
        self.coffee = next(o for o in offers if o["partner"] == mine and o["price"] == 12)
        self.museum = next(o for o in offers if o["price"] == 30 and o["city_id"] == town.number)
        self._serial = int(self.chain.rpc.call("eth_blockNumber"), 16)

    def new(self) -> Wallet:
        """Somebody with 40 merits, none of them in an epoch."""
        self._serial += 1
        name = f"citizen {self._serial} of the tests at the wallet"
        self.chain.customer(self.town.number, self.town.name, name)
        wallet = Wallet(self.site, name)
        until(lambda: self.merits(wallet) == 40)
        return wallet

    def merits(self, wallet: Wallet, city: int | None = None) -> int:
        """What a wallet holds in a city, the first one unless told."""
        cities = self.site.get(f"/citizens/{wallet.address}")["cities"]
        return next((c["held"] for c in cities if c["city_id"] == (city or self.town.number)), 0)

    def vouchers(self, wallet: Wallet) -> list[dict]:
        return self.site.get(f"/citizens/{wallet.address}/vouchers")

    def wait(self, wallet: Wallet, merits: int) -> None:
        """An epoch of an act kind of its own in which so many merits wait for somebody."""
        city, kind, chain = self.town.number, 1000 + self._serial, self.chain
        made = tree([Award(bytes.fromhex(wallet.address[2:]), 1, keccak(b"seen"))])
        chain.do(self.town.steward, chain.ledger.call("publishKind", city, kind, merits, keccak(b"kind")))
        day = int(chain.rpc.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16) // 86_400 - 1
        opening = chain.ledger.call(
            "openEpoch", city, kind, made.acts, day, day, made.root, keccak(made.content)
        )
        chain.do(self.town.verifier, opening)
        # The browser's own loop runs in this thread.
        with ThreadPoolExecutor() as thread:
            thread.submit(asyncio.run, _keep(self.site, made)).result()
        until(lambda: self.site.get(f"/citizens/{wallet.address}")["claimable"])

    def fulfil(self, voucher: int, code: str) -> None:
        """The business serves a voucher of its offer."""
        content = self.site.get(f"/vouchers/{voucher}")
        names = ["voucher_id", "citizen", "city_id", "from_previous", "from_current", "period", "expires"]
        seal = bytes.fromhex(content["seal"][2:])
        given = (*(content[name] for name in names), seal)
        self.chain.do(self.town.business, self.chain.market.call("fulfil", given, hash_of(code)))

    def publish(self, term: int) -> int:
        """An offer of another business for 10 merits, whose vouchers wait so many seconds."""
        always = (0, 2**40 - 1)
        terms = (self.town.number, 10, 5, 0, *always, term, keccak(b"terms"), "0x" + "0" * 40, 0, [])
        before = self.newest_offer()
        self.chain.do(self.pool, self.chain.market.call("publish", terms))
        until(lambda: self.newest_offer() > before)
        return self.newest_offer()

    def close_first(self, offer: int, wallet: Wallet) -> None:
        """The business closes its offer in the block that waits, before the wallet's redemption."""
        call, rpc = self.chain.market.call("close", offer), self.chain.rpc
        sent = until(lambda: self.site.get(f"/actions?account={wallet.address}")[0]["tx_hash"])
        raw = rpc.call("eth_getRawTransactionByHash", sent)
        rpc.call("anvil_dropTransaction", sent)
        business = address_of(key_of(self.pool))
        rpc.call("anvil_impersonateAccount", business)
        closing = {"from": business, "to": call.to, "data": "0x" + call.data.hex(), "gas": "0xf4240"}
        rpc.call("eth_sendTransaction", closing | {"gasPrice": "0x0"})
        rpc.call("anvil_stopImpersonatingAccount", business)
        rpc.call("eth_sendRawTransaction", raw)

    def newest_offer(self) -> int:
        return self.site.get("/offers?limit=1")[0]["offer_id"]

    def next_block(self) -> str:
        return self.chain.rpc.call("evm_mine")

    @contextmanager
    def no_blocks(self) -> Iterator[None]:
        """Meanwhile transactions are sent and in no block; then all are in one."""
        self.chain.rpc.call("evm_setAutomine", False)
        try:
            yield
        finally:
            self.chain.rpc.call("evm_setAutomine", True)
            self.chain.rpc.call("evm_mine")


async def _keep(site: Site, made: Tree) -> None:
    url = f"postgresql://postgres:@/postgres?host={site.folder / 'postgres'}"
    async with db.engine(url, size=1) as engine, engine.begin() as conn:
        await store_epoch(conn, made)


@pytest.fixture(scope="module")
def citizens(site: Site, town: Town) -> Citizens:
    return Citizens(site, town)


def redeem_button(page: Page, offer: dict, place: str = "main"):
    form = page.locator(f"{place} form[data-action=redeem]").filter(
        has=page.locator(f"[name=offer_id][value='{offer['offer_id']}']")
    )
    return form.get_by_role("button")


def at_voucher(page: Page) -> None:
    page.wait_for_url(re.compile(r"/wallet/vouchers/0x[0-9a-f]{64}$"), timeout=SLOW)


def code_shown(page: Page) -> str:
    """The code in letters, once the voucher is there."""
    expect(page.locator("[data-qr] svg")).to_be_visible(timeout=SLOW)
    return page.locator("[data-code]").inner_text().replace("-", "")


def scanned(page: Page) -> str:
    """What a scanner reads from the voucher on the screen."""
    lib = page.evaluate("document.querySelector('script[type=module]').src").rsplit("/", 2)[0]
    return page.evaluate(DECODE, [f"{lib}/lib/qr/decode.js", 600])


def kept_codes(page: Page) -> list[str]:
    return page.evaluate("Object.values({...localStorage}).filter((kept) => /^[0-9A-Z]{16}$/.test(kept))")


def narrow(page: Page) -> None:
    """Nothing is cut off on the smallest phone."""
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 800})


def test_citizen_redeems_shows_the_code_and_is_served(visit: Visit, citizens: Citizens):
    wallet = citizens.new()
    seen = visit(wallet)
    sent: list[Request] = []
    seen.page.on("request", lambda request: sent.append(request))
    page = seen.open("/ru/wallet")
    expect(page.locator("#purses .balance")).to_have_text("40 заслуг")
    with citizens.no_blocks():
        redeem_button(page, citizens.coffee).click()
        at_voucher(page)
        expect(page.locator("#ticket")).to_contain_text("Ваучер открывается")
        page.reload()
        expect(page.locator("#ticket")).to_contain_text("Ваучер открывается")
        page.evaluate("window.loadedOnce = true")
    code = code_shown(page)
    (voucher,) = citizens.vouchers(wallet)
    assert scanned(page) == f"{seen.url}/vouchers/{voucher['voucher_id']}#{code}"
    assert "0x" + keccak(hash_of(code)).hex() == voucher["seal"]
    assert violations(page) == []
    narrow(page)

    citizens.fulfil(voucher["voucher_id"], code)
    expect(page.locator("#ticket")).to_contain_text("Исполнен", timeout=SLOW)
    expect(page.locator("[data-qr]")).to_have_count(0)
    assert page.evaluate("window.loadedOnce") is True
    page.get_by_role("link", name="Мой кошелёк", exact=True).first.click()
    expect(page.locator("#purses .balance")).to_have_text("28 заслуг")
    assert wallet.asked.count("eth_signTypedData_v4") == 1
    assert "eth_sendTransaction" not in wallet.asked
    assert not any(code in request.url or code in (request.post_data or "") for request in sent)
    assert quiet(seen)


def test_award_that_waits_is_claimed_in_the_same_step_by_keyboard(visit: Visit, citizens: Citizens):
    wallet, offer, chain = citizens.new(), citizens.museum, citizens.chain
    chain.redeem(wallet.person, citizens.coffee["offer_id"], citizens.town.number, "0" * 16)
    citizens.wait(wallet, merits=50)
    other = next(city for city in offer["accepts"] if city != citizens.town.number)
    chain.customer(other, citizens.site.get(f"/cities/{other}")["name"]["en"], wallet.person)
    until(lambda: citizens.merits(wallet, other) == 40)
    seen = visit(wallet)
    page = seen.open(f"/en/offers/{offer['offer_id']}")
    ways = page.locator("#own .ways label")
    expect(ways).to_have_count(2)
    expect(page.locator("#own")).to_contain_text("you have 78, 48 will remain")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#own button')"):
            break
    page.keyboard.press("Enter")
    at_voucher(page)
    code_shown(page)
    assert citizens.merits(wallet) == 48
    assert citizens.merits(wallet, other) == 40
    assert citizens.site.get(f"/citizens/{wallet.address}")["claimable"] == []
    assert wallet.asked.count("eth_signTypedData_v4") == 1
    assert quiet(seen)


def test_refusal_leaves_nothing_and_two_clicks_or_tabs_redeem_once(visit: Visit, citizens: Citizens):
    wallet = citizens.new()
    wallet.refuses = {"eth_signTypedData_v4"}
    seen = visit(wallet)
    place = f"/en/offers/{citizens.coffee['offer_id']}"
    page = seen.open(place)
    redeem_button(page, citizens.coffee).click()
    expect(page.locator("#own output")).to_have_attribute("data-step", "refused")
    assert kept_codes(page) == []
    assert citizens.site.get(f"/actions?account={wallet.address}") == []

    wallet.refuses = set()
    tab = visit(context=page.context).open(place)
    tab.route(f"**{place}", lambda route: route.abort())  # it stays as it was before the other acted
    with citizens.no_blocks():
        redeem_button(page, citizens.coffee).dblclick()
        at_voucher(page)
        assert wallet.asked.count("eth_signTypedData_v4") == 2  # the refused one, and one for both clicks
        redeem_button(tab, citizens.coffee).click()
        expect(tab.locator("#own output")).to_contain_text("already under way")
    code_shown(page)
    assert len(citizens.vouchers(wallet)) == 1
    assert citizens.merits(wallet) == 40 - citizens.coffee["price"]
    assert quiet(seen)


def test_redemption_undone_by_the_chain_comes_back_and_is_served(visit: Visit, citizens: Citizens):
    wallet = citizens.new()
    seen = visit(wallet)
    page = seen.open("/en/wallet")
    redeem_button(page, citizens.coffee).click()
    at_voucher(page)
    code = code_shown(page)
    page.evaluate("window.loadedOnce = true")
    with citizens.no_blocks():
        citizens.chain.rpc.call("anvil_reorg", 1, [])
        expect(page.locator("#state")).to_contain_text("undone by the chain", timeout=SLOW)
        expect(page.locator("#ticket")).to_contain_text("Nothing is lost")
        assert citizens.vouchers(wallet) == []
    assert code_shown(page) == code

    (voucher,) = citizens.vouchers(wallet)
    citizens.fulfil(voucher["voucher_id"], code)
    expect(page.locator("#ticket")).to_contain_text("Fulfilled", timeout=SLOW)
    assert page.evaluate("window.loadedOnce") is True
    page.get_by_role("link", name="My wallet", exact=True).first.click()
    expect(page.locator("#purses .balance")).to_have_text("28 merits")
    assert quiet(seen)


def test_redemption_that_the_contract_refuses_is_shown_with_its_reason(visit: Visit, citizens: Citizens):
    wallet, offer = citizens.new(), citizens.publish(term=60)
    seen = visit(wallet)
    page = seen.open(f"/ru/offers/{offer}")
    with citizens.no_blocks():
        page.locator("#own form").get_by_role("button").click()
        at_voucher(page)
        citizens.close_first(offer, wallet)
    expect(page.locator("#ticket")).to_contain_text("Ваучер не открыт", timeout=SLOW)
    expect(page.locator("#ticket")).to_contain_text("Ваши заслуги на месте.")
    assert re.search(r"предложени", page.locator("#ticket .small").first.inner_text(), re.I)
    page = seen.open("/en/wallet")
    expect(page.locator("#under-way")).to_contain_text("refused")
    expect(page.locator("#purses .balance")).to_have_text("40 merits")
    assert quiet(seen)


def test_voucher_on_another_device_says_that_it_lacks_the_code(visit: Visit, citizens: Citizens):
    wallet = citizens.new()
    code = "0123456789ABCDEF"
    number = citizens.chain.redeem(wallet.person, citizens.coffee["offer_id"], citizens.town.number, code)
    seen = visit(wallet)
    page = seen.open("/en/wallet")
    expect(page.locator("#vouchers")).to_contain_text("its code is not on this device")
    page = seen.open(f"/en/vouchers/{number}")
    lost = page.locator("[data-without]")
    expect(lost).to_contain_text("The code of this voucher is not on this device.")
    assert violations(page) == []
    for typed, answer in (("0123", "has 16 letters"), ("0" * 16, "not the code of this voucher")):
        lost.locator("[name=code]").fill(typed)
        lost.get_by_role("button").click()
        expect(lost.locator("output")).to_contain_text(answer)
    lost.locator("[name=code]").fill("o123-4567-89ab-cdef")
    lost.get_by_role("button").click()
    assert code_shown(page) == code
    expect(lost).to_be_hidden()
    expect(page.locator(".qr")).to_be_hidden()
    narrow(page)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("[data-qr]")).to_be_visible()
    assert page.locator(".ticket-face").evaluate("face => getComputedStyle(face).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    stranger = visit()
    page = stranger.open(f"/en/vouchers/{number}#{code}")
    expect(page.locator(".qr svg")).to_be_visible()
    expect(page.locator("[data-qr]")).to_be_hidden()
    assert quiet(seen, stranger)


def test_merits_of_a_voucher_that_nobody_fulfilled_come_back(visit: Visit, citizens: Citizens):
    wallet, offer = citizens.new(), citizens.publish(term=1)
    number = citizens.chain.redeem(wallet.person, offer, citizens.town.number, "0" * 16)
    citizens.chain.do(citizens.pool, citizens.chain.market.call("close", offer))
    until(lambda: citizens.next_block() and citizens.site.get(f"/vouchers/{number}")["refundable"])
    seen = visit(wallet)
    page = seen.open("/en/wallet")
    page.get_by_role("button", name="Have 10 merits back").click()
    expect(page.locator("#purses .balance")).to_have_text("40 merits", timeout=SLOW)
    expect(page.locator("#vouchers")).to_contain_text("No voucher waits to be used.")
    assert citizens.site.get(f"/vouchers/{number}")["status"] == "refunded"
    assert "eth_signTypedData_v4" not in wallet.asked
    assert quiet(seen)


def test_recovery_that_is_not_ones_own_is_stopped(visit: Visit, citizens: Citizens):
    wallet, chain = citizens.new(), citizens.chain
    thief = address_of(key_of("somebody else of the tests at the wallet"))
    proposal = chain.registry.call(
        "proposeRecovery", citizens.town.number, wallet.address, thief, keccak(b"a claim")
    )
    chain.do(citizens.town.verifier, proposal)
    until(lambda: citizens.site.get(f"/citizens/{wallet.address}")["recoveries"])
    seen = visit(wallet)
    page = seen.open("/en/wallet")
    expect(page.locator("#notes")).to_contain_text(thief)
    assert violations(page) == []
    page.get_by_role("button", name="Not me: stop it").click()
    expect(page.locator("#notes form")).to_have_count(0, timeout=SLOW)
    assert citizens.site.get(f"/citizens/{wallet.address}")["recoveries"] == []
    assert "eth_sendTransaction" not in wallet.asked
    assert quiet(seen)


def test_wallet_says_whose_it_is(visit: Visit, site: Site, town: Town):
    stranger = visit()
    page = stranger.open("/en/wallet")
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator("#sign-in")).to_be_visible()
    page = visit(Wallet(site, "nobody of the tests at the wallet")).open("/en/wallet")
    expect(page.locator("main")).to_contain_text("not yet a citizen’s in any city")
    page = visit(Wallet(site, town.citizen(3))).open("/en/wallet")
    expect(page.locator("#notes")).to_contain_text("this wallet was replaced by")
    page = visit(Wallet(site, town.verifier)).open("/en/wallet")
    expect(page.get_by_role("link", name=f"City desk: {town.name}")).to_be_visible()
    page = visit(Wallet(site, town.business)).open("/en/wallet")
    expect(page.get_by_role("link", name="Business desk")).to_be_visible()


def quiet(*seen: Watched) -> bool:
    return all((each.complaints, each.foreign) == ([], []) for each in seen)
