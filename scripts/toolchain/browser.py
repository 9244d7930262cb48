"""Start the bundled Chromium with Playwright, without anything installed in the system."""

import os
from pathlib import Path

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ROOT / ".toolchain" / "chromium"


def options() -> dict:
    """Return the arguments of `chromium.launch`, the same for the sync and the async API.

    Where no bundled browser exists (not Linux on x86-64) they name none, and Playwright starts its
    own (`playwright install chromium`).
    """
    if not (CHROMIUM / "chromium").exists():
        return {}
    return {
        "executable_path": str(CHROMIUM / "chromium"),
        # It runs as root in containers, where the sandbox refuses to.
        "args": ["--no-sandbox", "--font-render-hinting=none"],
        "env": os.environ
        | {
            "LD_LIBRARY_PATH": str(CHROMIUM / "lib"),
            "FONTCONFIG_PATH": str(CHROMIUM / "fonts"),
        },
    }


def launch(playwright: Playwright, **changes) -> Browser:
    return playwright.chromium.launch(**(options() | changes))
