"""The synthesized image: its pixels are the only parameters, and this is how they start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import UnknownNameError
from impasto.imaging import tensors
from impasto.settings import STARTS

__all__ = [
    "Colours",
    "SynthesizedImage",
    "blended",
    "colours_of",
    "cropped",
    "detail",
    "enlarged",
    "mirrored",
    "soften",
    "start",
]

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
    colours: Sequence[tuple[Colours, Tensor | None]] = (),
    *,
    noise: float = 0.3,
    generator: torch.Generator | None = None,
) -> Tensor:
    """The picture a painting begins from.

    Args:
        kind: "content" is the content image itself; "noise" is white noise of the content's
            size, one standard deviation in standardised units; "blend" is
            (1 - noise) · content + noise · white noise; "style" is white noise moved to
            `colours`.
        content: (1, 3, H, W), standardised.
        colours: of the style, and where: (1, 1, H, W) in [0, 1], or None for everywhere. Several
            are mixed where they meet, and the noise stays white where none is.
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
    if kind == "blend":
        return torch.lerp(content, white, noise)
    start = white
    for colour, where in colours if kind == "style" else ():
        painted = _coloured(white, colour)
        start = painted if where is None else torch.lerp(start, painted, where)
    return start


class Colours(NamedTuple):
    """Mean and covariance of a picture's colours.

    Attributes:
        mean: (3, 1).
        covariance: (3, 3).
    """

    mean: Tensor
    covariance: Tensor


def colours_of(style: Tensor, counts: Tensor | None = None) -> Colours:
    """The colours of a picture.

    Args:
        style: (1, 3, h, w), standardised.
        counts: (1, 1, h, w), at least 0, where pixels count; None for everywhere.

    Example:
        >>> colours_of(torch.full((1, 3, 2, 2), 5.0)).mean.flatten().tolist()
        [5.0, 5.0, 5.0]
    """
    pixels = style[0].flatten(1)  # (3, n)
    share = torch.ones_like(pixels[:1]) if counts is None else counts[0].flatten(1)
    share = share / share.sum()
    mean = (pixels * share).sum(1, keepdim=True)
    centred = pixels - mean
    return Colours(mean, (centred * share) @ centred.T)


def blended(colours: Sequence[Colours], shares: Sequence[float]) -> Colours:
    """Colours between several, by shares with any sum above 0."""
    parts = [share / sum(shares) for share in shares]
    pairs = list(zip(colours, parts, strict=True))
    return Colours(
        torch.stack([part * colour.mean for colour, part in pairs]).sum(0),
        torch.stack([part * colour.covariance for colour, part in pairs]).sum(0),
    )


def _coloured(white: Tensor, colour: Colours) -> Tensor:
    """White noise with such a mean and covariance."""
    # Grey styles have a singular covariance: a symmetric root exists where Cholesky does not.
    values, vectors = torch.linalg.eigh(colour.covariance.cpu().double())  # MPS has no float64
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    painted: Tensor = root.to(white) @ white[0].flatten(1) + colour.mean
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


def enlarged(x: Tensor, height: int, width: int) -> Tensor:
    """A picture at the next finer scale: `tensors.resized`, then softened by a pixel.

    Doubling by interpolation leaves differences between the two pixels of a pair that are smaller
    than those between pairs: a faint grid, which pooling networks cannot see well enough to paint
    over. What is softened away is finer than the coarse picture could hold.

    Args:
        x: (B, C, h, w).
        height, width: of the result, in px, at least 3.

    Returns:
        (B, C, height, width).
    """
    larger = tensors.resized(x, height, width)
    return soften(F.pad(larger, (2, 2, 2, 2), mode="reflect"))


def soften(padded: Tensor) -> Tensor:
    """A picture less its highest frequency.

    Args:
        padded: (B, C, H + 4, W + 4), the picture and two px beyond each edge.

    Returns:
        (B, C, H, W).
    """
    channels = padded.shape[1]
    kernel = padded.new_tensor(SOFTENING)
    rows = F.conv2d(padded, kernel.view(1, 1, 5, 1).expand(channels, 1, 5, 1), groups=channels)
    return F.conv2d(rows, kernel.view(1, 1, 1, 5).expand(channels, 1, 1, 5), groups=channels)


def detail(fine: Tensor, coarse: Tensor) -> Tensor:
    """What a picture shows that is too fine for a smaller one of it: a level of its pyramid.

    Source: Burt and Adelson, "The Laplacian pyramid as a compact image code", 1983; enlarged as
    `enlarged` does.

    Args:
        fine: (B, C, H, W).
        coarse: (B, C, h, w), the same picture at a coarser scale.

    Returns:
        (B, C, H, W), of mean about 0.

    Example:
        >>> grey = torch.full((1, 3, 8, 8), 0.5)
        >>> bool(detail(grey, grey[..., ::2, ::2]).abs().max() < 1e-6)
        True
    """
    return fine - enlarged(coarse, *fine.shape[-2:])
