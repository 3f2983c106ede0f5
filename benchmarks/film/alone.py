"""Each frame of a film painted alone, as if there were no others: what steadiness is held against.

    python -m benchmarks.film.alone FILM STYLE OUT SIZE THREADS

It is a process of its own, so that its seconds and its memory are those of a whole program.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from benchmarks.film import frames
from impasto import Stylizer

__all__ = ["paint"]

CRF = 18  # the quality at which a painted film is usually kept


def paint(film: Path, style: Path, out: Path, size: int, threads: int) -> None:
    """Paint a film.

    Args:
        film, style, out: files.
        size: longest side in px.
        threads: of painter and encoder.
    """
    torch.set_num_threads(threads)
    stylizer = Stylizer(size=size)
    read = stylizer.read(str(style))
    painted = (
        np.asarray(stylizer.paint(Image.fromarray(frame), read).picture)
        for frame in frames.read(film, longest=size)
    )
    frames.write(out, painted, frames.rate_of(film), crf=CRF, threads=threads)


if __name__ == "__main__":
    _, film, style, out, size, threads = sys.argv
    paint(Path(film), Path(style), Path(out), int(size), int(threads))
