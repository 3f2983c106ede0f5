"""Two pictures, or two folders of them, pixel by pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import png
from numpy.typing import NDArray
from PIL import Image

__all__ = ["Difference", "compare", "compare_folders", "pictures", "pixels"]

ENDINGS = {".png", ".jpg", ".npy"}


@dataclass(frozen=True)
class Difference:
    """How far two pictures are apart.

    Attributes:
        largest: difference of any channel of any pixel, in levels of 255; infinite if they cannot
            be compared.
        where: in words; empty if they are equal.
    """

    largest: float = 0.0
    where: str = ""

    def within(self, tolerance: float) -> bool:
        """Whether they count as equal.

        Args:
            tolerance: in levels of 255.
        """
        return self.largest <= tolerance

    def __str__(self) -> str:
        return self.where or "equal"


def pixels(path: Path) -> NDArray[Any]:
    """What a file shows, (H, W, C): uint8, uint16 from a file of 16 bits, or an array as it is."""
    if path.suffix == ".npy":
        return np.asarray(np.load(path))
    if path.suffix == ".png":  # Pillow would cut 16 bits to 8
        width, height, rows, about = png.Reader(filename=str(path)).asDirect()
        kind = np.uint16 if about["bitdepth"] == 16 else np.uint8
        flat = np.vstack([np.asarray(row, kind) for row in rows])
        return flat.reshape(height, width, about["planes"])
    with Image.open(path) as picture:
        return np.asarray(picture)


def compare(base: Path, new: Path) -> Difference:
    """Compare two files by their pixels, at the full depth of each."""
    for path in (base, new):
        if not path.exists():
            return Difference(math.inf, f"{path.name} is missing")
    before, after = pixels(base), pixels(new)
    if (before.shape, before.dtype) != (after.shape, after.dtype):
        return Difference(math.inf, f"{_kind(before)} against {_kind(after)}")
    if np.array_equal(before, after):
        return Difference()
    full = np.iinfo(before.dtype).max if before.dtype.kind == "u" else 1.0
    apart = np.abs(before.astype(np.float64) - after.astype(np.float64)) * 255 / full
    largest = float(np.max(np.where(np.isfinite(apart), apart, math.inf)))
    share = np.count_nonzero(apart) / apart.size
    return Difference(largest, f"{largest:.4g} of 255, {share:.0%} of all values")


def compare_folders(base: Path, new: Path) -> Difference:
    """Compare the pictures of two folders by their names; the largest difference is told."""
    names = {folder: pictures(folder) for folder in (base, new)}
    if names[base] != names[new]:
        odd = sorted(set(names[base]) ^ set(names[new]))
        return Difference(math.inf, f"only one side has {', '.join(odd)}")
    if not names[base]:
        return Difference(math.inf, "nothing was painted")
    differences = {name: compare(base / name, new / name) for name in names[base]}
    name = max(differences, key=lambda name: differences[name].largest)
    worst = differences[name]
    if worst.where and len(differences) > 1:
        return Difference(worst.largest, f"{name}: {worst}")
    return worst


def pictures(folder: Path) -> list[str]:
    """The pictures in a folder and below it, by their paths in it."""
    paths = (path for path in folder.rglob("*") if path.suffix in ENDINGS)
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _kind(pixels: NDArray[Any]) -> str:
    return f"{' x '.join(map(str, pixels.shape))} {pixels.dtype}"
