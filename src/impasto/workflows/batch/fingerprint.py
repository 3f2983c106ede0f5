"""What a painting depends on beside its content image, as one short text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from impasto.imaging.files import picture_bytes
from impasto.networks.features.registry import SLIM_FILE
from impasto.settings import StyleSettings
from impasto.text import format_path

__all__ = ["file_sha256", "fingerprint"]


def fingerprint(styles: Sequence[Path], settings: StyleSettings) -> str:
    """A hash of the styles' bytes and of every setting that shapes the picture.

    Files that settings name count by what is in them. The settings of the machine do not count,
    precision excepted: with other threads or on another device it is the same painting. Nor does
    the limit of megapixels, which refuses pictures and changes none.

    Args:
        styles: files, in the order in which they are given.
        settings: all of them.

    Returns:
        64 hex digits.

    Raises:
        PictureError: a style or start image that cannot be read, or is no picture by its first
            bytes.

    Example:
        >>> from impasto import samples
        >>> style, quick = [samples.style("swirls")], StyleSettings(steps=9)
        >>> fingerprint(style, quick) == fingerprint(style, quick.replace(threads=1))
        True
        >>> fingerprint(style, quick) == fingerprint(style, quick.replace(seed=1))
        False
    """
    limit = settings.max_megapixels
    values = settings.model_dump(mode="json")
    values = {name: value for name, value in values.items() if _shapes_the_picture(name)}
    if settings.init.startswith("image:"):
        start = Path(settings.init.removeprefix("image:"))
        values["init"] = f"image:{_picture_sha256(start, limit)}"
    if settings.weights_file is not None:
        values["weights_file"] = file_sha256(Path(settings.weights_file))
    elif settings.backbone == "slim":
        values["weights_file"] = file_sha256(SLIM_FILE)  # another release may bundle another
    facts = {"styles": [_picture_sha256(style, limit) for style in styles], "settings": values}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def file_sha256(path: Path) -> str | None:
    """The hex digest of a file's bytes; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def _shapes_the_picture(name: str) -> bool:
    extra = StyleSettings.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    machine = extra["group"] == "Machine" and name != "precision"
    return not machine and name != "max_megapixels"


def _picture_sha256(path: Path, max_megapixels: float) -> str:
    data, _ = picture_bytes(path, format_path(path), max_megapixels=max_megapixels)
    return hashlib.sha256(data).hexdigest()
