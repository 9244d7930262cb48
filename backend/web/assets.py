"""Styles, scripts, images and fonts, served by the backend itself under addresses that name their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

WEB = Path(__file__).parent
MODULES = WEB.parent.parent / "node_modules"
LIBRARIES = {
    "htmx/htmx.js": "htmx.org/dist/htmx.esm.min.js",
    "noble/_u64.js": "@noble/hashes/_u64.js",
    "noble/sha3.js": "@noble/hashes/sha3.js",
    "noble/utils.js": "@noble/hashes/utils.js",
    "papaparse/papaparse.js": "papaparse/papaparse.min.js",
    "qr/decode.js": "qr/decode.js",
    "qr/dom.js": "qr/dom.js",
    "qr/index.js": "qr/index.js",
}
"""Where a page finds a file of a library, under `lib/`, and where npm puts it."""
FONTS = MODULES / "@fontsource-variable" / "golos-text" / "files"

router = APIRouter()


@dataclass(frozen=True)
class Asset:
    body: bytes
    packed: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """All assets by path. `site.css` is all style sheets in one, in the order of their names."""
    files = {"site.css": b"\n".join(p.read_bytes() for p in sorted(WEB.glob("styles/*.css")))}
    for folder in ("scripts", "images"):
        files |= {f"{folder}/{p.name}": p.read_bytes() for p in sorted((WEB / folder).iterdir())}
    files |= {f"lib/{path}": (MODULES / source).read_bytes() for path, source in LIBRARIES.items()}
    for script in ("cyrillic", "latin"):
        font = FONTS / f"golos-text-{script}-wght-normal.woff2"
        # Without what npm brings the pages are set in the system's typeface.
        if font.exists():
            files[f"fonts/golos-{script}.woff2"] = font.read_bytes()
    return {path: _asset(path, body) for path, body in files.items()}


def _asset(path: str, body: bytes) -> Asset:
    kind = (
        "font/woff2"
        if path.endswith(".woff2")
        else mimetypes.guess_type(path)[0] or "application/octet-stream"
    )
    text = kind.startswith("text/") or kind.endswith(("javascript", "xml", "json"))
    return Asset(body, gzip.compress(body, 9, mtime=0) if text else body, kind)


@cache
def version() -> str:
    """Names the content of all assets together, so that scripts may import each other by relative paths."""
    digest = hashlib.sha256()
    for path, asset in sorted(assets().items()):
        digest.update(path.encode() + b"\0" + asset.body)
    return digest.hexdigest()[:12]


def address(path: str) -> str:
    """Where a page finds an asset. Raises KeyError where there is none."""
    assets()[path]
    return f"/assets/{version()}/{path}"


@router.get("/assets/{stamp}/{path:path}", include_in_schema=False)
async def serve(request: Request, stamp: str, path: str) -> Response:
    asset = assets().get(path)
    if asset is None:
        raise HTTPException(404)
    # A page of an older version may ask under its own stamp: it gets what there is, but does not keep it.
    keep = "public, max-age=31536000, immutable" if stamp == version() else "no-cache"
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    if asset.packed is not asset.body and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            asset.packed, media_type=asset.media_type, headers=headers | {"Content-Encoding": "gzip"}
        )
    return Response(asset.body, media_type=asset.media_type, headers=headers)
