"""A demo started for a while, and the addresses of its pages, for tests in the browser and screenshots."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from backend.chain.deployment import DEVELOPMENT_CHAIN

ROOT = Path(__file__).parent.parent
START_WITHIN = 180
"""Seconds until a demo must be ready."""


SIGN_IN = f"""{{domain}} wants you to sign in with your Ethereum account:
{{account}}

Sign in to CityNet.

URI: {{url}}
Version: 1
Chain ID: {DEVELOPMENT_CHAIN}
Nonce: {{nonce}}
Issued At: 2026-01-01T00:00:00.000Z"""
"""A text that signs in (EIP-4361)."""


@dataclass(frozen=True)
class Site:
    """A running demo: addresses of its pages and of its chain, and its folder."""

    url: str
    rpc_url: str
    folder: Path

    def get(self, path: str) -> dict:
        """`data` of an answer of the API."""
        answer = httpx.get(f"{self.url}/v1{path}", timeout=30)
        answer.raise_for_status()
        return answer.json()["data"]


@contextmanager
def demo(folder: Path, small: bool = False) -> Iterator[Site]:
    """A new demo in a folder, at free ports. Raises RuntimeError with its log where it does not start."""
    port, rpc_port = _free_ports(2)
    url, log = f"http://127.0.0.1:{port}", folder / "demo.log"
    own = {
        key: value for key, value in os.environ.items() if not key.startswith(("CITYNET_", "DATABASE_URL"))
    }
    command = [sys.executable, "-m", "backend.cli", "demo", "--port", str(port), "--rpc-port", str(rpc_port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command + ["--small"] * small,
            cwd=ROOT,
            env=own | {"CITYNET_DATA_DIR": str(folder / "citynet")},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, url, log)
        yield Site(url, f"http://127.0.0.1:{rpc_port}", folder / "citynet")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def is_up(url: str) -> bool:
    """Whether pages are served there."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/v1/status", timeout=5).status_code == 200
    return False


def places(url: str) -> dict[str, str]:
    """One address of each kind of page that the ledger at `url` has, without its language."""
    lines = httpx.get(f"{url}/v1/export/redeemed.csv", timeout=60).text.splitlines()
    redeemed = dict(zip(lines[0].split(","), lines[-1].split(","), strict=True))
    voucher = httpx.get(f"{url}/v1/vouchers/{redeemed['voucher_id']}", timeout=30).json()["data"]
    cities = httpx.get(f"{url}/v1/cities", params={"limit": 500, "order": "merits"}, timeout=30).json()[
        "data"
    ]
    return {
        "start": "/",
        "cities": "/cities",
        "search": "/cities?search=%D0%BA%D0%B0%D0%B7",
        "search-empty": "/cities?search=zzz",
        "city": f"/cities/{redeemed['city_id']}",
        "city-empty": f"/cities/{cities[-1]['city_id']}",
        "citizen": f"/citizens/{voucher['citizen']}",
        "citizen-unknown": "/citizens/0x00000000000000000000000000000000000000AA",
        "offers": "/offers",
        "offers-empty": f"/offers?city={cities[-1]['city_id']}",
        "offer": f"/offers/{redeemed['offer_id']}",
        "voucher": f"/vouchers/{redeemed['voucher_id']}",
        "ledger": "/ledger",
        "check": "/check",
        "demo": "/demo",
        **_projects(url),
        **_funds(url),
        **_partners(url),
        "wallet-out": "/wallet",
        "business-out": "/business",
        "desk-out": f"/cities/{redeemed['city_id']}/desk",
    }


def _projects(url: str) -> dict[str, str]:
    """Pages about projects and their money: one for each kind of what a campaign can come to."""
    projects = _data(f"{url}/v1/projects?limit=500")
    campaigns = {
        (campaign["form"], campaign["phase"]): campaign
        for project in projects
        for campaign in project["campaigns"]
    }
    at_stage = {project["stage"]: project["project_id"] for project in projects}
    rounds = {round_["step"]: round_["round_id"] for round_ in _data(f"{url}/v1/rounds")}
    backer = _backer(url)
    shown = {
        "project-open": ("donation", "open"),
        "project-tiers": ("reward", "open"),
        "project-upcoming": ("donation", "upcoming"),
        "project-cooling": ("donation", "cooling"),
        "project-reported": ("donation", "funded"),
        "project-failed": ("donation", "failed"),
        "project-stopped": ("donation", "stopped"),
        "project-completed": ("donation", "completed"),
        "project-loan": ("loan", "completed"),
        "project-share": ("share", "completed"),
    }
    return {
        "projects": "/projects",
        "projects-empty": "/projects?search=zzz",
        **{name: f"/projects/{campaigns[kind]['project_id']}" for name, kind in shown.items()},
        "project-assessed": f"/projects/{at_stage['assessment']}",
        "project-idea": f"/projects/{at_stage['idea']}",
        "campaign": f"/campaigns/{campaigns['donation', 'open']['contract']}",
        "requests": "/requests",
        "request": f"/requests/{_data(f'{url}/v1/requests')[0]['request_id']}",
        "backer": f"/backers/{backer}",
        "statement": f"/backers/{backer}/statement",
        "rounds": "/rounds",
        "round-running": f"/rounds/{rounds['running']}",
        "round-settled": f"/rounds/{rounds['settled']}",
        "spending": f"/cities/{campaigns['donation', 'open']['city_id']}/spending",
        "portfolio-out": "/portfolio",
    }


