"""Evening over a marsh in soft pastel: broad strokes of many colours on a toned, toothed paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from impasto.painters.brush import follow
from impasto.painters.colour import finish, mix, ramp, vary
from impasto.painters.field import Array, noise, sample, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ramp_of, set_of
from impasto.painters.source import PaintSource
from impasto.painters.stick import Sheet, rub, tooth

ENLARGE = 2
PIGMENTS = Pigments(
    {
        "ground": ramp_of("5b4650", "8d6d6a", share=0.6),
        "sky": ramp_of("2c3f8a", "5f68b4", "b486b8", "f39a86", "ffd084", "fff3c4", share=4),
        "cloud": ramp_of("4a4586", "98629a", "f3857c", "ffc894", "fff6dc", share=3),
        "hill": ramp_of("1c2756", "39477f", "6a6a9c", share=1),
        "water": ramp_of("152a58", "3a5596", "8578ac", "e8968a", "ffdf9f", share=3),
        "reed": ramp_of("0a1c22", "1c3f3a", "557a3c", "c9a83e", "f7e39a", share=2),
        "bloom": set_of("d93a63", "f2b134", "f6efe2", "8f57b8"),
    }
)
Tones = dict[str, Array]
HORIZON = 0.50
SUN = (0.86, 0.455)
TREES = [  # where they stand, how tall and how wide, in picture heights
    (0.335, 0.19, 0.030),
    (0.060, 0.30, 0.052),
    (0.250, 0.27, 0.036),
    (0.150, 0.37, 0.046),
]
# Of each layer: width and length of the strokes in px of a 640-px picture, how often it covers the
# picture, how hard it is pressed, and how far its colours stray.
LAYERS = [
    (26, 84, 2.4, 0.85, 0.09),
    (17, 58, 2.6, 0.92, 0.09),
    (10, 40, 2.4, 1.0, 0.08),
    (5.5, 26, 1.2, 1.1, 0.11),
]


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 1.0)
    rows, columns = x.shape
    scene, angle = _scene(x, y, tones, rng)
    if source.direction is not None:
        angle = (0.25 * np.sin(angle) - np.deg2rad(source.direction)).astype(np.float32)
    shade = 0.5 + 0.12 * noise(rows, columns, rows / 4, rng, 3)
    sheet = Sheet(ramp(tones["ground"], shade), tooth(rows, columns, 1.5 * unit, rng, 0.3))
    smudged = (0.75 * smoothstep(HORIZON + 0.02, HORIZON - 0.1, y)).astype(np.float32)
    for number, (brush, reach, cover, pressed, strays) in enumerate(LAYERS):
        wide, long = brush * unit * scale, reach * unit * scale
        count = max(int(cover * rows * columns / (wide * long)), 8)
        start = (rng.uniform(-0.06, 1.06, (count, 2)) * [columns, rows]).astype(np.float32)
        paths = follow(start, angle, long * rng.uniform(0.6, 1.2, count), points=10)
        middle = paths[:, paths.shape[1] // 2]
        colours = vary(sample(scene, middle[:, 0], middle[:, 1]), rng, 0.5 * strays, 0.5 * strays)
        widths = (wide * rng.uniform(0.7, 1.2, count)).astype(np.float32)
        pressure = np.clip(pressed * rng.uniform(0.75, 1.2, count), 0, 1.2).astype(np.float32)
        rub(sheet, paths, widths, colours, pressure, rng)
        if number == 0:
            sheet.smudge(smudged, 3.5 * unit)
    _sun(sheet, rows, unit, tones, rng)
    _reeds(sheet, unit, scale, tones, rng, source.direction)
    return finish(sheet.colour, width, height)


def _scene(x: Array, y: Array, tones: Tones, rng: np.random.Generator) -> tuple[Array, Array]:
    """The colour (H, W, 3) of each place, and the way of its strokes (H, W) in radians."""
    rows, columns = x.shape
    slow = noise(rows, columns, rows / 5, rng, 3)
    fine = noise(rows, columns, rows / 22, rng, 2)
    glow = np.exp(-((((x - SUN[0]) / 0.50) ** 2) + ((y - SUN[1]) / 0.26) ** 2))
    up = np.clip(y / HORIZON, 0, 1)
    sky = ramp(tones["sky"], np.clip(0.74 * up**1.25 + 0.42 * glow + 0.035 * slow, 0, 1))
    # Clouds lie in streaks that meet in the distance, and are lit from below.
    far = (HORIZON + 0.06 - y) / 0.56
    drift = np.stack([x + 0.10 * slow, np.log(np.clip(far, 0.05, None))])
    streaks = _streaks(drift, rng)
    body = smoothstep(-0.1, 0.9, streaks + 0.3 * fine - 1.2 * np.abs(y - 0.20) + 0.1)
    body = body * smoothstep(HORIZON, HORIZON - 0.08, y)
    below = np.roll(body, -int(0.022 * rows), axis=0) - body
    lit = np.clip(0.46 - 1.25 * below + 0.5 * glow + 0.05 * fine, 0, 1)
    scene = mix(sky, ramp(tones["cloud"], lit), 0.92 * body)
    sun = smoothstep(0.040, 0.030, np.hypot(x - SUN[0], y - SUN[1]))
    scene = mix(scene, np.broadcast_to(tones["sky"][-1], scene.shape), sun)
    for number, (foot, tall, seed) in enumerate(((0.47, 0.055, 1.3), (0.497, 0.042, 4.1))):
        crest = (
            foot - tall * (0.55 + 0.45 * np.sin(3.1 * x + seed) * np.cos(1.7 * x)) - 0.004 * fine
        )
        light = 0.75 - 0.45 * number + 0.35 * glow + 0.05 * fine
        hill = ramp(tones["hill"], np.clip(light, 0, 1))
        scene = mix(scene, hill, smoothstep(crest, crest + 0.006, y) * (y < HORIZON + 0.02))
    scene = _trees(scene, x, y, fine, tones["reed"])
    mirror = np.clip(2 * HORIZON - y - 0.012 * np.sin(70 * (y - HORIZON)) * fine, 0, 1)
    row = np.clip((mirror * rows).astype(np.intp), 0, rows - 1)
    above = scene[row, np.arange(columns)[None, :]]
    down = np.clip((y - HORIZON) / (1 - HORIZON), 0, 1)
    path = np.exp(-(((x - SUN[0]) / (0.035 + 0.10 * down)) ** 2)) * smoothstep(-0.7, 1.2, fine)
    place = np.clip(0.60 - 0.72 * down + 0.85 * path + 0.30 * glow + 0.09 * slow, 0, 1)
    water = mix(ramp(tones["water"], place), above, np.clip(0.52 - 0.42 * down, 0, 1))
    scene = mix(scene, water, smoothstep(HORIZON - 0.002, HORIZON + 0.004, y))
    bank = 0.735 + 0.05 * np.sin(2.3 * x + 0.5) - 0.20 * smoothstep(0.42, 0.0, x) + 0.015 * slow
    bank = bank - 0.09 * smoothstep(0.95, 1.3, x)
    land = smoothstep(bank, bank + 0.02, y)
    place = np.clip(0.30 + 0.16 * slow + 0.13 * fine - 0.4 * (y - bank), 0, 1)
    scene = mix(scene, ramp(tones["reed"], place), land)
    angle = np.where(y < HORIZON, 0.35 * slow - 0.55 * (y - 0.1) * (x - SUN[0]), 0.04 * fine)
    angle = np.where(land > 0.5, -1.35 + 0.25 * slow, angle)
    return scene.astype(np.float32), angle.astype(np.float32)


def _trees(scene: Array, x: Array, y: Array, fine: Array, reed: Array) -> Array:
    """The picture with a stand of trees against the light, which are lit on the sun's side."""
    for px, tall, wide in TREES:
        rise = np.clip((HORIZON + 0.012 - y) / tall, 0, 1)
        half = wide * (np.sin(np.pi * np.clip(rise, 0.02, 0.99) ** 0.7) ** 0.8 + 0.10)
        away = (x - px) / half + 0.16 * fine
        inside = smoothstep(1.0, 0.8, np.abs(away)) * (y < HORIZON + 0.012) * (rise < 0.995)
        light = np.clip(0.10 + 0.34 * smoothstep(0.1, 1.0, away) + 0.07 * fine, 0, 1)
        scene = mix(scene, ramp(reed, light), inside)
    return scene


