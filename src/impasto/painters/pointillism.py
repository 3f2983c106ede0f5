"""An afternoon by a river in divided colour: dabs of pure pigment that the eye mixes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from impasto.painters.brush import Canvas, lay
from impasto.painters.colour import finish, mix, ramp, saturate
from impasto.painters.field import Array, noise, sample, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ramp_of, set_of
from impasto.painters.source import PaintSource

ENLARGE = 2
PIGMENTS = Pigments(
    {
        "sky": ramp_of("4573c0", "6f97d2", "9bb9dc", "dccbbb", "f6c98a", "f3ab6d", share=3),
        "river": ramp_of("e6bd94", "8fa9c8", "5c8ac6", "3f6fb8", "2c4f98", share=2),
        "grass": ramp_of("28532f", "3f7a35", "6ea63c", "a9c548", "e4dc62", "f7e98a", share=4),
        "leaves": ramp_of("14302f", "1f4d38", "33703a", "5f9440", "a3b84c", "e6cc5c", share=2),
        "shade": ramp_of("2b2a66", "3c3f8f", "2f6a78", "3a7a52"),
        "far": ramp_of("6f78b5", "8a9cc4", "8fb59a", "c9c98f", share=0.5),
        "cloud": ramp_of("fff0d6", share=0.3),
        "gold": ramp_of("ffe3a0", share=0.3),
        "sail": ramp_of("d9a9b8", "fff0cf", "fffdf2", share=0.3),
        "hull": ramp_of("7a2f3a", share=0.1),
        "sand": ramp_of("b58fb5", "f1c79a", "fde5b8", share=0.5),
        "bloom": set_of("e5483f", "f2a33c", "f7d9e0", "c65a9c"),
        "rim": ramp_of("2b4f63", share=0.1),
        "bark": ramp_of("2a1f4a", "5b3a52", "b5764e", "f0b06a", share=0.4),
    }
)
Tones = dict[str, Array]

# Dab sizes in pixels of a 640-pixel picture: width, cover of the canvas, division of colour.
LAYERS = [(12.0, 2.6, 0.10), (7.5, 1.9, 0.16), (5.0, 1.7, 0.22), (3.6, 1.3, 0.30)]


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 0.9)
    rows, columns = x.shape
    wander = noise(rows, columns, rows / 9, rng, 3)
    fleck = noise(rows, columns, rows / 40, rng, 2)
    scene, angle = _scene(x, y, wander, fleck, tones)
    if source.direction is not None:
        angle = 0.25 * angle + np.float32(-np.deg2rad(source.direction))
    canvas = Canvas(0.55 * scene + 0.30, np.zeros((rows, columns), np.float32))
    others = np.concatenate(list(tones.values())) if source.palette else None
    for size, cover, division in LAYERS:
        dab = size * unit * scale
        count = int(cover * rows * columns / (dab * dab * 1.1))
        place = (rng.uniform(-0.01, 1.01, (count, 2)) * [columns, rows]).astype(np.float32)
        turn = sample(angle, place[:, 0], place[:, 1]) + rng.normal(0, 0.30, count)
        reach = dab * rng.uniform(1.0, 1.75, count)
        s = np.linspace(-0.5, 0.5, 5)
        bow = np.stack([np.cos(turn), np.sin(turn)], axis=-1)[:, None] * s[None, :, None]
        paths = (place[:, None] + bow * reach[:, None, None]).astype(np.float32)
        colours = _divide(sample(scene, place[:, 0], place[:, 1]), division, rng, others)
        widths = (dab * rng.uniform(0.62, 1.0, count)).astype(np.float32)
        lay(canvas, paths, widths, colours, rng, streak=0.05, dry=0.0, taper=0.1)
    lit = canvas.lit(relief=0.16, gloss=0.10)
    return finish(saturate(lit, 0.98), width, height)


def _divide(colours: Array, amount: float, rng: np.random.Generator, others: Array | None) -> Array:
    """Split each colour: purer neighbours, a warm or cool touch, now and then its complement.

    In a palette of others' choice the touches are `others` (N, 3), its own colours.
    """
    count = len(colours)
    grey = colours.mean(axis=-1, keepdims=True)
    pure = grey + (colours - grey) * (1 + 1.1 * amount)
    turned = pure[:, [1, 2, 0]] if rng.random() < 0.5 else pure[:, [2, 0, 1]]
    kind = rng.random(count)
    if others is not None:
        turned = opposite = others[rng.integers(len(others), size=count)]
    hue = np.where((kind < 0.4 * amount)[:, None], 0.35 * turned + 0.65 * pure, pure)
    if others is None:
        opposite = np.clip(2 * grey - pure, 0, 1)
        opposite = grey + (opposite - grey) * 1.7
    hue = np.where((kind > 1 - 0.36 * amount)[:, None], 0.85 * opposite + 0.15 * pure, hue)
    lean = 0.42 if others is None else 0.14
    warm = rng.normal(0, lean * amount, (count, 1)) * np.array([1.0, 0.25, -1.1])
    light = 1 + rng.normal(0, 0.42 * amount, (count, 1))
    return np.asarray(np.clip(hue * light + warm * (0.35 + 0.65 * grey), 0, 1).astype(np.float32))


def _scene(x: Array, y: Array, wander: Array, fleck: Array, tones: Tones) -> tuple[Array, Array]:
    """The light behind the dabs (H, W, 3) and the way the dabs lie (H, W)."""
    shore = 0.395
    glow = np.exp(-(((x - 0.80) / 0.42) ** 2 + ((y - 0.34) / 0.20) ** 2))
    height = np.clip(y / shore + 0.05 * wander + 0.22 * glow, 0, 1)
    colour = ramp(tones["sky"], height)
    cloud = smoothstep(0.15, 1.5, wander + 0.8 * np.sin(26 * y + 4 * x + wander)) * (y < 0.21)
    colour = mix(colour, tones["cloud"] + 0 * colour, 0.75 * cloud)
    angle = 0.30 * wander - 0.25 * np.sin(4 * x)

    hills = y > shore - 0.045 - 0.028 * np.sin(5 * x + 1) - 0.008 * wander
    tone = np.clip(0.35 + 0.25 * fleck + 6 * (y - shore + 0.05), 0, 1)
    colour = np.where(hills[..., None], ramp(tones["far"], tone), colour)
    wood = y > shore - 0.022 - 0.03 * smoothstep(0.5, 1.3, x) * (1 + 0.35 * fleck)
    trees = ramp(tones["leaves"], np.clip(0.35 + 0.2 * fleck, 0, 1))
    colour = np.where(wood[..., None], trees, colour)

    river = y > shore
    depth = y - shore
    ripple = np.sin(190 * depth / (1 + 5 * depth) + 2 * wander)
    tone = np.clip(2.6 * depth + 0.10 * ripple + 0.05 * fleck, 0, 1)
    water = ramp(tones["river"], tone)
    gold = np.exp(-(((x - 0.80) / (0.10 + 0.5 * depth)) ** 2)) * smoothstep(-0.2, 0.9, ripple)
    water = mix(water, tones["gold"] + 0 * water, 0.75 * gold)
    colour = np.where(river[..., None], water, colour)
    angle = np.where(river, 0.06 * wander, angle)
    colour = _sails(colour, x, y, tones)

    bank = 0.60 + 0.17 * np.sin(1.9 * x - 0.75) + 0.05 * (x - 0.6) + 0.006 * fleck
    colour, angle = _bank(colour, angle, x, y, bank, wander, fleck, tones)
    return _trees(colour, angle, x, y, wander, fleck, tones)


def _sails(colour: Array, x: Array, y: Array, tones: Tones) -> Array:
    for sx, foot, tall, lean in (
        (0.92, 0.520, 0.300, 1.0),
        (0.665, 0.450, 0.150, 1.0),
        (1.165, 0.455, 0.165, -1.0),
        (0.775, 0.418, 0.070, 0.9),
    ):
        rise = (foot - y) / tall
        side = (x - sx) / tall * lean
        sail = (rise > 0.05) & (rise < 1) & (side > 0.02) & (side < 0.52 * (1 - rise))
        jib = (rise > 0.08) & (rise < 0.8) & (side < -0.02) & (side > -0.30 * (0.8 - rise))
        lit = np.clip(0.2 + side * 2.2, 0, 1)
        white = ramp(tones["sail"], lit)
        colour = np.where((sail | jib)[..., None], white, colour)
        hull = (np.abs(y - foot) < 0.028 * tall) & (side > -0.34) & (side < 0.55)
        colour = np.where(hull[..., None], tones["hull"][0], colour)
        mirror = (rise < -0.05) & (rise > -0.9) & (side > -0.2 * (1 + rise))
        mirror &= (side < 0.5 * (1 + rise)) & (
            np.sin(430 * (y - foot) / (1 + 2 * (y - foot))) > -0.35
        )
        colour = mix(colour, white, 0.62 * mirror.astype(np.float32))
    return colour


def _bank(
    colour: Array,
    angle: Array,
    x: Array,
    y: Array,
    bank: Array,
    wander: Array,
    fleck: Array,
    tones: Tones,
) -> tuple[Array, Array]:
    """Grass in sun, bands of violet shade, a path, and flowers in front."""
    grass = y > bank
    down = y - bank
    tone = 0.60 + 0.16 * wander + 0.10 * fleck + 0.16 * np.sin(9 * x + 20 * y)
    lawn = ramp(tones["grass"], np.clip(tone, 0, 1))
    cast = np.sin(3.0 * x - 13 * y + 0.55 * wander + 2.2)
    dark = smoothstep(0.05, 0.55, cast) * smoothstep(0.02, 0.08, down)
    cool = ramp(tones["shade"], np.clip(0.5 + 0.3 * fleck + 0.2 * wander, 0, 1))
    lawn = mix(lawn, cool, 0.82 * dark)
    way = np.abs(x - 0.80 - 0.55 * (y - 0.75) - 0.08 * np.sin(9 * y)) / (0.03 + 0.20 * down)
    warmth = np.clip(0.55 + 0.3 * fleck - 0.5 * dark, 0, 1)
    sand = ramp(tones["sand"], warmth)
    lawn = mix(lawn, sand, smoothstep(1.0, 0.75, way) * 0.9)
    bloom = smoothstep(1.35, 1.9, fleck + 0.25 * wander) * smoothstep(0.12, 0.25, down)
    kinds = ramp(tones["bloom"], 0.5 + 0.5 * np.sin(37 * x))
    lawn = mix(lawn, kinds, bloom)
    rim = smoothstep(0.014, 0.0, down) * grass
    lawn = mix(lawn, tones["rim"] + 0 * lawn, 0.7 * rim)
    angle = np.where(grass, -0.9 + 0.9 * np.sin(2.5 * x + 3 * y) + 0.2 * wander, angle)
    return np.where(grass[..., None], lawn, colour), angle.astype(np.float32)


def _trees(
    colour: Array, angle: Array, x: Array, y: Array, wander: Array, fleck: Array, tones: Tones
) -> tuple[Array, Array]:
    """A great tree at the left and a slender pair, sunlit on their river side."""
    trunks = ((0.150, 0.90, 0.030, 0.10), (0.385, 0.72, 0.012, 0.34), (0.455, 0.74, 0.010, 0.42))
    for tx, foot, wide, top in trunks:
        sway = tx + 0.020 * np.sin(7 * y)
        flare = wide * (1 + 1.2 * smoothstep(foot - 0.12, foot, y))
        trunk = (np.abs(x - sway) < flare) & (y < foot) & (y > top)
        side = np.clip(0.5 + 0.5 * (x - sway) / wide, 0, 1)
        bark = ramp(tones["bark"], side)
        colour = np.where(trunk[..., None], bark, colour)
        angle = np.where(trunk, 1.5, angle)
    crowns = (
        (0.13, 0.13, 0.22, 0.17),
        (-0.02, 0.28, 0.17, 0.15),
        (0.27, 0.25, 0.13, 0.10),
        (0.10, 0.36, 0.13, 0.07),
        (0.385, 0.36, 0.055, 0.20),
        (0.465, 0.42, 0.045, 0.17),
    )
    for cx, cy, wide, tall in crowns:
        u, v = (x - cx) / wide, (y - cy) / tall
        away = np.hypot(u, v) + 0.16 * fleck + 0.08 * wander
        light = 0.42 + 0.34 * (0.75 * u - 0.45 * v) + 0.15 * fleck + 0.08 * wander
        crown = ramp(tones["leaves"], np.clip(light, 0, 1))
        shadow = ramp(tones["shade"], np.clip(0.4 - 0.4 * u, 0, 1))
        crown = mix(crown, shadow, 0.55 * smoothstep(0.40, 0.08, light))
        inside = away < 1
        colour = np.where(inside[..., None], crown, colour)
        angle = np.where(inside, np.arctan2(v, u) + 1.57, angle)
    return colour.astype(np.float32), angle.astype(np.float32)
