"""What pages have to know of who looks at a fund, so that they can act."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.content.documents import Text
from backend.funds import funds, partners
from backend.funds.schemas import Fund, FundSummary
from backend.kit.moment import Moment, View
from backend.kit.types import checksum
from backend.projects import campaigns, projects
from backend.projects.money_schemas import Opening
from backend.projects.names import FORMS, KINDS
from backend.relay import queries as relay
from backend.relay.schemas import ActionState

LATELY = 5
"""Actions that a page shows, the newest."""


@dataclass(frozen=True)
class Target:
    """A campaign within a fund's mandate that takes pledges in its token. `title`: of the project."""

    campaign: Opening
    title: Text | None


async def acting_of(request: Request, view: View, fund: Fund) -> dict[str, Any]:
    """What `funds/acting.html` needs on a fund's page."""
    session = request.state.session
    if session is None:
        return {"position": None, "doings": [], "works_here": False}
    own = await partners.positions(view.conn, view.moment, session.account, raw(fund.contract))
    return {
        "position": own[0] if own else None,
        "doings": await doings(view.conn, session.account, fund.contract),
        "works_here": session_address(request) in (fund.manager, fund.appraiser, fund.organisation),
    }


async def doings(conn: AsyncConnection, account: bytes, fund: str) -> list[ActionState]:
    """What an account did with a fund lately, the newest first."""
    found = [
        *await relay.of_account(conn, account, fields={"fund": fund}, limit=LATELY),
        *await relay.of_account(conn, account, fields={"contract": fund}, limit=LATELY),
    ]
    return [action for _, action in sorted(found, key=lambda entry: -entry[0])][:LATELY]


async def targets(conn: AsyncConnection, moment: Moment, fund: Fund) -> list[Target]:
    """Where a fund may invest now, the first to close first."""
    mandate = fund.mandate
    kinds, forms = (
        [KINDS.index(kind) for kind in mandate.kinds],
        [FORMS.index(form) for form in mandate.forms],
    )
    found = await campaigns.openings(conn, moment, raw(fund.token), kinds, forms, mandate.cities)
    titles = await projects.titles(conn, moment, sorted({opening.project_id for opening in found}))
    return [Target(opening, titles.get(opening.project_id)) for opening in found]


async def others(conn: AsyncConnection, moment: Moment, fund: Fund) -> list[FundSummary]:
    """Funds to which a fund may commit now."""
    open_ = [
        other
        for phase in ("forming", "investing")
        for other in await funds.listed(conn, moment, phase=phase, limit=100)
    ]
    return [
        other
        for other in open_
        if other.token == fund.token and not other.mandate.may_commit and other.contract != fund.contract
    ]


def session_address(request: Request) -> str | None:
    """Who is signed in, checksummed."""
    session = request.state.session
    return checksum(session.account) if session else None


def raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])
