"""What a painter learns by: guides look at what it painted, at the style and at the photograph.

Style is mean and covariance of five layers and, of the deeper ones, the covariance of features with
those `SHIFT` places on, at full and at half size. Content is the photograph's features with most of
its chroma taken away. Each term is divided by its target's own size, so that one set of weights
serves every style (Li et al., "Demystifying neural style transfer", 2017, for the moments).

Letters used for shapes: B pictures, C channels, H height, W width, N places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.losses.moments import Moments, relative_factors
from impasto.losses.structure import LUMA
from impasto.networks.stylizers.painter import BEND, bent

__all__ = [
    "CONTENT",
    "LAYERS",
    "STYLE",
    "Guide",
    "Statistics",
    "Target",
    "colour_statistics",
    "content_share",
    "evaluate",
    "grey_content",
    "statistics",
]

STYLE = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT = {"relu3_1": 0.5, "relu4_2": 0.5}
LAYERS = tuple(dict.fromkeys((*STYLE, *CONTENT)))
SHIFTED = STYLE[1:]  # layers whose shifted covariances count too

SHIFT, SHIFTED_WEIGHT = 3, 2.0
FULL, HALF = 0.65, 0.35  # shares of the two sizes
# A style that hardly varies would outweigh all others: beyond the cap only a loss's root counts.
CAP = 4.0
CONTENT_FLOOR = 0.02  # of the mean square of features, for photographs that hardly vary
CHROMA = 0.25  # share of the photograph's that content keeps
# What content counts beside style: so much in the middle, and by e to this power times what
# `bent` strengths are apart elsewhere.
CONTENT_WEIGHT, STRENGTH_POWER = 0.52, 1.3
COLOUR_WEIGHT, TV_WEIGHT, GRID_WEIGHT = 0.3, 0.02, 30.0
GRID, GRID_WINDOW = 8, 128  # px: what a painter's places are apart, and where repetition is sought
COLOUR_FLOOR = 0.05  # of the variance of standardised colours
# Standardised values of black and white in any channel lie within, and all beyond is clamped.
DARKEST, LIGHTEST = -2.2, 2.7


class Statistics(NamedTuple):
    """Of the features of one layer.

    Attributes:
        mean: (B, C).
        covariance: (B, C, C).
        shifted: covariances with the features `SHIFT` places to the right and below, (B, C, C)
            each; empty where they do not count.
    """

    mean: Tensor
    covariance: Tensor
    shifted: tuple[Tensor, ...] = ()

    def moments(self) -> Moments:
        """Mean and covariance alone, as `impasto.losses.moments` has them."""
        return Moments(self.mean[:, None, :, None], self.covariance[:, None])


def statistics(features: Tensor, *, shifted: bool = False) -> Statistics:
    """Statistics of features, in float32; products are taken in the features' own precision.

    Args:
        features: (B, C, H, W).
        shifted: whether shifted covariances are taken.

    Example:
        >>> one = statistics(torch.tensor([[[[1.0, 3.0]], [[2.0, 2.0]]]]))
        >>> one.mean.tolist(), one.covariance.tolist()
        ([[2.0, 2.0]], [[[1.0, 0.0], [0.0, 0.0]]])
    """
    height, width = features.shape[2:]
    x = features.permute(0, 2, 3, 1).flatten(1, 2)  # (B, N, C)
    n = x.shape[1]
    mean = x.mean(1, dtype=torch.float32)
    x = x - mean.to(x.dtype)[:, None]
    covariance = _product(x, x, n)
    pairs: tuple[Tensor, ...] = ()
    if shifted:
        # Where a row ends, the next one's beginning counts as its neighbour, in every picture.
        pairs = tuple(
            _product(x[:, :-ahead], x[:, ahead:], n - ahead)
            for ahead in (min(SHIFT, width - 1), min(SHIFT, height - 1) * width)
        )
    return Statistics(mean, covariance, pairs)


def _product(a: Tensor, b: Tensor, n: int) -> Tensor:
    """The mean over places of products of features, (B, C, C), of (B, N, C) each."""
    if not a.is_cuda:
        return (a.mT @ b).float() / n
    # A product of two long thin matrices is one block's work each: parts keep a GPU busy.
    parts = max(1, min(32, n // 2048))
    length = n // parts
    batch, _, channels = a.shape
    left, right = (x[:, : parts * length].reshape(batch * parts, length, channels) for x in (a, b))
    total = (left.mT @ right).float().view(batch, parts, channels, channels).sum(1)
    if parts * length < n:
        total = total + (a[:, parts * length :].mT @ b[:, parts * length :]).float()
    mean: Tensor = total / n
    return mean


class Target(NamedTuple):
    """What a guide sees of styles.

    Attributes:
        full: statistics by layer, each of B styles.
        half: the same of the styles at half the size; empty where that does not count.
    """

    full: Mapping[str, Statistics]
    half: Mapping[str, Statistics]

    @classmethod
    def joined(cls, targets: Sequence[Target]) -> Target:
        """The styles of several, one after the other."""
        return cls(*(_joined(sizes) for sizes in zip(*targets, strict=True)))

    def repeated(self, times: int) -> Target:
        """Each style so many times, one after the other."""
        return self._with(lambda t: t.repeat_interleave(times, 0))

    def mixed(self, shares: Tensor) -> Target:
        """Weighted sums of the styles.

        Args:
            shares: (M, B), each row with the sum 1.
        """
        return self._with(lambda t: torch.tensordot(shares.to(t), t, 1))

    def _with(self, change: Any) -> Target:
        return Target(
            *(
                {
                    layer: Statistics(
                        change(s.mean), change(s.covariance), tuple(map(change, s.shifted))
                    )
                    for layer, s in size.items()
                }
                for size in self
            )
        )


def _joined(sizes: Sequence[Mapping[str, Statistics]]) -> dict[str, Statistics]:
    joined = {}
    for layer in sizes[0]:
        parts = [size[layer] for size in sizes]
        shifted = zip(*(part.shifted for part in parts), strict=True)
        joined[layer] = Statistics(
            torch.cat([part.mean for part in parts]),
            torch.cat([part.covariance for part in parts]),
            tuple(torch.cat(pair) for pair in shifted),
        )
    return joined


class Guide:
    """A frozen network that looks at pictures.

    Args:
        network: gives `LAYERS` of (B, 3, H, W), standardised.
        weight: of what it says, beside other guides.
        halves: whether it looks at half the size too.
        shifted: layers whose shifted covariances count.
        dtype: that features are computed in.

    Example:
        >>> from impasto.networks import features
        >>> guide = Guide(features.load("slim", LAYERS))
        >>> style = torch.randn(1, 3, 64, 64)
        >>> loss, content = guide.losses(style, guide.target(style), style)
        >>> round(loss.item(), 4), round(content.item(), 4)
        (0.0, 0.0)
    """

    def __init__(
        self,
        network: Any,
        *,
        weight: float = 1.0,
        halves: bool = True,
        shifted: Sequence[str] = SHIFTED,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.weight, self.dtype = weight, dtype
        self._network = network if dtype == torch.float32 else network.to(dtype)
        self._halves, self._shifted = halves, frozenset(shifted)

    def look(self, x: Tensor) -> dict[str, Tensor]:
        """Features by layer of (B, 3, H, W), standardised."""
        features: dict[str, Tensor] = self._network(
            x.to(self.dtype, memory_format=torch.channels_last)
        )
        return features

    def target(self, styles: Tensor, features: Mapping[str, Tensor] | None = None) -> Target:
        """What it sees of (B, 3, H, W) styles, standardised, whose features may be known."""
        features = self.look(styles) if features is None else features
        half = self._statistics(self.look(F.avg_pool2d(styles, 2))) if self._halves else {}
        return Target(self._statistics(features), half)

    def losses(self, painted: Tensor, target: Target, content: Tensor) -> tuple[Tensor, Tensor]:
        """Style and content loss of each picture.

        Args:
            painted: (B, 3, H, W), standardised.
            target: of the style of each.
            content: the photograph of each, as `grey_content` gives it.

        Returns:
            (B,) each, 0 for the same statistics and features, about 1 for unrelated ones.
        """
        features = self.look(painted)
        with torch.no_grad():
            wanted = self.look(content)
        of_content = sum(
            weight * _relative(features[layer], wanted[layer]) for layer, weight in CONTENT.items()
        )
        style = _style_loss(self._statistics(features), target.full)
        if self._halves:
            half = self._statistics(self.look(F.avg_pool2d(painted, 2)))
            style = FULL * style + HALF * _style_loss(half, target.half)
        assert isinstance(of_content, Tensor)
        return style, of_content

    def _statistics(self, features: Mapping[str, Tensor]) -> dict[str, Statistics]:
        return {
            layer: statistics(features[layer], shifted=layer in self._shifted) for layer in STYLE
        }


def evaluate(
    guides: Sequence[Guide],
    targets: Sequence[Target],
    colours: tuple[Tensor, Tensor],
    painted: Tensor,
    content: Tensor,
    strengths: Tensor,
) -> dict[str, Tensor]:
    """Weighted losses of painted pictures, averaged over them, by name, and their sum, total.

    Args:
        guides: that look at them.
        targets: of each guide, of the style of each picture.
        colours: of the style of each picture, as `colour_statistics` gives them.
        painted: (B, 3, H, W), standardised, float32.
        content: the photograph of each, as `grey_content` gives it.
        strengths: (B,), from -1, near the photograph, to 1, near the style.
    """
    style, of_content = painted.new_zeros(len(painted)), painted.new_zeros(len(painted))
    for guide, target in zip(guides, targets, strict=True):
        of_style, own = guide.losses(painted, target, content)
        style, of_content = style + guide.weight * of_style, of_content + guide.weight * own
    share = content_share(strengths)
    # By the root of the share, so that neither end of the strengths outweighs the other.
    factor = (CONTENT_WEIGHT / share).sqrt()
    beyond = painted - painted.clamp(DARKEST, LIGHTEST)
    losses = {
        "content": (factor * share * of_content).mean(),
        "style": (factor * style).mean(),
        "colour": (factor * COLOUR_WEIGHT * _colour_loss(painted, colours)).mean(),
        "tv": TV_WEIGHT * _total_variation(painted),
        "grid": GRID_WEIGHT * _repetition(painted),
        "range": beyond.square().mean(),
    }
    return losses | {"total": torch.stack([*losses.values()]).sum()}


def content_share(strengths: Tensor) -> Tensor:
    """What content counts beside style at strengths from -1 to 1.

    Example:
        >>> [round(share, 1) for share in content_share(torch.tensor([-1.0, 0, 1])).tolist()]
        [3.7, 0.5, 0.3]
    """
    return CONTENT_WEIGHT * torch.exp(STRENGTH_POWER * (BEND - bent(strengths)))


def grey_content(x: Tensor) -> Tensor:
    """(B, 3, H, W), standardised, with a quarter of its chroma: its colours are not to be kept.

    Example:
        >>> red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
        >>> [round(value, 3) for value in grey_content(red).flatten().tolist()]
        [0.474, 0.224, 0.224]
    """
    # Channel by channel: a tensor of the weights would be copied to a GPU in every step.
    red, green, blue = x[:, :1], x[:, 1:2], x[:, 2:]
    luma = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue
    return luma + CHROMA * (x - luma)


def colour_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (B, 3) and covariance (B, 3, 3) of colours of (B, 3, H, W) at a quarter of its size."""
    x = F.avg_pool2d(x, 4).flatten(2)
    mean = x.mean(2)
    x = x - mean[..., None]
    return mean, x @ x.mT / x.shape[2]