def _funds(url: str) -> dict[str, str]:
    """Pages about funds: one for each phase that there is, and one of a fund of funds; a partner of the
    seed fund; the network's board.
    """
    funds = _data(f"{url}/v1/funds?limit=500")
    shown = {f"fund-{fund['phase']}": fund for fund in funds if not fund["mandate"]["may_commit"]}
    shown["fund-of-funds"] = next(fund for fund in funds if fund["mandate"]["may_commit"])
    seed = next(fund["contract"] for fund in funds if fund["symbol"] == "SEED")
    partner = next(person for person in _data(f"{url}/v1/demo/people") if person["role"] == "partner")["page"]
    return {
        "funds": "/funds",
        "funds-empty": "/funds?q=zzz",
        "fund-new": "/funds/new",
        **{name: f"/funds/{fund['contract']}" for name, fund in shown.items()},
        "partner": f"/{partner}",
        "partner-empty": "/partners/0x00000000000000000000000000000000000000AA",
        "notices": f"/{partner}/notices",
        "fund-statement": f"/{partner}/funds/{seed}/statement",
        "board": "/board",
    }


def _partners(url: str) -> dict[str, str]:
    """Notices to a partner who has claimed, and facts of the network's board."""
    lines = httpx.get(f"{url}/v1/export/distribution_claimed.csv", timeout=60).text.splitlines()
    claimed = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    partner = f"/partners/{claimed['partner']}"
    told = _data(f"{url}/v1{partner}/notices")
    call, credit = (told[kind][0] for kind in ("calls", "credits"))
    place = f"{credit['block_number']}/{credit['log_index']}"
    return {
        "partner-out": "/partners",
        "call-notice": f"{partner}/funds/{call['contract']}/calls/{call['number']}",
        "credit-notice": f"{partner}/funds/{credit['contract']}/credits/{place}",
        "board-facts": "/board/facts?figure=companies_value",
    }


def _backer(url: str) -> str:
    """The first investor of the demo."""
    people = _data(f"{url}/v1/demo/people")
    return next(person["account"] for person in people if person["role"] == "backer")


def own_places(url: str) -> dict[str, tuple[str, str]]:
    """Pages that show who is signed in what is theirs: the account of somebody of the demo at `url`, and an
    address without its language.
    """
    first: dict[str, dict] = {}
    for person in _data(f"{url}/v1/demo/people"):
        first.setdefault(person["role"], person)
    citizen, business, verifier, steward = (
        first[role]["account"] for role in ("citizen", "business", "verifier", "steward")
    )
    desk = "/" + first["verifier"]["page"]
    offers = _data(f"{url}/v1/offers?open=true&city={first['citizen']['city_id']}")
    mine = _data(f"{url}/v1/citizens/{citizen}/vouchers")
    manager, partner = first["manager"], first["partner"]
    return {
        "fund-desk": (manager["account"], f"/{manager['page']}"),
        "fund-own": (partner["account"], f"/{manager['page'].removesuffix('/desk')}"),
        "wallet": (citizen, "/wallet"),
        "wallet-empty": (business, "/wallet"),
        "portfolio": (_backer(url), "/portfolio"),
        "portfolio-empty": (business, "/portfolio"),
        "partner-own": (first["partner"]["account"], "/partners"),
        "partner-own-empty": (business, "/partners"),
        "project-backed": (_backer(url), _projects(url)["project-open"]),
        "offer-own": (citizen, f"/offers/{offers[0]['offer_id']}"),
        "voucher-own": (citizen, f"/vouchers/{mine[0]['voucher_id']}"),
        "business": (business, "/business"),
        "publish": (business, "/business/publish"),
        "desk": (verifier, desk),
        "desk-register": (verifier, f"{desk}/register"),
        "desk-award": (verifier, f"{desk}/award"),
        "desk-rules": (steward, f"{desk}/rules"),
    }


def sign_in(url: str, account: str, sign: Callable[[str], str] | None = None) -> str:
    """Signs in at `url`; the value of the cookie `session`. `sign` signs a text for the account; unless
    given, the demo wallet does.
    """
    with httpx.Client(base_url=url, timeout=30) as client:
        message = SIGN_IN.format(
            domain=url.partition("://")[2],
            account=account,
            url=url,
            nonce=client.post("/v1/auth/nonce").json()["nonce"],
        )
        signature = sign(message) if sign else _signed_by_demo(client, account, message)
        body = {"message": message, "signature": signature}
        client.post("/v1/auth/session", json=body).raise_for_status()
        return client.cookies["session"]


def _signed_by_demo(client: httpx.Client, account: str, text: str) -> str:
    asked = {"method": "personal_sign", "params": ["0x" + text.encode().hex(), account]}
    return client.post("/v1/demo/wallet", json={"account": account, **asked}).json()["result"]


def _data(url: str) -> list[dict]:
    answer = httpx.get(url, timeout=30)
    answer.raise_for_status()
    return answer.json()["data"]


def _wait(process: subprocess.Popen, url: str, log: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while process.poll() is None and time.monotonic() < until:
        if "ready after" in log.read_text() and is_up(url):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the demo did not start:\n{log.read_text()[-3000:]}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
