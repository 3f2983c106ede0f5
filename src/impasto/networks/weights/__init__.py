"""Checkpoints: find, fetch, verify, read.

::

    Supply                         where a network's own weights come from
      ├── Bundled(file, …)         a file that comes along
      ├── Download(VGG19)          load: the cached part, else torch's hub cache, else a download
      │     └── fetch(VGG19)       a download that resumes, its hash checked
      └── Installed(package, …)    a file of a package that pip brings; cached too
    read_tensors(path, …)          any .pth or .safetensors, no code of theirs ever run
    read_quantized(path, …)        convolutions kept as indices into a table

Nothing here knows a network: which tensors are needed is passed in as names and shapes.
"""

from __future__ import annotations

from impasto.networks.weights.cache import Status, load, status
from impasto.networks.weights.fetch import fetch
from impasto.networks.weights.installed import Installed
from impasto.networks.weights.published import (
    SQUEEZENET,
    VGG16,
    VGG19,
    Progress,
    Published,
    hub_path,
    part_path,
)
from impasto.networks.weights.quantized import read_quantized
from impasto.networks.weights.read import metadata, read_tensors
from impasto.networks.weights.supply import Bundled, Download, Supply, megabytes

__all__ = [
    "SQUEEZENET",
    "VGG16",
    "VGG19",
    "Bundled",
    "Download",
    "Installed",
    "Progress",
    "Published",
    "Status",
    "Supply",
    "fetch",
    "hub_path",
    "load",
    "megabytes",
    "metadata",
    "part_path",
    "read_quantized",
    "read_tensors",
    "status",
]
