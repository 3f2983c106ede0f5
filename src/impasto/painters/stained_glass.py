"""A rose window: jewel-coloured panes in rings about a centre, leaded, with the sun behind them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from impasto.painters.colour import finish, saturate
from impasto.painters.field import Array, noise, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ramp_of
from impasto.painters.source import PaintSource

ENLARGE = 2
CENTRE = (0.625, 0.5)
PIGMENTS = Pigments(
    {
        "gold": ramp_of("f9c531", "f59b1c", "ffe27a", "e8641b", "fbd24e", share=1.5),
        "ruby": ramp_of("b3122b", "d8203a", "8a0f3c", "e5484d", "c2185b", share=1.5),
        "blue": ramp_of("15369c", "1f57c8", "0d2470", "2f86dd", "3b3fb5", share=2),
        "teal": ramp_of("0f7f86", "18a39a", "0c5f78", "49c5b1", "2a9d5c"),
        "violet": ramp_of("4a1f80", "6a2f9c", "351a6b", "8a3f9e", "24308f"),
        "green": ramp_of("1c7a3f", "3aa655", "0f5c3f", "8cc152", "c7d66d", share=0.7),
    }
)


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 0.6)
    tracery, families = _tracery(x - CENTRE[0], y - CENTRE[1], scale)
    panes, owner = _panes(tracery, x, y, rng, scale)
    wide = _from_edge(tracery)
    fine = _from_edge(panes)
    glass = _glass(panes, owner, families, fine, x, y, rng, unit, tones)
    lead = np.maximum(_came(wide, 2.7 * unit * scale), _came(fine, 1.35 * unit * scale))
    picture = _leaded(glass, lead, rng, unit)
    return finish(saturate(picture, 1.0), width, height)


def _tracery(x: Array, y: Array, scale: float) -> tuple[NDArray[np.int32], dict[int, str]]:
    """Stone-like divisions (H, W) as integers, and the family of colours of each."""

    def many(pieces: int) -> int:
        """How many pieces go round: even, as their colours alternate, and at least six."""
        return max(6, 2 * round(pieces / scale / 2))

    radius = np.hypot(x, y)
    turn = np.arctan2(y, x) / (2 * np.pi) % 1
    label = np.zeros(x.shape, np.int32)
    names: list[str] = ["ground"]

    def put(mask: np.ndarray, piece: np.ndarray, pieces: int, *kinds: str) -> None:
        base = len(names)
        label[mask] = base + piece[mask].astype(np.int32) % pieces
        names.extend(kinds[i % len(kinds)] for i in range(pieces))

    def sector(pieces: int, shift: float = 0.0) -> tuple[np.ndarray, Array]:
        at = turn * pieces + shift
        return np.floor(at) % pieces, ((at % 1) - 0.5).astype(np.float32)

    everywhere = np.ones(x.shape, bool)
    corner, _ = sector(many(24))
    put(everywhere, corner, many(24), "blue", "violet", "teal")
    piece, _ = sector(many(48))
    put(radius < 0.66, piece, many(48), "gold", "ruby")
    piece, _ = sector(many(24))
    put(radius < 0.605, piece, many(24), "blue", "violet")
    for pieces, middle, size, kind in (
        (many(24), 0.545, 0.046, "green"),
        (many(24), 0.545, 0.024, "gold"),
    ):
        piece, off = sector(pieces)
        roundel = np.hypot(radius - middle, off * 2 * np.pi / pieces * middle) < size
        put(roundel, piece, pieces, kind, "ruby" if kind == "green" else "gold")
    piece, off = sector(many(12), 0.5)
    arch = 0.485 - 0.11 * (2 * np.abs(off)) ** 2.2
    put(radius < 0.485, piece, many(12), "teal", "blue")
    put(radius < arch, piece, many(12), "ruby", "violet")
    put(radius < arch - 0.055, piece, many(12), "blue", "teal")
    bud = np.hypot((radius - 0.335) * 1.0, off * 2 * np.pi / many(12) * 0.335 * 1.25)
    put(bud < 0.062, piece, many(12), "gold", "ruby")
    piece, off = sector(many(12))
    petal = 0.262 - 0.10 * (2 * np.abs(off)) ** 1.6
    put(radius < 0.262, piece, many(12), "green", "violet")
    put(radius < petal, piece, many(12), "ruby", "gold")
    put(radius < petal - 0.05, piece, many(12), "violet", "blue")
    piece, off = sector(many(8), 0.5)
    put(radius < 0.115, piece, many(8), "blue", "teal")
    put(radius < 0.105 - 0.035 * (2 * np.abs(off)) ** 1.5, piece, many(8), "gold", "gold")
    put(radius < 0.042, np.zeros_like(piece), 1, "ruby")
    return label, dict(enumerate(names))


def _panes(
    tracery: NDArray[np.int32], x: Array, y: Array, rng: np.random.Generator, scale: float
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Divisions broken along irregular lines into panes, and the division each pane lies in."""
    radius = np.hypot(x - CENTRE[0], y - CENTRE[1]).ravel()
    count = round(1500 / scale**2)
    seeds = np.stack([rng.uniform(0, 1.25, count), rng.uniform(0, 1, count)], axis=-1)
    away = np.hypot(seeds[:, 0] - CENTRE[0], seeds[:, 1] - CENTRE[1])
    keep = rng.random(count) < np.where(away > 0.45, 0.36, np.where(away > 0.2, 0.30, 0.16))
    seeds = seeds[keep]
    wobble = 0.004 * np.sin(40 * y.ravel() + 9 * x.ravel())
    points = np.stack([x.ravel() + wobble, y.ravel() - wobble], axis=-1)
    cell = cKDTree(seeds).query(points)[1]
    whole = radius < 0.05
    cell = np.where(whole, 0, cell)
    joint = tracery.ravel().astype(np.int64) * len(seeds) + cell
    _, panes = np.unique(joint, return_inverse=True)
    panes = panes.reshape(tracery.shape)
    area = np.bincount(panes.ravel())
    owner = np.zeros(len(area), np.int64)
    owner[panes.ravel()] = tracery.ravel()
    # Slivers would be lead only: give them to the biggest pane of their division.
    small = area < 0.00042 * scale**2 * panes.size
    biggest: dict[int, int] = {}
    for pane in np.argsort(area):
        biggest[int(owner[pane])] = int(pane)
    target = np.arange(len(area))
    target[small] = [biggest[int(o)] for o in owner[small]]
    return target[panes], owner


