"""Bands that somebody gives, as levels of the picture that they have to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.codecs.bit_depth import alpha_levels, levels
from impasto.imaging.codecs.encode import on_white
from impasto.imaging.codecs.rows import in_rows
from impasto.imaging.write import check_finite

__all__ = ["to_levels"]

_BAND_SAMPLES = 2**21  # of a band on its way, about: 8 MB of floats


def to_levels(
    shape: tuple[int, int],
    bands: Iterable[NDArray[Any]],
    alpha_bands: Iterable[NDArray[Any]] | None,
    *,
    bits: int,
    name: str,
    holds_alpha: bool,
) -> Iterator[NDArray[Any]]:
    """Levels of bits a sample, in bands of some megabytes.

    Args:
        shape: (height, width) of the picture.
        bands, alpha_bands: as for `write_bands`.
        bits: 8 or 16.
        name: of the output, for messages.
        holds_alpha: whether alpha becomes a fourth sample; what is hidden becomes white otherwise.

    Yields:
        (rows, W, 3) or (rows, W, 4), uint8 or uint16.

    Raises:
        OutputError: floats that are not finite.
        ValueError: bands that are not the picture.
    """
    rows = max(1, _BAND_SAMPLES // (3 * shape[1]))
    colours = _checked(in_rows(bands, rows), (*shape, 3))
    if alpha_bands is None:
        yield from (_levels(colour, bits, name) for colour in colours)
        return
    hidden = _checked(in_rows(alpha_bands, rows), shape)
    merge = _with_alpha if holds_alpha else _on_white
    for colour, alpha in zip(colours, hidden, strict=True):
        yield merge(colour, alpha, bits, name)


def _checked(bands: Iterable[NDArray[Any]], shape: tuple[int, ...]) -> Iterator[NDArray[Any]]:
    """The bands, which have together that shape."""
    rows = 0
    for band in bands:
        rows += len(band)
        if band.shape[1:] != shape[1:] or rows > shape[0]:
            raise ValueError(
                f"a band of shape {band.shape} ends at row {rows}; the picture has the shape "
                f"{shape}: pass bands of its width, and as many rows as it has"
            )
        yield band
    if rows != shape[0]:
        raise ValueError(f"the bands have {rows} rows together; the picture has {shape[0]}")


def _levels(band: NDArray[Any], bits: int, name: str) -> NDArray[Any]:
    if band.dtype.kind == "u":
        return alpha_levels(band, bits)
    check_finite(band, name)
    return levels(band, bits)


def _with_alpha(band: NDArray[Any], alpha: NDArray[Any], bits: int, name: str) -> NDArray[Any]:
    opacity = alpha_levels(alpha, bits)[..., None]
    return np.concatenate([_levels(band, bits, name), opacity], axis=-1)


def _on_white(band: NDArray[Any], alpha: NDArray[Any], bits: int, name: str) -> NDArray[Any]:
    """What is hidden becomes white, in a format that holds no alpha."""
    if band.dtype.kind == "u":
        band = band.astype(np.float32) / np.float32(np.iinfo(band.dtype).max)
    check_finite(band, name)
    return levels(on_white(band, alpha), bits)
