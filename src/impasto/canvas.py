"""The synthesized image: its pixels are the only parameters, and this is how they start."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import UnknownNameError
from impasto.settings import STARTS

__all__ = ["SynthesizedImage", "cropped", "enlarged", "mirrored", "resized", "start"]

# Binomial, of order 4: nothing is left of the highest frequency, a quarter of half of it.
SOFTENING = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)


class SynthesizedImage(nn.Module):
    """A picture as a module: calling it gives the picture, its parameter *is* the picture.

    Args:
        pixels: (1, 3, H, W), standardised; copied.

    Source: Dive into Deep Learning, section 14.12.6.

    Example:
        >>> image = SynthesizedImage(torch.zeros(1, 3, 4, 6))
        >>> image().shape, [tuple(p.shape) for p in image.parameters()]
        (torch.Size([1, 3, 4, 6]), [(1, 3, 4, 6)])
    """

    def __init__(self, pixels: Tensor) -> None:
        super().__init__()
        self.pixels = nn.Parameter(pixels.detach().clone())

    def forward(self) -> Tensor:
        """The picture, (1, 3, H, W), standardised."""
        return self.pixels


def start(
    kind: str,
    content: Tensor,
    styles: Sequence[Tensor],
    *,
    shares: Sequence[float] | None = None,
    noise: float = 0.3,
    generator: torch.Generator | None = None,
) -> Tensor:
    """The picture a painting begins from.

    Args:
        kind: "content" is the content image itself; "noise" is white noise of the content's
            size, one standard deviation in standardised units; "blend" is
            (1 - noise) · content + noise · white noise; "style" is white noise moved to the
            mean and covariance of the styles' colours.
        content: (1, 3, H, W), standardised.
        styles: at least one (1, 3, h, w), standardised.
        shares: of each style in the mean and covariance, with any sum above 0; equal if None.
        noise: share of noise in a blend, from 0 to 1.
        generator: on the CPU, so that every device starts alike.

    Returns:
        (1, 3, H, W), standardised.

    Raises:
        UnknownNameError: no such start.
    """
    if kind not in STARTS:
        raise UnknownNameError("start", kind, STARTS)
    if kind == "content":
        return content.clone()
    white = torch.randn(content.shape, generator=generator).to(content)
    if kind == "noise":
        return white
    if kind == "blend":
        return torch.lerp(content, white, noise)
    return _coloured(white, styles, [1.0] * len(styles) if shares is None else shares)


def _coloured(white: Tensor, styles: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    """White noise with the mean and covariance of the styles' pixels, each by its share."""
    mean, covariance = torch.zeros(3, 1).to(white), torch.zeros(3, 3).to(white)
    for style, share in zip(styles, shares, strict=True):
        colours = style[0].flatten(1)  # (3, n)
        centre = colours.mean(1, keepdim=True)
        centred = colours - centre
        mean += share / sum(shares) * centre
        covariance += share / sum(shares) * (centred @ centred.T / colours.shape[1])
    # Grey styles have a singular covariance: a symmetric root exists where Cholesky does not.
    values, vectors = torch.linalg.eigh(covariance.cpu().double())  # MPS has no float64
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    painted: Tensor = root.to(white) @ white[0].flatten(1) + mean
    return painted.view_as(white)


def mirrored(x: Tensor, margin: int) -> Tensor:
    """A picture that goes on beyond its edges as in a mirror.

    A network pads at every layer, so what it sees within some pixels of an edge is not what it
    sees elsewhere, and that strip is painted with other strokes. With a margin it lies outside.

    Args:
        x: (B, C, H, W).
        margin: px added at each edge, below H and W.

    Returns:
        (B, C, H + 2 · margin, W + 2 · margin).

    Example:
        >>> mirrored(torch.tensor([[[[1.0, 2.0, 3.0]] * 3]]), 1)[0, 0, 0].tolist()
        [2.0, 1.0, 2.0, 3.0, 2.0]
    """
    return F.pad(x, (margin,) * 4, mode="reflect") if margin else x


def cropped(x: Tensor, margin: int) -> Tensor:
    """A picture without its margin; the inverse of `mirrored`.

    Args:
        x: (B, C, H, W).
        margin: px cut off at each edge.
    """
    return x[..., margin : x.shape[-2] - margin, margin : x.shape[-1] - margin]


def resized(x: Tensor, height: int, width: int) -> Tensor:
    """A picture at another size, by antialiased bicubic interpolation.

    Args:
        x: (B, C, H, W).
        height, width: of the result, in px.

    Returns:
        (B, C, height, width); `x` itself if it has that size.
    """
    if x.shape[-2:] == (height, width):
        return x
    return F.interpolate(x, (height, width), mode="bicubic", align_corners=False, antialias=True)


def enlarged(x: Tensor, height: int, width: int) -> Tensor:
    """A picture at the next finer scale: `resized`, then softened by a pixel.

    Doubling by interpolation leaves differences between the two pixels of a pair that are smaller
    than those between pairs: a faint grid, which pooling networks cannot see well enough to paint
    over. What is softened away is finer than the coarse picture could hold.

    Args:
        x: (B, C, h, w).
        height, width: of the result, in px, at least 3.

    Returns:
        (B, C, height, width).
    """
    larger = resized(x, height, width)
    channels = larger.shape[1]
    kernel = larger.new_tensor(SOFTENING)
    padded = F.pad(larger, (2, 2, 2, 2), mode="reflect")
    rows = F.conv2d(padded, kernel.view(1, 1, 5, 1).expand(channels, 1, 5, 1), groups=channels)
    return F.conv2d(rows, kernel.view(1, 1, 1, 5).expand(channels, 1, 1, 5), groups=channels)
