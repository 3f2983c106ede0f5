"""Small pictures of the samples, each at an address of its own, so that browsers load them late."""

from __future__ import annotations

import io
from functools import cache
from urllib.parse import quote

import anyio.to_thread
from PIL import Image, ImageOps
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from impasto import samples

__all__ = ["SIDE", "Thumbnails", "address_of"]

SIDE = 112  # px: what the strip shows, on screens with two pixels for one
QUALITY = 84
KEPT_S = 24 * 3600  # in browsers


def address_of(kind: samples.Kind, name: str) -> str:
    """Where a browser finds the small picture of a sample, from the page's own address on.

    Example:
        >>> address_of("style", "swirls")
        'samples/style/swirls.jpg'
    """
    return quote(f"samples/{kind}/{name}.jpg")


class Thumbnails:
    """Answers the addresses of the samples' small pictures, and passes on all else.

    Args:
        app: what stands behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._samples = {
            f"/{address_of(kind, name)}": (kind, name)
            for kind in samples.SHOWS
            for name in samples.names(kind)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        sample = self._samples.get(path)
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or sample is None:
            await self._app(scope, receive, send)
            return
        picture = await anyio.to_thread.run_sync(_small, *sample)
        headers = {"Cache-Control": f"private, max-age={KEPT_S}"}
        await Response(picture, 200, headers, "image/jpeg")(scope, receive, send)


@cache
def _small(kind: samples.Kind, name: str) -> bytes:
    """The square in the middle of a sample, as JPEG."""
    with Image.open(samples.path_of(kind, name)) as opened:
        opened.draft("RGB", (SIDE, SIDE))
        square = ImageOps.fit(opened.convert("RGB"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    square.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()
