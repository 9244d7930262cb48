"""Pictures of every page, in both languages, on a phone and a desktop, light and dark: .citynet/screenshots.

Takes them from the demo that runs (`--url`, by default at the port of the settings), or starts one for
the time.
"""

import argparse
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from backend.settings import settings
from scripts.running import demo, is_up, own_places, places, sign_in
from scripts.toolchain import browser as chromium

SCREENS = {"phone": (390, 844), "desktop": (1280, 800)}
BE = """account => {
    localStorage.setItem("demo-persona", account);
    localStorage.setItem("wallet", "demo.citynet");
}"""
"""Makes the demo wallet somebody's."""
TALLEST = 6000
"""Pixels that a picture shows at most: what lies below repeats itself."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--url", default=f"http://127.0.0.1:{settings().port}", help="pages of a running demo"
    )
    parser.add_argument(
        "--to", type=Path, default=Path(".citynet/screenshots"), help="folder of the pictures"
    )
    parser.add_argument("--only", nargs="*", metavar="PAGE", help="start, city, voucher, …")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        running = nullcontext() if is_up(options.url) else demo(Path(folder))
        with running as site:
            take(site.url if site else options.url, options.to, options.only)


def take(url: str, to: Path, only: list[str] | None) -> None:
    public = {name: ("", path) for name, path in (places(url) | {"missing": "/nothing"}).items()}
    wanted = public | own_places(url)
    if unknown := set(only or ()) - wanted.keys():
        sys.exit(f"There is no page {', '.join(sorted(unknown))}; there are {', '.join(wanted)}.")
    sessions = {account: sign_in(url, account) for account, _ in wanted.values() if account}
    with sync_playwright() as playwright:
        window = chromium.launch(playwright)
        citizen, _ = wanted["wallet"]
        kept, voucher = redeemed(window, url, citizen, sessions[citizen])
        wanted["voucher-own"] = (citizen, voucher or wanted["voucher-own"][1])
        for screen, (width, height) in SCREENS.items():
            for scheme in ("light", "dark"):
                viewport = {"width": width, "height": height}
                page = window.new_page(viewport=viewport, color_scheme=scheme, storage_state=kept)
                page.goto(f"{url}/en/check")
                for name in only or wanted:
                    account, path = wanted[name]
                    page.context.clear_cookies(name="session")
                    if account:
                        page.evaluate(BE, account)
                        page.context.add_cookies(
                            [{"name": "session", "value": sessions[account], "url": url}]
                        )
                    for language in ("ru", "en"):
                        answer = page.goto(f"{url}/{language}{path}", wait_until="load")
                        if answer is None or answer.status != (404 if name == "missing" else 200):
                            sys.exit(f"{page.url} cannot be shown: {answer and answer.status}")
                        page.evaluate("document.fonts.ready")
                        tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
                        page.screenshot(
                            path=to / f"{name}-{language}-{screen}-{scheme}.png",
                            full_page=True,
                            clip={"x": 0, "y": 0, "width": width, "height": tall},
                        )
                page.close()
        window.close()
    print(f"{len(only or wanted) * 8} pictures in {to}")


def redeemed(window: Browser, url: str, citizen: str, session: str) -> tuple[Any, str]:
    """Redeems the first offer that a citizen of the demo can have, so that a voucher with its code can be
    shown: what the browser keeps, and the voucher's page; empty where the citizen can have none.
    """
    context = window.new_context()
    context.add_cookies([{"name": "session", "value": session, "url": url}])
    page = context.new_page()
    page.goto(f"{url}/en/wallet")
    page.evaluate(BE, citizen)
    page.reload(wait_until="load")
    button = page.locator("form[data-action=redeem] button")
    voucher = ""
    if button.count():
        button.first.click()
        page.wait_for_url("**/vouchers/*")
        page.locator("[data-code]").get_by_text("-").wait_for(timeout=60_000)
        voucher = urlsplit(page.url).path.removeprefix("/en")
    kept = context.storage_state()
    context.close()
    return kept, voucher


if __name__ == "__main__":
    main()
