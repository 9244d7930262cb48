"""Requests larger than anything that is taken here are refused before they are read."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import Problem


class BodyLimit:
    """ASGI middleware: a body of more than `most` bytes is answered 413, and no more of it is read than shows
    that.
    """

    def __init__(self, app: ASGIApp, most: int):
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.most:
            return await self._refuse(scope, receive, send)
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
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
                await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = Problem(
            413,
            f"A request's body has at most {self.most} bytes.",
            [("body", "is too large")],
            {"Connection": "close"},
        )
        await problem.response()(scope, receive, send)


class _TooLarge(Exception):
    pass
