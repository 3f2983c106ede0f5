"""A Byzantine vault: gold and lapis tesserae laid in rows that follow scrolling vines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree
from skimage.measure import find_contours

from impasto.painters.colour import finish, vary
from impasto.painters.field import Array, noise, sample, smoothstep, working_grid
from impasto.painters.pigments import Pigments, ramp_of, set_of
from impasto.painters.source import PaintSource

ENLARGE = 2
TILE = 6.7  # side of a tessera in pixels of a 640-pixel picture
SCROLLS = [  # centre x, y, radius, turn, starting angle
    (0.285, 0.325, 0.205, 1, 0.2),
    (0.965, 0.325, 0.205, -1, np.pi - 0.2),
    (0.300, 0.760, 0.170, -1, -0.5),
    (0.950, 0.760, 0.170, 1, np.pi + 0.5),
]
PIGMENTS = Pigments(
    {
        "ground": ramp_of("c98a1b", "e2ab36", "f2cb5e", "b87318", "fbe08a", "d99a2b", share=4),
        "lapis": ramp_of("0f1f5c", "183a8f", "2450b5", "3a6fd0", "101a45", share=3),
        "vine": ramp_of("0b3b34", "14655a", "2f9179", "7fc2a0", "e3ecc0", share=1.5),
        "bloom": ramp_of("7a1326", "b5222f", "e2543f", "f39a6b", "fbe3c3", share=1.2),
        "border": set_of("5a0f24", "8f1d2c", "f4ead2", "183a8f", "2f9179", "e2ab36"),
        "grout": ramp_of("6b5f50", share=0.2),
    }
)
Tones = dict[str, Array]


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 0.5)
    rows, columns = x.shape
    side = TILE * unit * scale
    design, guide = _design(x, y, rows, TILE * scale, tones)
    own = _design(x, y, rows, TILE * scale, PIGMENTS.mixed(()))[0] if source.palette else design
    centres, angles = _rows(guide, side, rng)
    tile, reach, second, u, v = _cut(centres, angles, rows, columns, side)
    place = centres[:, 0], centres[:, 1]
    colours = _colours(sample(design, *place), sample(own, *place), rng, tones)
    set_in = _set(colours, tile, reach, second, u, v, rng, side, tones["grout"][0])
    return finish(set_in, width, height)


def _design(x: Array, y: Array, rows: int, tile: float, tones: Tones) -> tuple[Array, Array]:
    """What stands where (H, W, 3), and the distance in pixels from the lines that rows follow.

    `tile` is the side of a tessera in pixels of a 640-pixel picture.
    """
    ground, lapis, vines = tones["ground"], tones["lapis"], tones["vine"]
    vine = _vines(x)
    from_vine = ndimage.distance_transform_edt(~vine).astype(np.float32) / rows
    picture = np.broadcast_to(ground[1], (*x.shape, 3)).copy()
    sheen = np.sin(from_vine * 2 * np.pi / (5 * tile / 512)) > 0.3
    picture[sheen & (from_vine > 0.03)] = ground[2]
    guide = from_vine.copy()
    for sx, sy, radius, _, _ in SCROLLS:
        away = np.hypot(x - sx, y - sy)
        disc = away < radius * 1.02
        tone = 1.5 + 1.6 * np.sin(away * 2 * np.pi / (4 * tile / 512))
        picture[disc] = lapis[np.clip(tone.astype(np.intp), 0, 3)][disc]
        star = disc & (np.sin(np.arctan2(y - sy, x - sx) * 7 + away * 70) > 0.93)
        picture[star & (from_vine > 0.022)] = ground[4]
    inner = np.zeros(x.shape, bool)
    for sx, sy, radius, _, _ in SCROLLS:
        inner |= np.hypot(x - sx, y - sy) < radius * 0.95
    row = tile / 512
    picture[(from_vine < 2 * row) & ~inner] = vines[1]
    picture[(from_vine < 2 * row) & inner] = lapis[4]
    slope_y, slope_x = np.gradient(from_vine)
    lighted = slope_x + slope_y < 0
    picture[(from_vine < row) & lighted] = vines[4]
    picture[(from_vine < row) & ~lighted] = vines[3]
    for sx, sy, radius, _, phase in SCROLLS:
        picture, guide = _flower(picture, guide, x - sx, y - sy, radius * 0.42, 8, phase, tones)
    for fx, fy, size, petals in ((0.625, 0.245, 0.118, 12), (0.625, 0.625, 0.075, 8)):
        picture, guide = _flower(picture, guide, x - fx, y - fy, size, petals, 0.0, tones)
    frame = np.minimum(np.minimum(x, 1.25 - x), np.minimum(y, 1 - y))
    picture, guide = _frame(picture, guide, frame, x, y, tones["border"])
    return picture, (guide * rows).astype(np.float32)


def _vines(x: Array) -> np.ndarray:
    """The spines of the vines, as a mask one or two pixels wide."""
    rows, columns = x.shape
    mask = np.zeros(x.shape, bool)
    wide = columns / 1.25

    def draw(px: np.ndarray, py: np.ndarray) -> None:
        column, row = (px * wide).astype(int), (py * rows).astype(int)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        mask[row[inside], column[inside]] = True

    s = np.linspace(0, 1, 9000)
    for sx, sy, radius, turn, phase in SCROLLS:
        angle = phase + turn * s * 2 * np.pi * 1.62
        spread = radius * (1.02 - 0.50 * s**0.9)
        draw(sx + spread * np.cos(angle), sy + spread * np.sin(angle))
        start_x = sx + 1.02 * radius * np.cos(phase)
        start_y = sy + 1.02 * radius * np.sin(phase)
        bend = np.sin(np.pi * s) * 0.035
        draw(start_x + (0.625 - start_x) * s, start_y + (0.52 - start_y + 0.3) * s**1.5 + bend)
    draw(0.625 + 0.008 * np.sin(9 * s), 0.36 + 0.64 * s)
    for sx, sy, reach, first, last in (
        (0.625, 0.10, 0.17, 0.15, 0.85),
        (0.08, 0.55, 0.09, -0.45, 0.45),
        (1.17, 0.55, 0.09, 0.55, 1.45),
        (0.625, 0.93, 0.11, 1.1, 1.9),
    ):
        angle = np.pi * (first + (last - first) * s)
        draw(sx + reach * np.cos(angle), sy + reach * np.sin(angle))
    return mask


def _flower(
    picture: Array,
    guide: Array,
    x: Array,
    y: Array,
    size: float,
    petals: int,
    phase: float,
    tones: Tones,
) -> tuple[Array, Array]:
    away, turn = np.hypot(x, y), np.arctan2(y, x) + phase
    edge = size * (0.80 + 0.20 * np.abs(np.cos(turn * petals / 2)) ** 0.7)
    depth = away / edge
    inside = depth < 1
    tone = np.clip(((1 - depth) * 6.5).astype(np.intp), 0, 4)
    picture[inside] = tones["bloom"][tone][inside]
    between = inside & (np.abs(np.cos(turn * petals / 2)) < 0.20) & (depth > 0.40)
    picture[between] = tones["bloom"][0]
    picture[away < size * 0.26] = tones["ground"][2]
    picture[away < size * 0.12] = tones["vine"][1]
    guide = np.where(depth < 1.12, np.abs(edge - away), guide)
    return picture, guide.astype(np.float32)


def _frame(
    picture: Array, guide: Array, frame: Array, x: Array, y: Array, border: Array
) -> tuple[Array, Array]:
    """A border of lozenges between two bands, with rows parallel to the picture's edge."""
    walk = np.where(np.minimum(x, 1.25 - x) < np.minimum(y, 1 - y), y, x)
    lozenge = np.abs((walk * 16) % 1 - 0.5) * 2 + np.abs(frame - 0.0355) / 0.024
    picture[frame < 0.071] = border[1]
    picture[frame < 0.0595] = border[3]
    picture[(frame < 0.0595) & (lozenge < 1.0)] = border[5]
    picture[(frame < 0.0595) & (lozenge < 0.5)] = border[2]
    picture[frame < 0.0118] = border[0]
    return picture, np.where(frame < 0.071, frame, guide).astype(np.float32)


