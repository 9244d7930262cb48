"""Pages that belong to no domain: the state of the ledger, and how to check it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.web.render import render

router = APIRouter()


@router.get("/check")
async def check(request: Request) -> Response:
    return render(request, "web/check.html", {})
