"""What a painting depends on beside its content image, as one short text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from impasto.errors import SettingError
from impasto.files import file_sha256
from impasto.imaging.files import picture_bytes
from impasto.networks import BRUSH_FILE, BUNDLED
from impasto.networks.clip.folder import found
from impasto.settings import StyleSettings, describe, described, from_stored
from impasto.settings.guidance import GuidanceSettings
from impasto.settings.model_files import files_of_model, split_model
from impasto.settings.recipes import MEANT_BEFORE
from impasto.task import start_file
from impasto.text import format_path

__all__ = ["content_sha256", "earlier_fingerprints", "fingerprint"]


FORMAT = 2
# What 0.1.0 had no word for, with what it did; its fingerprints know nothing of it.
LATER = (
    *("method", "model", "crop", "keep_faces", "palette", "tone", "flat_colors", "lines"),
    *GuidanceSettings.model_fields,
)
SINCE_0_1_0 = {name: described(name).default for name in LATER} | MEANT_BEFORE


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
    weights = {"format": FORMAT, "weights": list(settings.weights)}
    return _digest(_facts(styles, settings), weights)


def earlier_fingerprints(styles: Sequence[Path], settings: StyleSettings) -> frozenset[str]:
    """What earlier versions would have said of the same painting.

    0.1.0 knew the loss weights by recipe and strength alone: it is asked only while these mean
    what they meant then.

    Args, errors: as for `fingerprint`.
    """
    stored = settings.model_dump(mode="json")
    if any(stored.pop(name) != meant for name, meant in SINCE_0_1_0.items()):
        return frozenset()
    try:
        weights = from_stored(stored).weights
    except SettingError:  # a recipe that 0.1.0 did not have
        return frozenset()
    if weights != settings.weights:
        return frozenset()
    facts = _facts(styles, settings)
    facts["settings"] = {n: v for n, v in facts["settings"].items() if n not in SINCE_0_1_0}
    return frozenset({_digest(facts)})


def _facts(styles: Sequence[Path], settings: StyleSettings) -> dict[str, Any]:
    limit = settings.max_megapixels
    stored = settings.model_dump(mode="json")
    values = {
        setting.name: stored[setting.name] for setting in describe() if setting.shapes_picture
    }
    if (start := start_file(settings.init)) is not None:
        values["init"] = f"image:{_picture_sha256(Path(start), limit)}"
    if settings.weights_file is not None:
        values["weights_file"] = content_sha256(Path(settings.weights_file))
    elif settings.backbone in BUNDLED:
        values["weights_file"] = content_sha256(BUNDLED[settings.backbone])
    if settings.clip is not None:
        guides = settings.text_weight > 0  # where it only chose the styles, these say all
        values["clip"] = found(settings.clip).sha256() if guides else None
    if settings.model is not None:
        files, (_, rows) = files_of_model(settings.model), split_model(settings.model)
        values["model"] = [*map(content_sha256, files), *rows]
    elif settings.method == "one-pass":
        values["model"] = content_sha256(BRUSH_FILE)
    return {"styles": [_picture_sha256(style, limit) for style in styles], "settings": values}


def _digest(facts: dict[str, Any], more: dict[str, Any] | None = None) -> str:
    text = json.dumps({**facts, **(more or {})}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def content_sha256(path: Path) -> str | None:
    """The hex digest of a file's bytes; None if it cannot be read."""
    try:
        return file_sha256(path)
    except (OSError, ValueError):
        return None


def _picture_sha256(path: Path, max_megapixels: float) -> str:
    data, _ = picture_bytes(path, format_path(path), max_megapixels=max_megapixels)
    return hashlib.sha256(data).hexdigest()
