"""A harbour town in gouache: flat, matt, opaque shapes one over the other, dry-brushed lights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from impasto.painters.board import Board
from impasto.painters.brush import Canvas, lay
from impasto.painters.colour import finish, mix, vary
from impasto.painters.field import Array, noise, working_grid
from impasto.painters.pigments import Pigments, ink, ramp_of, set_of
from impasto.painters.source import PaintSource

ENLARGE = 2
PIGMENTS = Pigments(
    {
        "sky": ramp_of("7fb3c8", "a9cdd2", "f3e3c6", share=2),
        "hill": ramp_of("5c7f86", "7d9c8c", "a7b489", share=2),
        "wall": set_of(
            "f2d9a8", "e7a77e", "f4ece0", "d98873", "eec873", "dcb9a4", "9fbcb4", keep=0.5
        ),
        "roof": set_of("b3543c", "97452f", "c56d47", keep=0.5),
        "leaf": ramp_of("24463f", "3d6b52", "6d9460", "b3b869", share=2),
        "sea": ramp_of("1f5568", "2f7c8c", "62a7a8", "b9d8cb", share=2.5),
        "stone": ramp_of("8c7f78", "b8a998", "ddd0bb", share=1),
        "boat": set_of("c9452f", "f4efe2", "2b4f7a", "e0a92e", keep=0.6),
        "line": ink("26303a"),
    }
)
Tones = dict[str, Array]
QUAY, SHORE = 0.705, 0.735  # where houses end and where the water begins


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture: (height, width, 3), the same for the same source."""
    rng = np.random.default_rng(source.seed)
    width, height, scale = source.width, source.height, source.scale
    tones = PIGMENTS.mixed(source.palette)
    x, y, unit = working_grid(width, height, ENLARGE, 1.0)
    rows, columns = x.shape
    hair = noise(rows, columns, 1.5 * unit * scale**0.5, rng)
    hairs = tuple(
        h / h.std()
        for h in (
            ndimage.gaussian_filter1d(hair, 11 * unit * scale, axis=1),
            ndimage.gaussian_filter1d(hair, 11 * unit * scale, axis=0),
        )
    )
    board = Board(
        np.zeros((rows, columns, 3), np.float32),
        x,
        y,
        noise(rows, columns, rows / 26, rng, 2),
        noise(rows, columns, rows / 26, rng, 2),
        (hairs[0], hairs[1]),
        unit,
        scale,
    )
    _distance(board, tones, rng)
    _town(board, tones, rng)
    _water(board, tones, rng)
    _boats(board, tones, rng)
    grain = noise(rows, columns, 1.4 * unit, rng)
    return finish(board.colour * (1 + 0.012 * grain)[..., None], width, height)


def _distance(board: Board, tones: Tones, rng: np.random.Generator) -> None:
    """Sky in three flat bands with clouds, and hills one behind the other."""
    x, y, scale = board.x, board.y, board.scale
    sky = tones["sky"]
    board.fill(np.full(x.shape, 1.0), sky[0], streak=0.03)
    for foot, tone in ((0.17, sky[1]), (0.31, sky[2])):
        edge = foot + 0.006 * board.wander_y + 0.03 * np.sin(3 * x + 14 * foot)
        board.fill(y - edge, tone, dry=0.25)
    for cx, cy, wide in ((0.27, 0.13, 0.17), (0.92, 0.085, 0.21), (0.66, 0.235, 0.12)):
        heap = np.full(x.shape, -1.0, np.float32)
        for _ in range(9):
            px = cx + rng.normal(0, 0.45) * wide
            size = wide * rng.uniform(0.16, 0.34) * (1.2 - abs(px - cx) / wide)
            away = np.hypot(x - px, 1.5 * (y - cy + 0.6 * size)) + 0.004 * board.wander_x
            heap = np.maximum(heap, size - away)
        heap = np.minimum(heap, cy + 0.012 - y)
        pale = 0.35 * sky[2] + 0.65
        board.fill(heap, mix(sky[0], pale, np.array(0.80)), dry=0.1)
        board.fill(np.minimum(heap - 0.012, cy - 0.02 - y), pale, dry=0.2)
    hill = tones["hill"]
    hills = ((0.385, 0.075, hill[1]), (0.45, 0.085, hill[2]), (0.545, 0.13, hill[1]))
    for number, (foot, tall, tone) in enumerate(hills):
        crest = foot - tall * (0.45 + 0.55 * np.sin(2.3 * x + 2.4 * number + 0.7))
        crest = crest + 0.006 * board.wander_y
        board.fill(y - crest, hill[2 - number])
        lit = np.minimum(y - crest - 0.006, 0.5 * np.cos(2.3 * x + 2.4 * number + 0.7) * 0.05)
        board.fill(lit, tone, dry=0.45)
        if number:
            _daubs(board, tones, rng, crest, 0.010 * scale * (number + 0.6), round(90 / scale))


