"""A folder that is in its place whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["whole_folder"]


@contextmanager
def whole_folder(place: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `place` when the block ends well.

    Args:
        place: where it goes; nothing may be there, and its parent must.

    Yields:
        The folder, empty; it is gone when the block ends otherwise.

    Raises:
        OSError: the parent cannot be written, or a folder came into the place meanwhile.

    Example:
        >>> with tempfile.TemporaryDirectory() as parent:
        ...     place = Path(parent) / "two"
        ...     with whole_folder(place) as draft:
        ...         for name in "ab":
        ...             (draft / name).touch()
        ...     sorted(path.name for path in place.iterdir())
        ['a', 'b']
    """
    draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
    try:
        yield draft
        draft.chmod(0o755)  # the studio may run as another user than who fetched
        draft.replace(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
