"""Painting with ONNX graphs that `impasto export` wrote: onnxruntime paints, and no torch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from impasto import faces, imaging
from impasto.errors import (
    CheckpointError,
    MemoryShortError,
    PictureError,
    SettingError,
    WeightsError,
)
from impasto.events import Event, Finished, Part, Started
from impasto.imaging.codecs.bit_depth import levels
from impasto.methods import coloring, system_memory
from impasto.methods.inputs import GENTLE, Inputs, one_pass_shape, painter_strength
from impasto.methods.onnx_networks import Networks
from impasto.methods.protocol import RunOptions
from impasto.methods.remains import check_kept, check_masks, check_visible
from impasto.methods.result import Result
from impasto.networks.graphs import Graph
from impasto.settings import StyleSettings
from impasto.settings.heeded import HEEDED
from impasto.settings.model_files import is_onnx, split_model
from impasto.task import StyleTask
from impasto.text import format_gigabytes, format_path

if TYPE_CHECKING:
    from PIL.Image import Image

    from impasto.methods.checkpoint import Checkpoint

__all__ = ["Onnx", "OnnxRun"]

Pixels = NDArray[np.float32]

# Peak of memory in bytes a px, the numpy arrays around the graph included (measured at 1 to 12 MP).
BYTES, LEAN_BYTES = 600, 300
FRAME = 216  # px that a network adds to each side of a picture, or a few more than it does
LEAN_FROM = 4_000_000  # px: below, memory is kept for speed


class Onnx:
    """A graph paints in one pass; the file that the setting `model` names brings it along."""

    name = "onnx"
    reads = HEEDED["onnx"]

    def check(self, settings: StyleSettings) -> None:
        """As `impasto.methods.protocol.Method.check` says."""
        if not is_onnx(settings.model):
            raise SettingError(
                f"the method onnx paints with an ONNX file, and model is {settings.model}: give "
                "--model FILE.onnx, which impasto export writes"
            )
        if split_model(settings.model or "")[1]:
            raise SettingError(
                f"model is {settings.model}, and an ONNX file has no rows: name the file alone"
            )
        if settings.color == "only":
            raise SettingError(
                "color is only, which paints nothing and needs no model: leave one of them out"
            )

    def seedless(self, settings: StyleSettings) -> str:  # noqa: ARG002 - of any settings
        """As `impasto.methods.seedless` says."""
        return "nothing is random in a single pass"

    def prepare(
        self, task: StyleTask[Any], settings: StyleSettings, options: RunOptions
    ) -> OnnxRun:
        """As `impasto.methods.protocol.Method.prepare` says."""
        self.check(settings)
        assert settings.model is not None
        if options.resume is not None:
            raise CheckpointError("a painting of a single pass has no checkpoint: paint it anew")
        wished = {
            "style-mask": bool(task.style_masks),
            "init": task.start is not None,
            "cluster": options.holders is not None,
        }
        for option, is_given in wished.items():
            if is_given:
                raise SettingError(
                    f"{settings.model} paints in one pass, and --{option} is of the method "
                    "optimization, which needs torch: leave one of them out"
                )
        networks = Networks.opened(settings)
        networks.check(task, settings)
        inputs = Inputs.read(task, settings)
        predicted = _check_memory(inputs, settings, networks)
        scene = _Scene.of(inputs, settings, networks)
        if scene.content.height * scene.content.width > LEAN_FROM:
            networks = replace(networks, painter=networks.painter.lean())
        return OnnxRun(networks, scene, predicted, options)


@dataclass(frozen=True)
class _Scene:
    """What is painted.

    Attributes:
        inputs: as they were read.
        content: at the painting's size; what is hidden has the colours around it.
        styles: as they are read by the network, none if it has its own.
        planes: (H, W) in [0, 1], where each style paints; none for everywhere and all together.
        settings: how they meet.
        notes: what may surprise.
        faces: (H, W) in [0, 1], where faces are that are kept like themselves; None for nowhere.
    """

    inputs: Inputs
    content: imaging.Picture
    styles: tuple[imaging.Picture, ...]
    planes: tuple[Pixels, ...]
    settings: StyleSettings
    notes: tuple[str, ...]
    faces: Pixels | None = None

    @classmethod
    def of(cls, inputs: Inputs, settings: StyleSettings, networks: Networks) -> _Scene:
        """Cut everything to size.

        Raises:
            PictureError: nothing is left to paint, or a picture is too small.
        """
        content = inputs.fitted(inputs.content, settings)
        check_visible(content)
        content = imaging.filled(content)
        _check_side(content, networks.painter, "--size")
        masks = [inputs.fitted(mask, settings, resample="bilinear") for mask in inputs.masks]
        check_masks(content, masks)
        planes = [imaging.shares(mask) for mask in masks]
        if inputs.task.keep is not None:
            keep = inputs.fitted(inputs.task.keep, settings, resample="bilinear")
            check_kept(content, keep, masks)
            free = 1 - imaging.shares(keep)
            planes = [plane * free for plane in planes] or [free]
        over = np.maximum(1, np.sum(planes, axis=0)) if planes else 1
        shares = tuple(np.asarray(plane / over, np.float32) for plane in planes)
        styles = tuple(
            _read_style(style, content, settings, networks.reader) for style in inputs.styles
        )
        notes = list(inputs.notes(settings))
        if inputs.content.bits == 16 or settings.bits == "16":
            notes.append(
                f"{networks.name} takes and gives 8 bits a channel: a file of 16 holds no finer "
                "levels where it has painted"
            )
        ovals = None
        if settings.keep_faces:
            found, note = faces.kept(content)
            notes.append(note)
            if found:
                ovals = faces.maps(found, (content.height, content.width)).oval
        return cls(inputs, content, styles, shares, settings, tuple(notes), ovals)


def _read_style(
    style: imaging.Picture,
    content: imaging.Picture,
    settings: StyleSettings,
    reader: Graph | None,
) -> imaging.Picture:
    """A style at the size at which it is read, in the colours that the settings ask for."""
    assert reader is not None
    final = content.height, content.width
    shape = one_pass_shape(style, final, settings)
    style = imaging.resized(style, *shape, resample=settings.resample)
    _check_side(style, reader, "--style-scale")
    if settings.color in coloring.MOVES:
        move = coloring.MOVES[settings.color]
        moved = move(style.floats, content.floats, style.opacity, content.opacity)
        style = replace(style, pixels=levels(moved), alpha=None)
    elif (asked := coloring.wished(style, settings, style.opacity)) is not style:
        style = replace(style, pixels=levels(asked.floats), alpha=None)
    return style


def _check_memory(inputs: Inputs, settings: StyleSettings, networks: Networks) -> int:
    """The predicted peak in bytes, this process included; refuses what does not fit.

    Raises:
        MemoryShortError: it is more than what is free, unless `settings.force`.
    """
    height, width = inputs.final_shape(settings)
    places = (height + FRAME) * (width + FRAME)
    needed = places * (LEAN_BYTES if height * width > LEAN_FROM else BYTES)
    free = system_memory.free_bytes()
    if needed > free and not settings.force:
        largest = int(max(height, width) * (0.9 * free / needed) ** 0.5) // 16 * 16
        raise MemoryShortError(
            f"painting {width} x {height} px with {networks.name} needs about "
            f"{format_gigabytes(needed)} and {format_gigabytes(free)} are free: pass --size "
            f"{max(16, largest)}, or --force to try all the same"
        )
    return system_memory.resident_bytes() + needed


def _check_side(picture: imaging.Picture, graph: Graph, remedy: str) -> None:
    if min(picture.height, picture.width) < graph.smallest_side:
        raise PictureError(
            f"{picture.name} would be {picture.width} x {picture.height} px; the smallest picture "
            f"that {format_path(graph.path)} takes has {graph.smallest_side} px on its shorter "
            f"side: pass a larger one, a larger {remedy}, or --upscale"
        )


class OnnxRun(Iterator[Event]):
    """A painting of one pass for each style, or for a blend of them.

    Args:
        networks: that paint.
        scene: that is painted.
        predicted_bytes: peak of memory.
        options: of it the format that will be written matters.

    Attributes:
        settings: all of them.
    """

    def __init__(
        self, networks: Networks, scene: _Scene, predicted_bytes: int, options: RunOptions
    ) -> None:
        self._networks, self._scene, self._options = networks, scene, options
        self._predicted_bytes = predicted_bytes
        self.settings = scene.settings
        # With masks a pass for each style; else one, for a blend or the only style.
        self._passes = len(scene.inputs.masks) or 1
        self._clock, self._ended_s = time.monotonic(), 0.0
        self._painted: Pixels = scene.content.floats
        self._events = self._paint()

    def __len__(self) -> int:
        """How many events it gives: `Started`, a `Part` for each pass, and `Finished`."""
        return self._passes + 2

    def __next__(self) -> Event:
        return next(self._events)

    def _paint(self) -> Iterator[Event]:
        yield Started(
            steps=0,
            backbone=self._networks.painter.text.get("network", ""),
            threads=self._networks.painter.threads,
            predicted_bytes=self._predicted_bytes,
            notes=self._scene.notes,
            method=Onnx.name,
            shape=self.shape,
        )
        photo, planes = self._scene.content.floats, self._scene.planes
        together = photo.copy() if planes else photo
        for number in range(self._passes):
            painted = self._pass(number, self.settings.strength)
            if self._scene.faces is not None:
                gentle = self._pass(number, GENTLE)
                painted = painted + self._scene.faces[..., None] * (gentle - painted)
            painted = coloring.finished(
                painted, photo, self.settings, from_pictures=bool(self._scene.styles)
            )
            if planes:
                together += planes[number][..., None] * (painted - photo)
            else:
                together = painted
            yield Part("style", number + 1, self._passes, self.seconds)
        self._painted = together.clip(0, 1)
        self._ended_s = self.seconds
        result = self.result()
        notes = result.omissions(self._options.output_format)
        yield Finished(0, result.picture, self.seconds, notes)

    def _pass(self, number: int, strength: float | None) -> Pixels:
        """What the graph paints, (H, W, 3), sRGB in [0, 1]: of one style, or of all of them."""
        image = levels(self._scene.content.floats)
        inputs: dict[str, NDArray[Any]] = {}
        if self._networks.reader is not None:
            masked = bool(self._scene.inputs.masks)
            styles = self._scene.styles[number : number + 1] if masked else self._scene.styles
            codes = [self._networks.reader.run(style=levels(s.floats)) for s in styles]
            if len({code.shape for code in codes}) > 1:
                raise WeightsError(
                    f"{format_path(self._networks.reader.path)} reads codes of several lengths, as "
                    "no network does that impasto exports: export it again"
                )
            shares = None if masked else self.settings.style_blend
            inputs["code"] = np.average(codes, axis=0, weights=shares).astype(np.float32)
            inputs["strength"] = np.full((1, 1), painter_strength(strength), np.float32)
        painted = self._networks.painter.run(image=image, **inputs)
        return painted.astype(np.float32) / np.float32(255)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the finished picture, in px."""
        return self._scene.content.height, self._scene.content.width

    @property
    def seconds(self) -> float:
        """Since it was made ready."""
        return self._ended_s or time.monotonic() - self._clock

    def past_events(self) -> Iterator[Event]:
        """None: there is nothing to go on from."""
        return iter(())

    def picture(self) -> Image:
        """The picture so far: the photograph, until the last pass is done."""
        return imaging.with_alpha(imaging.array_to_pil(self._painted), self._scene.content.alpha)

    def result(self) -> Result:
        """The picture so far, and how it came about."""
        inputs, networks = self._scene.inputs, self._networks
        files = [graph.path for graph in (networks.painter, networks.reader) if graph is not None]
        return Result(
            picture=self.picture(),
            pixels=self._painted,
            losses=[],
            settings=self.settings,
            seconds=self.seconds,
            content=self._scene.content,
            inputs=(*inputs.paths(), *files),
            recipe=inputs.record(self.settings),
        )

    keeps_state = False

    def checkpoint(self, outputs: dict[str, Any] | None = None) -> Checkpoint:  # noqa: ARG002
        """As `impasto.methods.protocol.Run.checkpoint` says.

        Raises:
            CheckpointError: always.
        """
        raise CheckpointError("a painting of a single pass keeps no checkpoint: paint it anew")
