"""Mountains and trees in pencil: patches of parallel strokes, laid across each other for shade."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from impasto.painters.colour import finish
from impasto.painters.field import Array, noise, sample, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ink, paper, ramp_of
from impasto.painters.source import PaintSource

ENLARGE = 2
PIGMENTS = Pigments(
    {
        "paper": paper("f6f2e8"),
        "lead": ink("2c2c30"),
        "sky": ramp_of("4a4b50", "6a6b70", share=3),
        "far": ramp_of("4a4b50", "5c5d62", share=1),
        "rock": ramp_of("2f3035", "45464b", share=2),
        "hill": ramp_of("38393e", "505156", share=2),
        "field": ramp_of("404146", "606166", share=3),
        "tree": ramp_of("232428", "3a3b40", share=2),
    }
)
PITCH, LENGTH, THICK = 3.1, 34.0, 1.35  # of strokes, in pixels of a 640-pixel picture
# Of each layer of strokes: the shade that it begins at, how it is turned, how hard it is pressed.
LAYERS = [(0.06, 0.0, 0.42), (0.30, 0.45, 0.50), (0.52, -0.55, 0.60), (0.74, 1.15, 0.75)]
COVER = 2.3  # of the picture by the patches of a layer
ROUND = [(0.155, 0.565, 0.150), (0.275, 0.630, 0.095), (1.120, 0.600, 0.115), (0.045, 0.660, 0.085)]
PINES = [(0.880, 0.800, 0.330), (0.960, 0.775, 0.240), (0.800, 0.765, 0.170)]


class Scene(NamedTuple):
    """What is drawn, each (H, W): its shade, where it lies, the way of the strokes, its pigment."""

    shade: Array
    region: NDArray[np.int32]
    angle: Array
    pigment: Array


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 1.0)
    rows, columns = x.shape
    scene = _scene(x, y, tones, rng)
    if source.direction is not None:
        way = np.full_like(scene.angle, -np.deg2rad(source.direction))
        scene = scene._replace(angle=0.12 * scene.angle + way)
    density = np.zeros((rows, columns, 3), np.float32)
    for begins, turn, pressed in LAYERS:
        density += _hatched(scene, begins, turn, pressed, unit * scale, rng)
    density += _contours(scene, unit * scale**0.5, tones["lead"][0], rng)
    tooth = noise(rows, columns, 1.9 * unit, rng, 2)
    rough = noise(rows, columns, 4.5 * unit, rng, 2)
    held = np.clip(0.92 + 0.42 * tooth + 0.12 * rough, 0.10, None)  # lead stays on what stands out
    sheet = tones["paper"][0] * (1 + 0.010 * rough)[..., None]
    return finish((sheet * np.exp(-density * held[..., None])).astype(np.float32), width, height)


def _scene(x: Array, y: Array, tones: dict[str, Array], rng: np.random.Generator) -> Scene:
    rows, columns = x.shape
    slow = noise(rows, columns, rows / 5, rng, 3)
    fine = noise(rows, columns, rows / 24, rng, 2)
    region = np.zeros(x.shape, np.int32)
    cloud = smoothstep(
        -0.9, 1.3, 0.8 * slow + 1.2 * np.sin(5.5 * y + 2.2 * x + 0.8) - 2.4 * (y - 0.2)
    )
    shade = 0.50 * (1 - cloud) * smoothstep(0.52, 0.02, y) + 0.03
    angle = np.full(x.shape, -0.62, np.float32) + 0.10 * slow
    pigment = np.empty((*x.shape, 3), np.float32)
    pigment[:] = tones["sky"][0]

    def put(inside: NDArray[np.bool_], dark: Array, way: Array | float, name: str, at: int) -> None:
        region[inside] = region.max() + 1
        shade[inside] = np.broadcast_to(dark, x.shape)[inside]
        angle[inside] = np.broadcast_to(way, x.shape)[inside]
        pigment[inside] = tones[name][at]

    far = y > 0.465 - 0.05 * np.sin(3.3 * x + 0.4) - 0.02 * np.sin(8 * x) - 0.004 * fine
    put(far, np.asarray(0.26 + 0.1 * fine - 0.5 * (y - 0.45)), 0.35 + 0.2 * slow, "far", 0)
    _mountain(x, y, fine, put)
    hill = 0.590 - 0.055 * np.sin(2.9 * x + 2.3) - 0.006 * fine
    lit = np.cos(2.9 * x + 2.3)
    put(y > hill, 0.32 - 0.17 * lit + 0.03 * fine + 0.9 * (y - hill), -0.18 * lit, "hill", 0)
    field = 0.700 + 0.045 * np.sin(2.1 * x + 0.2)
    down = np.clip(y - field, 0, 1)
    way = np.abs(x - 0.56 - 0.30 * np.sin(7.5 * down + 0.4) * (0.25 + down)) / (0.012 + 0.24 * down)
    dark = 0.20 + 0.09 * slow + 0.9 * down**1.3 + 0.03 * fine
    dark = dark * smoothstep(0.85, 1.15, way) + 0.25 * np.exp(-(((way - 1.25) / 0.25) ** 2))
    put(y > field, dark, 0.10 + 0.25 * np.cos(2.1 * x + 0.2) + 0.12 * slow, "field", 0)
    for cx, cy, size in sorted(ROUND, key=lambda tree: tree[1] + tree[2]):
        trunk = (np.abs(x - cx - 0.004 * np.sin(30 * y)) < 0.10 * size) & (y > cy)
        put(trunk & (y < cy + 1.65 * size), 0.72 + 0.4 * (x - cx) / size, 1.45, "tree", 1)
        u, v = (x - cx) / size, (y - cy) / (0.95 * size)
        turn = np.arctan2(v, u)
        away = np.hypot(u, v) + 0.10 * fine + 0.05 * np.sin(9 * turn) + 0.05 * np.sin(17 * turn + 1)
        dark = 0.50 + 0.36 * (0.7 * u + 0.8 * v) + 0.10 * fine
        put(away < 1, dark, 0.9 * turn + 1.2, "tree", 0)
    for px, foot, tall in sorted(PINES, key=lambda tree: tree[1]):
        rise = (foot - y) / tall
        tier = (rise * 7 + 2.2 * np.abs(x - px) / tall) % 1
        spread = tall * 0.26 * (1.02 - rise) * (0.55 + 0.45 * (1 - tier)) + 0.004 * fine
        inside = (rise > 0.05) & (rise < 1) & (np.abs(x - px) < spread)
        inside |= (rise > -0.06) & (rise <= 0.05) & (np.abs(x - px) < 0.018 * tall)
        side = np.clip((x - px) / (0.2 * tall), -1, 1)
        put(inside, 0.66 + 0.20 * side + 0.2 * (tier < 0.3), 1.57 - 0.75 * side, "tree", 0)
    return Scene(np.clip(shade, 0, 1).astype(np.float32), region, angle.astype(np.float32), pigment)


def _mountain(x: Array, y: Array, fine: Array, put: Callable[..., None]) -> None:
    """Three peaks with a bright and a dark side, and snow on their heads."""
    for cx, top, steep in ((0.20, 0.315, 0.95), (0.98, 0.290, 0.90), (0.62, 0.130, 1.05)):
        side = x - cx
        ridge = 0.030 * np.sin(26 * (y - top)) + 0.012 * np.sin(61 * (y - top)) + 0.003 * fine
        skirt = top + steep * np.abs(side) ** 1.02 + 0.010 * np.abs((side * 31) % 2 - 1)
        inside = (y > skirt) & (y < 0.66)
        snow = smoothstep(0.06, 0.09, y - top - 0.35 * np.abs(side) + 0.02 * fine)
        bright = side + ridge < 0
        dark = np.where(bright, 0.12 + 0.03 * fine, 0.66 + 0.05 * fine) * (0.35 + 0.65 * snow)
        put(inside & bright, dark, np.arctan(steep) * -0.95, "rock", 1)
        put(inside & ~bright, dark, np.arctan(steep) * 0.95, "rock", 0)


def _hatched(
    scene: Scene, begins: float, turn: float, pressed: float, unit: float, rng: np.random.Generator
) -> Array:
    """The optical density (H, W, 3) of a layer: patches of strokes, lifted where it is light.

    Letters: P patches, N strokes of each, S places along a stroke, T across it.
    """
    rows, columns = scene.shade.shape
    pitch, length, thick = PITCH * unit, LENGTH * unit, THICK * unit
    strokes = 9
    count = max(int(COVER * rows * columns / (strokes * pitch * length)), 4)
    centre = rng.uniform(-0.02, 1.02, (count, 2)) * [columns, rows]
    way = sample(scene.angle, centre[:, 0], centre[:, 1]) + turn + rng.normal(0, 0.07, count)
    owner = sample(scene.region, centre[:, 0], centre[:, 1])
    along = np.stack([np.cos(way), np.sin(way)], axis=-1)[:, None, None, None]
    aside = np.stack([-np.sin(way), np.cos(way)], axis=-1)[:, None, None, None]
    s = np.linspace(-0.5, 0.5, max(int(1.4 * length), 8), dtype=np.float32)[None, None, :, None]
    t = np.linspace(-0.5, 0.5, max(int(1.5 * thick) + 1, 3), dtype=np.float32)[None, None, None]
    n = np.arange(strokes)[None, :, None, None] - (strokes - 1) / 2
    shape = (count, strokes, 1, 1)
    reach = length * rng.uniform(0.70, 1.10, shape)
    shift = rng.normal(0, 0.06 * length, shape)
    bow = 0.030 * length * (4 * s**2 - 1)
    off = n * pitch * rng.uniform(0.90, 1.10, (count, 1, 1, 1)) + rng.normal(0, 0.16 * pitch, shape)
    place = centre[:, None, None, None] + along * (s * reach + shift)[..., None]
    place = place + aside * (off + bow + t * thick)[..., None]
    column, row = place[..., 0], place[..., 1]
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    inside &= sample(scene.region, column, row) == owner[:, None, None, None]
    shade = sample(scene.shade, column, row)
    weight = smoothstep(begins - 0.05, begins + 0.30, shade) * (0.55 + 0.45 * shade)
    taper = np.clip(1.15 - 1.5 * np.abs(s + 0.12) ** 1.5, 0.15, None)  # pressed first, then lifted
    weight = weight * taper * rng.uniform(0.75, 1.15, shape) * (1 - 1.6 * t**2)
    flat = (row.astype(np.intp) * columns + column.astype(np.intp))[inside]
    # Samples overlap: about two of them along and one and a half across fall on a pixel.
    laid = np.bincount(flat, weights=weight[inside], minlength=rows * columns)
    laid = np.minimum(laid.reshape(rows, columns) / 2.1, 1.6).astype(np.float32)
    soft = ndimage.gaussian_filter(laid, 0.35 * unit)
    return np.asarray((pressed * soft)[..., None] * -np.log(scene.pigment))


def _contours(scene: Scene, unit: float, lead: Array, rng: np.random.Generator) -> Array:
    """Outlines drawn twice, each time a little beside the form, and pressed unevenly."""
    rows, columns = scene.shade.shape
    total = np.zeros((rows, columns), np.float32)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    edge = np.zeros((rows, columns), bool)
    edge[:, 1:] |= scene.region[:, 1:] != scene.region[:, :-1]
    edge[1:] |= scene.region[1:] != scene.region[:-1]
    away = ndimage.distance_transform_edt(~edge).astype(np.float32)
    for strength in (0.75, 0.42):
        stray_x = noise(rows, columns, 42 * unit, rng, 2) * 1.3 * unit
        stray_y = noise(rows, columns, 42 * unit, rng, 2) * 1.3 * unit
        line = smoothstep(0.95 * unit, 0.45 * unit, sample(away, x + stray_x, y + stray_y))
        press = smoothstep(-1.3, 0.8, noise(rows, columns, 30 * unit, rng, 2))
        total = np.maximum(total, strength * line * press)
    return np.asarray(ndimage.gaussian_filter(total, 0.3 * unit)[..., None] * -np.log(lead))
