"""The pages as a whole: mounted under /ru and /en, with languages, errors and headers."""

from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from backend.auth.guard import look
from backend.demo import pages as demo
from backend.domains import domains
from backend.errors import Problem
from backend.web import assets, pages
from backend.web.headers import HEADERS, SecurityHeaders
from backend.web.i18n import LANGUAGES, negotiate
from backend.web.render import render

COOKIE = "language"
YEAR = 365 * 24 * 3600
PROGRAMS = ("/v1/", "/assets/")
"""Addresses that answer to programs: their errors stay problem documents."""

router = APIRouter(include_in_schema=False)


def install(app: FastAPI) -> None:
    """Adds the pages of all domains to the app: assets, error pages, compression and security headers too."""
    parts = [domain.pages for domain in domains() if domain.pages] + [pages.router, demo.router]
    for language in LANGUAGES:
        for part in parts:
            app.include_router(part, prefix=f"/{language}", include_in_schema=False)
    paths = {route.path for part in parts for route in part.routes if isinstance(route, APIRoute)}
    for place in sorted({path.split("/")[1] for path in paths}):
        for path in {f"/{place}", f"/{place}/{{rest:path}}" if place else "/"}:
            router.add_api_route(path, in_readers_language)
    app.include_router(assets.router)
    app.include_router(router)
    app.state.error_page = error_page
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    app.add_middleware(SecurityHeaders)


async def in_readers_language(request: Request) -> Response:
    """An address without a language leads to the page in the reader's."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(
        f"/{_readers_language(request)}{quote(request.url.path)}{query}",
        headers={"Vary": "Accept-Language, Cookie", "Cache-Control": "no-cache"},
    )


@router.get("/language/{language}")
async def choose(request: Request, language: str, back: str = "/") -> Response:
    """Keeps the language that the reader chose and goes back to the page `back`, which names no language."""
    if language not in LANGUAGES:
        raise HTTPException(404)
    # With the language in front it cannot lead to another host.
    path, mark, query = back.partition("?")
    answer = RedirectResponse(f"/{language}/{quote(path.lstrip('/'))}{mark}{quote(query, safe='=&%')}", 303)
    answer.set_cookie(COOKIE, language, max_age=YEAR, samesite="lax", httponly=True)
    return answer


async def error_page(request: Request, problem: Problem) -> Response | None:
    """A problem as people read it; None where a program asked."""
    path = request.url.path
    if path.startswith(PROGRAMS) or request.method not in ("GET", "HEAD"):
        return None
    ready = hasattr(request.app.state, "engine")
    if problem.status == 404 and ready and not hasattr(request.state, "session"):
        await look(request)  # no route, so nobody has looked
    named = path[1:3] if path[3:4] in ("", "/") else ""
    language = named if named in LANGUAGES else _readers_language(request)
    # A failure of the backend passes the middleware by, so the headers are given here.
    return render(
        request,
        "web/error.html",
        {"problem": problem},
        problem.status,
        {**problem.headers, **HEADERS},
        language,
    )


def _readers_language(request: Request) -> str:
    return negotiate(request.headers.get("accept-language", ""), request.cookies.get(COOKIE))
