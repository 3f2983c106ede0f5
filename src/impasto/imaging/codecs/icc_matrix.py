"""RGB matrix and grey ICC profiles computed in float, for pictures of 16 bits a sample.

LittleCMS through Pillow converts 8-bit RGB only. Most profiles of 16-bit pictures (Adobe RGB,
Display P3, ProPhoto, grey gammas) are a curve per channel and a 3 x 3 matrix (ICC.1:2022,
8.3.3 and 8.4.2), which numpy does as well. Profiles made of tables are not done here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.light import DARKEST_LIGHT, EXPONENT, OFFSET, SLOPE

__all__ = ["MatrixProfile", "parse", "to_srgb"]

_ROWS_AT_ONCE = 256
_PARAMETERS = (1, 3, 4, 5, 7)  # of parametric curve types 0 to 4 (ICC.1:2022, table 68)
# Linear sRGB to XYZ at D50, as the sRGB profile has it (IEC 61966-2-1, Bradford-adapted).
_SRGB_TO_XYZ = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)


@dataclass(frozen=True)
class MatrixProfile:
    """A profile as curves and a matrix.

    Attributes:
        curves: (C, 65536) float32, from a 16-bit level to linear light; C is 1 or 3.
        matrix: (3, 3) from the profile's linear RGB to linear sRGB; None for grey.
    """

    curves: NDArray[np.float32]
    matrix: NDArray[np.float32] | None


def parse(icc: bytes) -> MatrixProfile | None:
    """The profile's curves and matrix; None if it is made of tables, not RGB or grey, or broken."""
    try:
        tags = _tags(icc)
        space = icc[16:20]
        if space == b"GRAY" and "kTRC" in tags:
            return MatrixProfile(np.stack([_curve(tags["kTRC"])]), None)
        if space != b"RGB " or "A2B0" in tags:
            return None
        columns = [_xyz(tags[f"{c}XYZ"]) for c in "rgb"]
        curves = np.stack([_curve(tags[f"{c}TRC"]) for c in "rgb"])
    except (KeyError, ValueError, struct.error, IndexError):
        return None
    # Its primaries are the columns of RGB to XYZ, all of them at D50: no white to adapt.
    matrix = np.linalg.inv(_SRGB_TO_XYZ) @ np.array(columns).T
    return MatrixProfile(curves, matrix.astype(np.float32))


def to_srgb(levels: NDArray[np.uint16], profile: MatrixProfile) -> NDArray[np.uint16]:
    """16-bit levels of a profile as 16-bit sRGB; colours outside sRGB are clipped.

    Args:
        levels: (H, W, C) uint16, C as the profile's.
        profile: the picture's.

    Returns:
        (H, W, 3) uint16.
    """
    out = np.empty((*levels.shape[:2], 3), np.uint16)
    for top in range(0, levels.shape[0], _ROWS_AT_ONCE):
        rows = levels[top : top + _ROWS_AT_ONCE]
        linear = np.stack([c[rows[..., i]] for i, c in enumerate(profile.curves)], axis=-1)
        if profile.matrix is not None:
            linear = linear @ profile.matrix.T
        out[top : top + _ROWS_AT_ONCE] = np.rint(_encoded(linear) * 65535)  # grey fills all three
    return out


def _encoded(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear light to sRGB (IEC 61966-2-1), clipped to [0, 1]."""
    linear = linear.clip(0, 1)
    bent = (1 + OFFSET) * np.power(np.maximum(linear, DARKEST_LIGHT), 1 / EXPONENT) - OFFSET
    return np.where(linear <= DARKEST_LIGHT, SLOPE * linear, bent).astype(np.float32)


def _tags(icc: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from(">I", icc, 128)
    if count > 200:  # sound profiles have some twenty; a damaged one may promise any number
        raise ValueError(count)
    entries = [struct.unpack_from(">4sII", icc, 132 + 12 * i) for i in range(count)]
    return {name.decode("latin-1"): icc[at : at + size] for name, at, size in entries}


def _xyz(tag: bytes) -> tuple[float, float, float]:
    x, y, z = struct.unpack_from(">3i", tag, 8)  # s15Fixed16Number
    return x / 65536, y / 65536, z / 65536


def _curve(tag: bytes) -> NDArray[np.float32]:
    x = np.linspace(0, 1, 65536)
    if tag[:4] == b"curv":
        return _sampled(tag, x).astype(np.float32)
    if tag[:4] == b"para":
        return _parametric(tag, x).clip(0, 1).astype(np.float32)
    raise ValueError(tag[:4])


def _sampled(tag: bytes, x: NDArray[Any]) -> NDArray[Any]:
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:  # the identity
        return x
    points = np.frombuffer(tag, ">u2", count, 12)
    if count == 1:  # a gamma, u8Fixed8Number
        return np.asarray(x ** (points[0] / 256))
    return np.asarray(np.interp(x, np.linspace(0, 1, count), points / 65535))


def _parametric(tag: bytes, x: NDArray[Any]) -> NDArray[Any]:
    (kind,) = struct.unpack_from(">H", tag, 8)
    g, *rest = (v / 65536 for v in struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12))
    # All five types are (a x + b)^g + e from d on and c x + f below it; what a type leaves out
    # keeps the value that makes it so.
    a, b, c, d, e, f = 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if kind in (1, 2):  # which begin where a x + b is 0
        a, b = rest[:2]
        if a == 0:
            raise ValueError(a)
        e = f = rest[2] if kind == 2 else 0.0
        d = -b / a
    elif kind in (3, 4):
        a, b, c, d = rest[:4]
        e, f = rest[4:] if kind == 4 else (0.0, 0.0)
    bent = np.power(np.maximum(a * x + b, 0), g) + e
    return np.asarray(np.where(x >= d, bent, c * x + f))
