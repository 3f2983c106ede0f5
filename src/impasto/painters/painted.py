"""Painted style pictures as files in the cache, whose names say what they are painted with.

So a picture that code paints is like any other wherever files are: in checkpoints, manifests of
batches and films, on other machines. One that is gone from the cache is painted again.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from impasto.errors import InputError, OutputError, reason_of
from impasto.files import cache_folder, file_lock, replacing
from impasto.painters import PaintSource, is_paint, paint
from impasto.painters.source import SCHEME
from impasto.text import format_path

__all__ = ["painted_file", "restore", "source_of", "stem_of"]

# Counted up when a painter changes, so that no picture of before is taken for one of now.
FOLDER = "painted-1"
ENDING = ".png"
POLL_S = 0.2  # between two looks whether another process has painted it


def painted_file(text: str) -> Path:
    """The file of the picture that `paint:…` means; it is painted if it is not there.

    Args:
        text: as `PaintSource.parse` reads it.

    Returns:
        A PNG in the cache folder.

    Raises:
        SettingError, UnknownNameError: it is no such text.
        MissingPackageError: what painting needs is not installed.
        OutputError: the cache folder cannot be written.
    """
    path = cache_folder() / FOLDER / _name(PaintSource.parse(text))
    if not path.exists():
        restore(path)
    return path


def source_of(path: Path | None) -> PaintSource | None:
    """What a file is painted with, by its place and name; None if `painted_file` made none such.

    Example:
        >>> source_of(Path("cache", FOLDER, "oil~scale=2.png")).text
        'paint:oil?scale=2'
        >>> source_of(Path("cache", "oil.png")) is None
        True
    """
    if path is None or path.suffix != ENDING or path.parent.name != FOLDER:
        return None
    try:
        return PaintSource.parse(SCHEME + path.name.removesuffix(ENDING).replace("~", "?"))
    except InputError:  # another's file, in a folder of that name
        return None


def stem_of(source: str | Path) -> str:
    """What a picture is called where things are named after it: its file's stem, or its painter.

    Example:
        >>> stem_of("in/photo.jpg"), stem_of("paint:oil?palette=ochre,navy")
        ('photo', 'oil')
        >>> stem_of(Path("cache", FOLDER, "oil~scale=2.png"))
        'oil'
    """
    path = Path(source)
    painted = PaintSource.parse(str(source)) if is_paint(source) else source_of(path)
    return path.stem if painted is None else painted.painter


def restore(path: Path) -> None:
    """Paint a file of `painted_file` where it was, unless another process has done so meanwhile.

    Raises:
        MissingPackageError: what painting needs is not installed.
        OutputError: its folder cannot be written.
    """
    source = source_of(path)
    if source is None:
        raise InputError(f"{format_path(path)} is no painted style, and cannot be painted again")
    lock = path.with_name(f"{path.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with file_lock(lock, poll_s=POLL_S, on_wait=lambda: None):
            if not path.exists():
                pixels = paint(source)
                with replacing(path) as draft:
                    Image.fromarray(pixels).save(draft, "PNG")
    except OSError as error:
        raise OutputError(
            f"{source.text} is kept in {format_path(path.parent)}, which cannot be written "
            f"({reason_of(error)}): name another folder by IMPASTO_CACHE"
        ) from None


def _name(source: PaintSource) -> str:
    """Its text, without what no file may be called on some systems."""
    return source.text.removeprefix(SCHEME).replace("?", "~") + ENDING
