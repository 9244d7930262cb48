"""The whole thing: a demo with all its parts in a folder of its own, and a browser that looks at it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from scripts import running
from scripts.running import Site
from scripts.toolchain import browser as chromium

QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-gpu", "--no-first-run")


@dataclass
class Watched:
    """A browser page with all that it complained of, and all that it asked of other hosts."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._request)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path, wait_until="load")
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
