"""Colour spaces that a file names without carrying a profile, as the profile that they mean.

Cameras say Adobe RGB by two EXIF fields; a PNG gives a gamma and primaries, or numbers of ITU-T
H.273 for television. Each becomes an ICC profile of three curves and a matrix (ICC.1:2022, 8.3.3),
which 8 and 16 bits are converted by.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.codecs.png_chunks import Ancillary
from impasto.imaging.color.light import DARKEST_LIGHT, EXPONENT, OFFSET, SLOPE

__all__ = ["adobe_rgb", "of_bmp", "of_png", "rgb_profile"]

Chromaticity: TypeAlias = tuple[float, float]
Curve: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]

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
SRGB_TRANSFER, PQ, HLG = 13, 16, 18
POINTS = 4096
_BMP_HEADER, _V5 = 14, 124  # bytes
USUAL_GAMMA = 0.45455  # what a gAMA chunk says of ordinary pictures, which are sRGB
NEAR = 0.005
# Linear light of diffuse white over that of the largest signal: 203 of 10,000 cd/m²
# (ITU-R BT.2408).
PQ_WHITE = 203 / 10_000
HLG_WHITE = 0.75  # and its HLG signal
BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
D50_XYZ = np.array([0.9642, 1.0, 0.8249])


@lru_cache(maxsize=1)
def adobe_rgb() -> bytes:
    """Adobe RGB (1998), as cameras mean it."""
    return rgb_profile(ADOBE_RGB, D65, lambda x: x**ADOBE_GAMMA)


def of_bmp(data: bytes) -> bytes | None:
    """The profile inside a BMP, which only the fifth version of its header can have.

    Source: Microsoft, BITMAPV5HEADER (wingdi.h).
    """
    if len(data) < _BMP_HEADER + _V5 or data[_BMP_HEADER] != _V5 or data[70:74] != b"DEBM":
        return None
    start, size = struct.unpack_from("<II", data, 126)
    return data[_BMP_HEADER + start : _BMP_HEADER + start + size] or None


def of_png(chunks: Ancillary) -> tuple[bytes | None, str]:
    """The profile that a PNG's chunks mean, and what has to be said of it.

    cICP comes before iCCP, that before sRGB, and gAMA with cHRM last (PNG, section 12.1 to 12.3).

    Returns:
        (profile, note): None for sRGB; the note is empty where there is nothing to say.
    """
    if chunks.cicp is not None:
        known = _of_cicp(*chunks.cicp)
        if known is not None:
            return known
        if chunks.icc is None:
            return None, (
                f"its cICP chunk names a colour space, {'-'.join(map(str, chunks.cicp))}, that is "
                "not known here: it is read as sRGB"
            )
    if chunks.icc is not None or chunks.srgb:
        return chunks.icc, ""
    return _of_gamma(chunks.gamma, chunks.chromaticities), ""


def _of_gamma(gamma: float | None, chromaticities: tuple[Chromaticity, ...] | None) -> bytes | None:
    white, *primaries = chromaticities or (D65, *REC709)
    is_rec709 = np.allclose([white, *primaries], [D65, *REC709], atol=NEAR)
    is_usual = gamma is None or abs(gamma - USUAL_GAMMA) < NEAR
    if is_rec709 and is_usual:
        return None
    curve: Curve = _srgb_curve if is_usual else lambda x: x ** (1 / (gamma or 1))
    try:
        return rgb_profile(tuple(primaries), white, curve)
    except (ValueError, np.linalg.LinAlgError, ZeroDivisionError, struct.error):
        return None  # primaries that span no colours


def _of_cicp(
    primaries: int, transfer: int, matrix: int, full_range: int
) -> tuple[bytes | None, str] | None:
    """As `of_png` gives it; None for numbers that are not known here."""
    curve = _TRANSFERS.get(transfer)
    if primaries not in PRIMARIES or curve is None or matrix != 0 or full_range != 1:
        return None
    if primaries == 1 and transfer == SRGB_TRANSFER:
        return None, ""
    note = ""
    if transfer in (PQ, HLG):
        name = "PQ" if transfer == PQ else "HLG"
        note = f"it is an HDR picture ({name}): what is brighter than paper white is cut off"
    return rgb_profile(*PRIMARIES[primaries], curve), note


def rgb_profile(primaries: tuple[Chromaticity, ...], white: Chromaticity, curve: Curve) -> bytes:
    """An ICC profile of RGB colours.

    Args:
        primaries: red, green and blue as CIE (x, y).
        white: likewise.
        curve: from the signal in [0, 1] to linear light in [0, 1].

    Raises:
        ValueError: the primaries lie on one line, or outside what a profile can hold.

    Example:
        >>> rgb_profile(ADOBE_RGB, D65, lambda x: x)[36:40]
        b'acsp'
    """
    columns = np.stack([_xyz(*each) for each in primaries], axis=1)
    scale = np.linalg.solve(columns, _xyz(*white))
    adapt = (
        np.linalg.inv(BRADFORD)
        @ np.diag((BRADFORD @ D50_XYZ) / (BRADFORD @ _xyz(*white)))
        @ BRADFORD
    )
    matrix = adapt @ (columns * scale)
    if not np.isfinite(matrix).all() or np.abs(matrix).max() > 4 or (scale <= 0).any():
        raise ValueError("primaries")
    points = curve(np.linspace(0, 1, POINTS)).clip(0, 1)
    table = np.rint(points * 65535).astype(">u2").tobytes()
    bent = b"curv" + bytes(4) + struct.pack(">I", POINTS) + table
    tags = [(b"wtpt", _xyz_tag(D50_XYZ)), *zip(_COLUMNS, map(_xyz_tag, matrix.T), strict=True)]
    return _profile([*tags, *((name, bent) for name in _CURVES)])


_COLUMNS, _CURVES = (b"rXYZ", b"gXYZ", b"bXYZ"), (b"rTRC", b"gTRC", b"bTRC")


def _profile(tags: list[tuple[bytes, bytes]]) -> bytes:
    text = b"desc" + bytes(4) + struct.pack(">I", 8) + b"impasto\0" + bytes(78)
    tags = [(b"desc", text), (b"cprt", b"text" + bytes(4) + b"CC0\0"), *tags]
    at, table, body = 128 + 4 + 12 * len(tags), [], b""
    places: dict[bytes, int] = {}
    for name, data in tags:
        if data not in places:  # the three curves are one
            places[data] = at + len(body)
            body += data + bytes(-len(data) % 4)
        table.append(struct.pack(">4sII", name, places[data], len(data)))
    words = (b"mntr", b"RGB ", b"XYZ ", b"acsp")  # a screen's, version 2.4
    head = struct.pack(">I4xI4s4s4s12x4s", at + len(body), 0x02400000, *words)
    head = head.ljust(68, b"\0") + struct.pack(">3i", *_fixed(D50_XYZ))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + b"".join(table) + body


def _xyz(x: float, y: float) -> NDArray[np.float64]:
    if y <= 0:
        raise ValueError("a chromaticity")
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _xyz_tag(xyz: Any) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *_fixed(xyz))


def _fixed(numbers: Any) -> list[int]:
    return [round(float(number) * 65536) for number in numbers]


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
    SRGB_TRANSFER: _srgb_curve,
    PQ: _pq_curve,
    HLG: _hlg_curve,
}
