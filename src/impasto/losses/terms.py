"""A loss bound to what it compares with: the parts that an objective is the sum of.

A term reads the features of a network by layer, or the picture itself, and gives one number. It
knows neither where its targets come from nor what else is summed: a method binds them. Letters as
in `impasto.losses`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

from torch import Tensor

from impasto.losses.content import ContentLoss
from impasto.losses.style import StyleLoss
from impasto.losses.taps import WeightedTap
from impasto.losses.total_variation import TotalVariationLoss

__all__ = [
    "ContentTarget",
    "ContentTerm",
    "Features",
    "LossTerm",
    "StyleTarget",
    "StyleTerm",
    "TotalVariationTerm",
]

Features: TypeAlias = Mapping[str, Tensor]


class LossTerm(Protocol):
    """One part of an objective.

    Attributes:
        name: what events, logs and curves call it; "total" is taken.
        weight: factor in the sum, at least 0.
        layers: of the features that it reads; empty if it reads the picture alone.
    """

    @property
    def name(self) -> str: ...

    @property
    def weight(self) -> float: ...

    @property
    def layers(self) -> Sequence[str]: ...

    def __call__(self, picture: Tensor, features: Features) -> Tensor:
        """The loss before its weight, a scalar.

        Args:
            picture: (1, 3, H, W), standardised.
            features: of that picture, at least `layers`.
        """


class ContentTarget(NamedTuple):
    """What one layer is to keep.

    Attributes:
        layer: its name.
        weight: of the layer.
        features: (1, C, h, w), of the content image.
        places: (1, 1, h, w), where it counts; None for everywhere.
    """

    layer: str
    weight: float
    features: Tensor
    places: Tensor | None = None


class PictureLoss(Protocol):
    """A loss that reads the picture itself."""

    def __call__(self, picture: Tensor) -> Tensor:
        """The loss of a picture (1, 3, H, W), standardised; a scalar."""

    def add_gradient(self, picture: Tensor, gradient: Tensor, factor: float) -> Tensor:
        """The loss; `factor` times its gradient is added to `gradient`, in place."""


@dataclass(frozen=True)
class ContentTerm:
    """How far features are from those of the content image, summed over layers.

    Attributes:
        targets: of the layers.
        loss: of features against theirs.
        weight, name: as for every term.
        seen: what else of the content is kept, in the picture itself; None for nothing.
    """

    targets: Sequence[ContentTarget]
    loss: ContentLoss
    weight: float = 1.0
    name: str = "content"
    seen: PictureLoss | None = None

    @property
    def layers(self) -> list[str]:
        """Those of its targets."""
        return [target.layer for target in self.targets]

    def __call__(self, picture: Tensor, features: Features) -> Tensor:
        """The loss before its weight."""
        total = picture.new_zeros(())
        for layer, weight, target, places in self.targets:
            total = total + weight * self.loss(features[layer], target, places)
        return total if self.seen is None else total + self.seen(picture)

    def add_gradient(self, picture: Tensor, gradient: Tensor) -> Tensor:
        """What is kept in the picture itself; its weighted gradient is added to `gradient`."""
        if self.seen is None:
            return picture.new_zeros(())
        return self.seen.add_gradient(picture, gradient, self.weight)

    def taps(self) -> list[WeightedTap]:
        """What is kept of features, as the sum of its layers' taps."""
        return [
            WeightedTap(layer, weight, self.loss.tap(target, places))
            for layer, weight, target, places in self.targets
        ]


class StyleTarget(NamedTuple):
    """What one layer is to be like, in all of the picture or a region of it.

    Attributes:
        layer: its name.
        weight: of the layer, and of the region's share of the picture.
        loss: holds the statistics of the styles.
        places: (1, 1, h, w), where the picture counts; None for everywhere.
    """

    layer: str
    weight: float
    loss: StyleLoss
    places: Tensor | None = None


@dataclass(frozen=True)
class StyleTerm:
    """How far statistics of features are from those of the styles, summed over layers."""

    targets: Sequence[StyleTarget]
    weight: float = 1.0
    name: str = "style"

    @property
    def layers(self) -> list[str]:
        """Those of its targets, each once."""
        return list(dict.fromkeys(target.layer for target in self.targets))

    def __call__(self, picture: Tensor, features: Features) -> Tensor:
        """The loss before its weight."""
        total = picture.new_zeros(())
        for layer, weight, loss, places in self.targets:
            total = total + weight * loss(features[layer], places)
        return total

    def taps(self) -> list[WeightedTap]:
        """The same loss as the sum of its layers' taps."""
        return [
            WeightedTap(layer, weight, loss.tap(places))
            for layer, weight, loss, places in self.targets
        ]


@dataclass(frozen=True)
class TotalVariationTerm:
    """How much neighbouring pixels differ; reads the picture itself."""

    loss: TotalVariationLoss
    weight: float = 1.0
    name: str = "tv"
    layers: Sequence[str] = field(default=())

    def __call__(self, picture: Tensor, features: Features) -> Tensor:  # noqa: ARG002 - a term's
        """The loss before its weight; 0 where that is 0."""
        return self.loss(picture) if self.weight else picture.new_zeros(())

    def add_gradient(self, picture: Tensor, gradient: Tensor) -> Tensor:
        """The loss before its weight; the weighted one's gradient is added to `gradient`.

        Args:
            picture: (1, 3, H, W), standardised.
            gradient: of that shape; changed in place.
        """
        if not self.weight:
            return picture.new_zeros(())
        return self.loss.add_gradient(picture, gradient, self.weight)
