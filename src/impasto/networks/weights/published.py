"""Which checkpoints can be downloaded, from where, under which licence, and where they lie."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import torch.hub

from impasto.errors import pip_line
from impasto.files import cache_folder
from impasto.mirrors import mirror

__all__ = [
    "SQUEEZENET",
    "VGG16",
    "VGG19",
    "Progress",
    "Published",
    "cache_path",
    "hub_path",
    "is_there",
    "part_path",
    "parts_of",
]

TORCH_HOST = "https://download.pytorch.org/models"
MIRROR_VARIABLE = "IMPASTO_WEIGHTS_URL"

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called with the bytes that are there, and all there will be (None: not known)."""


@dataclass(frozen=True)
class Published:
    """A checkpoint somebody published under a name that carries its hash.

    Attributes:
        backbone: the backbone it is for.
        filename: its name on the server and on disk, ending in `-HASH.pth`, where HASH is
            the first eight (or more) hex digits of the file's SHA-256, as torch.hub has it.
        bytes: its size, for display and for a look at the free disk space.
        licence: what may be done with it.
        origin: who made it, from what.
        instead: another way to a network like it, for the message when it cannot be fetched.

    Example:
        >>> VGG19.sha256_prefix
        'dcbb9e9d'
    """

    backbone: str
    filename: str
    bytes: int
    licence: str
    origin: str
    instead: str = ""

    @property
    def sha256_prefix(self) -> str:
        """The hex digits the file's SHA-256 has to begin with."""
        ending = re.search(r"-([0-9a-f]{8,64})\.[^.]*$", self.filename)
        if ending is None:
            raise ValueError(f"{self.filename} carries no hash; wanted NAME-HASH.pth")
        return ending[1]

    @property
    def url(self) -> str:
        """Its address: on the mirror `IMPASTO_WEIGHTS_URL` names, else on torch's host.

        Raises:
            SettingError: the mirror is not an http or https address.
        """
        remedy = f"give the folder that holds {self.filename}, or unset it"
        return f"{mirror(MIRROR_VARIABLE, TORCH_HOST, remedy)}/{self.filename}"


_TORCHVISION = (
    "torchvision, trained anew on ImageNet (ILSVRC 2012) as Simonyan and Zisserman did in 2014"
)

VGG16 = Published("vgg16", "vgg16-397923af.pth", 553_433_881, "BSD-3-Clause", _TORCHVISION)
VGG19 = Published(
    "vgg19",
    "vgg19-dcbb9e9d.pth",
    574_673_361,
    "BSD-3-Clause",
    _TORCHVISION,
    f"vgg19-original, the network of its authors: {pip_line('vgg')} (19 MB)",
)
SQUEEZENET = Published(
    "squeezenet",
    "squeezenet1_1-b8a52dc0.pth",
    4_966_400,
    "BSD-3-Clause",
    "torchvision, trained on ImageNet (ILSVRC 2012); Iandola et al., 2016",
)


def hub_path(published: Published) -> Path:
    """Where torch's hub cache keeps the whole file, whether or not it is there.

    `TORCH_HOME`, `XDG_CACHE_HOME` and `torch.hub.set_dir` are honoured, so a file that any
    other program downloaded through torch is found.
    """
    return Path(torch.hub.get_dir()) / "checkpoints" / published.filename


def part_path(published: Published, shapes: Mapping[str, tuple[int, ...]]) -> Path:
    """Where the tensors named in `shapes` are cached, whether or not they are there.

    The name carries the checkpoint's hash and a digest of the names and shapes, so a part of
    another checkpoint, or of another set of layers, is never taken for this one.
    """
    return cache_path(Path(published.filename).stem, shapes)


def cache_path(stem: str, shapes: Mapping[str, tuple[int, ...]]) -> Path:
    """Where tensors are cached under a name that says which weights they are.

    Args:
        stem: the beginning of the file's name; the end is a digest of the names and shapes. The
            folder is the system's cache folder for impasto, or what `IMPASTO_CACHE` names.
        shapes: names and shapes of the tensors.
    """
    listing = repr(sorted((name, tuple(shape)) for name, shape in shapes.items()))
    digest = hashlib.sha256(listing.encode()).hexdigest()[:8]
    return cache_folder() / "weights" / f"{stem}-{digest}.safetensors"


def parts_of(published: Published) -> list[Path]:
    """Every cached part of one checkpoint, sorted by name."""
    folder = cache_folder() / "weights"
    return sorted(folder.glob(f"{Path(published.filename).stem}-*.safetensors"))


def is_there(path: Path) -> bool:
    """Whether it is a file that can be seen; a folder that cannot be searched holds none."""
    try:
        return path.is_file()
    except OSError:
        return False
