"""How the page's functions answer Gradio: in threads of their own, errors as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
import gradio as gr

from impasto.errors import ImpastoError, SettingError
from impasto.service.http.problems import Problem
from impasto.service.page import html
from impasto.service.page.labels import named_in
from impasto.service.page.sentences import in_words
from impasto.service.page.texts import LANGUAGE_COOKIE, language_of

__all__ = [
    "DIRECT",
    "RAW",
    "Decorator",
    "language_of_request",
    "path_of",
    "threaded",
    "visitor_of",
    "with_notice",
]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

# Not through Gradio's queue, where a call waits for others and its answer comes by a second
# request: all of these take milliseconds, and a page goes on by itself when the server was away.
DIRECT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# Gradio would decode the pictures that are dropped; without it a function gets what was sent.
RAW: dict[str, Any] = {**DIRECT, "preprocess": False}


def with_notice(others: int) -> Decorator:
    """Let a function's first output be a line for the person: what went wrong, in one sentence.

    The function gets the person's `language` and address (`visitor`) beside its values.

    Args:
        others: how many outputs follow; they stay as they are when something went wrong.
    """

    def decorate(action: Callable[..., Any]) -> Callable[..., Any]:
        def answer(request: gr.Request, *values: Any) -> Any:
            language = language_of_request(request)
            try:
                return action(*values, language=language, visitor=visitor_of(request))
            except (ImpastoError, Problem) as error:
                sentence = in_words(str(error), language)
                settings = named_in(str(error)) if isinstance(error, SettingError) else []
                return [html.notice(sentence, settings=settings), *[gr.skip()] * others]

        return answer

    return decorate


def threaded(limiter: anyio.CapacityLimiter) -> Decorator:
    """Let Gradio await a function that runs in one of the page's own threads.

    In Gradio's way it would run in one of the application's, of which there are as many; were all
    of them taken by the page, none would be left for the API that each of them waits for.

    Args:
        limiter: of the page's threads.
    """

    def decorate(action: Callable[..., Any]) -> Callable[..., Any]:
        # Gradio passes the request to the parameter that is annotated so, wherever it stands. No
        # functools.wraps: it would look through it.
        async def answer(request: gr.Request, *values: Any) -> Any:
            return await anyio.to_thread.run_sync(action, request, *values, limiter=limiter)

        return answer

    return decorate


def path_of(payload: Any) -> str | None:
    """The file that a place for pictures holds; `AllowList` has seen that it is one of ours."""
    path = payload.get("path") if isinstance(payload, dict) else None
    return path if isinstance(path, str) else None


def language_of_request(request: gr.Request) -> str:
    """The language of the person who asks, as `texts.language_of` chooses it."""
    chosen = dict(request.cookies).get(LANGUAGE_COOKIE)
    return language_of(dict(request.headers).get("accept-language"), chosen)


def visitor_of(request: gr.Request) -> str:
    """The address by which limits count a person."""
    return request.client.host if request.client else "unknown"
