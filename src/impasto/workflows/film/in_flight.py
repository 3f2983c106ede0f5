"""How many frames of a film are in memory at once, on their way from the film into a segment."""

from __future__ import annotations

__all__ = ["BEHIND", "PAINTED_AHEAD", "READ_AHEAD", "bytes_in_flight"]

READ_AHEAD, PAINTED_AHEAD, BEHIND = 4, 1, 4  # that wait to be painted, made steady and encoded
IN_HAND = 2  # beside those that wait, one in the hands of either side
PIXEL, PAINTED_PIXEL = 3, 12  # bytes: RGB of uint8, and of float32
MASK, MASKED = 1, 12  # likewise of a mask, and of what is made of it where a frame is painted
# Bytes a pixel, measured at 1920 x 1080 px on a CPU: of making a frame steady while the next one is
# painted, and of the frames that x264 looks ahead at, with the picture that a part goes on from.
STEADYING = 110
ENCODING = {"h264": 205 + 3 + 12}


def bytes_in_flight(shape: tuple[int, int], codec: str, masks: int = 0) -> int:
    """What frames take at the most before and after they are painted, in bytes.

    Args:
        shape: (height, width) of the frames, in px.
        codec: of the segments.
        masks: of each frame.

    Example:
        >>> bytes_in_flight((1, 1), "ffv1") == 15 * 3 + 6 * 3 + 3 * 12 + 110
        True
    """
    height, width = shape
    read, ahead, behind = (depth + IN_HAND for depth in (READ_AHEAD, PAINTED_AHEAD, BEHIND))
    # Beside what became of a frame, the frame itself is kept until it is encoded.
    waiting = PIXEL * (read + ahead + behind) + PIXEL * behind + PAINTED_PIXEL * ahead
    waiting += masks * (MASK * read + (MASK + MASKED) * ahead)
    return height * width * (waiting + STEADYING + ENCODING.get(codec, 0))
