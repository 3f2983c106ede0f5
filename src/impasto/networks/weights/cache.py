"""The way from a published name to tensors: cached part, whole file, download."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from safetensors.torch import save_file

from impasto.errors import WeightsError
from impasto.files import file_sha256, replacing
from impasto.networks.weights.fetch import fetch
from impasto.networks.weights.published import (
    Progress,
    Published,
    hub_path,
    is_there,
    part_path,
    parts_of,
)
from impasto.networks.weights.read import read_tensors
from impasto.text import format_path

__all__ = ["Status", "cached", "load", "status"]


def load(
    published: Published,
    shapes: Mapping[str, tuple[int, ...]],
    *,
    on_progress: Progress | None = None,
) -> dict[str, torch.Tensor]:
    """The tensors named in `shapes` of a published checkpoint, from the nearest place.

    The first time they come from torch's hub cache, or the network, and are cached as
    safetensors; from then on the whole file is not opened, and may be deleted. A cached part
    that is broken is made again; one that cannot be written is done without.

    Args:
        published: which checkpoint.
        shapes: names and shapes of the tensors that are needed.
        on_progress: called with the bytes that are there and the bytes there will be, when
            something has to be downloaded.

    Returns:
        The tensors as `read_tensors` gives them.

    Raises:
        FetchError: it had to be downloaded, and that failed.
        WeightsError: the file in the hub cache is not what its name says, or does not fit.
    """

    def whole() -> dict[str, torch.Tensor]:
        path = hub_path(published)
        if is_there(path):
            _check_hash(published, path)
        else:
            path = fetch(published, on_progress=on_progress)
        return read_tensors(path, shapes)

    about = {"checkpoint": published.filename, "licence": published.licence}
    return cached(part_path(published, shapes), shapes, whole, about)


def cached(
    part: Path,
    shapes: Mapping[str, tuple[int, ...]],
    whole: Callable[[], dict[str, torch.Tensor]],
    about: dict[str, str],
) -> dict[str, torch.Tensor]:
    """The tensors of a cached part; if it is not there or broken, those of `whole`, then kept.

    Args:
        part: where they are cached.
        shapes: their names and shapes.
        whole: reads them from where they come from.
        about: the text that is kept beside them.
    """
    if is_there(part):
        with suppress(WeightsError):
            return read_tensors(part, shapes)
    tensors = whole()
    # A full or read-only cache costs time at the next start, no more.
    with suppress(OSError):
        _keep(part, tensors, about)
    return tensors


@dataclass(frozen=True)
class Status:
    """How near a checkpoint is.

    Attributes:
        state: "cached" (its part), "downloaded" (whole), "partial" (a download to resume) or
            "absent".
        path: the file that is there, None when absent.
        bytes: its size on disk, 0 when absent.
    """

    state: Literal["cached", "downloaded", "partial", "absent"]
    path: Path | None = None
    bytes: int = 0


def status(published: Published) -> Status:
    """Where a checkpoint is, without opening it or asking the network."""
    parts = parts_of(published)
    if parts:
        largest = max(parts, key=lambda part: part.stat().st_size)
        return Status("cached", largest, largest.stat().st_size)
    path = hub_path(published)
    if is_there(path):
        return Status("downloaded", path, path.stat().st_size)
    partial = path.with_name(f"{path.name}.part")
    if is_there(partial):
        return Status("partial", partial, partial.stat().st_size)
    return Status("absent")


def _check_hash(published: Published, path: Path) -> None:
    expected = published.sha256_prefix
    try:
        got = file_sha256(path)[: len(expected)]
    except OSError as error:
        raise WeightsError(
            f"{format_path(path)} cannot be read ({error.strerror or error}): check its permissions"
        ) from error
    if got != expected:
        raise WeightsError(
            f"{format_path(path)} is not what its name says: its SHA-256 begins {got}, not "
            f"{expected}: delete it, and it will be downloaded again"
        )


def _keep(part: Path, tensors: dict[str, torch.Tensor], about: dict[str, str]) -> None:
    part.parent.mkdir(parents=True, exist_ok=True)
    with replacing(part) as draft:
        save_file(tensors, draft, about)
