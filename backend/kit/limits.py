"""Requests larger than anything that is taken here are refused before they are read."""

import re
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import Problem


class BodyLimit:
    """ASGI middleware: a body of more than `most` bytes is answered 413, and no more of it is read than shows
    that. `larger`: how many bytes other paths take, by a pattern of the whole path.
    """

    def __init__(self, app: ASGIApp, most: int, larger: Mapping[str, int] | None = None):
        self.app, self.most = app, most
        self.larger = {re.compile(pattern): bytes_ for pattern, bytes_ in (larger or {}).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        most = next((n for path, n in self.larger.items() if path.fullmatch(scope["path"])), self.most)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > most:
            return await self._refuse(most, scope, receive, send)
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except _TooLarge:
            if not begun:
                await self._refuse(most, scope, receive, send)

    async def _refuse(self, most: int, scope: Scope, receive: Receive, send: Send) -> None:
        problem = Problem(
            413,
            f"A request's body has at most {most} bytes.",
            [("body", "is too large")],
            {"Connection": "close"},
        )
        await problem.response()(scope, receive, send)


class _TooLarge(Exception):
    pass
