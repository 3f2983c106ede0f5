"""The page's way to jobs: the public HTTP API of the application it stands in, without a network.

A person's request has passed `AccessMiddleware` (host, token, rate limit) when it reaches the page.
What the page then asks of the API starts behind that, so that it counts the request once; every
limit, check and problem of the routes applies as to anybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import anyio.from_thread
import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from impasto.service.client import Client

__all__ = ["Connect", "connector"]

Connect = Callable[[str], Client]
"""From the address of the person who asks, by which limits count, to a client of the API."""

Run = Callable[[Callable[[], Coroutine[Any, Any, httpx.Response]]], httpx.Response]


def connector(app: FastAPI, *, run: Run = anyio.from_thread.run) -> Connect:
    """Clients of the API of an application in this process.

    Args:
        app: with its routes and without its access middleware, which is added later.
        run: awaits a call and gives its result. The default hands it to the event loop that the
            calling thread was started from (`anyio.to_thread`), which is the application's own, so
            that its locks and limits have one loop; `anyio.run` where no loop waits.
    """
    inside = _without_access(app)

    def connect(visitor: str) -> Client:
        return Client("http://localhost", transport=_InProcess(inside, visitor, run))

    return connect


def _without_access(app: FastAPI) -> ASGIApp:
    """An application as it is now: middleware that is added later does not stand before it."""
    stack = app.build_middleware_stack()

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        await stack({**scope, "app": app}, receive, send)

    return call


class _InProcess(httpx.BaseTransport):
    """Hands a request to an ASGI application and waits for its whole answer."""

    def __init__(self, app: ASGIApp, visitor: str, run: Run) -> None:
        # The API counts by the address alone; port 0 is nobody's.
        self._asgi: Any = httpx.ASGITransport(app, client=(visitor, 0))
        self._run = run

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def exchange() -> httpx.Response:
            answer: httpx.Response = await self._asgi.handle_async_request(request)
            return httpx.Response(
                answer.status_code, headers=answer.headers.raw, content=await answer.aread()
            )

        return self._run(exchange)
