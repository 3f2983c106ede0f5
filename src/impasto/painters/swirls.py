"""A night of moving air over water: curved impasto strokes along a flow with several vortices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from impasto.painters.brush import Canvas, follow, lay
from impasto.painters.colour import finish, mix, ramp, saturate, vary
from impasto.painters.field import Array, noise, sample, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ramp_of
from impasto.painters.source import PaintSource

ENLARGE = 2
VORTICES = [  # x, y, radius, turn
    (0.47, 0.27, 0.150, 1.0),
    (0.76, 0.40, 0.085, -1.0),
    (0.13, 0.46, 0.095, -0.9),
]
LIGHTS = [  # x, y, radius, strength
    (1.01, 0.19, 0.100, 1.00),
    (0.17, 0.16, 0.060, 0.85),
    (0.68, 0.09, 0.040, 0.75),
    (0.31, 0.50, 0.038, 0.70),
    (0.90, 0.47, 0.036, 0.70),
    (0.05, 0.30, 0.032, 0.60),
    (0.36, 0.06, 0.032, 0.60),
    (1.19, 0.36, 0.034, 0.65),
]
PIGMENTS = Pigments(
    {
        "sky": ramp_of(
            *("0b1437", "14256b", "1d3f9a", "2f63bd", "5a93cf", "9cc6d6", "dfe6c4"), share=5
        ),
        "glow": ramp_of(
            *("2f63bd", "6fa6b8", "d8cf7a", "f6cd3c", "f8a91f", "fde58a", "fffbe0"), share=1.5
        ),
        "hills": ramp_of("101638", "28296b", "3a4a94", "3f7390", "7a8fc0", "a98fb8"),
        "water": ramp_of("081236", "12286b", "1d4a8f", "2f7aa5", "66a9b8", "b8d2b8", share=3),
        "ember": ramp_of("b8471a", "e8821e", "f7b733", "fde28a", share=0.5),
        "reeds": ramp_of("10183a", "1d3f4a", "4a5a22", "a8741f", "dd9a2a", "f0cf6a"),
    }
)
Tones = dict[str, Array]

# Brush sizes in pixels of a 640-pixel picture: width, length, cover of the canvas, jitter.
LAYERS = [(15, 74, 2.2, 0.10), (9, 50, 2.4, 0.13), (5.5, 34, 1.9, 0.16), (3.6, 24, 0.8, 0.2)]


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 0.9)
    rows, columns = x.shape
    shore = 0.665 + 0.02 * np.sin(x * 3 + 1)
    ridge = shore - _ridge(x, rng)
    stream, angle = _flow(x, y, rng, rows, columns)
    tone = noise(rows, columns, 26 * unit, rng, 2)
    colour = _sky(x, y, stream, tone, tones)
    land = y > ridge
    colour = np.where(land[..., None], _hills(x, y, ridge, tone, tones), colour)
    slope = np.gradient(ridge[0]) * rows
    hill_angle = np.arctan2(slope[None, :], 1) + 0.45 * np.sin(9 * x + 30 * (y - ridge))
    angle = np.where(land, hill_angle, angle)
    sea = y > shore
    colour = np.where(sea[..., None], _water(x, y, shore, tone, tones), colour)
    swell = 0.35 * np.sin(16 * x + 9 * y) * smoothstep(0.66, 0.95, y)
    angle = np.where(sea, swell + 0.08 * tone, angle).astype(np.float32)
    if source.direction is not None:
        # The whirls stay in what they bend: by up to 40 degrees to either side.
        lines = 0.7 * np.sin(angle) - np.float32(np.deg2rad(source.direction))
        angle = lines.astype(np.float32)

    canvas = Canvas(0.8 * colour, np.zeros((rows, columns), np.float32))
    for brush, length, cover, jitter in LAYERS:
        size, reach = brush * unit * scale, length * unit * scale
        count = int(cover * rows * columns / (size * reach * 0.7))
        start = _spread(count, rows, columns, rng)
        flip = np.where(rng.random(count) < 0.5, 0.0, 1.0)[:, None]
        reaches = reach * rng.uniform(0.6, 1.2, count)
        paths = follow(start, angle, reaches)
        middle = paths[:, paths.shape[1] // 2]
        paths = np.where(flip[..., None] > 0, paths[:, ::-1], paths)
        colours = vary(sample(colour, middle[:, 0], middle[:, 1]), rng, jitter * 0.28, jitter)
        widths = size * rng.uniform(0.7, 1.2, count)
        lay(canvas, paths, widths, colours, rng, streak=0.13, dry=0.35)
    _hearts(canvas, rng, rows, tones)
    _reeds(canvas, rng, unit * scale, rows, columns, tones)
    lit = canvas.lit(relief=0.42, gloss=0.4)
    return finish(saturate(lit, 0.98), width, height)


def _hearts(canvas: Canvas, rng: np.random.Generator, rows: int, tones: Tones) -> None:
    """Close each light with short thick touches, where streamlines would leave a hole."""
    for lx, ly, radius, strength in LIGHTS:
        count = 26
        turn = np.arange(count) * 2.4
        away = radius * rows * 0.42 * np.sqrt(np.arange(count, 0, -1) / count)
        s = np.linspace(-0.8, 0.8, 14)[None, :]
        bend = turn[:, None] + s
        px = lx * rows + away[:, None] * np.cos(bend)
        py = ly * rows + away[:, None] * np.sin(bend)
        paths = np.stack([px, py], axis=-1).astype(np.float32)
        warm = np.linspace(0.72, 1.0, count) * (0.82 + 0.18 * strength)
        colours = vary(ramp(tones["glow"], warm.astype(np.float32)), rng, 0.02, 0.05)
        widths = np.full(count, radius * rows * 0.2, np.float32)
        lay(canvas, paths, widths, colours, rng, thickness=1.5, dry=0.2)


def _spread(count: int, rows: int, columns: int, rng: np.random.Generator) -> Array:
    """Starting points a little beyond the frame, so that its edges are covered too."""
    place = rng.uniform(-0.05, 1.05, (count, 2)) * np.array([columns, rows])
    return np.asarray(place.astype(np.float32))


def _ridge(x: Array, rng: np.random.Generator) -> Array:
    phase = rng.uniform(0, 6, 3)
    wave = 0.045 * np.sin(4.1 * x + phase[0]) + 0.022 * np.sin(9.3 * x + phase[1])
    return np.asarray((0.105 + wave + 0.008 * np.sin(27 * x + phase[2])).astype(np.float32))


def _flow(
    x: Array, y: Array, rng: np.random.Generator, rows: int, columns: int
) -> tuple[Array, Array]:
    """The stream function of the air, and the direction of its lines."""
    stream = 0.55 * y + 0.05 * np.sin(5.2 * x + 2.0) + 0.02 * np.sin(9 * x - 5 * y)
    stream = stream + 0.006 * noise(rows, columns, rows / 6, rng)
    for vx, vy, radius, turn in VORTICES:
        away = np.hypot(x - vx, y - vy) / radius
        stream = stream + turn * 1.25 * radius * np.exp(-0.55 * away**1.5)
    for lx, ly, radius, _ in LIGHTS:
        away = np.hypot(x - lx, y - ly) / radius
        stream = stream + 1.5 * radius * np.exp(-0.4 * away**2)
    slope_y, slope_x = np.gradient(stream)
    steep = np.hypot(slope_x, slope_y) + 1e-9
    across, down = slope_y / steep, -slope_x / steep
    for lx, ly, radius, _ in LIGHTS:  # the halo turns about its light, whatever wind blows there
        away = np.hypot(x - lx, y - ly)
        share = np.exp(-((away / (1.7 * radius)) ** 4))
        across = across * (1 - share) + share * (y - ly - 0.08 * (x - lx)) / (away + 1e-6)
        down = down * (1 - share) - share * (x - lx + 0.08 * (y - ly)) / (away + 1e-6)
    return stream.astype(np.float32), np.arctan2(down, across).astype(np.float32)


def _sky(x: Array, y: Array, stream: Array, tone: Array, tones: Tones) -> Array:
    bands = 0.5 + 0.5 * np.sin(stream * 62 + 0.5 * tone)
    slow = 0.5 + 0.5 * np.sin(stream * 17 + 1.0)
    value = 0.06 + 0.30 * bands + 0.30 * slow + 0.14 * smoothstep(0.1, 0.65, y) + 0.05 * tone
    for vx, vy, radius, _ in VORTICES:
        away = np.hypot(x - vx, y - vy) / radius
        value = value + 0.42 * np.exp(-(away**2) / 1.9) * bands
    colour = ramp(tones["sky"], np.clip(value, 0, 1))
    for lx, ly, radius, strength in LIGHTS:
        away = np.hypot(x - lx, y - ly) / radius
        rings = 0.10 * np.sin(away * 9.0)
        warm = np.clip(1.06 - away / 2.5 + rings * smoothstep(0.4, 0.9, away), 0, 1)
        share = smoothstep(2.6, 0.7, away + 0.18 * tone) * strength
        colour = mix(colour, ramp(tones["glow"], warm), np.clip(share * 1.15, 0, 1))
    return colour


def _hills(x: Array, y: Array, ridge: Array, tone: Array, tones: Tones) -> Array:
    depth = y - ridge
    fold = 0.5 + 0.5 * np.sin(14 * x + 45 * depth + tone * 0.7)
    value = 0.24 + 0.66 * fold * smoothstep(0.16, 0.0, depth) + 0.1 * tone
    rim = smoothstep(0.014, 0.0, depth)
    return ramp(tones["hills"], np.clip(value + 0.25 * rim, 0, 1))


def _water(x: Array, y: Array, shore: Array, tone: Array, tones: Tones) -> Array:
    depth = y - shore
    ripple = 0.5 + 0.5 * np.sin(150 * depth / (1 + 4 * depth) + 5 * np.sin(6 * x) + tone)
    value = 0.08 + 0.34 * ripple + 0.22 * smoothstep(0.10, 0.0, depth) + 0.08 * tone
    colour = ramp(tones["water"], np.clip(value, 0, 1))
    for lx, _, radius, strength in LIGHTS:
        spread = radius * (0.45 + 2.2 * depth)
        sway = 0.02 * np.sin(60 * depth + 7 * lx)
        share = np.exp(-(((x - lx - sway) / spread) ** 2)) * strength
        share = share * smoothstep(0.25, 0.75, ripple + 0.15 * tone) * np.exp(-2.2 * depth)
        ember = ramp(tones["ember"], np.clip(0.2 + 0.9 * share, 0, 1))
        colour = mix(colour, ember, np.clip(share * 1.3, 0, 1))
    return colour


def _reeds(
    canvas: Canvas,
    rng: np.random.Generator,
    unit: float,
    rows: int,
    columns: int,
    tones: Tones,
) -> None:
    """Tall grass in the two lower corners, bent by the same wind."""
    count = 430
    side = rng.random(count) < 0.6
    near = rng.beta(1.0, 2.4, count)
    x = np.where(side, near * 0.46, 1.0 - near * 0.34) * columns
    reach = np.where(side, 0.33, 0.22) * (1.15 - near) ** 1.4 * rng.uniform(0.45, 1.1, count)
    base = rows * rng.uniform(0.97, 1.06, count)
    s = np.linspace(0, 1, 14)[None, :]
    lean = rng.normal(0.09, 0.07, count)[:, None] * np.where(side, 1, -0.7)[:, None]
    px = x[:, None] + lean * s**1.8 * rows + 0.008 * rows * np.sin(6 * s + x[:, None])
    py = base[:, None] - reach[:, None] * rows * (s - 0.18 * s**3)
    order = np.argsort(-reach)
    paths = np.stack([px, py], axis=-1).astype(np.float32)[order]
    value = np.clip(rng.beta(1.3, 1.7, count), 0, 1).astype(np.float32)
    colours = vary(ramp(tones["reeds"], value), rng, 0.03, 0.12)
    widths = (rng.uniform(4.5, 9.5, count) * unit).astype(np.float32)
    lay(canvas, paths, widths, colours, rng, streak=0.2, dry=0.3, taper=0.7, thickness=1.3)
