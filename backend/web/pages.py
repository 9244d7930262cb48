"""Pages that belong to no domain: the state of the ledger, and how to check it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.domains import facts
from backend.kit.answers import Reading
from backend.status import status
from backend.web.render import render

router = APIRouter()


@router.get("/ledger")
async def ledger(request: Request, view: Reading) -> Response:
    site = request.app.state
    state = await status(view.conn, site.deployment, site.settings.relay_low)
    context = {"at": view.at_block, "state": state, "facts": sorted(facts())}
    return render(request, "web/ledger.html", context)


@router.get("/check")
async def check(request: Request, view: Reading) -> Response:
    return render(request, "web/check.html", {"at": view.at_block})
