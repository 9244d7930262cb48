"""What the forms of projects and campaigns are made of."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.contract import Call, Contract
from backend.content import service as content
from backend.kit.forms import Form
from backend.kit.moment import Moment
from backend.kit.types import AddressIn, checksum
from backend.projects.names import FORMS, KINDS, SOURCES, STAGES
from backend.relay.action import Ask, SentAction

Document = tuple[bytes, bytes]
"""Hash and bytes."""


def named(names: Sequence[str], first: int = 0) -> BeforeValidator:
    """An enumeration of a contract by its names: what is given is a name, what is found its number."""

    def number(value: Any) -> Any:
        if value not in names:
            raise ValueError(f"is none of {', '.join(names)}")
        return names.index(value) + first

    return BeforeValidator(number)


Sum = Annotated[int, Field(ge=1, le=2**96 - 1)]
"""Base units of a token."""
Seconds = Annotated[int, Field(ge=0, le=2**32 - 1)]
Time = Annotated[int, Field(ge=0, le=2**40 - 1)]
ProjectId = Annotated[int, Field(ge=1, le=2**32 - 1)]
RequestId = Annotated[int, Field(ge=1, le=2**32 - 1)]
RoundId = Annotated[int, Field(ge=1, le=2**32 - 1)]
KindIn = Annotated[int, named(KINDS)]
StageIn = Annotated[int, named(STAGES, first=1)]
FormIn = Annotated[int, named(FORMS)]
SourceIn = Annotated[int, named(SOURCES)]


class ProjectForm(Form):
    project_id: ProjectId


class CampaignForm(Form):
    campaign: AddressIn


async def campaign_of(ask: Ask, form: CampaignForm) -> Contract:
    """The campaign that a form names. Raises Problem (422) where there is none."""
    return await ask.made("Campaign", form.campaign, "campaign")


def page_of_project(form: ProjectForm) -> str:
    return f"projects/{form.project_id}"


def page_of_campaign(form: CampaignForm) -> str:
    return f"campaigns/{checksum(form.campaign)}"


def keeping(*documents: Callable[[Any], Document | None]) -> Callable[..., Awaitable[None]]:
    """Keeps the documents of a form that a fact names."""

    async def keep(conn: AsyncConnection, moment: Moment, form: Any) -> None:
        made = [document(form) for document in documents]
        await content.keep(conn, [document[1] for document in made if document], moment.number)

    return keep


def on_registry(
    name: str,
    title: str,
    form: type[Form],
    call: Callable[[Any], tuple[Any, ...]],
    *documents: Callable[[Any], Document | None],
    where: Callable[[Any], str] = page_of_project,
) -> SentAction:
    """One transaction to the registry of projects. `call` gives the function and its arguments, `documents`
    what it names.
    """

    async def calls(ask: Ask, filled: Any) -> Sequence[Call]:
        return [ask.chain["ProjectRegistry"].call(*call(filled))]

    return SentAction(name, title, form, calls, where, keeping(*documents) if documents else None)


def on_campaign(
    name: str,
    title: str,
    form: type[CampaignForm],
    call: Callable[[Any, Ask], tuple[Any, ...]],
    *documents: Callable[[Any], Document | None],
) -> SentAction:
    """One transaction to a campaign, as `on_registry`."""

    async def calls(ask: Ask, filled: Any) -> Sequence[Call]:
        campaign = await campaign_of(ask, filled)
        return [campaign.call(*call(filled, ask))]

    kept = keeping(*documents) if documents else None
    return SentAction(name, title, form, calls, page_of_campaign, kept)
