"""A one-pass network made ready for settings, and what it cannot heed of them, or of a task."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import torch
from torch import Tensor

from impasto import imaging
from impasto.errors import CheckpointError, PictureError, SettingError
from impasto.imaging import tensors
from impasto.imaging.tensors import masks
from impasto.methods import device as devices
from impasto.methods import precision
from impasto.methods.inputs import one_pass_shape
from impasto.methods.one_pass.engine import Engine, engine
from impasto.methods.protocol import RunOptions
from impasto.networks import BRUSH_FILE, features
from impasto.networks.features.layers import smallest_side
from impasto.networks.stylizers.reader import LAYERS
from impasto.settings import StyleSettings
from impasto.settings.model_files import split_model
from impasto.task import StyleTask

__all__ = [
    "SMALLEST",
    "check_sizes",
    "made_ready",
    "read",
    "refuse_pictureless",
    "refuse_reading",
    "refuse_unheeded",
    "taught",
]

SMALLEST = 16  # px of the shorter side of a picture
NEED_STYLES = ("match", "histogram", "only")


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


def refuse_unheeded(task: StyleTask[Any], options: RunOptions) -> None:
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
        "a cluster": options.holders is not None,
    }
    for what, given in unheeded.items():
        if given:
            raise SettingError(
                f"{what} means nothing to the method one-pass: leave it out, or paint with "
                "--method optimization"
            )
    if options.resume is not None:
        raise CheckpointError("no painting in one pass leaves a checkpoint: start it anew")


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
