"""A pass down a VGG and back up that gives the gradient of taps without automatic differentiation.

Torch would keep the padded input of every convolution, which a gradient of the picture alone has
no use for, and write each layer's gradient three times: once for the ReLU, once for each loss, once
for their sum. Here only the features are kept, and each layer's gradient is written once and
changed in place. Letters as in `impasto.networks.features.plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.networks.features.frames import cropped, fill_edges, fold_edges

if TYPE_CHECKING:
    from impasto.networks.features.plan import Convolution
    from impasto.networks.features.vgg import VGG

__all__ = ["Looking", "Looks", "Workspace", "down", "down_and_up"]

aten = torch.ops.aten


class Looking(Protocol):
    """What looks at a layer's features and adds to their gradient; see `impasto.losses.taps`."""

    def __call__(self, features: Tensor) -> Tensor: ...

    def pull(self, gradient: Tensor, factor: float) -> None: ...


class Looks(NamedTuple):
    """A tap and the factor of its loss in the sum whose gradient is wanted."""

    factor: float
    tap: Looking


@dataclass
class Workspace:
    """What one pass leaves to the next, so that its memory is not asked for again.

    Memory that is new costs more than what is computed in it: the system clears every page first.

    Attributes:
        dtype: of features and gradients: float32 or bfloat16.
        tensors: by name; overwritten by each pass.
    """

    dtype: torch.dtype = torch.float32
    tensors: dict[str, Tensor] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs of it: no leavings."""
        return {"dtype": self.dtype, "tensors": {}}

    def like(self, name: str, x: Tensor, edge: int = 0) -> Tensor:
        """A tensor with the channels and layout of (1, C, H, W), and that many more places around.

        Its numbers are those of its last use.
        """
        _, channels, height, width = x.shape
        shape = (1, channels, height + 2 * edge, width + 2 * edge)
        size = channels * shape[2] * shape[3]
        flat = self.tensors.get(name)
        if flat is None or flat.numel() < size or flat.dtype != x.dtype:
            self.tensors[name] = flat = x.new_empty(size)
        if is_channels_last(x):
            return flat[:size].view(1, *shape[2:], channels).permute(0, 3, 1, 2)
        return flat[:size].view(shape)


def is_channels_last(x: Tensor) -> bool:
    """Of a tensor that may be the inner part of a larger one."""
    return x.stride(1) == 1 and x.shape[1] > 1


@dataclass
class _Kept:
    """What the way back needs of one convolution."""

    convolution: Convolution
    features: Tensor  # after the ReLU, or before it where there is none
    rectified: bool
    padded: torch.Size
    pooled: Tensor | None = None  # what was pooled before it
    indices: Tensor | None = None  # of max pooling


def down_and_up(
    network: VGG,
    x: Tensor,
    taps: Mapping[str, Sequence[Looks]],
    workspace: Workspace | None = None,
) -> tuple[dict[str, list[Tensor]], Tensor]:
    """The losses of taps, and the gradient of their weighted sum.

    Args:
        network: on the CPU; as deep as the deepest tap.
        x: (1, 3, H, W), standardised.
        taps: by layer; they are shown features and gradients of the workspace's dtype.
        workspace: of the passes before; a new one of float32 if left out.

    Returns:
        The loss of each tap, by layer in the order of `taps`; the gradient, shaped like `x`,
        float32.
    """
    return _Pass(network, taps, workspace or Workspace()).run(x)


@torch.no_grad()
def down(
    network: VGG,
    x: Tensor,
    taps: Mapping[str, Sequence[Callable[[Tensor], Tensor]]],
    workspace: Workspace | None = None,
) -> dict[str, list[Tensor]]:
    """What taps make of features, on the way down alone; nothing is kept for a way back.

    Args:
        network, x, workspace: as for `down_and_up`.
        taps: by layer; each is shown its features once, as far down as the deepest of them.

    Returns:
        What each tap gave, by layer in the order of `taps`.
    """
    looks = {layer: [Looks(0.0, tap) for tap in some] for layer, some in taps.items()}  # type: ignore[arg-type]
    return _Pass(network, looks, workspace or Workspace()).look(x)


class _Pass:
    def __init__(
        self, network: VGG, taps: Mapping[str, Sequence[Looks]], workspace: Workspace
    ) -> None:
        self._network, self._taps, self._workspace = network, taps, workspace
        self._losses: dict[str, list[Tensor]] = {}
        self._kept: list[_Kept] = []

    @torch.no_grad()
    def run(self, x: Tensor) -> tuple[dict[str, list[Tensor]], Tensor]:
        self._down(x)
        return self._losses, self._up(x)

    def look(self, x: Tensor) -> dict[str, list[Tensor]]:
        self._down(x, keeps=False)
        return self._losses

    def _look(self, layer: str, features: Tensor) -> None:
        if layer in self._taps:
            self._losses[layer] = [tap(features) for _, tap in self._taps[layer]]

    def _down(self, x: Tensor, *, keeps: bool = True) -> None:
        network, convolutions = self._network, self._network.convolutions
        tapped = [n for n, c in enumerate(convolutions) if {c.conv, c.relu} & self._taps.keys()]
        if not keeps:
            convolutions = convolutions[: max(tapped, default=-1) + 1]
        x = x.to(self._workspace.dtype)
        padded: Tensor | None = None
        for number, c in enumerate(convolutions):
            pooled, indices = None, None
            if c.pooled:
                pooled = x
                if network.pooling == "max":
                    x, indices = aten.max_pool2d_with_indices(x, [2, 2], [2, 2])
                else:
                    x = aten.avg_pool2d(x, [2, 2], [2, 2])
            if padded is None:
                padded = self._framed(x, "frame")
            shape = padded.shape
            x, padded = network.convolve(padded, c.conv), None
            self._look(c.conv, x)
            last = number + 1 == len(convolutions)
            rectified = not last or c.relu in (network.layers if keeps else self._taps)
            if rectified:
                if c.relu in self._taps or last or convolutions[number + 1].pooled:
                    x = rectify(x, torch.empty_like(x) if c.conv in self._taps else x)
                    self._look(c.relu, x)
                else:  # into the middle of what the next convolution reads
                    padded = self._framed(x, c.relu, rectified=True)
                    x = padded if network.padding == "zero" else cropped(padded)
            if keeps:
                self._kept.append(_Kept(c, x, rectified, shape, pooled, indices))

    def _framed(self, x: Tensor, name: str, *, rectified: bool = False) -> Tensor:
        """(1, C, H, W) as its next convolution takes it: zeros are added by that itself."""
        if self._network.padding == "zero":
            return rectify(x, self._workspace.like(name, x)) if rectified else x
        padded = self._workspace.like(name, x, edge=1)
        if rectified:
            rectify(x, cropped(padded))
        else:
            cropped(padded).copy_(x)
        return fill_edges(padded, self._network.padding)

    def _up(self, x: Tensor) -> Tensor:
        network = self._network
        if not self._kept:
            return torch.zeros_like(x)
        gradient = torch.zeros_like(self._kept[-1].features)
        while self._kept:
            now = self._kept.pop()
            c, features = now.convolution, now.features
            whole = self._workspace.like("gradient", features)
            looks = self._taps.get(c.relu, ()) if now.rectified else ()
            if looks or not now.rectified:
                gradient = whole.copy_(gradient)
            for factor, tap in looks:
                tap.pull(gradient, factor)
            if now.rectified:
                aten.threshold_backward.grad_input(gradient, features, 0, grad_input=whole)
                gradient = whole
            for factor, tap in self._taps.get(c.conv, ()):
                tap.pull(gradient, factor)
            gradient = network.convolve_back(gradient, c.conv, now.padded)
            if network.padding != "zero":
                gradient = cropped(fold_edges(gradient, network.padding))
            if now.pooled is not None:
                gradient = _pool_back(gradient, now.pooled, now.indices)
        return gradient.to(x.dtype).contiguous()


def rectify(x: Tensor, out: Tensor) -> Tensor:
    """Write the ReLU of `x` to `out`, which may be `x` itself, and return that.

    Bfloat16 goes by its sign bit, as whole numbers, which takes a third of the time. A negative
    NaN becomes 0 so: whoever asks has to look whether the picture is finite.

    Example:
        >>> x = torch.tensor([-1.0, -0.0, 2.0], dtype=torch.bfloat16)
        >>> rectify(x, x).tolist()
        [0.0, 0.0, 2.0]
    """
    if x.dtype == torch.bfloat16:
        torch.clamp_min(x.view(torch.int16), 0, out=out.view(torch.int16))
        return out
    return torch.clamp_min(x, 0, out=out)


def _pool_back(gradient: Tensor, pooled: Tensor, indices: Tensor | None) -> Tensor:
    """The gradient of what was pooled, from that of the result."""
    if indices is not None:
        back: Tensor = aten.max_pool2d_with_indices_backward(
            gradient, pooled, [2, 2], [2, 2], [0, 0], [1, 1], False, indices
        )
        return back
    height, width = gradient.shape[-2:]
    # Repeating takes half the time of torch's own way back.
    back = aten.upsample_nearest2d(gradient * 0.25, [2 * height, 2 * width])
    odd = (pooled.shape[-1] - 2 * width, pooled.shape[-2] - 2 * height)
    return F.pad(back, (0, odd[0], 0, odd[1])) if any(odd) else back
