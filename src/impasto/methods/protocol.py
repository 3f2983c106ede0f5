"""What every way to paint has: a method prepares a run, and a run is a stream of events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from impasto.events import Event
from impasto.settings import StyleSettings
from impasto.task import StyleTask

if TYPE_CHECKING:
    from PIL.Image import Image

    from impasto.faces import Face
    from impasto.methods.checkpoint import Checkpoint
    from impasto.methods.holding import Holders
    from impasto.methods.result import Result

__all__ = ["Method", "OnFetch", "Run", "RunOptions"]

# Called with (bytes here, bytes in all) while weights are fetched.
OnFetch: TypeAlias = Callable[[int, int | None], None]


class Run(Protocol):
    """A painting in progress: iterate over it for its events; to stop to iterate is to cancel.

    Between any two events it can tell the picture so far and, if the method can, the state to go
    on from. It may also have `keeps_state`, which is False where `checkpoint` always refuses.
    """

    settings: StyleSettings

    def __iter__(self) -> Iterator[Event]:
        """Itself."""

    def __len__(self) -> int:
        """How many events it gives at most from its first to its last, the same at any time.

        It is the total of a progress bar: `tqdm(run)` ends at it, or sooner where a scale ends
        before its steps are used up. Every event counts, `Started`,
        previews and `Finished` too, as each turns the loop once; steps alone are `Started.steps`.
        A run that goes on from a checkpoint counts those that are left.
        """

    def __next__(self) -> Event:
        """The next event; the work that leads to it is done in this call."""

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the finished picture, in px."""

    @property
    def seconds(self) -> float:
        """Since the start, pauses between a checkpoint and its resumption left out."""

    def past_events(self) -> Iterator[Event]:
        """What a run that goes on from a checkpoint has told already; nothing for a fresh one."""

    def picture(self) -> Image:
        """The picture so far at its final size, 8 bit, RGBA if the content has transparency."""

    def result(self) -> Result:
        """The picture so far at its final size, and how it came about."""

    def checkpoint(self, outputs: dict[str, Any] | None = None) -> Checkpoint:
        """The state between two events.

        Args:
            outputs: what the caller wants to find again, as JSON knows it.

        Raises:
            CheckpointError: there is nothing to keep yet, an input is not a file, or the method
                keeps no state.
        """


@dataclass(frozen=True)
class RunOptions:
    """What a run is told beside its task and settings.

    Attributes:
        preview_every: a `Preview` after every so many steps; 0 for none.
        on_fetch: listens while weights are fetched.
        resume: the state of an earlier run of the same task and settings to go on from.
        output_format: of the file that will be written, as `imaging.check_output` names it; for
            `Finished.notes`.
        extractor: gives features by layer in place of the backbone that the settings name: a
            module with `smallest_side`, in px, called with (1, 3, H, W), standardised.
        terms: what else the picture is to make small, beside the losses of the settings.
        faces: of the content image, in px of the finished picture, for the setting `keep_faces`;
            None where they are to be found.
        holders: processes that hold the rows of scales that are painted in tiles; None for this
            process alone. The picture has the same bytes.
    """

    preview_every: int = 0
    on_fetch: OnFetch | None = None
    resume: Checkpoint | None = None
    output_format: str | None = None
    extractor: Any = None
    terms: tuple[Any, ...] = ()
    faces: tuple[Face, ...] | None = None
    holders: Holders | None = None


class Method(Protocol):
    """A way to paint, chosen by the setting `method`.

    Attributes:
        name: what settings call it.
        reads: names of the settings that it heeds. One given explicitly that it does not heed is
            refused by name; what a recipe sets is not.

    It may also have `seedless(settings)`, as `impasto.methods.seedless` asks for.
    """

    name: str
    reads: frozenset[str]

    def check(self, settings: StyleSettings) -> None:
        """Refuse settings that no picture could make right, before any is read.

        Raises:
            ImpastoError: what is wrong with them, here.
        """

    def prepare(self, task: StyleTask[Any], settings: StyleSettings, options: RunOptions) -> Run:
        """Read the pictures and make everything ready, or refuse.

        Args:
            task: sources of pictures, as `impasto.imaging.read` takes them.
            settings: all of them.
            options: the rest.

        Raises:
            ImpastoError: whatever is wrong with the inputs; see `impasto.errors`.
        """
