"""What a painting looks at, at each scale of its pyramid, as tensors on its device."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from impasto import imaging
from impasto.faces import Face
from impasto.imaging.tensors import masks, preprocess
from impasto.methods.optimization import canvas
from impasto.methods.optimization.schedule import Scale
from impasto.methods.optimization.targets import Region, Scene, StyleView
from impasto.methods.optimization.tiles.canvas import picture_plane
from impasto.methods.pictures import Pictures, plane
from impasto.methods.plain import is_blank, is_plain
from impasto.methods.planes import Planes

__all__ = ["Pyramid"]


class Pyramid:
    """The pictures of a run at its scales; each scene is built once, when it is first asked for.

    Args:
        pictures: at the final size.
        scales: coarse to fine.
        smallest_side: of any picture that the network may look at, in px.
        device: where tensors go.
        tile: px of a tile; 0 where nothing is painted in tiles. Scales that are lie on the CPU.
        planes: where the pictures of such scales lie.

    Attributes:
        tile: as above.
        plain: of each style, whether there is next to no texture to learn from it.
        blank: whether the content image shows nothing.
    """

    def __init__(
        self,
        pictures: Pictures,
        scales: Sequence[Scale],
        smallest_side: int,
        device: torch.device,
        tile: int = 0,
        planes: Planes | None = None,
    ) -> None:
        self.pictures, self.scales, self.device = pictures, tuple(scales), device
        self.tile, self._planes = tile, planes or Planes()
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

    def is_tiled(self, scale: Scale) -> bool:
        """Whether a scale is painted in tiles."""
        return bool(self.tile) and max(scale.canvas) > self.tile

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
            self._faces(scale),
            pictures.forms,
        )

    def _faces(self, scale: Scale) -> tuple[Face, ...]:
        """The faces that are kept, in px of the canvas."""
        height, width = self.pictures.shape
        across, down = scale.width / width, scale.height / height
        return tuple(
            face.moved(across, down, scale.margin, scale.margin) for face in self.pictures.faces
        )

    def _style(self, which: int, scale: Scale) -> StyleView:
        pictures = self.pictures
        height, width = pictures.style_shape((scale.height, scale.width), which)
        # A long, thin style would vanish at the coarse scales.
        grow = max(1.0, self._smallest_side / min(height, width))
        size = round(height * grow), round(width * grow)
        counts = pictures.counts[which]
        if counts is not None:
            counts = self._placed(masks.resized(counts, *size), scale)
        style = pictures.styles[which]
        return StyleView(self._pixels(style, size, scale), counts, style.name, self.plain[which])

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
        return self._placed(canvas.mirrored(smaller, scale.margin), scale)

    def _canvas(self, picture: imaging.Picture, scale: Scale) -> Tensor:
        if self.is_tiled(scale):
            resized = self._resized(picture, scale.height, scale.width)
            return picture_plane(resized, scale.margin, self._planes)
        return canvas.mirrored(self._tensor(picture, scale.height, scale.width), scale.margin)

    def _tensor(self, picture: imaging.Picture, height: int, width: int) -> Tensor:
        return preprocess(self._resized(picture, height, width)).to(self.device)

    def _pixels(self, style: imaging.Picture, size: tuple[int, int], scale: Scale) -> Tensor:
        if self.is_tiled(scale):
            return picture_plane(self._resized(style, *size), 0, self._planes)
        return self._tensor(style, *size)

    def _resized(self, picture: imaging.Picture, height: int, width: int) -> imaging.Picture:
        resample = self.pictures.settings.resample
        return imaging.resized(picture, height, width, resample=resample)

    def _placed(self, mask: Tensor, scale: Scale) -> Tensor:
        return mask if self.is_tiled(scale) else mask.to(self.device)
