"""Where the weights of a network come from: a file that comes along, or a download.

A third way, a package that pip brings, has a file of its own: `impasto.networks.weights.installed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from torch import Tensor

from impasto.networks.weights.cache import load, status
from impasto.networks.weights.fetch import fetch
from impasto.networks.weights.published import Progress, Published
from impasto.networks.weights.read import read_tensors

__all__ = ["Bundled", "Download", "Supply", "megabytes"]


class Supply(Protocol):
    """Where a network's own weights come from.

    Attributes:
        licence, origin: of the weights.
        published: the checkpoint that has to be downloaded; None if none has.
    """

    @property
    def licence(self) -> str: ...

    @property
    def origin(self) -> str: ...

    @property
    def published(self) -> Published | None: ...

    def load(
        self, shapes: Mapping[str, tuple[int, ...]], *, on_progress: Progress | None = None
    ) -> dict[str, Tensor]:
        """The tensors named in `shapes`, as `read_tensors` gives them.

        Raises:
            FetchError: they could not be downloaded.
            WeightsError: they are not what they should be.
            MissingPackageError: the package that has them is not installed.
        """

    def fetch(self, *, on_progress: Progress | None = None) -> Path:
        """The file that has them, downloaded first if it has to be; errors as for `load`."""

    def facts(self, backbone: str) -> dict[str, str]:
        """Where the weights of a backbone are and how large, as `weights` and `size`, in words."""


@dataclass(frozen=True)
class Bundled:
    """Weights in a file that comes with impasto."""

    path: Path
    licence: str
    origin: str
    published: None = None

    def load(
        self,
        shapes: Mapping[str, tuple[int, ...]],
        *,
        on_progress: Progress | None = None,  # noqa: ARG002 - it is here
    ) -> dict[str, Tensor]:
        """The tensors named in `shapes`; see `Supply.load`."""
        return read_tensors(self.path, shapes)

    def fetch(self, *, on_progress: Progress | None = None) -> Path:  # noqa: ARG002 - it is here
        """The file."""
        return self.path

    def facts(self, backbone: str) -> dict[str, str]:  # noqa: ARG002 - the same for each
        """The file and its size."""
        return {"weights": f"bundled: {self.path}", "size": megabytes(self.path.stat().st_size)}


@dataclass(frozen=True)
class Download:
    """Weights in a published checkpoint, fetched when they are first asked for."""

    published: Published

    @property
    def licence(self) -> str:
        """Of the checkpoint."""
        return self.published.licence

    @property
    def origin(self) -> str:
        """Of the checkpoint."""
        return self.published.origin

    def load(
        self, shapes: Mapping[str, tuple[int, ...]], *, on_progress: Progress | None = None
    ) -> dict[str, Tensor]:
        """The tensors named in `shapes`; see `Supply.load`."""
        return load(self.published, shapes, on_progress=on_progress)

    def fetch(self, *, on_progress: Progress | None = None) -> Path:
        """The whole file in torch's hub cache."""
        return fetch(self.published, on_progress=on_progress)

    def facts(self, backbone: str) -> dict[str, str]:
        """How near the checkpoint is, and how large."""
        near = status(self.published)
        weights = {
            "absent": "not here yet: fetched when first used, or with "
            f"`impasto backbone fetch {backbone}`",
            "partial": f"partly fetched, the rest comes when used: {near.path}",
            "downloaded": f"here: {near.path}",
            "cached": f"here, the part that is needed: {near.path}",
        }[near.state]
        here = f", {megabytes(near.bytes)} here" if near.bytes else ""
        return {"weights": weights, "size": f"{megabytes(self.published.bytes)} to fetch{here}"}


def megabytes(count: int) -> str:
    """A number of bytes in words.

    Example:
        >>> megabytes(20_063_401)
        '20.1 MB'
    """
    return f"{count / 1e6:.1f} MB"
