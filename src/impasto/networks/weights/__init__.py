"""Checkpoints: find, fetch, verify, read.

::

    load(VGG19, shapes)          the cached part, else torch's hub cache, else a download
      ├── fetch(VGG19)           a download that resumes, its hash checked
      └── read_tensors(path, …)  any .pth or .safetensors, no code of theirs ever run

Nothing here knows a network: which tensors are needed is passed in as names and shapes.
"""

from __future__ import annotations

from impasto.networks.weights.cache import Status, load, status
from impasto.networks.weights.fetch import Progress, fetch
from impasto.networks.weights.published import (
    SQUEEZENET,
    VGG16,
    VGG19,
    Published,
    hub_path,
    part_path,
)
from impasto.networks.weights.read import metadata, read_tensors

__all__ = [
    "SQUEEZENET",
    "VGG16",
    "VGG19",
    "Progress",
    "Published",
    "Status",
    "fetch",
    "hub_path",
    "load",
    "metadata",
    "part_path",
    "read_tensors",
    "status",
]