def _rows(guide: Array, side: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Tesserae set along the contours of `guide`: centres (N, 2) and angles (N,)."""
    soft = ndimage.gaussian_filter(guide, 0.25 * side)
    slope_y, slope_x = np.gradient(ndimage.gaussian_filter(guide, 0.5 * side))
    angle = np.arctan2(slope_y, slope_x).astype(np.float32)
    found: list[np.ndarray] = []
    for level in np.arange(0.5 * side, float(soft.max()), side):
        for line in _contours(soft, level):
            steps = np.hypot(*np.diff(line, axis=0).T)
            along = np.concatenate([[0], np.cumsum(steps)])
            count = max(int(along[-1] / (side * rng.uniform(0.96, 1.1))), 1)
            at = (np.arange(count) + rng.uniform(0.2, 0.8)) * along[-1] / count
            at = at + rng.normal(0, 0.05 * side, count)
            found.append(np.stack([np.interp(at, along, line[:, i]) for i in (1, 0)], axis=-1))
    centres = _thin(np.concatenate(found), 0.62 * side)
    centres = _fill(centres, guide.shape, 0.86 * side, rng)
    return centres.astype(np.float32), sample(angle, centres[:, 0], centres[:, 1])


def _contours(field: Array, level: float) -> list[Array]:
    """The lines (N, 2) of row and column along which a field has a level."""
    lines: list[Array] = find_contours(field, level)  # type: ignore[no-untyped-call]
    return lines


def _thin(centres: np.ndarray, apart: float) -> np.ndarray:
    """Drop centres until no two are nearer than `apart`."""
    kept = np.ones(len(centres), bool)
    for first, other in cKDTree(centres).query_pairs(apart, output_type="ndarray"):
        if kept[first] and kept[other]:
            kept[other] = False
    return centres[kept]


def _fill(
    centres: np.ndarray, shape: tuple[int, ...], apart: float, rng: np.random.Generator
) -> np.ndarray:
    """Add centres in the holes where rows meet."""
    tries = rng.uniform(0, 1, (len(centres) * 8, 2)) * np.array([shape[1], shape[0]])
    far = tries[cKDTree(centres).query(tries)[0] > apart]
    return np.concatenate([centres, _thin(far, apart)]) if len(far) else centres


def _cut(
    centres: Array, angles: Array, rows: int, columns: int, side: float
) -> tuple[np.ndarray, Array, Array, Array, Array]:
    """Which tessera each pixel lies in (a turned square metric), and where within it."""
    row, column = np.mgrid[0:rows, 0:columns]
    points = np.stack([column.ravel(), row.ravel()], axis=-1).astype(np.float32)
    near = min(7, len(centres))
    _, candidates = cKDTree(centres).query(points, k=near)
    offset = points[:, None, :] - centres[candidates]
    cos, sin = np.cos(angles[candidates]), np.sin(angles[candidates])
    u = (offset[..., 0] * cos + offset[..., 1] * sin) / side
    v = (offset[..., 1] * cos - offset[..., 0] * sin) / side
    far = (np.abs(u) ** 5 + np.abs(v) ** 5) ** 0.2
    order = np.argsort(far, axis=1)[:, :2]
    pick = np.arange(len(points))
    best, next_best = order[:, 0], order[:, 1]
    shape = (rows, columns)
    return (
        candidates[pick, best].reshape(shape),
        far[pick, best].reshape(shape).astype(np.float32),
        far[pick, next_best].reshape(shape).astype(np.float32),
        u[pick, best].reshape(shape).astype(np.float32),
        v[pick, best].reshape(shape).astype(np.float32),
    )


def _colours(drawn: Array, own: Array, rng: np.random.Generator, tones: Tones) -> Array:
    """The drawing's colour at each tessera, with a stray stone here and there.

    What is gold and what is lapis is seen in `own`, the drawing in the painter's own colours.
    """
    ground, lapis = tones["ground"], tones["lapis"]
    gold = (own[:, 0] > 0.8) & (own[:, 2] < 0.45)
    picks = ground[rng.integers(len(ground), size=len(drawn))]
    drawn = np.where(gold[:, None], 0.45 * drawn + 0.55 * picks, drawn)
    blue = own[:, 2] > own[:, 0] + 0.2
    picks = lapis[rng.integers(len(lapis), size=len(drawn))]
    drawn = np.where(blue[:, None], 0.62 * drawn + 0.38 * picks, drawn)
    return vary(drawn.astype(np.float32), rng, 0.035, 0.12)


def _set(
    colours: Array,
    tile: np.ndarray,
    reach: Array,
    second: Array,
    u: Array,
    v: Array,
    rng: np.random.Generator,
    side: float,
    grout: Array,
) -> Array:
    rows, columns = tile.shape
    gap = second - reach
    body = smoothstep(0.05, 0.16, gap) * smoothstep(0.78, 0.66, reach)
    bevel = smoothstep(0.10, 0.34, gap) * smoothstep(0.74, 0.50, reach)
    tilt = rng.normal(0, 0.17, (len(colours), 2)).astype(np.float32)[tile]
    face = tilt[..., 0] * u + tilt[..., 1] * v + 0.5 * tilt[..., 0]
    slope_y, slope_x = np.gradient(ndimage.gaussian_filter(bevel, 0.06 * side))
    rim = np.clip((slope_x + slope_y) * side * 0.09, -0.3, 0.3)
    chips = 0.05 * noise(rows, columns, 0.3 * side, rng, 2)
    light = 1 + face + rim + chips * bevel
    stone = colours[tile] * light[..., None]
    glint = (rng.random(len(colours)) < 0.05)[tile] * bevel * 0.22
    stone = stone + glint[..., None] * (1 - stone)
    dust = 1 + 0.16 * noise(rows, columns, 0.25 * side, rng, 2)
    mortar = grout * dust[..., None] * 0.82
    return np.asarray(np.clip(mortar + (stone - mortar) * body[..., None], 0, 1).astype(np.float32))
