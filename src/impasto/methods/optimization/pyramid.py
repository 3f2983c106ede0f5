"""What a painting looks at, at each scale of its pyramid, as tensors on its device."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from impasto import imaging
from impasto.imaging.tensors import masks, preprocess
from impasto.methods.optimization import canvas
from impasto.methods.optimization.schedule import Scale
from impasto.methods.optimization.targets import Region, Scene, StyleView
from impasto.methods.pictures import Pictures, plane
from impasto.methods.plain import is_blank, is_plain

__all__ = ["Pyramid"]


class Pyramid:
    """The pictures of a run at its scales; each scene is built once, when it is first asked for.

    Args:
        pictures: at the final size.
        scales: coarse to fine.
        smallest_side: of any picture that the network may look at, in px.
        device: where tensors go.

    Attributes:
        plain: of each style, whether there is next to no texture to learn from it.
        blank: whether the content image shows nothing.
    """

    def __init__(
        self,
        pictures: Pictures,
        scales: Sequence[Scale],
        smallest_side: int,
        device: torch.device,
    ) -> None:
        self.pictures, self.scales, self.device = pictures, tuple(scales), device
        self._smallest_side = smallest_side
        self._scenes: dict[Scale, Scene] = {}
        self.blank = is_blank(pictures.content)
        looked_at = zip(pictures.styles, pictures.counts, strict=True)
        self.plain = tuple(is_plain(style, counts) for style, counts in looked_at)

    def at(self, scale: Scale) -> Scene:
        """All that a painting looks at, at a scale."""
        if scale not in self._scenes:
            self._scenes[scale] = self._built(scale)
        return self._scenes[scale]

    def forget(self, scale: Scale) -> None:
        """Let go of a scene that will not be looked at again."""
        self._scenes.pop(scale, None)

    def start(self, scale: Scale) -> Tensor | None:
        """The start picture at a scale, with its margin, (1, 3, H, W), standardised; or None."""
        init = self.pictures.init
        return None if init is None else self._canvas(init, scale)

    def _built(self, scale: Scale) -> Scene:
        pictures = self.pictures
        views = [self._style(which, scale) for which in range(len(pictures.styles))]
        opacity = pictures.content.opacity
        return Scene(
            self._canvas(pictures.guide, scale),
            self._regions(views, scale),
            self._mask(pictures.painted, scale),
            None if opacity is None else self._mask(plane(opacity), scale),
            self.blank,
            scale.margin,
        )

    def _style(self, which: int, scale: Scale) -> StyleView:
        pictures = self.pictures
        height, width = pictures.style_shape((scale.height, scale.width), which)
        # A long, thin style would vanish at the coarse scales.
        grow = max(1.0, self._smallest_side / min(height, width))
        size = round(height * grow), round(width * grow)
        counts = pictures.counts[which]
        if counts is not None:
            counts = masks.resized(counts, *size).to(self.device)
        style = pictures.styles[which]
        return StyleView(self._tensor(style, *size), counts, style.name, self.plain[which])

    def _regions(self, views: list[StyleView], scale: Scale) -> tuple[Region, ...]:
        """One for each mask; without masks one of all that is free, with all styles blended."""
        pictures = self.pictures
        if not pictures.masks:
            return (Region(tuple(views), pictures.shares, self._mask(pictures.free, scale)),)
        where = masks.normalised(list(pictures.masks))
        return tuple(
            Region((view,), (1.0,), self._mask(mask, scale), pictures.inputs.region_options(which))
            for which, (view, mask) in enumerate(zip(views, where, strict=True))
        )

    def _mask(self, mask: Tensor | None, scale: Scale) -> Tensor | None:
        if mask is None:
            return None
        smaller = masks.resized(mask, scale.height, scale.width)
        return canvas.mirrored(smaller, scale.margin).to(self.device)

    def _canvas(self, picture: imaging.Picture, scale: Scale) -> Tensor:
        return canvas.mirrored(self._tensor(picture, scale.height, scale.width), scale.margin)

    def _tensor(self, picture: imaging.Picture, height: int, width: int) -> Tensor:
        resample = self.pictures.settings.resample
        resized = imaging.resized(picture, height, width, resample=resample)
        return preprocess(resized).to(self.device)
