"""The pictures of a task cut to the size of the painting, whatever the method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from impasto import faces, imaging
from impasto.errors import PictureError
from impasto.faces import Face
from impasto.methods import coloring
from impasto.methods.inputs import Inputs, style_shape
from impasto.methods.planes import Planes, release
from impasto.methods.remains import check_kept, check_masks, check_visible
from impasto.methods.tinted_faces import tinted_faces
from impasto.settings import StyleSettings
from impasto.text import is_ratio

__all__ = ["Pictures", "check_kept", "check_masks", "check_visible", "plane"]

BAND_PX = 2**20


@dataclass(frozen=True)
class Pictures:
    """Content, styles, masks and start picture, cut to the final size.

    Attributes:
        inputs: as they were read, content and masks at the painting's final size.
        content: at the painting's final size; what is hidden has the colours around it.
        guide: the content as the network sees it, in the colours that `settings.color` asks for,
            with faces in the styles' colours, or laid in as a cartoon.
        styles: likewise, of any size.
        counts: where each style image is learnt from, (1, 1, h, w) in [0, 1], as large as the
            painting needs it; None for all of it.
        init: the start picture at the painting's final size, or None.
        masks: where each style paints, (1, 1, H, W) in [0, 1] at the final size; one for each
            style, or none.
        free: what is not kept of the photograph, likewise; None for all of it.
        settings: how they meet.
        read_shape: (height, width) of the content as it was read, in px.
        faces: of `content`, that are kept like themselves; in px of it.
        forms: whether they are held by their forms too, and have the styles' colours.
    """

    inputs: Inputs
    content: imaging.Picture
    guide: imaging.Picture
    styles: tuple[imaging.Picture, ...]
    counts: tuple[Tensor | None, ...]
    init: imaging.Picture | None
    masks: tuple[Tensor, ...]
    free: Tensor | None
    settings: StyleSettings
    read_shape: tuple[int, int]
    faces: tuple[Face, ...] = ()
    forms: bool = True

    @classmethod
    def fit(
        cls,
        inputs: Inputs,
        settings: StyleSettings,
        known_faces: tuple[Face, ...] | None = None,
        *,
        forms: bool = True,
    ) -> Pictures:
        """Cut what was read to size.

        Args:
            inputs: as they were read.
            settings: all of them.
            known_faces: those of the content at its final size, if `keep_faces` needs them and they
                are known already.
            forms: whether faces are held by their forms too.

        Raises:
            PictureError: nothing of the content or of a mask is left at that size, or nothing of a
                style is left to learn from.
        """
        shape = inputs.final_shape(settings)
        fitted = inputs.fitted(inputs.content, settings)
        check_visible(fitted)
        fitted = imaging.filled(fitted)
        kept, notes = _kept_faces(fitted, settings, known_faces)
        draws = bool(settings.flat_colors or settings.lines)
        if draws and settings.color == "only":
            draws = False
            notes = (*notes, "colours alone are moved: flat_colors and lines change nothing")
        fitted = replace(fitted, notes=(*fitted.notes, *notes))
        start = inputs.task.start
        if start is not None:
            start = imaging.resized(start, *shape, resample=settings.resample)
        # Bilinear: the other filters overshoot, and a white mask would be grey beside its edges.
        masked = [inputs.fitted(mask, settings, resample="bilinear") for mask in inputs.masks]
        keep = inputs.task.keep
        keep = None if keep is None else inputs.fitted(keep, settings, resample="bilinear")
        # What was larger than the painting is not needed again.
        cut = replace(
            inputs, task=inputs.task.replace(content=fitted, masks=tuple(masked), keep=keep)
        )
        check_masks(fitted, masked)
        planes = Planes(fitted.scratch)
        where = tuple(
            _hardened(plane(imaging.shares(mask)), cut.region_options(which).hard, planes)
            for which, mask in enumerate(masked)
        )
        free = None
        if keep is not None:
            check_kept(fitted, keep, masked)
            free = _by_rows(lambda kept: 1 - kept, planes, plane(imaging.shares(keep)))
            where = tuple(_by_rows(torch.mul, planes, mask, free) for mask in where)
        counts = tuple(
            cut.style_counts(which, style_shape(style, shape, shape, settings))
            for which, style in enumerate(cut.styles)
        )
        coloured = where or (() if free is None else (free,) * len(cut.styles))
        guide, styles = coloring.prepared(fitted, cut, counts, coloured, settings)
        blend = None if where else settings.style_blend or (1.0,) * len(styles)
        tinted = kept if forms else ()
        guide = tinted_faces(guide, fitted, styles, counts, coloured, tinted, settings, blend=blend)
        if draws:
            guide = imaging.cartoon(guide, settings.flat_colors, settings.lines)
        read_shape = inputs.content.height, inputs.content.width
        return cls(
            cut,
            fitted,
            guide,
            styles,
            counts,
            start,
            where,
            free,
            settings,
            read_shape,
            kept,
            forms,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the finished painting, in px."""
        return self.content.height, self.content.width

    def style_shape(self, at: tuple[int, int], which: int = 0) -> tuple[int, int]:
        """(height, width) in px of a style image while the painting has the size `at`."""
        read = self.inputs.styles[which]
        return style_shape(read, self.shape, at, self.settings)

    def check_sizes(self, smallest_side: int, backbone: str) -> None:
        """Refuse pictures that the deepest layer cannot see.

        Raises:
            PictureError: if content or a style is smaller than `smallest_side` px.
        """
        if min(self.shape) < smallest_side:
            raise PictureError(
                f"{self.content.name} would be painted at {self.content.width} x "
                f"{self.content.height} px; the smallest picture {backbone} can paint with these "
                f"layers has {smallest_side} px on its shorter side: {self._remedy(smallest_side)}"
            )
        for which, style in enumerate(self.inputs.styles):
            height, width = self.style_shape(self.shape, which)
            # A long style image is made smaller with the picture, and grows again where it must.
            stretched = self.settings.style_fit == "stretch"
            enlarged = self.settings.upscale or stretched
            small = min(style.height, style.width) < smallest_side and not enlarged
            shrunk = stretched or self.settings.style_scale < 1
            if small or (shrunk and min(height, width) < smallest_side):
                remedy = "pass a larger picture, or "
                remedy += "--upscale" if small else "a larger --style-scale"
                raise PictureError(
                    f"{style.name} is {style.width} x {style.height} px and would be read at "
                    f"{width} x {height} px; the smallest style {backbone} can learn from with "
                    f"these layers has {smallest_side} px on its shorter side: {remedy}"
                )

    def _remedy(self, smallest_side: int) -> str:
        """What makes the painting's shorter side long enough."""
        if self.settings.shape is not None and not is_ratio(self.settings.shape):
            return "pass a larger --shape"
        short, long = sorted(self.read_shape)
        enough = -(-smallest_side * long // short)
        if short >= smallest_side or self.settings.upscale:
            return f"pass a larger --size, here {enough} or more"
        # A larger size alone enlarges no picture.
        is_enough = (self.settings.size or 0) >= enough
        more = "" if is_enough else f" with --size {enough} or more"
        return f"pass a larger picture, or --upscale{more}"

    @property
    def regional(self) -> bool:
        """Whether anything but the whole of every picture counts."""
        return self.inputs.regions() > 0

    @property
    def shares(self) -> tuple[float, ...]:
        """Of each style in a blend."""
        return self.settings.style_blend or (1.0,) * len(self.styles)

    @property
    def painted(self) -> Tensor | None:
        """What may be painted at all, (1, 1, H, W) in [0, 1]; None for all of it."""
        if not self.masks:
            return self.free
        is_all = True

        def union(*masks: Tensor) -> Tensor:
            nonlocal is_all
            some = torch.stack(masks).sum(0).clamp(max=1)
            # Two masks that fill each other are each rounded to 8 bits when they are made smaller.
            is_all = is_all and bool((some >= 254 / 255).all())
            return some

        painted = _by_rows(union, Planes(self.content.scratch), *self.masks)
        return None if is_all else painted


def _kept_faces(
    content: imaging.Picture, settings: StyleSettings, known: tuple[Face, ...] | None
) -> tuple[tuple[Face, ...], tuple[str, ...]]:
    """The faces of the content that are kept, and what there is to tell of them."""
    if not settings.keep_faces:
        return (), ()
    if settings.color == "only":
        return (), ("colours alone are moved, which keeps faces as they are",)
    if known is not None:
        return known, ()
    kept, note = faces.kept(content)
    return kept, (note,)


def plane(shares: NDArray[np.float32]) -> Tensor:
    """(H, W) shares as a (1, 1, H, W) tensor."""
    return torch.from_numpy(np.ascontiguousarray(shares))[None, None]


def _hardened(mask: Tensor, hard: bool, planes: Planes) -> Tensor:
    return _by_rows(lambda rows: (rows >= 0.5).to(rows), planes, mask) if hard else mask


def _by_rows(function: Callable[..., Tensor], planes: Planes, *masks: Tensor) -> Tensor:
    """What a function of places makes of masks of one size, some rows at a time."""
    out = planes.new(*masks[0].shape)
    height, width = out.shape[-2:]
    step = max(1, BAND_PX // width)
    for top in range(0, height, step):
        out[:, :, top : top + step] = function(*(mask[:, :, top : top + step] for mask in masks))
        release()
    return out
