"""Hills in mist and bamboo before them: ink on unsized paper, from wet wash to dry brush."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from impasto.painters.colour import finish
from impasto.painters.field import Array, noise, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ink, paper, ramp_of
from impasto.painters.source import PaintSource

ENLARGE = 2
PIGMENTS = Pigments(
    {
        "paper": paper("f1eadb"),
        "ink": ink("1b1d22"),
        "wash": ramp_of("3b434f", "5f6b78", "8a949c", share=3, keep=0.5),
        "seal": ramp_of("b3352b", share=0.3, keep=0.25),
    }
)
# From far to near: where its ridge lies, how tall and how jagged it is, how dark.
HILLS = [
    (0.40, 0.15, 1.6, 0.30),
    (0.47, 0.20, 2.1, 0.48),
    (0.60, 0.17, 2.7, 0.78),
    (0.73, 0.15, 3.3, 1.15),
]
STALKS = [(0.165, 0.030, 0.030, 1.15), (0.072, 0.022, -0.020, 0.70), (1.165, 0.020, 0.025, 0.55)]


@dataclass
class Sheet:
    """Paper under way: its optical `density` (H, W, 3), and what makes ink run on it (H, W)."""

    density: Array
    wobble_x: Array
    wobble_y: Array
    grain: Array
    dry: Array
    unit: float

    def lay(self, box: tuple[slice, slice], amount: Array, pigment: Array) -> None:
        """Add an amount of ink (h, w) within a box of rows and columns."""
        wet = np.clip(amount, 0, None) * (1 + 0.16 * self.grain[box])
        self.density[box] += np.clip(wet, 0, None)[..., None] * -np.log(pigment)


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 0.8)
    rows, columns = x.shape
    fibre = noise(rows, columns, 5 * unit, rng, 3)
    sheet = Sheet(
        density=np.zeros((rows, columns, 3), np.float32),
        wobble_x=noise(rows, columns, 9 * unit * scale, rng, 3),
        wobble_y=noise(rows, columns, 9 * unit * scale, rng, 3),
        grain=(0.7 * fibre + 0.7 * noise(rows, columns, 26 * unit * scale, rng, 3)),
        dry=noise(rows, columns, 2.2 * unit * scale, rng, 2),
        unit=unit * scale,
    )
    _sky(sheet, x, y, tones, rng)
    for place, hill in enumerate(HILLS):
        _hill(sheet, x, y, hill, place, scale, tones, rng)
    _water(sheet, x, y, tones, rng)
    for stalk in STALKS:
        _bamboo(sheet, x, y, stalk, scale, tones["ink"][0], rng)
    picture = tones["paper"][0] * np.exp(-sheet.density) * (1 + 0.014 * fibre)[..., None]
    _seal(picture, x, y, tones["seal"][0], unit)
    return finish(picture.astype(np.float32), width, height)


def _everywhere(sheet: Sheet) -> tuple[slice, slice]:
    return slice(0, sheet.grain.shape[0]), slice(0, sheet.grain.shape[1])


def _sky(
    sheet: Sheet, x: Array, y: Array, tones: dict[str, Array], rng: np.random.Generator
) -> None:
    """A pale sun left white in a thin wash, and streaks of mist."""
    slow = noise(x.shape[0], x.shape[1], x.shape[0] / 2.5, rng, 3)
    away = np.hypot(x - 0.80, y - 0.17) + 0.0012 * sheet.wobble_x
    air = 0.16 + 0.07 * slow + 0.16 * smoothstep(0.35, 0.0, y)
    air = air * smoothstep(0.062, 0.075, away)
    sheet.lay(_everywhere(sheet), 0.8 * np.clip(air, 0, None), tones["wash"][2])
    disc = smoothstep(0.064, 0.058, away) * (0.62 + 0.10 * slow)
    sheet.lay(_everywhere(sheet), disc, tones["seal"][0])


def _skyline(x: Array, jag: float, scale: float, rng: np.random.Generator) -> Array:
    """Peaks of a ridge along its width (W,), in [0, 1]: sharp above and round below."""
    at = x[0] * jag / scale**0.5
    line = np.zeros_like(at)
    for octave in range(6):
        phase = rng.uniform(0, 2 * np.pi, 2)
        wave = np.sin(at * 2.1 * 1.9**octave + phase[0] + np.sin(at * 1.3 + phase[1]))
        line += 0.56**octave * (1 - np.abs(wave) if octave < 3 else 0.5 * wave)
    low, high = float(line.min()), float(line.max())
    return np.asarray(((line - low) / max(high - low, 1e-6)).astype(np.float32))


def _hill(
    sheet: Sheet,
    x: Array,
    y: Array,
    hill: tuple[float, float, float, float],
    place: int,
    scale: float,
    tones: dict[str, Array],
    rng: np.random.Generator,
) -> None:
    """A ridge in wet ink that dies away into mist, with folds drawn by a drier brush."""
    base, tall, jag, dark = hill
    line = base - tall * _skyline(x, jag, scale, rng)
    run = (0.0010 + 0.0006 * place) * scale
    depth = y - line[None, :] + run * sheet.wobble_y
    soft = (2.6 - 0.45 * place) * sheet.unit / len(x)
    body = smoothstep(-soft, soft, depth)
    behind = smoothstep(0.0, 0.16, depth) * body  # mist hides the foot of what stands further off
    sheet.density *= (1 - 0.80 * behind)[..., None]
    reach = (0.045 + 0.012 * place) * scale**0.5
    fade = 0.50 * np.exp(-np.clip(depth, 0, None) / reach)
    fade = fade + 0.42 * np.exp(-np.clip(depth, 0, None) / (3.2 * reach))
    rim = 0.35 * np.exp(-np.clip(depth, 0, None) / (2.2 * sheet.unit / len(x)))
    slope = np.gradient(line) * len(x)
    fold = np.sin(150 / scale * (x + 0.42 * np.sign(slope)[None, :] * depth) + 1.1 * sheet.wobble_x)
    fold = smoothstep(0.25, 0.95, fold + 0.25 * sheet.dry)
    folds = fold * np.exp(-np.clip(depth, 0, None) / (1.7 * reach)) * smoothstep(0, 0.02, depth)
    patch = 0.75 + 0.30 * noise(x.shape[0], x.shape[1], x.shape[0] / 7 * scale, rng, 2)
    amount = dark * body * patch * (fade + rim)
    sheet.lay(_everywhere(sheet), amount, tones["wash"][max(0, 2 - place)])
    sheet.lay(_everywhere(sheet), 0.34 * dark * body * folds * patch, tones["ink"][0])
    if place < 2:
        return
    for _ in range(round(90 * (place - 1) / scale**1.5)):  # tufts along the ridge
        column = int(rng.integers(x.shape[1]))
        px, py = float(x[0, column]), float(line[column])
        size = rng.uniform(0.0035, 0.0085) * scale * (0.55 + 0.25 * place)
        py += rng.uniform(-0.4, 1.6) * size
        box = _box(x, px, py, 1.8 * size)
        if box is None:
            continue
        off = np.hypot((x[box] - px) / 1.5, y[box] - py) / size
        off = off + 0.16 * sheet.wobble_x[box] + 0.1 * sheet.dry[box]
        sheet.lay(box, rng.uniform(0.35, 0.8) * smoothstep(1.05, 0.65, off), tones["ink"][0])


def _water(
    sheet: Sheet, x: Array, y: Array, tones: dict[str, Array], rng: np.random.Generator
) -> None:
    """A lake in a few level strokes, and a boat."""
    for _ in range(26):
        middle, left = rng.uniform(0.80, 0.985), rng.uniform(0.1, 1.15)
        half = rng.uniform(0.04, 0.22)
        thick = rng.uniform(0.0012, 0.0042)
        off = np.abs(y - middle + 0.0016 * sheet.wobble_y) / thick
        ends = smoothstep(1.0, 0.4, np.abs(x - left) / half)
        worn = smoothstep(-0.9, 0.4, sheet.dry + 1.2 * ends)
        amount = 0.30 * smoothstep(1.2, 0.2, off) * ends * worn
        sheet.lay(_everywhere(sheet), amount, tones["wash"][0])
    bx, by = 0.80, 0.845
    bow = by - 7.2 * (x - bx) ** 2
    hull = smoothstep(0.010, 0.006, np.abs(y - bow - 0.006)) * smoothstep(0.060, 0.050, abs(x - bx))
    roof = np.hypot((x - bx + 0.008) / 0.026, (y - by + 0.004) / 0.018)
    cover = smoothstep(1.05, 0.9, roof) * (y < by + 0.002)
    mast = smoothstep(0.0022, 0.0012, np.abs(x - bx - 0.034)) * ((y < by) & (y > by - 0.052))
    sheet.lay(
        _everywhere(sheet),
        0.95 * np.maximum(np.maximum(hull, 0.8 * cover), 0.7 * mast),
        tones["ink"][0],
    )


def _bamboo(
    sheet: Sheet,
    x: Array,
    y: Array,
    stalk: tuple[float, float, float, float],
    scale: float,
    pigment: Array,
    rng: np.random.Generator,
) -> None:
    """One stalk, drawn upwards joint by joint, and its leaves in loaded and in thirsty strokes."""
    foot, wide, lean, dark = stalk
    wide = wide * scale**0.7
    streak = ndimage.zoom(
        noise(6, x.shape[1], 2.0 * sheet.unit, rng, 2), (x.shape[0] / 6, 1), order=1
    )
    joints, at = [], 1.03
    while at > -0.05:
        joints.append(at)
        at -= rng.uniform(0.13, 0.19) * scale**0.4
    for low, high in pairwise(joints):
        rise = (low - y) / (low - high)
        middle = foot + lean * (1 - y) + 0.004 * np.sin(5 * y)
        waist = 0.5 * wide * (1 + 0.30 * (2 * np.clip(rise, 0, 1) - 1) ** 8)
        across = (x - middle + 0.0009 * sheet.wobble_x) / waist
        inside = smoothstep(1.06, 0.92, np.abs(across))
        inside = inside * smoothstep(0.015, 0.035, rise) * smoothstep(0.985, 0.965, rise)
        white = smoothstep(0.5, 1.5, streak[: len(x)] + 0.3 * sheet.dry)
        edge = 0.55 + 0.55 * np.abs(across) ** 3
        sheet.lay(_everywhere(sheet), 0.62 * dark * inside * edge * (1 - 0.7 * white), pigment)
        joint = smoothstep(0.005, 0.002, np.abs(y - high - 0.003 * across**2)) * (
            abs(across) < 1.25
        )
        sheet.lay(_everywhere(sheet), 0.9 * dark * joint, pigment)
    for joint in joints[1:]:
        if not -0.02 < joint < 0.72:
            continue
        side = 1.0 if rng.random() < 0.72 else -1.0
        side = -side if foot > 1 else side
        for _ in range(int(rng.integers(2, 4))):
            stretch = rng.uniform(0.03, 0.17) * side
            tip_x = foot + lean * (1 - joint) + stretch
            tip_y = joint + rng.uniform(-0.05, 0.05)
            start_x = foot + lean * (1 - joint)
            rise = np.arctan2(tip_y - joint, tip_x - start_x)
            twig = float(np.hypot(tip_x - start_x, tip_y - joint))
            _leaf(sheet, x, y, start_x, joint, rise, twig, 0.7 * dark, pigment, rng, 0.0018 / twig)
            for _ in range(int(rng.integers(2, 5))):
                turn = np.pi / 2 - side * rng.normal(0.75, 0.42)
                length = rng.uniform(0.10, 0.19) * scale**0.8
                shade = dark * rng.choice([0.35, 0.65, 1.05], p=[0.35, 0.40, 0.25])
                _leaf(sheet, x, y, tip_x, tip_y, turn, length, shade, pigment, rng)


def _leaf(
    sheet: Sheet,
    x: Array,
    y: Array,
    px: float,
    py: float,
    turn: float,
    length: float,
    shade: float,
    pigment: Array,
    rng: np.random.Generator,
    breadth: float | None = None,
) -> None:
    """A pressed and lifted stroke from (px, py), with its `breadth` in parts of its length."""
    box = _box(x, px, py, 1.06 * length)
    if box is None:
        return
    dx = x[box] - px + 0.0011 * sheet.wobble_x[box]
    dy = y[box] - py + 0.0011 * sheet.wobble_y[box]
    along = (dx * np.cos(turn) + dy * np.sin(turn)) / length
    across = (dy * np.cos(turn) - dx * np.sin(turn)) / length
    across = across - rng.normal(0, 0.10) * along * (1 - along)
    s = np.clip(along, 0, 1)
    breadth = rng.uniform(0.050, 0.075) if breadth is None else breadth
    half = breadth * (np.sin(np.pi * s**0.62) ** 0.9 + 0.02)
    blade = smoothstep(1.10, 0.86, np.abs(across) / half) * ((along > 0) & (along < 1))
    hairs = np.sin(across * 210 + 3 * sheet.dry[box])
    thirsty = smoothstep(0.35, 1.0, s) * smoothstep(-0.1, 0.9, hairs + 0.7 * sheet.dry[box])
    loaded = (
        0.85 + 0.30 * smoothstep(0.3, 0.0, s) + 0.2 * smoothstep(0.7, 1.0, np.abs(across) / half)
    )
    sheet.lay(box, shade * blade * loaded * (1 - 0.75 * thirsty), pigment)


def _box(x: Array, px: float, py: float, reach: float) -> tuple[slice, slice] | None:
    """Rows and columns within `reach` of a place, in picture heights; None beyond the frame."""
    rows, columns = x.shape
    wide = columns / 1.25
    top, bottom = max(int((py - reach) * rows), 0), min(int((py + reach) * rows) + 2, rows)
    left, right = max(int((px - reach) * wide), 0), min(int((px + reach) * wide) + 2, columns)
    if bottom - top < 2 or right - left < 2:
        return None
    return slice(top, bottom), slice(left, right)


def _seal(picture: Array, x: Array, y: Array, tone: Array, unit: float) -> None:
    """A square seal with four strokes left out, at the right below."""
    u, v = (x - 1.155) / 0.026, (y - 0.925) / 0.026
    square = smoothstep(1.0, 0.94, np.maximum(np.abs(u), np.abs(v)))
    lines = (np.abs(u) < 0.09) | (np.abs(v - 0.42) < 0.09) | (np.abs(v + 0.42) < 0.09)
    lines |= (np.abs(u - 0.52) < 0.08) & (np.abs(v) < 0.42)
    cover = square * (1 - lines * (np.maximum(np.abs(u), np.abs(v)) < 0.78))
    cover = ndimage.gaussian_filter(cover.astype(np.float32), 0.5 * unit) * 0.9
    picture += (tone - picture) * cover[..., None]
