"""Which checkpoints can be downloaded, from where, and under which licence."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import httpx

from impasto.errors import SettingError

__all__ = ["MIRROR_VARIABLE", "SQUEEZENET", "VGG16", "VGG19", "Published", "sha256_of"]

TORCH_HOST = "https://download.pytorch.org/models"
MIRROR_VARIABLE = "IMPASTO_WEIGHTS_URL"


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

    Example:
        >>> VGG19.sha256_prefix
        'dcbb9e9d'
    """

    backbone: str
    filename: str
    bytes: int
    licence: str
    origin: str

    @property
    def sha256_prefix(self) -> str:
        """The hex digits the file's SHA-256 has to begin with."""
        found = re.search(r"-([0-9a-f]{8,64})\.[^.]*$", self.filename)
        if found is None:
            raise ValueError(f"{self.filename} carries no hash; wanted NAME-HASH.pth")
        return found[1]

    @property
    def url(self) -> str:
        """Its address: on the mirror `IMPASTO_WEIGHTS_URL` names, else on torch's host.

        Raises:
            SettingError: the mirror is not an http or https address.
        """
        host = os.environ.get(MIRROR_VARIABLE, "").strip() or TORCH_HOST
        try:
            parsed = httpx.URL(host)
            is_address = parsed.scheme in ("http", "https") and bool(parsed.host)
        except httpx.InvalidURL:
            is_address = False
        if not is_address:
            raise SettingError(
                f"{MIRROR_VARIABLE} is {host!r}; wanted an address that starts with http:// or "
                f"https://: give the folder that holds {self.filename}, or unset it"
            )
        return f"{host.rstrip('/')}/{self.filename}"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_TORCHVISION = "torchvision, trained on ImageNet (ILSVRC 2012); Simonyan and Zisserman, 2014"

VGG16 = Published("vgg16", "vgg16-397923af.pth", 553_433_881, "BSD-3-Clause", _TORCHVISION)
VGG19 = Published("vgg19", "vgg19-dcbb9e9d.pth", 574_673_361, "BSD-3-Clause", _TORCHVISION)
SQUEEZENET = Published(
    "squeezenet",
    "squeezenet1_1-b8a52dc0.pth",
    4_966_400,
    "BSD-3-Clause",
    "torchvision, trained on ImageNet (ILSVRC 2012); Iandola et al., 2016",
)
