"""What the view says of the rehearsal's projects and funds, beside what their file says and what was played:
equal to the cent.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from backend.app import create_app
from backend.cli.console import say
from backend.projects import paris
from backend.settings import Settings
from scripts.rehearsal_funds import Funds
from scripts.rehearsal_paris import Paris

Compared = tuple[str, int, int]
"""What it is, as given, and as the view has it."""
MONEY = ("budgets", "raised", "released", "refunded", "paid", "invested", "collected", "claimed")


def compare(given: paris.Import, played: Paris, configured: Settings, block: int) -> tuple[list[str], int]:
    """What the API says at a block, before funds came to the projects, beside what the file says: lines of
    the report, and how many differ.
    """
    seen = asyncio.run(_read(configured, played.city, block))
    rows = list(_rows(played, *seen))
    whole = sum(project.budget for project in given.projects)
    lines = [
        "",
        f"Projects: bp_projets_gagnants, Ville de Paris (ODbL), {given.rows:,} rows, {len(given.projects):,} "
        f"projects, EUR {_euros(whole)}, {len(given.remarks)} rows read with a remark. What the view says of",
        "them, beside the file (euros and cents):",
        "",
        "| | file | view |",
        "| --- | ---: | ---: |",
    ]
    return lines + _beside(rows), _differing(rows)


def compare_funds(played: Funds, configured: Settings) -> tuple[list[str], int]:
    """What the API says of the funds beside what was played: lines of the report, and how many differ."""
    rows = list(_fund_rows(played, asyncio.run(_read_funds(configured))))
    lines = [
        "",
        "Funds, what was played and what the view says of them (euros and cents):",
        "",
        "| | played | view |",
        "| --- | ---: | ---: |",
    ]
    return lines + _beside(rows), _differing(rows)


def _beside(rows: list[Compared]) -> list[str]:
    return [f"| {what} | {_shown(what, given)} | {_shown(what, view)} |" for what, given, view in rows]


def _differing(rows: list[Compared]) -> int:
    wrong = [what for what, given, view in rows if given != view]
    for what in wrong:
        say(f"the view differs: {what}")
    return len(wrong)


def _fund_rows(played: Funds, funds: list[dict[str, Any]]) -> Iterator[Compared]:
    held = [holding for fund in funds for holding in fund["holdings"]]
    campaigns = [holding for holding in held if not holding["is_fund"]]
    done = played.done
    yield "funds", len(played.funds), len(funds)
    everybody = sum(len(fund.partners) for fund in played.funds) + 2  # the fund of funds is partner of two
    yield "partners not in default", everybody - done["defaults"], sum(f["partners"] for f in funds)
    yield "investments in campaigns", done["investments"], len(campaigns)
    yield "paid, on calls and for later commitments", done["paid"], sum(int(f["paid"]) for f in funds)
    yield "invested, in campaigns", done["invested"], sum(int(h["invested"]) for h in campaigns)
    yield "collected, from campaigns", done["collected"], sum(int(h["collected"]) for h in campaigns)
    yield "claimed, by partners", done["claimed"], sum(int(f["books"]["claimed"]) for f in funds)
    yield "funds ended", len(played.funds), sum(f["phase"] == "ended" for f in funds)


def _rows(
    played: Paris, projects: list[dict[str, Any]], requests: list[dict[str, Any]]
) -> Iterator[Compared]:
    works, by_number = played.works, {project["project_id"]: project for project in projects}
    yield "projects", len(works), len(projects)
    yield "budgets, all requests", sum(w.found.budget for w in works), sum(int(r["budget"]) for r in requests)
    for stage in dict.fromkeys(state.stage for state in paris.STATES.values()):
        file = sum(work.found.state.stage == stage for work in works)
        yield f"projects at {stage}", file, sum(p["stage"] == stage for p in projects)
    for name, state in paris.STATES.items():
        if state.released is None:
            continue
        mine = [work for work in works if work.found.state is state]
        money = [by_number[work.number]["campaigns"][0] for work in mine]
        yield f"raised, {name}", sum(w.found.budget for w in mine), sum(int(c["raised"]) for c in money)
        share = sum(paris.MILESTONES[: state.released])
        due = sum(work.found.budget * share // 10_000 for work in mine)
        yield f"released, {name}", due, sum(int(c["released"]) for c in money)
    raised = sum(w.found.budget for w in works if w.found.state.released is not None)
    yield "raised, all", raised, sum(int(c["raised"]) for p in projects for c in p["campaigns"])
    gone = [by_number[w.number]["campaigns"][0] for w in works if w.found.state.abandoned]
    yield (
        "campaigns stopped",
        len(gone),
        sum(c["phase"] == "stopped" for p in projects for c in p["campaigns"]),
    )
    refunded = sum(w.found.budget for w in works if w.found.state.abandoned)
    held = {c["contract"]: int(c["refunded"]) for c in gone}
    yield "refunded", refunded, sum(held.values())
    yield "pledges", played.pledges, sum(c["pledges"] for p in projects for c in p["campaigns"])


def _shown(what: str, figure: int) -> str:
    money = what.split(",")[0] in MONEY
    return _euros(figure) if money else f"{figure:,}"


def _euros(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


@asynccontextmanager
async def _api(configured: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(configured)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://rehearsal/v1", timeout=120) as client,
    ):
        yield client


async def _read_funds(configured: Settings) -> list[dict[str, Any]]:
    """Every fund whole."""
    async with _api(configured) as client:
        listed = await _all(client, "/funds?q=")
        answers = [(await client.get(f"/funds/{f['contract']}")).raise_for_status() for f in listed]
        return [answer.json()["data"] for answer in answers]


async def _read(
    configured: Settings, city: int, block: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Projects and requests of the city as the API lists them at a block, page by page; stopped campaigns
    whole.
    """
    async with _api(configured) as client:
        projects = await _all(client, f"/projects?city={city}&at_block={block}")
        for campaign in [c for p in projects for c in p["campaigns"] if c["phase"] == "stopped"]:
            answer = await client.get(f"/campaigns/{campaign['contract']}?at_block={block}")
            campaign["refunded"] = answer.json()["data"]["refunded"]
        return projects, await _all(client, f"/requests?city={city}&at_block={block}")


async def _all(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while True:
        answer = (await client.get(f"{path}&limit=500{cursor}")).raise_for_status().json()
        found += answer["data"]
        if not answer.get("next"):
            return found
        cursor = f"&cursor={answer['next']}"
