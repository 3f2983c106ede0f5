"""A one-pass network made ready: it reads styles and paints, for any number of pictures at once.

Nothing of it changes while it paints, so threads may share it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import torch
from torch import Tensor

from impasto.files import file_sha256
from impasto.imaging.tensors import masks
from impasto.losses.moments import moments
from impasto.methods.inputs import painter_strength
from impasto.methods.one_pass.photo import Photo
from impasto.methods.one_pass.tiles import Tile, samples, tile_px, tiles, whole
from impasto.methods.planes import Planes
from impasto.networks import features, stylizers
from impasto.networks.stylizers.painter import MARGIN, Hand, Spreads, framed, phased, reflected

__all__ = ["WHOLE_PX", "Engine", "engine"]

# Pictures with more px than this are painted in tiles.
WHOLE_PX = 2_300_000
KEPT = 4  # networks that stay loaded


class Engine:
    """A network on a device.

    Args:
        network: that paints.
        sha256: of its file, in hex.
        device: where it is computed.
        dtype: of features: float32 or bfloat16.
    """

    def __init__(
        self,
        network: stylizers.OnePass,
        sha256: str = "",
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.network, self.sha256 = network.to(device), sha256
        self.device, self.dtype = torch.device(device), dtype
        painter = copy.deepcopy(self.network.painter).to(dtype)
        for module in painter.modules():
            if isinstance(module, torch.nn.Conv2d):
                kernels = module.weight.data
                module.weight.data = kernels.contiguous(memory_format=torch.channels_last)
        self._painter = painter

    @cached_property
    def _look(self) -> torch.nn.Module:
        assert self.network.reader is not None
        layers = list(self.network.reader.projections)
        look: torch.nn.Module = features.load("slim", layers).to(self.device)
        return look

    @torch.inference_mode()
    def code(self, style: Tensor, counts: Tensor | None = None) -> Tensor:
        """What the network makes of a style picture.

        Args:
            style: (1, 3, h, w), standardised, at least 32 px each way.
            counts: (1, 1, h, w) in [0, 1], where it is learnt from; None for everywhere.

        Returns:
            (S,).

        Raises:
            SettingError: the network reads no style.
        """
        self.network.check_reads()
        seen: Mapping[str, Tensor] = self._look(style.to(self.device))
        read = {}
        for layer, look in seen.items():
            at = None if counts is None else masks.resized(counts.to(look), *look.shape[-2:])
            read[layer] = moments(look, 1, at)
        return self.network.read(read)[0]

    @torch.inference_mode()
    def blended(self, codes: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
        """A code between several, (S,)."""
        parts = codes[0].new_tensor(shares)
        return (torch.stack(list(codes)) * (parts / parts.sum())[:, None]).sum(0)

    @torch.inference_mode()
    def hand(self, code: Tensor, strength: float | None) -> Hand:
        """What a style makes of the painter, in this engine's precision.

        Args:
            code: (S,).
            strength: from 0, near the photograph, to 1, near the style; None for the middle.
        """
        hand = phased(self.network.hand(code, painter_strength(strength)))
        if self.dtype == torch.float32:
            return hand
        cast = [{k: v.to(self.dtype) for k, v in part.items()} for part in hand]
        # The last sum stays fine enough for colours.
        for part, own in zip(cast[:3], hand[:3], strict=True):
            part["out"] = own["out"]
        return Hand(*cast)

    @torch.inference_mode()
    def spreads(self, photos: Tensor, hand: Hand) -> Spreads:
        """What several pictures are normalised by, all alike: frames of a film, for one.

        Args:
            photos: (N, 3, H, W), standardised; all at once, so no more than `WHOLE_PX` in all.
            hand: of the style.
        """
        spreads: Spreads = {}
        self._painter(self._ready(framed(photos.to(self.device))), hand, spreads)
        return spreads

    @torch.inference_mode()
    def sampled(self, photo: Photo, hand: Hand) -> Spreads:
        """What a picture in tiles is normalised by, from crops spread evenly over it.

        Args:
            photo: of any size.
            hand: of the style.
        """
        spreads: Spreads = {}
        crops = [self._ready(photo.framed(*place)) for place in samples(*photo.framed_shape)]
        self._painter(torch.cat(crops), hand, spreads)
        return spreads

    @torch.inference_mode()
    def painted(self, photo: Photo, hand: Hand, spreads: Spreads | None, tile: Tile) -> Tensor:
        """What a tile paints of a photograph: as the whole at once would with these spreads.

        Args:
            photo: of any size.
            hand: of the style.
            spreads: what features are normalised by; None for the tile's own.
            tile: one of `parts`.

        Returns:
            (1, 3, h, w) float32, standardised, on the CPU: `tile.place` of the picture.
        """
        painted: Tensor = self._painter(self._ready(photo.framed(*tile.seen)), hand, spreads)
        place = tile.place(*photo.shape)
        # Where the photograph begins in what was painted is where the frame ends, or the halo.
        starts = (
            part.start + MARGIN - seen.start for part, seen in zip(place, tile.seen, strict=True)
        )
        rows, columns = (
            slice(start, start + part.stop - part.start)
            for start, part in zip(starts, place, strict=True)
        )
        return painted[..., rows, columns].float().cpu()

    @torch.inference_mode()
    def paint(
        self, photo: Tensor, hand: Hand, spreads: Spreads | None = None, *, tile: str = "auto"
    ) -> Iterator[tuple[int, int, Tensor]]:
        """Paint a photograph, part by part.

        Args:
            photo: (1, 3, H, W), standardised.
            hand: of the style.
            spreads: what features are normalised by, as `spreads` gives it; the photograph's own
                if left out.
            tile: as for `parts`.

        Yields:
            The number of parts that are done, of all, and the painting so far, (1, 3, H, W)
            float32, standardised, on the CPU; the same tensor each time.
        """
        seen = Photo(photo)
        parts = self.parts(*seen.shape, tile)
        if len(parts) == 1:
            yield 1, 1, self.painted(seen, hand, spreads, parts[0])
            return
        if spreads is None:
            spreads = self.sampled(seen, hand)
        painting = seen.copy(Planes())  # what is not painted yet is the photograph
        for number, part in enumerate(parts, 1):
            rows, columns = part.place(*seen.shape)
            painting[..., rows, columns] = self.painted(seen, hand, spreads, part)
            yield number, len(parts), painting

    def _ready(self, framed: Tensor) -> Tensor:
        """Framed pictures as the painter takes them."""
        return framed.to(self.device).to(self.dtype, memory_format=torch.channels_last)

    @staticmethod
    def parts(height: int, width: int, tile: str = "auto") -> list[Tile]:
        """The parts that a picture of that size is painted in.

        Args:
            height, width: of the picture, in px.
            tile: "auto", or px of a tile, for a picture that is too large to be painted at once;
                "off" for one that is painted at once, whatever it takes.
        """
        sides = len(reflected(height)), len(reflected(width))
        if tile == "off" or height * width <= WHOLE_PX:
            return [whole(*sides)]
        return tiles(*sides, tile_px(tile))


def engine(file: Path, device: torch.device, dtype: torch.dtype) -> Engine:
    """The network of a file, made ready; one that was just used is not read again.

    Raises:
        WeightsError: it cannot be read, or is no one-pass network.
    """
    try:
        stat = file.stat()
    except OSError:
        return Engine(stylizers.load(file))  # which says what is wrong
    return _engine(file.absolute(), stat.st_mtime_ns, stat.st_size, str(device), dtype)


@lru_cache(maxsize=KEPT)
def _engine(file: Path, changed: int, size: int, device: str, dtype: torch.dtype) -> Engine:  # noqa: ARG001 - tell one state of the file from another
    return Engine(stylizers.load(file), file_sha256(file), device, dtype)
