"""Films from afar: one is sent, and the painted one is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Unpack

import httpx

from impasto.files import replacing
from impasto.samples.lookup import located
from impasto.service.client.connection import Connection
from impasto.service.client.validation import (
    Picture,
    heeded,
    job_id,
    job_of,
    opened_film,
    picture_bytes,
    unreachable,
)
from impasto.service.contract import FilmOptions, JobOut
from impasto.settings import StyleOptions, StyleSettings, complete
from impasto.task import StyleTask

__all__ = ["FilmClient"]


class FilmClient(Connection):
    """What `impasto.Client` does with films."""

    def submit_film(
        self,
        film: str | Path,
        styles: Picture | Sequence[Picture],
        settings: StyleSettings | None = None,
        *,
        start: float = 0.0,
        end: float | None = None,
        fps: float | None = None,
        sound: bool = True,
        masks: Picture | Sequence[Picture] = (),
        style_masks: Picture | Sequence[Picture] = (),
        keep: Picture | None = None,
        **overrides: Unpack[StyleOptions],
    ) -> JobOut:
        """Send a film, styles and settings; the job waits then.

        Its events are `Part`s, of kind "scan" and then "frame", and `save_film` takes the result.

        Args:
            film: the path of its file.
            styles: as for `submit`; several are blended.
            settings: all settings; those of `default` by the method one-pass if left out. Only
                what is explicit in them is sent: without a size a film keeps its own.
            start, end: of what is painted, in seconds; all of it if left out.
            fps: frames a second; those of the film if left out.
            sound: whether its sound goes along.
            masks, style_masks, keep: as for `submit`; pictures, which hold for all of the film.
            **overrides: single settings, in place of those in `settings`.

        Raises:
            FilmError: the film cannot be read here, or the server refuses it.
            ImpastoError: as for `submit`.
        """
        chosen = complete(settings, {"method": "one-pass", **overrides})
        values = {
            name: value
            for name, value in heeded(chosen).items()
            if name in chosen.explicit or name == "recipe"
        }
        options = FilmOptions.of(start=start, end=end, fps=fps, sound=sound)
        task = located(StyleTask.of(b"", styles, masks=masks, style_masks=style_masks, keep=keep))
        form = {"settings": json.dumps(values), "options": options.model_dump_json()}
        with opened_film(film) as file:
            parts: list[Any] = [("film", ("film", file))]
            parts += [
                (role.field, (role.field, picture_bytes(picture)))
                for role, picture in task.by_role().items()
                if role.kind != "content"
            ]
            return job_of(self._ask("POST", "/api/films", data=form, files=parts))

    def save_film(self, id: str, output: str | Path) -> None:
        """Keep the film of a finished job, an MP4, piece by piece; the whole file or none.

        Args:
            id: of the job.
            output: the file to write.

        Raises:
            JobStateError: there is none (yet).
            OutputError: the file cannot be written.
        """
        path = f"/api/jobs/{job_id(id)}/film"
        with replacing(Path(output)) as draft, draft.open("wb") as file:
            try:
                with self._opened(path) as response:
                    for piece in response.iter_bytes():
                        file.write(piece)
            except httpx.HTTPError as error:
                raise unreachable(self.url, error) from None
