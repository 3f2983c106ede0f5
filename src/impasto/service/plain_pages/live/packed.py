"""Files that browsers fetch, packed once and not for every visitor: each has a twin, NAME.gz."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from impasto.files import replacing

__all__ = ["pack", "twin_of"]

CHUNK = 1 << 20
LEVEL = 6  # 9 takes 2.5 times as long for a hundredth


def twin_of(path: Path) -> Path:
    """Where the packed twin of a file lies.

    Example:
        >>> twin_of(Path("a.wasm")).name
        'a.wasm.gz'
    """
    return path.with_name(f"{path.name}.gz")


def pack(path: Path) -> Path:
    """Write the packed twin of a file; its bytes depend on those of the file alone.

    Args:
        path: of the file, which stays.

    Returns:
        The path of the twin.

    Raises:
        OSError: the file cannot be read, or its folder not written.
    """
    twin = twin_of(path)
    with (
        replacing(twin) as draft,
        path.open("rb") as file,
        draft.open("wb") as out,
        gzip.GzipFile("", "wb", LEVEL, out, mtime=0) as packer,
    ):
        shutil.copyfileobj(file, packer, CHUNK)
    return twin
