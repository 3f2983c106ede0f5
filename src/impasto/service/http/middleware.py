"""The door: everything that comes in, the page's own calls too, passes here.

Where pages of other sites are let in, their browsers' questions whether they may come are answered
just before it, by `AllowedOrigins`.

Written for ASGI itself and not as a middleware of a framework, so that no body is read before it
is known to be wanted, and streams pass as they are.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Collection
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from impasto.service.http.auth import RateLimiter, check_host, check_site, client_of, has_token
from impasto.service.http.problems import Problem, answer
from impasto.service.http.state import Limits

__all__ = ["FILMS", "OPEN", "AccessMiddleware", "AllowedOrigins", "security_headers"]

FILMS = "/api/films"  # where films are posted, which are larger than pictures
OPEN = ("/healthz", "/readyz")  # no secret in them, and who probes has no token
_WRONG_TOKENS_PER_S = 0.1
_LOOK_S = 0.5
_PARTING_S = 1.0  # in which the streams that know of the closing end by themselves
_log = logging.getLogger("impasto.service.http")


class Observer(Protocol):
    """Called with every answer when it begins."""

    def __call__(self, scope: Scope, status: int, seconds: float, /) -> None: ...


class AccessMiddleware:
    """Refuses what may not come in, and gives every answer its headers.

    Args:
        app: what stands behind.
        token: that requests must carry; None: requests must ask for this very machine.
        limits: see there.
        origins: sites whose pages may change something here.
        observer: called with the status of every answer, and the seconds until it began.
        closing: set when the server is about to stop; streams, the page's own too, end then as if
            their listeners had left.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        token: str | None = None,
        limits: Limits | None = None,
        origins: Collection[str] = (),
        observer: Observer | None = None,
        closing: threading.Event | None = None,
    ) -> None:
        self.app, self.token, self.origins = app, token, frozenset(origins)
        self.limits, self.observer = limits or Limits(), observer
        self.closing = closing or threading.Event()
        self.rate_limit = RateLimiter(self.limits.requests_per_s, self.limits.burst)
        self.wrong_tokens = RateLimiter(_WRONG_TOKENS_PER_S, self.limits.wrong_tokens)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await _Exchange(self, scope, receive, send).run()
        else:  # nothing here speaks over websockets
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    def check(self, scope: Scope, headers: Headers) -> None:
        """Everything that the head of a request shows.

        Raises:
            Problem: the first thing that is wrong.
        """
        client = client_of(scope)
        if wait := self.rate_limit.take(client) or self.wrong_tokens.wait(client):
            raise _slower(wait)
        if self.token is None:
            check_host(headers)
        elif scope["path"] not in OPEN and not has_token(self.token, headers):
            self.wrong_tokens.take(client)
            raise Problem(
                401,
                "token",
                "this studio wants its token (IMPASTO_TOKEN): send it as Authorization: Bearer, "
                "or as the password of any user",
                # The one that browsers ask a person for.
                {"WWW-Authenticate": 'Basic realm="impasto", charset="UTF-8"'},
            )
        check_site(scope["method"], headers, self.origins)
        declared = headers.get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()) or len(declared) > 18:
            raise Problem(400, "length", "Content-Length is not a number of bytes: leave it out")
        if int(declared) > self.most_bytes(scope):
            raise self.too_large(scope, int(declared))

    def most_bytes(self, scope: Scope) -> int:
        """How large the body of a request may be."""
        return self.limits.max_film_bytes if _is_film(scope) else self.limits.max_upload_bytes

    def answer_s(self, scope: Scope) -> float:
        """Within how many seconds the answer to a request begins."""
        return self.limits.film_answer_s if _is_film(scope) else self.limits.answer_s

    def too_large(self, scope: Scope, count: int) -> Problem:
        """The refusal of a body, by its declared or counted bytes."""
        if _is_film(scope):
            return Problem(
                413,
                "too-large",
                f"the request has {count:,} bytes or more, above the limit of "
                f"{self.limits.max_film_mb:g} MB for a film and {self.limits.max_upload_mb:g} MB "
                "for its styles: send a shorter or smaller film, or raise --max-film-mb of the "
                "server",
                {"Connection": "close"},
            )
        return Problem(
            413,
            "too-large",
            f"the request has {count:,} bytes or more, above the limit of "
            f"{self.limits.max_upload_mb:g} MB for all pictures together: send smaller ones, or "
            "raise --max-upload-mb of the server",
            {"Connection": "close"},
        )


def _is_film(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == FILMS)


class AllowedOrigins(CORSMiddleware):
    """Tells browsers what pages of allowed sites may do, and passes everybody else on unanswered.

    It stands before the access: a browser asks without the token whether a page may come, and the
    page is to read refusals too.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an allowed site's question, or pass on."""
        origin = Headers(scope=scope).get("origin") if scope["type"] == "http" else None
        if origin is not None and self.is_allowed_origin(origin):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _slower(wait_s: int) -> Problem:
    return Problem(
        429,
        "too-many-requests",
        f"too many requests from one place: wait {wait_s} s",
        {"Retry-After": str(wait_s)},
    )


