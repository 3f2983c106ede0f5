"""A Deep Zoom folder, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import OutputError, UnknownNameError
from impasto.files import check_place, replacing_folder
from impasto.imaging.bands.checked import to_levels
from impasto.imaging.write import check_quality, unwritable
from impasto.imaging.zoom.pyramid import Level, Put, level_shapes
from impasto.text import format_path

__all__ = ["check_deep_zoom", "deep_zoom"]

FORMATS = ("jpg", "png")
NAME, PAGE = "painting", "index.html"
_OURS = frozenset({f"{NAME}.dzi", f"{NAME}_files", PAGE})
_DZI = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" '
    'Format="{format}" Overlap="{overlap}" TileSize="{tile}">\n'
    '  <Size Width="{width}" Height="{height}"/>\n'
    "</Image>\n"
)


def check_deep_zoom(folder: str | os.PathLike[str]) -> None:
    """Whether a Deep Zoom folder can be written, asked before the long work.

    Args:
        folder: where it shall be; a folder that is empty, or was written by `deep_zoom`, may be
            there.

    Raises:
        OutputError: a file or another folder is there, or it cannot be made.

    Example:
        >>> check_deep_zoom("painted_zoom")
    """
    path, name = Path(folder), format_path(folder)
    if path.is_dir():
        other = next((entry.name for entry in path.iterdir() if entry.name not in _OURS), None)
        if other is not None:
            raise OutputError(
                f"{name} is a folder with {other} in it, and not one of Deep Zoom: name a new "
                "folder, or an empty one"
            )
        path = path.resolve()
        check_place(path.with_name(f".{path.name}.dzi"))  # whether the folder around it is writable
    elif path.exists():
        raise OutputError(f"{name} is a file, and Deep Zoom is a folder: choose another name")
    else:
        check_place(path)


def deep_zoom(
    folder: str | os.PathLike[str],
    shape: tuple[int, int],
    bands: Iterable[NDArray[Any]],
    *,
    alpha_bands: Iterable[NDArray[Any]] | None = None,
    tile: int = 256,
    overlap: int = 1,
    format: str = "jpg",
    quality: int = 90,
    title: str = "",
) -> Path:
    """Writes a picture of any size as tiles, and a page that shows it.

    The folder holds `painting.dzi` and `painting_files/LEVEL/COLUMN_ROW.jpg`, which OpenSeadragon
    and other viewers of Deep Zoom read, and `index.html`, which needs nothing else and no network.
    Bands are taken once, and about 500 rows of the picture are in memory. It is there as a whole
    or not at all.

    Args:
        folder: where it goes; one that was written so is replaced.
        shape: (height, width) of the picture.
        bands, alpha_bands: as for `imaging.write_bands`; what is hidden becomes white.
        tile: px of a tile's own a side.
        overlap: px of its neighbours that it has beside them.
        format: of the tiles, "jpg" or "png".
        quality: of JPEG, 1 to 100.
        title: of the page; the folder's name if it is empty.

    Returns:
        The page.

    Raises:
        OutputError: what `check_deep_zoom` refuses, values that are not finite, a full disk.
        UnknownNameError: another format.
        ValueError: bands that are not `shape`, or a tile or overlap that is none.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as place:
        ...     page = deep_zoom(Path(place, "zoom"), (4, 6), [np.zeros((4, 6, 3))])
        ...     sorted(path.name for path in page.parent.iterdir())
        ['index.html', 'painting.dzi', 'painting_files']
    """
    if format not in FORMATS:
        raise UnknownNameError("format of tiles", format, FORMATS)
    if tile < 1 or not 0 <= overlap <= tile:
        raise ValueError(
            f"tiles have {tile} px and {overlap} px of their neighbours: give at least 1 px, and "
            "no more of the neighbours"
        )
    path, name = Path(folder), format_path(folder)
    check_quality(quality, name)
    check_deep_zoom(folder)
    height, width = shape
    about = {"width": width, "height": height, "tile": tile, "overlap": overlap, "format": format}
    levels = to_levels(shape, bands, alpha_bands, bits=8, name=name, holds_alpha=False)
    try:
        with replacing_folder(path) as draft:
            last = len(level_shapes(height, width)) - 1
            put = _writer(draft / f"{NAME}_files", last, format, quality)
            top, done = Level(last, shape, tile, overlap, put), 0
            for band in levels:
                done += len(band)
                top.take(band, last=done == height)
            (draft / f"{NAME}.dzi").write_text(_DZI.format(**about), encoding="utf-8")
            page = _page(title or path.resolve().name, about)
            (draft / PAGE).write_text(page, encoding="utf-8")
    except OSError as error:
        raise unwritable(name, error) from None
    return path / PAGE


def _writer(folder: Path, last: int, format: str, quality: int) -> Put:
    """What puts tiles into the folders of the levels, which it makes."""
    folders = [folder / str(number) for number in range(last + 1)]
    for each in folders:
        each.mkdir(parents=True)
    options: dict[str, Any] = {"quality": quality, "subsampling": 0} if format == "jpg" else {}

    def put(level: int, column: int, row: int, pixels: NDArray[np.uint8]) -> None:
        image = Image.fromarray(np.ascontiguousarray(pixels))
        image.save(folders[level] / f"{column}_{row}.{format}", **options)

    return put


def _page(title: str, about: dict[str, Any]) -> str:
    page = files("impasto.imaging.zoom").joinpath("viewer.html").read_text(encoding="utf-8")
    told = json.dumps(about | {"files": f"{NAME}_files"})
    return page.replace("{about}", told).replace("{title}", escape(title))
