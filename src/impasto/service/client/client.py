"""The client: one method for each thing a server can do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, Unpack
from urllib.parse import quote

import httpx

from impasto.errors import ImpastoError, ServerError, SettingError
from impasto.events import Event, Started, Step
from impasto.samples.lookup import located
from impasto.service.client.arranged import ArrangedClient
from impasto.service.client.naming import with_names
from impasto.service.client.stream import ServerSentEvent, received, typed
from impasto.service.client.validation import (
    Picture,
    answer_of,
    heeded,
    job_id,
    job_of,
    jobs_of,
    picture_bytes,
    unreachable,
)
from impasto.service.contract import JobOut, State
from impasto.service.problems import error_of
from impasto.settings import StyleOptions, StyleSettings, complete
from impasto.task import StyleTask

__all__ = ["Client"]

_QUIET_S = 45.0  # a server that listens to sends something every 15 seconds


class Client(ArrangedClient):
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
            return with_names(self.image(job.id), task.given())
        except BaseException:
            self._give_up(job.id)
            raise

    def submit(
        self,
        content: Picture,
        styles: Picture | Sequence[Picture] = (),
        settings: StyleSettings | None = None,
        *,
        masks: Sequence[Picture] = (),
        style_masks: Sequence[Picture] = (),
        keep: Picture | None = None,
        text: str = "",
        prompt: str = "",
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
            text: the painting in words, in place of styles or beside them; only what is explicit
                in the settings is sent then, and counts before them. With a `text_weight` they
                guide the painting too, where the server has a CLIP model.
            prompt: words that only guide it, beside styles; then give no text.
            **overrides: single settings, in place of those in `settings`.

        Raises:
            PictureError: a file that cannot be read, or that the server refuses.
            SettingError: likewise; `weights_file`, `init` from a file and the machine's settings
                are the server's to choose; or an explicit setting that the method does not heed;
                or a text and a prompt.
            ServerError: it cannot be reached, or refuses for another reason.
        """
        if text and prompt:
            raise SettingError(
                f"prompt is {prompt!r}, and text says what is painted and guides it too: leave one "
                "of them out"
            )
        chosen = complete(settings, overrides)
        values = heeded(chosen)
        if text:
            named = {*chosen.explicit, "recipe"}
            values = {name: value for name, value in values.items() if name in named}
        worded = bool(text) and not styles  # what it is painted in the server knows
        task = located(
            StyleTask.of(
                content,
                styles,
                masks=masks,
                style_masks=style_masks,
                keep=keep,
                taught=worded,
            )
        )
        # The name says nothing of this machine, and the server would not look at it.
        parts = [
            (role.field, (role.field, picture_bytes(picture)))
            for role, picture in task.by_role().items()
        ]
        form = {"settings": json.dumps(values)} | ({"text": text} if text else {})
        if prompt:
            form["plan"] = json.dumps({"text": prompt})
        return job_of(self._ask("POST", "/api/jobs", data=form, files=parts))

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
        with self._opened(path, headers=headers, timeout=timeout) as response:
            yield from received(response)

    def _give_up(self, id: str) -> None:
        try:
            self.cancel(id)
        except ImpastoError:  # what went wrong before is what is told
            return