def _from_edge(label: NDArray[np.int32] | NDArray[np.intp]) -> Array:
    """Distance in pixels of each pixel from the nearest change of label."""
    edge = np.zeros(label.shape, bool)
    edge[:, 1:] |= label[:, 1:] != label[:, :-1]
    edge[1:] |= label[1:] != label[:-1]
    return np.asarray(ndimage.distance_transform_edt(~edge).astype(np.float32))


def _came(distance: Array, half: float) -> Array:
    """Height of a rounded lead strip: 1 on its back, 0 beyond its sides."""
    return np.sqrt(np.clip(1 - (distance / half) ** 2, 0, 1)).astype(np.float32)


def _glass(
    panes: NDArray[np.intp],
    owner: NDArray[np.int64],
    families: dict[int, str],
    edge: Array,
    x: Array,
    y: Array,
    rng: np.random.Generator,
    unit: float,
    families_tones: dict[str, Array],
) -> Array:
    rows, columns = panes.shape
    tint = np.zeros((len(owner), 3), np.float32)
    for pane, division in enumerate(owner):
        tones = families_tones[families[int(division)]]
        tint[pane] = tones[rng.integers(len(tones))] * rng.uniform(0.9, 1.2)
    colour = tint[panes]
    lean = rng.uniform(0, 2 * np.pi, len(owner)).astype(np.float32)[panes]
    slow = noise(rows, columns, 46 * unit, rng, 2)
    bend_x = noise(rows, columns, 30 * unit, rng)
    streaks = np.sin((x * np.cos(lean) + y * np.sin(lean)) * 95 + 2.6 * slow + 1.2 * bend_x)
    ripple = noise(rows, columns, 7 * unit, rng, 2)
    sun = np.hypot(x - CENTRE[0], y - CENTRE[1])
    light = 0.80 + 0.38 * np.exp(-((sun / 0.42) ** 2)) + 0.13 * slow
    light = light + 0.11 * streaks + 0.05 * ripple
    inner = smoothstep(0, 9 * unit, edge)
    light = light * (0.80 + 0.50 * inner)
    depth = np.clip(1.30 - 0.46 * light, 0.5, 1.5)[..., None]
    lit = np.clip(colour, 0.015, 1) ** depth * np.clip(light, 0.2, 1.7)[..., None]
    milk = smoothstep(0.7, 2.2, slow + 0.6 * streaks) * inner * 0.20
    lit = lit + milk[..., None] * (np.array([1.0, 0.97, 0.88], np.float32) - lit)
    bubbles = smoothstep(2.3, 3.0, noise(rows, columns, 3.2 * unit, rng))
    return np.asarray(np.clip(lit + 0.20 * bubbles[..., None], 0, 1.2).astype(np.float32))


def _leaded(glass: Array, lead: Array, rng: np.random.Generator, unit: float) -> Array:
    rows, columns = lead.shape
    grain = 0.10 * noise(rows, columns, 3 * unit, rng, 2)
    slope_y, slope_x = np.gradient(ndimage.gaussian_filter(lead, 0.6 * unit))
    shine = np.clip(-(slope_x + slope_y) * unit * 1.3, -0.5, 1.2)
    metal = 0.085 + 0.05 * lead + 0.26 * np.clip(shine, 0, 1) + 0.03 * grain
    metal = metal[..., None] * np.array([1.0, 1.0, 1.08], np.float32)
    cover = smoothstep(0.0, 0.45, lead)[..., None]
    picture = glass * (1 - cover) + metal * cover
    bright = np.clip(glass - 0.35, 0, None) * (1 - cover)
    halo = np.stack([ndimage.gaussian_filter(bright[..., c], 7 * unit) for c in range(3)], axis=-1)
    return np.asarray(np.clip(picture + 0.34 * halo, 0, 1).astype(np.float32))
