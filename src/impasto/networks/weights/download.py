"""One download of a published checkpoint, which goes on with what is there already."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import httpx

from impasto.errors import FetchError
from impasto.files import file_sha256
from impasto.networks.weights.published import Progress, Published
from impasto.text import format_bytes, format_path

__all__ = ["Download"]

TIMEOUT = httpx.Timeout(30.0, connect=15.0)
BUSY = (429, 500, 502, 503, 504)


NO_WAY = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
"""What another try a second later will not mend, unless bytes have come before."""


class _BrokenError(Exception):
    """The download stopped; another try may bring the rest."""


class Download:
    """The bytes of a checkpoint on their way.

    Args:
        published: which checkpoint.
        path: where it is to lie; the bytes go into NAME.part beside it.
        on_progress: called with the bytes that are there and the bytes there will be.
    """

    def __init__(self, published: Published, path: Path, on_progress: Progress) -> None:
        self.published = published
        self.path = path
        self.part = path.with_name(f"{path.name}.part")
        self.url = published.url
        self.on_progress = on_progress

    def run(self, tries: int, backoff_s: float) -> None:
        """Try so often, twice as long apart each time, and give the file its name once it fits.

        Args:
            tries: how often the download is started before it is given up.
            backoff_s: seconds before the second try.

        Raises:
            FetchError: it did not arrive whole.
        """
        self._check_room()
        begun_with = self._size()
        for attempt in range(1, tries + 1):
            try:
                self._request()
                break
            except _BrokenError as broken:
                if attempt == tries:
                    raise self._gave_up(str(broken), tries) from broken
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
                if isinstance(error, NO_WAY) and self._size() == begun_with:
                    raise self._refused(f"no connection to {self._host()} ({reason})") from error
                if attempt == tries:
                    raise self._gave_up(reason, tries) from error
            time.sleep(backoff_s * 2 ** (attempt - 1))
        self._check_hash()
        self.part.replace(self.path)

    def report(self) -> None:
        """Tell how much is there; also while another process is the one that downloads."""
        self.on_progress(self._size(), self.published.bytes)

    def _request(self) -> None:
        have = self._size()
        # No If-Range: the hash in the name says which bytes these are, on any server.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with (
            self._client() as client,
            client.stream("GET", self.url, headers=headers) as response,
        ):
            status = response.status_code
            answer = f"{self._host()} answered {status} {response.reason_phrase}"
            span = re.fullmatch(
                r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", response.headers.get("Content-Range", "")
            )
            total = int(span[2]) if span and span[2] != "*" else None
            if status == 416:
                if self._hash() == self.published.sha256_prefix:
                    return
                self.part.unlink()
                raise _BrokenError("the bytes that were there did not belong to it")
            if status == 206 and (not span or span[1] != str(have)):
                self.part.unlink(missing_ok=True)
                raise _BrokenError("the server sent another range than it was asked for")
            if status in BUSY:
                raise _BrokenError(answer)
            if status not in (200, 206):
                raise self._refused(answer)
            # Taken for the file, it would overwrite what has come so far.
            if response.headers.get("Content-Type", "").startswith("text/html"):
                raise self._refused(f"{self._host()} sent a web page, as networks with a login do")
            if status == 200:
                have = 0
                total = int(response.headers.get("Content-Length") or 0) or None
            self._receive(response, have, total)

    def _receive(self, response: httpx.Response, done: int, total: int | None) -> None:
        with self.part.open("ab" if done else "wb") as file:
            self.on_progress(done, total)
            for chunk in response.iter_raw():
                file.write(chunk)
                done += len(chunk)
                self.on_progress(done, total)

    def _client(self) -> httpx.Client:
        try:
            return httpx.Client(follow_redirects=True, timeout=TIMEOUT)
        # A proxy variable that httpx cannot use shows only here.
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise self._refused(f"the proxy setting cannot be used: {error}") from error

    def _size(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _check_room(self) -> None:
        need = self.published.bytes - self._size()
        free = shutil.disk_usage(self.part.parent).free
        if need > free:
            raise FetchError(
                f"{format_path(self.part.parent)} has {free:,} bytes free; "
                f"{self.published.filename} needs {need:,}: make room, or "
                "name another folder in TORCH_HOME"
            )

    def _check_hash(self) -> None:
        expected = self.published.sha256_prefix
        got = self._hash()
        if got == expected:
            return
        size = self._size()
        self.part.unlink()
        raise FetchError(
            f"{self._address()} sent {size:,} bytes whose SHA-256 begins {got}; the name promises "
            f"{expected}: they were deleted; try again, and if it stays so, try another network "
            "or mirror (IMPASTO_WEIGHTS_URL)"
        )

    def _hash(self) -> str:
        return file_sha256(self.part)[: len(self.published.sha256_prefix)]

    def _gave_up(self, reason: str, tries: int) -> FetchError:
        total = self.published.bytes
        return FetchError(
            f"{self.published.filename} failed {tries} times ({reason}); {self._size():,} of "
            f"about {total:,} bytes are there: run it again and it resumes, or {self._by_hand()}"
        )

    def _refused(self, reason: str) -> FetchError:
        return FetchError(
            f"{self.published.filename}, {format_bytes(self.published.bytes)}, cannot be fetched: "
            f"{reason}; check the network, or {self._by_hand()}"
        )

    def _by_hand(self) -> str:
        instead = f", or {self.published.instead}" if self.published.instead else ""
        return (
            f"download {self._address()} elsewhere and put it at {format_path(self.path)}, or "
            f"choose the backbone slim, which needs no download{instead}"
        )

    def _host(self) -> str:
        return httpx.URL(self.url).host

    def _address(self) -> str:
        return str(httpx.URL(self.url).copy_with(userinfo=b""))
