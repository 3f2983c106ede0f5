"""A winter wood in charcoal: rubbed mist, black trunks, and lights lifted with an eraser."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from impasto.painters.brush import follow
from impasto.painters.colour import finish, mix, ramp
from impasto.painters.field import Array, noise, sample, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ink, paper, ramp_of
from impasto.painters.source import PaintSource
from impasto.painters.stick import Sheet, rub, tooth

ENLARGE = 2
PIGMENTS = Pigments(
    {
        "paper": paper("f3eee3"),
        "coal": ink("1b1a1b"),
        "mist": ramp_of("4a494a", "7b7977", "b4b1ab", share=3),
        "wood": ramp_of("201f20", "353435", "5d5b5a", share=2),
    }
)
Tones = dict[str, Array]
HORIZON = 0.60
LEANEST = 1.2  # how far from upright a limb grows, in radians
# Of each layer of broad strokes: width and length in px of a 640-px picture, how often it covers
# the picture, how hard it is pressed where it is darkest, and how far a finger smudges it, in px.
LAYERS = [(40, 120, 2.2, 1.15, 6.0), (22, 64, 2.0, 1.10, 2.0), (10, 40, 1.6, 1.0, 0.0)]
TRUNKS = [  # of those near by: foot, its depth, width, lean, all in picture heights
    (0.150, 0.965, 0.052, 0.030),
    (0.330, 0.835, 0.026, -0.020),
    (0.935, 0.905, 0.040, -0.035),
    (1.105, 1.010, 0.066, 0.025),
    (0.800, 0.790, 0.020, 0.015),
]


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 1.0)
    rows, columns = x.shape
    shade, angle = _scene(x, y, rng)
    sheet = Sheet(
        np.tile(tones["paper"][0], (rows, columns, 1)).astype(np.float32),
        tooth(rows, columns, 1.15 * unit, rng, 0.45),
    )
    for brush, reach, cover, pressed, finger in LAYERS:
        wide, long = brush * unit * scale, reach * unit * scale
        count = max(int(cover * rows * columns / (wide * long)), 8)
        start = (rng.uniform(-0.06, 1.06, (count, 2)) * [columns, rows]).astype(np.float32)
        paths = follow(start, angle, long * rng.uniform(0.6, 1.2, count), points=8)
        middle = paths[:, paths.shape[1] // 2]
        dark = sample(shade, middle[:, 0], middle[:, 1])
        pressure = (pressed * dark * rng.uniform(0.7, 1.2, count)).astype(np.float32)
        colours = ramp(tones["mist"], np.clip(1 - dark + rng.normal(0, 0.05, count), 0, 1))
        widths = (wide * rng.uniform(0.7, 1.2, count)).astype(np.float32)
        rub(sheet, paths, widths, colours, pressure, rng, cover=0.75)
        if finger:
            sheet.smudge(np.full((rows, columns), 0.85, np.float32), finger * unit * scale**0.5)
    _wood(sheet, unit, scale, tones, rng)
    _ground(sheet, unit, scale, tones, rng)
    _erased(sheet, unit, scale, tones, rng)
    return finish(sheet.colour, width, height)


def _way(y: Array) -> Array:
    """Where the path through the wood lies at a height: x of its middle."""
    down = np.clip((y - HORIZON) / (1 - HORIZON), 0, 1)
    return np.asarray(0.60 + 0.13 * np.sin(3.6 * down + 0.3) * down**0.7 - 0.10 * down)


def _scene(x: Array, y: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """How dark each place is, from 0 to 1, and the way of its strokes in radians, each (H, W)."""
    rows, columns = x.shape
    slow = noise(rows, columns, rows / 4, rng, 3)
    fine = noise(rows, columns, rows / 26, rng, 2)
    light = np.exp(-((((x - 0.60) / 0.34) ** 2) + ((y - 0.47) / 0.30) ** 2))
    shade = 0.40 + 0.10 * slow + 0.22 * np.abs(x - 0.62) - 0.42 * light
    # The far wood stands in three veils, each darker and nearer than the one before.
    for number, (top, dark) in enumerate(((0.30, 0.44), (0.20, 0.62), (0.06, 0.80))):
        frays = noise(rows, columns, rows / 9, rng, 4)
        edge = top + 0.30 * np.exp(-(((x - 0.60) / (0.13 + 0.05 * number)) ** 2)) + 0.045 * frays
        stems = noise(3, columns, columns / (90 - 18 * number), rng, 2)[1]
        veil = smoothstep(edge - 0.03, edge + 0.09, y) * smoothstep(
            HORIZON + 0.02, HORIZON - 0.03, y
        )
        veil = veil * np.clip(0.74 + 0.30 * stems[None, :], 0, 1.1)
        shade = mix(shade[..., None], np.full((*x.shape, 1), dark - 0.34 * light.mean()), veil)[
            ..., 0
        ]
        shade = shade - 0.20 * veil * light
    ground = smoothstep(HORIZON - 0.01, HORIZON + 0.02, y)
    down = np.clip((y - HORIZON) / (1 - HORIZON), 0, 1)
    wide = 0.014 + 0.105 * down
    path = smoothstep(1.25, 0.7, np.abs(x - _way(y)) / wide)
    bank = 0.20 + 0.30 * down + 0.09 * slow + 0.05 * fine + 0.20 * np.abs(x - 0.6) - 0.20 * light
    rut = 0.16 * np.exp(-(((np.abs(x - _way(y)) / wide - 1.15) / 0.22) ** 2))
    floor = bank * (1 - 0.88 * path) + rut
    shade = shade * (1 - ground) + floor * ground
    angle = np.where(y < HORIZON, -1.45 + 0.22 * slow, 0.10 * slow + 0.5 * (x - 0.6) * down)
    return np.clip(shade, 0.01, 1).astype(np.float32), angle.astype(np.float32)


def _wood(sheet: Sheet, unit: float, scale: float, tones: Tones, rng: np.random.Generator) -> None:
    """Trees, the far ones grey and thin, the near ones black, with all their branches."""
    rows = sheet.depth.shape[0]
    far = [
        (
            foot,
            HORIZON + 0.02 + 0.10 * rng.random(),
            rng.uniform(0.005, 0.012),
            rng.normal(0, 0.015),
        )
        for foot in rng.uniform(0, 1.25, round(34 / scale**0.5))
        if abs(foot - 0.60) > 0.06
    ]
    for trunks, pale, depth in ((sorted(far, key=lambda t: t[1]), 0.62, 2), (TRUNKS, 0.0, 4)):
        limbs: list[tuple[Array, float, float]] = []
        for foot, low, wide, lean in trunks:
            _grow(limbs, foot, low, -np.pi / 2 + lean, low * 0.60, wide * scale**0.5, depth, rng)
        limbs.sort(key=lambda limb: limb[1])
        paths = np.stack([path for path, _, _ in limbs]).astype(np.float32) * rows
        paths[..., 0] *= sheet.depth.shape[1] / rows / 1.25
        widths = np.array([wide for _, wide, _ in limbs], np.float32) * rows
        for press, part in ((1.0, 1.0), (1.35, 0.78)):
            strays = rng.normal(0, 0.4 * unit, (len(paths), 1, 2)).astype(np.float32)
            dark = np.clip(pale + rng.normal(0, 0.10, len(paths)), 0, 1)
            colours = ramp(tones["wood"], dark) if pale else _black(tones, dark)
            shown = np.maximum(part * widths, 1.1 * unit).astype(np.float32)
            pressure = (press * rng.uniform(0.8, 1.15, len(paths))).astype(np.float32)
            rub(sheet, paths + strays, shown, colours, pressure, rng, taper=0.4)
        if not pale:
            _bark(sheet, paths, widths, unit, scale, tones, rng)


def _black(tones: Tones, dark: Array) -> Array:
    return mix(np.tile(tones["coal"][0], (len(dark), 1)), ramp(tones["wood"], dark), 0.4 * dark)


def _grow(
    limbs: list[tuple[Array, float, float]],
    px: float,
    py: float,
    turn: float,
    length: float,
    wide: float,
    depth: int,
    rng: np.random.Generator,
) -> None:
    """A limb with those that spring from it: path in picture heights, width, and its way."""
    s = np.linspace(0, 1, 8)
    bend = rng.normal(0, 0.16) + 0.10 * np.cos(turn)  # limbs reach up again
    way = turn + bend * s + 0.05 * rng.normal(0, 1, 8).cumsum() * s
    step = length / 7
    sunk = 0.8 * np.array([np.cos(turn), np.sin(turn)])  # into the limb that it springs from
    along = step * (np.stack([np.cos(way), np.sin(way)], axis=-1).cumsum(axis=0) - sunk)
    path = np.array([px, py]) + along
    limbs.append((path, wide, turn))
    if depth == 0 or wide < 0.0009:
        return
    for place in sorted(rng.uniform(0.30, 1.0, 3)):
        at = path[int(place * 7)]
        side = rng.choice([-1.0, 1.0]) * rng.uniform(0.30, 0.85)
        part = rng.uniform(0.42, 0.66)
        thin = 0.52 * wide * (1.1 - 0.4 * place)
        new = np.clip(turn + side, -np.pi / 2 - LEANEST, -np.pi / 2 + LEANEST)
        _grow(limbs, at[0], at[1], float(new), part * length, thin, depth - 1, rng)
    end = path[-1]
    _grow(limbs, end[0], end[1], way[-1], 0.62 * length, 0.60 * wide, depth - 1, rng)


def _bark(
    sheet: Sheet,
    paths: Array,
    widths: Array,
    unit: float,
    scale: float,
    tones: Tones,
    rng: np.random.Generator,
) -> None:
    """Short marks across the thick limbs, and a light that the eraser lifts along their left."""
    thick = widths > 7 * unit
    for path, wide in zip(paths[thick], widths[thick], strict=True):
        count = max(int(0.22 * np.linalg.norm(path[-1] - path[0]) / (unit * scale)), 3)
        at = rng.uniform(0, 6.99, count)
        low = at.astype(np.intp)
        spot = path[low] + (path[low + 1] - path[low]) * (at - low)[:, None]
        off = rng.uniform(-0.42, 0.42, count) * wide
        mark = np.stack([np.array([-1.0, 0.35]), np.array([0.0, -0.1]), np.array([1.0, 0.25])])
        half = (0.16 * wide * rng.uniform(0.5, 1.2, count))[:, None, None]
        marks = (spot + np.stack([off, np.zeros(count)], axis=-1))[:, None] + half * mark
        light = off < -0.12 * wide
        colours = np.where(light[:, None], tones["paper"][0], tones["coal"][0])
        pressure = np.where(light, 0.55, 0.8) * rng.uniform(0.6, 1.1, count)
        rub(
            sheet,
            marks.astype(np.float32),
            np.full(count, 2.2 * unit * scale**0.5, np.float32),
            colours.astype(np.float32),
            pressure.astype(np.float32),
            rng,
            cover=0.7,
        )


def _ground(
    sheet: Sheet, unit: float, scale: float, tones: Tones, rng: np.random.Generator
) -> None:
    """Dead grass in flicks of the stick, denser to the sides and towards the eye."""
    rows, columns = sheet.depth.shape
    count = round(760 / scale**1.3)
    down = rng.beta(1.6, 1.3, count)
    foot_y = HORIZON + 0.02 + (1.02 - HORIZON) * down
    foot_x = rng.uniform(-0.02, 1.27, count)
    keep = np.abs(foot_x - _way(foot_y)) > (0.02 + 0.11 * down) * rng.uniform(0.9, 1.4, count)
    foot_x, foot_y, down = foot_x[keep], foot_y[keep], down[keep]
    tall = (0.018 + 0.10 * down) * rng.uniform(0.5, 1.1, len(down)) * scale**0.5
    turn = -np.pi / 2 + rng.normal(0.12, 0.35, len(down))
    s = np.linspace(0, 1, 6)[None]
    way = turn[:, None] + rng.normal(0, 0.6, len(down))[:, None] * s
    paths = np.stack(
        [
            foot_x[:, None] / 1.25 * columns + (tall * rows)[:, None] * s * np.cos(way),
            foot_y[:, None] * rows + (tall * rows)[:, None] * s * np.sin(way),
        ],
        axis=-1,
    ).astype(np.float32)
    light = rng.random(len(down)) < 0.22
    colours = np.where(light[:, None], tones["paper"][0], tones["coal"][0]).astype(np.float32)
    widths = ((0.9 + 1.8 * down) * unit * scale**0.7).astype(np.float32)
    pressure = ((0.4 + 0.5 * down) * rng.uniform(0.6, 1.2, len(down))).astype(np.float32)
    rub(sheet, paths, widths, colours, pressure, rng, cover=0.85, taper=0.7)


def _erased(
    sheet: Sheet, unit: float, scale: float, tones: Tones, rng: np.random.Generator
) -> None:
    """Lights that an eraser lifts along the path."""
    rows, columns = sheet.depth.shape
    down = rng.beta(1.0, 1.6, round(110 / scale))
    place = HORIZON + (1.0 - HORIZON) * down
    spot = np.stack(
        [
            (_way(place) + rng.normal(0, 0.006 + 0.03 * down)) / 1.25 * columns,
            place * rows,
        ],
        axis=-1,
    )
    reach = (6 + 26 * down) * unit * scale**0.5
    paths = spot[:, None] + reach[:, None, None] * np.array([[-1, 0.06], [0, -0.05], [1, 0.05]])
    widths = ((2.0 + 5.0 * down) * unit * scale**0.5).astype(np.float32)
    pressure = rng.uniform(0.35, 0.75, len(down)).astype(np.float32)
    colours = np.tile(tones["paper"][0], (len(down), 1)).astype(np.float32)
    rub(sheet, paths.astype(np.float32), widths, colours, pressure, rng, cover=0.8, taper=0.5)