def _streaks(drift: Array, rng: np.random.Generator) -> Array:
    """Noise (H, W) that is long along the first of two coordinates (2, H, W)."""
    total = np.zeros(drift.shape[1:], np.float32)
    for octave in range(5):
        along, across = 2.2 * 1.8**octave, 3.0 * 1.9**octave
        turn, phase = rng.uniform(-0.35, 0.35), rng.uniform(0, 2 * np.pi, 2)
        wave = np.sin(across * (drift[1] + turn * drift[0]) + phase[0])
        total += 0.62**octave * wave * np.sin(along * drift[0] + phase[1] + 0.8 * wave)
    return np.asarray(total / total.std())


def _sun(sheet: Sheet, rows: int, unit: float, tones: Tones, rng: np.random.Generator) -> None:
    """The sun in small heavy strokes, and what glitters of it on the water."""
    columns = sheet.depth.shape[1]
    middle = np.array([SUN[0] / 1.25 * columns, SUN[1] * rows])
    turn, away = rng.uniform(0, 2 * np.pi, 60), np.sqrt(rng.random(60)) * 0.032 * rows
    dabs = middle + away[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    down = rng.beta(1.0, 1.8, 90)
    off = rng.normal(0, 0.018 + 0.05 * down) * rows
    glitter = np.stack([middle[0] + off, (HORIZON + 0.015 + 0.24 * down) * rows], axis=-1)
    places = np.concatenate([dabs, glitter])
    reach = np.concatenate([np.full(60, 5.0), 4 + 9 * down]) * unit
    paths = places[:, None] + reach[:, None, None] * np.array([[-1, 0.05], [0, -0.05], [1, 0.05]])
    colours = vary(np.broadcast_to(tones["sky"][-1], (len(paths), 3)), rng, 0.02, 0.02)
    widths = np.full(len(paths), 4.5 * unit, np.float32)
    pressure = rng.uniform(0.8, 1.2, len(paths)).astype(np.float32)
    rub(sheet, paths.astype(np.float32), widths, colours, pressure, rng, cover=0.95)


def _reeds(
    sheet: Sheet,
    unit: float,
    scale: float,
    tones: Tones,
    rng: np.random.Generator,
    direction: float | None,
) -> None:
    """Blades and flowers of the near bank, drawn with the edge of the stick."""
    rows, columns = sheet.depth.shape
    count = round(420 / scale**1.5)
    side = rng.random(count) < 0.62
    foot_x = np.where(side, rng.beta(1.1, 3.0, count) * 1.0, 1 - rng.beta(1.0, 4.5, count))
    foot_y = rng.uniform(0.80, 1.06, count)
    tall = rng.uniform(0.08, 0.30, count) * scale**0.5 * (0.5 + 0.7 * np.abs(foot_x - 0.55))
    lean = -np.pi / 2 + rng.normal(0.05, 0.20, count)
    if direction is not None:
        lean = 0.4 * lean - np.deg2rad(direction) + 0.4 * np.pi / 2
    bend = rng.normal(0, 0.5, count)
    s = np.linspace(0, 1, 10)[None]
    turn = lean[:, None] + bend[:, None] * s**2
    paths = np.stack(
        [
            foot_x[:, None] * columns + (tall * rows)[:, None] * s * np.cos(turn),
            foot_y[:, None] * rows + (tall * rows)[:, None] * s * np.sin(turn),
        ],
        axis=-1,
    ).astype(np.float32)
    order = np.argsort(foot_y)
    light = np.clip(rng.normal(0.45, 0.28, count), 0, 1)
    widths = (rng.uniform(1.6, 4.2, count) * unit * scale).astype(np.float32)
    pressure = rng.uniform(0.6, 1.1, count).astype(np.float32)
    colours = vary(ramp(tones["reed"], light), rng, 0.05, 0.05)
    rub(sheet, paths[order], widths[order], colours[order], pressure[order], rng, taper=0.6)
    tips = paths[rng.choice(count, min(count, round(95 / scale)), replace=False), -2]
    tints = vary(tones["bloom"][rng.integers(len(tones["bloom"]), size=len(tips))], rng, 0.04, 0.04)
    sizes = (rng.uniform(3.5, 7.5, len(tips)) * unit * scale).astype(np.float32)
    first = rng.uniform(0, np.pi, len(tips))
    for turn in (first, first + 1.05, first + 2.1):  # a star of three short marks
        reach = 0.7 * sizes[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
        dabs = tips[:, None] + reach[:, None] * np.array([[-1.0], [0.0], [1.0]])
        pressed = np.full(len(tips), 1.1, np.float32)
        rub(sheet, dabs.astype(np.float32), 0.8 * sizes, tints, pressed, rng)
