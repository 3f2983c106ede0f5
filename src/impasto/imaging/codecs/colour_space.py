"""Colour spaces that a file names without carrying a profile, as the profile that they mean.

Cameras say Adobe RGB by two EXIF fields; a TIFF or a BMP gives measured numbers, a PNG a gamma and
primaries, and PNG and HEIC numbers of ITU-T H.273 for television. Each becomes an ICC profile of
three curves and a matrix, which 8 and 16 bits are converted by.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.codecs import exif_colour
from impasto.imaging.codecs.exif import without_mark
from impasto.imaging.codecs.file_bytes import Bytes
from impasto.imaging.codecs.png_chunks import Ancillary
from impasto.imaging.codecs.rgb_profile import Chromaticity, Curve, rgb_profile
from impasto.imaging.color.light import DARKEST_LIGHT, EXPONENT, OFFSET, SLOPE

__all__ = ["adobe_rgb", "of_bmp", "of_exif", "of_nclx", "of_png"]

D65: Chromaticity = (0.3127, 0.3290)
REC709 = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE_RGB = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
ADOBE_GAMMA = 563 / 256
# H.273, table 2: red, green, blue and white by number.
PRIMARIES: dict[int, tuple[tuple[Chromaticity, ...], Chromaticity]] = {
    1: (REC709, D65),
    4: (((0.67, 0.33), (0.21, 0.71), (0.14, 0.08)), (0.310, 0.316)),
    5: (((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)), D65),
    6: (((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)), D65),
    7: (((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)), D65),
    9: (((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)), D65),
    11: (((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), (0.314, 0.351)),
    12: (((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), D65),
}
PQ, HLG = 16, 18
_BMP_HEADER, _V4, _V5 = 14, 108, 124  # bytes
_CALIBRATED = bytes(4)
USUAL_GAMMA = 0.45455  # what a gAMA chunk says of ordinary pictures, which are sRGB
NEAR = 0.005
TIFF_GAMMA = 2.2  # where a TIFF gives primaries and no curve (TIFF 6.0, section 20)
# Linear light of diffuse white over that of the largest signal: 203 of 10,000 cd/m²
# (ITU-R BT.2408).
PQ_WHITE = 203 / 10_000
HLG_WHITE = 0.75  # and its HLG signal


@lru_cache(maxsize=1)
def adobe_rgb() -> bytes:
    """Adobe RGB (1998), as cameras mean it."""
    return rgb_profile(ADOBE_RGB, D65, lambda x: x**ADOBE_GAMMA)


def of_exif(block: Bytes | None) -> bytes | None:
    """The profile that an EXIF block or a TIFF's own tags mean; None for sRGB, or none.

    Args:
        block: with or without its mark, or a whole TIFF.
    """
    block = without_mark(block) if block else None
    if exif_colour.is_adobe_rgb(block):
        return adobe_rgb()
    colours = exif_colour.measured(block)
    if colours is None:
        return None
    white = colours.white or D65
    if colours.tables is not None:
        return _profile(colours.primaries, white, *map(_interpolated, colours.tables))
    return _of_gammas([colours.gamma or TIFF_GAMMA], colours.primaries, white)


def of_bmp(data: bytes) -> bytes | None:
    """The profile that a BMP holds or means by its numbers, which versions 4 and 5 can have.

    Source: Microsoft, BITMAPV4HEADER and BITMAPV5HEADER (wingdi.h). Programs write chromaticities
    as endpoints, which leave the white open; it is D65 then, as in Firefox.
    """
    version = data[_BMP_HEADER] if len(data) > _BMP_HEADER else 0
    if version not in (_V4, _V5) or len(data) < _BMP_HEADER + version:
        return None
    kind = data[70:74]
    if version == _V5 and kind == b"DEBM":
        start, size = struct.unpack_from("<II", data, 126)
        return data[_BMP_HEADER + start : _BMP_HEADER + start + size] or None
    endpoints = np.frombuffer(data, "<u4", 9, 74).reshape(3, 3) / 2**30
    gammas = np.frombuffer(data, "<u4", 3, 110) / 65536
    if kind != _CALIBRATED or not (endpoints.any(axis=1).all() and gammas.all()):
        return None
    x, y, _ = (endpoints / endpoints.sum(axis=1, keepdims=True)).T
    return _of_gammas(gammas, list(zip(x, y, strict=True)), D65)


def of_nclx(numbers: Mapping[str, Any] | None) -> tuple[bytes | None, str]:
    """The profile that a HEIC's numbers of ITU-T H.273 mean, and what has to be said of it.

    Args:
        numbers: `color_primaries` and `transfer_characteristics`; the decoder has turned the
            matrix and the range into RGB already.

    Returns:
        As `of_png`.
    """
    if not numbers:
        return None, ""
    known = _of_h273(numbers["color_primaries"], numbers["transfer_characteristics"])
    return known or (None, "")


def of_png(chunks: Ancillary) -> tuple[bytes | None, str]:
    """The profile that a PNG's chunks mean, and what has to be said of it.

    cICP comes before iCCP, that before sRGB, and gAMA with cHRM last (PNG, section 12.1 to 12.3).

    Returns:
        (profile, note): None for sRGB; the note is empty where there is nothing to say.
    """
    if chunks.cicp is not None:
        primaries, transfer, matrix, is_full = chunks.cicp
        known = _of_h273(primaries, transfer) if (matrix, is_full) == (0, 1) else None
        if known is not None:
            return known
        if chunks.icc is None:
            return None, (
                f"its cICP chunk names a colour space, {'-'.join(map(str, chunks.cicp))}, that is "
                "not known here: it is read as sRGB"
            )
    if chunks.icc is not None or chunks.srgb:
        return chunks.icc, ""
    white, *colours = chunks.chromaticities or (D65, *REC709)
    gamma = None if chunks.gamma is None else 1 / chunks.gamma
    return _of_gammas([gamma], colours, white), ""


def _of_gammas(
    gammas: Iterable[float | None], primaries: Sequence[Chromaticity], white: Chromaticity
) -> bytes | None:
    """The profile of these exponents, None being sRGB's curve; None for sRGB as a whole.

    An exponent of about 2.2 beside sRGB's primaries is how ordinary pictures say sRGB.
    """
    gammas = list(gammas)
    usual = all(gamma is None or abs(1 / gamma - USUAL_GAMMA) < NEAR for gamma in gammas)
    if usual and _is_rec709(primaries, white):
        return None
    return _profile(primaries, white, *map(_power, gammas))


def _power(gamma: float | None) -> Curve:
    return _srgb_curve if gamma is None else lambda x: x**gamma


def _is_rec709(primaries: Sequence[Chromaticity], white: Chromaticity) -> bool:
    return np.allclose([white, *primaries], [D65, *REC709], atol=NEAR)


def _profile(
    primaries: Sequence[Chromaticity], white: Chromaticity, *curves: Curve
) -> bytes | None:
    try:
        return rgb_profile(primaries, white, *curves)
    except (ValueError, struct.error):
        return None  # primaries that span no colours


def _of_h273(primaries: int, transfer: int) -> tuple[bytes | None, str] | None:
    """As `of_png` gives it; None for numbers that are not known here."""
    curve = _TRANSFERS.get(transfer)
    if primaries not in PRIMARIES or curve is None:
        return None
    if primaries == 1 and curve is _srgb_curve:
        return None, ""
    note = ""
    if transfer in (PQ, HLG):
        name = "PQ" if transfer == PQ else "HLG"
        note = f"it is an HDR picture ({name}): what is brighter than paper white is cut off"
    return rgb_profile(*PRIMARIES[primaries], curve), note


def _interpolated(table: NDArray[np.float64]) -> Curve:
    samples = np.linspace(0, 1, len(table))
    return lambda x: np.interp(x, samples, table)


def _srgb_curve(x: NDArray[np.float64]) -> NDArray[np.float64]:
    dark = x / SLOPE
    return np.where(dark <= DARKEST_LIGHT, dark, ((x + OFFSET) / (1 + OFFSET)) ** EXPONENT)


def _pq_curve(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """SMPTE ST 2084, with diffuse white at 1."""
    m1, m2, c1, c2, c3 = 1305 / 8192, 2523 / 32, 107 / 128, 2413 / 128, 2392 / 128
    root = x ** (1 / m2)
    return np.asarray((np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1) / PQ_WHITE)


def _hlg_curve(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """ARIB STD-B67 with the system gamma of a screen of 1000 cd/m², diffuse white at 1."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073

    def light(signal: Any) -> Any:
        scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
        return scene**1.2

    return np.asarray(light(x) / light(np.asarray(HLG_WHITE)))


_TRANSFERS: dict[int, Curve] = {
    1: _srgb_curve,  # BT.709 pictures are made for a screen, and screens are sRGB's
    6: _srgb_curve,
    14: _srgb_curve,
    15: _srgb_curve,
    4: lambda x: x**2.2,
    5: lambda x: x**2.8,
    8: lambda x: x,
    13: _srgb_curve,
    PQ: _pq_curve,
    HLG: _hlg_curve,
}
