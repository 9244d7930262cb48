"""Who sends a request: the session in its cookie, and whether it comes from a page of this site."""

import hashlib
import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from itsdangerous import BadSignature, Signer

from backend import db
from backend.auth.service import Session, find_session
from backend.errors import Problem

COOKIE = "session"
HEADER = "X-CSRF-Token"
SAFE = ("GET", "HEAD", "OPTIONS")
UNSEEN = "/assets/"
"""What is the same for everybody, so that nobody asks who is looking."""


async def look(request: Request) -> None:
    """Dependency of every route: sets `request.state.session`, None where nobody is signed in, by one query
    and only where there is a cookie.

    Raises Problem (403) where another site's page tries to change something.
    """
    if request.method not in SAFE:
        _from_this_site(request)
    request.state.session = None
    id = session_id(request)
    if id and not request.url.path.startswith(UNSEEN):
        async with db.brief(request.app.state.engine) as conn:
            chain = request.app.state.deployment.chain_id
            request.state.session = await find_session(conn, id, chain)


async def maybe_signed(request: Request) -> Session | None:
    """Dependency `MaybeSigned`: the session, if there is one."""
    return request.state.session


async def signed(request: Request) -> Session:
    """Dependency `Signed`: the session. What changes something must bring its token.

    Raises Problem: 401 where nobody is signed in, 403 without the token.
    """
    session: Session | None = request.state.session
    if session is None:
        raise Problem(401, "Sign in first.")
    if request.method not in SAFE:
        with_token(request, session)
    return session


Signed = Annotated[Session, Depends(signed)]
MaybeSigned = Annotated[Session | None, Depends(maybe_signed)]


def with_token(request: Request, session: Session) -> None:
    """Raises Problem (403) where a request lacks the token of its session."""
    if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), session.csrf.encode()):
        raise Problem(403, "The request lacks the token of this session.", [(HEADER, "is not the session's")])


def site_of(request: Request) -> str:
    """The site's address as people see it: `https://host`."""
    return request.app.state.origin or f"{request.url.scheme}://{request.url.netloc}"


def session_id(request: Request) -> str:
    """The id of the session in the cookie, empty where there is none or it is not signed by us."""
    try:
        return _signer(request).unsign(request.cookies.get(COOKIE, "")).decode()
    except (BadSignature, UnicodeDecodeError):
        return ""


def cookie_of(request: Request, id: str) -> str:
    """What the cookie of a session holds."""
    return _signer(request).sign(id).decode()


def _signer(request: Request) -> Signer:
    return Signer(request.app.state.secret, salt=COOKIE, digest_method=hashlib.sha256)


def _from_this_site(request: Request) -> None:
    """Programs send neither header; a browser cannot be made to leave them out."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    foreign = origin is not None and origin.lower() != site_of(request).lower()
    if foreign or site not in (None, "same-origin", "none"):
        place = urlsplit(origin or "").netloc or "another site"
        raise Problem(403, f"A page of {place} changes nothing here.", [("Origin", "is another site")])
