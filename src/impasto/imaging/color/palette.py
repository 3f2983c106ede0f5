"""A picture in the colours of a palette: these, their tints and shades, and what lies between.

Nothing is cut into flat patches: how light a pixel is beside its neighbours stays, and so does a
part of what sets its colour off from theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.colours import amounts_of
from impasto.imaging.color.arrays import bands, floats, pixel_weights
from impasto.imaging.color.colourfulness import thinned
from impasto.imaging.color.match import linear_move
from impasto.imaging.color.oklab import from_oklab, inside_srgb, to_oklab
from impasto.imaging.color.tone import toned

__all__ = ["PaletteMove", "palette_distance", "towards_palette", "within_palette"]

Lab = NDArray[np.float64]

_REACH = 0.09  # of Oklab: how far apart colours are mixed, rather than one of them taken
_GAIN = 2.0  # the most that differences of colour grow: more shows the grain of a pale picture
_LIGHT = 0.55  # share of the way of L to that of the palette, of a picture painted anew
_LIGHT_TOWARDS = 0.35  # the same of a painting whose colours are like the palette's already
_OWN = 0.2  # share of what sets a colour off from others like it
_SPREAD = 1e-4  # variance in Oklab that a palette has at least: one colour has none
_ROUNDS, _SOONEST = 30, 12.0  # of balancing, and the largest logarithm of a prior
_LEAST = 1e-9


@dataclass(frozen=True)
class PaletteMove:
    """Where each colour goes, the same for every pixel: a smooth function of colour alone.

    Attributes:
        palette: (K, 3), in Oklab.
        turn, offset: (3, 3) and (3,), the linear move of a colour before it is compared with the
            palette's.
        means: (K, 3), the colours that take each of the palette's, in the mean.
        light: share of the way of L to that of the palette.
        prior: (K,), how much sooner each of the palette's is taken, as logarithms; None where
            nothing is said of amounts.
    """

    palette: Lab
    turn: Lab
    offset: Lab
    means: Lab
    light: float
    prior: Lab | None = None

    def __call__(self, picture: NDArray[Any]) -> NDArray[Any]:
        """A picture in these colours.

        Args:
            picture: (H, W, 3), sRGB in [0, 1].

        Returns:
            (H, W, 3), sRGB in [0, 1], of its size and dtype.

        Raises:
            SettingError: not such a picture.
        """
        picture = floats(picture)
        out = np.empty_like(picture)
        for rows in bands(picture):
            lab = self._moved(to_oklab(picture[rows].astype(np.float64).clip(0, 1)))
            out[rows] = from_oklab(inside_srgb(lab))
        return out

    def _moved(self, lab: Lab) -> Lab:
        shares = self.shares(lab)
        wished = shares @ self.palette
        own = lab[..., 1:] - (shares @ self.means)[..., 1:]
        light = lab[..., 0] + self.light * (wished[..., 0] - lab[..., 0])
        # Lighter or darker than the palette's colour it is a tint or a shade of it: with less
        # chroma, none at white and black.
        up = (1 - light) / np.maximum(1 - wished[..., 0], _LEAST)
        down = light / np.maximum(wished[..., 0], _LEAST)
        kept = np.sqrt(np.minimum(up, down).clip(0, 1))
        ab = wished[..., 1:] * kept[..., None] + _OWN * own
        return np.concatenate([light[..., None], ab], axis=-1)

    def shares(self, lab: Lab) -> Lab:
        """(..., K) of the palette's colours in what a colour becomes, 1 together."""
        seen = lab @ self.turn + self.offset
        apart = ((seen[..., None, :] - self.palette) ** 2).sum(-1)
        apart -= apart.min(-1, keepdims=True)
        sooner = -apart / (2 * _REACH**2)
        if self.prior is not None:
            sooner += self.prior
            sooner -= sooner.max(-1, keepdims=True)
        near = np.exp(sooner)
        return np.asarray(near / near.sum(-1, keepdims=True))


