"""The web application: the API and the pages, over one engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from backend import db, errors, status
from backend.auth import api as auth
from backend.auth.guard import look
from backend.auth.message import warm
from backend.auth.secret import secret
from backend.chain.deployment import Deployment
from backend.chain.rpc import Rpc
from backend.content import api as content
from backend.content.documents import MOST_BYTES
from backend.demo import wallet as demo_wallet
from backend.domains import domains
from backend.export import api as export
from backend.kit import openapi
from backend.kit.json import JSONResponse
from backend.kit.limits import BodyLimit
from backend.migrations import upgrade
from backend.relay import api as relay
from backend.relay.chain import Chain
from backend.settings import Settings
from backend.settings import settings as of_process
from backend.stream import api as stream
from backend.stream.feed import Feed
from backend.web import site

ABOUT = """
What the contracts wrote, read from the tables made of it. Every answer says at which block it is true;
`?at_block=` gives the
view of an earlier block. Merit figures are numbers, token amounts decimal strings in base units, times
seconds since 1970.
Lists come in pages: `next` of one is `?cursor=` of the following. Errors are problem documents (RFC 9457).
"""


def create_app(settings: Settings | None = None, database: str | None = None) -> FastAPI:
    """Return the application. `database` is a libpq URL, the configured one unless told.

    On start it brings the schema `app` to the newest version; the ledger itself is the indexer's work, and
    until it has begun readers are answered 503.
    """
    settings = settings or of_process()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = database or settings.database_url or db.embedded(settings.data_dir)
        upgrade(url)
        app.state.settings = settings
        app.state.deployment = Deployment.read(settings.deployment_file)
        app.state.secret, app.state.origin = secret(settings), settings.origin
        node = Rpc(settings.rpc_url, timeout=5, attempts=2)  # somebody waits for the answer
        app.state.chain = Chain(node, app.state.deployment)
        async with db.engine(url) as engine, Feed(url, engine) as feed:
            app.state.engine, app.state.feed = engine, feed
            warming = asyncio.create_task(asyncio.to_thread(warm))
            yield
            await warming

    app = FastAPI(
        title="CityNet ledger",
        version=status.release(),
        description=ABOUT,
        lifespan=lifespan,
        default_response_class=JSONResponse,
        dependencies=[Depends(look)],
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    errors.install(app)
    openapi.install(app)
    larger = {path: most for domain in domains() for path, most in domain.bodies.items()}
    app.add_middleware(BodyLimit, most=MOST_BYTES, larger=larger)
    for part in (status, auth, relay, content, stream, export, demo_wallet):
        app.include_router(part.router)
    for domain in domains():
        if domain.api:
            app.include_router(domain.api)
    site.install(app)
    return app
