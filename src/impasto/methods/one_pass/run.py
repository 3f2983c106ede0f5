"""How a picture is painted in one pass: read this file and you have seen the whole of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from impasto.errors import CheckpointError, SettingError
from impasto.events import Event, Finished, Part, Started
from impasto.folders import check_scratch
from impasto.imaging import array_to_pil, with_alpha
from impasto.methods import compose, precision
from impasto.methods import device as devices
from impasto.methods.inputs import GENTLE, Inputs, one_pass_shape
from impasto.methods.one_pass import memory
from impasto.methods.one_pass.engine import WHOLE_PX, Engine
from impasto.methods.one_pass.kept_faces import (
    PaintedFace,
    gentle_spreads,
    painted_faces,
    with_faces,
)
from impasto.methods.one_pass.photo import Photo
from impasto.methods.one_pass.ready import (
    check_sizes,
    made_ready,
    read,
    refuse_pictureless,
    refuse_reading,
    refuse_unheeded,
    taught,
)
from impasto.methods.pictures import Pictures
from impasto.methods.planes import Planes, release, trim
from impasto.methods.protocol import RunOptions
from impasto.methods.result import Result
from impasto.settings import StyleSettings
from impasto.settings.heeded import HEEDED
from impasto.task import StyleTask

if TYPE_CHECKING:
    from PIL.Image import Image

    from impasto.methods.checkpoint import Checkpoint

__all__ = ["OnePass", "OnePassRun", "prepared"]


class OnePass:
    """A feed-forward network paints; see `impasto.networks.stylizers`.

    Example:
        >>> from impasto import samples
        >>> task = StyleTask.of(samples.content("chelsea"), samples.style("swirls"))
        >>> run = OnePass().prepare(task, StyleSettings(size=64), RunOptions())
        >>> [type(event).__name__ for event in run]
        ['Started', 'Part', 'Finished']
    """

    name = "one-pass"
    reads = HEEDED["one-pass"]

    def check(self, settings: StyleSettings) -> None:
        """As `impasto.methods.protocol.Method.check` says."""
        devices.choose(settings.device)

    def seedless(self, settings: StyleSettings) -> str:  # noqa: ARG002 - it never reads a seed
        """As `impasto.methods.seedless` says."""
        return "a network that paints in one pass draws nothing at random"

    def prepare(
        self, task: StyleTask[Any], settings: StyleSettings, options: RunOptions
    ) -> OnePassRun:
        """As `impasto.methods.protocol.Method.prepare` says."""
        refuse_unheeded(task, options)
        ready, rows, settings = made_ready(settings)
        if task.styles and rows:
            raise SettingError(
                f"the model is told to paint {', '.join(rows)}, and a style picture is given too: "
                "leave one of them out"
            )
        codes = [] if task.styles else taught(ready, rows)
        if codes:
            refuse_reading(settings.explicit)
        return prepared(task, settings, options, ready, codes)


def prepared(
    task: StyleTask[Any],
    settings: StyleSettings,
    options: RunOptions,
    ready: Engine,
    codes: Sequence[Tensor],
) -> OnePassRun:
    """A run of a network that is ready.

    Args:
        task, options: as for `OnePass.prepare`.
        settings: resolved.
        ready: the network.
        codes: of the styles, where the task has no style pictures.
    """
    if codes:
        refuse_pictureless(settings)
    else:
        ready.network.check_reads()
    inputs = Inputs.read(task, settings, len(codes))
    shape = inputs.final_shape(settings)
    read_at = [one_pass_shape(style, shape, settings) for style in inputs.styles]
    check_sizes(inputs.content.name, inputs.styles, shape, read_at)
    planes = Planes(check_scratch(settings.scratch))
    predicted = memory.check(
        shape,
        read_at,
        settings,
        ready.device,
        WHOLE_PX,
        masks=len(inputs.masks) + (inputs.task.keep is not None),
        in_files=planes.in_files,
    )
    planes.check_room(memory.file_bytes(shape))
    # The painter has learnt to see photographs in all their colours.
    seen = settings.model_copy(update={"content_chroma": 1.0})
    pictures = Pictures.fit(inputs, seen, options.faces)
    return OnePassRun(ready, codes, pictures, settings, options, predicted, planes)


class OnePassRun(Iterator[Event]):
    """A painting in progress.

    Args:
        ready: the network.
        codes: of the styles; none where they are read off the style pictures.
        pictures: content, styles and masks at the final size.
        settings: all of them.
        options: the format that will be written.
        predicted_bytes: peak of memory, this process included; 0 if nobody has predicted it.
        planes: where the painting lies; memory if left out.
    """

    keeps_state = False

    def __init__(
        self,
        ready: Engine,
        codes: Sequence[Tensor],
        pictures: Pictures,
        settings: StyleSettings,
        options: RunOptions,
        predicted_bytes: int = 0,
        planes: Planes | None = None,
    ) -> None:
        self._predicted_bytes, self._planes = predicted_bytes, planes or Planes()
        self._engine, self._given, self._options = ready, list(codes), options
        self.pictures, self.settings = pictures, settings
        self._painted: Tensor | None = None
        self._began, self._ended_s = time.monotonic(), None  # type: float, float | None
        self._result: Result | None = None  # once it is finished
        self._parts = self._engine.parts(*self.shape, settings.tile)
        self._count = len(self._parts) * max(1, len(pictures.masks)) * (settings.color != "only")
        self._events = self._paint()

    def __len__(self) -> int:
        """`Started`, the parts, and `Finished`."""
        return self._count + 2

    def __next__(self) -> Event:
        with devices.naming_shortage("one-pass"):
            return next(self._events)

    def _paint(self) -> Iterator[Event]:
        notes = (
            *self.pictures.inputs.notes(self.settings),
            *precision.notes(self.settings, self._engine.device, goes_on=False),
        )
        yield Started(
            steps=0,
            backbone="",
            device=str(self._engine.device),
            threads=torch.get_num_threads(),
            notes=notes,
            method="one-pass",
            predicted_bytes=self._predicted_bytes,
            shape=self.shape,
            precision=self.settings.precision,
        )
        if self.settings.color != "only":
            yield from self._paint_parts()
        self._ended_s = self.seconds
        self._result = result = self.result()
        self._painted = None  # what is written needs the room
        yield Finished(
            0, result.picture, self.seconds, result.omissions(self._options.output_format)
        )

    def _paint_parts(self) -> Iterator[Event]:
        """Tile by tile in the styles' blend, or in each style, laid where its mask is."""
        codes = self._codes()
        where = self.pictures.masks
        if not where:
            shares = self.settings.style_blend or [1.0] * len(codes)
            codes = [self._engine.blended(codes, shares)]
        photo = Photo(self.pictures.guide)
        hands = [self._engine.hand(code, self.settings.strength) for code in codes]
        is_tiled, done = len(self._parts) > 1, 0
        spreads = [self._engine.sampled(photo, hand) if is_tiled else None for hand in hands]
        kept = [self._faces(photo, code, is_tiled) for code in codes]
        if is_tiled:
            self._painted = photo.copy(self._planes)  # what is not painted yet is the photograph
        for tile in self._parts:
            place = (..., *tile.place(*self.shape))
            laid = weight = torch.zeros(())
            for number, (hand, spread) in enumerate(zip(hands, spreads, strict=True)):
                painting = self._engine.painted(photo, hand, spread, tile)
                painting = with_faces(painting, tile.place(*self.shape), kept[number])
                if where:
                    mask = where[number][place]
                    laid, weight = laid + mask * painting, weight + mask
                    # Where masks overlap, each counts by its share; where none paints, nothing
                    # does.
                    under = photo.part(*tile.place(*self.shape))
                    painting = torch.where(weight > 0, laid / weight.clamp(min=1e-6), under)
                if is_tiled and self._painted is not None:
                    self._painted[place] = painting
                else:
                    self._painted = painting
                release()
                if is_tiled and not self._planes.in_files:  # for which `release` does it
                    trim()
                done += 1
                yield Part("tile", done, self._count, self.seconds)

    def _faces(self, photo: Photo, code: Tensor, is_tiled: bool) -> list[PaintedFace]:
        """The faces that are kept, in a style."""
        if not self.pictures.faces:
            return []
        hand = self._engine.hand(code, GENTLE)
        spreads = gentle_spreads(self._engine, photo, hand, is_tiled)
        return painted_faces(self._engine, photo, hand, spreads, self.pictures.faces)

    def _codes(self) -> list[Tensor]:
        """Of the styles of the task, or those that were given."""
        if self._given:
            return self._given
        return [
            read(self._engine, style, counts, self.shape, self.settings)
            for style, counts in zip(self.pictures.styles, self.pictures.counts, strict=True)
        ]

    # What can be asked between two events

    def past_events(self) -> Iterator[Event]:
        """Nothing: no run goes on from another."""
        return iter(())

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the finished picture, in px."""
        return self.pictures.shape

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._began if self._ended_s is None else self._ended_s

    def picture(self) -> Image:
        """The picture so far, 8 bit, RGBA if the content has transparency."""
        return self.result().picture

    def result(self) -> Result:
        """The picture so far, and how it came about; before anything is painted the photograph."""
        if self._result is not None:
            return self._result
        content = self.pictures.content
        if self._painted is None and self.settings.color != "only":
            pixels = compose.photograph(self.pictures)
        else:
            x = self._painted if self._painted is not None else torch.zeros(1, 3, *self.shape)
            pixels = compose.pixels(self.pictures, x)
        return Result(
            picture=with_alpha(array_to_pil(pixels, content.scratch), content.alpha),
            pixels=pixels,
            losses=[],
            settings=self.settings,
            seconds=self.seconds,
            content=content,
            inputs=self.pictures.inputs.paths(),
            recipe=self.pictures.inputs.record(self.settings),
        )

    def checkpoint(self, outputs: dict[str, Any] | None = None) -> Checkpoint:  # noqa: ARG002 - as the protocol has it
        """Refused: there is nothing to go on from.

        Raises:
            CheckpointError: always.
        """
        raise CheckpointError(
            "a painting in one pass keeps no state to go on from: paint it again, which takes "
            "about as long as reading a checkpoint"
        )
