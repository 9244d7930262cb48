"""Signing in and out over HTTP."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from backend import db
from backend.auth import guard, message, service
from backend.auth.guard import COOKIE, MaybeSigned
from backend.auth.service import SESSION_SECONDS, Session
from backend.kit import quota
from backend.kit.answers import problems
from backend.kit.types import Address

MOST, WINDOW = 300, 600
"""Nonces, and attempts to sign in, from one address in so many seconds: an office shares one address."""
LONGEST_SIGNATURE = 8192
"""Bytes; that of a contract wallet holds those of its owners."""

router = APIRouter(prefix="/v1/auth", tags=["signing in"])


def _bytes(text: object) -> bytes:
    digits = text[2:] if isinstance(text, str) and text[:2] in ("0x", "0X") else None
    if digits is None or len(digits) > 2 * LONGEST_SIGNATURE:
        raise ValueError(f"a signature is 0x and hexadecimal digits of at most {LONGEST_SIGNATURE} bytes")
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError("a signature is 0x and hexadecimal digits") from None


Signature = Annotated[
    bytes,
    BeforeValidator(_bytes),
    WithJsonSchema({"type": "string", "pattern": "^0x[0-9a-fA-F]*$", "examples": ["0x" + "1b" * 65]}),
]


class Nonce(BaseModel):
    """To stand in a sign-in message, once, within ten minutes."""

    nonce: str = Field(examples=["9f1c0d6e5b7a48c3a2e1f0d9c8b7a695"])


class SignIn(BaseModel):
    """A message (EIP-4361) for this site and this chain, and its signature (EIP-191, or ERC-1271)."""

    message: str = Field(max_length=message.MOST_CHARACTERS)
    signature: Signature


class Who(BaseModel):
    """Who is signed in; all null where nobody is."""

    account: Address | None
    csrf: str | None = Field(
        description="Send it as `X-CSRF-Token` with whatever changes something.",
        examples=["3q2-7wAAAAB4l5sZkVNHx1cS0C8Q7m2e"],
    )
    expires: int | None = Field(description="Seconds since 1970.", examples=[1767830400])


def _who(session: Session | None) -> Who:
    return Who(**vars(session)) if session else Who(account=None, csrf=None, expires=None)


@router.post("/nonce", responses=problems(403, 429, 503))
async def give_nonce(request: Request, response: Response) -> Nonce:
    """A nonce for a sign-in message."""
    async with db.brief(request.app.state.engine) as conn:
        await quota.take(conn, "nonce", quota.origin_of(request), MOST, WINDOW)
        nonce = await service.give_nonce(conn)
        await service.forget_past(conn)
        await quota.forget_past(conn)
    response.headers["Cache-Control"] = "no-store"
    return Nonce(nonce=nonce)


@router.post("/session", status_code=201, responses=problems(403, 422, 429, 503))
async def sign_in(body: SignIn, request: Request, response: Response) -> Who:
    """Signs in. Who was signed in before, is no longer."""
    state, site = request.app.state, guard.site_of(request)
    async with db.brief(state.engine) as conn:
        await quota.take(conn, "sign in", quota.origin_of(request), MOST, WINDOW)
    at = message.Site(site, state.deployment.chain_id)
    read = await asyncio.to_thread(message.read, body.message, body.signature, at, state.chain.sender.rpc)
    async with db.brief(state.engine) as conn:
        await service.use_nonce(conn, read.nonce)
        await service.close_session(conn, guard.session_id(request))
        id, session = await service.open_session(conn, read.account, at.chain_id)
    response.set_cookie(
        COOKIE,
        guard.cookie_of(request, id),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="lax",
        secure=site.startswith("https:"),
    )
    response.headers["Cache-Control"] = "no-store"
    return _who(session)


@router.get("/session", responses=problems(503))
async def who_is_signed_in(session: MaybeSigned, response: Response) -> Who:
    """Who is signed in."""
    response.headers["Cache-Control"] = "no-store"
    return _who(session)


@router.delete("/session", status_code=204, responses=problems(403, 503))
async def sign_out(session: MaybeSigned, request: Request, response: Response) -> None:
    """Signs out. The cookie is worth nothing from then on, wherever it is kept."""
    if session:
        guard.with_token(request, session)
        async with db.brief(request.app.state.engine) as conn:
            await service.close_session(conn, guard.session_id(request))
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
