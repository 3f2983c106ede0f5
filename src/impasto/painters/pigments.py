"""The pigments of a painter, and how they change when other colours are wished for.

A painter keeps its pigments in families. A *ramp* is a gradient, in another palette all of one hue;
the members of a *set* are things of many colours (petals, panes, stones), which share a palette out
among them. Paper and ink are the lightest and the darkest that there is. Roles are chosen by
lightness and chroma, never by the order in which colours are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.oklab import from_oklab, linear_from_oklab, to_oklab

__all__ = ["Family", "Pigments", "ink", "paper", "ramp_of", "set_of"]

Array = NDArray[Any]

# Of an own ramp's or set's contrast and of its turns of hue, what is kept in another palette.
CONTRAST, TURN = 0.85, 0.35
PAPER_LIGHTNESS, PAPER_CHROMA = 0.90, 0.035
INK_LIGHTNESS, INK_CHROMA = 0.30, 0.09
GREY, COLOURFUL = 0.02, 0.08  # chroma below which a colour has no hue, and from which much
ACCENT = 0.10  # chroma from which a single pigment is there to be seen
DARKEST, LIGHTEST = 0.10, 0.985
LEAST = 0.03  # sRGB: no pigment swallows a light whole, as layers of it would be black


@dataclass(frozen=True)
class Family:
    """Pigments that belong together.

    Attributes:
        kind: "ramp", "set", "paper" or "ink".
        own: (N, 3) sRGB in [0, 1], the painter's own.
        share: about how much of the picture they cover, beside the other families.
        keep: of their own lightness, in parts, against that of the colour that they take: light and
            shade need some, and a wash on paper needs most.
        like: another set, whose members take the same colours, each as the one of its place.
    """

    kind: str
    own: Array
    share: float = 1.0
    keep: float = 0.35
    like: str = ""


def _codes(codes: Sequence[str]) -> Array:
    return np.array([list(bytes.fromhex(code)) for code in codes], np.float32) / 255


def ramp_of(*codes: str, share: float = 1.0, keep: float = 0.35) -> Family:
    """A gradient, from hexadecimal codes such as "1f3a93"."""
    return Family("ramp", _codes(codes), share, keep)


def set_of(*codes: str, share: float = 1.0, keep: float = 0.35, like: str = "") -> Family:
    """Pigments for things of many colours."""
    return Family("set", _codes(codes), share, keep, like)


def paper(*codes: str) -> Family:
    """What lies below the paint, light whatever the palette."""
    return Family("paper", _codes(codes))


def ink(*codes: str) -> Family:
    """What lines are drawn in, dark whatever the palette."""
    return Family("ink", _codes(codes))


@dataclass(frozen=True)
class Pigments:
    """The families of a painter by name.

    Example:
        >>> own = Pigments({"sky": ramp_of("000080", "8080ff"), "paper": paper("ffffff")})
        >>> bool((own.mixed(())["sky"] == own.families["sky"].own).all())
        True
        >>> red = own.mixed(("#c00000",))["sky"]
        >>> bool((red[:, 0] > red[:, 2]).all())
        True
    """

    families: Mapping[str, Family] = field(repr=False)

    def mixed(self, palette: Sequence[str]) -> dict[str, Array]:
        """Every family in the colours of a palette.

        Args:
            palette: "#rrggbb" each; none for the painter's own, which come back bit for bit.

        Returns:
            By the name of the family, (N, 3) sRGB in [0, 1], as many as it has of its own.
        """
        if not palette:
            return {name: family.own for name, family in self.families.items()}
        wished = _lab(_codes([colour.removeprefix("#") for colour in palette]))
        wished = wished[np.argsort(wished[:, 0], kind="stable")]
        mixed = {}
        for name, family in self.families.items():
            if family.kind in ("paper", "ink"):
                mixed[name] = _edge(family, wished)
        body = _body(wished, {family.kind for family in self.families.values()})
        ramps = {n: f for n, f in self.families.items() if f.kind == "ramp"}
        for name, dealt in _dealt(ramps, body).items():
            colours = body if _is_accent(ramps[name].own) else dealt
            mixed[name] = _recast(ramps[name], ramps[name].own, colours)
        for name, family in self.families.items():
            if family.kind == "set":
                leader = self.families[family.like] if family.like else family
                mixed[name] = _recast(family, leader.own, body)
        return mixed


def _body(wished: Array, kinds: set[str]) -> Array:
    """The colours of the paint: without a pale paper and a grey ink, where two others are left."""
    low, high = 0, len(wished)
    chroma = np.hypot(*wished[:, 1:].T)
    pale = wished[-1, 0] > PAPER_LIGHTNESS - 0.03 and chroma[-1] < COLOURFUL
    if "paper" in kinds and high - low > 2 and pale:
        high -= 1
    black = wished[0, 0] < INK_LIGHTNESS + 0.05 and chroma[0] < COLOURFUL
    if "ink" in kinds and high - low > 2 and black:
        low += 1
    return wished[low:high]


def _edge(family: Family, wished: Array) -> Array:
    """Paper of the lightest colour, or ink of the darkest."""
    lab = _lab(family.own)
    light = family.kind == "paper"
    near = wished[-1] if light else wished[0]
    chroma = float(np.hypot(near[1], near[2]))
    limit = PAPER_CHROMA if light else INK_CHROMA
    hue = near[1:] * min(1.0, limit / max(chroma, 1e-6))
    least = np.maximum(lab[:, 0], PAPER_LIGHTNESS)
    if light:  # a light palette keeps its own paper
        level = np.maximum(least if near[0] < PAPER_LIGHTNESS else near[0], PAPER_LIGHTNESS)
    else:
        level = np.minimum(lab[:, 0], INK_LIGHTNESS)
    return _rgb(np.column_stack([np.broadcast_to(level, len(lab)), np.tile(hue, (len(lab), 1))]))


def _dealt(ramps: Mapping[str, Family], body: Array) -> dict[str, Array]:
    """The colours of each ramp: every colour has one, and every ramp at least one colour.

    By lightness first, as the light and shade of a picture come from there, then by hue.
    """
    if not ramps:
        return {}
    names = list(ramps)
    labs = np.array([_lab(ramps[name].own).mean(axis=0) for name in names])
    shares = np.array([ramps[name].share for name in names])
    cost = _rank(labs[:, 0])[:, None] - _rank(body[:, 0])[None, :]
    cost = cost**2 + 0.25 * _hue_apart(labs, body)
    given: dict[str, list[int]] = {name: [] for name in names}
    rest = set(range(len(body)))
    for which in np.argsort(-shares, kind="stable"):  # the largest first, each the best of the rest
        left = sorted(rest) or list(range(len(body)))
        pick = min(left, key=lambda colour: float(cost[which, colour]))
        given[names[which]].append(pick)
        rest.discard(pick)
    for colour in sorted(rest):
        load = np.array([len(given[name]) for name in names])
        given[names[int(np.argmin(cost[:, colour] + 0.5 * load / shares))]].append(colour)
    return {name: body[sorted(picks)] for name, picks in given.items()}


def _rank(lightness: Array) -> Array:
    """Places from 0, the darkest, to 1; a single one has the middle."""
    if len(lightness) == 1:
        return np.array([0.5], np.float32)
    place = np.argsort(np.argsort(lightness, kind="stable"), kind="stable")
    return (place / (len(lightness) - 1)).astype(np.float32)


def _hue_apart(first: Array, second: Array) -> Array:
    """From 0, the same hue, to 1, the opposite; half for greys. (N, M)."""
    a, b = np.hypot(*first[:, 1:].T)[:, None], np.hypot(*second[:, 1:].T)[None, :]
    cosine = first[:, 1:] @ second[:, 1:].T / np.maximum(a * b, 1e-9)
    return np.where((a < GREY) | (b < GREY), 0.5, (1 - cosine) / 2)


def _is_accent(own: Array) -> bool:
    """Whether a family is one bright pigment, such as a red sun, which any palette has to show."""
    return len(own) == 1 and float(np.hypot(*_lab(own)[0, 1:])) >= ACCENT


def _recast(family: Family, leader: Array, colours: Array) -> Array:
    """A family in other colours (K, 3) of Oklab, which are in the order of their lightness.

    Each member takes the colour of the place that it, or its like in `leader`, has among its own,
    and keeps how far it is lighter, and something of how far it is turned, than the middle of those
    that take that colour.
    """
    lab = _lab(family.own)
    if len(lab) == 1:  # its brightest, as it has room for one alone
        brightest = np.argmax(np.hypot(*colours[:, 1:].T) + 0.3 * colours[:, 0])
        colours = colours[brightest : brightest + 1]
    order = np.argsort(_lab(leader)[:, 0], kind="stable")
    take = np.empty(len(lab), np.intp)
    take[order] = (np.arange(len(lab)) * len(colours)) // len(lab)
    cast = np.empty_like(lab)
    for which in np.unique(take):
        mine, colour = take == which, colours[which]
        off = lab[mine] - lab[mine].mean(axis=0)
        level = (1 - family.keep) * colour[0] + family.keep * lab[:, 0].mean()
        cast[mine, 0] = np.clip(level + CONTRAST * off[:, 0], DARKEST, LIGHTEST)
        kept = TURN * min(1.0, float(np.hypot(colour[1], colour[2])) / COLOURFUL)
        cast[mine, 1:] = colour[1:] * _room(cast[mine, 0], colour[0])[:, None] + kept * off[:, 1:]
    return _rgb(cast)


def _room(level: Array, own: float) -> Array:
    """What is left of a colour's chroma when it is made lighter or darker than its `own`."""
    tint = (1 - level) / max(1 - own, 0.05)
    shade = level / max(own, 0.05)
    return np.clip(np.minimum(tint, shade), 0, 1) ** 0.7


def _lab(colours: Array) -> Array:
    return np.asarray(to_oklab(np.asarray(colours, np.float32)[None])[0], np.float32)


def _rgb(lab: Array) -> Array:
    """Oklab as sRGB: what no screen shows is paled until it can, and keeps its lightness."""
    lab = np.asarray(lab, np.float32)
    low, high = np.zeros(len(lab), np.float32), np.ones(len(lab), np.float32)
    inside = _inside(lab)
    for _ in range(12):
        share = (low + high) / 2
        fits = _inside(lab * np.stack([np.ones_like(share), share, share], axis=-1))
        low, high = np.where(fits, share, low), np.where(fits, high, share)
    share = np.where(inside, 1, low)
    pale = lab * np.stack([np.ones_like(share), share, share], axis=-1)
    rgb = from_oklab(pale[None])[0]
    return np.maximum(np.asarray(rgb, np.float32), np.float32(LEAST))


def _inside(lab: Array) -> NDArray[np.bool_]:
    linear = linear_from_oklab(np.asarray(lab, np.float32))
    return np.asarray(((linear > -1e-4) & (linear < 1 + 1e-4)).all(axis=-1))
