"""A preconditioner that knows what pictures are like: fine detail curves the loss most."""

from __future__ import annotations

import math
from functools import cache

import torch
from torch import Tensor

__all__ = ["HALO", "BandSobolev", "Sobolev", "fast_length"]

HALO = 48  # px: of the kernel at strength 5 a hundred-thousandth lies beyond 24


class Sobolev:
    """(1 + strength · Δ)⁻¹ on pictures, Δ the discrete Laplacian: damps moves of high frequency.

    Total variation and the shallow layers curve the loss far more along fine detail than along
    broad shapes. Descent in the Sobolev norm instead of the Euclidean one evens that out, so that
    L-BFGS need not learn it from its few pairs (Renka, "Constructing fair curves and surfaces
    with a Sobolev gradient method", 2004).

    Args:
        strength: 0 leaves everything as it is.

    Example:
        >>> flat = torch.ones(1, 3, 4, 6)
        >>> bool(torch.allclose(Sobolev(5.0)(flat), flat))
        True
        >>> checkerboard = torch.tensor([[[[1.0, -1.0], [-1.0, 1.0]]]])
        >>> Sobolev(1.0)(checkerboard)[0, 0, 0].tolist()  # its Laplacian is 8 times itself
        [0.1111111119389534, -0.1111111119389534]
    """

    def __init__(self, strength: float) -> None:
        self.strength = strength
        self._factor: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        """The preconditioned (B, C, H, W) picture, as a new tensor.

        Nothing lies beyond the right and the lower edge, up to the next sides that a Fourier
        transform is fast for; beyond these the borders wrap around.
        """
        if not self.strength:
            return x.clone()
        height, width = x.shape[-2:]
        whole = fast_length(height), fast_length(width)
        if self._factor is None:
            down, right = torch.fft.fftfreq(whole[0]), torch.fft.rfftfreq(whole[1])
            laplacian = _curvature(down)[:, None] + _curvature(right)[None]
            self._factor = (1 / (1 + self.strength * laplacian)).to(x)
        waves = torch.fft.rfft2(x, s=whole).mul_(self._factor)
        smooth: Tensor = torch.fft.irfft2(waves, s=whole)
        return smooth[..., :height, :width].contiguous()


@cache
def fast_length(least: int) -> int:
    """The least number from `least` on that has no prime factor above 5.

    Example:
        >>> fast_length(393), fast_length(564), fast_length(512)
        (400, 576, 512)
    """
    rest = least
    for factor in (2, 3, 5):
        while rest > 1 and rest % factor == 0:
            rest //= factor
    return least if rest <= 1 else fast_length(least + 1)


def _curvature(frequency: Tensor) -> Tensor:
    """Eigenvalues of the second difference at frequencies in cycles a pixel."""
    return 2 - 2 * torch.cos(2 * math.pi * frequency)


class BandSobolev:
    """`Sobolev` of a band of rows, from the rows above and below it.

    Its kernel falls off so fast that `HALO` rows are as good as all: at strength 5 nothing that
    float32 can tell lies beyond 32.

    Args:
        strength: above 0.
        width: of the picture, in px.

    Example:
        >>> x, halo = torch.randn(1, 3, 40, 30), torch.zeros(1, 3, HALO, 30)
        >>> band = BandSobolev(5.0, 30).apply(x, halo, halo, out=torch.empty_like(x))
        >>> whole = torch.nn.functional.pad(x, (0, 0, HALO, HALO))
        >>> bool(torch.allclose(band, Sobolev(5.0)(whole)[:, :, HALO:-HALO], atol=1e-5))
        True
    """

    def __init__(self, strength: float, width: int) -> None:
        self.strength, self._width = strength, width
        self._factors: dict[int, Tensor] = {}

    def apply(self, x: Tensor, above: Tensor, below: Tensor, *, out: Tensor) -> Tensor:
        """The preconditioned band, written to `out`, which may be `x`.

        Args:
            x: (1, 3, h, W).
            above, below: (1, 3, `HALO`, W), the rows beside it.
            out: like x.
        """
        height = x.shape[-2]
        high, wide = fast_length(height + 2 * HALO), fast_length(self._width)
        factor = self._factor(high, wide, x)
        for channel in range(x.shape[1]):  # one at a time, which takes less memory
            rows = torch.cat([above[0, channel], x[0, channel], below[0, channel]])
            waves = torch.fft.rfft2(rows, s=(high, wide)).mul_(factor)
            out[0, channel] = torch.fft.irfft2(waves, s=(high, wide))[
                HALO : HALO + height, : self._width
            ]
        return out

    def _factor(self, high: int, wide: int, like: Tensor) -> Tensor:
        if high not in self._factors:
            laplacian = (
                _curvature(torch.fft.fftfreq(high))[:, None]
                + _curvature(torch.fft.rfftfreq(wide))[None]
            )
            self._factors[high] = (1 / (1 + self.strength * laplacian)).to(like)
        return self._factors[high]
