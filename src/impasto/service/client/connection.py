"""The connection of a client to its server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx

from impasto.errors import SettingError
from impasto.service.client.validation import address, successful, unreachable

__all__ = ["Connection"]


class Connection:
    """A server to be asked. Arguments and errors are those of `impasto.Client`."""

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout_s: float = 60.0,
        tries: int = 30,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url, self._timeout_s, self._tries = address(url), timeout_s, tries
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise SettingError("the token has letters no header can carry: check --token")
        self._http = httpx.Client(
            base_url=self.url, headers=headers, timeout=timeout_s, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return successful(self._http.request(method, path, **more))
        except httpx.HTTPError as error:
            raise unreachable(self.url, error) from None

    @contextmanager
    def _opened(self, path: str, **more: Any) -> Iterator[httpx.Response]:
        """An answer that is read piece by piece; the network's errors are as httpx has them."""
        with self._http.stream("GET", path, **more) as response:
            if not response.is_success:
                response.read()
            yield successful(response)
