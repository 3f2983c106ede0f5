"""Connections that never finish a request: closed after a while, and few for each client.

uvicorn waits for the rest of a request's headers as long as a client likes. A client that opens
hundreds of connections and sends half a line on each would take all that the process may have.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

__all__ = ["PatientProtocol"]

WAIT_S = 20.0  # for all the headers of a request
MOST_WAITING = 48  # connections of one client that wait for theirs; browsers open six


class PatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's reader of HTTP, whose patience for a request's headers ends.

    Behind a proxy that the operator named, all clients have the proxy's address, and only the
    time is limited.
    """

    _deadline: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or bool(self.cycle.response_complete)

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to wait for a request; refuse a client that has too many such connections."""
        super().connection_made(transport)
        if not self.config.proxy_headers and self._neighbours() > MOST_WAITING:
            transport.close()
            return
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for the rest no longer than from the request's first byte."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._forget_deadline()
        super().connection_lost(exc)

    def _neighbours(self) -> int:
        host = self.client[0] if self.client else None
        others: Any = self.connections
        return sum(other.waits for other in others if other.client and other.client[0] == host)

    def _watch(self) -> None:
        if not self.waits:
            self._forget_deadline()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(WAIT_S, self._give_up)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.waits and not self.transport.is_closing():
            self.transport.close()
