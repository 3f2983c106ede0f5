"""Half-written pictures that a killed batch has left behind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

__all__ = ["sweep"]

# As `impasto.files.replacing` names them.
DRAFT = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}\.part")


def sweep(outputs: Iterable[Path]) -> None:
    """Remove the drafts of these pictures; those of other files, and what is locked, stay.

    Args:
        outputs: where the pictures go; links are followed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     for name in (".a.jpg.0123abcd.part", ".b.jpg.0123abcd.part"):
        ...         Path(folder, name).touch()
        ...     sweep([Path(folder, "a.jpg")])
        ...     [path.name for path in Path(folder).iterdir()]
        ['.b.jpg.0123abcd.part']
    """
    names: dict[Path, set[str]] = defaultdict(set)
    for output in outputs:
        with suppress(OSError, RuntimeError):  # a circle of links
            target = output.resolve()
            names[target.parent].add(target.name)
    for folder, wanted in names.items():
        with suppress(OSError):
            for entry in list(folder.iterdir()):
                found = DRAFT.fullmatch(entry.name)
                if found and found["name"] in wanted:
                    entry.unlink()
