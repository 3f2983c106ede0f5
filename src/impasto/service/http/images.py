"""What a job has painted, as files to send: the picture, its preview, its losses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

from impasto.errors import JobStateError
from impasto.service.contract import VIDEO, State
from impasto.service.http.events import Tail
from impasto.service.http.problems import Problem
from impasto.service.http.schemas import Curves
from impasto.service.http.state import AppState
from impasto.service.jobs.tables import Job

__all__ = [
    "MEDIA",
    "Format",
    "curves",
    "curves_picture",
    "etag",
    "input_image",
    "preview",
    "result_image",
]

Format: TypeAlias = Literal["png", "jpeg", "webp"]
MEDIA: Mapping[str, str] = {name: f"image/{name}" for name in ("png", "jpeg", "webp")}


def result_image(app_state: AppState, job: Job, format: Format) -> Path:
    """The finished picture in a format; other than PNG it is written once, from our own PNG.

    Raises:
        JobStateError: the job has painted none.
        OutputError: the format cannot hold its size.
    """
    if job.kind == VIDEO:
        raise JobStateError(f"job {job.id} is a film: take it at /api/jobs/{job.id}/film")
    result = app_state.store.folder.job(job.id) / "result.png"
    if job.state is not State.FINISHED or not result.is_file():
        why = f" ({job.error})" if job.error else ""
        raise JobStateError(
            f"job {job.id} is {job.state}{why}: there is a picture only of a finished job"
        )
    if format == "png":
        return result
    path = result.with_suffix(f".{format}")
    with app_state.converting:
        if not path.is_file():
            _convert(result, path)
    return path


def _convert(result: Path, path: Path) -> None:
    from impasto import imaging
    from impasto.settings.embedded import text_in

    picture = imaging.read(result, max_megapixels=float("inf"))
    deepest = 255 if picture.pixels.dtype == "uint8" else 65535
    pixels = picture.pixels.astype("float32") / deepest
    recipe = text_in(result.read_bytes())
    imaging.write(path, pixels, alpha=picture.alpha, **picture.metadata, recipe=recipe)


def preview(app_state: AppState, job: Job) -> bytes | None:
    """The picture so far as PNG; None before the first. It is replaced while it is read."""
    try:
        return (app_state.store.folder.job(job.id) / "preview.png").read_bytes()
    except FileNotFoundError:
        return None


def input_image(app_state: AppState, job: Job, role: str) -> Path:
    """An upload of a job.

    Raises:
        Problem: 404; the job has none in that role, or it is not kept any more.
    """
    path = app_state.store.folder.upload(job.inputs[role]) if role in job.inputs else None
    if path is None or not path.is_file():
        raise Problem(
            404,
            "unknown-input",
            f"job {job.id} has no {role[:80]!r} here: it was posted with "
            f"{', '.join(job.inputs)}, and uploads may be swept away later",
        )
    return path


def curves_picture(app_state: AppState, job: Job) -> Path:
    """The loss curves as PNG.

    Raises:
        JobStateError: there are none yet.
    """
    path = app_state.store.folder.job(job.id) / "losses.png"
    if not path.is_file():
        raise JobStateError(
            f"job {job.id} is {job.state}: its curves are drawn when it is finished; until then "
            "ask for format=json"
        )
    return path


def curves(app_state: AppState, job: Job) -> Curves:
    """The weighted losses of every step so far."""
    tail = Tail(app_state.store.folder.job(job.id) / "events.jsonl")
    columns = Curves(step=[], seconds=[], losses={})
    while lines := tail.read():
        for line in lines:
            if line.event == "step":
                _add(columns, line.data)
    return columns


def _add(columns: Curves, data: Mapping[str, Any]) -> None:
    columns.step.append(int(data["step"]))
    columns.seconds.append(float(data["seconds"]))
    for name, value in data["losses"].items():
        columns.losses.setdefault(name, []).append(float(value))


def etag(content: Path | bytes) -> str:
    """A name for these very bytes (RFC 9110, 8.8.3); a file's by its identity, unread."""
    if isinstance(content, Path):
        status = content.stat()
        facts = json.dumps([status.st_ino, status.st_mtime_ns, status.st_size])
        return f'"{hashlib.sha256(facts.encode()).hexdigest()[:32]}"'
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
