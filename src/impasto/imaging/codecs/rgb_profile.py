"""An RGB profile out of what defines a space: its primaries, its white and its curve.

Three curves and a matrix, as ICC.1:2022, 8.3.3 has them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chromaticity", "Curve", "rgb_profile"]

Chromaticity: TypeAlias = tuple[float, float]
Curve: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]

POINTS = 4096
BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
D50_XYZ = np.array([0.9642, 1.0, 0.8249])


def rgb_profile(primaries: Sequence[Chromaticity], white: Chromaticity, *curves: Curve) -> bytes:
    """An ICC profile of RGB colours.

    Args:
        primaries: red, green and blue as CIE (x, y).
        white: likewise.
        curves: from the signal in [0, 1] to linear light in [0, 1], one for all or one each.

    Raises:
        ValueError: the primaries lie on one line, or outside what a profile can hold.

    Example:
        >>> primaries = [(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)]
        >>> rgb_profile(primaries, (0.3127, 0.3290), lambda x: x)[36:40]
        b'acsp'
    """
    columns = np.stack([_xyz(*each) for each in primaries], axis=1)
    try:
        scale = np.linalg.solve(columns, _xyz(*white))
    except np.linalg.LinAlgError:
        raise ValueError("primaries on one line") from None
    adapt = (
        np.linalg.inv(BRADFORD)
        @ np.diag((BRADFORD @ D50_XYZ) / (BRADFORD @ _xyz(*white)))
        @ BRADFORD
    )
    matrix = adapt @ (columns * scale)
    if not np.isfinite(matrix).all() or np.abs(matrix).max() > 4 or (scale <= 0).any():
        raise ValueError("primaries")
    tags = [(b"wtpt", _xyz_tag(D50_XYZ)), *zip(_COLUMNS, map(_xyz_tag, matrix.T), strict=True)]
    bent = map(_curve_tag, curves if len(curves) > 1 else curves * 3)
    return _profile([*tags, *zip(_CURVES, bent, strict=True)])


_COLUMNS, _CURVES = (b"rXYZ", b"gXYZ", b"bXYZ"), (b"rTRC", b"gTRC", b"bTRC")


def _profile(tags: list[tuple[bytes, bytes]]) -> bytes:
    text = b"desc" + bytes(4) + struct.pack(">I", 8) + b"impasto\0" + bytes(78)
    tags = [(b"desc", text), (b"cprt", b"text" + bytes(4) + b"CC0\0"), *tags]
    at, table, body = 128 + 4 + 12 * len(tags), [], b""
    places: dict[bytes, int] = {}
    for name, data in tags:
        if data not in places:  # three equal curves are one
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


def _curve_tag(curve: Curve) -> bytes:
    points = curve(np.linspace(0, 1, POINTS)).clip(0, 1)
    table: bytes = np.rint(points * 65535).astype(">u2").tobytes()
    return b"curv" + bytes(4) + struct.pack(">I", POINTS) + table


def _xyz_tag(xyz: Any) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *_fixed(xyz))


def _fixed(numbers: Any) -> list[int]:
    return [round(float(number) * 65536) for number in numbers]
