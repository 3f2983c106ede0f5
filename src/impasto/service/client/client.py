"""The client: one method for each thing a server can do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, Unpack
from urllib.parse import quote

import httpx

from impasto.errors import ImpastoError, ServerError, SettingError
from impasto.events import Event, Started, Step
from impasto.files import replacing
from impasto.samples.lookup import located
from impasto.service.client.naming import with_names
from impasto.service.client.stream import ServerSentEvent, received, typed
from impasto.service.client.validation import (
    Picture,
    address,
    answer_of,
    job_id,
    job_of,
    jobs_of,
    opened_film,
    picture_bytes,
    successful,
    unreachable,
)
from impasto.service.contract import FilmOptions, JobOut, State, error_of
from impasto.settings import StyleOptions, StyleSettings, complete
from impasto.settings.heeded import HEEDED, refuse_unheeded
from impasto.task import StyleTask

__all__ = ["Client"]

_QUIET_S = 45.0  # a server that listens to sends something every 15 seconds


class Client:
    """A server of impasto's, seen from a program. Not to be shared among threads.

    Args:
        url: of the server, like "http://127.0.0.1:8000".
        token: that it wants, if it wants one.
        timeout_s: how long to wait for an answer.
        tries: how often a broken stream of events is taken up again without anything new.
        transport: in place of the network, for tests.

    Raises:
        SettingError: the address is none.

    Example:
        >>> with Client("http://127.0.0.1:8000", token="secret") as client:
        ...     client.url
        'http://127.0.0.1:8000'
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout_s: float = 60.0,
        tries: int = 30,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url, self._timeout_s, self._tries = address(url), timeout_s, tries
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise SettingError("the token has letters no header can carry: check --token")
        self._http = httpx.Client(
            base_url=self.url, headers=headers, timeout=timeout_s, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def stylize(
        self,
        content: Picture,
        styles: Picture | Sequence[Picture],
        settings: StyleSettings | None = None,
        *,
        masks: Sequence[Picture] = (),
        style_masks: Sequence[Picture] = (),
        keep: Picture | None = None,
        on_event: Callable[[Event], None] = lambda _event: None,
        **overrides: Unpack[StyleOptions],
    ) -> bytes:
        """Paint one picture there, and wait for it; stopping to wait cancels it.

        Args:
            content, styles, settings, masks, style_masks, keep, overrides: as for `submit`.
            on_event: called with every event, as `events` yields them.

        Returns:
            The picture as PNG; its recipe has the names of files that are given by their paths.

        Raises:
            ImpastoError: as at home; `ServerError` if the server cannot be reached, or the job
                was cancelled by somebody else.
        """
        task = StyleTask.of(content, styles, masks=masks, style_masks=style_masks, keep=keep)
        job = self.submit(
            content,
            styles,
            settings,
            masks=masks,
            style_masks=style_masks,
            keep=keep,
            **overrides,
        )
        try:
            for event in self.events(job.id):
                on_event(event)
            return with_names(self.image(job.id), task)
        except BaseException:
            self._give_up(job.id)
            raise

    def submit(
        self,
        content: Picture,
        styles: Picture | Sequence[Picture],
        settings: StyleSettings | None = None,
        *,
        masks: Sequence[Picture] = (),
        style_masks: Sequence[Picture] = (),
        keep: Picture | None = None,
        **overrides: Unpack[StyleOptions],
    ) -> JobOut:
        """Send pictures and settings; the job waits then.

        Args:
            content: the photograph; a sample's by its name.
            styles: one picture to learn from, or several; likewise.
            settings: all settings; `default` if left out.
            masks: one for each style, or none.
            style_masks: likewise.
            keep: white where the photograph stays as it is; None for nowhere.
            **overrides: single settings, in place of those in `settings`.

        Raises:
            PictureError: a file that cannot be read, or that the server refuses.
            SettingError: likewise; `weights_file`, `init` from a file and the machine's settings
                are the server's to choose; or an explicit setting that the method does not heed.
            ServerError: it cannot be reached, or refuses for another reason.
        """
        chosen = complete(settings, overrides)
        values = _heeded(chosen)
        task = located(
            StyleTask.of(content, styles, masks=masks, style_masks=style_masks, keep=keep)
        )
        # The name says nothing of this machine, and the server would not look at it.
        parts = [
            (role.field, (role.field, picture_bytes(picture)))
            for role, picture in task.by_role().items()
        ]
        form = {"settings": json.dumps(values)}
        return job_of(self._ask("POST", "/api/jobs", data=form, files=parts))

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
            **overrides: single settings, in place of those in `settings`.

        Raises:
            FilmError: the film cannot be read here, or the server refuses it.
            ImpastoError: as for `submit`.
        """
        chosen = complete(settings, {"method": "one-pass", **overrides})
        values = {
            name: value
            for name, value in _heeded(chosen).items()
            if name in chosen.explicit or name == "recipe"
        }
        options = FilmOptions.of(start=start, end=end, fps=fps, sound=sound)
        task = located(StyleTask.of(b"", styles))
        form = {"settings": json.dumps(values), "options": options.model_dump_json()}
        with opened_film(film) as file:
            parts: list[Any] = [("film", ("film", file))]
            parts += [("styles", ("styles", picture_bytes(style))) for style in task.styles]
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
                with self._http.stream("GET", path) as response:
                    if not response.is_success:
                        response.read()
                    for piece in successful(response).iter_bytes():
                        file.write(piece)
            except httpx.HTTPError as error:
                raise unreachable(self.url, error) from None

    def job(self, id: str) -> JobOut:
        """A job as it stands."""
        return job_of(self._ask("GET", f"/api/jobs/{job_id(id)}"))

    def jobs(
        self, *, limit: int = 50, before: str | None = None, state: str | None = None
    ) -> list[JobOut]:
        """Jobs, the newest first.

        Args:
            limit: how many at most, up to 200.
            before: id of a job; only older ones are listed.
            state: only jobs in this one.
        """
        query = {"limit": limit, "before": before, "state": state}
        params = {name: value for name, value in query.items() if value is not None}
        return jobs_of(self._ask("GET", "/api/jobs", params=params))

    def events(self, id: str) -> Iterator[Event]:
        """Everything that happens to a job from its first event on, as it happens.

        A broken connection is taken up again. No step is told twice, also when a worker died and
        its job is repeated from a checkpoint.

        Yields:
            What `impasto.run` does; pictures are None, as they are still on the server: ask
            `preview` and `image` for them.

        Raises:
            ImpastoError: the job failed.
            ServerError: it was cancelled, or the server cannot be reached any more.
        """
        settings = self.job(id).settings
        last, started = 0, False
        for sent in self._received(id):
            if sent.event == "failed":
                kind = str(sent.data.get("kind") or sent.data.get("type") or "")
                raise error_of(kind, str(sent.data.get("error") or f"job {id} failed"))
            if sent.event == "cancelled":
                raise ServerError(f"job {id} was cancelled on {self.url}")
            event = typed(sent, settings)
            if isinstance(event, Started):
                if started:
                    continue
                started = True
            if isinstance(event, Step):
                if event.step <= last:
                    continue
                last = event.step
            if event is not None:
                yield event

    def events_so_far(self, id: str, after: str = "") -> list[ServerSentEvent]:
        """The events of a job that there are by now, without waiting for more.

        Args:
            id: of the job.
            after: the `id` of the last event that is known already; "" for none.
        """
        headers = {"Last-Event-ID": after} if after else {}
        path = f"/api/jobs/{job_id(id)}/events"
        answer = self._ask("GET", path, params={"follow": "false"}, headers=headers)
        return list(received(answer))

    def input(self, id: str, role: str) -> bytes:
        """A picture that was posted with a job, as it came.

        Args:
            id: of the job.
            role: one of its `inputs`.

        Raises:
            ServerError: there is none (any more).
        """
        return self._ask("GET", f"/api/jobs/{job_id(id)}/inputs/{quote(role, safe='')}").content

    def image(self, id: str, format: Literal["png", "jpeg", "webp"] = "png") -> bytes:
        """The picture of a finished job, a file's bytes."""
        return self._ask("GET", f"/api/jobs/{job_id(id)}/image", params={"format": format}).content

    def preview(self, id: str) -> bytes | None:
        """The picture so far as PNG, at the size of its scale; None before the first."""
        return self._ask("GET", f"/api/jobs/{job_id(id)}/preview").content or None

    def losses(self, id: str) -> dict[str, Any]:
        """The losses of every step: `step`, `seconds`, and `losses` by name, as lists."""
        return answer_of(self._ask("GET", f"/api/jobs/{job_id(id)}/losses"))

    def cancel(self, id: str) -> JobOut:
        """End a job: at once if it waits, within two steps if it runs."""
        return job_of(self._ask("DELETE", f"/api/jobs/{job_id(id)}"))

    def purge(self, id: str) -> None:
        """Remove a job that has ended, its pictures too."""
        self._ask("DELETE", f"/api/jobs/{job_id(id)}", params={"purge": "true"})

    def recipes(self) -> dict[str, dict[str, Any]]:
        """The recipes the server has, by name: `summary`, `differs`, and all `settings`."""
        answer = answer_of(self._ask("GET", "/api/recipes"))
        return {recipe["name"]: recipe for recipe in answer.get("recipes", [])}

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return successful(self._http.request(method, path, **more))
        except httpx.HTTPError as error:
            raise unreachable(self.url, error) from None

    def _received(self, id: str) -> Iterator[ServerSentEvent]:
        """Events up to the last, over as many connections as it takes."""
        last, failures = "", 0
        while True:
            try:
                for sent in self._listen(id, last):
                    last, failures = sent.id or last, 0
                    yield sent
                    if sent.event in State.ends():
                        return
            except httpx.HTTPError as error:
                failures += 1
                if failures >= self._tries:
                    raise unreachable(self.url, error) from None
            else:
                # The server closed in good order: it stops, or has told everything.
                failures += 1
                if failures >= self._tries:
                    raise ServerError(f"{self.url} tells no more of job {id}: look at it later")
            time.sleep(min(2.0, 0.1 * 2**failures))

    def _listen(self, id: str, last: str) -> Iterator[ServerSentEvent]:
        headers = {"Last-Event-ID": last} if last else {}
        timeout = httpx.Timeout(self._timeout_s, read=_QUIET_S)
        path = f"/api/jobs/{job_id(id)}/events"
        with self._http.stream("GET", path, headers=headers, timeout=timeout) as response:
            if not response.is_success:
                response.read()
            yield from received(successful(response))

    def _give_up(self, id: str) -> None:
        try:
            self.cancel(id)
        except ImpastoError:  # what went wrong before is what is told
            return


def _heeded(settings: StyleSettings) -> dict[str, Any]:
    """What of settings is sent: without what a recipe file says and a built-in method leaves.

    Raises:
        SettingError: an explicit setting that the method does not heed.
    """
    values = settings.model_dump(mode="json")
    heeded = HEEDED.get(settings.method)
    if heeded is None:  # another package's: its server knows
        return values
    refuse_unheeded(settings.explicit, settings.method, heeded)
    left = set(values) - heeded
    # Without the weights that take its place, no strength is that of the recipe.
    if "content_weight" in left and settings.strength is None:
        left.add("strength")
    return {name: value for name, value in values.items() if name not in left}
