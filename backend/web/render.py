"""Templates → pages."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape

from backend.auth.service import Session
from backend.chain.deployment import Deployment
from backend.kit.types import checksum
from backend.settings import Settings
from backend.web import assets, cartography, charts
from backend.web.i18n import LANGUAGES, Format, catalogue

BACKEND = Path(__file__).parent.parent


@cache
def environment(language: str) -> Environment:
    """All templates in one language: `cities/city.html` is backend/cities/templates/city.html."""
    folders = {path.parent.name: FileSystemLoader(path) for path in sorted(BACKEND.glob("*/templates"))}
    made = Environment(
        loader=PrefixLoader(folders),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    write = Format(language)
    made.filters |= {
        name: getattr(write, name)
        for name in (
            "number", "amount", "cut", "short", "percent", "share", "multiple", "date", "day", "time", "iso",
            "span", "exactly",
        )
    }  # fmt: skip
    say = catalogue(language).gettext
    made.filters["told"] = lambda told: say(told.text) % told.values if told.values else say(told.text)
    made.filters["said"] = lambda text: getattr(text, language) if text else ""
    made.globals |= {
        "asset": assets.address,
        "charts": charts,
        "language": language,
        "languages": LANGUAGES,
        "map": cartography,
    }
    return made


def language_of(request: Request) -> str:
    """The language that a page's address names."""
    return request.url.path[1:3]


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    language: str | None = None,
) -> Response:
    """A page in the language of its address (or `language`), not sent again to who has it already.

    `context` holds `at`, the block that the page's figures are true at, unless the page shows none. Templates
    have `session`, None or who is signed in: `address`, checksummed, and `csrf`. Such a page is for its
    reader alone.
    """
    path = request.url.path
    deployment: Deployment | None = getattr(request.app.state, "deployment", None)
    session: Session | None = getattr(request.state, "session", None)
    language = language or language_of(request)
    text = (
        environment(language)
        .get_template(template)
        .render(
            {"at": None, **context},
            session={"address": checksum(session.account), "csrf": session.csrf} if session else None,
            demo=bool(deployment and deployment.is_demo),
            chain=_chain(request, deployment),
            path=path,
            query=f"?{request.url.query}" if request.url.query else "",
            origin=str(request.base_url).rstrip("/"),
        )
    )
    body = text.encode()
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    common = {
        "Cache-Control": "private, no-cache" if session else "no-cache",
        "Content-Language": language,
        "ETag": tag,
        "Vary": "Cookie",
        **(headers or {}),
    }
    if status == 200 and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=common)
    return Response(body, status, common, media_type="text/html")


def _chain(request: Request, deployment: Deployment | None) -> dict[str, Any] | None:
    """What a wallet must know of the chain: its `id`, `name` and `rpc`, empty where none is open to all."""
    settings: Settings | None = getattr(request.app.state, "settings", None)
    if deployment is None or settings is None:
        return None
    return {"id": deployment.chain_id, "name": settings.chain_name, "rpc": settings.public_rpc_url}