class _Exchange:
    """One request and its answer."""

    def __init__(
        self, access: AccessMiddleware, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._access, self._scope, self._inner = access, scope, (receive, send)
        self._headers = Headers(scope=scope)
        self._bytes, self._whole, self._begun = 0, False, False
        self._refusal: Problem | None = None
        self._clock = time.perf_counter()
        self._timeout: asyncio.Timeout | None = None

    async def run(self) -> None:
        """Check, pass on, and answer in place of what fails."""
        try:
            self._access.check(self._scope, self._headers)
            answer_s = self._access.answer_s(self._scope)
            async with asyncio.timeout(answer_s) as self._timeout:
                await self._access.app(self._scope, self._receive, self._send)
        except Problem as problem:
            self._refusal = problem
        except Exception as error:
            if self._begun:
                raise
            if self._refusal is None:
                self._refusal = self._failed(error)
        if self._refusal is not None and not self._begun:
            await answer(self._refusal)(self._scope, self._inner[0], self._send_with_headers)

    def _failed(self, error: Exception) -> Problem:
        if isinstance(error, TimeoutError) and self._timeout and self._timeout.expired():
            if not self._whole:
                return _too_slow(self._access.answer_s(self._scope))
            busy = "the studio is too busy to answer: try again later"
            return Problem(503, "busy", busy, {"Retry-After": "30"})
        # The whole story is for who runs the server; what comes in is never written as a format.
        _log.error("%s %r failed", self._scope["method"], self._scope["path"], exc_info=error)
        return Problem(
            500, "internal", "something went wrong in the studio that should not have: report it"
        )

    async def _receive(self) -> Message:
        receive = self._inner[0]
        if self._whole:
            return await self._after_body()
        if self._refusal is not None:
            return {"type": "http.disconnect"}
        limits = self._access.limits
        try:
            message = await asyncio.wait_for(receive(), limits.idle_s)
        except TimeoutError:
            self._refusal = _too_slow(limits.idle_s)
            return {"type": "http.disconnect"}
        self._whole = not message.get("more_body", False)
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._access.most_bytes(self._scope):
            self._refusal = self._access.too_large(self._scope, self._bytes)
            return {"type": "http.disconnect"}
        return message

    async def _after_body(self) -> Message:
        """What comes after the whole body: that the listener left, or has to."""
        hearing = asyncio.ensure_future(self._inner[0]())
        try:
            closing = False
            while True:
                done, _ = await asyncio.wait({hearing}, timeout=_PARTING_S if closing else _LOOK_S)
                if done:
                    return hearing.result()
                if closing:
                    return {"type": "http.disconnect"}
                closing = self._access.closing.is_set()
        finally:
            hearing.cancel()

    async def _send(self, message: Message) -> None:
        if self._refusal is not None:
            return
        if not self._begun and self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(None)  # a stream may last
        await self._send_with_headers(message)

    async def _send_with_headers(self, message: Message) -> None:
        """Send, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self._begun = True
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in security_headers(self._scope["path"]).items():
                headers.setdefault(name, value)
            if self._access.observer is not None:
                seconds = time.perf_counter() - self._clock
                self._access.observer(self._scope, message["status"], seconds)
        await self._inner[1](message)


def _too_slow(limit_s: float) -> Problem:
    return Problem(
        408,
        "too-slow",
        f"nothing came for {limit_s:g} s, or not enough: send the request again",
        {"Connection": "close"},
    )


API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

# Gradio writes scripts and styles into its page, so these two have to be allowed 'unsafe-inline';
# everything, whatever its kind, still comes from this host alone.
PAGE_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
)
# The live page has no script or style within its HTML, and compiles WebAssembly.
LIVE_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
# Nor have the pages that send something to be painted, and show it.
SENDING_POLICY = LIVE_POLICY.replace(" 'wasm-unsafe-eval'", "").replace("worker-src 'self'; ", "")
_API = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LIVE = "/live"
# Threads of WebAssembly want a page apart from all others; its workers say so too.
_APART = {"Content-Security-Policy": LIVE_POLICY, "Cross-Origin-Embedder-Policy": "require-corp"}
# What stands under these addresses is no page of Gradio's.
_SENDING = {"Content-Security-Policy": SENDING_POLICY}
_PLAIN_PAGES = {LIVE: _APART} | dict.fromkeys(
    ("/film", "/doodle", "/letter", "/portrait", "/words", "/plain"), _SENDING
)
_CAMERA = {"Permissions-Policy": "camera=(self), geolocation=(), microphone=()"}


def security_headers(path: str) -> dict[str, str]:
    """What an answer carries unless it says otherwise itself.

    Example:
        >>> security_headers("/api/jobs")["Content-Security-Policy"].split(";")[0]
        "default-src 'none'"
        >>> security_headers("/live")["Permissions-Policy"]
        'camera=(self), geolocation=(), microphone=()'
    """
    for page, own in _PLAIN_PAGES.items():
        if path == page or path.startswith(f"{page}/"):
            return _ALWAYS | own | (_CAMERA if path == LIVE else {})
    api = path.startswith(_API)
    headers = {**_ALWAYS, "Content-Security-Policy": API_POLICY if api else PAGE_POLICY}
    return headers | ({"Cache-Control": "no-store"} if api else {})
