"""Style losses of features against the blended statistics of one or more style images."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor, nn

from impasto.errors import SettingError
from impasto.losses.kinds import (
    STYLE_LOSSES,
    Measured,
    StyleStatistics,
    check_heads,
    style_loss,
)
from impasto.losses.sliced import along
from impasto.losses.sums import Slopes, Sums, slopes_of
from impasto.losses.taps import AutogradTap, Tap

__all__ = ["StyleLoss"]


class StyleLoss(nn.Module):
    """How far the statistics of features are from those of style images, at one layer.

    All kinds but "gram-raw" are divided by the target's own size, and multiplied by a constant
    that was measured: 1 for "moments" and "shifted", 4 for "gram", 1.5 for
    "wasserstein", 5 for "sliced", 3.5 for "histogram". So one weight serves all, on any backbone.
    The style itself is 0 away, or nearly; a picture without features is so many times 2, or a
    little more ("shifted"), or 1 ("gram").

    Args:
        styles: features (1 or B, C, h, w) of each style image, of any size; or of one too large to
            be looked at whole the sums of its parts, merged, by the offsets of the kind.
        kind: a name that `style_loss` knows: "moments" (mean and covariance), "shifted"
            (with covariances of places apart), "gram" (Gram matrices), "wasserstein" (mean and
            covariance as normal distributions), "sliced" (whole distributions along random
            directions), "histogram" (those of each channel), "gram-raw" (the chapter's) or another
            package's.
        shares: of each style in the blend, at least 0 with any sum above 0; equal if None. The
            statistics are blended, not the losses: the target is one style between the styles.
        style_weights: where in each style image features count, (1 or B, 1, h, w), at least 0,
            or None for everywhere, or where sums have it in them.
        heads: groups the channels are split into, each with a matrix of its own; 1 for
            "sliced" and "histogram", which have no matrix.
        seed: of the directions of "sliced".
        plain: whether the styles have no texture, only a colour; see `plain_loss`.

    Raises:
        UnknownNameError: no such kind.
        SettingError: styles that do not fit each other, their shares or weights; heads that do
            not fit the channels or the kind.

    Example:
        >>> starry, wave = torch.rand(1, 4, 9, 9), torch.rand(1, 4, 5, 7)
        >>> loss = StyleLoss([starry, wave], "wasserstein", shares=[3, 1])
        >>> loss(starry).item() < loss(wave).item()
        True
    """

    directions: Tensor | None

    def __init__(
        self,
        styles: Sequence[Tensor | Sums],
        kind: str = "moments",
        *,
        shares: Sequence[float] | None = None,
        style_weights: Sequence[Tensor | None] | None = None,
        heads: int = 1,
        seed: int = 0,
        plain: bool = False,
    ) -> None:
        super().__init__()
        check_heads(kind, heads)
        self.kind, self.heads = kind, heads
        self.plain = plain
        statistics = self.statistics
        weights = [None] * len(styles) if style_weights is None else list(style_weights)
        blend = _blend(styles, shares, weights)
        if statistics.directions is None:
            self.directions = None
        else:
            directions = _directions(kind, _channels(styles[0]), seed)
            if isinstance(styles[0], Tensor):
                directions = directions.to(styles[0])
            self.register_buffer("directions", directions)
        with torch.no_grad():
            measured = [
                self._of_style(style, weight) for style, weight in zip(styles, weights, strict=True)
            ]
            means = [
                torch.stack([share * part for share, part in zip(blend, parts, strict=True)]).sum(0)
                for parts in zip(*measured, strict=True)
            ]
            target = statistics.settled(tuple(means))
        self._parts = len(target)
        for number, part in enumerate(target):
            self.register_buffer(f"target_{number}", part)

    def _of_style(self, style: Tensor | Sums, weights: Tensor | None) -> Measured:
        if isinstance(style, Tensor):
            return self.statistics.statistics(self._seen(style.detach()), self.heads, weights)
        self._check_additive()
        assert self.statistics.of_sums is not None
        return self.statistics.of_sums(style)

    @property
    def statistics(self) -> StyleStatistics:
        """What is compared; by name, so that the module can be pickled."""
        statistics = style_loss(self.kind)
        return statistics.for_plain or statistics if self.plain else statistics

    @property
    def target(self) -> Measured:
        """The blended statistics that features are compared with."""
        return tuple(self.get_buffer(f"target_{number}") for number in range(self._parts))

    def forward(self, features: Tensor, weights: Tensor | None = None) -> Tensor:
        """The loss of features, averaged over the batch.

        Args:
            features: (B, C, H, W).
            weights: (1 or B, 1, H, W), at least 0 with any sum above 0: where features count.

        Returns:
            A scalar, at least 0.
        """
        distance = self.statistics.distance(self._seen(features), self.target, self.heads, weights)
        return self.statistics.factor * distance

    def tap(self, weights: Tensor | None = None) -> Tap:
        """The same loss of one picture, as what looks at features on their way.

        Args:
            weights: as for `forward`.

        Example:
            >>> x, y = torch.rand(2, 1, 4, 9, 9)
            >>> loss = StyleLoss([y])
            >>> bool(torch.isclose(loss.tap()(x), loss(x)))
            True
        """
        own = self.statistics
        if own.tap is None or self.heads > 1 or self.directions is not None:
            return AutogradTap(lambda features: self(features, weights))
        return own.tap(self.target, own.factor, weights)

    @property
    def additive(self) -> bool:
        """Whether `of_sums` knows the loss: its features can be looked at part by part."""
        return self.statistics.additive and self.directions is None

    def of_sums(self, sums: Sums) -> tuple[float, Slopes]:
        """The same loss of one picture, of the sums of all its parts, and how it changes with them.

        Args:
            sums: by the offsets of `statistics` and the heads of this loss, merged.

        Returns:
            The loss, and what `impasto.losses.sums.pull` carries on to the features.

        Raises:
            SettingError: the kind has to see the whole picture at once, or no place counts.

        Example:
            >>> from impasto.losses import Window
            >>> from impasto.losses.sums import measured
            >>> x, y = torch.rand(2, 1, 4, 9, 9)
            >>> loss = StyleLoss([y])
            >>> value, _ = loss.of_sums(measured(x, Window.whole(9, 9), loss.statistics.offsets))
            >>> abs(value - loss(x).item()) < 1e-3
            True
        """
        self._check_additive()
        own = self.statistics
        assert own.of_sums is not None
        assert own.between is not None
        of_sums, between = own.of_sums, own.between
        target = tuple(part.detach().to("cpu", torch.float64) for part in self.target)
        return slopes_of(
            lambda sums: own.factor * between(of_sums(sums), target), sums, own.offsets
        )

    def _check_additive(self) -> None:
        if not self.additive:
            known = ", ".join(name for name, other in STYLE_LOSSES.items() if other.additive)
            raise SettingError(
                f"{self.kind} has to see the whole picture at once, and not by its parts: take one "
                f"of {known}"
            )

    def _seen(self, features: Tensor) -> Tensor:
        return features if self.directions is None else along(features, self.directions)


@cache
def _directions(kind: str, channels: int, seed: int) -> Tensor:
    """The directions of a kind that has some, on the CPU; not to be changed."""
    choose = style_loss(kind).directions
    assert choose is not None
    return choose(channels, seed)


def _channels(style: Tensor | Sums) -> int:
    return style.shape[1] if isinstance(style, Tensor) else style.near.shape[1]


def _blend(
    styles: Sequence[Tensor | Sums],
    shares: Sequence[float] | None,
    weights: Sequence[Tensor | None],
) -> list[float]:
    """Shares that sum to 1, of styles that fit each other."""
    if not styles:
        raise SettingError("no style is given: a style loss needs the features of at least one")
    if len({_channels(style) for style in styles}) > 1:
        channels = " and ".join(str(_channels(style)) for style in styles)
        raise SettingError(
            f"the styles have {channels} channels: take their features from the same layer"
        )
    parts = [1.0] * len(styles) if shares is None else [float(share) for share in shares]
    if len(parts) != len(styles) or len(weights) != len(styles):
        raise SettingError(
            f"{len(styles)} styles have {len(parts)} shares and {len(weights)} weights of places: "
            "give one of each for every style"
        )
    total = math.fsum(parts)
    if not (math.isfinite(total) and min(parts) >= 0 and total > 0):
        raise SettingError(
            f"shares of styles are {', '.join(f'{share:g}' for share in parts)}: each has to be "
            "finite and at least 0, and one above 0"
        )
    return [share / total for share in parts]