def _style_loss(own: Mapping[str, Statistics], target: Mapping[str, Statistics]) -> Tensor:
    """Of all layers together, (B,)."""
    total = torch.zeros_like(next(iter(own.values())).mean[:, 0])
    for layer in STYLE:
        a, b = own[layer], target[layer]
        factors = relative_factors(b.moments())
        off = factors.mean * (a.mean - b.mean).square().sum(1)
        apart = (a.covariance - b.covariance).square().sum((1, 2))
        for one, other in zip(a.shifted, b.shifted, strict=True):
            weight = SHIFTED_WEIGHT / len(a.shifted)
            apart = apart + weight * (one - other).square().sum((1, 2))
        loss = off + factors.covariance * apart
        total = total + 2 * CAP * ((1 + loss / CAP).sqrt() - 1)
    return total


def _relative(features: Tensor, target: Tensor) -> Tensor:
    """Mean squared difference of (B, C, H, W) over the target's own variance, (B,)."""
    target = target.float()
    apart = (features.float() - target).square().mean((1, 2, 3))
    spread = target.var((2, 3)).mean(1)
    return apart / (spread + CONTENT_FLOOR * target.square().mean((1, 2, 3)) + 1e-5)


def _total_variation(x: Tensor) -> Tensor:
    """Mean squared difference between neighbours below and beside each other."""
    below, beside = x[..., 1:, :] - x[..., :-1, :], x[..., 1:] - x[..., :-1]
    return below.square().mean() + beside.square().mean()


