"""Waves as printed from many blocks: flat bands of blue within fine contours, graded by hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from impasto.painters.colour import finish, mix, ramp
from impasto.painters.field import Array, noise, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ink, paper, ramp_of, set_of
from impasto.painters.source import PaintSource

ENLARGE = 3
PIGMENTS = Pigments(
    {
        "paper": paper("f0e4c8"),
        "line": ink("14223f"),
        "blues": ramp_of("15305f", "274f86", "15305f", "5f93ad", "a9c9c4", "f0e8d0", share=5),
        "sky": ramp_of("1f3f74", "6f93a8", "d9d2b8", "f0d9b4", "eab08a", share=2),
        "sun": ramp_of("c8402f", share=0.7),
        "snow": paper("f4ecd8"),
        "rock": ramp_of("46597f", "7d8ea3", share=0.8),
        "mist": set_of("f3e9d2", "e6cfae", "c3ccc0"),
    }
)
Tones = dict[str, Array]
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


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 1.0)
    rows, columns = x.shape
    wander = noise(rows, columns, rows / 6, rng, 2)
    fine = unit / rows * scale**0.5
    picture, lines = _sky(x, y, wander, fine, tones)
    curls = CURLS if scale == 1 else _curls(scale, rng)
    for cx, cy, radius in curls:
        _wave(picture, lines, x, y, wander, cx, cy, radius, rng, fine, tones)
    _spray(picture, lines, x, y, curls, rng, fine, tones)
    return finish(_press(picture, lines, rng, unit, tones), width, height)


def _curls(scale: float, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Rows of curls of another size, each row nearer, larger and set between those behind."""
    curls, middle, row = [], 0.44, 0
    while middle < 1.02:
        radius = scale * (0.075 + 0.10 * (middle - 0.44))
        count = max(1, round(1.25 / (3.6 * radius)))
        for k in range(count):
            cx = 1.25 * (k + 0.5 + 0.5 * (row % 2)) / count + rng.normal(0, 0.25 * radius)
            curls.append((cx, middle + rng.normal(0, 0.15 * radius), radius))
        middle += 1.05 * radius
        row += 1
    return curls


def _stroke(
    lines: Array, distance: Array, thin: float, where: NDArray[np.bool_] | None = None
) -> None:
    """Ink a line along the zero of `distance`, as wide as twice `thin`."""
    line = smoothstep(1.35 * thin, 0.65 * thin, np.abs(distance))
    lines[:] = np.maximum(lines, line if where is None else line * where)


def _sky(x: Array, y: Array, wander: Array, pixel: float, tones: Tones) -> tuple[Array, Array]:
    """Graded air, a red sun, a snow peak and bars of mist."""
    lines = np.zeros(x.shape, np.float32)
    picture = ramp(
        tones["sky"], np.clip(y / 0.42 + 0.015 * wander, 0, 1), (0.0, 0.26, 0.5, 0.8, 1.0)
    )
    away = np.hypot(x - 0.93, y - 0.165)
    sun = np.where(
        (away < 0.085)[..., None], tones["sun"][0] * (0.92 + 0.5 * y[..., None]), picture
    )
    picture = sun.astype(np.float32)
    _stroke(lines, away - 0.085, 0.8 * pixel)
    side = np.abs(x - 0.50)
    slope = 0.155 + 0.55 * side**1.05 / (0.55 + 0.55 * side) + 0.004 * np.sin(60 * x)
    rock = y > slope
    stone = mix(
        np.broadcast_to(tones["rock"][0], picture.shape), tones["rock"][1], smoothstep(0.2, 0.42, y)
    )
    teeth = 0.042 * np.abs((x * 37 % 2) - 1) + 0.030 * np.abs((x * 15 % 2) - 1)
    snow = y < 0.200 + teeth + 0.10 * side
    peak = np.where(snow[..., None], tones["snow"][0], stone)
    picture = np.where(rock[..., None], peak, picture)
    _stroke(lines, y - slope, 1.0 * pixel)
    ribs = np.sin((x - 0.5) / (0.06 + y - 0.1) * 26)
    _stroke(lines, ribs * 0.02, 0.9 * pixel, rock & (~snow) & (y < 0.40))
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
        mist = ramp(tones["mist"], shade)
        picture = np.where((bar < 0)[..., None], mist, picture)
        lines *= bar > 0
        _stroke(lines, bar, 0.9 * pixel)
        _stroke(lines, bar + 0.45 * tall, 0.45 * pixel, (bar < 0) & (y > middle))
    return picture.astype(np.float32), lines


