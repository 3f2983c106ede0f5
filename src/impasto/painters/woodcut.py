"""A carved block: black lines that swell with the shade and follow the form, on warm paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from impasto.painters.colour import finish, mix
from impasto.painters.field import Array, noise, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ink, paper, ramp_of
from impasto.painters.source import PaintSource

ENLARGE = 3
PIGMENTS = Pigments({"paper": paper("efdfbd"), "block": ramp_of("d9a35a"), "ink": ink("17120e")})
SUN = (0.83, 0.265)
BILLOWS = [  # a cloud's lobes from back to front: offset in its half width and height, radius
    (-0.05, -0.52, 0.62),
    (0.42, -0.30, 0.52),
    (-0.50, -0.18, 0.55),
    (0.14, -0.12, 0.50),
    (0.74, 0.05, 0.44),
    (-0.84, 0.20, 0.40),
    (-0.22, 0.10, 0.52),
    (0.46, 0.22, 0.46),
    (1.00, 0.40, 0.30),
    (-0.58, 0.38, 0.38),
    (0.10, 0.42, 0.40),
    (-1.08, 0.48, 0.24),
]
PITCH = 0.0140  # distance between cuts in picture heights

# Where a form is, how its cuts run, how dark it is, and how much ochre it has.
Layer = tuple[NDArray[np.bool_], Array, Array, Array]


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 1.0)
    rows, columns = x.shape
    wander = noise(rows, columns, rows / 7, rng, 2)
    shiver = noise(rows, columns, rows / 45, rng, 2)

    phase, tone, ochre = _sky(x, y, wander, PITCH * scale)
    for layer in _land(x, y, wander, rng, PITCH * scale):
        inside, its_phase, its_tone, its_ochre = layer
        phase = np.where(inside, its_phase, phase)
        tone = np.where(inside, its_tone, tone)
        ochre = np.where(inside, its_ochre, ochre)
        rim = _outline(inside, 2.2 * unit * scale)
        tone = np.where(rim, 1.25, tone)
    cuts = _cuts(phase + 0.10 * shiver, tone + 0.05 * shiver, x, y, rng, unit, PITCH * scale)
    return finish(_print(cuts, ochre, rng, unit, tones), width, height)


def _outline(inside: NDArray[np.bool_], thickness: float) -> NDArray[np.bool_]:
    """The key line about a form: pixels inside it and near its border."""
    near = ndimage.distance_transform_edt(inside) < thickness
    return np.asarray(near & inside)


def _sky(x: Array, y: Array, wander: Array, pitch: float) -> tuple[Array, Array, Array]:
    """Rings of air about the sun; rays, doubled as they spread; clouds cut along their backs."""
    away = np.hypot(x - SUN[0], y - SUN[1])
    turn = np.arctan2(y - SUN[1], x - SUN[0]) / (2 * np.pi)
    ripple = 0.012 * np.sin(turn * 2 * np.pi * 7) * smoothstep(0.16, 0.5, away)
    phase = (away + ripple + 0.011 * wander * smoothstep(0.1, 0.4, away)) / pitch
    tone = 0.16 + 0.52 * smoothstep(0.12, 0.75, away) + 0.10 * np.sin(away * 38 + wander)
    rays = np.cos(turn * 2 * np.pi * 26) * smoothstep(0.14, 0.18, away)
    tone = tone - 0.30 * np.clip(rays, 0, 1) * smoothstep(0.55, 0.16, away)
    disc = away < 0.088
    phase = np.where(disc, (y - 0.4 * (x - SUN[0]) ** 2) / (0.8 * pitch), phase)
    tone = np.where(disc, 0.02 + 0.28 * smoothstep(0.02, 0.09, away), tone)
    tone = np.where(np.abs(away - 0.092) < 0.005, 1.3, tone)
    ochre = smoothstep(0.46, 0.16, away) * (~disc)
    for cx, cy, wide, tall in (
        (0.25, 0.17, 0.20, 0.105),
        (0.49, 0.345, 0.15, 0.070),
        (1.13, 0.12, 0.15, 0.080),
        (0.04, 0.40, 0.15, 0.075),
    ):
        phase, tone, ochre = _cloud(x, y, cx, cy, wide, tall, phase, tone, ochre, pitch)
    return phase.astype(np.float32), tone.astype(np.float32), ochre.astype(np.float32)


def _cloud(
    x: Array,
    y: Array,
    cx: float,
    cy: float,
    wide: float,
    tall: float,
    phase: Array,
    tone: Array,
    ochre: Array,
    pitch: float,
) -> tuple[Array, Array, Array]:
    """Billows: overlapping lobes, each cut by arcs about its own heart."""
    for dx, dy, size in BILLOWS:
        u, v = x - cx - dx * wide, y - cy - dy * tall
        reach = size * tall
        turn = np.arctan2(v, u)
        away = np.hypot(u * 0.72, v) / (reach * (1 + 0.07 * np.sin(5 * turn + 9 * dx)))
        inside = (away < 1) & (y < cy + 0.62 * tall + 0.004 * np.sin(50 * x))
        toward = np.sign(SUN[0] - cx)
        shade = smoothstep(-0.55, 0.75, (0.8 * v - 0.45 * u * toward) / reach)
        phase = np.where(inside, away * reach / (0.74 * pitch), phase)
        tone = np.where(inside, 0.06 + 0.74 * shade * smoothstep(0.05, 0.8, away), tone)
        crest = (np.abs(away - 1) * reach < 0.0030) & (v < 0.35 * reach) & inside
        tone = np.where(crest, 1.3, tone)
        ochre = np.where(inside, 0.0, ochre)
    return phase, tone, ochre


def _land(x: Array, y: Array, wander: Array, rng: np.random.Generator, pitch: float) -> list[Layer]:
    """From far to near: peaks, wooded hills, a lake, a furrowed field, and a pine."""
    layers: list[Layer] = []
    for base, tall, jag, slant in ((0.60, 0.24, 0.9, 1.15), (0.66, 0.15, 1.5, 0.8)):
        shift = rng.uniform(0, 10)
        line = base - tall * _peaks(x * (2.2 * jag) + shift)
        depth = y - line
        facet = _peaks_slope(x * (2.2 * jag) + shift + 0.05 * np.sin(30 * depth + 2 * wander))
        bright = facet < 0
        down = np.where(bright, x * slant - y * 0.75, x * slant + y * 0.75)
        phase = (down + 0.006 * wander) / np.where(bright, pitch, 0.9 * pitch)
        tone = np.where(bright, 0.10, 0.74) + 0.25 * smoothstep(0.02, 0.2, depth)
        ochre = np.where(bright, 0.55, 0.0) * smoothstep(0.05, 0.12, depth)
        layers.append((depth > 0, phase, tone, ochre))
    lake = y > 0.665
    water = (y - 0.6 + 0.004 * np.sin(34 * x + 60 * y) + 0.0025 * wander) / (0.85 * pitch)
    glitter = np.exp(-(((x - SUN[0]) / (0.05 + 0.25 * (y - 0.66))) ** 2))
    shore = smoothstep(0.70, 0.665, y)
    flow = 0.42 + 0.34 * shore - 0.42 * glitter + 0.14 * np.sin(x * 9 + y * 70 + wander)
    layers.append((lake, water, flow, 0.9 * glitter))
    edge = 0.80 - 0.10 * np.cos(2.3 * (x - 0.1)) + 0.008 * np.sin(17 * x)
    field = y > edge
    down = np.maximum(y - edge, 0)
    bend = (x - 0.45) / (0.22 + 1.9 * down) + 0.35 * np.sin(3.2 * x)
    furrow = bend * 7.5 + 0.05 * wander
    roll = 0.5 + 0.5 * np.cos(2 * np.pi * furrow)
    along = (down * 1.0 + 0.012 * np.cos(2 * np.pi * furrow) + 0.3 * (x - 0.4) ** 2) / pitch
    tone = 0.14 + 0.66 * roll**1.4 + 0.16 * np.sin(5 * x + 2)
    layers.append((field, along, tone, 0.75 * (1 - roll)))
    layers.extend(_pines(x, y, wander, pitch))
    return layers


def _pines(x: Array, y: Array, wander: Array, pitch: float) -> list[Layer]:
    layers: list[Layer] = []
    places = [(0.10, 0.93, 0.50), (0.235, 0.90, 0.33), (1.17, 0.91, 0.40), (1.06, 0.86, 0.22)]
    for px, foot, tall in sorted(places, key=lambda p: p[1]):
        rise = (foot - y) / tall
        tier = (rise * 8.0 + 0.35 * np.abs(x - px) / tall * 6) % 1
        spread = tall * 0.245 * (1.04 - rise) * (0.55 + 0.45 * (1 - tier))
        ragged = 0.012 * tall * np.sin(150 * y / tall + 9 * wander)
        inside = (rise > 0.0) & (rise < 1.02) & (np.abs(x - px) < spread + ragged)
        inside |= (rise > -0.06) & (rise <= 0.0) & (np.abs(x - px) < 0.022 * tall)
        fan = (np.abs(x - px) * 0.9 + 0.55 * (foot - y)) / (0.95 * pitch)
        side = smoothstep(-0.10, 0.14, (px - x) / tall * np.sign(SUN[0] - px))
        tone = 0.52 + 0.42 * side + 0.26 * smoothstep(0.35, 0.0, tier)
        layers.append((inside, fan, tone, np.zeros_like(x)))
    return layers


def _peaks(t: Array) -> Array:
    """A jagged skyline with values about [0, 1]."""
    saw = np.abs((t * 0.9 % 2) - 1)
    return (
        0.62 * saw + 0.26 * np.abs((t * 2.3 % 2) - 1) + 0.12 * np.abs((t * 5.1 % 2) - 1)
    ).astype(np.float32)


def _peaks_slope(t: Array) -> Array:
    """The sign that tells the bright side of `_peaks` from its dark side."""
    return (0.62 * np.sign((t * 0.9 % 2) - 1) + 0.5 * np.sign((t * 2.3 % 2) - 1)).astype(np.float32)


def _cuts(
    phase: Array,
    tone: Array,
    x: Array,
    y: Array,
    rng: np.random.Generator,
    unit: float,
    pitch: float,
) -> Array:
    """Ink (H, W) in [0, 1]: a line where the wave of `phase` lies below what the tone asks."""
    rows, columns = phase.shape
    breaks = noise(rows, columns, 10 * unit, rng, 2)
    wave = np.abs((phase % 1) - 0.5) * 2
    swell = np.clip(tone + 0.07 * breaks, 0, 1.3)
    level = np.where(swell < 0.10, -0.2, swell)
    slope_y, slope_x = np.gradient(phase)
    steep = np.clip(np.hypot(slope_x, slope_y), 0, 0.25) + 0.01
    line = smoothstep(-1.2, 1.2, (level - wave) / (2 * steep))
    across = np.abs((((x + 0.8 * y) / (1.2 * pitch)) % 1) - 0.5) * 2
    shadow = smoothstep(0.60, 0.78, swell) * smoothstep(1.25, 1.1, swell)
    hatch = smoothstep(0.30, 0.16, across) * shadow
    return np.asarray(np.maximum(line, hatch).astype(np.float32))


def _print(
    cuts: Array, ochre: Array, rng: np.random.Generator, unit: float, tones: dict[str, Array]
) -> Array:
    """Press the ochre block and then the black one on grained paper."""
    rows, columns = cuts.shape
    fibre = noise(rows, columns, 5 * unit, rng, 3)
    wood = noise(rows // 8 + 1, columns, 3 * unit, rng, 2)
    wood = ndimage.zoom(wood, (rows / wood.shape[0], 1), order=1)[:rows, :columns]
    wood = ndimage.zoom(wood, (rows / wood.shape[0], columns / wood.shape[1]), order=1)
    sheet = tones["paper"][0] * (1 + 0.022 * fibre)[..., None]
    tint = np.clip(ochre, 0, 1) * (0.92 + 0.06 * wood)
    block = tones["block"][0] * np.ones_like(sheet)
    sheet = mix(sheet.astype(np.float32), block, tint.astype(np.float32))
    edge = cuts - ndimage.gaussian_filter(cuts, 2.0 * unit)
    worn = smoothstep(1.9, 2.9, noise(rows, columns, 2.4 * unit, rng, 2) + 0.35 * wood)
    cover = cuts * (0.955 + 0.05 * np.clip(edge, -1, 1)) * (1 - 0.75 * worn)
    black = tones["ink"][0] * (1 + 0.35 * wood.clip(-1, 2))[..., None]
    return mix(sheet, black.astype(np.float32), np.clip(cover, 0, 1).astype(np.float32))
