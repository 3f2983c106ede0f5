"""The two graphs of the one-pass network, as the live page fetches them from the cache.

`reader.onnx` turns a style picture, `style` uint8 (H, W, 3), into its `code`, float32 (1, 128);
`painter.onnx` paints `image`, uint8 (H, W, 3), by `code` and `strength`, float32 (1, 1) from -1 to
1, as `painting`, uint8 (H, W, 3).

Both lie with their packed twins in a folder that is named by their digest and never changed, so
that no address can be answered with the bytes of another.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from impasto.errors import InputError, OutputError, reason_of
from impasto.files import cache_folder, file_lock, file_sha256
from impasto.networks.graphs import FORMAT, Contents
from impasto.service.plain_pages.live.folders import whole_folder
from impasto.service.plain_pages.live.packed import pack
from impasto.text import format_bytes, format_path

__all__ = ["NAMES", "Graph", "folder", "keep", "present"]

NAMES = ("painter.onnx", "reader.onnx")
LARGEST = 200_000_000  # bytes: no browser is asked to fetch more


class Graph(NamedTuple):
    """A graph in the cache.

    Attributes:
        path: of its file.
        bytes: its size.
        digest: the first half of its SHA-256: in its address, so that browsers may keep it.
    """

    path: Path
    bytes: int
    digest: str


def folder() -> Path:
    """Where the folder of the graphs lies, whether or not it is there."""
    return cache_folder() / "live" / "graphs"


def present() -> dict[str, Graph]:
    """The graphs by name; empty unless both are there."""
    try:
        # More than one only while another pair takes the place of this one.
        pairs = [path for path in folder().iterdir() if _is_pair(path)]
        newest = max(pairs, key=lambda path: path.stat().st_mtime_ns)
        return {name: _graph(newest / name) for name in NAMES}
    except (OSError, ValueError):
        return {}


def _is_pair(path: Path) -> bool:
    return not path.name.startswith(".") and all((path / name).is_file() for name in NAMES)


def _graph(path: Path) -> Graph:
    status = path.stat()
    return Graph(path, status.st_size, _digest(path, status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=8)
def _digest(path: Path, _mtime_ns: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def keep(source: Path) -> dict[str, Graph]:
    """Copy both graphs into the cache, each with its packed twin, in place of those there.

    Args:
        source: a folder with `painter.onnx` and `reader.onnx`, or with one pair of files that
            end in `-painter.onnx` and `-reader.onnx`, as `impasto export --any-style` writes them.

    Returns:
        As `present`.

    Raises:
        InputError: the folder has no pair, or more than one; a file is too large, or no graph that
            impasto wrote; the two were not written together.
        OutputError: the cache cannot be written.
    """
    pair = _pair(source)
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with file_lock(place.with_name(f"{place.name}.lock"), poll_s=0.2, on_wait=lambda: None):
            _put(place, pair)
    except OSError as error:
        raise OutputError(
            f"{format_path(place)} cannot be written ({reason_of(error)}): give that folder room "
            "and write permission, or name another in IMPASTO_CACHE"
        ) from error
    return present()


def _put(place: Path, pair: Mapping[str, Path]) -> None:
    """Put a pair into a folder of its own, and take away what else is there."""
    digests = "".join(file_sha256(path) for path in pair.values())
    own = place / hashlib.sha256(digests.encode()).hexdigest()[:32]
    if own.is_dir():  # the same bytes, unless somebody has changed or removed some
        shutil.rmtree(own)
    with whole_folder(own) as draft:
        for name, path in pair.items():
            shutil.copyfile(path, draft / name)
            pack(draft / name)
    for other in place.iterdir():
        if other.is_dir() and other != own:
            shutil.rmtree(other, ignore_errors=True)
        elif other != own:
            other.unlink(missing_ok=True)


def _pair(source: Path) -> dict[str, Path]:
    stems = sorted(
        path.name.removesuffix(NAMES[0])
        for path in source.glob(f"*{NAMES[0]}")
        if path.name == NAMES[0] or path.name.endswith(f"-{NAMES[0]}")
    )
    pairs = [stem for stem in stems if (source / f"{stem}{NAMES[1]}").is_file()]
    if len(pairs) != 1:
        what = "no pair" if not pairs else f"{len(pairs)} pairs"
        raise InputError(
            f"{format_path(source)} has {what} of graphs: put painter.onnx and reader.onnx there, "
            "which impasto export brush --any-style makes, and no others"
        )
    pair = {name: source / f"{pairs[0]}{name}" for name in NAMES}
    together = {_text_of(path, Path(name).stem).get("pair") for name, path in pair.items()}
    if len(together) != 1:
        raise InputError(
            f"painter and reader in {format_path(source)} are not of one network: export them "
            "together, with impasto export brush --any-style"
        )
    return pair


def _text_of(path: Path, kind: str) -> dict[str, str]:
    """What a graph says of itself."""
    if (size := path.stat().st_size) > LARGEST:
        raise InputError(
            f"{format_path(path)} has {format_bytes(size)}, and a browser is to fetch "
            f"{format_bytes(LARGEST)} at most: export a smaller network"
        )
    try:
        text = Contents.of(path.read_bytes()).text
    except ValueError:
        text = {}
    if (text.get("impasto"), text.get("kind")) != (FORMAT, kind):
        raise InputError(
            f"{format_path(path)} is no {kind} that this impasto wrote: make it with impasto "
            "export brush --any-style"
        )
    return text
