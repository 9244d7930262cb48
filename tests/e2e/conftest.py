"""The whole thing: a demo with all its parts in a folder of its own, and a browser that looks at it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from backend.chain.deployment import Deployment
from backend.chain.rpc import Rpc

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "toolchain"))
import browser as chromium  # noqa: E402  (a script beside the toolchain, no package)

START_WITHIN = 180


@dataclass(frozen=True)
class Site:
    """A running demo: address of its pages, its chain, and where its contracts are."""

    url: str
    rpc: Rpc
    deployment: Deployment

    def get(self, path: str) -> dict:
        """`data` of an answer of the API."""
        answer = httpx.get(f"{self.url}/v1{path}", timeout=30)
        answer.raise_for_status()
        return answer.json()["data"]

    def export(self, fact: str) -> list[dict[str, str]]:
        """All rows of a fact."""
        lines = httpx.get(f"{self.url}/v1/export/{fact}.csv", timeout=30).text.splitlines()
        names = lines[0].split(",")
        return [dict(zip(names, line.split(","), strict=True)) for line in lines[1:]]


@dataclass
class Watched:
    """A browser page with all that it complained of, and all that it asked of other hosts."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path, wait_until="load")
        return self.page


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("demo")
    port, rpc_port = free_ports(2)
    log = folder / "demo.log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CITYNET_", "DATABASE_URL"))}
    with log.open("wb") as output:
        demo = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "backend.cli",
                "demo",
                "--small",
                "--port",
                str(port),
                "--rpc-port",
                str(rpc_port),
            ],
            cwd=ROOT,
            env=environment | {"CITYNET_DATA_DIR": str(folder / "citynet")},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(demo, f"{url}/v1/status", log)
        rpc = Rpc(f"http://127.0.0.1:{rpc_port}")
        yield Site(url, rpc, Deployment.read(folder / "citynet" / "deployment.json"))
        rpc.close()
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)


def _wait(demo: subprocess.Popen, address: str, log: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        if demo.poll() is not None:
            break
        with suppress(httpx.TransportError):
            answer = httpx.get(address)
            if answer.status_code == 200 and "ready after" in log.read_text():
                return
        time.sleep(0.2)
    pytest.fail(f"the demo did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--no-first-run",
    ]
    arguments = [*chromium.options().get("args", []), *quiet]
    with sync_playwright() as playwright:
        started = chromium.launch(playwright, args=arguments)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def watched(site: Site, context: BrowserContext) -> Watched:
    seen = Watched(context.new_page(), site.url)

    def console(message: object) -> None:
        if message.type in ("error", "warning"):  # type: ignore[attr-defined]
            seen.complaints.append(message.text)  # type: ignore[attr-defined]

    def request(sent: object) -> None:
        if not sent.url.startswith(site.url):  # type: ignore[attr-defined]
            seen.foreign.append(sent.url)  # type: ignore[attr-defined]

    seen.page.on("console", console)
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("request", request)
    return seen


@pytest.fixture(scope="session")
def places(site: Site) -> dict[str, str]:
    """One address of each kind of page, without its language."""
    redeemed = site.export("redeemed")[-1]
    citizen = site.get(f"/vouchers/{redeemed['voucher_id']}")["citizen"]
    return {
        "start": "/",
        "cities": "/cities",
        "search": "/cities?search=%D0%BA%D0%B0%D0%B7",
        "search-empty": "/cities?search=zzz",
        "city": f"/cities/{redeemed['city_id']}",
        "city-empty": "/cities/91",
        "citizen": f"/citizens/{citizen}",
        "citizen-unknown": "/citizens/0x00000000000000000000000000000000000000AA",
        "offers": "/offers",
        "offers-empty": "/offers?city_id=91",
        "offer": f"/offers/{redeemed['offer_id']}",
        "voucher": f"/vouchers/{redeemed['voucher_id']}",
        "ledger": "/ledger",
        "check": "/check",
    }
