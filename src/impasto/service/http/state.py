"""What every route needs, in one hand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, ParamSpec, TypeVar, cast

import anyio
from fastapi import Depends, Request

from impasto.service.http.limits import Limits
from impasto.service.jobs.store import Store

__all__ = ["Here", "Studio"]

POSTING = 4

Given = ParamSpec("Given")
Result = TypeVar("Result")


@dataclass
class Studio:
    """A store, its limits, and what is going on.

    Attributes:
        store: of jobs.
        limits: see there.
        closing: set when the server is about to stop, so that streams end.
        converting: one picture at a time is written in another format.
        posting: so many threads keep what is posted; the others are for those who look.
        streams: event streams that are open.
    """

    store: Store
    limits: Limits
    closing: threading.Event = field(default_factory=threading.Event)
    converting: threading.Lock = field(default_factory=threading.Lock)
    posting: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(POSTING))
    streams: int = 0

    async def keeping(
        self, call: Callable[Given, Result], *given: Given.args, **more: Given.kwargs
    ) -> Result:
        """Do a part of a posting in a thread of its own kind."""
        return await anyio.to_thread.run_sync(partial(call, *given, **more), limiter=self.posting)


def _studio(request: Request) -> Studio:
    return cast(Studio, request.app.state.studio)


Here = Annotated[Studio, Depends(_studio)]
