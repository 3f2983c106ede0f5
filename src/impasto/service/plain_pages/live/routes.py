"""The addresses of the live page: it, its own files, the samples, the runtime and the graphs.

Every file is looked up in a table by its address; no part of an address becomes a part of a path.
The visitor's pictures never come here: there is nothing to post them to.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from impasto import samples
from impasto.service.plain_pages.live import graphs, runtime
from impasto.service.plain_pages.live.packed import twin_of
from impasto.service.plain_pages.live.texts import WORDS
from impasto.service.plain_pages.page import FRESH, PlainPage, nothing

__all__ = ["PAGE", "routes"]

PAGE = PlainPage(
    "live",
    Path(str(files(__package__))) / "static",
    (
        "live.css",
        "live.js",
        "pictures.js",
        "camera.js",
        "styles.js",
        "painter.js",
        "worker.js",
    ),
    WORDS,
    {"studio": "./"},
    tuple(samples.SHOWS),
    sides=("256", "384", "512"),
    side="384",
    is_private=True,
)
_MEDIA = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}
# These have their version or their digest in their address.
_FIXED = {"Cache-Control": "private, max-age=31536000, immutable"}
_NO_WEIGHT = re.compile(r"[qQ]=0(\.0*)?")  # of an encoding that a browser refuses


def routes() -> APIRouter:
    """They answer GET and HEAD alone, and are no part of the API."""
    router = PAGE.router(_contents)

    def get(path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return router.api_route(path, methods=["GET", "HEAD"], include_in_schema=False)

    pictures: dict[tuple[str, str], Path] = {
        (kind, name): samples.path_of(kind, name)
        for kind in samples.SHOWS
        for name in samples.names(kind)
    }

    @get("/live/samples/{kind}/{name}.jpg")
    def sample(kind: str, name: str) -> Response:
        if (path := pictures.get((kind, name))) is None:
            raise nothing()
        return FileResponse(path, headers=FRESH)

    @get("/live/runtime/{version}/{name}")
    def runtime_file(version: str, name: str, request: Request) -> Response:
        if version != runtime.VERSION or name not in runtime.FILES or not runtime.is_there():
            raise nothing()
        return _packed(runtime.folder() / name, request)

    @get("/live/graphs/{digest}/{name}")
    def graph(digest: str, name: str, request: Request) -> Response:
        one = graphs.present().get(name)
        if one is None or one.digest != digest:
            raise nothing()
        return _packed(one.path, request)

    return router


def _contents() -> dict[str, object]:
    present, fetched = graphs.present(), runtime.is_there()
    return PAGE.contents(
        missing=[
            name for name, there in (("runtime", fetched), ("graphs", bool(present))) if not there
        ],
        runtime=f"live/runtime/{runtime.VERSION}/",
        runtime_bytes={name: pin.bytes for name, pin in runtime.FILES.items()},
        graphs={
            name.removesuffix(".onnx"): {
                "address": f"live/graphs/{one.digest}/{name}",
                "bytes": one.bytes,
            }
            for name, one in present.items()
        },
    )


def _packed(path: Path, request: Request) -> Response:
    """A file, as its packed twin where the browser takes that."""
    headers: Mapping[str, str] = {**_FIXED, "Vary": "Accept-Encoding"}
    twin = twin_of(path)
    if twin.is_file() and _takes_gzip(request.headers.get("accept-encoding", "")):
        headers = {**headers, "Content-Encoding": "gzip"}
        return FileResponse(twin, media_type=_media(path.name), headers=headers)
    return FileResponse(path, media_type=_media(path.name), headers=headers)


def _takes_gzip(accepted: str) -> bool:
    """Whether a browser takes gzip, by its header Accept-Encoding (RFC 9110, section 12.5.3).

    Example:
        >>> [_takes_gzip(accepted) for accepted in ("br, gzip;q=0.5", "gzip;q=0", "br")]
        [True, False, False]
    """
    for part in accepted.split(","):
        coding, _, weight = part.partition(";")
        if coding.strip().lower() == "gzip":
            return not _NO_WEIGHT.fullmatch(weight.strip())
    return False


def _media(name: str) -> str:
    known = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _MEDIA.get(Path(name).suffix, known)
