"""The pictures of a run at each of its scales, as tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from impasto import imaging
from impasto.errors import PictureError
from impasto.imaging import tensors
from impasto.imaging.tensors import masks
from impasto.methods import coloring, validate
from impasto.methods.inputs import Inputs, style_shape
from impasto.methods.optimization import canvas
from impasto.methods.optimization.schedule import Scale
from impasto.methods.optimization.targets import Region, Scene, StyleView
from impasto.settings import StyleSettings

__all__ = ["Pictures"]


@dataclass(frozen=True)
class Pictures:
    """Content, styles, masks and, for `init="image:FILE"`, the start, cut to the final size.

    Attributes:
        inputs: as they were read, content and masks at the painting's final size.
        content: at the painting's final size; what is hidden has the colours around it.
        guide: the content as the network sees it, in the colours that `settings.color` asks for.
        styles: likewise, of any size.
        counts: where each style image is learnt from, (1, 1, h, w) in [0, 1], as large as the
            painting needs it; None for all of it.
        init: at the painting's final size, or None.
        masks: where each style paints, (1, 1, H, W) in [0, 1] at the final size; one for each
            style, or none.
        settings: how they meet.
        device: where tensors go.
    """

    inputs: Inputs
    content: imaging.Picture
    guide: imaging.Picture
    styles: tuple[imaging.Picture, ...]
    counts: tuple[Tensor | None, ...]
    init: imaging.Picture | None
    masks: tuple[Tensor, ...]
    settings: StyleSettings
    device: torch.device

    @classmethod
    def read(
        cls,
        content: imaging.Source,
        styles: imaging.Sources,
        settings: StyleSettings,
        device: torch.device,
        allow: Callable[[tuple[int, int], list[tuple[int, int]], int], None] | None = None,
        *,
        masks: imaging.Sources | None = None,
        style_masks: imaging.Sources | None = None,
    ) -> Pictures:
        """Read the inputs and cut them to size.

        Args:
            content, styles, settings, device, masks, style_masks: as for `impasto.run`.
            allow: called with the final (height, width) of the painting and of the style images,
                and in how many regions features are weighed, before anything is enlarged, to
                refuse what would not fit in memory.

        Raises:
            PictureError: if one cannot be read.
            SettingError: if masks or shares are not as many as the styles.
        """
        inputs = Inputs.read(content, styles, settings, masks=masks, style_masks=style_masks)
        shape = inputs.final_shape(settings)
        if allow is not None:
            shapes = [style_shape(style, shape, shape, settings) for style in inputs.styles]
            allow(shape, shapes, inputs.regions())
        fitted = inputs.fitted(inputs.content, settings)
        validate.visible(fitted)
        fitted = imaging.filled(fitted)
        init = inputs.init
        if init is not None:
            init = imaging.resized(init, *shape, resample=settings.resample)
        # Bilinear: the other filters overshoot, and a white mask would be grey beside its edges.
        masked = [inputs.fitted(mask, settings, resample="bilinear") for mask in inputs.masks]
        # What was larger than the painting is not needed again.
        inputs = replace(inputs, content=fitted, masks=tuple(masked))
        validate.masks(fitted, masked)
        where = tuple(_plane(imaging.shares(mask)) for mask in masked)
        counts = tuple(
            inputs.style_counts(which, style_shape(style, shape, shape, settings))
            for which, style in enumerate(inputs.styles)
        )
        guide, seen = coloring.prepared(fitted, inputs, counts, where, settings)
        return cls(inputs, fitted, guide, seen, counts, init, where, settings, device)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the finished painting, in px."""
        return self.content.height, self.content.width

    def style_shape(self, scale: Scale, which: int = 0) -> tuple[int, int]:
        """(height, width) in px of a style image at a scale; see `inputs.style_shape`."""
        read, at = self.inputs.styles[which], (scale.height, scale.width)
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
                f"layers has {smallest_side} px on its shorter side: pass a larger picture or "
                "--size, or --upscale"
            )
        final = Scale(*self.shape, 1)
        for which, style in enumerate(self.inputs.styles):
            height, width = self.style_shape(final, which)
            # A long style image is made smaller with the picture, and grows again where it must.
            small = min(style.height, style.width) < smallest_side and not self.settings.upscale
            if small or (self.settings.style_scale < 1 and min(height, width) < smallest_side):
                remedy = "pass a larger picture"
                if not small:
                    remedy += ", or a larger --style-scale"
                raise PictureError(
                    f"{style.name} is {style.width} x {style.height} px and would be read at "
                    f"{width} x {height} px; the smallest style {backbone} can learn from with "
                    f"these layers has {smallest_side} px on its shorter side: {remedy}"
                )

    def at(self, scale: Scale, smallest_side: int) -> Scene:
        """All that a painting looks at, at a scale."""
        views = []
        for which, style in enumerate(self.styles):
            height, width = self.style_shape(scale, which)
            # A long, thin style would vanish at the coarse scales.
            grow = max(1.0, smallest_side / min(height, width))
            size = round(height * grow), round(width * grow)
            counts = self.counts[which]
            if counts is not None:
                counts = masks.resized(counts, *size).to(self.device)
            views.append(StyleView(self._tensor(style, *size), counts, style.name))
        where = masks.normalised(list(self.masks)) if self.masks else []
        regions = [
            Region((view,), (1.0,), self._mask(mask, scale))
            for view, mask in zip(views, where, strict=bool(where))
        ]
        opacity = self.content.opacity
        return Scene(
            self._canvas(self.guide, scale),
            tuple(regions) or (Region(tuple(views), self.shares),),
            self._mask(self.painted, scale),
            None if opacity is None else self._mask(_plane(opacity), scale),
        )

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
            return None
        union = torch.stack(self.masks).sum(0).clamp(max=1)
        # Two masks that fill each other are each rounded to 8 bits when they are made smaller.
        return None if bool((union >= 254 / 255).all()) else union

    def start_at(self, scale: Scale) -> Tensor:
        """The start image at a scale, with its margin, (1, 3, H, W), standardised."""
        if self.init is None:
            raise ValueError("these settings start from no image")
        return self._canvas(self.init, scale)

    def _mask(self, mask: Tensor | None, scale: Scale) -> Tensor | None:
        if mask is None:
            return None
        smaller = masks.resized(mask, scale.height, scale.width)
        return canvas.mirrored(smaller, scale.margin).to(self.device)

    def _canvas(self, picture: imaging.Picture, scale: Scale) -> Tensor:
        return canvas.mirrored(self._tensor(picture, scale.height, scale.width), scale.margin)

    def _tensor(self, picture: imaging.Picture, height: int, width: int) -> Tensor:
        resized = imaging.resized(picture, height, width, resample=self.settings.resample)
        return tensors.preprocess(resized).to(self.device)


def _plane(shares: NDArray[np.float32]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(shares))[None, None]
