"""Where an organisation launches its fund: filled in, and seen in words while it is."""

import time

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from backend.cities import queries as cities
from backend.funds import launching
from backend.funds.mandate import FORM_NAMES, KIND_NAMES, mandate_in_words, terms_in_words
from backend.kit.answers import Reading
from backend.kit.moment import View
from backend.merits.tokens import tokens
from backend.projects import campaigns
from backend.web.render import render

router = APIRouter()


@router.get("/funds/new")
async def blank(request: Request, view: Reading) -> Response:
    return await _launching(request, view, "funds/launch.html", None)


@router.post("/funds/new")
async def written(request: Request, view: Reading) -> Response:
    """What was filled in, in words, with its faults by field. Keeps nothing."""
    return await _launching(request, view, "funds/launch.html", await request.form())


@router.post("/funds/new/words")
async def in_words(request: Request, view: Reading) -> Response:
    """The part of the page that follows what is typed."""
    return await _launching(request, view, "funds/launch_words.html", await request.form())


async def _launching(request: Request, view: View, template: str, form: FormData | None) -> Response:
    """`form`: None where nothing has been filled in."""
    session = request.state.session
    allowed = await campaigns.allowed_tokens(view.conn, view.moment)
    named = await tokens(request.app.state.chain, allowed)
    draft = await launching.read(
        view.conn,
        view.moment,
        launching.blank(allowed) if form is None else form,
        {address: named.get(address) for address in allowed},
        session.account if session else None,
        max(view.moment.time, int(time.time())),
    )
    mandate, terms = draft.mandate, draft.terms
    names = await cities.names(view.conn, view.moment, mandate.cities) if mandate else {}
    context = {
        "at": view.at_block,
        "draft": draft,
        "begun": form is not None,
        "allowed": allowed,
        "tokens": named,
        "texts": launching.TEXTS,
        "kinds": KIND_NAMES,
        "forms": FORM_NAMES,
        "mandate": mandate_in_words(mandate, names) if mandate else None,
        "terms": terms_in_words(terms, named.get(draft.typed["token"])) if terms else None,
    }
    return render(request, template, context)
