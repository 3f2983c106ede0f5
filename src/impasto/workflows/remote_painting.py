"""One picture painted by a worker of a cluster, event by event, as if it were painted here."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto import painting
from impasto.asked import Asked
from impasto.errors import CheckpointError, ClusterError, ImpastoError
from impasto.events import Event, Finished, Started
from impasto.methods.checkpoint import Checkpoint, InputFile
from impasto.methods.protocol import OnFetch, Run, RunOptions
from impasto.methods.result import Result
from impasto.settings import StyleSettings
from impasto.task import StyleTask, files_of
from impasto.workflows.executors import Assigned, Died, Executor, Message, Raised, Report
from impasto.workflows.executors.ordered import Failed
from impasto.workflows.parcels import Parcel, Unpacked, unpacked

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["LostError", "RemotePainter", "RemoteRun"]

KEEP_S, KEEP_SHARE = 5.0, 0.1  # between two states that are sent, which take a tenth of the time


class LostError(ClusterError):
    """The machine that painted is lost; another can go on from the last state."""


@dataclass(frozen=True)
class _Asked:
    """A painting as it travels: from its first step, or from a state.

    Attributes:
        files: everything that is read.
        options: without what listens here.
        task, settings: of one that begins.
        state: of one that goes on.
    """

    files: Parcel = field(repr=False)
    options: RunOptions
    task: StyleTask[str] | Asked[str] | None = None
    settings: StyleSettings | None = None
    state: Checkpoint | None = None


@dataclass(frozen=True)
class _Begun:
    """What is known of a painting before its first event."""

    shape: tuple[int, int]
    settings: StyleSettings
    past: tuple[Event, ...]


@dataclass(frozen=True)
class _Told:
    """An event, the seconds by then, and now and then the state after it; the result at the end."""

    event: Event
    seconds: float
    state: Checkpoint | None = None
    result: Result | None = None


class RemotePainter:
    """Paints on a cluster what `impasto.painting` would paint here.

    Args:
        executor: of the cluster, entered.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def paint(
        self, task: StyleTask[Path] | Asked[Path], settings: StyleSettings, options: RunOptions
    ) -> RemoteRun:
        """As `impasto.painting.paint`, of files; a drawing, words or a face are arranged there.

        Raises:
            ImpastoError: as there, or about the cluster.
        """
        files = Parcel.of([*task.given().values(), *files_of(settings)])
        asked = _Asked(files, replace(options, on_fetch=None), task.map(str), settings)
        return RemoteRun(self._executor, asked)

    def resumed(
        self,
        state: Checkpoint,
        *,
        preview_every: int = 0,
        on_fetch: OnFetch | None = None,  # noqa: ARG002 - weights are fetched there
        output_format: str | None = None,
    ) -> RemoteRun:
        """As `impasto.painting.resumed`.

        Raises:
            ImpastoError: as there, or about the cluster.
        """
        state.verify_inputs()
        files = Parcel.of(Path(file.path) for file in state.inputs.values())
        options = RunOptions(preview_every, output_format=output_format)
        return RemoteRun(self._executor, _Asked(files, options, state=state))


