"""What a reader does: watches figures change, changes the language, goes about with the keyboard, prints."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from backend.chain.contract import Contract
from backend.chain.deployment import Deployment, artifact
from backend.chain.rpc import Rpc
from scripts.running import Site
from tests.e2e.conftest import Watched

pytestmark = pytest.mark.browser

ALL_ROLES = 31


def register_a_citizen(site: Site, city_id: int, wallet: str) -> None:
    """One more citizen, written to the chain by the city's steward."""
    steward = site.get(f"/cities/{city_id}")["steward"]
    place = Deployment.read(site.folder / "deployment.json").place("CityRegistry")
    registry = Contract("CityRegistry", place.address, artifact("CityRegistry")["abi"])
    rpc = Rpc(site.rpc_url)
    rpc.call("anvil_impersonateAccount", steward)
    free = {"gas": "0xf4240", "gasPrice": "0x0"}
    for call in (
        registry.call("setRoles", city_id, steward, ALL_ROLES),
        registry.call("registerCitizen", city_id, wallet, bytes.fromhex(wallet[2:]).rjust(32, b"\1")),
    ):
        data = "0x" + bytes(call.data).hex()
        sent = rpc.call("eth_sendTransaction", free | {"from": steward, "to": call.to, "data": data})
        # So that it is in a block now, however busy the machine is.
        rpc.call("evm_mine")
        assert rpc.call("eth_getTransactionReceipt", sent)["status"] == "0x1"
    rpc.close()


def shown(page: Page, name: str) -> Locator:
    """Where a page shows the figure of this name."""
    return page.locator("#figures > div").filter(has=page.get_by_text(name, exact=True)).locator("dd")


def figure(page: Page, name: str) -> int:
    return int(re.sub(r"\D", "", shown(page, name).inner_text()))


def test_figures_change_as_blocks_arrive_without_a_reload(site: Site, watched: Watched):
    page = watched.open("/en/")
    page.evaluate("window.loadedOnce = true")
    expect(page.locator("html.live")).to_be_attached()
    before, block = figure(page, "Citizens"), page.locator("#at-block b").inner_text()

    register_a_citizen(site, 90, "0x00000000000000000000000000000000000Ea5e1")

    expect(shown(page, "Citizens")).to_have_text(f"{before + 1:,}", timeout=20_000)
    assert page.locator("#at-block b").inner_text() != block
    assert page.evaluate("window.loadedOnce") is True
    assert watched.complaints == []


def test_page_of_an_earlier_block_stays_as_it_is(site: Site, watched: Watched):
    page = watched.open("/en/?at_block=3")
    assert "block 3," in page.locator("#at-block").inner_text()
    assert figure(page, "Citizens") == 0
    assert page.locator("html.live").count() == 0


def test_language_switch_keeps_the_page_and_is_remembered(watched: Watched, site: Site):
    page = watched.open("/ru/cities?search=%D0%BA%D0%B0%D0%B7")
    page.get_by_role("link", name="English").click()
    assert page.url == f"{site.url}/en/cities?search=%D0%BA%D0%B0%D0%B7"
    assert page.locator("h1").inner_text() == "Cities"
    assert page.locator("tbody th").all_inner_texts() == ["Kazan"]
    assert watched.open("/").url == f"{site.url}/en/"


def test_first_tab_leads_past_the_header(watched: Watched):
    page = watched.open("/en/cities")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "search"


def test_map_is_one_stop_and_arrows_lead_from_city_to_city(watched: Watched, site: Site):
    page = watched.open("/en/")
    assert page.locator(".map a[tabindex='0']").count() == 1
    page.locator(".map a[tabindex='0']").focus()
    first = page.locator(".map .tip b").inner_text()
    page.keyboard.press("ArrowRight")
    second = page.locator(".map .tip b").inner_text()
    assert first != second
    assert "citizen" in page.locator(".map .tip").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/en/cities/\d+$"))
    assert page.locator("h1").inner_text() == second


def test_pointer_over_a_city_shows_its_figures(watched: Watched):
    page = watched.open("/ru/")
    page.locator(".map a").first.hover()
    expect(page.locator(".map .tip")).to_contain_text("горожан")
    page.mouse.move(5, 5)
    expect(page.locator(".map .tip")).to_be_hidden()


def test_voucher_carries_a_code_and_prints_on_white(watched: Watched, places: dict[str, str]):
    page = watched.open(f"/ru{places['voucher']}")
    path = page.locator(".code svg path").get_attribute("d")
    assert path
    assert path.startswith("M")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".site-nav").is_visible()


def test_pages_can_be_read_without_scripts(site: Site, browser: Browser, places: dict[str, str]):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/en{places['city']}")
    assert page.locator("#figures dd").count() >= 5
    context.close()


def test_parts_make_up_the_whole_of_every_city(site: Site, watched: Watched, places: dict[str, str]):
    for path in ("/en/", f"/en{places['city']}"):
        page = watched.open(path)
        text = page.locator("#conservation .sum").inner_text()
        issued, *parts = [int(n.replace(",", "")) for n in re.findall(r"[\d,]+", text)]
        assert issued == sum(parts) > 0
        assert "adds up" in text


def test_figures_are_those_of_the_api(site: Site, watched: Watched, places: dict[str, str]):
    city = site.get(places["city"])
    page = watched.open(f"/en{places['city']}")
    assert figure(page, "Merits issued") == city["merits"]["issued"]
    assert figure(page, "Held by citizens") == city["merits"]["held"]


def test_first_page_is_light(watched: Watched):
    sizes: dict[str, int] = {}
    watched.page.on("requestfinished", lambda r: sizes.update({r.url: r.sizes()["responseBodySize"]}))
    page = watched.open("/ru/")
    page.wait_for_timeout(300)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(e => [e.name, e.decodedBodySize])")
    scripts = {url: size for url, size in loaded if url.endswith(".js")}
    assert any(url.endswith("/map.js") for url in scripts)
    assert sum(scripts.values()) < 100_000
    assert sum(sizes.values()) < 200_000
