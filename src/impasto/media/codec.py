"""How pictures of a film can be coded, and which files hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from impasto.errors import UnknownNameError

__all__ = ["CODECS", "Codec", "CodecName", "check_codec"]

CodecName = Literal["h264", "prores", "ffv1"]


@dataclass(frozen=True)
class Codec:
    """A way to code pictures.

    Attributes:
        encoder: FFmpeg's name of it.
        layout: of its pixels, as FFmpeg names it.
        even: (height, width) must be multiples of these.
        suffixes: of the files that hold it.
        bits: a pixel takes, about, for painted frames.
        options: for the encoder.
        container: of a part.
        predicts: whether pictures are coded from those before them.
    """

    encoder: str
    layout: str
    even: tuple[int, int]
    suffixes: tuple[str, ...]
    bits: float
    options: dict[str, str] = field(default_factory=dict)
    container: str = "nut"
    predicts: bool = False


CODECS: dict[str, Codec] = {
    # Two frames at most are shown before one that is coded earlier: `join` counts on as many.
    "h264": Codec(
        "libx264",
        "yuv420p",
        (2, 2),
        (".mp4", ".m4v", ".mov", ".mkv"),
        0.6,
        {
            "preset": "medium",
            "bf": "3",
            "b-pyramid": "normal",
            # Some of the AVX-512 code of x264 looks at what lies in memory beside the picture, so
            # that the same frames give other bytes now and then.
            "x264-params": "cpu-independent=1",
        },
        predicts=True,
    ),
    "prores": Codec(
        "prores_ks", "yuv422p10le", (1, 2), (".mov", ".mkv"), 5.0, {"profile": "hq"}, "mov"
    ),
    # Lossless: the pixels come back as they were painted.
    "ffv1": Codec("ffv1", "bgr0", (1, 1), (".mkv",), 14.0, {"level": "3", "slices": "4", "g": "1"}),
}


def check_codec(name: str) -> Codec:
    """The codec of a name.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in CODECS:
        raise UnknownNameError("codec", name, CODECS)
    return CODECS[name]
