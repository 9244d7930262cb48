"""Campaigns as parts of pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from backend.content.documents import Text
from backend.kit.moment import View
from backend.kit.rows import values
from backend.projects import acting, backers, campaigns
from backend.projects.acting import Home
from backend.projects.money_schemas import Backer, Campaign, Holding
from backend.projects.schemas import Project
from backend.relay.schemas import ActionState

SHOWN = 10
"""Backers that a page names."""
WHOLE = 2
"""Campaigns that a project's page shows whole, the newest; earlier ones have pages of their own."""


@dataclass(frozen=True)
class CampaignView:
    """A campaign with what is drawn and told of it. `course`: times and what was raised by then;
    `milestones`: what each is, in words. Of who looks: `holding`, what they have in it; `homes`, as whose
    citizen they may pledge; `doings`, what they did with it lately.
    """

    campaign: Campaign
    title: Text | None
    milestones: list[Text]
    course: list[tuple[int, int]]
    backers: list[Backer]
    holding: Holding | None
    homes: list[Home]
    doings: list[ActionState]


async def campaign_views(view: View, contracts: Sequence[bytes], account: bytes | None) -> list[CampaignView]:
    """These campaigns, in this order; addresses of none are left out. `account`: who is signed in."""
    homes = await acting.homes(view.conn, view.moment, account) if account else []
    found = [await _view(view, contract, account, homes) for contract in contracts]
    return [made for made in found if made]


async def _view(view: View, contract: bytes, account: bytes | None, homes: list[Home]) -> CampaignView | None:
    conn, moment = view.conn, view.moment
    campaign = await campaigns.campaign(conn, moment, contract)
    if campaign is None:
        return None
    words = await values(
        conn,
        "SELECT document->'title', document->'milestones' FROM content"
        " WHERE hash = %s AND document IS NOT NULL",
        (bytes.fromhex(campaign.content[2:]),),
    )
    title, told = words[0] if words else (None, None)
    held = await backers.holdings(conn, moment, account, contract) if account else []
    return CampaignView(
        campaign=campaign,
        title=Text(**title) if title else None,
        milestones=[Text(**text) for text in told or ()],
        course=await campaigns.course(conn, moment, contract),
        backers=await campaigns.backers(conn, moment, [contract], limit=SHOWN),
        holding=held[0] if held else None,
        homes=homes,
        doings=await acting.doings(conn, account, campaign.contract) if account else [],
    )


async def campaigns_of(request: Request, view: View, project: Project) -> dict[str, Any]:
    """What `projects/campaign.html` needs on a project's page."""
    session = request.state.session
    contracts = [bytes.fromhex(campaign.contract[2:]) for campaign in project.campaigns[:WHOLE]]
    account = session.account if session else None
    return {"campaign_views": await campaign_views(view, contracts, account)}
