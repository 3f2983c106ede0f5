"""What a person at the page can do, as calls of the API: no word of Gradio here."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impasto import samples
from impasto.errors import (
    ImpastoError,
    InputError,
    QueueFullError,
)
from impasto.imaging.codecs.formats import sniff
from impasto.service.contract import JobOut
from impasto.service.http.uploads import check_picture
from impasto.service.page.controls import settings_from, values_of
from impasto.service.page.masks import Drawing
from impasto.service.page.pictures import (
    copy_named,
    input_copy,
)
from impasto.service.page.texts import phrase
from impasto.service.page.views import LITTER, PAGE, Viewer
from impasto.settings import StyleSettings
from impasto.settings.heeded import HEEDED
from impasto.task import Role

__all__ = [
    "BROWSER_FORMATS",
    "MAX_STYLES",
    "MOST_REMOVED",
    "Actions",
    "JobInputs",
]

BROWSER_FORMATS = ("JPEG", "PNG", "WebP", "BMP", "GIF")  # those that browsers show
MAX_STYLES = 3  # one for each colour of the brush
MOST_REMOVED = PAGE * len(LITTER)  # at once: as many as `Actions.litter` gives


@dataclass(frozen=True)
class JobInputs:
    """An earlier job as it was asked for.

    Attributes:
        values: of the controls.
        content, styles, masks, style_masks, keep: its pictures, copied to where the page may show
            them; None and empty where one of them is not there any more.
        count: how many styles it has, of which the page shows the first `MAX_STYLES`.
    """

    values: list[Any]
    content: Path | None = None
    styles: list[Path] = field(default_factory=list)
    masks: list[Path] = field(default_factory=list)
    style_masks: list[Path] = field(default_factory=list)
    keep: Path | None = None
    count: int = 0


class Actions(Viewer):
    """The studio as a person at the page uses it; its arguments are those of a `Viewer`."""

    def start(
        self,
        content: str | None,
        styles: Sequence[str | None],
        drawing: Drawing,
        values: Sequence[Any],
        *,
        visitor: str,
        language: str,
    ) -> JobOut:
        """Queue a painting.

        Args:
            content, styles: paths of files that were uploaded to the page; None where none is.
            drawing: what the brush painted.
            values: of the controls.
            visitor: the address of who asks.
            language: of what the page itself has to say.

        Raises:
            ImpastoError, Problem: whatever is wrong; its text is for the person.
        """
        chosen = [path for path in styles if path]
        if not content or not chosen:
            missing = "no_content" if chosen else "no_style" if content else "no_pictures"
            raise InputError(phrase(language, missing))
        settings = settings_from(values)
        for path in (content, *chosen):
            self.check(path, language)
        masks, style_masks, keep = self._masks(drawing, content, chosen, language)
        with self._connect(visitor) as client:
            return client.submit(
                content, chosen, settings, masks=masks, style_masks=style_masks, keep=keep
            )

    def _masks(
        self, drawing: Drawing, content: str, styles: list[str], language: str
    ) -> tuple[list[Path | bytes], list[Path], Path | None]:
        """The masks and the style masks of a painting, and that of what stays."""

        def find(digest: str) -> Path | None:
            return copy_named(digest, self.folder)

        try:
            photograph, *digests = (
                hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in (content, *styles)
            )
            masks = drawing.for_styles(len(styles), find)
            return masks, drawing.of_styles(digests, find), drawing.kept(photograph, find)
        except FileNotFoundError:
            raise InputError(phrase(language, "gone")) from None

    def check(self, path: str, language: str) -> str:
        """The format of an uploaded picture, by its header alone, as the API will check it.

        Raises:
            Problem, InputError: it cannot be painted, or is not there any more.
        """
        try:
            with Path(path).open("rb") as file:
                check_picture(file, Path(path).name, self.limits.max_megapixels)
                file.seek(0)
                kind = sniff(file.read(64).ljust(16, b"\0"))
        except FileNotFoundError:
            raise InputError(phrase(language, "gone")) from None
        return "" if kind is None else kind.name

    def try_styles(
        self, content: str | None, values: Sequence[Any], *, visitor: str, language: str
    ) -> list[JobOut]:
        """Queue a small painting in each of the samples' highlights, or in as many as may wait.

        Args:
            content, values, visitor, language: as for `start`; the size and the steps are those of
                the recipe `sketch`.

        Raises:
            ImpastoError, Problem: whatever is wrong; its text is for the person.
        """
        if not content:
            raise InputError(phrase(language, "no_content"))
        small = {name: getattr(StyleSettings(recipe="sketch"), name) for name in ("size", "steps")}
        settings = settings_from(values)
        heeded = HEEDED.get(settings.method, frozenset(small))
        settings = settings.replace(**{n: v for n, v in small.items() if n in heeded})
        self.check(content, language)
        with self._connect(visitor) as client:
            # The newest stands first on the wall, so the last one is queued first.
            jobs: list[JobOut] = []
            for name in reversed(samples.HIGHLIGHTS):
                try:
                    jobs.append(client.submit(content, [samples.style(name)], settings))
                except QueueFullError:
                    if not jobs:
                        raise
                    break
            return jobs

    def cancel(self, id: str, *, visitor: str) -> None:
        """Stop a job; one that has ended stays as it is."""
        with self._connect(visitor) as client:
            client.cancel(id)

    def remove(self, id: str, *, visitor: str) -> None:
        """Remove a job that has ended, and its files, those made for the page too.

        Raises:
            UnknownJobError, JobStateError: there is none, or it has not ended.
        """
        with self._connect(visitor) as client:
            client.purge(id)
        self._alone.discard(id)
        shutil.rmtree(self.folder / id, ignore_errors=True)
        for path in self.folder.glob(f"*-{id}.jpg"):
            path.unlink(missing_ok=True)

    def litter(self, *, visitor: str) -> list[str]:
        """The ids of the jobs that failed or were stopped, as many as the API lists at once."""
        with self._connect(visitor) as client:
            return [job.id for state in LITTER for job in client.jobs(limit=PAGE, state=state)]

    def inputs_of(self, id: str, *, visitor: str) -> JobInputs:
        """A job's settings for the controls, and its pictures.

        Raises:
            UnknownJobError: there is none.
        """
        with self._connect(visitor) as client:
            job = client.job(id)
            values = values_of(StyleSettings(**job.settings))
            count = sum(Role.parse(role).kind == "style" for role in job.inputs)

            def copies(kind: str) -> list[Path]:
                roles = (str(Role(kind, number)) for number in range(1, MAX_STYLES + 1))
                own = (role for role in roles if role in job.inputs)
                return [input_copy(client, job, role, self.folder) for role in own]

            try:
                content = input_copy(client, job, str(Role("content")), self.folder)
                styles, masks, style_masks = map(copies, ("style", "mask", "style mask"))
                role = str(Role("keep"))
                kept = role in job.inputs
                keep = input_copy(client, job, role, self.folder) if kept else None
                return JobInputs(values, content, styles, masks, style_masks, keep, count)
            except (ImpastoError, OSError):
                return JobInputs(values)

    def sample(self, kind: str, name: str) -> Path:
        """The file of a sample, "content" or "style".

        Raises:
            UnknownNameError: there is none of that name.
        """
        return samples.content(name) if kind == "content" else samples.style(name)
