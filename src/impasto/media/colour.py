"""Frames of a decoder to sRGB pixels, and pixels to frames of an encoder.

A film names the matrix and the range of its colours in tags, or leaves both to custom: BT.709 from
720 lines on, BT.601 below, of limited range. Output is BT.709 of limited range, and says so.
Transfer curve and primaries of usual films stay as they are, as players take them; HDR films are
brought to those of BT.709, where what is brighter than white is white.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter

__all__ = ["HDR", "UNSAID", "from_pixels", "matrix_of", "tag", "to_pixels"]

BT709, BT601 = 1, 5  # as FFmpeg's scaler numbers them
LIMITED, FULL = 1, 2
UNSAID = 2  # the tag of a matrix that is not known
# Tags of a frame (ITU-T H.273) to the scaler's numbers; 0 is RGB.
_MATRICES = {1: BT709, 4: 4, 5: BT601, 6: BT601, 7: 7, 9: 9, 10: 9}
_HIGH_DEFINITION = 720  # lines
HDR = {16: "PQ", 18: "HLG"}
"""Tags of the transfer curves (H.273) of HDR films, and their names."""
_WIDE = 9  # the tag of BT.2020's primaries, which HDR films have


def matrix_of(tag: int, height: int) -> int:
    """The scaler's number of the matrix that a film's tag means.

    Args:
        tag: H.273's number of the matrix.
        height: px, which decides where the tag is silent.

    Example:
        >>> matrix_of(1, 480) == matrix_of(UNSAID, 1080) == BT709, matrix_of(UNSAID, 480) == BT601
        (True, True)
    """
    return _MATRICES.get(tag, BT709 if height >= _HIGH_DEFINITION else BT601)


def _flags() -> int:
    from av.video.reformatter import Interpolation as Scaler

    # Each colour for itself, exactly, and alike on every processor.
    return int(
        Scaler.BICUBIC
        | Scaler.ACCURATE_RND
        | Scaler.FULL_CHR_H_INT
        | Scaler.FULL_CHR_H_INP
        | Scaler.BITEXACT
    )


def to_pixels(
    frame: VideoFrame, scaler: VideoReformatter, size: tuple[int, int]
) -> NDArray[np.uint8]:
    """A decoded frame in sRGB, as it lies in the file.

    Args:
        frame: of any format.
        scaler: used again from frame to frame.
        size: (height, width) in px to scale to, which makes its pixels square.

    Returns:
        (H, W, 3) uint8.
    """
    known: dict[str, Any] = {}
    if not frame.format.is_rgb and len(frame.format.components) >= 3:
        known["src_colorspace"] = matrix_of(frame.colorspace, frame.height)
        full = frame.color_range == FULL or frame.format.name.startswith("yuvj")
        known["src_color_range"] = FULL if full else LIMITED
    if frame.color_trc in HDR:
        known["dst_color_trc"] = known["dst_color_primaries"] = BT709
        if frame.color_primaries != _WIDE:
            frame.color_primaries = _WIDE
    height, width = size
    rgb = scaler.reformat(
        frame,
        width=width,
        height=height,
        format="rgb24",
        dst_color_range=FULL,
        interpolation=_flags(),
        threads=1,
        **known,
    )
    return rgb.to_ndarray().astype(np.uint8, copy=False)


def from_pixels(
    pixels: NDArray[np.uint8], format: str, scaler: VideoReformatter, *, matrix: int = BT709
) -> VideoFrame:
    """A frame for an encoder: of limited range, or RGB as it is.

    Args:
        pixels: (H, W, 3) uint8, sRGB.
        format: FFmpeg's name of the layout, such as "yuv420p".
        scaler: used again from frame to frame.
        matrix: the scaler's number of it.
    """
    from av import VideoFrame

    frame = VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    frame.color_range = FULL
    is_rgb = format == "bgr0"
    wanted = {} if is_rgb else {"dst_colorspace": matrix, "dst_color_range": LIMITED}
    return scaler.reformat(frame, format=format, interpolation=_flags(), threads=1, **wanted)


def tag(context: VideoCodecContext, *, rgb: bool) -> None:
    """Writes what `from_pixels` made into an encoder's tags."""
    context.color_range = FULL if rgb else LIMITED
    context.colorspace = 0 if rgb else BT709
    context.color_primaries = context.color_trc = BT709