def _daubs(
    board: Board, tones: Tones, rng: np.random.Generator, crest: Array, size: float, count: int
) -> None:
    """Distant trees: short daubs that sit on a slope."""
    rows, columns = board.x.shape
    column = rng.integers(0, columns, count)
    place_y = crest[rows // 2, column] + rng.uniform(0.012, 0.12, count) ** 1.3
    place_x = board.x[0, column]
    shade = np.clip(rng.normal(0.45, 0.2, count), 0, 1)
    _leaves(board, place_x, place_y, np.full(count, size), shade, tones, rng, haze=0.35)


def _leaves(
    board: Board,
    place_x: Array,
    place_y: Array,
    size: Array,
    shade: Array,
    tones: Tones,
    rng: np.random.Generator,
    haze: float = 0.0,
) -> None:
    """Daubs of a flat brush, light ones last."""
    rows, columns = board.x.shape
    order = np.argsort(shade + 0.2 * rng.random(len(shade)))
    middle = np.stack([place_x / 1.25 * columns, place_y * rows], axis=-1)[order]
    turn = rng.normal(0.3, 0.6, len(order))
    reach = (0.8 * size[order] * rows)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    paths = middle[:, None] + reach[:, None] * np.array([[-1.0], [-0.3], [0.3], [1.0]])
    steps = (shade[order] * (len(tones["leaf"]) - 1)).round().astype(np.intp)
    colours = mix(tones["leaf"][steps], tones["hill"][0], np.full(len(order), haze))
    canvas = Canvas(board.colour, np.zeros(board.x.shape, np.float32))
    lay(
        canvas,
        paths.astype(np.float32),
        (1.3 * size[order] * rows).astype(np.float32),
        vary(colours, rng, 0.012, 0.015),
        rng,
        streak=0.03,
        dry=0.3,
        taper=0.25,
    )


def _town(board: Board, tones: Tones, rng: np.random.Generator) -> None:
    """Houses up the slope, those behind first, with trees between them, and a church."""
    scale = board.scale
    rows_of = [(0.475, 0.050), (0.525, 0.060), (0.575, 0.070), (0.630, 0.082), (QUAY, 0.100)]
    if scale > 1.25:
        rows_of = rows_of[1::2] if scale < 2.2 else rows_of[-1:]
    for number, (foot, tall) in enumerate(rows_of):
        if number == int(len(rows_of) > 2):
            _church(board, 0.50, foot + 0.02, 0.20 * min(scale, 1.4), tones)
        at = -0.05 + 0.06 * rng.random()
        while at < 1.27:
            wide = tall * rng.uniform(0.75, 1.35) * scale
            gap = rng.random() < 0.26
            if gap:
                _tree(board, at + 0.3 * wide, foot + 0.01, tall * 0.80 * scale, tones, rng)
                at += 0.62 * wide
                continue
            rise = 0.045 * np.cos(2.6 * (at - 0.15)) * (number < len(rows_of) - 1)
            _house(board, at, foot - rise, wide, tall * rng.uniform(0.8, 1.25) * scale, tones, rng)
            at += wide * rng.uniform(0.92, 1.06)
    stone = tones["stone"]
    edge = 0.0016 * board.wander_y
    board.fill(np.minimum(board.y - QUAY + edge, SHORE + 0.02 - board.y), stone[2], streak=0.04)
    board.fill(np.minimum(board.y - QUAY - 0.016 + edge, SHORE + 0.02 - board.y), stone[0])
    for _ in range(round(46 / scale)):
        left, top = rng.uniform(0, 1.25), rng.uniform(QUAY + 0.018, SHORE - 0.006)
        wide = rng.uniform(0.012, 0.035) * scale**0.5
        corners = [(left, top), (left + wide, top), (left + wide, top + 0.007), (left, top + 0.007)]
        board.polygon(corners, stone[1], dry=0.3)


def _house(
    board: Board,
    left: float,
    foot: float,
    wide: float,
    tall: float,
    tones: Tones,
    rng: np.random.Generator,
) -> None:
    """A wall, its shaded side, a roof and windows."""
    wall = tones["wall"][rng.integers(len(tones["wall"]))]
    roof = tones["roof"][rng.integers(len(tones["roof"]))]
    dark, line = 0.72 * wall + 0.28 * np.array([0.30, 0.32, 0.45]), tones["line"][0]
    right, top, side = left + wide, foot - tall, left + wide * rng.uniform(0.62, 0.78)
    low = foot + 0.05
    board.polygon([(left, top), (side, top), (side, low), (left, low)], wall, upright=True)
    board.polygon([(side, top), (right, top), (right, low), (side, low)], dark, upright=True)
    pitch = tall * rng.uniform(0.22, 0.36)
    if rng.random() < 0.6:  # the ridge lies along the front
        over = 0.05 * wide
        corners = [(left + over, top - pitch), (right - 2 * over, top - pitch)]
        corners += [(right + over, top + 0.004), (left - over, top + 0.004)]
        board.polygon(corners, roof)
        under = [(left - over, top), (right + over, top), (right + over, top + 0.008)]
        board.polygon([*under, (left - over, top + 0.008)], 0.55 * roof)
        lights = [(left + over, top - pitch), (right - 2 * over, top - pitch)]
        lights += [(right - over, top - 0.7 * pitch), (left, top - 0.7 * pitch)]
        board.polygon(lights, 0.6 * roof + 0.4, dry=0.55)
    else:  # a gable looks at us
        peak = ((left + side) / 2, top - 1.15 * pitch)
        board.polygon([peak, (side, top), (left, top)], wall, upright=True)
        back = (peak[0] + right - side, peak[1])
        board.polygon([peak, back, (right + 0.04 * wide, top + 0.005), (side, top)], roof)
        eave = 0.05 * wide
        board.polygon(
            [(peak[0], peak[1] - 0.006), peak, (left - eave, top + 0.009), (left - eave, top)],
            0.6 * roof,
        )
    across = max(1, round((side - left) / (0.026 * board.scale)))
    floors = max(1, round(tall / (0.036 * board.scale)))
    cell_x, cell_y = (side - left) / across, tall / floors
    shutter = tones["sea"][rng.integers(2)]
    for floor in range(floors):
        for place in range(across):
            if rng.random() < 0.12:
                continue
            wx, wy = left + (place + 0.32) * cell_x, top + (floor + 0.26) * cell_y
            w, h = 0.36 * cell_x, 0.50 * cell_y
            glass = [(wx, wy), (wx + w, wy), (wx + w, wy + h), (wx, wy + h)]
            board.polygon(glass, line, streak=0.06)
            if across < 4:
                for edge in (wx - 0.38 * w, wx + w):
                    flap = [(edge, wy), (edge + 0.38 * w, wy)]
                    flap += [(edge + 0.38 * w, wy + h), (edge, wy + h)]
                    board.polygon(flap, shutter)


def _church(board: Board, left: float, foot: float, tall: float, tones: Tones) -> None:
    """A white tower with a dome, which stands above the roofs."""
    wall, line = tones["wall"][2], tones["line"][0]
    dark = 0.74 * wall + 0.26 * np.array([0.30, 0.32, 0.45])
    wide = 0.27 * tall
    side, right, top = left + 0.62 * wide, left + wide, foot - tall
    board.polygon([(left, top), (side, top), (side, foot), (left, foot)], wall, upright=True)
    board.polygon([(side, top), (right, top), (right, foot), (side, foot)], dark, upright=True)
    box = board.box(left - wide, top - wide, right + wide, top + 0.01)
    x, y = board.x[box], board.y[box]
    middle, half = (left + right) / 2, 0.56 * wide
    dome = half - np.hypot(x - middle, 0.85 * (y - top)) + 0.001 * board.wander_x[box]
    board.fill(np.minimum(dome, top - y), tones["roof"][0], box=box, upright=True)
    lit = np.minimum(dome - 0.004, middle - 0.12 * half - x)
    board.fill(np.minimum(lit, top - y), 0.65 * tones["roof"][2] + 0.30, box=box, dry=0.3)
    for floor in (0.12, 0.45):
        wx, wy = left + 0.20 * wide, top + floor * tall
        w, h = 0.24 * wide, 0.16 * tall
        board.polygon([(wx, wy), (wx + w, wy), (wx + w, wy + h), (wx, wy + h)], line)
    pole = [(middle - 0.002, top - 1.05 * wide), (middle + 0.002, top - 1.05 * wide)]
    board.polygon(
        [*pole, (middle + 0.002, top - 0.5 * wide), (middle - 0.002, top - 0.5 * wide)], line
    )


def _tree(
    board: Board,
    px: float,
    foot: float,
    tall: float,
    tones: Tones,
    rng: np.random.Generator,
) -> None:
    """A cypress or a round crown, in daubs from dark to light."""
    slim = rng.random() < 0.5
    count = 90
    turn, away = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.random(count))
    up = away * np.sin(turn)
    wide = (0.16 + 0.16 * (1 - up) / 2) * tall if slim else np.full(count, 0.52 * tall)
    x = px + away * np.cos(turn) * wide
    high = 1.05 * tall if slim else 0.62 * tall
    y = foot - high + up * (1.0 * tall if slim else 0.55 * tall)
    lit = np.clip(0.42 - 0.36 * away * np.cos(turn) - 0.30 * up + rng.normal(0, 0.12, count), 0, 1)
    size = np.full(count, (0.10 if slim else 0.12) * tall)
    _leaves(board, x, y, size, lit, tones, rng)


