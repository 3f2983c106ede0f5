"""What an application holds: its limits, the store, and what is going on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, ParamSpec, TypeVar, cast

import anyio
from fastapi import Depends, Request

from impasto.service.http.in_flight import InFlight
from impasto.service.jobs.store import Store
from impasto.service.try_on.process import TryOn
from impasto.settings.server import ServerOptions
from impasto.words.language_model import LanguageModel

__all__ = ["AppState", "Limits", "StateDep"]

POSTING = 4
PROBING = 2  # each a process that decodes a frame
READING = 4  # each waits for a language model, which may take a minute
DRAFTING = 24  # more than the try-on lets wait, so that its refusals come at once
_DEFAULTS = ServerOptions()

Args = ParamSpec("Args")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Limits:
    """What is refused, and when.

    Attributes:
        max_upload_mb: of one request, all its pictures together, in 10^6 bytes.
        max_megapixels: of one picture, by its header; and the most that `max_megapixels` of the
            settings may say.
        max_styles: style images of one job.
        max_settings_kb: of the settings, as JSON.
        max_queued: jobs that wait or run, of all clients.
        max_per_client: likewise, of one client.
        requests_per_s: of one client, on average.
        burst: requests of one client at once.
        wrong_tokens: of one client before it has to wait, and then one every ten seconds.
        streams: event streams that are open at the same time.
        idle_s: seconds that may pass between two parts of a request's body.
        answer_s: seconds until an answer begins.
        max_draft_megapixels: of one picture that is tried on, where `max_megapixels` allows more.
        max_film_mb: of a film's file, in 10^6 bytes; its styles come on top, up to `max_upload_mb`.
        max_film_megapixels: of a frame, as it comes and as it is painted.
        max_film_seconds, max_film_frames: of a film that are painted.
        max_film_disk_mb: that painting a film takes, in 10^6 bytes, as far as can be told before.
        max_text, max_lines: characters and lines of a text that is painted.
        max_phrase: characters of words about a painting.
        max_text_crops: cut-outs that CLIP looks at in a step, where words guide.
        film_uploads, client_film_uploads: films that are being sent at the same time, by all
            clients and by one.
        film_answer_s: seconds until the answer to a film begins, most of them for its upload.

    Example:
        >>> Limits(max_upload_mb=0.5).max_upload_bytes
        500000
    """

    max_upload_mb: float = _DEFAULTS.max_upload_mb
    max_megapixels: float = 100.0
    max_styles: int = 8
    max_settings_kb: int = 64
    max_queued: int = _DEFAULTS.max_queue
    max_per_client: int = 50
    requests_per_s: float = 100.0
    burst: int = 400
    wrong_tokens: int = 10
    streams: int = 256
    idle_s: float = 30.0
    answer_s: float = 300.0
    max_draft_megapixels: float = 40.0
    max_film_mb: float = _DEFAULTS.max_film_mb
    max_film_megapixels: float = _DEFAULTS.max_film_megapixels
    max_film_seconds: float = _DEFAULTS.max_film_seconds
    max_film_frames: int = _DEFAULTS.max_film_frames
    max_film_disk_mb: float = _DEFAULTS.max_film_disk_mb
    max_text: int = 200
    max_lines: int = 12
    max_phrase: int = 500
    max_text_crops: int = 32
    film_uploads: int = 8
    client_film_uploads: int = 2
    film_answer_s: float = 3600.0

    @classmethod
    def of(cls, options: ServerOptions) -> Limits:
        """Those that whoever runs the server has chosen."""
        return cls(
            max_upload_mb=options.max_upload_mb,
            max_queued=options.max_queue,
            max_film_mb=options.max_film_mb,
            max_film_megapixels=options.max_film_megapixels,
            max_film_seconds=options.max_film_seconds,
            max_film_frames=options.max_film_frames,
            max_film_disk_mb=options.max_film_disk_mb,
        )

    @property
    def max_upload_bytes(self) -> int:
        """Of one request's body."""
        return round(self.max_upload_mb * 1e6)

    @property
    def max_film_bytes(self) -> int:
        """Of the body of a request that posts a film."""
        return round((self.max_film_mb + self.max_upload_mb) * 1e6)


@dataclass
class AppState:
    """A store, its limits, and what is going on.

    Attributes:
        store: of jobs.
        limits: see there.
        closing: set when the server is about to stop, so that streams end.
        converting: one picture at a time is written in another format.
        posting: so many threads keep what is posted; the others are for those who look.
        probing: so many films are looked at, which may take half a minute each.
        streams: event streams that are open.
        films: that are being sent, by client.
        in_flight: their uploads.
        try_on: what paints thumbnails and drafts; None where nothing does.
        drafting: so many threads wait for it.
        reader: reads descriptions into plans; None where whoever runs the server names none.
        reading: so many threads wait for it.
        guides: whether the workers have a CLIP model, so that words can guide a painting.
    """

    store: Store
    limits: Limits
    try_on: TryOn | None = None
    reader: LanguageModel | None = None
    guides: bool = False
    closing: threading.Event = field(default_factory=threading.Event)
    converting: threading.Lock = field(default_factory=threading.Lock)
    posting: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(POSTING))
    drafting: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(DRAFTING))
    reading: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(READING))
    probing: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(PROBING))
    streams: int = 0
    films: Counter[str] = field(default_factory=Counter)
    in_flight: InFlight = field(init=False)

    def __post_init__(self) -> None:
        self.in_flight = InFlight(self.store)

    async def keeping(
        self, call: Callable[Args, Result], *args: Args.args, **more: Args.kwargs
    ) -> Result:
        """Do a part of a posting in a thread of its own kind."""
        return await anyio.to_thread.run_sync(partial(call, *args, **more), limiter=self.posting)


def _state_of(request: Request) -> AppState:
    return cast(AppState, request.app.state.studio)


StateDep = Annotated[AppState, Depends(_state_of)]
"""What a route declares to be handed the state of its application."""
