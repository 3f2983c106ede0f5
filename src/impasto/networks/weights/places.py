"""Where weights lie on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs
import torch.hub

from impasto.networks.weights.published import Published

__all__ = ["CACHE_VARIABLE", "hub_path", "part_path", "parts_of", "there"]

CACHE_VARIABLE = "IMPASTO_CACHE"


def hub_path(published: Published) -> Path:
    """Where torch's hub cache keeps the whole file, whether or not it is there.

    `TORCH_HOME`, `XDG_CACHE_HOME` and `torch.hub.set_dir` are honoured, so a file that any
    other program downloaded through torch is found.
    """
    return Path(torch.hub.get_dir()) / "checkpoints" / published.filename


def part_path(published: Published, shapes: Mapping[str, tuple[int, ...]]) -> Path:
    """Where the tensors named in `shapes` are cached, whether or not they are there.

    The name carries the checkpoint's hash and a digest of the names and shapes, so a part of
    another checkpoint, or of another set of layers, is never taken for this one. The folder is
    the system's cache folder for impasto, or what `IMPASTO_CACHE` names.
    """
    wanted = repr(sorted((name, tuple(shape)) for name, shape in shapes.items()))
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:8]
    return _folder() / f"{Path(published.filename).stem}-{digest}.safetensors"


def parts_of(published: Published) -> list[Path]:
    """Every cached part of one checkpoint, sorted by name."""
    return sorted(_folder().glob(f"{Path(published.filename).stem}-*.safetensors"))


def there(path: Path) -> bool:
    """Whether it is a file that can be seen; a folder that cannot be searched holds none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _folder() -> Path:
    chosen = os.environ.get(CACHE_VARIABLE)
    cache = Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("impasto", False)
    return cache / "weights"
