"""A field under great clouds: thick paint in broad strokes that turn with what they paint."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from impasto.painters.brush import Canvas, follow, lay
from impasto.painters.colour import finish, mix, ramp, vary
from impasto.painters.field import Array, noise, sample, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ramp_of, set_of
from impasto.painters.source import PaintSource

ENLARGE = 2
PIGMENTS = Pigments(
    {
        "air": ramp_of("2f6fae", "5d9bcb", "9cc3d8", "d5dcd2", "f3dfb6", share=3),
        "cloud": ramp_of("6d7893", "a9a7b4", "ddcfc4", "f6ead6", "fffaf0", share=3),
        "hill": ramp_of("2a3d5e", "44627f", "6c8a94", "93a58f", share=1.2),
        "wood": ramp_of("17281f", "27442b", "43652f", "76863a", share=1.0),
        "corn": ramp_of("7d5a1c", "b5852a", "dcae3f", "f1cf6b", "fbeaa8", share=4),
        "shade": ramp_of("2e3b2a", "4d5a2c", "6f6a2e", share=1.0),
        "bloom": set_of("c8321f", "e2552c", "b01f3a", "f4efe2", "3f5fb0"),
    }
)
Tones = dict[str, Array]
HORIZON = 0.56
# Brush sizes in pixels of a 640-pixel picture: width, length, cover of the canvas, jitter.
LAYERS = [(30, 92, 3.0, 0.06), (19, 60, 2.0, 0.08), (12, 40, 1.5, 0.10), (7, 26, 0.55, 0.12)]
HEAPS = [  # a cloud's heart and its half width and height
    (0.30, 0.20, 0.30, 0.130),
    (0.86, 0.13, 0.26, 0.110),
    (1.08, 0.33, 0.24, 0.085),
    (0.56, 0.38, 0.22, 0.060),
    (0.06, 0.40, 0.18, 0.055),
]


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 0.9)
    rows, columns = x.shape
    wander = noise(rows, columns, rows / 6, rng, 3)
    fleck = noise(rows, columns, rows / 30, rng, 2)
    scene, angle = _scene(x, y, wander, fleck, tones)
    if source.direction is not None:
        angle = (0.30 * np.sin(angle) - np.deg2rad(source.direction)).astype(np.float32)
    canvas = Canvas(0.92 * scene + 0.03, np.zeros((rows, columns), np.float32))
    for brush, reach, cover, jitter in LAYERS:
        wide, long = brush * unit * scale, reach * unit * scale
        count = max(int(cover * rows * columns / (wide * long * 0.7)), 8)
        start = (rng.uniform(-0.06, 1.06, (count, 2)) * [columns, rows]).astype(np.float32)
        start = start[np.argsort(start[:, 1] + rng.normal(0, 0.12 * rows, count))]
        paths = follow(start, angle, long * rng.uniform(0.6, 1.25, count))
        middle = paths[:, paths.shape[1] // 2]
        colours = vary(sample(scene, middle[:, 0], middle[:, 1]), rng, 0.3 * jitter, jitter)
        widths = (wide * rng.uniform(0.65, 1.2, count)).astype(np.float32)
        lay(canvas, paths, widths, colours, rng, streak=0.16, dry=0.42, thickness=1.35)
    _flowers(canvas, rng, unit * scale, rows, columns, tones["bloom"])
    return finish(canvas.lit(relief=0.55, gloss=0.5), width, height)


def _scene(x: Array, y: Array, wander: Array, fleck: Array, tones: Tones) -> tuple[Array, Array]:
    """What is painted (H, W, 3), and the way of the strokes (H, W) in radians."""
    height = np.clip(y / HORIZON + 0.05 * wander, 0, 1)
    colour = ramp(tones["air"], height)
    angle = 0.35 * np.sin(3.1 * x + 6 * y) + 0.25 * wander
    for cx, cy, wide, tall in HEAPS:
        u, v = (x - cx) / wide, (y - cy) / tall
        away = np.hypot(u, np.where(v > 0, 1.5 * v, v)) + 0.20 * wander + 0.10 * fleck
        body = smoothstep(1.05, 0.80, away)
        light = np.clip(0.58 - 0.36 * v - 0.22 * u + 0.14 * fleck + 0.10 * wander, 0, 1)
        colour = mix(colour, ramp(tones["cloud"], light), body)
        # Strokes heap up over a cloud's back and lie level below, and never close to rings.
        heaped = 0.75 * np.arctan(1.6 * u) * smoothstep(0.7, -0.5, v) + 0.35 * fleck
        angle = angle + smoothstep(1.15, 0.75, away) * (heaped - angle)
    for base, tall, shift, name in ((0.545, 0.075, 0.6, "hill"), (0.565, 0.040, 2.9, "hill")):
        ridge = base - tall * (0.5 + 0.5 * np.sin(4.3 * x + shift)) + 0.004 * wander
        inside = y > ridge
        tone = np.clip(0.75 - 9 * (y - ridge) + 0.12 * fleck + (0.2 if shift < 1 else -0.2), 0, 1)
        colour = np.where(inside[..., None], ramp(tones[name], tone), colour)
        angle = np.where(inside, 0.3 * np.cos(4.3 * x + shift) + 0.1 * wander, angle)
    wood = y > HORIZON - 0.035 * smoothstep(-0.6, 0.9, wander + 0.7 * np.sin(7.1 * x + 1.1))
    tone = np.clip(0.45 + 0.30 * fleck - 5 * (y - HORIZON), 0, 1)
    colour = np.where(wood[..., None], ramp(tones["wood"], tone), colour)
    angle = np.where(wood, 1.45 + 0.3 * fleck, angle)
    field = y > HORIZON + 0.012 * np.sin(2.2 * x)
    down = np.clip((y - HORIZON) / (1 - HORIZON), 0, 1)
    furrow = np.sin((x - 0.52) / (0.05 + 0.42 * down) * 7.5 + 0.5 * wander)
    tone = np.clip(0.60 + 0.24 * furrow + 0.13 * fleck - 0.16 * down, 0, 1)
    corn = ramp(tones["corn"], tone)
    dark = smoothstep(-0.30, -0.85, furrow) * smoothstep(0.03, 0.22, down)
    corn = mix(corn, ramp(tones["shade"], np.clip(0.5 + 0.3 * fleck, 0, 1)), 0.75 * dark)
    colour = np.where(field[..., None], corn, colour)
    lines = np.arctan2(0.05 + 0.42 * down, (x - 0.52) * 0.9 + 1e-3)
    lean = np.where(lines > np.pi / 2, lines - np.pi, lines)
    angle = np.where(field, lean + 0.35 * wander, angle)
    return colour.astype(np.float32), angle.astype(np.float32)


def _flowers(
    canvas: Canvas,
    rng: np.random.Generator,
    size: float,
    rows: int,
    columns: int,
    blooms: Array,
) -> None:
    """Dabs of pure paint in the field, in drifts, larger in front."""
    hearts = rng.uniform((0.02, 0.66), (0.98, 0.99), (16, 2))
    picks = rng.integers(len(hearts), size=150)
    down = hearts[picks] + rng.normal(0, 1, (len(picks), 2)) * (0.055, 0.022)
    down = down[down[:, 1] > HORIZON + 0.06]
    down = down[np.argsort(down[:, 1])]
    near = (0.55 + 1.6 * (down[:, 1] - HORIZON)).astype(np.float32)
    turn = rng.normal(-0.5, 0.7, len(down))
    s = np.linspace(-0.5, 0.5, 6)
    along = np.stack([np.cos(turn), np.sin(turn)], axis=-1)[:, None] * s[None, :, None]
    reach = (14 * size * near)[:, None, None]
    paths = (down * [columns, rows])[:, None] + along * reach
    kinds = blooms[rng.integers(len(blooms), size=len(hearts))][picks[: len(down)]]
    widths = 11 * size * near * rng.uniform(0.7, 1.15, len(down)).astype(np.float32)
    colours = vary(kinds, rng, 0.02, 0.08)
    lay(canvas, paths.astype(np.float32), widths, colours, rng, thickness=1.9, dry=0.1, taper=0.2)
