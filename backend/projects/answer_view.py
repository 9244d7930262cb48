"""The automatic answer as a part of a project's page."""

from typing import Any

from fastapi import Request

from backend.kit.moment import View
from backend.merits.tokens import tokens
from backend.projects.answer import answer_to
from backend.projects.schemas import Project


async def answer_of(request: Request, view: View, project: Project) -> dict[str, Any]:
    """What `projects/answer.html` needs on a project's page."""
    found = await answer_to(view.conn, view.moment, project)
    used = [fit.token for fit in (*found.rounds, *found.campaigns, *found.funds, *found.experience.examples)]
    if found.money:
        used.append(found.money.token)
    return {"answer": found, "answer_tokens": await tokens(request.app.state.chain, used)}
