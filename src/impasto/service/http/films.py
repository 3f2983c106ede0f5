"""What strangers post to have a film painted: all that can be refused before it is decoded.

The form is that of a picture with a `film` in place of `content`. The film's own facts are found by
a process that may break (`impasto.service.film_probe`); the worker that decodes it counts again.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio
from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from impasto.errors import FilmError, ImpastoError, SettingError
from impasto.service.contract import FilmOptions
from impasto.service.film_probe import FilmFacts, check_installed, film_facts
from impasto.service.http.forms import (
    FILE,
    FILES,
    described,
    files_of,
    json_text,
    open_form,
    text_of,
)
from impasto.service.http.problems import Problem
from impasto.service.http.state import AppState, Limits
from impasto.service.http.untrusted_settings import untrusted_settings
from impasto.service.http.uploads import check_has_style, check_picture, check_styles, keep
from impasto.service.jobs.film_work import FilmWork
from impasto.settings import StyleSettings
from impasto.settings.resolve import setting_error
from impasto.task import Role, StyleTask
from impasto.text import format_bytes

__all__ = ["FILM_FORM", "check_film", "check_room", "open_film_form"]

METHOD = "one-pass"
_KINDS = {Role(kind).field: kind for kind in ("film", "style", "mask", "style mask", "keep")}
RESERVE = 200_000_000  # bytes of the disk that stay free, for the database and all others
FILM_FORM = described(
    {
        "film": {**FILE, "description": "What to paint: .mp4, .mov, .mkv, .webm …"},
        "styles": {
            **FILES,
            "minItems": 1,
            "description": "Pictures to learn from, which are blended.",
        },
        "masks": {**FILES, "description": "Pictures, white where each style paints the film."},
        "style_masks": {**FILES, "description": "White where each style is learnt."},
        "keep": {**FILE, "description": "A picture, white where the film stays."},
        "settings": json_text(
            "Settings by name, as for a picture, of the method "
            f"{METHOD}. Without size or shape a film keeps its own size.",
            '{"strength": 0.6, "size": 640}',
        ),
        "options": json_text(
            "Which part of the film, and how: start and end in seconds, fps, and whether the sound "
            "goes along.",
            '{"start": 2, "end": 12.5, "sound": true}',
        ),
    },
    ["film", "styles"],
)
"""The form, as the description of the API shows it."""


@asynccontextmanager
async def open_film_form(
    request: Request, app_state: AppState
) -> AsyncIterator[tuple[StyleSettings, dict[str, str], FilmWork]]:
    """What a request asks for; its film and its styles are in the folder then.

    The film stays there if the block ends well; it goes if the block fails or is cancelled.

    Args:
        request: a multipart form: one `film`, one or more `styles`, if wanted `masks` and
            `style_masks`, one for each style, `keep`, and `settings` and `options` as JSON objects.
        app_state: whose folder keeps them.

    Yields:
        The settings, the SHA-256 of each upload by role, and the film's own part.

    Raises:
        Problem: no form, a broken or too large one, or a film or picture beyond the limits.
        ImpastoError: settings, a film or numbers of pictures that do not fit.
    """
    check_installed()
    limits, folder = app_state.limits, app_state.store.folder
    # What does not say how large it is may be as large as any.
    declared = int(request.headers.get("content-length") or limits.max_film_bytes)
    # The form lies on the disk once as it comes, and once as it is kept.
    await app_state.keeping(check_room, folder.path, 2 * declared)
    async with open_form(request, limits) as form:
        settings, options, files = _checked(form, limits)
        async with _kept_film(app_state, files[Role("film")]) as sha256:
            facts = await anyio.to_thread.run_sync(
                film_facts, folder.upload(sha256), limiter=app_state.probing
            )
            frames = check_film(facts, settings, options, limits)
            needed = _disk_bytes(facts, settings, options, frames)
            await app_state.keeping(check_room, folder.path, needed)
            inputs: dict[str, str] = {}
            for role, file in files.items():
                inputs[str(role)] = sha256 if role.kind == "film" else await keep(app_state, file)
            yield settings, inputs, _work(settings, options, limits)


@asynccontextmanager
async def _kept_film(app_state: AppState, file: UploadFile) -> AsyncIterator[str]:
    """The SHA-256 of a film that is kept, for good if the block ends well."""
    sha256 = await app_state.keeping(app_state.in_flight.keep, file.file)
    refused = True
    try:
        yield sha256
        refused = False
    finally:
        # Also when whoever sent it has gone.
        with anyio.CancelScope(shield=True), suppress(ImpastoError):
            await app_state.keeping(app_state.in_flight.release, sha256, discard=refused)


def _work(settings: StyleSettings, options: FilmOptions, limits: Limits) -> FilmWork:
    """What a worker is told, with the limits that it keeps to as well."""
    return FilmWork.of(
        settings,
        options,
        limits.max_film_frames,
        most_seconds=limits.max_film_seconds,
        most_bytes=round(limits.max_film_disk_mb * 1e6),
        most_megapixels=limits.max_film_megapixels,
    )


def _checked(
    form: FormData, limits: Limits
) -> tuple[StyleSettings, FilmOptions, dict[Role, UploadFile]]:
    """Everything of a form that shows without a look into the film."""
    settings = _film_settings(text_of(form, "settings"), limits)
    options = _options(text_of(form, "options"))
    files = files_of(form, _KINDS, ["settings", "options"], one="film")
    check_has_style(files)
    film, pictures = files[Role("film")], {r: f for r, f in files.items() if r.kind != "film"}
    by_role = {str(role): file for role, file in pictures.items()}
    check_styles(StyleTask.from_roles({"content": film, **by_role}), settings, limits)
    sent = sum(file.size or 0 for file in pictures.values())
    if sent > limits.max_upload_bytes:
        raise _beyond(
            f"the pictures have {format_bytes(sent)}, above the limit of {limits.max_upload_mb:g} "
            "MB for all of them together: send smaller ones"
        )
    for role, file in pictures.items():
        check_picture(file.file, role.phrase, limits.max_megapixels)
    _check_film_size(film, limits)
    return settings, options, files


def _film_settings(text: str, limits: Limits) -> StyleSettings:
    settings = untrusted_settings(
        text, max_megapixels=limits.max_megapixels, defaults={"method": METHOD}
    )
    if settings.method != METHOD:
        raise SettingError(
            f"method is {settings.method}, which takes minutes for a frame: a server paints films "
            f"by {METHOD}, so leave it out"
        )
    for name in ("bits", "embed_recipe"):
        if getattr(settings, name) != StyleSettings.model_fields[name].default:
            raise SettingError(f"{name} means nothing to a film: leave it out")
    return settings


def _options(text: str) -> FilmOptions:
    """Raises: SettingError, for no JSON object of known options within their ranges."""
    try:
        options = FilmOptions.model_validate_json(text or "{}")
    except ValidationError as error:
        if error.errors()[0]["type"] in ("json_invalid", "model_type"):
            raise SettingError(
                'options has to be a JSON object, like {"start": 2, "end": 12}'
            ) from None
        raise setting_error(error, FilmOptions.model_fields) from None
    if options.end is not None and options.end <= options.start:
        raise SettingError(
            f"end is {options.end:g}, and start {options.start:g}: give an end after the start"
        )
    return options


def _check_film_size(file: UploadFile, limits: Limits) -> None:
    size = file.size or 0
    if size == 0:
        raise FilmError("the film is empty: send a film")
    if size > limits.max_film_mb * 1e6:
        raise _beyond(
            f"the film has {format_bytes(size)}, above the limit of {limits.max_film_mb:g} MB: "
            "send a shorter or smaller one"
        )


def check_film(
    facts: FilmFacts, settings: StyleSettings, options: FilmOptions, limits: Limits
) -> int:
    """Refuse a film beyond what a server paints.

    Args:
        facts: of the film.
        settings: `size` and `shape` matter.
        options: which part of it is painted.
        limits: of the server.

    Returns:
        How many frames are painted, about.

    Raises:
        Problem: 413; too many pixels a frame, seconds or frames.
        FilmError: it does not say how long it is, or its end is before the start.
        ImpastoError: it cannot be painted at the size that is asked for.

    Example:
        >>> facts = FilmFacts(360, 640, 25.0, 8.0, 1)
        >>> check_film(facts, StyleSettings(), FilmOptions(end=2), Limits())
        50
    """
    for what, (height, width) in {
        "the film has frames of": (facts.height, facts.width),
        "the film would be painted with frames of": _painted_shape(facts, settings),
    }.items():
        if height * width > limits.max_film_megapixels * 1e6:
            raise _beyond(
                f"{what} {width} x {height} px, above the limit of "
                f"{limits.max_film_megapixels:g} megapixels: make it smaller first"
            )
    if not facts.seconds and options.end is None:
        raise FilmError("the film does not say how long it is: send an end in the options")
    seconds = options.span(facts.seconds)
    if seconds <= 0:
        raise FilmError(
            f"the film lasts {facts.seconds:g} s, and start is {options.start:g}: give an earlier "
            "start"
        )
    if seconds > limits.max_film_seconds:
        raise _beyond(
            f"the film has {seconds:g} s to paint, above the limit of "
            f"{limits.max_film_seconds:g} s: send a shorter part, with start and end"
        )
    frames = max(1, round(seconds * (options.fps or facts.rate)))
    if frames > limits.max_film_frames:
        raise _beyond(
            f"the film has about {frames} frames to paint, above the limit of "
            f"{limits.max_film_frames}: send a shorter part, with start and end, or fewer fps"
        )
    looked = round((options.start + seconds) * max(options.fps or 0, facts.rate))
    if looked > limits.max_film_frames:
        raise _beyond(
            f"the film has about {looked} frames up to the end of what is painted, above the limit "
            f"of {limits.max_film_frames}: cut that part out of it first"
        )
    needed = _disk_bytes(facts, settings, options, frames)
    if needed > limits.max_film_disk_mb * 1e6:
        raise _beyond(
            f"the film would take about {format_bytes(needed)} of the disk, above the limit of "
            f"{limits.max_film_disk_mb:g} MB: send a shorter part, or ask for a smaller size"
        )
    return frames


def check_room(folder: Path, needed: int) -> None:
    """Refuse what the disk has no room for.

    Args:
        folder: on the disk.
        needed: bytes.

    Raises:
        Problem: 503.
    """
    if needed > shutil.disk_usage(folder).free - RESERVE:
        raise Problem(
            503,
            "storage",
            f"the film would take about {format_bytes(needed)}, and the studio's disk has less "
            "free: try again later, or tell who runs it",
            {"Retry-After": "60"},
        )


def _painted_shape(facts: FilmFacts, settings: StyleSettings) -> tuple[int, int]:
    from impasto.workflows.film.fitting import painted_shape

    return painted_shape((facts.height, facts.width), settings)


def _disk_bytes(
    facts: FilmFacts, settings: StyleSettings, options: FilmOptions, frames: int
) -> int:
    """What painting a film takes at the most, beside its upload."""
    from impasto.media.film import estimate_bytes

    return estimate_bytes(
        _painted_shape(facts, settings),
        frames,
        "h264",
        sounds=facts.sounds if options.sound else 0,
        seconds=options.span(facts.seconds),
    )


def _beyond(detail: str) -> Problem:
    return Problem(413, "film", detail)