class RemoteRun:
    """A painting in progress on a cluster: a `Run`, but for its pictures, which come as events.

    Args:
        executor: of the cluster.
        asked: what is painted.

    Attributes:
        settings: all of them, as the worker resolved them.
        shape: (height, width) of the finished picture, in px.
        seconds: since the start, as the worker counts them.
        has_state: whether there is a state after the last event.

    Raises:
        ImpastoError: what is wrong with the inputs; `LostError` where the worker is lost.
    """

    def __init__(self, executor: Executor, asked: _Asked) -> None:
        self._messages = executor.run(_painted, [asked])
        self._assigned = 0
        self._last: _Told | None = None
        begun = self._next()
        assert isinstance(begun, _Begun)
        self.settings, self.shape, self._past = begun.settings, begun.shape, begun.past
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        told = self._next()
        if told is None:
            raise StopIteration
        assert isinstance(told, _Told)
        self._last, self.seconds = told, told.seconds
        return told.event

    def __len__(self) -> int:
        return self.settings.steps

    @property
    def has_state(self) -> bool:
        return self._last is not None and self._last.state is not None

    def past_events(self) -> Iterator[Event]:
        """What a run that goes on has told already."""
        return iter(self._past)

    def picture(self) -> Image:
        """The finished picture.

        Raises:
            ImpastoError: it is not finished.
        """
        return self.result().picture

    def result(self) -> Result:
        """The finished picture, and how it came about.

        Raises:
            ImpastoError: it is not finished.
        """
        if self._last is None or self._last.result is None:
            raise ImpastoError("a painting on a cluster has its picture in the end: iterate to it")
        return self._last.result

    def checkpoint(self, outputs: dict[str, Any] | None = None) -> Checkpoint:
        """The state after the last event, where the worker has sent one.

        Raises:
            CheckpointError: it has not.
        """
        if self._last is None or self._last.state is None:
            raise CheckpointError("no state came with this event: wait for one that has it")
        return replace(self._last.state, outputs=outputs or {})

    def close(self) -> None:
        """End the work at once."""
        self._messages.close()

    def _next(self) -> _Begun | _Told | None:
        """What the worker reports next; None at its end."""
        for message in self._messages:
            value = self._value(message)
            if value is not None:
                return value
        return None

    def _value(self, message: Message[_Asked, _Begun | _Told | Failed]) -> _Begun | _Told | None:
        if isinstance(message, Assigned):
            self._assigned += 1
        if isinstance(message, Died) or self._assigned > 1:
            self.close()
            raise LostError(
                "the machine of the cluster that painted is lost: the painting goes on from its "
                "last state when it is taken up again"
            )
        if isinstance(message, Raised):
            raise ImpastoError(message.reason)
        if not isinstance(message, Report):
            return None
        if isinstance(message.value, Failed):
            raise message.value.error()
        return message.value


def _painted(asked: _Asked) -> Generator[_Begun | _Told | Failed, None, None]:
    """What a worker of the cluster does and tells."""
    with unpacked(asked.files) as here:
        try:
            run = _run(asked, here)
            yield _Begun(run.shape, run.settings, tuple(run.past_events()))
            keeper = _Keeper(run)
            for event in run:
                told = _Told(_named(event, here), run.seconds, keeper.state_if_due())
                if isinstance(event, Finished):
                    told = replace(told, state=None, result=run.result())
                yield told
        except ImpastoError as error:
            failed = Failed.of(error)
            yield replace(failed, message=here.words(failed.message))


def _run(asked: _Asked, here: Unpacked) -> Run:
    if asked.state is not None:
        files = {
            role: InputFile(str(here.path(file.path)), file.sha256)
            for role, file in asked.state.inputs.items()
        }
        return painting.resumed(
            replace(asked.state, inputs=files),
            preview_every=asked.options.preview_every,
            output_format=asked.options.output_format,
        )
    assert asked.task is not None
    assert asked.settings is not None
    task = asked.task.map(lambda path: str(here.path(path)))
    return painting.paint(task, here.settings(asked.settings), asked.options)


def _named(event: Event, here: Unpacked) -> Event:
    """An event whose notes name files as they are called where they come from."""
    if isinstance(event, Started | Finished):
        return replace(event, notes=tuple(map(here.words, event.notes)))
    return event


class _Keeper:
    """Takes the state of a run now and then, so rarely that it costs little."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._kept, self._took_s = time.monotonic(), 0.0

    def state_if_due(self) -> Checkpoint | None:
        """The state, if the last one is long enough ago and the method keeps one."""
        begun = time.monotonic()
        if begun - self._kept < max(KEEP_S, self._took_s / KEEP_SHARE):
            return None
        try:
            state = self._run.checkpoint()
        except CheckpointError:
            state = None
        self._kept = time.monotonic()
        self._took_s = self._kept - begun
        return state
