"""What pages have to know of who looks, so that they can act: as whose citizen, and what they did lately."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities import queries as cities
from backend.content.documents import Text
from backend.kit.moment import Moment, View
from backend.kit.rows import values
from backend.projects.names import STAGES
from backend.projects.schemas import Project
from backend.relay import queries as relay
from backend.relay.schemas import ActionState

LATELY = 3
"""Actions that a page shows, the newest."""


@dataclass(frozen=True)
class Home:
    """A city in which somebody is a citizen. `name`: None where its description is unknown."""

    city_id: int
    name: Text | None


@dataclass(frozen=True)
class Vote:
    """A vote that somebody has in a project. `given`: for its present version."""

    home: Home
    given: bool


async def homes(conn: AsyncConnection, moment: Moment, account: bytes) -> list[Home]:
    """The cities in which a wallet is a citizen's today."""
    found = await values(
        conn,
        f"SELECT city_id FROM {cities.current(moment)} c WHERE wallet = %s ORDER BY city_id",
        (account,),
    )
    names = await cities.names(conn, moment, [city_id for (city_id,) in found])
    return [Home(city_id, names.get(city_id)) for (city_id,) in found]


async def doings(conn: AsyncConnection, account: bytes, contract: str) -> list[ActionState]:
    """What an account did with a campaign lately, the newest first, each step of it included."""
    found = [
        *await relay.of_account(conn, account, fields={"contract": contract}, limit=LATELY),
        *await relay.of_account(conn, account, fields={"campaign": contract}, limit=LATELY),
    ]
    return [action for _, action in sorted(found, key=lambda entry: -entry[0])][:LATELY]


async def votes_of(request: Request, view: View, project: Project) -> dict[str, Any]:
    """What `projects/support.html` needs on a project's page."""
    session = request.state.session
    votes: list[Vote] = []
    votings: list[ActionState] = []
    if session:
        part = {city.city_id for city in project.cities if city.part != "invited"}
        given = await _given(view, project, session.account)
        own = await homes(view.conn, view.moment, session.account)
        votes = [Vote(home, home.city_id in given) for home in own if home.city_id in part]
        fields = {"projectId": str(project.project_id)}
        found = await relay.of_account(view.conn, session.account, name="support", fields=fields, limit=1)
        votings = [action for _, action in found]
    open_ = STAGES.index("assessment") <= STAGES.index(project.stage) < STAGES.index("completed")
    return {"votes": votes, "votings": votings, "supportable": open_}


async def _given(view: View, project: Project, account: bytes) -> set[int]:
    """The cities in which the person of this wallet supports the project as it is now."""
    found = await values(
        view.conn,
        f"""
        SELECT s.city_id FROM {view.moment.of("supported")} s
        JOIN {cities.current(view.moment)} c ON c.city_id = s.city_id AND c.nullifier = s.person
        WHERE s.project_id = %s AND s.version = %s AND c.wallet = %s
        """,
        (project.project_id, project.version, account),
    )
    return {city_id for (city_id,) in found}