def _wave(
    picture: Array,
    lines: Array,
    x: Array,
    y: Array,
    wander: Array,
    cx: float,
    cy: float,
    radius: float,
    rng: np.random.Generator,
    pixel: float,
    tones: Tones,
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
    _bands(picture, lines, below, body, SWELL, pixel, tones["blues"])
    line = (u > 0.75) & (away > 0.98)
    _stroke(lines, (v - back) * radius, 1.1 * pixel, (u < 0) & (away > 0.98))
    _stroke(lines, (v - front) * radius, 1.1 * pixel, line)
    disc = away < 1
    coil = (1 - away**0.8) * 4.0 + (turn / (2 * np.pi) + 0.30) % 1 * len(ROLL) / 2.1
    coil = coil + 0.05 * wander
    lines *= ~disc
    _bands(picture, lines, disc, coil, ROLL, pixel, tones["blues"])
    _stroke(lines, (away - 1) * radius, 1.2 * pixel)
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
            _puff(picture, lines, px, py, grown, at, pixel, tones)


def _bands(
    picture: Array,
    lines: Array,
    inside: NDArray[np.bool_],
    value: Array,
    order: NDArray[np.intp],
    pixel: float,
    blues: Array,
) -> None:
    """Flat bands of the blues where `value` passes whole numbers, lined between them."""
    step = value * 2.1
    band = order[np.floor(step).astype(np.intp) % len(order)]
    flat = blues[band]
    graded = flat * (1.08 - 0.16 * (step % 1))[..., None]
    picture[inside] = graded[inside]
    lines[inside] = 0
    slope_y, slope_x = np.gradient(step)
    steep = np.hypot(slope_x, slope_y) + 1e-6
    near = np.abs(step - np.round(step)) / steep
    edge = smoothstep(1.35, 0.65, near / (0.75 * pixel * len(picture)))
    half = np.abs(step - np.floor(step) - 0.5) / steep
    fine = smoothstep(1.35, 0.65, half / (0.40 * pixel * len(picture))) * (band != 0) * 0.8
    line = np.maximum(edge, fine) * (steep < 0.3)
    lines[inside] = np.maximum(lines, line)[inside]


def _puff(
    picture: Array,
    lines: Array,
    px: float,
    py: float,
    size: float,
    turn: float,
    pixel: float,
    tones: Tones,
) -> None:
    """A claw of foam: a white ball with its shadow and a hook that points along the curl."""
    rows, columns = lines.shape
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
    shade = np.where((lean > 0.28)[..., None], tones["blues"][4], tones["snow"][0])
    picture[box] = np.where((ball < 0)[..., None], shade, picture[box])
    inner = lines[box] * (ball > 0)
    line = smoothstep(1.35, 0.65, np.abs(ball) / (0.75 * pixel))
    lines[box] = np.maximum(inner, line)


def _spray(
    picture: Array,
    lines: Array,
    x: Array,
    y: Array,
    curls: list[tuple[float, float, float]],
    rng: np.random.Generator,
    pixel: float,
    tones: Tones,
) -> None:
    """Drops of paper-white thrown off the curls."""
    for cx, cy, radius in curls:
        for _ in range(26):
            at = rng.uniform(np.pi * 1.05, np.pi * 2.1)
            reach = radius * rng.uniform(1.15, 1.75)
            size = pixel * rng.uniform(0.8, 2.4)
            px, py = cx + reach * np.cos(at), cy + reach * np.sin(at)
            rows, columns = lines.shape
            wide = columns / 1.25
            top, left = int((py - 2 * size) * rows), int((px - 2 * size) * wide)
            tall = int(4 * size * rows) + 2
            if top < 0 or left < 0 or top + tall > rows or left + tall > columns:
                continue
            box = (slice(top, top + tall), slice(left, left + tall))
            drop = np.hypot(x[box] - px, y[box] - py) < size
            picture[box][drop] = tones["snow"][0]
            lines[box][drop] = 0


def _press(
    picture: Array, lines: Array, rng: np.random.Generator, unit: float, tones: Tones
) -> Array:
    """Colour blocks then the key block on fibrous paper, with the wood's grain in the flats."""
    rows, columns = lines.shape
    fibre = noise(rows, columns, 6 * unit, rng, 3)
    grain = noise(rows, columns // 14 + 2, 2.2 * unit, rng, 2)
    grain = ndimage.zoom(grain, (1, columns / grain.shape[1]), order=1)[:rows, :columns]
    tint = 0.035 * grain + 0.025 * fibre
    printed = picture * (1 + tint)[..., None]
    aged = printed * 0.93 + 0.07 * tones["paper"][0]
    black = np.broadcast_to(tones["line"][0], aged.shape).astype(np.float32)
    worn = 0.94 - 0.25 * smoothstep(1.2, 2.4, fibre)
    return mix(aged.astype(np.float32), black, (lines * worn).astype(np.float32))
