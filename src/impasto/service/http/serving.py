"""The server process: a socket, the application on it, workers beside it, old jobs removed."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI

from impasto.errors import ImpastoError, SettingError, reason_of
from impasto.service.http.connections import PatientProtocol
from impasto.service.jobs.store import Store
from impasto.service.jobs.supervisor import Supervisor
from impasto.service.try_on.process import TryOn

__all__ = ["Server", "bound", "keeping", "run", "url_of"]

BACKLOG = 2048
GRACE_S = 5
MOST_CONNECTIONS = 2000
SWEEP_S = 3600.0
_log = logging.getLogger("impasto.service.http")


def bound(host: str, port: int) -> socket.socket:
    """A socket that is bound already, so that a port in use is told before anything starts.

    Args:
        host: a name or an address.
        port: 0 for a free one.

    Raises:
        SettingError: no such host here, the port is in use, or needs more rights.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
        try:
            if os.name == "posix":  # else a restart has to wait for old connections to be forgotten
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(place)
            opened.listen(BACKLOG)
        except BaseException:
            opened.close()
            raise
    except OSError as error:
        reason = reason_of(error)
        raise SettingError(
            f"port {port} of {host} cannot be had ({reason}): choose another with --port"
        ) from None
    return opened


def url_of(opened: socket.socket) -> str:
    """The address to type into a browser.

    Example:
        >>> with bound("127.0.0.1", 0) as opened:
        ...     url_of(opened) == f"http://127.0.0.1:{opened.getsockname()[1]}"
        True
    """
    host, port = opened.getsockname()[:2]
    host = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """Serves an application until SIGTERM or Ctrl-C, and then returns in good order.

    Args:
        app: made by `create_app`.
        on_start: called once the server answers.
    """

    def __init__(self, app: FastAPI, on_start: Callable[[], None] = lambda: None) -> None:
        trusted = os.environ.get("FORWARDED_ALLOW_IPS")
        super().__init__(
            uvicorn.Config(
                app,
                http=PatientProtocol,
                log_level="warning",
                access_log=False,
                server_header=False,
                # Who says for whom it asks is believed only if it was named as a proxy.
                proxy_headers=trusted is not None,
                timeout_graceful_shutdown=GRACE_S,
                limit_concurrency=MOST_CONNECTIONS,
                ws="none",
            )
        )
        # Else every broken form that is refused is told to who runs the server, too.
        logging.getLogger("python_multipart").setLevel(logging.ERROR)
        self._closing: threading.Event = app.state.studio.closing
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._on_start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        """End the streams and the server; a second time, at once.

        The signal is not kept, which would end the process before its workers are stopped.
        """
        self._closing.set()
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True


@contextmanager
def keeping(store: Store, keep_days: float) -> Iterator[None]:
    """Remove old jobs now and every hour, while the block runs.

    Args:
        store: whose jobs.
        keep_days: how long they are kept after their end.
    """
    end = threading.Event()

    def sweep() -> None:
        while True:
            try:
                store.expire(keep_days)
            except (ImpastoError, OSError) as error:
                _log.warning("old jobs could not be removed: %s", error)
            if end.wait(SWEEP_S):
                return

    thread = threading.Thread(target=sweep, name="keeping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(5)


def run(
    server: Server, opened: socket.socket, supervisor: Supervisor, try_on: TryOn | None = None
) -> None:
    """Run a server, its workers and its try-on to their end.

    Args:
        server: not yet started.
        opened: from `bound`.
        supervisor, try_on: started here, and stopped when the server has ended.
    """
    supervisor.start()
    if try_on is not None:
        try_on.start()
    try:
        server.run(sockets=[opened])
    finally:
        if try_on is not None:
            try_on.stop()
        supervisor.stop()
