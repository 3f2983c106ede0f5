"""What a batch will paint, and under which names: decided before the first picture."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from impasto.errors import OutputError, PictureError, UnknownNameError, reason_of
from impasto.files import same_file
from impasto.imaging.codecs.formats import by_suffix, looks_like_picture
from impasto.samples.lookup import sample_or
from impasto.text import format_path
from impasto.workflows.batch.manifest import MANIFEST

__all__ = ["FORMATS", "Item", "natural", "plan"]

FORMATS = {"png": ".png", "jpg": ".jpg", "webp": ".webp", "tiff": ".tiff"}

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class Item:
    """One picture of a batch.

    Attributes:
        content: the file of the content image.
        name: of the painted picture, below the output folder, with forward slashes.
    """

    content: Path
    name: str


def plan(
    contents: Iterable[PathLike],
    output: PathLike,
    *,
    format: str | None = None,
    bits: str = "auto",
    inputs: Iterable[PathLike] = (),
    on_left_out: Callable[[Path], None] = lambda _: None,
) -> list[Item]:
    """Find the content images and name their paintings; nothing is written.

    Of files whose endings are other formats' the first 16 bytes are read.

    Folders are walked to the bottom, in the natural order of their names. Left out are hidden
    files and folders, files whose suffix impasto does not read, the output folder, and folders
    inside that another batch has painted into. A file that is met twice counts once.

    Args:
        contents: files, folders and names of samples. The path below a given folder is kept in
            the output.
        output: the folder the paintings go to; need not exist.
        format: one of `FORMATS` for all; else each content's own, or PNG where impasto does not
            write that one.
        bits: as in the settings; "16" turns formats that hold 8 bits into PNG.
        inputs: further files that must not be overwritten: styles, weights.
        on_left_out: called with each file in a folder that looks like a picture and is not read by
            its name.

    Raises:
        PictureError: a content that is not there, a folder that cannot be read, no picture at all.
        OutputError: two paintings with one name, or a painting in the place of an input.
        UnknownNameError: no such format.

    Example:
        >>> from impasto import samples
        >>> folder = samples.content("chelsea").parent
        >>> [item.name for item in plan([folder], "painted", format="png")][:3]
        ['astronaut.png', 'chelsea.png', 'coffee.png']
    """
    _check_format(format, bits)
    if not os.fspath(output):
        raise OutputError("the name of the output folder is empty: give one with --output")
    output = Path(output)
    items = []
    visited: set[Path] = set()
    for content, below in _contents(contents, output, visited, on_left_out):
        ending = FORMATS[format] if format else _own_ending(content, bits)
        items.append(Item(content, below.with_suffix(ending).as_posix()))
    if not items:
        raise PictureError(
            "there is no picture that impasto reads in what was given: name files, or folders "
            "with pictures"
        )
    _check_names(items, output)
    _check_overwriting(items, output, inputs)
    return items


def natural(name: str) -> tuple[list[str | int], str]:
    """What sorts names as people do: numbers by their value, capitals beside small letters.

    Example:
        >>> sorted(["b", "A10", "a9"], key=natural)
        ['a9', 'A10', 'b']
    """
    parts = re.split(r"(\d+)", name.casefold())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], name


def _check_format(format: str | None, bits: str) -> None:
    if format is None:
        return
    if format not in FORMATS:
        raise UnknownNameError("format of a batch", format, FORMATS)
    deep = [name for name, suffix in FORMATS.items() if _is_deep(suffix)]
    if bits == "16" and format not in deep:
        raise OutputError(
            f"{format} cannot hold 16 bits: take --format {' or '.join(deep)}, or 8 bits"
        )


def _is_deep(suffix: str) -> bool:
    kind = by_suffix(f"painted{suffix}")
    return kind is not None and kind.deep


def _own_ending(content: Path, bits: str) -> str:
    kind = by_suffix(content)
    kept = kind is not None and kind.writes and (kind.deep or bits != "16")
    return content.suffix if kept else ".png"


def _contents(
    contents: Iterable[PathLike],
    output: Path,
    visited: set[Path],
    on_left_out: Callable[[Path], None],
) -> Iterator[tuple[Path, PurePath]]:
    """Each content once, with its path below what was given."""
    for name in contents:
        if not os.fspath(name):
            raise PictureError("the name of a content is empty: give a file or a folder")
        path = Path(name)
        if not path.exists():
            path = Path(sample_or("content", name))
        if not path.exists():
            raise PictureError(f"{format_path(path)} does not exist: check the name")
        if not path.is_dir():
            if _is_new(path, visited):
                yield path, PurePath(path.name)
            continue
        if same_file(path.resolve(), output.absolute()):
            raise OutputError(
                f"{format_path(path)} is both a folder of contents and the output: the next run "
                "would "
                "paint its paintings; choose another output folder, it may lie inside this one"
            )
        for file in _walk(path, output, visited, on_left_out):
            yield file, file.relative_to(path)


def _is_new(path: Path, visited: set[Path]) -> bool:
    there = path.resolve()
    if there in visited:
        return False
    visited.add(there)
    return True


def _walk(
    folder: Path, output: Path, visited: set[Path], on_left_out: Callable[[Path], None]
) -> Iterator[Path]:
    if not _is_new(folder, visited):  # links may lead in a circle
        return
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: natural(entry.name))
    except OSError as error:
        raise PictureError(
            f"the folder {format_path(folder)} cannot be read "
            f"({reason_of(error)})"
            ": change its permissions or name the files that are wanted"
        ) from None
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if entry.is_symlink() and not entry.resolve().is_relative_to(folder.resolve()):
                continue  # what lies elsewhere was not asked for
            if not (same_file(entry, output.absolute()) or (entry / MANIFEST).exists()):
                yield from _walk(entry, output, visited, on_left_out)
        elif not entry.is_file():
            continue
        elif by_suffix(entry) is not None:
            if _is_new(entry, visited):
                yield entry
        elif _looks_like_picture(entry):
            on_left_out(entry)


def _looks_like_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return looks_like_picture(path, file.read(16))
    except OSError:
        return looks_like_picture(path, b"")


def _check_names(items: list[Item], output: Path) -> None:
    """Refuse two paintings with one name; where the system ignores case, so does this."""
    fold = sys.platform in ("win32", "darwin")
    by_name: dict[str, Item] = {}
    for item in items:
        other = by_name.setdefault(item.name.casefold() if fold else item.name, item)
        if other is not item:
            raise OutputError(
                f"{format_path(other.content)} and {format_path(item.content)} would both become "
                f"{format_path(output / item.name)}: rename one of them, give the folder above "
                "both, "
                "whose subfolders are kept, or paint them into two output folders"
            )


def _check_overwriting(items: list[Item], output: Path, inputs: Iterable[PathLike]) -> None:
    sources = [*(item.content for item in items), *map(Path, inputs)]
    by_path = {source.resolve(): source for source in sources}
    root = output.resolve()
    for item in items:
        source = by_path.get((root / item.name).resolve())
        if source is not None:
            raise OutputError(
                f"the painting of {format_path(item.content)} would overwrite the input "
                f"{format_path(source)}: choose another output folder"
            )
