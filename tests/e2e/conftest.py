"""The whole thing: a demo with all its parts in a folder of its own, and a browser that looks at it."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from backend.demo import catalogue
from scripts import running
from scripts.running import Site
from scripts.toolchain import browser as chromium
from tests.e2e.wallets import Wallet, sign_in

QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-gpu", "--no-first-run")


@dataclass
class Watched:
    """A browser page with all that it complained of, and all that it asked of other hosts."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    status: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._request)

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.url + path, wait_until="load")
        self.status = answer.status if answer else 0
        return self.page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self.url):
            self.foreign.append(request.url)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running.demo(tmp_path_factory.mktemp("demo"), small=True) as started:
        yield started


@pytest.fixture(scope="session")
def places(site: Site) -> dict[str, str]:
    """One address of each kind of page, without its language."""
    return running.places(site.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = chromium.launch(playwright, args=[*chromium.options().get("args", []), *QUIET])
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def watched(site: Site, context: BrowserContext) -> Watched:
    return Watched(context.new_page(), site.url)


@dataclass(frozen=True)
class Town:
    """The demo's first city: its number, and the names of its people."""

    number: int
    name: str

    def citizen(self, number: int) -> str:
        return f"citizen {number} of {self.name}"

    @property
    def business(self) -> str:
        """The business of the first offer."""
        return f"{catalogue.OFFERS[0].business} of {self.name}"

    @property
    def verifier(self) -> str:
        return f"verifier 1 of {self.name}"

    @property
    def steward(self) -> str:
        return f"steward of {self.name}"

    @property
    def moderator(self) -> str:
        return f"moderator of {self.name}"


@pytest.fixture(scope="session")
def town(site: Site) -> Town:
    code = catalogue.CITIES[0]
    city = next(city for city in site.get("/cities?limit=500") if city["code"] == code)
    return Town(city["city_id"], city["name"]["en"])


class Visit:
    """Browsers with wallets, as many as a test asks for: `tests/e2e/wallets.py` says how to use it."""

    def __init__(self, site: Site, browser: Browser, stack: ExitStack):
        self.site, self._browser, self._stack = site, browser, stack

    def __call__(
        self,
        *wallets: Wallet,
        signed_in: bool = True,
        width: int = 1280,
        context: BrowserContext | None = None,
    ) -> Watched:
        """A new browser with these wallets; signed in as the first one's account, unless told. `context`
        opens a further tab of a browser that has them already.
        """
        if context is None:
            viewport = {"width": width, "height": 800}
            context = self._browser.new_context(viewport=viewport, reduced_motion="reduce")
            self._stack.callback(context.close)
            for wallet in wallets:
                wallet.put_into(context, remembered=signed_in and wallet is wallets[0])
            if signed_in and wallets:
                sign_in(context, wallets[0])
        context.set_default_timeout(15_000)
        return Watched(context.new_page(), self.site.url)


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    with ExitStack() as stack:
        yield Visit(site, browser, stack)
