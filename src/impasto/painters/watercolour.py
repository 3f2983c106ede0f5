"""A garden in wet paint: transparent washes with dark edges, granulation and backruns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from impasto.painters.colour import finish
from impasto.painters.field import Array, noise, smoothstep
from impasto.painters.pigments import Pigments, paper, ramp_of, set_of
from impasto.painters.source import PaintSource

ENLARGE = 2
PIGMENTS = Pigments(
    {
        "paper": paper("fbf6ea"),
        "petals": set_of(
            "e0507a", "ee7d5c", "9467bd", "f2a541", "d8598f", "5f86cf", "e86a5a", keep=0.5
        ),
        "hearts": set_of(
            "7a1f55",
            "a8352f",
            "43307f",
            "b5571d",
            "6a1d62",
            "2b3f8f",
            "8f2440",
            keep=0.6,
            like="petals",
        ),
        "leaves": set_of("6f9c48", "3f8a78", "94ad4a", "4a7fa0", "57864a", "2f6f6a", keep=0.5),
        "air": set_of("8cc3dd", "f0c987", "c5a6d6", "9fd0b5", "f2b3a6", "7ba7d0", keep=0.9),
        "cores": ramp_of("e8b52f", "c9782a", "5a3a2a"),
    }
)
Tones = dict[str, Array]


@dataclass
class Sheet:
    """Paper under way: optical `density` (H, W, 3), what is `taken`, and its surfaces (H, W)."""

    density: Array
    taken: Array
    grain: Array
    wobble_x: Array
    wobble_y: Array
    pool: Array
    unit: float

    def wash(
        self,
        box: tuple[slice, slice],
        inside_px: Array,
        first: Array,
        second: Array,
        charge: Array,
        strength: float,
        claim: float,
        edge: float = 0.9,
    ) -> None:
        """Lay one wash.

        Args:
            box: rows and columns of the sheet it may touch.
            inside_px: distance in pixels to the wash's border, negative outside.
            first: the pigment (3,), seen on white paper.
            second: the pigment dropped into it while wet (3,).
            charge: share (h, w) of the second pigment.
            strength: amount of paint.
            claim: how much the wash keeps later ones out, in [0, 1].
            edge: how much pigment gathers at the border.
        """
        body = smoothstep(-0.7 * self.unit, 0.7 * self.unit, inside_px)
        rim = np.exp(-((np.clip(inside_px, 0, None) / (1.7 * self.unit)) ** 1.3))
        soft = np.exp(-np.clip(inside_px, 0, None) / (9 * self.unit))
        flow = 0.62 + 0.20 * self.pool[box] + edge * (0.62 * rim + 0.26 * soft)
        flow = flow * (1 + 0.12 * self.grain[box])
        amount = strength * body * np.clip(flow, 0.06, None) * (1 - 0.93 * self.taken[box])
        share = np.clip(charge, 0, 1)[..., None]
        self.density[box] += amount[..., None] * (
            (1 - share) * -np.log(first) + share * -np.log(second)
        )
        self.taken[box] = np.maximum(self.taken[box], claim * body)


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    rows, columns = height * ENLARGE, width * ENLARGE
    unit = max(max(rows, columns) / 640, 0.5) * scale
    tooth = noise(rows, columns, 2.6 * unit, rng, 2)
    sheet = Sheet(
        density=np.zeros((rows, columns, 3), np.float32),
        taken=np.zeros((rows, columns), np.float32),
        grain=(tooth + 0.6 * noise(rows, columns, 6 * unit, rng)).astype(np.float32),
        wobble_x=noise(rows, columns, 13 * unit, rng, 3),
        wobble_y=noise(rows, columns, 13 * unit, rng, 3),
        pool=noise(rows, columns, 30 * unit, rng, 2),
        unit=unit,
    )
    heads = _places(rng, scale)
    for cx, cy, size in sorted(heads, key=lambda head: -head[2]):
        _flower(sheet, cx * rows, cy * rows, size * rows, rng, tones)
    _foliage(sheet, heads, rng, scale, tones["leaves"])
    _air(sheet, rng, scale, tones["air"])
    _spatter(sheet, rng, scale, np.concatenate([tones["petals"], tones["leaves"]]))
    lit = 1 + 0.030 * np.clip(np.gradient(tooth, axis=0) + np.gradient(tooth, axis=1), -2, 2)
    picture = tones["paper"][0] * np.exp(-sheet.density) * lit[..., None]
    return finish(picture.astype(np.float32), width, height)


def _places(rng: np.random.Generator, scale: float) -> list[tuple[float, float, float]]:
    """Where flower heads stand: x, y and radius in picture heights, none on another."""
    heads = [
        (0.44, 0.47, 0.200),
        (0.88, 0.34, 0.165),
        (0.80, 0.77, 0.150),
        (0.17, 0.20, 0.140),
        (0.17, 0.82, 0.125),
    ]
    if scale != 1:
        heads = [(x, y, size * scale) for x, y, size in heads[: max(2, round(5 / scale))]]
    for _ in range(4000):
        size = rng.choice([0.115, 0.085, 0.06, 0.045, 0.032], p=[0.1, 0.2, 0.25, 0.25, 0.2])
        size *= scale
        x, y = rng.uniform(-0.02, 1.27), rng.uniform(-0.02, 1.02)
        if all(np.hypot(x - a, y - b) > 0.90 * (size + r) + 0.012 for a, b, r in heads):
            heads.append((x, y, float(size)))
        if len(heads) >= 52 / scale**2:
            break
    return heads


def _box(sheet: Sheet, x: float, y: float, reach: float) -> tuple[slice, slice] | None:
    rows, columns = sheet.taken.shape
    top, bottom = max(int(y - reach), 0), min(int(y + reach) + 1, rows)
    left, right = max(int(x - reach), 0), min(int(x + reach) + 1, columns)
    if bottom - top < 2 or right - left < 2:
        return None
    return slice(top, bottom), slice(left, right)


def _local(
    sheet: Sheet,
    box: tuple[slice, slice],
    x: float,
    y: float,
    turn: float,
    length: float,
    wander: float,
) -> tuple[Array, Array]:
    """Coordinates along and across a shape that starts at (x, y), in its own lengths."""
    row, column = np.mgrid[box].astype(np.float32)
    dx = column - x + wander * sheet.wobble_x[box] * sheet.unit
    dy = row - y + wander * sheet.wobble_y[box] * sheet.unit
    along = (dx * np.cos(turn) + dy * np.sin(turn)) / length
    across = (dy * np.cos(turn) - dx * np.sin(turn)) / length
    return along, across


def _flower(
    sheet: Sheet, x: float, y: float, size: float, rng: np.random.Generator, tones: Tones
) -> None:
    petals_of, hearts, cores = tones["petals"], tones["hearts"], tones["cores"]
    kind = int(rng.integers(len(petals_of)))
    other = petals_of[(kind + rng.integers(1, 3)) % len(petals_of)]
    start = rng.uniform(0, 2 * np.pi)
    core = _box(sheet, x, y, 0.3 * size)
    if core is not None:
        along, across = _local(sheet, core, x, y, 0.0, size, 1.2)
        inside = (0.145 - np.hypot(along, across)) * size
        dots = 0.5 + 0.5 * sheet.grain[core]
        sheet.wash(core, inside, cores[0], cores[2], 0.5 * dots, 0.95, 0.92)
    great = size > 0.07 * len(sheet.taken)
    rings = ((5, 0.62, 0.52), (7, 1.0, 0.40)) if great else ((6, 1.0, 0.46),)
    for petals, reach, wide in rings:
        start += np.pi / petals
        for k in rng.permutation(petals):
            turn = start + 2 * np.pi * k / petals + rng.normal(0, 0.09)
            length = size * reach * rng.uniform(0.88, 1.10)
            box = _box(sheet, x, y, 1.15 * length)
            if box is None:
                continue
            along, across = _local(sheet, box, x, y, turn, length, 1.6)
            across = across - rng.normal(0, 0.12) * along**2
            place = np.clip(along, 0, 1)
            notch = 0.07 * np.exp(-((across / 0.07) ** 2))
            outline = wide * place**0.75 * np.clip(1 - (place + notch) ** 5, 0, 1) ** 0.5
            inside = (outline - np.abs(across)) * length
            inside = np.where((along < 0.02) | (along > 1), -4 * sheet.unit, inside)
            veins = 0.16 * np.cos(across / (0.05 + 0.9 * place * wide) * 19)
            veins = veins * smoothstep(0.85, 0.3, place)
            charge = smoothstep(0.58, 0.10, place + 0.10 * sheet.pool[box]) + veins
            tip = petals_of[kind] if rng.random() < 0.75 else other
            strength = rng.uniform(0.55, 1.15)
            sheet.wash(box, inside, tip, hearts[kind], 0.75 * charge, strength, 0.97)


def _foliage(
    sheet: Sheet,
    heads: list[tuple[float, float, float]],
    rng: np.random.Generator,
    scale: float,
    leaves: Array,
) -> None:
    """Leaves that spring from the flower heads and fill the gaps behind them."""
    rows, columns = sheet.taken.shape
    count = round(300 / scale**2)
    for k in range(count):
        x, y, size = heads[int(rng.integers(len(heads)))]
        turn = rng.uniform(0, 2 * np.pi)
        px = (x + 0.72 * size * np.cos(turn)) * rows
        py = (y + 0.72 * size * np.sin(turn)) * rows
        length = rng.uniform(0.09, 0.21) * rows * scale * (1.1 if k < count / 5 else 0.85)
        if k % 3 == 0:
            px, py = rng.uniform(0, columns), rng.uniform(0, rows)
        turn += rng.normal(0, 0.5)
        box = _box(sheet, px, py, 1.1 * length)
        if box is None:
            continue
        along, across = _local(sheet, box, px, py, turn, length, 1.3)
        across = across - rng.normal(0, 0.28) * along * (1 - along) * 1.5
        place = np.clip(along, 0, 1)
        wide = rng.uniform(0.10, 0.20)
        outline = wide * np.sin(np.pi * place**0.8) ** 0.85
        rib = 0.6 * sheet.unit + 0.006 * length
        inside = (outline - np.abs(across)) * length
        inside = np.minimum(inside, np.abs(across) * length - rib * (1 - place))
        inside = np.where((along < 0) | (along > 1), -4 * sheet.unit, inside)
        first, second = leaves[rng.integers(len(leaves), size=2)]
        side = smoothstep(-0.03, 0.03, across * np.sign(rng.normal()))
        charge = 0.55 * side + 0.5 * smoothstep(0.2, 1.2, sheet.pool[box])
        strength = rng.uniform(0.5, 1.35) * (1.0 if k < 0.4 * count else 0.7)
        sheet.wash(box, inside, first, second, charge, strength, 0.80)


def _air(sheet: Sheet, rng: np.random.Generator, scale: float, air: Array) -> None:
    """Wet-in-wet colour behind everything, with backruns where a drop fell in it."""
    rows, columns = sheet.taken.shape
    everywhere = (slice(0, rows), slice(0, columns))
    lakes = np.stack([noise(rows, columns, rows / 3.0 * scale, rng, 3) for _ in air])
    first = lakes.max(axis=0)
    for k, (pigment, lake) in enumerate(zip(air, lakes, strict=True)):
        rival = np.delete(lakes, k, axis=0).max(axis=0)  # neighbours meet, and seldom mix to grey
        away = (lake - rival + 0.04) * 40 * sheet.unit
        share = smoothstep(0.6, 2.2, first)
        other = air[(k + 1) % len(air)]
        sheet.wash(everywhere, away, pigment, other, 0.35 * share, 0.85, 0.0, edge=0.55)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    for _ in range(round(16 / scale)):
        cx, cy = rng.uniform(0, columns), rng.uniform(0, rows)
        reach = rng.uniform(0.05, 0.12) * rows * scale
        away = np.hypot(x - cx, y - cy) / reach
        away = away + 0.12 * sheet.wobble_x + 0.06 * sheet.wobble_y
        front = np.exp(-(((away - 1) / 0.075) ** 2)) * smoothstep(1.25, 1.0, away)
        washed = smoothstep(1.0, 0.5, away)
        free = 1 - 0.75 * sheet.taken
        sheet.density *= (1 + free * (0.75 * front - 0.42 * washed))[..., None]


def _spatter(sheet: Sheet, rng: np.random.Generator, scale: float, tones: Array) -> None:
    """Flicked drops, most of them small."""
    rows, columns = sheet.taken.shape
    sheet.taken[:] = ndimage.gaussian_filter(sheet.taken, 2 * sheet.unit) * 0.5
    for _ in range(round(110 / scale)):
        x, y = rng.uniform(0, columns), rng.uniform(0, rows)
        radius = sheet.unit * (0.8 + rng.exponential(1.1))
        box = _box(sheet, x, y, radius * 1.6 + 2)
        if box is None:
            continue
        along, across = _local(sheet, box, x, y, 0.0, radius, 0.3)
        inside = (1 - np.hypot(along, across)) * radius
        tone = tones[rng.integers(len(tones))]
        sheet.wash(box, inside, tone, tone, np.zeros_like(inside), 0.65, 0.0)
