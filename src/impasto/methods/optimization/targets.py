"""What a painting looks at, at one scale: content, styles, and where each of them counts."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from impasto.faces import Face
from impasto.methods.optimization import canvas
from impasto.task import RegionOptions

__all__ = ["Region", "Scene", "StyleView"]


@dataclass(frozen=True)
class StyleView:
    """A style image.

    Attributes:
        pixels: (1, 3, h, w), standardised.
        counts: (1, 1, h, w) in [0, 1], where it is learnt from; None for everywhere.
        name: for messages.
        plain: whether there is next to no texture to learn from it.
    """

    pixels: Tensor
    counts: Tensor | None = None
    name: str = "the style"
    plain: bool = False


@dataclass(frozen=True)
class Region:
    """A part of the picture and the style it is painted in.

    Attributes:
        styles: one, or several that are blended.
        shares: of each of them, with any sum above 0.
        where: (1, 1, H, W) in [0, 1]; None for the whole picture.
        options: its own layers, content weight and edges.
    """

    styles: tuple[StyleView, ...]
    shares: tuple[float, ...]
    where: Tensor | None = None
    options: RegionOptions = field(default_factory=RegionOptions)


@dataclass(frozen=True)
class Scene:
    """Everything an objective compares with.

    Attributes:
        content: (1, 3, H, W), standardised, with its margin, as is all that has its size.
        regions: at least one.
        painted: (1, 1, H, W) in [0, 1], what may be painted; elsewhere the content stays. None
            for all of it.
        visible: (1, 1, H, W) in [0, 1], the content image's opacity; None for opaque.
        blank: whether the content image shows nothing.
        margin: px at each edge that are cut off in the end.
        faces: that are kept like themselves, in px of `content`.
        forms: whether they are held by their forms too.
    """

    content: Tensor
    regions: tuple[Region, ...]
    painted: Tensor | None = None
    visible: Tensor | None = None
    blank: bool = False
    margin: int = 0
    faces: tuple[Face, ...] = ()
    forms: bool = True

    def colours(self) -> list[tuple[canvas.Colours, Tensor | None]]:
        """The colours of each region's styles, and where it is, for a start from them."""
        return [
            (
                canvas.blended(
                    [canvas.colours_of(style.pixels, style.counts) for style in region.styles],
                    region.shares,
                ),
                region.where,
            )
            for region in self.regions
        ]

    @classmethod
    def of(cls, content: Tensor, style: Tensor) -> Scene:
        """One style, everywhere.

        Example:
            >>> len(Scene.of(torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 5, 7)).regions)
            1
        """
        return cls(content, (Region((StyleView(style),), (1.0,)),))

    def composed(self, x: Tensor) -> Tensor:
        """The picture that pixels make: theirs where it is painted, the content's elsewhere.

        Args:
            x: (1, 3, H, W), standardised.
        """
        return x if self.painted is None else torch.lerp(self.content, x, self.painted)

    def share(self, region: Region) -> float:
        """The part of what is visible that a region has, from 0 to 1."""
        if region.where is None:
            return 1.0
        if self.visible is None:
            return region.where.mean().item()
        return ((region.where * self.visible).sum() / self.visible.sum()).item()