def within_palette(
    picture: NDArray[Any], palette: Sequence[str], weights: NDArray[Any] | None = None
) -> PaletteMove:
    """The move that paints a picture anew in a palette, all of whose colours are used.

    The picture's colours are turned and stretched so that their mean and covariance are the
    palette's; each then becomes a mixture of the colours of the palette that it lies nearest to.

    Args:
        picture: (H, W, 3), sRGB in [0, 1]; of a large one some rows and columns are looked at.
        palette: colours as "#rrggbb", or with amounts as "#rrggbb:3".
        weights: (H, W), at least 0: how much a pixel counts; None, or 0 everywhere, if all count
            alike.

    Raises:
        SettingError: not such a picture or weights.

    Source: the linear map is that of `match`. The mixture is the barycentric projection of
    entropic optimal transport (Cuturi 2013). Its balancing is left out where nothing is said of
    amounts, since it moved nothing any more after the linear map.

    Example:
        >>> halves = np.array([[[0.2] * 3, [0.8] * 3]])
        >>> dark, light = within_palette(halves, ["#400000", "#ffe0e0"])(halves)[0]
        >>> dark[0] > dark[2], bool(light.sum() > dark.sum())  # the darker takes the dark red
        (np.True_, True)
    """
    some = thinned(floats(picture))
    few = None if weights is None else thinned(np.asarray(weights))
    counts = pixel_weights(few if few is not None and few.any() else None, some)
    counts = np.ones(some.shape[0] * some.shape[1]) if counts is None else counts
    counts = counts / counts.sum()
    own = to_oklab(some.astype(np.float64)).reshape(-1, 3)
    colours, told = _lab_of(palette), amounts_of(palette)
    amounts = None if told is None else np.array(told)
    turn, _ = linear_move(_moments(own, counts), _moments(colours, amounts))
    gains, axes = np.linalg.eigh(turn)
    turn = (axes * gains.clip(-_GAIN, _GAIN)) @ axes.T
    middle = colours.mean(0) if amounts is None else amounts @ colours
    offset = middle - (counts @ own) @ turn
    move = PaletteMove(colours, turn, offset, colours, _LIGHT)
    if amounts is not None:
        move = replace(move, prior=_balanced(move, own, counts, amounts))
    shares = move.shares(own) * counts[:, None]  # (n, K)
    means = shares.T @ own / np.maximum(shares.sum(0), _LEAST)[:, None]
    return replace(move, means=means)


def _balanced(move: PaletteMove, own: Lab, counts: Lab, amounts: Lab) -> Lab:
    """The prior (K,) by which the colours of a palette come to their amounts in a picture.

    Each round takes a colour sooner as far as there is too little of it (Sinkhorn's iteration).
    """
    prior = np.zeros(len(amounts))
    for _ in range(_ROUNDS):
        there = counts @ replace(move, prior=prior).shares(own)
        prior = (prior + np.log(amounts / np.maximum(there, _LEAST))).clip(-_SOONEST, _SOONEST)
        prior -= prior.max()
    return np.asarray(prior)


def towards_palette(
    palette: Sequence[str], tones: Mapping[str, float] | None = None
) -> PaletteMove:
    """The move of each colour to those of a palette that it is like already.

    It knows no picture, so that the frames of a film are moved alike.

    Args:
        palette: as for `within_palette`; amounts make no difference.
        tones: that the palette is seen in, see `toned`.

    Example:
        >>> move = towards_palette(["#204080", "#f0e0c0"])
        >>> move(np.array([[[0x20 / 255, 0x40 / 255, 0x80 / 255]]])).round(2).tolist()
        [[[0.13, 0.25, 0.5]]]
    """
    colours = _lab_of(palette, tones)
    return PaletteMove(colours, np.eye(3), np.zeros(3), colours, _LIGHT_TOWARDS)


def palette_distance(picture: NDArray[Any], palette: Sequence[str]) -> float:
    """How far a picture's colours are from the nearest of a palette, in Oklab, in the mean.

    Args:
        picture: (H, W, 3), sRGB in [0, 1].
        palette: colours as "#rrggbb".

    Example:
        >>> palette_distance(np.ones((1, 1, 3)), ["#000000", "#ffffff"]) < 1e-6
        True
    """
    lab = to_oklab(floats(picture).astype(np.float64))
    apart = ((lab[..., None, :] - _lab_of(palette)) ** 2).sum(-1).min(-1)
    return float(np.sqrt(apart).mean())


def _lab_of(palette: Sequence[str], tones: Mapping[str, float] | None = None) -> Lab:
    """(K, 3)."""
    rows = [[int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)] for value in palette]
    return np.asarray(to_oklab(toned(np.array([rows], np.float64), tones or {}))[0])


def _moments(colours: Lab, counts: NDArray[Any] | None) -> tuple[Lab, Lab]:
    """Mean and covariance of (n, 3) colours."""
    weights = np.full(len(colours), 1 / len(colours)) if counts is None else counts
    mean = weights @ colours
    apart = colours - mean
    return mean, (apart * weights[:, None]).T @ apart + _SPREAD * np.eye(3)
