"""A photograph as a cartoonist would lay it in: few flat colours, and lines where forms end.

Letters: H, W height and width. Pictures are looked at in OKLab, (H, W, 3), where equal distances
look alike.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.codecs.bit_depth import levels
from impasto.imaging.color import from_oklab, to_oklab
from impasto.imaging.picture import Picture

__all__ = ["cartoon", "flattened", "lines"]

Floats: TypeAlias = NDArray[np.float32]

SIDE = 512  # px of the longer side that the measures below are for; others in proportion
# Smoothing: passes, how far a difference may be smoothed away, and by how much in a pass.
PASSES, CONTRAST, PACE = 25, 0.03, 0.2
MOST_PASSES = 100  # a picture larger than 2048 px is smoothed less, for time
# How much more hue counts than lightness, where colours are told apart.
HUE = 4.0
ROUNDS, SAMPLED = 12, 20_000  # of the search for colours, on so many px
SOFT = 0.03  # of edges between two colours, in OKLab
SPECK = 1.5  # px, of what is too small for a colour
STEPS, VIVID = 1.1, 1.3  # lightness of the colours from their mean, and their hue, times so much
# Lines: the width of what is compared, in px, how much wider what it is compared with is, how much
# of the difference counts, below which it is dark, and how hard the edge of a line is.
NARROWEST = 0.7  # px
WIDTH, WIDER, SHARP, DARK, HARD = 1.1, 1.6, 18.0, 0.62, 12.0


def cartoon(picture: Picture, colours: int, ink: float) -> Picture:
    """A picture in flat colours with lines drawn on it.

    Args:
        picture: any; what is hidden of it stays hidden.
        colours: how many, at least 2; 0 for all that it has.
        ink: how dark lines are, from 0, none, to 1.

    Example:
        >>> grey = Picture(np.full((8, 8, 3), 128, np.uint8))
        >>> cartoon(grey, 2, 1.0).pixels[4, 4].tolist()
        [128, 128, 128]
    """
    lab = to_oklab(picture.floats)
    drawn = lines(lab[..., 0]) if ink else None
    if colours:
        lab = flattened(lab, colours)
    if drawn is not None:
        lab = lab * (1 - np.float32(ink) * (1 - drawn[..., None]))
    pixels = from_oklab(lab)
    if picture.bits == 16:
        return replace(picture, pixels=np.rint(pixels * 65535).astype(np.uint16))
    return replace(picture, pixels=levels(pixels))


def flattened(lab: Floats, colours: int) -> Floats:
    """A picture smoothed within its edges, in few colours.

    Args:
        lab: (H, W, 3), OKLab.
        colours: how many, at least 2.

    Source: Perona and Malik, "Scale-space and edge detection using anisotropic diffusion", 1990,
    for what is smoothed.
    """
    passes = round(PASSES * max(lab.shape[:2]) / SIDE)
    smooth = _smoothed(lab, max(1, min(passes, MOST_PASSES)))
    seen = smooth * np.array([1, HUE, HUE], np.float32)
    palette = _palette(seen.reshape(-1, 3), colours)
    total = np.zeros(lab.shape[:2], np.float32)
    flat = np.zeros_like(lab)
    near = np.full(lab.shape[:2], np.inf, np.float32)
    width = SPECK * max(lab.shape[:2]) / SIDE
    mean = smooth[..., 0].mean()
    # One colour after another, and no map of each: what is summed so far shrinks by how much nearer
    # the next one is.
    for colour in palette:
        # Of its surroundings, so that no speck has a colour of its own.
        own = _blurred(np.square(seen - colour).sum(-1), width)
        nearest = np.minimum(near, own)
        shrunk, share = (np.exp((nearest - apart) / np.float32(SOFT**2)) for apart in (near, own))
        lightness = mean + STEPS * (colour[0] - mean)
        flat *= shrunk[..., None]
        flat += share[..., None] * np.array([lightness, *(VIVID * colour[1:] / HUE)], np.float32)
        total, near = total * shrunk + share, nearest
    return np.asarray(flat / total[..., None], np.float32)


def lines(lightness: Floats) -> Floats:
    """Where lines are drawn: 1 for none, towards 0 in the middle of one.

    Args:
        lightness: (H, W), from 0 to 1.

    Source: Winnemöller, Kyprianidis and Olsen, "XDoG: an extended difference-of-Gaussians
    compendium", 2012, equations 7 and 8.

    Example:
        >>> edge = np.repeat(np.array([[0.0, 1.0]], np.float32), 20, 1).repeat(40, 0)
        >>> drawn = lines(edge)
        >>> drawn[20, 35].item(), drawn[20, 19].item() < 0.5
        (1.0, True)
    """
    width = max(NARROWEST, WIDTH * max(lightness.shape) / SIDE)
    fine, coarse = _blurred(lightness, width), _blurred(lightness, WIDER * width)
    sharp = fine + SHARP * (fine - coarse)
    below = np.tanh(HARD * (sharp - DARK * lightness))
    return np.asarray(np.where(sharp >= DARK * lightness, 1, (1 + below).clip(0, 1)), np.float32)


def _smoothed(lab: Floats, passes: int) -> Floats:
    """Diffused along what differs little, and not across edges."""
    smooth = lab.copy()
    for _ in range(passes):
        flow = np.zeros_like(smooth)
        for axis in (0, 1):
            step = np.diff(smooth, axis=axis)
            apart = np.square(step).sum(-1, keepdims=True)
            moved = step * np.exp(-apart / np.float32(CONTRAST**2))
            before, after = [(0, 0)] * 3, [(0, 0)] * 3
            before[axis], after[axis] = (0, 1), (1, 0)
            flow += np.pad(moved, before) - np.pad(moved, after)
        smooth += np.float32(PACE) * flow
    return smooth


def _palette(colours: Floats, count: int) -> Floats:
    """(count, 3): the middles of groups of colours, found in rounds from colours far apart."""
    sample = colours[:: max(1, len(colours) // SAMPLED)]
    middles = [sample.mean(0)]
    nearest = np.square(sample - middles[0]).sum(-1)
    for _ in range(count - 1):
        # The far end of what stands apart, and no single px of it.
        order = np.argsort(nearest, kind="stable")
        middles.append(sample[order[-max(1, len(sample) // 100) :]].mean(0))
        nearest = np.minimum(nearest, np.square(sample - middles[-1]).sum(-1))
    palette = np.array(middles, np.float32)
    for _ in range(ROUNDS):
        groups = np.argmin([np.square(sample - middle).sum(-1) for middle in palette], 0)
        for number in range(count):
            if (groups == number).any():
                palette[number] = sample[groups == number].mean(0)
    return palette


def _blurred(plane: Floats, width: float) -> Floats:
    """A plane under a normal distribution of that deviation, in px; edges go on as they end."""
    reach = max(1, round(3 * width))
    weights = np.exp(-np.square(np.arange(-reach, reach + 1) / width) / 2).astype(np.float32)
    weights /= weights.sum()
    for axis in (0, 1):
        padded = np.pad(plane, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], "edge")
        size = plane.shape[axis]
        parts = (np.take(padded, range(n, n + size), axis) * w for n, w in enumerate(weights))
        plane = np.asarray(sum(parts), np.float32)
    return plane
