"""Waves as printed from many blocks: flat bands of blue within fine contours, graded by hand."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from samples.colour import finish, mix, pigments, ramp
from samples.field import Array, noise, smoothstep, working_grid

ENLARGE = 3
PAPER = pigments("f0e4c8")[0]
LINE = pigments("14223f")[0]
BLUES = pigments("15305f", "274f86", "15305f", "5f93ad", "a9c9c4", "f0e8d0")
SKY = pigments("1f3f74", "6f93a8", "d9d2b8", "f0d9b4", "eab08a")
SUN = pigments("c8402f")[0]
SNOW = pigments("f4ecd8")[0]
ROCK = pigments("46597f", "7d8ea3")
SWELL = np.array([5, 4, 0, 3, 1, 0, 4, 2, 3, 0, 1])  # order of the blues below a crest
ROLL = np.array([5, 0, 3, 1, 4, 2])  # and in a roll, whose spiral closes after each of them
CURLS = [  # centre x, y, radius, from far to near
    (0.99, 0.455, 0.075),
    (0.17, 0.43, 0.085),
    (0.62, 0.52, 0.080),
    (1.20, 0.53, 0.095),
    (0.36, 0.60, 0.120),
    (0.85, 0.66, 0.125),
    (0.06, 0.68, 0.115),
    (1.14, 0.80, 0.135),
    (0.52, 0.84, 0.130),
    (0.20, 0.95, 0.120),
    (0.84, 1.00, 0.115),
]


def paint(width: int, height: int, seed: int) -> np.ndarray:
    """Paint the picture: uint8 (height, width, 3), the same for the same seed."""
    rng = np.random.default_rng(seed)
    x, y, unit = working_grid(width, height, ENLARGE, 1.0)
    rows, columns = x.shape
    wander = noise(rows, columns, rows / 6, rng, 2)
    picture, ink = _sky(x, y, wander, unit / rows)
    for cx, cy, radius in CURLS:
        _wave(picture, ink, x, y, wander, cx, cy, radius, rng, unit / rows)
    _spray(picture, ink, x, y, rng, unit / rows)
    return finish(_press(picture, ink, rng, unit), width, height)


def _stroke(ink: Array, distance: Array, thin: float, where: np.ndarray | None = None) -> None:
    """Ink a line along the zero of `distance`, as wide as twice `thin`."""
    line = smoothstep(1.35 * thin, 0.65 * thin, np.abs(distance))
    ink[:] = np.maximum(ink, line if where is None else line * where)


def _sky(x: Array, y: Array, wander: Array, pixel: float) -> tuple[Array, Array]:
    """Graded air, a red sun, a snow peak and bars of mist."""
    ink = np.zeros(x.shape, np.float32)
    picture = ramp(SKY, np.clip(y / 0.42 + 0.015 * wander, 0, 1), (0.0, 0.26, 0.5, 0.8, 1.0))
    away = np.hypot(x - 0.93, y - 0.165)
    sun = np.where((away < 0.085)[..., None], SUN * (0.92 + 0.5 * y[..., None]), picture)
    picture = sun.astype(np.float32)
    _stroke(ink, away - 0.085, 0.8 * pixel)
    side = np.abs(x - 0.50)
    slope = 0.155 + 0.55 * side**1.05 / (0.55 + 0.55 * side) + 0.004 * np.sin(60 * x)
    rock = y > slope
    stone = mix(np.broadcast_to(ROCK[0], picture.shape), ROCK[1], smoothstep(0.2, 0.42, y))
    teeth = 0.042 * np.abs((x * 37 % 2) - 1) + 0.030 * np.abs((x * 15 % 2) - 1)
    snow = y < 0.200 + teeth + 0.10 * side
    peak = np.where(snow[..., None], SNOW, stone)
    picture = np.where(rock[..., None], peak, picture)
    _stroke(ink, y - slope, 1.0 * pixel)
    ribs = np.sin((x - 0.5) / (0.06 + y - 0.1) * 26)
    _stroke(ink, ribs * 0.02, 0.9 * pixel, rock & (~snow) & (y < 0.40))
    for left, right, middle, tall in (
        (-0.1, 0.26, 0.070, 0.021),
        (0.06, 0.37, 0.112, 0.021),
        (0.72, 1.4, 0.050, 0.019),
        (1.03, 1.5, 0.092, 0.021),
        (-0.1, 0.22, 0.262, 0.022),
        (0.78, 1.11, 0.270, 0.019),
        (0.94, 1.5, 0.308, 0.021),
        (-0.1, 0.34, 0.306, 0.021),
        (0.58, 0.98, 0.350, 0.021),
    ):
        beyond = np.maximum(np.maximum(left - x, x - right), 0)
        bar = np.hypot(beyond, y - middle) - tall
        shade = smoothstep(-tall, tall, y - middle)
        mist = ramp(pigments("f3e9d2", "e6cfae", "c3ccc0"), shade)
        picture = np.where((bar < 0)[..., None], mist, picture)
        ink *= bar > 0
        _stroke(ink, bar, 0.9 * pixel)
        _stroke(ink, bar + 0.45 * tall, 0.45 * pixel, (bar < 0) & (y > middle))
    return picture.astype(np.float32), ink


def _wave(
    picture: Array,
    ink: Array,
    x: Array,
    y: Array,
    wander: Array,
    cx: float,
    cy: float,
    radius: float,
    rng: np.random.Generator,
    pixel: float,
) -> None:
    """One curl on the shoulder of its swell, with its foam."""
    u, v = (x - cx) / radius, (y - cy) / radius
    along, across = 0.94 * u - 0.34 * v, (0.94 * v + 0.34 * u) / 0.86
    away = np.hypot(along, across)  # the roll leans forward
    turn = np.arctan2(across, along)
    back = -0.98 + 0.34 * np.clip(-u, 0, 4) ** 1.25 - 0.02 * wander
    front = 0.10 + 0.62 * np.clip(u - 0.75, 0, 4) ** 0.7
    crest = np.where(u < 0, back, front)
    below = (v > crest) & (away >= 1)
    depth = np.where(u < 0, v - back, v + 0.98 - (front - 0.10))
    body = depth * 2.3 + 0.50 * np.sin(0.9 * u + 0.8) + 0.07 * wander
    _bands(picture, ink, below, body, SWELL, pixel)
    line = (u > 0.75) & (away > 0.98)
    _stroke(ink, (v - back) * radius, 1.1 * pixel, (u < 0) & (away > 0.98))
    _stroke(ink, (v - front) * radius, 1.1 * pixel, line)
    disc = away < 1
    coil = (1 - away**0.8) * 4.0 + (turn / (2 * np.pi) + 0.30) % 1 * len(ROLL) / 2.1
    coil = coil + 0.05 * wander
    ink *= ~disc
    _bands(picture, ink, disc, coil, ROLL, pixel)
    _stroke(ink, (away - 1) * radius, 1.2 * pixel)
    start, sweep = np.pi * 0.86, np.pi * 1.36
    rings = ((1.02, 0.155, 17), (1.10, 0.105, 23), (0.90, 0.085, 25))
    for ring, (out, size, count) in enumerate(rings):
        for k in range(count):
            at = start + sweep * (k + rng.uniform(-0.25, 0.25)) / (count - 1)
            lean = 1 - 0.13 * np.sin(at + 0.35) ** 2
            stray = rng.normal(0, 0.06 if ring == 1 else 0.0)
            reach = out * lean + 0.035 * np.sin(7 * at) + stray
            px, py = cx + radius * reach * np.cos(at), cy + radius * reach * np.sin(at)
            grown = size * radius * rng.uniform(0.75, 1.2) * (0.75 + 0.35 * k / count)
            _puff(picture, ink, px, py, grown, at, pixel)


def _bands(
    picture: Array, ink: Array, inside: np.ndarray, value: Array, order: np.ndarray, pixel: float
) -> None:
    """Flat bands of the blues where `value` passes whole numbers, lined between them."""
    step = value * 2.1
    band = order[np.floor(step).astype(np.intp) % len(order)]
    flat = BLUES[band]
    graded = flat * (1.08 - 0.16 * (step % 1))[..., None]
    picture[inside] = graded[inside]
    ink[inside] = 0
    slope_y, slope_x = np.gradient(step)
    steep = np.hypot(slope_x, slope_y) + 1e-6
    near = np.abs(step - np.round(step)) / steep
    edge = smoothstep(1.35, 0.65, near / (0.75 * pixel * len(picture)))
    half = np.abs(step - np.floor(step) - 0.5) / steep
    fine = smoothstep(1.35, 0.65, half / (0.40 * pixel * len(picture))) * (band != 0) * 0.8
    line = np.maximum(edge, fine) * (steep < 0.3)
    ink[inside] = np.maximum(ink, line)[inside]


def _puff(
    picture: Array, ink: Array, px: float, py: float, size: float, turn: float, pixel: float
) -> None:
    """A claw of foam: a white ball with its shadow and a hook that points along the curl."""
    rows, columns = ink.shape
    reach = 1.5 * size
    top, bottom = max(int((py - reach) * rows), 0), min(int((py + reach) * rows) + 2, rows)
    wide = columns / 1.25
    left, right = max(int((px - reach) * wide), 0), min(int((px + reach) * wide) + 2, columns)
    if bottom - top < 2 or right - left < 2:
        return
    box = (slice(top, bottom), slice(left, right))
    row, column = np.mgrid[box].astype(np.float32)
    u, v = (column + 0.5) / wide - px, (row + 0.5) / rows - py
    away = np.hypot(u, v)
    tip = turn + 0.9
    hook = np.hypot(u - 0.95 * size * np.cos(tip), v - 0.95 * size * np.sin(tip)) - 0.42 * size
    ball = np.minimum(away - size, hook)
    lean = (0.6 * u + 0.8 * v) / size
    shade = np.where((lean > 0.28)[..., None], BLUES[4], SNOW)
    picture[box] = np.where((ball < 0)[..., None], shade, picture[box])
    inner = ink[box] * (ball > 0)
    line = smoothstep(1.35, 0.65, np.abs(ball) / (0.75 * pixel))
    ink[box] = np.maximum(inner, line)


def _spray(
    picture: Array, ink: Array, x: Array, y: Array, rng: np.random.Generator, pixel: float
) -> None:
    """Drops of paper-white thrown off the curls."""
    for cx, cy, radius in CURLS:
        for _ in range(26):
            at = rng.uniform(np.pi * 1.05, np.pi * 2.1)
            reach = radius * rng.uniform(1.15, 1.75)
            size = pixel * rng.uniform(0.8, 2.4)
            px, py = cx + reach * np.cos(at), cy + reach * np.sin(at)
            rows, columns = ink.shape
            wide = columns / 1.25
            top, left = int((py - 2 * size) * rows), int((px - 2 * size) * wide)
            tall = int(4 * size * rows) + 2
            if top < 0 or left < 0 or top + tall > rows or left + tall > columns:
                continue
            box = (slice(top, top + tall), slice(left, left + tall))
            drop = np.hypot(x[box] - px, y[box] - py) < size
            picture[box][drop] = SNOW
            ink[box][drop] = 0


def _press(picture: Array, ink: Array, rng: np.random.Generator, unit: float) -> Array:
    """Colour blocks then the key block on fibrous paper, with the wood's grain in the flats."""
    rows, columns = ink.shape
    fibre = noise(rows, columns, 6 * unit, rng, 3)
    grain = noise(rows, columns // 14 + 2, 2.2 * unit, rng, 2)
    grain = ndimage.zoom(grain, (1, columns / grain.shape[1]), order=1)[:rows, :columns]
    tint = 0.035 * grain + 0.025 * fibre
    printed = picture * (1 + tint)[..., None]
    aged = printed * 0.93 + 0.07 * PAPER
    black = np.broadcast_to(LINE, aged.shape).astype(np.float32)
    worn = 0.94 - 0.25 * smoothstep(1.2, 2.4, fibre)
    return mix(aged.astype(np.float32), black, (ink * worn).astype(np.float32))
