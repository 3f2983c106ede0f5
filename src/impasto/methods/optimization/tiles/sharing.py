"""Whether a picture can be shared out to others, in which tiles, and what of it then is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

import torch
from torch import Tensor

from impasto.errors import MemoryShortError, SettingError
from impasto.methods import system_memory
from impasto.methods.holding import Holders
from impasto.methods.optimization.memory import Asked
from impasto.methods.optimization.optimizers import corner_weight
from impasto.methods.optimization.schedule import Scale
from impasto.methods.optimization.tiles.away import AwayPainting, Numbers
from impasto.methods.optimization.tiles.grid import STRIDE
from impasto.methods.optimization.tiles.memory import (
    TILES,
    file_bytes,
    holder_bytes,
    predict_tiled_bytes,
)
from impasto.methods.planes import Planes
from impasto.settings import StyleSettings
from impasto.text import format_gigabytes

__all__ = ["AwayPaintings", "as_large", "even_tile"]

SEEN = 80  # px that a tile of the bundled network sees beyond each side
SMALLEST = 256  # px that `auto` chooses; below, what a tile sees around its own is most of the work


class AwayPaintings:
    """The pictures of a run whose rows others hold, one a scale.

    Args:
        holders: where processes come from.
    """

    def __init__(self, holders: Holders) -> None:
        self._holders = holders
        self._memory_bytes = 0
        self._noted: list[str] = []

    @classmethod
    def of(
        cls,
        holders: Holders | None,
        settings: StyleSettings,
        refusal: str,
        device: torch.device,
    ) -> AwayPaintings | None:
        """None where nobody else is asked.

        Args:
            holders: as in `RunOptions`.
            settings: all of them.
            refusal: why nothing can be painted in tiles, in words; empty where it can.
            device: where the painting is computed.

        Raises:
            SettingError: what cannot be shared out.
        """
        if holders is None:
            return None
        why = refusal
        if settings.color == "only":
            why = "--color only moves colours, which one machine does at once: leave it out"
        elif settings.tile == "off":
            why = "tile is off, and others are given tiles: leave --tile out"
        elif settings.optimizer == "adam" or corner_weight(settings):
            why = f"optimizer {settings.optimizer} moves the whole picture at once: take lbfgs"
        elif device.type != "cpu":
            why = f"its workers compute on processors, and device is {device.type}: --device cpu"
        if why:
            raise SettingError(f"a cluster cannot share out this picture: {why}")
        return cls(holders)

    def cut(self, asked: Asked) -> tuple[int, int]:
        """Px of a tile that shares the final size out evenly, from top to bottom and across."""
        tile = even_tile(asked.canvas[0], self._holders.ready())
        return tile, as_large(tile)

    def fit(self, asked: Asked, tile: int, in_files: bool) -> None:
        """Take note of what a holder will take.

        Raises:
            MemoryShortError: on this machine, all of them and what is beside them take more than
                what is free, unless `settings.force`.
        """
        workers = self._holders.ready()
        self._memory_bytes = holder_bytes(asked, tile, workers, in_files)
        if self._holders.is_here and max(asked.canvas) > tile and not asked.settings.force:
            _check_room(asked, tile, in_files, min(workers, -(-asked.canvas[0] // tile)))

    def plan(self, scales: Sequence[Scale], tile: int) -> Iterator[str]:
        """What is shared out and what is not, in a sentence."""
        workers = self._holders.ready(self._memory_bytes)
        yield from self._holders.notes()
        away = [scale for scale in scales if tile and max(scale.canvas) > tile]
        if not away:
            what = f"is one tile of {tile} px" if tile else "was begun without tiles"
            yield f"the picture {what}, and {_counted(workers)} can have no part in it"
            return
        first = away[0]
        yield (
            f"{_counted(workers)} paint from {first.width} x {first.height} px on, in tiles of "
            f"{tile} px; what is smaller is painted here"
        )

    def painting(self, begin: Tensor, settings: StyleSettings, planes: Planes) -> AwayPainting:
        """A scale's, to begin with a picture (1, 3, H, W)."""
        numbers = Numbers(
            settings.lr,
            settings.lbfgs_history,
            settings.lbfgs_sobolev,
            torch.get_num_threads(),
            settings.scratch,
            self._memory_bytes,
        )
        return AwayPainting(self._holders, begin, numbers, planes, self._noted)

    @property
    def notes(self) -> Sequence[str]:
        """What happened on the way, in a sentence each."""
        return self._noted


def _check_room(asked: Asked, tile: int, in_files: bool, workers: int) -> None:
    """Refuse holders beside which this machine has no room for the painting and a snapshot."""
    snapshot = 0 if in_files else file_bytes(asked)
    here = predict_tiled_bytes(asked, tile, in_files) + snapshot
    needed = here + workers * holder_bytes(asked, tile, workers, in_files)
    free = system_memory.free_bytes()
    if needed > free:
        fewer = "take fewer workers, " if workers > 1 else ""
        scratch = "" if in_files else "--scratch DIR for what memory does not hold, "
        raise MemoryShortError(
            f"painting {asked.shape[1]} x {asked.shape[0]} px with {_counted(workers)} of this "
            f"machine needs about {format_gigabytes(needed)} and {format_gigabytes(free)} are "
            f"free: {fewer}{scratch}pass a smaller --size, or --force to try all the same"
        )


def even_tile(height: int, workers: int) -> int:
    """Px, from top to bottom, of the largest tile that makes as many rows of tiles for each worker.

    Args:
        height: of the canvas, in px.
        workers: at least 1.

    Example:
        >>> even_tile(4256, 8), even_tile(2208, 2), even_tile(400, 1)
        (544, 560, 400)
    """
    strides = max(1, height // STRIDE)
    for rounds in count(1):
        tile = -(-strides // (rounds * workers)) * STRIDE
        if tile <= TILES[0]:
            break
    return max(tile, SMALLEST)


def as_large(tile: int) -> int:
    """Px from left to right of a tile that takes as much memory as the largest square one.

    What a thin tile sees around its own is more than what it owns; a wide one sees less of it.

    Args:
        tile: px from top to bottom.

    Example:
        >>> as_large(768), as_large(544), as_large(288)
        (768, 1056, 1760)
    """
    seen = tile + 2 * SEEN
    return ((TILES[0] + 2 * SEEN) ** 2 // seen - 2 * SEEN) // STRIDE * STRIDE


def _counted(workers: int) -> str:
    return f"{workers} worker" if workers == 1 else f"{workers} workers"
