"""Content over HTTP."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.content import queries, service
from backend.content.documents import AnyDocument
from backend.content.schemas import Check, Named
from backend.errors import Problem, not_found
from backend.kit.answers import Answer, Reading, problems
from backend.kit.hashing import keccak
from backend.kit.types import HashIn

router = APIRouter(prefix="/v1", tags=["content"])

FOREVER = {"Cache-Control": "public, max-age=3600, must-revalidate", "X-Content-Type-Options": "nosniff"}


@router.get(
    "/content/{hash}",
    responses={
        200: {"model": AnyDocument, "description": "The document, byte for byte."},
        **problems(404, 410, 422, 503),
    },
)
async def read_content(view: Reading, hash: HashIn) -> Response:
    """The document with this Keccak-256."""
    found = await queries.stored(view.conn, hash)
    if found is None:
        raise not_found("content", "hash")
    if found.body is None:
        raise service.gone()
    return Response(found.body, media_type="application/json", headers={"ETag": f'"{hash.hex()}"', **FOREVER})


@router.put(
    "/content/{hash}",
    status_code=204,
    responses={
        201: {"description": "Kept."},
        204: {"description": "Was kept already."},
        **problems(409, 410, 413, 415, 422, 503),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AnyDocument"}}},
        }
    },
)
async def put_content(view: Reading, hash: HashIn, request: Request) -> Response:
    """Keeps a document that a fact on chain names: JSON of at most 64 KiB whose Keccak-256 is this hash."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "Content is application/json.", [("Content-Type", "is not application/json")])
    new = await service.put(view.conn, hash, await request.body(), view.moment.number)
    return Response(status_code=201 if new else 204)


@router.get("/content/{hash}/check", responses=problems(404, 422, 503))
async def check_content(view: Reading, hash: HashIn) -> Answer[Check]:
    """Recomputes the hash of what is kept and names the facts that refer to it."""
    found = await queries.stored(view.conn, hash)
    named = await queries.references(view.conn, hash, view.moment.number)
    if found is None and not named:
        raise not_found("content", "hash")
    return Answer(
        at_block=view.at_block,
        data=Check(
            hash="0x" + hash.hex(),
            kept=found is not None and found.body is not None,
            intact=keccak(found.body) == hash if found and found.body is not None else None,
            size=found.size if found else None,
            stored_at=found.stored_at.isoformat() if found else None,
            erased_at=found.erased_at.isoformat() if found and found.erased_at else None,
            reason=found.reason if found else None,
            named_by=[Named(**vars(reference)) for reference in named],
        ),
    )
