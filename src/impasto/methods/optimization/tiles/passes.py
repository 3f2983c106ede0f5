"""How a network looks at the px of one tile: down alone, or down and up for a gradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import torch
from torch import Tensor

from impasto.losses.sums import Sums, measured
from impasto.losses.windows import Window
from impasto.methods.optimization.objective import features_by
from impasto.methods.optimization.tiles.grid import Tile
from impasto.networks.features.passes import Looks, Workspace, down

__all__ = ["Measure", "Passes", "columns_of", "places_of"]

Asked: TypeAlias = Sequence[tuple[str, Callable[[Tensor], Tensor]]]


@dataclass(frozen=True)
class Passes:
    """A network, and what one pass leaves to the next.

    Attributes:
        network: gives features by layer, frozen.
        dtype: of the features.
        direct: whether gradients come without automatic differentiation.
    """

    network: Any
    dtype: torch.dtype = torch.float32
    direct: bool = True
    _workspace: Workspace = field(default_factory=Workspace, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._workspace.dtype = self.dtype

    def down(self, x: Tensor, asked: Asked) -> None:
        """Show features to whoever asked for them.

        Args:
            x: (1, 3, h, w), standardised.
            asked: layer, and what is called with its features.
        """
        taps: dict[str, list[Callable[[Tensor], Tensor]]] = {}
        for layer, tap in asked:
            taps.setdefault(layer, []).append(tap)
        if self.direct:
            down(self.network, x, taps, self._workspace)
            return
        with torch.no_grad():
            for layer, features in self._features(x).items():
                for tap in taps.get(layer, ()):
                    tap(features)

    def down_and_up(self, x: Tensor, taps: Mapping[str, Sequence[Looks]]) -> Tensor:
        """The gradient of what taps look at, shaped like x.

        Args:
            x: (1, 3, h, w), standardised.
            taps: by layer.
        """
        if self.direct:
            gradient: Tensor = self.network.value_and_gradient(x, taps, self._workspace)[1]
            if self.dtype == torch.bfloat16 and not x.isfinite().all():
                gradient.fill_(torch.nan)  # the ReLU of bfloat16 makes 0 of a NaN
            return gradient
        with torch.enable_grad():
            x = x.detach().clone().requires_grad_()
            features = {k: v for k, v in self._features(x).items() if k in taps}
        if not features:
            return torch.zeros_like(x)
        slopes = []
        for layer, own in features.items():
            slope = torch.zeros_like(own)
            for factor, tap in taps[layer]:
                tap(own.detach())
                tap.pull(slope, factor)
            slopes.append(slope)
        return torch.autograd.grad(list(features.values()), x, slopes)[0].contiguous()

    def _features(self, x: Tensor) -> dict[str, Tensor]:
        return features_by(self.network, x, bf16=self.dtype == torch.bfloat16)


class Measure:
    """Sums up the own places of features that it is shown.

    Args:
        window: of the tile.
        offsets, heads: as for `impasto.losses.sums.measured`.
        places: (1, 1, h, w), where features count; None for everywhere.
    """

    def __init__(
        self,
        window: Window,
        offsets: Sequence[tuple[int, int]],
        heads: int = 1,
        places: Tensor | None = None,
    ) -> None:
        self._window, self._offsets = window, offsets
        self._heads, self._places = heads, places
        self.sums: Sums

    def __call__(self, features: Tensor) -> Tensor:
        """Take the features' sums; of no use is what it gives."""
        self.sums = measured(features, self._window, self._offsets, self._heads, self._places)
        return features.new_zeros(())


def columns_of(x: Tensor, tile: Tile) -> Tensor:
    """What a tile sees of the rows of its band, contiguous."""
    return x[..., tile.seen[1]].contiguous()


def places_of(places: Tensor | None, tile: Tile, stride: int) -> Tensor | None:
    """What a tile sees of a map of weights.

    Args:
        places: (1, 1, h, w), of the whole; None for 1 everywhere.
        tile: of the grid.
        stride: of the map, in px.
    """
    if places is None:
        return None
    rows, columns = (slice(part.start // stride, -(-part.stop // stride)) for part in tile.seen)
    return places[:, :, rows, columns]
