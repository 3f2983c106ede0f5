"""A camera or a stream: its newest frame, whenever one is asked for."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from impasto.errors import FilmError, reason_of
from impasto.media.fields import whole_frames
from impasto.media.frame import FilmInfo, Frame
from impasto.media.probe import describe
from impasto.media.pyav import decoded, film_stream, load
from impasto.media.upright import upright_pixels

if TYPE_CHECKING:
    from av.container import InputContainer

__all__ = ["LiveReader", "is_address"]

_PATIENCE = 10.0  # seconds until something comes
_CAMERAS = {"linux": "v4l2", "darwin": "avfoundation", "win32": "dshow"}


def is_address(source: str) -> bool:
    """Whether a source is an address and no file, such as `rtsp://camera/1`.

    Example:
        >>> is_address("rtsp://camera/1"), is_address("film.mp4"), is_address("C:/film.mp4")
        (True, False, False)
    """
    return re.match(r"[a-z][a-z0-9+.-]+://", source, re.IGNORECASE) is not None


def device_format(source: str) -> str | None:
    """What FFmpeg calls the cameras of this system; None for an address or a file.

    Example:
        >>> device_format("rtsp://camera/1") is None
        True
    """
    known = _CAMERAS.get(sys.platform)
    if known == "v4l2":
        return known if source.startswith("/dev/") else None
    return None if is_address(source) or Path(source).exists() else known


class LiveReader:
    """Frames as they come, without end: the newest at each turn, so that painting never lags.

    A thread reads on; frames that nobody asked for in time are left out. The time of a frame is
    that of its arrival, from the first one on. Interlaced frames become whole.

    Args:
        source: a device (`/dev/video0`; `0` on a Mac; `video=NAME` on Windows), an address
            (rtsp, rtmp, http, udp), or a file, which is read as fast as it goes.
        patience: seconds to wait for the first and for the next frame.

    Raises:
        FilmError: nothing comes from there.
        MissingPackageError: the extra `video` is not installed.
    """

    def __init__(self, source: str, *, patience: float = _PATIENCE) -> None:
        self.source, self.patience = source, patience
        self._av = load(source)
        self._container = self._opened()
        try:
            self.info: FilmInfo = describe(self._container, Path(source))
        except BaseException:
            self._container.close()
            raise
        self.notes: list[str] = list(self.info.notes)
        self._news = threading.Condition()
        self._newest: tuple[Any, float] | None = None
        self._ended = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._read_on, name="camera", daemon=True)
        self._thread.start()

    def _opened(self) -> InputContainer:
        format = device_format(self.source)
        try:
            container: InputContainer = self._av.open(
                self.source, "r", format=format, timeout=self.patience
            )
        except (self._av.error.FFmpegError, OSError) as error:
            raise FilmError(
                f"nothing comes from {self.source} ({reason_of(error)}): give a camera, such as "
                "/dev/video0, or an address"
            ) from None
        return container

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets the camera go."""
        with self._news:
            self._ended = True
            self._news.notify_all()
        self._thread.join(self.patience + 1)
        self._container.close()

    def __iter__(self) -> Iterator[Frame]:
        from av.video.reformatter import VideoReformatter

        scaler, first, before = VideoReformatter(), None, Fraction(-1)
        while True:
            with self._news:
                self._news.wait_for(lambda: self._newest or self._ended, self.patience)
                news, self._newest = self._newest, None
            if news is None:
                if self._error is not None:
                    raise self._error
                if not self._ended:
                    self.notes.append(f"nothing came from {self.source} for {self.patience:g} s")
                return
            frame, arrival = news
            first = arrival if first is None else first
            moment = max(
                Fraction(round((arrival - first) * 1000), 1000), before + Fraction(1, 1000)
            )
            pixels = upright_pixels(frame, scaler, (self.info.height, self.info.width))
            yield Frame(pixels, moment, 1 / self.info.rate)
            before = moment

    def _read_on(self) -> None:
        try:
            stream = film_stream(self._container, self.source)
            # Damage on the way is a frame that does not come.
            frames = decoded(self._container, stream, lambda: None)
            if self.info.interlaced and stream.time_base is not None:
                frames = whole_frames(frames, stream.time_base)
            for frame in frames:
                with self._news:
                    if self._ended:
                        return
                    self._newest = frame, time.monotonic()
                    self._news.notify_all()
        except Exception as error:  # raised where it is iterated over
            self._error = error
        finally:
            with self._news:
                self._ended = True
                self._news.notify_all()
