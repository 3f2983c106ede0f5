"""How a picture is painted in one pass: read this file and you have seen the whole of it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from impasto import imaging
from impasto.errors import CheckpointError, PictureError, SettingError
from impasto.events import Event, Finished, Part, Started
from impasto.imaging import array_to_pil, tensors, with_alpha
from impasto.imaging.tensors import masks
from impasto.methods import compose, precision
from impasto.methods import device as devices
from impasto.methods.inputs import Inputs, one_pass_shape
from impasto.methods.one_pass import memory
from impasto.methods.one_pass.engine import WHOLE_PX, Engine, engine
from impasto.methods.pictures import Pictures
from impasto.methods.protocol import RunOptions
from impasto.methods.result import Result
from impasto.networks import BRUSH_FILE, features
from impasto.networks.features.layers import smallest_side
from impasto.networks.stylizers.reader import LAYERS
from impasto.settings import StyleSettings
from impasto.settings.heeded import HEEDED
from impasto.settings.model_files import split_model
from impasto.task import StyleTask

if TYPE_CHECKING:
    from PIL.Image import Image

    from impasto.methods.checkpoint import Checkpoint

__all__ = [
    "NEED_STYLES",
    "OnePass",
    "OnePassRun",
    "check_sizes",
    "made_ready",
    "prepared",
    "read",
    "refuse_pictureless",
    "refuse_reading",
    "taught",
]

SMALLEST = 16  # px of the shorter side of a picture
NEED_STYLES = ("match", "histogram", "only")


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
        _refuse_unheeded(task, options)
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


def refuse_reading(explicit: Collection[str]) -> None:
    """Refuse settings that say how a style picture is read, where none is.

    Raises:
        SettingError: one of them is explicit.
    """
    for name in ("style_scale", "style_fit"):
        if name in explicit:
            raise SettingError(
                f"{name} says how large a style picture is read, and a style that a network was "
                "taught or has read before has none here: leave it out"
            )


def made_ready(settings: StyleSettings) -> tuple[Engine, tuple[str, ...], StyleSettings]:
    """The network that settings name, the rows that they name, and the settings resolved.

    Raises:
        WeightsError: the network cannot be read.
        SettingError: the device or the precision is not to be had.
    """
    device = devices.choose(settings.device)
    settings = precision.resolved(settings, device)
    devices.set_up(settings, device)
    file, rows = (BRUSH_FILE, ()) if settings.model is None else split_model(settings.model)
    dtype = torch.bfloat16 if settings.precision == "bf16" else torch.float32
    return engine(file, device, dtype), rows, settings


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
    predicted = memory.check(shape, read_at, settings, ready.device, WHOLE_PX)
    # The painter has learnt to see photographs in all their colours.
    pictures = Pictures.fit(inputs, settings.model_copy(update={"content_chroma": 1.0}))
    return OnePassRun(ready, codes, pictures, settings, options, predicted)


def refuse_pictureless(settings: StyleSettings) -> None:
    """Refuse colours that are taken from a style's picture, where there is none.

    Raises:
        SettingError: `color` is one of `NEED_STYLES`.
    """
    if settings.color in NEED_STYLES:
        raise SettingError(
            f"color is {settings.color}, which needs the style's picture, and a style that a "
            "network was taught or has read before has none here: take style or luminance"
        )


def check_sizes(
    content: str,
    styles: Sequence[imaging.Picture],
    shape: tuple[int, int],
    read_at: Sequence[tuple[int, int]],
) -> None:
    """Refuse a photograph too small for a stroke, and styles too small for the deepest layer.

    Args:
        content: what messages call the photograph.
        styles: as they were read.
        shape: (height, width) in px of the painting.
        read_at: (height, width) in px at which each style is read.

    Raises:
        PictureError: with the size, the least one, and what helps.
    """
    if min(shape) < SMALLEST:
        raise PictureError(
            f"{content} would be painted at {shape[1]} x {shape[0]} px; the smallest "
            f"picture that is painted in one pass has {SMALLEST} px on its shorter side: pass a "
            "larger --size or picture, or --upscale"
        )
    least = smallest_side(features.find("slim"), list(LAYERS))
    for style, (height, width) in zip(styles, read_at, strict=True):
        if min(height, width) < least:
            raise PictureError(
                f"{style.name} is {style.width} x {style.height} px and would be read at "
                f"{width} x {height} px; the smallest style that is read in one pass has {least} "
                "px on its shorter side: pass a larger picture, a larger --style-scale or --size, "
                "or --upscale"
            )


class OnePassRun(Iterator[Event]):
    """A painting in progress.

    Args:
        ready: the network.
        codes: of the styles; none where they are read off the style pictures.
        pictures: content, styles and masks at the final size.
        settings: all of them.
        options: the format that will be written.
        predicted_bytes: peak of memory, this process included; 0 if nobody has predicted it.
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
    ) -> None:
        self._predicted_bytes = predicted_bytes
        self._engine, self._given, self._options = ready, list(codes), options
        self.pictures, self.settings = pictures, settings
        self._painted: Tensor | None = None
        self._began, self._ended_s = time.monotonic(), None  # type: float, float | None
        self._count = self._engine.parts(*self.shape) * max(1, len(pictures.masks))
        self._count *= settings.color != "only"
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
        result = self.result()
        yield Finished(
            0, result.picture, self.seconds, result.omissions(self._options.output_format)
        )

    def _paint_parts(self) -> Iterator[Event]:
        """The whole picture in the styles' blend, or once in each style, laid where its mask is."""
        codes = self._codes()
        photo = tensors.preprocess(self.pictures.guide)
        where = self.pictures.masks
        if not where:
            shares = self.settings.style_blend or [1.0] * len(codes)
            codes = [self._engine.blended(codes, shares)]
        done, total = 0, self._count
        laid, weight = torch.zeros(1, 3, *self.shape), torch.zeros(1, 1, *self.shape)
        for number, code in enumerate(codes):
            hand = self._engine.hand(code, self.settings.strength)
            for _, _, painting in self._engine.paint(photo, hand):
                done += 1
                if not where:
                    self._painted = painting
                    yield Part("tile", done, total, self.seconds)
                elif done % (total // len(codes)):
                    yield Part("tile", done, total, self.seconds)
            if where:
                laid += where[number] * painting
                weight += where[number]
                # Where masks overlap, each counts by its share; where none paints, nothing does.
                self._painted = torch.where(weight > 0, laid / weight.clamp(min=1e-6), photo)
                yield Part("tile", done, total, self.seconds)

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
        content = self.pictures.content
        if self._painted is None and self.settings.color != "only":
            pixels = content.floats
        else:
            x = self._painted if self._painted is not None else torch.zeros(1, 3, *self.shape)
            pixels = compose.pixels(self.pictures, x)
        return Result(
            picture=with_alpha(array_to_pil(pixels), content.alpha),
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


def read(
    ready: Engine,
    style: imaging.Picture,
    counts: Tensor | None,
    final: tuple[int, int],
    settings: StyleSettings,
) -> Tensor:
    """The code of a style picture, (S,).

    Args:
        ready: the network.
        style: of any size.
        counts: (1, 1, h, w), where it is learnt from; None for everywhere.
        final: (height, width) in px of the painting.
        settings: `style_scale`, `style_fit`, `upscale` and `resample` matter.
    """
    shape = one_pass_shape(style, final, settings)
    small = imaging.resized(style, *shape, resample=settings.resample)
    counts = None if counts is None else masks.resized(counts, *shape)
    return ready.code(tensors.preprocess(small), counts)


def _refuse_unheeded(task: StyleTask[Any], options: RunOptions) -> None:
    """Refuse what only an optimisation can heed.

    Raises:
        SettingError: a start picture, regions with options of their own, an extractor or terms.
        CheckpointError: a state to go on from.
    """
    unheeded = {
        "a start picture": task.start is not None,
        "layers or a content weight of a region": any(
            region.style_layers is not None or region.content_weight != 1 for region in task.regions
        ),
        "an extractor or terms of your own": options.extractor is not None or options.terms,
    }
    for what, given in unheeded.items():
        if given:
            raise SettingError(
                f"{what} means nothing to the method one-pass: leave it out, or paint with "
                "--method optimization"
            )
    if options.resume is not None:
        raise CheckpointError("no painting in one pass leaves a checkpoint: start it anew")


def taught(ready: Engine, named: tuple[str, ...]) -> list[Tensor]:
    """The codes of the styles that a network was taught and paints in, where no picture is given.

    Args:
        ready: the network.
        named: its rows, which are blended; the only one it has, if left out.

    Raises:
        SettingError: none is named, and it has several or none.
        UnknownNameError: it has no such row.
    """
    rows = named or ready.network.names
    if not rows:
        raise SettingError("no style is given: name at least one picture to learn from")
    if not named and len(rows) > 1:
        raise SettingError(
            f"this network was taught {', '.join(rows)}: say which, as in --model FILE:{rows[0]}, "
            "or several to blend them"
        )
    return [ready.network.code(row) for row in rows]