def _water(board: Board, tones: Tones, rng: np.random.Generator) -> None:
    """The sea in flat bands, with what it mirrors of the houses in broken strokes."""
    x, y, scale = board.x, board.y, board.scale
    rows, columns = x.shape
    sea = tones["sea"]
    before = board.colour.copy()
    board.fill(y - SHORE + 0.0012 * board.wander_y, sea[1])
    for foot, tone in ((0.80, sea[1] * 0.4 + sea[0] * 0.6), (0.90, sea[0])):
        board.fill(y - foot + 0.012 * board.wander_y, tone, dry=0.35)
    count = round(520 / scale**1.3)
    down = rng.beta(1.0, 1.5, count)
    place_y = SHORE + 0.012 + (1 - SHORE) * down
    place_x = rng.uniform(-0.02, 1.27, count)
    mirror = np.clip(((2 * QUAY - place_y + rng.normal(0, 0.01, count)) * rows), 0, rows - 1)
    column = np.clip(place_x / 1.25 * columns, 0, columns - 1).astype(np.intp)
    seen = before[mirror.astype(np.intp), column]
    glint = rng.random(count) < 0.30
    colours = np.where(glint[:, None], sea[rng.integers(2, 4, count)], 0.72 * seen + 0.28 * sea[1])
    keep = glint | (rng.random(count) > down * 1.3)
    wide = (0.020 + 0.055 * down) * rng.uniform(0.5, 1.2, count) * scale
    paths = np.stack(
        [
            (place_x[:, None] + wide[:, None] * np.linspace(-0.5, 0.5, 5)) / 1.25 * columns,
            np.broadcast_to(place_y[:, None], (count, 5)) * rows
            + 0.7 * board.unit * np.sin(np.linspace(0, np.pi, 5)),
        ],
        axis=-1,
    )[keep].astype(np.float32)
    widths = ((2.4 + 5.5 * down) * board.unit * scale**0.7)[keep].astype(np.float32)
    canvas = Canvas(board.colour, np.zeros(x.shape, np.float32))
    lay(canvas, paths, widths, vary(colours[keep], rng, 0.01, 0.02), rng, streak=0.04, dry=0.45)


