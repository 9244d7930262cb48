"""Every page, in both languages, on a phone's and a desktop's width, light and dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from scripts.running import ROOT, Site, own_places, sign_in
from tests.e2e.conftest import Watched
from tests.e2e.wallets import enter

pytestmark = pytest.mark.browser

PAGES = (
    "start", "cities", "search", "search-empty", "city", "city-empty", "citizen", "citizen-unknown", "offers",
    "offers-empty", "offer", "voucher", "ledger", "check", "demo", "wallet-out", "business-out", "desk-out",
    "projects", "project-open", "project-reported", "project-loan", "request", "backer", "round-running",
    "round-settled", "spending", "portfolio-out", "funds", "fund-forming", "fund-investing", "fund-of-funds",
    "fund-new", "partner", "fund-statement", "call-notice", "board", "board-facts",
)  # fmt: skip
OWN = (
    "wallet", "wallet-empty", "offer-own", "voucher-own", "business", "desk", "desk-register", "desk-award",
    "desk-rules", "portfolio", "project-backed", "partner-own",
)  # fmt: skip
WIDTHS = (320, 360, 1280, 1920)
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


Own = tuple[str, str]
"""A session's cookie, and an address without its language."""


@pytest.fixture(scope="module")
def own(site: Site) -> dict[str, Own]:
    found = own_places(site.url)
    sessions = {account: sign_in(site.url, account) for account in {account for account, _ in found.values()}}
    return {name: (sessions[account], path) for name, (account, path) in found.items()}


@pytest.fixture(scope="module")
def passers_by(browser: Browser) -> Iterator[BrowserContext]:
    """One browser that nobody is signed in with, so that what all pages share is loaded once."""
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def passing(site: Site, passers_by: BrowserContext) -> Iterator[Watched]:
    page = passers_by.new_page()
    yield Watched(page, site.url)
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_asks_nothing_of_others_and_is_accessible_in_light_and_dark(
    passing: Watched, places: dict[str, str], name: str
):
    for language in ("en", "ru"):
        page = passing.open(f"/{language}{places[name]}")
        fits(passing, language)
    assert violations(page) == []


@pytest.mark.parametrize("name", OWN)
def test_page_of_who_is_signed_in_fits_and_is_accessible(watched: Watched, own: dict[str, Own], name: str):
    session, path = own[name]
    enter(watched.page.context, watched.url, session)
    for language in ("ru", "en"):
        page = watched.open(f"/{language}{path}")
        assert page.locator("#account summary").is_visible()
        fits(watched, language)
    assert violations(page) == []


def test_error_page_is_accessible(passing: Watched):
    page = passing.open("/en/nothing")
    assert page.locator("h1").inner_text() == "No such page"
    assert violations(page) == []


def fits(watched: Watched, language: str) -> None:
    """One heading, nothing wider than the screen, nothing said in the console, nothing asked of others."""
    page = watched.page
    assert watched.status == 200
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert page.title().endswith(" — CityNet")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{page.url} is {wide} px wide on a screen of {width}"
    assert watched.complaints == []
    assert watched.foreign == []


def violations(page: Page) -> list[str]:
    """What axe-core finds: everything on a desktop, and on a phone and in the dark what differs there."""
    page.evaluate(AXE.read_text())
    found = []
    for scheme, width, rules in (
        ("light", 1280, {"type": "tag", "values": STANDARDS}),
        ("dark", 1280, {"type": "rule", "values": ["color-contrast"]}),
        ("dark", 360, {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}),
    ):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        results = page.evaluate("rules => axe.run({runOnly: rules})", rules)
        found += [
            f"{scheme} {width}: {violation['id']} at {node['target']}: {node['failureSummary']}"
            for violation in results["violations"]
            for node in violation["nodes"][:3]
        ]
    return found
