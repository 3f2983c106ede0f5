"""An allow-list of Gradio's own routes, and of the files that its calls may name.

Gradio's server can do more than this page needs: proxy, fetch addresses it is sent, show what lies
in folders, list its functions. Here only what the page asks for passes, and a call may name only
files that were uploaded to, or made by, this page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["AllowList"]

# Bytes: the drawing of the brush is the largest thing in a call, and few calls have it.
LARGEST_DRAWING, LARGEST_CALL = 9_000_000, 200_000

_READ = re.compile(
    r"/(|config|theme\.css|favicon\.ico|manifest\.json|pwa_icon(/\d+)?|assets/.*|static/.*)"
    r"|/gradio_api/(app_id|startup-events|heartbeat/\w+|queue/data|upload_progress)"
)
_FILE = re.compile(r"/gradio_api/file=(.*)", re.DOTALL)
_CALLS = re.compile(r"/gradio_api/(run/predict|queue/join|cancel|reset)/?")
_UPLOAD = "/gradio_api/upload"


class AllowList:
    """Stands before Gradio's app and lets through what the page needs, and nothing else.

    Args:
        app: Gradio's.
        cache: the folder of uploads and of what the page makes; no other file is given or taken.
        drawn: the numbers of the functions that get what the brush has drawn.
    """

    def __init__(self, app: ASGIApp, cache: Path, drawn: Collection[int] = ()) -> None:
        self._app, self._cache, self._drawn = app, cache.resolve(), frozenset(drawn)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        method = scope["method"]
        if method in ("GET", "HEAD") and (file := _FILE.fullmatch(path)):
            if self._is_ours(file[1]):
                await self._app(scope, receive, _confined(send))
                return
        elif (method in ("GET", "HEAD") and _READ.fullmatch(path)) or (
            method == "POST" and path == _UPLOAD
        ):
            await self._app(scope, receive, send)
            return
        elif method == "POST" and _CALLS.fullmatch(path):
            await self._call(scope, receive, send)
            return
        await PlainTextResponse("there is nothing here\n", 404)(scope, receive, send)

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            await PlainTextResponse("the call is too large\n", 413)(scope, receive, send)
            return
        try:
            call = json.loads(body or b"{}")
            paths = list(_paths_in(call))
        except (ValueError, RecursionError):
            await PlainTextResponse("the call is not JSON\n", 400)(scope, receive, send)
            return
        # Gradio keeps what a call brings for as long as its session.
        function = call.get("fn_index") if isinstance(call, dict) else None
        if len(body) > LARGEST_CALL and function not in self._drawn:
            await PlainTextResponse("the call is too large\n", 413)(scope, receive, send)
            return
        if not all(self._is_ours(name) for name in paths):
            refusal = "a file in this call was not uploaded here\n"
            await PlainTextResponse(refusal, 403)(scope, receive, send)
            return
        sent = False

        async def again() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)

    def _is_ours(self, name: Any) -> bool:
        """Whether a name means a file in the cache, through no link and no dots."""
        try:
            path = Path(name if isinstance(name, str) else "")
            return path.is_absolute() and path.resolve().is_relative_to(self._cache)
        except (OSError, ValueError, RuntimeError):  # a NUL, a circle of links
            return False


async def _body(receive: Receive) -> bytes | None:
    """A request's body; None if it is larger than a call may be."""
    parts, length = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > LARGEST_DRAWING:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _paths_in(data: Any) -> Iterator[Any]:
    """Every `path` in a call, at any depth; a path of None names nothing."""
    if isinstance(data, dict):
        if data.get("path") is not None:
            yield data["path"]
        for value in data.values():
            yield from _paths_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from _paths_in(value)


def _confined(send: Send) -> Send:
    """An uploaded file runs nothing, whatever it is and however it is opened."""

    async def confined(message: Message) -> None:
        if message["type"] == "http.response.start":
            policy = (b"content-security-policy", b"default-src 'none'; sandbox")
            message = {**message, "headers": [*message.get("headers", []), policy]}
        await send(message)

    return confined