def _boats(board: Board, tones: Tones, rng: np.random.Generator) -> None:
    """Boats at their moorings, those near the eye larger, each with its broken mirror image."""
    scale, line = board.scale, tones["line"][0]
    places = [(0.16, 0.795, 0.085), (0.98, 0.785, 0.075), (0.58, 0.845, 0.115), (1.05, 0.93, 0.150)]
    places += [(0.27, 0.925, 0.160)]
    for number, (px, py, size) in enumerate(places[: max(2, round(5 / scale))]):
        wide = size * scale**0.6
        hull = tones["boat"][number % len(tones["boat"])]
        deep = 0.20 * wide
        for part in range(5):  # the mirror image, in slices
            low = py + deep * (0.55 + 0.45 * part)
            half = wide * (0.80 - 0.13 * part) * rng.uniform(0.85, 1.1)
            slab = [(px - half, low), (px + half, low), (px + half, low + 0.2 * deep)]
            board.polygon([*slab, (px - half, low + 0.2 * deep)], 0.62 * hull, dry=0.35)
        shell = [(px - wide, py - 0.16 * wide), (px + wide, py - 0.10 * wide)]
        shell += [(px + 0.74 * wide, py + deep), (px - 0.78 * wide, py + deep)]
        board.polygon(shell, hull)
        shadow = [(px - 0.88 * wide, py + 0.4 * deep), (px + 0.86 * wide, py + 0.4 * deep)]
        board.polygon([*shadow, *shell[2:]], 0.70 * hull)
        rim = [(px - wide, py - 0.16 * wide), (px + wide, py - 0.10 * wide)]
        rim += [(px + 0.97 * wide, py - 0.04 * wide), (px - 0.97 * wide, py - 0.10 * wide)]
        board.polygon(rim, tones["boat"][1] if number % 4 != 1 else line)
        mast, high = px - 0.05 * wide, py - 1.9 * wide
        pole = [(mast - 0.012 * wide, high), (mast + 0.012 * wide, high)]
        board.polygon(
            [*pole, (mast + 0.018 * wide, py), (mast - 0.018 * wide, py)], line, upright=True
        )
        if number % 2 == 0:
            sail = tones["boat"][1] if number else tones["wall"][4]
            cut = [(mast + 0.03 * wide, high + 0.10 * wide), (mast + 0.85 * wide, py - 0.30 * wide)]
            board.polygon([*cut, (mast + 0.03 * wide, py - 0.24 * wide)], sail, upright=True)
            back = [
                (mast - 0.03 * wide, high + 0.30 * wide),
                (mast - 0.03 * wide, py - 0.22 * wide),
            ]
            board.polygon(
                [*back, (mast - 0.55 * wide, py - 0.26 * wide)], 0.82 * sail, upright=True
            )