def _repetition(x: Tensor) -> Tensor:
    """Mean square of what repeats every `GRID` px in each window.

    A painter works at an eighth of the size: what it adds to every place alike shows as stripes,
    which hardly count among the statistics of a style, and which the eye finds at once.
    """
    x = x - F.avg_pool2d(x, GRID + 1, 1, GRID // 2, count_include_pad=False)
    batch, channels, height, width = x.shape
    down, across = (min(GRID_WINDOW, side // GRID * GRID) for side in (height, width))
    rows, columns = height // down, width // across
    x = x[..., : rows * down, : columns * across]
    x = x.reshape(batch, channels, rows, down // GRID, GRID, columns, across // GRID, GRID)
    pattern = x.mean((3, 6))
    return (pattern - pattern.mean((3, 5), keepdim=True)).square().mean()


def _colour_loss(painted: Tensor, colours: tuple[Tensor, Tensor]) -> Tensor:
    """Of mean and covariance of colours, (B,)."""
    (mean, covariance), (wanted, apart) = colour_statistics(painted), colours
    spread = apart.diagonal(dim1=-2, dim2=-1).sum(-1) + COLOUR_FLOOR
    off = (mean - wanted).square().sum(-1) / spread
    return off + (covariance - apart).square().sum((1, 2)) / spread.square()
